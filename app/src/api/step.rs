//! What became of a step.

use leptos::prelude::*;

/// Says that a step is done, or not and why. `back` is the page it was said on.
#[server(prefix = "/api", endpoint = "step/answer")]
pub async fn answer_step(
    #[server(default)] id: String, #[server(default)] done: String, #[server(default)] word: String,
    #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    use crate::visit;
    let back = if back.starts_with("/families/") { back } else { "/steps".to_owned() };
    let result = match (visit::visit(), id.parse()) {
        (Ok(visit), Ok(id)) => visit.service.answer_step(&visit.viewer, id, done == "yes", &word).await,
        _ => Err(service::ServiceError::NotFound),
    };
    visit::answer(result, |()| back.clone(), &back, &[("id", &id), ("word", &word)]).await
}
