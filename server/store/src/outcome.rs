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

/// A command's outcome as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Whose command.
    pub worker: WorkerId,
    /// Its id, unique for the worker.
    pub command: CommandId,
    /// When it was decided.
    pub at: DateTime<Utc>,
    /// What it came to, as JSON.
    pub body: String,
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
    /// Keeps commands' outcomes. `false` where one of the commands was carried out before; the transaction
    /// must be given up then.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_outcomes(&mut self, outcomes: &[&Kept]) -> Result<bool, StoreError> {
        const KEEP: &str = "INSERT INTO outcomes (worker_id, command_id, at, body) ";
        const ONCE: &str = " ON CONFLICT (worker_id, command_id) DO NOTHING";
        if outcomes.is_empty() {
            return Ok(true);
        }
        let rows = outcomes.iter();
        let kept = insert_all!(
            self, KEEP, rows, row => [row.worker.uuid(), row.command.uuid(), row.at, row.body.as_str()], ONCE
        )?;
        Ok(kept == outcomes.len() as u64)
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
