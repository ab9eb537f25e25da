//! Refused forms, so that what was typed is shown again, and what forms did, so that the next page says it.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::WorkerId;
use uuid::Uuid;

impl Store {
    /// A kept form; only for the worker who sent it (`None` before signing in).
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn draft(&self, id: Uuid, worker: Option<WorkerId>) -> Result<Option<String>, StoreError> {
        const READ: &str = "SELECT body, worker_id FROM drafts WHERE id = $1";
        let row = fetch_optional!(self, (String, Option<Uuid>), READ, id)?;
        Ok(row.filter(|(_, owner)| owner.map(WorkerId::new) == worker).map(|(body, _)| body))
    }
}

impl Tx {
    /// Forgets one of a worker's.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn forget_draft(&mut self, id: Uuid, worker: WorkerId) -> Result<(), StoreError> {
        execute!(self, "DELETE FROM drafts WHERE id = $1 AND worker_id = $2", id, worker.uuid())?;
        Ok(())
    }

    /// Keeps one, and forgets those older than a day.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_draft(
        &mut self, id: Uuid, worker: Option<WorkerId>, body: &str, at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        const FORGET: &str = "DELETE FROM drafts WHERE kept_at < $1";
        const KEEP: &str = "INSERT INTO drafts (id, worker_id, body, kept_at) VALUES ($1, $2, $3, $4)";
        execute!(self, FORGET, at - chrono::TimeDelta::days(1))?;
        execute!(self, KEEP, id, worker.map(WorkerId::uuid), body, at)?;
        Ok(())
    }
}
