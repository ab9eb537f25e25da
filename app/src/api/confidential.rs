//! Confidential looks.

use leptos::prelude::*;

/// A lead agrees to a look that was asked for, or says no. `answer`: "agreed" or "refused".
#[server(prefix = "/api", endpoint = "confidential/answer")]
pub async fn answer_look(
    #[server(default)] id: String, #[server(default)] answer: String, #[server(default)] words: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::ServiceError;
    let result = async {
        let visit = visit::visit()?;
        let agrees = match answer.as_str() {
            "agreed" => true,
            "refused" => false,
            _ => return Err(ServiceError::NotFound),
        };
        visit.service.answer_look(&visit.viewer, visit::id(&id)?, (agrees, &words), &visit::from()).await
    };
    let fields = [("id", id.as_str()), ("words", &words)];
    visit::answer(result.await, |()| done("Your answer is saved.", "/confidential"), "/confidential", &fields).await
}

/// Opens for an hour what two leads agreed to.
#[server(prefix = "/api", endpoint = "confidential/open")]
pub async fn open_look(#[server(default)] id: String) -> Result<(), ServerFnError> {
    use crate::visit;
    let result = async {
        let (visit, from) = (visit::visit()?, visit::from());
        let opener = visit.service.opener(&visit.viewer)?;
        visit.service.open_look(opener, visit.confirmed().await?, visit::id(&id)?, &from).await
    };
    visit::answer(result.await, |family| format!("/families/{family}"), "/confidential", &[]).await
}

/// Writes what a lead found about a look that was opened.
#[server(prefix = "/api", endpoint = "confidential/review")]
pub async fn review_look(#[server(default)] id: String, #[server(default)] words: String) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        visit.service.review_look(&visit.viewer, visit::id(&id)?, &words, &visit::from()).await
    };
    let fields = [("id", id.as_str()), ("words", &words)];
    visit::answer(result.await, |()| done("Your review is saved.", "/confidential"), "/confidential", &fields).await
}
