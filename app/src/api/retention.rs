//! Legal holds, and the end of our copy.

use leptos::prelude::*;

/// Proposes that our copy of a child's records goes, agrees as the second person, or takes the proposal back.
#[server(prefix = "/api", endpoint = "retention/end")]
pub async fn end_copy(#[server(default)] child: String, #[server(default)] act: String) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::ServiceError;
    let result = async {
        let visit = visit::visit()?;
        let id = child.parse().map_err(|_| ServiceError::NotFound)?;
        let manager = visit.service.child_manager(&visit.viewer, id).await?;
        match act.as_str() {
            "propose" => visit.service.propose_expiry(manager, visit.confirmed().await?).await,
            "withdraw" => visit.service.withdraw_expiry(manager).await,
            "agree" => visit.service.agree_expiry(manager, visit.confirmed().await?).await,
            _ => Err(ServiceError::NotFound),
        }
    };
    let words = match act.as_str() {
        "propose" => "Proposed. A second person who manages the team agrees, or takes it back.",
        "withdraw" => "Taken back. Nothing was destroyed.",
        _ => "Our copy is destroyed. That each record was signed, and its hash, stays.",
    };
    visit::answer(result.await, |()| done(words, "/retention"), "/retention", &[]).await
}

/// Puts a legal hold on a family, or ends it.
#[server(prefix = "/api", endpoint = "family/hold")]
pub async fn hold_family(
    #[server(default)] family: String, #[server(default)] hold: String, #[server(default)] word: String,
    #[server(default)] end: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::ServiceError;
    let back =
        family.parse::<domain::FamilyId>().map_or_else(|_| "/families".to_owned(), |id| format!("/families/{id}"));
    let result = async {
        let visit = visit::visit()?;
        let id = family.parse().map_err(|_| ServiceError::NotFound)?;
        match end.as_str() {
            "yes" => visit.service.release(visit.service.family_manager(&visit.viewer, id).await?, &word).await,
            "" => visit.service.hold(visit.service.family_manager(&visit.viewer, id).await?, &hold).await,
            _ => Err(ServiceError::NotFound),
        }
    };
    let words = if end.is_empty() {
        "The family is on legal hold: nothing of it is reduced or destroyed."
    } else {
        "The legal hold has ended."
    };
    visit::answer(result.await, |()| done(words, back.clone()), &back, &[("hold", &hold), ("word", &word)]).await
}
