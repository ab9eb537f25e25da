//! Allocations by hand.

use leptos::prelude::*;

/// Allocates a worker to a family.
#[server(prefix = "/api", endpoint = "allocation/save")]
pub async fn allocate(
    #[server(default)] family: String, #[server(default)] worker: String, #[server(default)] starts: String,
    #[server(default)] ends: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let form = service::people::AllocationForm { worker: worker.clone(), starts: starts.clone(), ends: ends.clone() };
    let result = async {
        let visit = visit::visit()?;
        let family = visit::id(&family)?;
        let staff = visit.service.family_staff(&visit.viewer, family).await?;
        visit.service.allocate(staff, &form, &visit::from()).await
    };
    let fields = [("worker", worker.as_str()), ("starts", &starts), ("ends", &ends)];
    let page = format!("/families/{family}");
    let said = |allocated: &service::people::Allocated| {
        let service::people::Allocated { who, starts, over } = allocated;
        let words = match starts {
            _ if *over => format!("{who} is recorded as having worked with this family. It is over already."),
            Some(starts) => format!("{who} works with this family from {}.", domain::dates::plain_date(*starts)),
            None => format!("{who} now works with this family."),
        };
        done(words, page.clone())
    };
    visit::answer(result.await, said, &format!("{page}/allocate"), &fields).await
}

/// Ends a worker's allocations to a family today.
#[server(prefix = "/api", endpoint = "allocation/end")]
pub async fn end_allocation(
    #[server(default)] family: String, #[server(default)] id: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let ended = async {
        let visit = visit::visit()?;
        let staff = visit.service.family_staff(&visit.viewer, visit::id(&family)?).await?;
        visit.service.end_allocation(staff, visit::id(&id)?, &visit::from()).await
    };
    let page = format!("/families/{family}");
    let said = |ended: &service::people::EndedAllocation| {
        let before = serde_json::to_string(ended).unwrap_or_default();
        let fields = [("family", family.as_str())];
        done(format!("{} no longer works with this family.", ended.who), page.clone()).undone_with(
            "/api/allocation/restore",
            &fields,
            before,
        )
    };
    visit::answer(ended.await, said, &page, &[]).await
}

/// Takes the ending of an allocation back. `notice` is that of the page after it.
#[server(prefix = "/api", endpoint = "allocation/restore")]
pub async fn restore_allocation(
    #[server(default)] family: String, #[server(default)] notice: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let staff = visit.service.family_staff(&visit.viewer, visit::id(&family)?).await?;
        let ended: service::people::EndedAllocation = notice::before(&notice)
            .await
            .and_then(|before| serde_json::from_str(&before).ok())
            .ok_or_else(|| service::ServiceError::field("", "This cannot be undone any more."))?;
        visit.service.restore_allocation(staff, &ended, &visit::from()).await?;
        // Pressed again on an old page it would take back what somebody decided since.
        notice::forget(&notice).await;
        Ok(ended.who)
    };
    let page = format!("/families/{family}");
    let said = |who: &String| notice::done(format!("{who} works with this family again."), page.clone());
    visit::answer(result.await, said, &page, &[]).await
}
