//! Workers by hand.

use leptos::prelude::*;

/// Adds a worker (empty `id`), or corrects one.
#[server(prefix = "/api", endpoint = "worker/save")]
pub async fn save_worker(
    #[server(default)] id: String, #[server(default)] name: String, #[server(default)] job_title: String,
    #[server(default)] discipline: String, #[server(default)] team: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let form = service::people::WorkerForm {
        name: name.clone(),
        job_title: job_title.clone(),
        discipline: discipline.clone(),
        team: team.clone(),
    };
    let result = async {
        let visit = visit::visit()?;
        let worker = visit::optional_id(&id)?;
        let keeper = visit.service.directory_keeper(&visit.viewer)?;
        visit.service.save_worker(keeper, worker, &form, &visit::from()).await
    };
    let back = format!("/workers/{}", if id.is_empty() { "new" } else { &id });
    let fields = [("name", name.as_str()), ("job_title", &job_title), ("discipline", &discipline), ("team", &team)];
    let words = if id.is_empty() { format!("{name} is added.") } else { format!("{name}’s details are saved.") };
    visit::answer(result.await, |_| done(words, "/workers"), &back, &fields).await
}
