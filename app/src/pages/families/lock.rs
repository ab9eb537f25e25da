//! Locking a family for all but named people.

use domain::status::AccessKind;
use domain::{FamilyId, WorkerId};
use leptos::prelude::*;
use service::ServiceError;
use std::collections::BTreeSet;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::parts::form::{TextField, error_summary};
use crate::visit;

/// `/families/:id/lock`.
pub fn lock() -> impl IntoView {
    let id: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let reader = visit.looks_at_family(id, AccessKind::Family).await?;
        let locker = visit.service.family_locker(&visit.viewer, id).await?;
        let locked = visit.service.lock_of(locker).await?;
        let card = visit.service.family(reader).await?;
        let directory = visit.service.directory().await?;
        let draft = visit::draft().await.unwrap_or_default();
        let typed: Option<BTreeSet<WorkerId>> =
            draft.fields.get("named").map(|named| named.split(' ').filter_map(|worker| worker.parse().ok()).collect());
        let allocated: BTreeSet<WorkerId> = card.allocated.iter().filter_map(|who| who.worker).collect();
        let named =
            typed.or_else(|| locked.as_ref().map(|locked| locked.named.clone())).unwrap_or_else(|| allocated.clone());
        let me = visit.viewer.worker;
        // Whoever works with the family first, then the others.
        let mut people: Vec<WorkerId> = directory.offered(None).into_iter().filter(|worker| *worker != me).collect();
        people.sort_by_key(|worker| !(allocated.contains(worker) || named.contains(worker)));
        let tick = |(at, worker): (usize, WorkerId)| {
            let words = directory.names.get(&worker).map(domain::record::Named::in_words).unwrap_or_default();
            let field = format!("named-{worker}");
            view! { <p class="govuk-body cr-tick"><label for=field.clone()><input type="checkbox" id=field.clone() name=format!("named[{at}]") value=worker.to_string() checked=named.contains(&worker)/>" "{words}</label></p> }
        };
        let count = people.iter().filter(|worker| allocated.contains(worker) || named.contains(worker)).count();
        let mut near: Vec<(usize, WorkerId)> = people.into_iter().enumerate().collect();
        let others = near.split_off(count);
        let saved = locked.as_ref().map(|locked| locked.why.clone()).unwrap_or_default();
        let state = locked.as_ref().map(|locked| {
            view! {
                <div class="govuk-inset-text">
                    <p class="govuk-body">{format!("Locked by {}: {}", locked.by, locked.why)}</p>
                    <form action="/api/family/unlock" method="post" class="cr-inline-form">
                        <input type="hidden" name="family" value=id.to_string()/>
                        <button type="submit" class="govuk-button govuk-button--secondary">"Unlock"</button>
                    </form>
                </div>
            }
        });
        let press = if locked.is_some() { "Save" } else { "Lock this family" };
        let content = view! {
            {error_summary(&draft)}
            {back(format!("/families/{id}"), format!("Family {}", card.reference))}
            {family_bar(&card)}
            <h1 class="govuk-heading-l">"Lock this family"</h1>
            <p class="govuk-body">"For instance because a relative works here. A locked family is open to the people named, and for everybody else it is as if it were not here: in lists, search, meetings, records and downloads, and in an emergency. You are always among those named. Naming somebody lets through who works with the family or serves its team; it gives nobody a right they do not have. Whoever you leave out, your own manager too, loses sight of it at once."</p>
            {state}
            <form action="/api/family/lock" method="post">
                <input type="hidden" name="family" value=id.to_string()/>
                <div class="cr-narrow"><TextField name="why" label="Why" value=draft.value("why", &saved) error=draft.error("why")/></div>
                <fieldset class="govuk-fieldset" id="named">
                    <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">"Who it stays open to, beside you"</legend>
                    {near.into_iter().map(tick).collect_view()}
                    <details class="govuk-details">
                        <summary class="govuk-details__summary"><span class="govuk-details__summary-text">"Somebody else"</span></summary>
                        {others.into_iter().map(tick).collect_view()}
                    </details>
                </fieldset>
                <button type="submit" class="govuk-button">{press}</button>
            </form>
        };
        Ok(("Lock this family".to_owned(), content))
    })
}
