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
    let result = async {
        let visit = visit::visit()?;
        let id = visit::id(&id)?;
        let done = visit::yes(&done)?;
        visit.service.answer_step(&visit.viewer, id, done, &word).await
    };
    visit::answer(result.await, |()| back.clone(), &back, &[("id", &id), ("word", &word)]).await
}

/// Says when one is away; without a last day an absence is taken back.
#[server(prefix = "/api", endpoint = "worker/away")]
pub async fn say_away(
    #[server(default)] starts: String, #[server(default)] ends: String, #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    use crate::visit;
    use service::ServiceError;
    let result = async {
        let visit = visit::visit()?;
        let today = visit.service.clock().today();
        let day = |field: &str, text: &str| {
            domain::dates::due(text, today).map_err(|error| ServiceError::field(field, error.to_string()))
        };
        let first = day("starts", &starts)?;
        let last = if crate::visit::ticked(&back)? { None } else { Some(day("ends", &ends)?) };
        visit.service.say_away(&visit.viewer, first, last).await
    };
    let fields = [("starts", starts.as_str()), ("ends", ends.as_str())];
    visit::answer(result.await, |()| "/me?saved=away#away".to_owned(), "/me", &fields).await
}

/// Gives a step whose owner has left to somebody else. `back` is the page it was said on.
#[server(prefix = "/api", endpoint = "step/hand-over")]
pub async fn hand_over_step(
    #[server(default)] id: String, #[server(default)] to: String, #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    use crate::visit;
    use service::ServiceError;
    let back = if back.starts_with("/families/") { back } else { "/steps".to_owned() };
    let result = async {
        let visit = visit::visit()?;
        let step = visit::id(&id)?;
        let staff = visit.service.step_staff(&visit.viewer, step).await?;
        if to.is_empty() {
            return Err(ServiceError::field(&format!("to-{id}"), "Choose who takes it."));
        }
        visit.service.hand_over_step(staff, step, visit::id(&to)?).await
    };
    visit::answer(result.await, |()| back.clone(), &back, &[]).await
}
