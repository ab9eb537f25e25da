//! The one writer of journals: appends of many subjects share one commit.

use chrono::{DateTime, Utc};
use domain::record::Record;
use domain::{CommandId, WorkerId, meeting::Room};
use std::time::Duration;
use store::family::LatestSummary;
use store::journal::{Kind, Written};
use store::late::LateRow;
use store::meeting::MeetingRows;
use store::step::StepRow;
use store::{Store, StoreError, Tx, Uuid};
use tokio::sync::{mpsc, oneshot};

/// Appends waiting at once; more wait in their callers.
const QUEUE: usize = 1024;
/// Writes that share one commit at most.
const BATCH: usize = 128;
/// How long a busy writer gathers before it commits.
const WINDOW: Duration = Duration::from_millis(3);

/// Events for one journal that stands at `last`.
#[derive(Debug)]
pub(crate) struct Append {
    pub kind: Kind,
    pub journal: Uuid,
    pub last: i64,
    pub events: Vec<Written>,
}

/// A row of a projection.
#[derive(Debug)]
pub(crate) enum Row {
    Meeting(MeetingRows),
    Step(StepRow),
    Record(Box<Record>),
    Summary(LatestSummary),
    Late(LateRow),
    Snapshot(i64, Box<Room>),
}

/// A command's outcome as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub worker: WorkerId,
    pub command: CommandId,
    pub at: DateTime<Utc>,
    pub body: String,
}

/// What becomes durable together, or not at all.
#[derive(Debug, Default)]
pub(crate) struct Write {
    pub appends: Vec<Append>,
    pub rows: Vec<Row>,
    pub outcomes: Vec<Kept>,
}

type Answer = oneshot::Sender<Result<bool, StoreError>>;

/// A handle to the writer task.
#[derive(Debug, Clone)]
pub(crate) struct Writer(mpsc::Sender<(Write, Answer)>);

impl Writer {
    /// Starts the writer; it ends when the last handle is dropped.
    pub fn start(store: Store) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(run(store, receiver));
        Self(sender)
    }

    /// Writes; `Ok(true)` once durable, `Ok(false)` where another process was first.
    pub async fn write(&self, write: Write) -> Result<bool, StoreError> {
        let (answer, answered) = oneshot::channel();
        let gone = || StoreError::Address("a writer that has stopped; restart the server".to_owned());
        self.0.send((write, answer)).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

async fn run(store: Store, mut receiver: mpsc::Receiver<(Write, Answer)>) {
    let mut busy = false;
    while let Some(first) = receiver.recv().await {
        if busy {
            tokio::time::sleep(WINDOW).await;
        }
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = receiver.try_recv()
        {
            batch.push(next);
        }
        busy = batch.len() > 1;
        commit(&store, batch).await;
    }
}

/// One commit for all; where that fails, each on its own, so that one bad write harms no other.
async fn commit(store: &Store, batch: Vec<(Write, Answer)>) {
    match try_all(store, &batch).await {
        Ok(written) => {
            for ((_, answer), written) in batch.into_iter().zip(written) {
                let _ = answer.send(Ok(written));
            }
        }
        Err(error) if batch.len() == 1 => {
            tracing::error!(%error, "a write failed");
            for (_, answer) in batch {
                let _ = answer.send(Err(StoreError::Address(format!("a database that refused a write: {error}"))));
            }
        }
        Err(error) => {
            tracing::warn!(%error, writes = batch.len(), "a shared commit failed; writing one by one");
            for single in batch {
                Box::pin(commit(store, vec![single])).await;
            }
        }
    }
}

async fn try_all(store: &Store, batch: &[(Write, Answer)]) -> Result<Vec<bool>, StoreError> {
    let mut tx = store.begin().await?;
    let mut written = Vec::with_capacity(batch.len());
    for (write, _) in batch {
        tx.savepoint().await?;
        let fits = apply(&mut tx, write).await?;
        tx.end_savepoint(fits).await?;
        written.push(fits);
    }
    let touched: Vec<String> = batch
        .iter()
        .zip(&written)
        .filter(|(_, fits)| **fits)
        .flat_map(|((write, _), _)| write.appends.iter().map(|append| append.journal.to_string()))
        .collect();
    // PostgreSQL refuses payloads of 8000 bytes; polling finds what a long batch leaves out.
    tx.notify(&touched[..touched.len().min(200)].join(" ")).await?;
    tx.commit().await?;
    Ok(written)
}

async fn apply(tx: &mut Tx, write: &Write) -> Result<bool, StoreError> {
    for append in &write.appends {
        if !tx.append(append.kind, append.journal, append.last, &append.events).await? {
            return Ok(false);
        }
    }
    for row in &write.rows {
        match row {
            Row::Meeting(rows) => tx.keep_meeting(rows).await?,
            Row::Step(step) => tx.keep_step(step).await?,
            Row::Record(record) => tx.keep_record(record).await?,
            Row::Summary(summary) => tx.keep_summary(summary).await?,
            Row::Late(late) => tx.keep_late_contribution(late).await?,
            Row::Snapshot(seq, room) => tx.keep_snapshot(room.id.uuid(), *seq, room).await?,
        }
    }
    for kept in &write.outcomes {
        tx.keep_outcome(kept.worker, kept.command, kept.at, &kept.body).await?;
    }
    Ok(true)
}
