//! Allocations by hand.

use leptos::prelude::*;

/// Allocates a worker to a family.
#[server(prefix = "/api", endpoint = "allocation/save")]
pub async fn allocate(
    #[server(default)] family: String, #[server(default)] worker: String, #[server(default)] starts: String,
    #[server(default)] ends: String,
) -> Result<(), ServerFnError> {
    use crate::visit;
    let form = service::people::AllocationForm { worker: worker.clone(), starts: starts.clone(), ends: ends.clone() };
    let result = async {
        let visit = visit::visit()?;
        let family = visit::id(&family)?;
        let staff = visit.service.family_staff(&visit.viewer, family).await?;
        visit.service.allocate(staff, &form).await
    };
    let fields = [("worker", worker.as_str()), ("starts", &starts), ("ends", &ends)];
    visit::answer(result.await, |()| format!("/families/{family}"), &format!("/families/{family}/allocate"), &fields)
        .await
}

/// Ends a worker's allocations to a family today.
#[server(prefix = "/api", endpoint = "allocation/end")]
pub async fn end_allocation(
    #[server(default)] family: String, #[server(default)] id: String,
) -> Result<(), ServerFnError> {
    use crate::parts::form::Draft;
    use crate::visit;
    let ended = async {
        let visit = visit::visit()?;
        let staff = visit.service.family_staff(&visit.viewer, visit::id(&family)?).await?;
        visit.service.end_allocation(staff, visit::id(&id)?).await
    };
    let page = format!("/families/{family}");
    match ended.await {
        Ok(ended) => {
            // What was before is kept for whoever pressed, so that they can take it back.
            let ended = serde_json::to_string(&ended).unwrap_or_default();
            let kept = visit::keep(&Draft { fields: [(ENDED.to_owned(), ended)].into(), errors: Vec::new() }).await;
            visit::go(&format!("{page}?draft={}", kept.unwrap_or_default()));
            Ok(())
        }
        Err(error) => visit::answer(Err::<(), _>(error), |()| page.clone(), &page, &[]).await,
    }
}

/// The field of a draft that holds an ended allocation.
pub const ENDED: &str = "ended";

/// Takes the ending of an allocation back. `undo` is the draft that the page after it was shown with.
#[server(prefix = "/api", endpoint = "allocation/restore")]
pub async fn restore_allocation(
    #[server(default)] family: String, #[server(default)] undo: String,
) -> Result<(), ServerFnError> {
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let staff = visit.service.family_staff(&visit.viewer, visit::id(&family)?).await?;
        let kept = visit::draft_of(&undo).await.and_then(|draft| draft.fields.get(ENDED).cloned());
        let ended = kept.and_then(|kept| serde_json::from_str(&kept).ok()).ok_or(service::ServiceError::NotFound)?;
        visit.service.restore_allocation(staff, &ended).await
    };
    let page = format!("/families/{family}");
    visit::answer(result.await, |()| page.clone(), &page, &[]).await
}
