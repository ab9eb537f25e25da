//! Families, people, workers and allocations by hand: one short form each, no import needed.

pub mod absence;
pub mod account;
mod allocation;
pub mod confirmation;
mod demo;
pub mod device;
mod directory;
pub mod factor;
pub mod guest;
mod identity;
pub mod keeping;
pub mod lock;
pub mod merge;
pub mod password;
pub mod rights;
pub mod role;
pub(crate) mod second;
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

use crate::form::FormErrors;
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
        let mut errors = FormErrors::default();
        let reference = errors.text("reference", "The reference", &form.reference, 40, true);
        let discussed_on = errors.date("discussed", &form.discussed);
        if discussed_on.is_some_and(|day| day > self.inner.clock.today()) {
            errors.add("discussed", "This day is in the future. Write when the family was last discussed.");
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
            errors.add("reference", format!("{reference} cannot be used. Choose another reference."));
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
        let mut errors = FormErrors::default();
        let (born, expected) = (errors.date("born", &form.born), errors.date("expected", &form.expected));
        let unborn = expected.is_some() && born.is_none() && !form.adult;
        let forename = errors.text("forename", "First name", &form.forename, 100, !unborn);
        let surname = errors.text("surname", "Family name", &form.surname, 100, false);
        let relation = errors.text("relation", "The relation", &form.relation, 100, false);
        if born.is_some() && expected.is_some() {
            errors.add("expected", "Both dates are filled. Keep the date of birth once the child is born.");
        }
        if born.is_some_and(|born| born > self.inner.clock.today()) {
            errors.add("born", "This day is in the future. For an unborn child use the due date.");
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
