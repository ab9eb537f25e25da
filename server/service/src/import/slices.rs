//! An import writes in short slices with pauses between them, so that no meeting waits for it.

use crate::ServiceError;
use std::time::{Duration, Instant};
use store::{Store, StoreError, Tx};

/// How long one slice holds the database.
const SLICE: Duration = Duration::from_millis(5);
/// How long others have it then; SQLite's writers look for their turn every few milliseconds.
const PAUSE: Duration = Duration::from_millis(12);

/// Transactions, one after the other. An import that breaks off leaves what it has read; the next one goes on.
pub(super) struct Slices<'a> {
    store: &'a Store,
    dry_run: bool,
    open: Option<(Tx, Instant)>,
}

impl<'a> Slices<'a> {
    pub fn new(store: &'a Store, dry_run: bool) -> Self {
        Self { store, dry_run, open: None }
    }

    /// Here one slice may end and another begin.
    pub async fn next(&mut self) -> Result<(), ServiceError> {
        if self.open.as_ref().is_some_and(|(_, since)| since.elapsed() > SLICE) {
            self.end().await?;
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Writes; nothing in a dry run.
    pub async fn write(
        &mut self, work: impl AsyncFnOnce(&mut Tx) -> Result<(), StoreError>,
    ) -> Result<(), ServiceError> {
        if self.dry_run {
            return Ok(());
        }
        if self.open.is_none() {
            // Time that nobody sets: this is about the machine.
            self.open = Some((self.store.begin().await?, Instant::now()));
        }
        if let Some((tx, _)) = &mut self.open {
            work(tx).await?;
        }
        Ok(())
    }

    /// Makes durable what is written.
    pub async fn end(&mut self) -> Result<(), ServiceError> {
        if let Some((tx, _)) = self.open.take() {
            tx.commit().await?;
        }
        Ok(())
    }
}
