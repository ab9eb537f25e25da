//! Families, people, workers and allocations by hand: one short form each, no import needed.

use crate::{Service, ServiceError};
use chrono::NaiveDate;
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

/// A worker's form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkerForm {
    /// Name.
    pub name: String,
    /// Job title; may be empty.
    pub job_title: String,
    /// Key of the discipline.
    pub discipline: String,
    /// Which team.
    pub team: String,
}

/// An allocation's form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllocationForm {
    /// Which worker.
    pub worker: String,
    /// First day; empty means today.
    pub starts: String,
    /// Day it ends; may be empty.
    pub ends: String,
}

/// Collects a form's errors field by field.
#[derive(Debug, Default)]
struct Errors(Vec<(String, String)>);

impl Errors {
    fn text(&mut self, field: &str, label: &str, value: &str, limit: usize, needed: bool) -> String {
        let text = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let length = text.chars().count();
        if needed && text.is_empty() {
            self.0.push((field.to_owned(), format!("{label} is empty. Fill it in.")));
        }
        if length > limit {
            self.0.push((field.to_owned(), format!("{label} has {length} characters; {limit} fit.")));
        }
        text
    }

    fn date(&mut self, field: &str, value: &str) -> Option<NaiveDate> {
        if value.trim().is_empty() {
            return None;
        }
        dates::parse(value).map_err(|error| self.0.push((field.to_owned(), error.to_string()))).ok()
    }

    fn done(self) -> Result<(), ServiceError> {
        if self.0.is_empty() { Ok(()) } else { Err(ServiceError::Form(self.0)) }
    }
}

impl Service {
    /// The teams whose people a viewer may add and correct.
    fn serves_any(viewer: &Viewer) -> Result<(), ServiceError> {
        if viewer.manages.is_empty() && viewer.records.is_empty() { Err(ServiceError::NotFound) } else { Ok(()) }
    }

    async fn served_family(&self, viewer: &Viewer, id: FamilyId) -> Result<Family, ServiceError> {
        let family = self.inner.store.family(id).await?.ok_or(ServiceError::NotFound)?;
        if family.team_id.map(TeamId::new).is_some_and(|team| viewer.serves(team)) {
            Ok(family)
        } else {
            Err(ServiceError::NotFound)
        }
    }

    fn served_team(viewer: &Viewer, team: &str) -> Result<TeamId, ServiceError> {
        team.parse::<TeamId>()
            .ok()
            .filter(|team| viewer.serves(*team))
            .ok_or_else(|| ServiceError::field("team", "Choose one of your teams."))
    }

    /// A family's form, to be corrected.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not serve its team.
    pub async fn family_form(&self, viewer: &Viewer, id: FamilyId) -> Result<FamilyForm, ServiceError> {
        let family = self.served_family(viewer, id).await?;
        Ok(FamilyForm {
            reference: family.reference,
            team: family.team_id.map(|team| team.to_string()).unwrap_or_default(),
            discussed: family.discussed_on.map(dates::typed).unwrap_or_default(),
        })
    }

