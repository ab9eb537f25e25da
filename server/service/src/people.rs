//! Families, people, workers and allocations by hand: one short form each, no import needed.

pub mod absence;
pub mod account;
mod allocation;
mod demo;
pub mod device;
mod directory;
pub mod factor;
pub mod keeping;
pub mod lock;
pub mod password;
pub mod rights;
pub mod role;
mod second;
pub mod session;
pub mod sign_in;
pub mod sign_on;
pub mod trip;
mod worker;

pub use allocation::{Allocated, AllocationForm, EndedAllocation};
pub use demo::DemoPerson;
pub(crate) use directory::Cache;
pub use directory::Directory;
pub use worker::WorkerForm;

use crate::{Service, ServiceError};
use chrono::NaiveDate;
use domain::policy::{FamilyStaff, Staff};
use domain::viewer::Viewer;
use domain::{AllocationId, FamilyId, PersonId, TeamId, WorkerId, dates};
use store::allocation::Allocation;
use store::family::Family;
use store::person::{FamilyMember, Person};
use store::worker::Worker;

/// A family's form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FamilyForm {
    /// "FS-3012".
    pub reference: String,
    /// Which team.
    pub team: String,
    /// The day last discussed before Caseround was in use; may be empty.
    pub discussed: String,
}

/// A person's form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonForm {
    /// Given names.
    pub forename: String,
    /// Family name.
    pub surname: String,
    /// Date of birth; may be empty.
    pub born: String,
    /// Expected date of birth; may be empty.
    pub expected: String,
    /// Whether they are an adult.
    pub adult: bool,
    /// "father of Noah"; may be empty.
    pub relation: String,
}

/// Collects a form's errors field by field.
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<(String, String)>);

impl Errors {
    pub(crate) fn text(&mut self, field: &str, label: &str, value: &str, limit: usize, needed: bool) -> String {
        let text = domain::prose::clean(value).split_whitespace().collect::<Vec<_>>().join(" ");
        let length = text.chars().count();
        if needed && text.is_empty() {
            self.0.push((field.to_owned(), format!("{label} is empty. Fill it in.")));
        }
        if length > limit {
            self.0.push((field.to_owned(), format!("{label} has {length} characters; {limit} fit.")));
        }
        text
    }

    pub(crate) fn date(&mut self, field: &str, value: &str) -> Option<NaiveDate> {
        if value.trim().is_empty() {
            return None;
        }
        dates::parse(value).map_err(|error| self.0.push((field.to_owned(), error.to_string()))).ok()
    }

    pub(crate) fn done(self) -> Result<(), ServiceError> {
        if self.0.is_empty() { Ok(()) } else { Err(ServiceError::Form(self.0)) }
    }
}

impl Service {
    fn served_team(viewer: &Viewer, team: &str) -> Result<TeamId, ServiceError> {
        team.parse::<TeamId>()
            .ok()
            .filter(|team| viewer.serves(*team))
            .ok_or_else(|| ServiceError::field("team", "Choose one of your teams."))
    }

    /// A family's form, to be corrected.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is gone.
    pub async fn family_form(&self, staff: FamilyStaff<'_>) -> Result<FamilyForm, ServiceError> {
        let family = self.inner.store.family(staff.family()).await?.ok_or(ServiceError::NotFound)?;
        Ok(FamilyForm {
            reference: family.reference,
            team: family.team_id.map(|team| team.to_string()).unwrap_or_default(),
            discussed: family.discussed_on.map(dates::typed).unwrap_or_default(),
        })
    }

