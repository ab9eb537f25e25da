//! Steps: everybody's own list, what became of them, and who takes those whose owner has left.

use crate::workbook::family::{at_work, step_card};
use crate::{Service, ServiceError};
use chrono::TimeDelta;
use domain::family::WorkbookEvent;
use domain::meeting::refusal::short;
use domain::page::StepCard;
use domain::policy::{FamilyStaff, Staff, TeamStaff};
use domain::viewer::Viewer;
use domain::{StepId, WorkerId};
use store::family::Family;
use store::step::StepRow;

/// Until the day after their allocation ended somebody may say their last words. It does not count any more on the day
/// it ends, so it counted two days before.
pub(crate) const AFTERWARDS: TimeDelta = TimeDelta::days(2);

impl Service {
    /// The viewer's open steps, soonest first: those they may still say something of.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn my_steps(&self, viewer: &Viewer) -> Result<Vec<StepCard>, ServiceError> {
        let (directory, today) = (self.directory().await?, self.inner.clock.today());
        let mut cards = Vec::new();
        for step in self.inner.store.steps_of(viewer.worker).await? {
            let Some(family) = self.inner.store.family(step.family_id).await? else { continue };
            if self.answers_step(viewer, &step, &family).await? {
                let allocations = self.inner.store.allocations(family.id.uuid()).await?;
                let workers = at_work(&allocations, family.id, &directory, today);
                cards.push(step_card(&step, &family, &workers, &directory, viewer));
            }
        }
        Ok(cards)
    }

    /// Whether the viewer says what became of a step: who serves the family's team; its owner while they work with the
    /// family, the day after that, and until the record it is from is signed.
    async fn answers_step(&self, viewer: &Viewer, step: &StepRow, family: &Family) -> Result<bool, ServiceError> {
        let stood_out = self.inner.store.stood_out(viewer.worker).await?;
        if stood_out.contains(&(step.meeting_id, step.family_id)) || viewer.locked_out.contains(&step.family_id) {
            return Ok(false);
        }
        if TeamStaff::of(viewer, family.team()).is_some() {
            return Ok(true);
        }
        let directory = self.directory().await?;
        if step.owner.map(|owner| directory.person(WorkerId::new(owner))) != Some(viewer.worker) {
            return Ok(false);
        }
        if viewer.families.contains(&family.id) {
            return Ok(true);
        }
        let lately = self.inner.clock.today() - AFTERWARDS;
        let allocations = self.inner.store.allocations(family.id.uuid()).await?;
        if at_work(&allocations, family.id, directory.as_ref(), lately).contains(&viewer.worker) {
            return Ok(true);
        }
        let records = self.inner.store.records_of_meeting(step.meeting_id).await?;
        Ok(records.iter().any(|record| record.family == family.id && !record.signed()))
    }

    /// The open steps of the teams a viewer serves, by family; those whose owner has left first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn team_steps(&self, staff: Staff<'_>) -> Result<Vec<StepCard>, ServiceError> {
        let viewer = staff.viewer();
        let (directory, today) = (self.directory().await?, self.inner.clock.today());
        let stood_out = self.inner.store.stood_out(viewer.worker).await?;
        let mut cards = Vec::new();
        for team in staff.teams() {
            let families = self.families_of_team(viewer, team).await?;
            let allocations = self.inner.store.allocations(team.uuid()).await?;
            let steps = self.inner.store.open_steps(team.uuid()).await?;
            let open = |step: &&StepRow| !stood_out.contains(&(step.meeting_id, step.family_id));
            for step in steps.iter().filter(open) {
                if let Some(family) = families.iter().find(|family| family.id == step.family_id) {
                    let workers = at_work(&allocations, family.id, &directory, today);
                    cards.push(step_card(step, family, &workers, &directory, viewer));
                }
            }
        }
        cards.sort_by(|a, b| {
            let left = b.owner_left.cmp(&a.owner_left);
            left.then_with(|| a.reference.cmp(&b.reference)).then_with(|| a.due.cmp(&b.due))
        });
        Ok(cards)
    }

    /// Gives a step whose owner has left to somebody who works with the family, by who serves its team. Gives their name.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is no step of the family; a form error where nobody who can take it is chosen.
    pub async fn hand_over_step(
        &self, staff: FamilyStaff<'_>, id: StepId, to: WorkerId,
    ) -> Result<String, ServiceError> {
        let family = staff.family();
        let (directory, today) = (self.directory().await?, self.inner.clock.today());
        let allocations = self.inner.store.allocations(family.uuid()).await?;
        let takes = at_work(&allocations, family, &directory, today).contains(&to);
        let Some(to) = directory.names.get(&to).filter(|_| takes) else {
            return Err(ServiceError::field(&format!("to-{id}"), "Choose somebody who works with the family."));
        };
        self.write_workbook(staff.viewer(), family, None, |workbook| {
            let agreed = workbook.steps.iter().find(|agreed| agreed.step.step == id).ok_or(ServiceError::NotFound)?;
            let already = agreed.step.owner.as_ref().is_some_and(|owner| owner.worker == to.worker);
            Ok((!already).then(|| WorkbookEvent::StepHandedOver { step: id, to: to.clone() }))
        })
        .await?;
        Ok(to.name.clone())
    }

    /// Says what became of a step: its owner, or who serves the family's team. Gives what the step is.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to know or answer.
    pub async fn answer_step(
        &self, viewer: &Viewer, id: StepId, done: bool, word: &str,
    ) -> Result<String, ServiceError> {
        let word = short("A word why", word, 500)?;
        let step = self.answerable_step(viewer, id).await?;
        self.write_workbook(viewer, step.family_id, None, |workbook| {
            let exists = workbook.steps.iter().any(|agreed| agreed.step.step == id);
            let event = WorkbookEvent::StepAnswered { step: id, done, word: word.clone(), said: None };
            if exists { Ok(Some(event)) } else { Err(ServiceError::NotFound) }
        })
        .await?;
        Ok(step.what)
    }

    /// Takes back what the viewer said of a step last, outside a meeting. Gives what the step is.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to answer; a form error where something was said of it since.
    pub async fn take_back_answer(&self, viewer: &Viewer, id: StepId) -> Result<String, ServiceError> {
        let step = self.answerable_step(viewer, id).await?;
        self.write_workbook(viewer, step.family_id, None, |workbook| {
            let agreed = workbook.steps.iter().find(|agreed| agreed.step.step == id).ok_or(ServiceError::NotFound)?;
            if agreed.answered_outside_by(viewer.worker) {
                return Ok(Some(WorkbookEvent::StepAnswerTakenBack { step: id, meeting: None }));
            }
            Err(ServiceError::field("", "This cannot be undone any more: something was said of the step since."))
        })
        .await?;
        Ok(step.what)
    }

    /// A step the viewer may say something of.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to know or answer.
    async fn answerable_step(&self, viewer: &Viewer, id: StepId) -> Result<StepRow, ServiceError> {
        let step = self.inner.store.step(id).await?.ok_or(ServiceError::NotFound)?;
        let family = self.inner.store.family(step.family_id).await?.ok_or(ServiceError::NotFound)?;
        if self.answers_step(viewer, &step, &family).await? { Ok(step) } else { Err(ServiceError::NotFound) }
    }
}
