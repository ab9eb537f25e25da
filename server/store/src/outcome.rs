//! Outcomes of commands, so that a retry gets the same answer, and pens.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::{CommandId, WorkerId};
use uuid::Uuid;

/// Whose words a pen writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pen {
    /// Author id in the text, below 2^53.
    pub pen: u64,
    /// Who holds it.
    pub worker: WorkerId,
    /// For whom, where a chair or record-taker writes for somebody.
    pub on_behalf_of: Option<WorkerId>,
}

impl Store {
    /// What a command came to, where it was seen before.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn outcome(&self, worker: WorkerId, command: CommandId) -> Result<Option<String>, StoreError> {
        const READ: &str = "SELECT body FROM outcomes WHERE worker_id = $1 AND command_id = $2";
        let row = fetch_optional!(self, (String,), READ, worker.uuid(), command.uuid())?;
        Ok(row.map(|(body,)| body))
    }

    /// A pen by its author id.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn pen(&self, pen: u64) -> Result<Option<Pen>, StoreError> {
        const READ: &str = "SELECT worker_id, on_behalf_of FROM pens WHERE pen = $1";
        let Ok(key) = i64::try_from(pen) else { return Ok(None) };
        let row = fetch_optional!(self, (Uuid, Option<Uuid>), READ, key)?;
        Ok(row.map(|(worker, for_whom)| Pen {
            pen,
            worker: WorkerId::new(worker),
            on_behalf_of: for_whom.map(WorkerId::new),
        }))
    }
}

impl Tx {
    /// Keeps a command's outcome. A second one for the same command changes nothing.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_outcome(
        &mut self, worker: WorkerId, command: CommandId, at: DateTime<Utc>, body: &str,
    ) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO outcomes (worker_id, command_id, at, body) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (worker_id, command_id) DO NOTHING";
        execute!(self, KEEP, worker.uuid(), command.uuid(), at, body)?;
        Ok(())
    }

    /// Gives out a pen; `false` where that author id is taken.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn grant_pen(&mut self, pen: Pen, at: DateTime<Utc>) -> Result<bool, StoreError> {
        const GRANT: &str = "INSERT INTO pens (pen, worker_id, on_behalf_of, granted_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (pen) DO NOTHING";
        let key = i64::try_from(pen.pen).expect("pens are below 2^53");
        Ok(execute!(self, GRANT, key, pen.worker.uuid(), pen.on_behalf_of.map(WorkerId::uuid), at)? == 1)
    }
}
