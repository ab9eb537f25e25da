//! Late contributions: words that came after a family was finished.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{FamilyId, MeetingId, WorkerId};
use uuid::Uuid;

/// One of them, as the lists need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateRow {
    /// About which family.
    pub family_id: FamilyId,
    /// For which meeting.
    pub meeting_id: MeetingId,
    /// Whose.
    pub worker_id: WorkerId,
    /// When it was filed.
    pub at: DateTime<Utc>,
    /// The day of the meeting.
    pub held_on: NaiveDate,
    /// Markdown.
    pub text: String,
}

impl Store {
    /// Those of a family, a team's families or a meeting's, of meetings held on or after a day, in the order they were filed.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn late_contributions(&self, scope: Uuid, since: NaiveDate) -> Result<Vec<LateRow>, StoreError> {
        const READ: &str = "SELECT late.family_id, late.meeting_id, late.worker_id, late.at, late.held_on, late.text \
             FROM late_contributions AS late JOIN scopes ON scopes.family_id = late.family_id \
             WHERE scopes.scope_id = $1 AND late.held_on >= $2 ORDER BY late.at";
        let rows = fetch_all!(self, (Uuid, Uuid, Uuid, DateTime<Utc>, NaiveDate, String), READ, scope, since)?;
        Ok(late_rows(rows))
    }

    /// Those of one meeting, in the order they were filed.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn late_of_meeting(&self, meeting: MeetingId) -> Result<Vec<LateRow>, StoreError> {
        const READ: &str = "SELECT family_id, meeting_id, worker_id, at, held_on, text FROM late_contributions \
             WHERE meeting_id = $1 ORDER BY at";
        let rows = fetch_all!(self, (Uuid, Uuid, Uuid, DateTime<Utc>, NaiveDate, String), READ, meeting.uuid())?;
        Ok(late_rows(rows))
    }
}

fn late_rows(rows: Vec<(Uuid, Uuid, Uuid, DateTime<Utc>, NaiveDate, String)>) -> Vec<LateRow> {
    let row = |(family, meeting, worker, at, held_on, text)| LateRow {
        family_id: FamilyId::new(family),
        meeting_id: MeetingId::new(meeting),
        worker_id: WorkerId::new(worker),
        at,
        held_on,
        text,
    };
    rows.into_iter().map(row).collect()
}

impl Tx {
    /// Keeps one; the same one again changes nothing.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_late_contribution(&mut self, late: &LateRow) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO late_contributions (family_id, worker_id, at, meeting_id, held_on, text) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (family_id, worker_id, at) DO NOTHING";
        let (family, worker, meeting) = (late.family_id.uuid(), late.worker_id.uuid(), late.meeting_id.uuid());
        execute!(self, KEEP, family, worker, late.at, meeting, late.held_on, late.text.as_str())?;
        Ok(())
    }
}
