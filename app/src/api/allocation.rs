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
    let result = match (visit::visit(), family.parse()) {
        (Ok(visit), Ok(family)) => visit.service.allocate(&visit.viewer, family, &form).await,
        _ => Err(service::ServiceError::NotFound),
    };
    let fields = [("worker", worker.as_str()), ("starts", &starts), ("ends", &ends)];
    visit::answer(result, |()| format!("/families/{family}"), &format!("/families/{family}/allocate"), &fields).await
}

/// Ends a worker's allocations to a family today.
#[server(prefix = "/api", endpoint = "allocation/end")]
pub async fn end_allocation(
    #[server(default)] family: String, #[server(default)] id: String,
) -> Result<(), ServerFnError> {
    use crate::visit;
    let result = match (visit::visit(), family.parse(), id.parse()) {
        (Ok(visit), Ok(family), Ok(id)) => visit.service.end_allocation(&visit.viewer, family, id).await,
        _ => Err(service::ServiceError::NotFound),
    };
    visit::answer(result, |()| format!("/families/{family}"), &format!("/families/{family}"), &[]).await
}
