//! Allocating a worker to a family by hand.

use domain::FamilyId;
use domain::status::AccessKind;
use leptos::prelude::*;
use service::ServiceError;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::parts::form::{SelectField, TextField, error_summary};
use crate::visit;

/// `/families/:id/allocate`.
pub fn new() -> impl IntoView {
    let family: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let family = family.ok_or(ServiceError::NotFound)?;
        let staff = visit.service.family_staff(&visit.viewer, family).await?;
        let saved = visit.service.family_form(staff).await?;
        let card = visit.service.family(visit.looks_at_family(family, AccessKind::Family).await?).await?;
        let directory = visit.service.directory().await?;
        let draft = visit::draft().await.unwrap_or_default();
        let mut workers = vec![(String::new(), "Choose".to_owned())];
        workers.extend(directory.choices(saved.team.parse().ok()));
        let content = view! {
            {error_summary(&draft)}
            {back(format!("/families/{family}"), format!("Family {}", card.reference))}
            {family_bar(&card)}
            <h1 class="govuk-heading-l">"Allocate somebody"</h1>
            <form action="/api/allocation/save" method="post" class="cr-narrow">
                <input type="hidden" name="family" value=family.to_string()/>
                <SelectField name="worker" label="Worker" options=workers value=draft.value("worker", "") error=draft.error("worker")/>
                <TextField name="starts" label="From" hint="Empty means today" value=draft.value("starts", "") error=draft.error("starts")/>
                <TextField name="ends" label="Until" hint="May be empty" value=draft.value("ends", "") error=draft.error("ends")/>
                <button type="submit" class="govuk-button">"Allocate"</button>
            </form>
            <p class="govuk-body">"Not in the list? "<a class="govuk-link" href="/workers/new">"Add a worker"</a>" first."</p>
        };
        Ok(("Allocate somebody".to_owned(), content))
    })
}
