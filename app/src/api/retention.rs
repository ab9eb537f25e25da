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
        match act.as_str() {
            "propose" => visit.service.propose_expiry(&visit.viewer, id).await,
            "withdraw" => visit.service.withdraw_expiry(&visit.viewer, id).await,
            "agree" if sure == "yes" => visit.service.agree_expiry(&visit.viewer, id).await,
            "agree" => {
                // Somebody who may not see the child gets "not found", and no message about the box.
                let page = visit.service.retention(&visit.viewer).await?;
                let listed = page.children.iter().any(|line| line.child == id);
                let message = "Tick that you have looked: this cannot be undone.";
                Err(if listed { ServiceError::field(&format!("sure-{id}"), message) } else { ServiceError::NotFound })
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
            "yes" => visit.service.release(&visit.viewer, id, &word).await,
            "" => visit.service.hold(&visit.viewer, id, &hold).await,
            _ => Err(ServiceError::NotFound),
        }
    };
    visit::answer(result.await, |()| format!("{back}#hold"), &back, &[("hold", &hold), ("word", &word)]).await
}
