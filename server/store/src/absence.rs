//! When workers are away.

use crate::{Store, StoreError, Tx};
use chrono::NaiveDate;
use domain::WorkerId;
use uuid::Uuid;

impl Store {
    /// Who is away when, of those whose absence ends on or after a day.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn absences(&self, since: NaiveDate) -> Result<Vec<(WorkerId, NaiveDate, NaiveDate)>, StoreError> {
        const READ: &str = "SELECT worker_id, starts, ends FROM absences WHERE ends >= $1 ORDER BY starts, worker_id";
        let rows = fetch_all!(self, (Uuid, NaiveDate, NaiveDate), READ, since)?;
        Ok(rows.into_iter().map(|(worker, starts, ends)| (WorkerId::new(worker), starts, ends)).collect())
    }
}

impl Tx {
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
}
