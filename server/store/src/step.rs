//! Projection of steps, for lists across families.

use crate::{Store, StoreError, Tx};
use chrono::NaiveDate;
use domain::family::{OpenStep, StepState};
use domain::status::StepStatus;
use domain::{FamilyId, MeetingId, RecordId, StepId, WorkerId};
use uuid::Uuid;

/// A step on somebody's list.
#[derive(Debug, Clone, PartialEq)]
pub struct StepRow {
    /// Its id.
    pub id: StepId,
    /// Which family.
    pub family_id: FamilyId,
    /// The meeting it was agreed in.
    pub meeting_id: MeetingId,
    /// The day it was agreed.
    pub agreed_on: NaiveDate,
    /// Who.
    pub owner: Option<Uuid>,
    /// What.
    pub what: String,
    /// With whom.
    pub with_whom: String,
    /// By when it is done now.
    pub due: Option<NaiveDate>,
    /// By when it was to be done when it was agreed.
    pub first_due: Option<NaiveDate>,
    /// What became of it.
    pub state: StepStatus,
    /// A word why.
    pub word: String,
    /// How often a meeting carried it on.
    pub carried: i64,
}

row!(StepRow { id, family_id, meeting_id, agreed_on, owner, what, with_whom, due, first_due, state, word, carried });

/// The row a step has.
#[must_use]
pub fn row(family: FamilyId, step: &OpenStep) -> StepRow {
    let word = match &step.state {
        StepState::Open => "",
        StepState::NotDone { word, .. }
        | StepState::Carried { word, .. }
        | StepState::Dropped { word, .. }
        | StepState::Done { word, .. } => word,
    };
    StepRow {
        id: step.step.step,
        family_id: family,
        meeting_id: step.meeting,
        agreed_on: step.on,
        owner: step.step.owner.as_ref().map(|owner| owner.worker.uuid()),
        what: step.step.what.clone(),
        with_whom: step.step.with.clone(),
        due: step.due(),
        first_due: step.step.due,
        state: (&step.state).into(),
        word: word.to_owned(),
        carried: i64::try_from(step.carried.len()).unwrap_or(i64::MAX),
    }
}

