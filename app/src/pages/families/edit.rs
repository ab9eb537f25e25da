//! A family by hand.

use domain::FamilyId;
use domain::status::AccessKind;
use leptos::prelude::*;
use service::ServiceError;
use service::people::FamilyForm;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::parts::form::{SelectField, TextField, error_summary};
use crate::visit::{self, Visit};

/// `/families/new`.
pub fn new() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let content = form(&visit, None, FamilyForm::default()).await?;
        Ok(("Add a family".to_owned(), content))
    })
}

/// `/families/:id/edit`.
pub fn edit() -> impl IntoView {
    let id: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let staff = visit.service.family_staff(&visit.viewer, id).await?;
        let saved = visit.service.family_form(staff).await?;
        let content = form(&visit, Some(id), saved).await?;
        Ok(("Edit a family’s details".to_owned(), content))
    })
}

async fn form(visit: &Visit, id: Option<FamilyId>, saved: FamilyForm) -> Result<impl IntoView + use<>, ServiceError> {
    let teams = team_options(visit).await?;
    let draft = visit::draft().await.unwrap_or_default();
    let card = match id {
        Some(id) => Some(visit.service.family(visit.looks_at_family(id, AccessKind::Family).await?).await?),
        None => None,
    };
    let title = if id.is_some() { "Edit a family’s details" } else { "Add a family" };
    Ok(view! {
        {error_summary(&draft)}
        {match &card {
            Some(card) => back(format!("/families/{}", card.id), format!("Family {}", card.reference)),
            None => back("/families", "Families"),
        }}
        {card.as_ref().map(family_bar)}
        <h1 class="govuk-heading-l">{title}</h1>
        <form action="/api/family/save" method="post" class="cr-narrow">
            <input type="hidden" name="id" value=id.map(|id| id.to_string()).unwrap_or_default()/>
            <TextField name="reference" label="Reference" hint="What the team calls the family, without a surname: FS-3012" value=draft.value("reference", &saved.reference) error=draft.error("reference")/>
            <SelectField name="team" label="Team" options=teams value=draft.value("team", &saved.team) error=draft.error("team")/>
            <TextField name="discussed" label="Last discussed" hint="If it was discussed before Caseround was used: like 27/10/2026. May be empty." value=draft.value("discussed", &saved.discussed) error=draft.error("discussed")/>
            <button type="submit" class="govuk-button">"Save"</button>
        </form>
    })
}

/// The teams a viewer serves, for a choice.
pub(crate) async fn team_options(visit: &Visit) -> Result<Vec<(String, String)>, ServiceError> {
    let directory = visit.service.directory().await?;
    let serves = visit.teams();
    if serves.is_empty() {
        return Err(ServiceError::NotFound);
    }
    Ok(serves.into_iter().map(|team| (team.to_string(), directory.team(team).to_owned())).collect())
}
