//! A worker's running notes of a meeting.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::{MeetingId, SlotId, WorkerId};
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

/// How many lines of somebody's running note of one family are in no box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteCount {
    /// About which family.
    pub slot_id: SlotId,
    /// Whose note it is.
    pub worker_id: WorkerId,
    /// How many.
    pub lines: i64,
}

row!(NoteCount { slot_id, worker_id, lines });

impl Store {
    /// How many lines of everybody's running notes of a meeting are in no box.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn unfiled_notes(&self, meeting: MeetingId) -> Result<Vec<NoteCount>, StoreError> {
        const READ: &str = "SELECT slot_id, worker_id, COUNT(*) AS lines FROM running_notes WHERE meeting_id = $1 \
             GROUP BY slot_id, worker_id ORDER BY slot_id, worker_id";
        Ok(fetch_all!(self, NoteCount, READ, meeting.uuid())?)
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