    /// Adds a family, or corrects one.
    ///
    /// # Errors
    /// Field by field what cannot be used.
    pub async fn save_family(
        &self, viewer: &Viewer, id: Option<FamilyId>, form: &FamilyForm,
    ) -> Result<FamilyId, ServiceError> {
        Self::serves_any(viewer)?;
        let old = match id {
            Some(id) => Some(self.served_family(viewer, id).await?),
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
            .any(|other| Some(other.id) != id && other.reference == reference);
        if taken {
            errors.0.push((
                "reference".to_owned(),
                format!("{reference} is another family's reference. Use one of its own."),
            ));
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
    /// [`ServiceError::NotFound`] where the viewer does not serve the family's team.
    pub async fn person_form(
        &self, viewer: &Viewer, family: FamilyId, id: PersonId,
    ) -> Result<PersonForm, ServiceError> {
        self.served_family(viewer, family).await?;
        let member = self.member(family, id).await?;
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
        &self, viewer: &Viewer, family: FamilyId, id: Option<PersonId>, form: &PersonForm,
    ) -> Result<PersonId, ServiceError> {
        self.served_family(viewer, family).await?;
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

    /// A worker's form, to be corrected.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer serves no team.
    pub async fn worker_form(&self, viewer: &Viewer, id: WorkerId) -> Result<WorkerForm, ServiceError> {
        let worker = self.correctable_worker(viewer, id).await?;
        Ok(WorkerForm {
            name: worker.name,
            job_title: worker.job_title,
            discipline: worker.discipline,
            team: worker.team_id.map(|team| team.to_string()).unwrap_or_default(),
        })
    }

    /// Workers of one's own teams, and those who belong to none of the teams that hold meetings.
    async fn correctable_worker(&self, viewer: &Viewer, id: WorkerId) -> Result<Worker, ServiceError> {
        Self::serves_any(viewer)?;
        let directory = self.directory().await?;
        let worker = directory.workers.get(&id).cloned().ok_or(ServiceError::NotFound)?;
        let own = worker.team_id.is_none_or(|team| viewer.serves(TeamId::new(team)));
        if own || !self.privileged(&worker.discipline) { Ok(worker) } else { Err(ServiceError::NotFound) }
    }

    /// Whether a discipline manages its team or takes its records.
    fn privileged(&self, discipline: &str) -> bool {
        self.inner.template.discipline(discipline).is_some_and(|discipline| discipline.manages || discipline.records)
    }

    /// Adds a worker, or corrects one. Nobody gives away rights they do not hold: a manager's discipline
    /// is only set by a manager, and only within their own teams.
    ///
    /// # Errors
    /// Field by field what cannot be used.
    pub async fn save_worker(
        &self, viewer: &Viewer, id: Option<WorkerId>, form: &WorkerForm,
    ) -> Result<WorkerId, ServiceError> {
        Self::serves_any(viewer)?;
        let old = match id {
            Some(id) => Some(self.correctable_worker(viewer, id).await?),
            None => None,
        };
        let mut errors = Errors::default();
        let name = errors.text("name", "The name", &form.name, 120, true);
        let job_title = errors.text("job_title", "The job title", &form.job_title, 200, false);
        let discipline = self.inner.template.discipline(&form.discipline);
        if discipline.is_none() {
            errors.0.push(("discipline".to_owned(), "Choose the discipline.".to_owned()));
        }
        let team = if form.team.is_empty() { None } else { form.team.parse::<TeamId>().ok() };
        // Rights are given and taken only by a manager, within their own teams.
        let taken = old.as_ref().filter(|old| self.privileged(&old.discipline)).map(|old| old.team_id.map(TeamId::new));
        let given = self.privileged(&form.discipline).then_some(team);
        let theirs =
            |of: Option<Option<TeamId>>| of.is_none_or(|team| team.is_some_and(|team| viewer.manages.contains(&team)));
        let unchanged =
            old.as_ref().is_some_and(|old| old.discipline == form.discipline && old.team_id == team.map(TeamId::uuid));
        let allowed = unchanged || (theirs(taken) && theirs(given));
        if !allowed {
            errors.0.push((
                "discipline".to_owned(),
                "Managers and record-takers are only added and changed by a manager, in their own teams.".to_owned(),
            ));
        }
        let known = self.directory().await?;
        if team.is_some_and(|team| !known.teams.contains_key(&team)) {
            errors.0.push(("team".to_owned(), "Choose a team from the list.".to_owned()));
        }
        errors.done()?;
        let worker = Worker {
            id: id.unwrap_or_else(|| WorkerId::new(self.new_uuid())),
            source_id: old.as_ref().and_then(|old| old.source_id.clone()),
            staff_id: old.as_ref().map(|old| old.staff_id.clone()).unwrap_or_default(),
            name,
            job_title,
            discipline: form.discipline.clone(),
            team_id: team.map(TeamId::uuid),
            by_hand: true,
        };
        let mut tx = self.inner.store.begin().await?;
        tx.keep_worker(&worker).await?;
        tx.commit().await?;
        self.rights_changed().await?;
        Ok(worker.id)
    }

    /// Allocates a worker to a family.
    ///
    /// # Errors
    /// Field by field what cannot be used.
    pub async fn allocate(&self, viewer: &Viewer, family: FamilyId, form: &AllocationForm) -> Result<(), ServiceError> {
        self.served_family(viewer, family).await?;
        let mut errors = Errors::default();
        let today = self.inner.clock.today();
        let starts = errors.date("starts", &form.starts).unwrap_or(today);
        let ends = errors.date("ends", &form.ends);
        if ends.is_some_and(|ends| ends < starts) {
            errors.0.push(("ends".to_owned(), "It ends before it starts. Correct one of the dates.".to_owned()));
        }
        let directory = self.directory().await?;
        let worker = form.worker.parse::<WorkerId>().ok().filter(|worker| directory.workers.contains_key(worker));
        if worker.is_none() {
            errors.0.push((
                "worker".to_owned(),
                "Choose a worker. If they are not in the list, add them first.".to_owned(),
            ));
        }
        errors.done()?;
        let allocation = Allocation {
            id: AllocationId::new(self.new_uuid()),
            source_id: None,
            person_id: None,
            family_id: Some(family.uuid()),
            worker_id: worker.map(WorkerId::uuid),
            unknown_worker: String::new(),
            team_id: None,
            role: String::new(),
            starts,
            ends,
            by_hand: true,
        };
        self.keep_allocations(&[allocation]).await
    }

    /// Ends every current allocation of a worker to a family today: from now on they see it no more.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not serve the family's team.
    pub async fn end_allocation(
        &self, viewer: &Viewer, family: FamilyId, id: AllocationId,
    ) -> Result<(), ServiceError> {
        self.served_family(viewer, family).await?;
        let today = self.inner.clock.today();
        let all = self.inner.store.allocations(family.uuid()).await?;
        let one = all.iter().find(|row| row.allocation.id == id).ok_or(ServiceError::NotFound)?;
        let ended: Vec<Allocation> = all
            .iter()
            .filter(|row| row.current(today) && row.allocation.worker_id == one.allocation.worker_id)
            .filter(|row| row.allocation.unknown_worker == one.allocation.unknown_worker)
            .map(|row| Allocation {
                ends: Some(today.max(row.allocation.starts)),
                by_hand: true,
                ..row.allocation.clone()
            })
            .collect();
        self.keep_allocations(&ended).await
    }

    async fn keep_allocations(&self, allocations: &[Allocation]) -> Result<(), ServiceError> {
        let mut tx = self.inner.store.begin().await?;
        for allocation in allocations {
            tx.keep_allocation(allocation).await?;
        }
        tx.commit().await?;
        self.rights_changed().await
    }
}
