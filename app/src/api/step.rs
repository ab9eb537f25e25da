//! What became of a step.

use leptos::prelude::*;

/// Says that a step is done, or not and why. `back` is the page it was said on.
#[server(prefix = "/api", endpoint = "step/answer")]
pub async fn answer_step(
    #[server(default)] id: String, #[server(default)] done: String, #[server(default)] word: String,
    #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice;
    use crate::visit;
    let back = page_of(back);
    let result = async {
        let visit = visit::visit()?;
        let step = visit::id(&id)?;
        let done = visit::yes(&done)?;
        Ok((done, visit.service.answer_step(&visit.viewer, step, done, &word).await?))
    };
    let said = |(done, what): &(bool, String)| {
        let marked = if *done { "Marked as done" } else { "Marked as not done" };
        let fields = [("id", id.as_str()), ("back", &back)];
        notice::done(format!("{marked}: {what}"), back.clone()).undone_by("/api/step/take-back", &fields)
    };
    visit::answer(result.await, said, &back, &[("id", &id), ("word", &word)]).await
}

/// Takes back what was said of a step last. `back` is the page it was said on.
#[server(prefix = "/api", endpoint = "step/take-back")]
pub async fn take_back_step_answer(
    #[server(default)] id: String, #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let back = page_of(back);
    let result = async {
        let visit = visit::visit()?;
        visit.service.take_back_answer(&visit.viewer, visit::id(&id)?).await
    };
    let said = |what: &String| done(format!("Undone. It is as it was before: {what}"), back.clone());
    visit::answer(result.await, said, &back, &[]).await
}

/// The page that steps are answered on: a family's, or everybody's own list.
#[cfg(feature = "ssr")]
fn page_of(back: String) -> String {
    if back.starts_with("/families/") { back } else { "/steps".to_owned() }
}

/// Says when one is away; without a last day an absence is taken back.
#[server(prefix = "/api", endpoint = "worker/away")]
pub async fn say_away(
    #[server(default)] starts: String, #[server(default)] ends: String, #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
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
        visit.service.say_away(&visit.viewer, first, last).await?;
        Ok(last.is_some())
    };
    let fields = [("starts", starts.as_str()), ("ends", ends.as_str())];
    let said = |saved: &bool| {
        if *saved {
            return done("Your days away are saved.", "/me");
        }
        done("The days away are removed.", "/me").undone_by("/api/worker/away", &fields)
    };
    visit::answer(result.await, said, "/me", &fields).await
}

/// Gives a step whose owner has left to somebody else. `back` is the page it was said on.
#[server(prefix = "/api", endpoint = "step/hand-over")]
pub async fn hand_over_step(
    #[server(default)] id: String, #[server(default)] to: String, #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::ServiceError;
    let back = page_of(back);
    let result = async {
        let visit = visit::visit()?;
        let step = visit::id(&id)?;
        let staff = visit.service.step_staff(&visit.viewer, step).await?;
        if to.is_empty() {
            return Err(ServiceError::field(&format!("to-{id}"), "Choose who takes it."));
        }
        visit.service.hand_over_step(staff, step, visit::id(&to)?).await
    };
    let said = |name: &String| done(format!("The step is {name}’s now."), back.clone());
    visit::answer(result.await, said, &back, &[]).await
}
