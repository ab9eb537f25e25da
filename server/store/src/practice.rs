//! What the practice keeps beside journals: opinions of a month, and a record-taker's running note.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{MeetingId, SlotId, TeamId, WorkerId};
use uuid::Uuid;

/// One line of a running note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRow {
    /// Its id.
    pub id: Uuid,
    /// In which meeting.
    pub meeting_id: MeetingId,
    /// About which family.
    pub slot_id: SlotId,
    /// Whose note it is.
    pub worker_id: WorkerId,
    /// Who said it, where that is known.
    pub speaker: Option<Uuid>,
    /// What.
    pub text: String,
    /// Whether it is to be checked later.
    pub check_later: bool,
    /// When.
    pub at: DateTime<Utc>,
}

row!(NoteRow { id, meeting_id, slot_id, worker_id, speaker, text, check_later, at });

impl Store {
    /// Answers of a team's months: month, answer, count.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn opinions(&self, team: TeamId) -> Result<Vec<(String, String, i64)>, StoreError> {
        const READ: &str = "SELECT month, answer, count FROM opinions WHERE team_id = $1 ORDER BY month, answer";
        Ok(fetch_all!(self, (String, String, i64), READ, team.uuid())?)
    }

    /// Whether somebody, known by a hash alone, has answered for a month.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn opinion_given(&self, team: TeamId, month: &str, hash: &str) -> Result<bool, StoreError> {
        const READ: &str = "SELECT month FROM opinions_given WHERE team_id = $1 AND month = $2 AND worker_hash = $3";
        Ok(fetch_optional!(self, (String,), READ, team.uuid(), month, hash)?.is_some())
    }

    /// Who is away when, of those whose absence ends on or after a day.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn absences(&self, since: NaiveDate) -> Result<Vec<(WorkerId, NaiveDate, NaiveDate)>, StoreError> {
        const READ: &str = "SELECT worker_id, starts, ends FROM absences WHERE ends >= $1 ORDER BY starts, worker_id";
        let rows = fetch_all!(self, (Uuid, NaiveDate, NaiveDate), READ, since)?;
        Ok(rows.into_iter().map(|(worker, starts, ends)| (WorkerId::new(worker), starts, ends)).collect())
    }

    /// A worker's running note of a meeting, in order.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn notes(&self, meeting: MeetingId, worker: WorkerId) -> Result<Vec<NoteRow>, StoreError> {
        const READ: &str = "SELECT id, meeting_id, slot_id, worker_id, speaker, text, check_later, at \
             FROM running_notes WHERE meeting_id = $1 AND worker_id = $2 ORDER BY at, id";
        Ok(fetch_all!(self, NoteRow, READ, meeting.uuid(), worker.uuid())?)
    }
}

impl Tx {
    /// Counts an answer once; `false` where this hash has answered already.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn count_opinion(
        &mut self, team: TeamId, month: &str, hash: &str, answer: &str,
    ) -> Result<bool, StoreError> {
        const ONCE: &str = "INSERT INTO opinions_given (team_id, month, worker_hash) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING";
        const COUNT: &str = "INSERT INTO opinions (team_id, month, answer, count) VALUES ($1, $2, $3, 1) \
             ON CONFLICT (team_id, month, answer) DO UPDATE SET count = opinions.count + 1";
        if execute!(self, ONCE, team.uuid(), month, hash)? != 1 {
            return Ok(false);
        }
        execute!(self, COUNT, team.uuid(), month, answer)?;
        Ok(true)
    }

    /// Notes that somebody is away; the same first day again takes the new last one.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_absence(
        &mut self, worker: WorkerId, starts: NaiveDate, ends: NaiveDate,
    ) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO absences (worker_id, starts, ends) VALUES ($1, $2, $3) \
             ON CONFLICT (worker_id, starts) DO UPDATE SET ends = excluded.ends";
        execute!(self, KEEP, worker.uuid(), starts, ends)?;
        Ok(())
    }

    /// Takes an absence back.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn forget_absence(&mut self, worker: WorkerId, starts: NaiveDate) -> Result<(), StoreError> {
        execute!(self, "DELETE FROM absences WHERE worker_id = $1 AND starts = $2", worker.uuid(), starts)?;
        Ok(())
    }

    /// Keeps a line of a running note.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_note(&mut self, note: &NoteRow) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO running_notes (id, meeting_id, slot_id, worker_id, speaker, text, check_later, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
        let (meeting, slot, worker) = (note.meeting_id.uuid(), note.slot_id.uuid(), note.worker_id.uuid());
        execute!(
            self,
            KEEP,
            note.id,
            meeting,
            slot,
            worker,
            note.speaker,
            note.text.as_str(),
            note.check_later,
            note.at
        )?;
        Ok(())
    }

    /// A line of a worker's own running note needs no check any more.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn check_note(&mut self, id: Uuid, worker: WorkerId) -> Result<(), StoreError> {
        const CHECK: &str = "UPDATE running_notes SET check_later = FALSE WHERE id = $1 AND worker_id = $2";
        execute!(self, CHECK, id, worker.uuid())?;
        Ok(())
    }

    /// Forgets everybody's running notes about one family's part of a meeting.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn forget_notes_of(&mut self, slot: SlotId) -> Result<(), StoreError> {
        execute!(self, "DELETE FROM running_notes WHERE slot_id = $1", slot.uuid())?;
        Ok(())
    }

    /// Forgets a line of a worker's own running note.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn forget_note(&mut self, id: Uuid, worker: WorkerId) -> Result<(), StoreError> {
        execute!(self, "DELETE FROM running_notes WHERE id = $1 AND worker_id = $2", id, worker.uuid())?;
        Ok(())
    }
}
