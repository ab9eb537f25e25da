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

/// Merges another entry of the same person into a worker's.
#[server(prefix = "/api", endpoint = "worker/merge")]
pub async fn merge_worker(
    #[server(default)] worker: String, #[server(default)] other: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::ServiceError;
    use service::people::keeping::By;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        let kept = visit.service.account_keeper(&visit.viewer, visit::id(&worker)?).await?;
        if other.is_empty() {
            return Err(ServiceError::field("other", "Choose the other entry."));
        }
        let merged = visit.service.account_keeper(&visit.viewer, visit::id(&other)?).await?;
        let by = By::Keeper(merged, visit.confirmed().await?);
        visit.service.merge_worker(kept, by, Caller::from(address.as_str())).await
    };
    let back = format!("/workers/{worker}");
    let merged = |(): &()| {
        done("The two entries are one person now. The other account and its roles have ended.", back.clone())
            .undone_by("/api/worker/separate", &[("worker", &worker), ("other", &other)])
    };
    visit::answer(result.await, merged, &back, &[("other", &other)]).await
}

/// Separates a merged entry again. `worker`: whose page it was pressed on.
#[server(prefix = "/api", endpoint = "worker/separate")]
pub async fn separate_worker(
    #[server(default)] worker: String, #[server(default)] other: String, #[server(default)] notice: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::{done, forget};
    use crate::visit;
    use service::people::keeping::By;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        let keeper = visit.service.account_keeper(&visit.viewer, visit::id(&other)?).await?;
        let by = By::Keeper(keeper, visit.confirmed().await?);
        visit.service.separate_worker(keeper, by, Caller::from(address.as_str())).await
    };
    let back = format!("/workers/{worker}");
    let result = result.await;
    if result.is_ok() {
        forget(&notice).await;
    }
    let words = "They are two entries again. The account that ended can be given anew.";
    visit::answer(result, |()| done(words, back.clone()), &back, &[]).await
}