impl Store {
    /// A worker's steps that are not done, soonest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn steps_of(&self, owner: WorkerId) -> Result<Vec<StepRow>, StoreError> {
        const READ: &str = "SELECT id, family_id, meeting_id, agreed_on, owner, what, with_whom, due, first_due, state, word, carried \
             FROM steps WHERE owner IN (SELECT w.id FROM workers w WHERE w.id = $1 OR w.same_as = $1) AND state NOT IN ('done', 'dropped') ORDER BY due IS NULL, due, agreed_on, id";
        Ok(fetch_all!(self, StepRow, READ, owner.uuid())?)
    }

    /// Steps of the families in a scope that are not done, latest meeting first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn open_steps(&self, scope: Uuid) -> Result<Vec<StepRow>, StoreError> {
        const READ: &str = "SELECT t.id, t.family_id, t.meeting_id, t.agreed_on, t.owner, t.what, t.with_whom, t.due, t.first_due, \
             t.state, t.word, t.carried FROM scopes s JOIN steps t ON t.family_id = s.family_id \
             WHERE s.scope_id = $1 AND t.state NOT IN ('done', 'dropped') \
             ORDER BY t.agreed_on DESC, t.due IS NULL, t.due, t.id";
        Ok(fetch_all!(self, StepRow, READ, scope)?)
    }

    /// Steps of the families in a scope that are not done, and what became of those that were agreed last, latest meeting first.
    /// Of discussions that the reader stood out of there are none.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn current_steps(&self, scope: Uuid, reader: WorkerId) -> Result<Vec<StepRow>, StoreError> {
        const READ: &str = "WITH out AS (SELECT p.family_id, p.meeting_id FROM slot_out o JOIN slots p ON p.id = o.slot_id \
             WHERE o.worker_id IN (SELECT w.id FROM workers w WHERE w.id = $2 OR w.same_as = $2) AND p.family_id IS NOT NULL) SELECT t.id, t.family_id, t.meeting_id, t.agreed_on, t.owner, t.what, t.with_whom, t.due, t.first_due, \
             t.state, t.word, t.carried FROM scopes s JOIN steps t ON t.family_id = s.family_id \
             WHERE s.scope_id = $1 AND (t.family_id, t.meeting_id) NOT IN (SELECT family_id, meeting_id FROM out) \
             AND (t.state NOT IN ('done', 'dropped') OR t.agreed_on = (SELECT MAX(u.agreed_on) FROM steps u \
             WHERE u.family_id = t.family_id AND (u.family_id, u.meeting_id) NOT IN (SELECT family_id, meeting_id FROM out))) \
             ORDER BY t.agreed_on DESC, t.due IS NULL, t.due, t.id";
        Ok(fetch_all!(self, StepRow, READ, scope, reader.uuid())?)
    }

    /// All steps of the families in a scope, latest meeting first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn steps_in(&self, scope: Uuid) -> Result<Vec<StepRow>, StoreError> {
        const READ: &str = "SELECT t.id, t.family_id, t.meeting_id, t.agreed_on, t.owner, t.what, t.with_whom, t.due, t.first_due, \
             t.state, t.word, t.carried FROM scopes s JOIN steps t ON t.family_id = s.family_id \
             WHERE s.scope_id = $1 ORDER BY t.agreed_on DESC, t.due IS NULL, t.due, t.id";
        Ok(fetch_all!(self, StepRow, READ, scope)?)
    }

    /// One step.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn step(&self, id: StepId) -> Result<Option<StepRow>, StoreError> {
        const READ: &str = "SELECT id, family_id, meeting_id, agreed_on, owner, what, with_whom, due, first_due, state, word, carried \
             FROM steps WHERE id = $1";
        Ok(fetch_optional!(self, StepRow, READ, id.uuid())?)
    }
}

impl Tx {
    /// Takes drafts and steps of a family that was reopened off the lists; its journal keeps them.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn withdraw(&mut self, records: &[RecordId], steps: &[StepId]) -> Result<(), StoreError> {
        for record in records {
            execute!(self, "DELETE FROM records WHERE id = $1", record.uuid())?;
        }
        for step in steps {
            execute!(self, "DELETE FROM steps WHERE id = $1", step.uuid())?;
        }
        Ok(())
    }

    /// Projection: takes a step as it is now.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_step(&mut self, step: &StepRow) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO steps (id, family_id, meeting_id, agreed_on, owner, what, with_whom, due, first_due, \
             state, word, carried) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, what = excluded.what, due = excluded.due, first_due = excluded.first_due, \
             state = excluded.state, word = excluded.word, carried = excluded.carried";
        execute!(
            self,
            KEEP,
            step.id.uuid(),
            step.family_id.uuid(),
            step.meeting_id.uuid(),
            step.agreed_on,
            step.owner,
            step.what.as_str(),
            step.with_whom.as_str(),
            step.due,
            step.first_due,
            step.state.word(),
            step.word.as_str(),
            step.carried,
        )?;
        Ok(())
    }

    /// Empties what can be rebuilt from the journals.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn forget_projections(&mut self) -> Result<(), StoreError> {
        for statement in [
            "DELETE FROM brought_in",
            "DELETE FROM put_off",
            "DELETE FROM slot_out",
            "DELETE FROM slots",
            "DELETE FROM meetings",
            "DELETE FROM steps",
            "DELETE FROM records",
            "DELETE FROM summaries",
            "DELETE FROM late_contributions",
            "DELETE FROM own_words",
            "DELETE FROM safety_plans",
            "DELETE FROM snapshots",
            "DELETE FROM holds",
        ] {
            execute!(self, statement)?;
        }
        Ok(())
    }
}
