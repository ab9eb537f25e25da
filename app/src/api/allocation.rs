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
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let family = visit::id(&family)?;
        let id = visit::id(&id)?;
        let staff = visit.service.family_staff(&visit.viewer, family).await?;
        visit.service.end_allocation(staff, id).await
    };
    visit::answer(result.await, |()| format!("/families/{family}"), &format!("/families/{family}"), &[]).await
}