    /// Adds a family, or corrects `old`.
    ///
    /// # Errors
    /// Field by field what cannot be used.
    pub async fn save_family(
        &self, staff: Staff<'_>, old: Option<FamilyStaff<'_>>, form: &FamilyForm,
    ) -> Result<FamilyId, ServiceError> {
        let viewer = staff.viewer();
        let id = old.map(FamilyStaff::family);
        let old = match id {
            Some(id) => Some(self.inner.store.family(id).await?.ok_or(ServiceError::NotFound)?),
            None => None,
        };
        let mut errors = Errors::default();
        let reference = errors.text("reference", "The reference", &form.reference, 40, true);
        let discussed_on = errors.date("discussed", &form.discussed);
        if discussed_on.is_some_and(|day| day > self.inner.clock.today()) {
            errors.0.push((
                "discussed".to_owned(),
                "This day is in the future. Write when the family was last discussed.".to_owned(),
            ));
        }
        let team = Self::served_team(viewer, &form.team)?;
        let taken = self
            .inner
            .store
            .families()
            .await?
            .into_iter()
            .any(|other| Some(other.id) != id && other.reference.eq_ignore_ascii_case(&reference));
        if taken {
            errors.0.push(("reference".to_owned(), format!("{reference} cannot be used. Choose another reference.")));
        }
        errors.done()?;
        let family = Family {
            id: id.unwrap_or_else(|| FamilyId::new(self.new_uuid())),
            source_id: old.and_then(|old| old.source_id),
            reference,
            team_id: Some(team.uuid()),
            discussed_on,
            by_hand: true,
        };
        let mut tx = self.inner.store.begin().await?;
        tx.keep_family(&family).await?;
        tx.commit().await?;
        self.rights_changed().await?;
        Ok(family.id)
    }

    /// A member of a family, to be corrected.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where they are nobody of the family.
    pub async fn person_form(&self, staff: FamilyStaff<'_>, id: PersonId) -> Result<PersonForm, ServiceError> {
        let member = self.member(staff.family(), id).await?;
        let day = |day: Option<NaiveDate>| day.map(dates::typed).unwrap_or_default();
        Ok(PersonForm {
            forename: member.person.forename,
            surname: member.person.surname,
            born: day(member.person.born),
            expected: day(member.person.expected),
            adult: member.person.adult,
            relation: member.relation,
        })
    }

    async fn member(&self, family: FamilyId, id: PersonId) -> Result<FamilyMember, ServiceError> {
        let members = self.inner.store.members(family.uuid()).await?;
        members.into_iter().find(|member| member.person.id == id).ok_or(ServiceError::NotFound)
    }

    /// Adds a child or adult to a family, or corrects one.
    ///
    /// # Errors
    /// Field by field what cannot be used.
    pub async fn save_person(
        &self, staff: FamilyStaff<'_>, id: Option<PersonId>, form: &PersonForm,
    ) -> Result<PersonId, ServiceError> {
        let family = staff.family();
        let old = match id {
            Some(id) => Some(self.member(family, id).await?.person),
            None => None,
        };
        let mut errors = Errors::default();
        let (born, expected) = (errors.date("born", &form.born), errors.date("expected", &form.expected));
        let unborn = expected.is_some() && born.is_none() && !form.adult;
        let forename = errors.text("forename", "First name", &form.forename, 100, !unborn);
        let surname = errors.text("surname", "Family name", &form.surname, 100, false);
        let relation = errors.text("relation", "The relation", &form.relation, 100, false);
        if born.is_some() && expected.is_some() {
            errors.0.push((
                "expected".to_owned(),
                "Both dates are filled. Keep the date of birth once the child is born.".to_owned(),
            ));
        }
        if born.is_some_and(|born| born > self.inner.clock.today()) {
            errors.0.push((
                "born".to_owned(),
                "This day is in the future. For an unborn child use the due date.".to_owned(),
            ));
        }
        errors.done()?;
        let person = Person {
            id: id.unwrap_or_else(|| PersonId::new(self.new_uuid())),
            source_id: old.as_ref().and_then(|old| old.source_id.clone()),
            sex: old.as_ref().map(|old| old.sex.clone()).unwrap_or_default(),
            died: old.as_ref().and_then(|old| old.died),
            forename,
            surname,
            born,
            expected,
            adult: form.adult,
            by_hand: true,
        };
        let mut tx = self.inner.store.begin().await?;
        tx.keep_person(&person).await?;
        tx.keep_member(family, person.id, &relation).await?;
        tx.commit().await?;
        self.rights_changed().await?;
        Ok(person.id)
    }
}

#[cfg(test)]
mod tests {
    use super::Errors;

    #[test]
    fn a_name_holds_nothing_that_cannot_stand_in_a_document() {
        let mut errors = Errors::default();
        assert_eq!(errors.text("name", "The name", " Ada\u{fffe}\0  Okafor ", 120, true), "Ada Okafor");
        errors.text("name", "The name", "\u{ffff}", 120, true);
        assert_eq!(errors.0.len(), 1, "nothing is left");
    }
}
