//! Legal holds, and the end of our copy.

use leptos::prelude::*;

/// Proposes that our copy of a child's records goes, agrees as the second person, or takes the proposal back.
#[server(prefix = "/api", endpoint = "retention/end")]
pub async fn end_copy(
    #[server(default)] child: String, #[server(default)] act: String, #[server(default)] sure: String,
) -> Result<(), ServerFnError> {
    use crate::visit;
    use service::ServiceError;
    let result = async {
        let visit = visit::visit()?;
        let id = child.parse().map_err(|_| ServiceError::NotFound)?;
        let manager = || visit.service.child_manager(&visit.viewer, id);
        match act.as_str() {
            "propose" => visit.service.propose_expiry(manager().await?).await,
            "withdraw" => visit.service.withdraw_expiry(manager().await?).await,
            "agree" if sure == "yes" => visit.service.agree_expiry(manager().await?).await,
            "agree" => {
                // Somebody who may not see the child gets "not found", and no message about the box.
                manager().await?;
                Err(ServiceError::field(&format!("sure-{id}"), "Tick that you have looked: this cannot be undone."))
            }
            _ => Err(ServiceError::NotFound),
        }
    };
    visit::answer(result.await, |()| format!("/retention?done={act}"), "/retention", &[]).await
}

/// Puts a legal hold on a family, or ends it.
#[server(prefix = "/api", endpoint = "family/hold")]
pub async fn hold_family(
    #[server(default)] family: String, #[server(default)] hold: String, #[server(default)] word: String,
    #[server(default)] end: String,
) -> Result<(), ServerFnError> {
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
    visit::answer(result.await, |()| format!("{back}#hold"), &back, &[("hold", &hold), ("word", &word)]).await
}
