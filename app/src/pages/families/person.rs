//! A child or an adult by hand.

use domain::status::AccessKind;
use domain::{FamilyId, PersonId};
use leptos::prelude::*;
use service::ServiceError;
use service::people::PersonForm;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::parts::form::{TextField, error_summary};
use crate::visit::{self, Visit};

/// `/families/:id/people/new`.
pub fn new() -> impl IntoView {
    let family: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let family = family.ok_or(ServiceError::NotFound)?;
        let staff = visit.service.family_staff(&visit.viewer, family).await?;
        visit.service.family_form(staff).await?;
        Ok(("Add a child or an adult".to_owned(), form(&visit, family, None, PersonForm::default()).await?))
    })
}

/// `/families/:id/people/:person`.
pub fn edit() -> impl IntoView {
    let (family, person): (Option<FamilyId>, Option<PersonId>) = (param("id"), param("person"));
    page(move || async move {
        let visit = visit::visit()?;
        let (family, person) = family.zip(person).ok_or(ServiceError::NotFound)?;
        let staff = visit.service.family_staff(&visit.viewer, family).await?;
        let saved = visit.service.person_form(staff, person).await?;
        Ok(("Edit a person’s details".to_owned(), form(&visit, family, Some(person), saved).await?))
    })
}

async fn form(
    visit: &Visit, family: FamilyId, id: Option<PersonId>, saved: PersonForm,
) -> Result<impl IntoView + use<>, ServiceError> {
    let card = visit.service.family(visit.looks_at_family(family, AccessKind::Family).await?).await?;
    let draft = visit::draft().await.unwrap_or_default();
    let adult = draft.fields.get("adult").map_or(saved.adult, |adult| adult == "yes");
    let title = if id.is_some() { "Edit a person’s details" } else { "Add a child or an adult" };
    Ok(view! {
        {error_summary(&draft)}
        {back(format!("/families/{family}"), format!("Family {}", card.reference))}
        {family_bar(&card)}
        <h1 class="govuk-heading-l">{title}</h1>
        <form action="/api/person/save" method="post" class="cr-narrow">
            <input type="hidden" name="family" value=family.to_string()/>
            <input type="hidden" name="id" value=id.map(|id| id.to_string()).unwrap_or_default()/>
            <fieldset class="govuk-fieldset govuk-form-group">
                <legend class="govuk-fieldset__legend">"This is"</legend>
                <div class="govuk-radios govuk-radios--inline">
                    <div class="govuk-radios__item"><input class="govuk-radios__input" type="radio" id="child" name="adult" value="no" checked=!adult/><label class="govuk-label govuk-radios__label" for="child">"a child"</label></div>
                    <div class="govuk-radios__item"><input class="govuk-radios__input" type="radio" id="adult" name="adult" value="yes" checked=adult/><label class="govuk-label govuk-radios__label" for="adult">"an adult"</label></div>
                </div>
            </fieldset>
            <TextField name="forename" label="First name" hint="May be empty for an unborn child" value=draft.value("forename", &saved.forename) error=draft.error("forename")/>
            <TextField name="surname" label="Family name" value=draft.value("surname", &saved.surname) error=draft.error("surname")/>
            <TextField name="born" label="Date of birth" hint="Like 8/12/2020; empty if not known" value=draft.value("born", &saved.born) error=draft.error("born")/>
            <TextField name="expected" label="Due date" hint="For an unborn child" value=draft.value("expected", &saved.expected) error=draft.error("expected")/>
            <TextField name="relation" label="Relation" hint="Like: father of Noah" value=draft.value("relation", &saved.relation) error=draft.error("relation")/>
            <button type="submit" class="govuk-button">"Save"</button>
        </form>
    })
}
