//! Who downloaded which minutes when.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::{MeetingId, TeamId, WorkerId};
use uuid::Uuid;

/// One download.
#[derive(Debug, Clone)]
pub struct Export {
    /// Who.
    pub worker_id: WorkerId,
    /// Which meeting's minutes.
    pub meeting_id: MeetingId,
    /// "html", "md", "json" …; "sent" where somebody noted that it went to somebody who is no user.
    pub format: String,
    /// References of the families in it, separated by commas.
    pub families: String,
    /// When.
    pub at: DateTime<Utc>,
    /// For whom; empty where it was for whoever made it.
    pub made_for: String,
    /// Who said yes to what was flagged; empty where nothing was.
    pub approved_by: String,
    /// Which record, where it is one record's.
    pub record_id: Option<Uuid>,
}

row!(Export { worker_id, meeting_id, format, families, at, made_for, approved_by, record_id });

impl Store {
    /// The latest downloads of a team's minutes, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn exports(&self, team: TeamId, limit: i64) -> Result<Vec<Export>, StoreError> {
        const READ: &str = "SELECT e.worker_id, e.meeting_id, e.format, e.families, e.at, e.made_for, e.approved_by, \
             e.record_id FROM exports e \
             JOIN meetings m ON m.id = e.meeting_id WHERE m.team_id = $1 ORDER BY e.at DESC, e.id LIMIT $2";
        Ok(fetch_all!(self, Export, READ, team.uuid(), limit)?)
    }
}

impl Store {
    /// The copies of the records of the families in a scope, oldest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn copies(&self, scope: Uuid) -> Result<Vec<Export>, StoreError> {
        const READ: &str = "SELECT e.worker_id, e.meeting_id, e.format, e.families, e.at, e.made_for, e.approved_by, \
             e.record_id FROM scopes s JOIN records r ON r.family_id = s.family_id JOIN exports e ON e.record_id = r.id \
             WHERE s.scope_id = $1 ORDER BY e.at, e.id";
        Ok(fetch_all!(self, Export, READ, scope)?)
    }
}

impl Tx {
    /// Notes a download.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_export(&mut self, id: Uuid, export: &Export) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO exports (id, worker_id, meeting_id, format, families, at, made_for, \
             approved_by, record_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let (worker, meeting) = (export.worker_id.uuid(), export.meeting_id.uuid());
        execute!(
            self,
            KEEP,
            id,
            worker,
            meeting,
            export.format.as_str(),
            export.families.as_str(),
            export.at,
            export.made_for.as_str(),
            export.approved_by.as_str(),
            export.record_id,
        )?;
        Ok(())
    }
}
