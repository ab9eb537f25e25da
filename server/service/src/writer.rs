//! The one writer of journals: appends of many subjects share one commit.

use crate::access_chain::Log;
use crate::seal::SealKey;
use domain::meeting::Room;
use domain::own_words::OwnWords;
use domain::record::Record;
use domain::safety_plan::WrittenSafetyPlan;
use domain::{FamilyId, RecordId, SlotId, StepId};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use store::access::AccessEntry;
use store::delivery::DeliveryRow;
use store::family::LatestSummary;
use store::journal::Append;
use store::late::LateRow;
use store::meeting::MeetingRows;
use store::outcome::Kept;
use store::seal::Seal;
use store::step::StepRow;
use store::{Store, StoreError, Tx, Uuid};
use tokio::sync::{mpsc, oneshot};

/// Appends waiting at once; more wait in their callers.
const QUEUE: usize = 1024;
/// Writes that share one commit at most.
const BATCH: usize = 128;
/// How long a busy writer gathers before it commits.
const WINDOW: Duration = Duration::from_millis(6);
/// So many writes in one commit make the writer very busy: what a commit costs is then worth sharing among more.
const MANY: usize = 8;
/// How long a very busy writer gathers.
const LONG_WINDOW: Duration = Duration::from_millis(9);

/// A row of a projection.
#[derive(Debug)]
pub(crate) enum Row {
    Meeting(MeetingRows),
    Step(StepRow),
    Record(Box<Record>),
    Summary(LatestSummary),
    Late(LateRow),
    OwnWords(FamilyId, Box<OwnWords>),
    SafetyPlan(FamilyId, Box<WrittenSafetyPlan>),
    Snapshot(i64, Box<Room>),
    Delivery(DeliveryRow),
    Hold(FamilyId, Option<String>),
    NotesGone(SlotId),
    /// Drafts and steps of a family that was reopened.
    Withdrawn(Vec<RecordId>, Vec<StepId>),
}

/// How often SQLite's log is emptied.
const TIDY: Duration = Duration::from_secs(2);
/// A commit that takes longer than this is worth a line in the log.
const SLOW: Duration = Duration::from_millis(20);

/// What becomes durable together, or not at all.
#[derive(Debug, Default)]
pub(crate) struct Write {
    pub appends: Vec<Append>,
    pub rows: Vec<Row>,
    pub outcomes: Vec<Kept>,
    /// Seals, each with the code of the head it becomes.
    pub seals: Vec<(Seal, String)>,
    /// Entries of the access log.
    pub accesses: Vec<AccessEntry>,
}

type WriteAnswer = oneshot::Sender<Result<bool, StoreError>>;

/// A handle to the writer task.
#[derive(Debug, Clone)]
pub(crate) struct Writer(mpsc::Sender<(Write, WriteAnswer)>);

impl Writer {
    /// Starts the writer; it ends when the last handle is dropped.
    pub fn start(store: Store, key: SealKey) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(tidy(store.clone(), sender.downgrade()));
        tokio::spawn(run(store, Log::new(key), receiver));
        Self(sender)
    }

    /// Writes; `Ok(true)` once durable, `Ok(false)` where another process was first or a command came twice.
    pub async fn write(&self, write: Write) -> Result<bool, StoreError> {
        let (answer, answered) = oneshot::channel();
        let gone = || StoreError::Unavailable("the writer has stopped".to_owned());
        self.0.send((write, answer)).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

/// Keeps SQLite's log short, beside the commits and not in one of them.
async fn tidy(store: Store, writer: mpsc::WeakSender<(Write, WriteAnswer)>) {
    while writer.upgrade().is_some() {
        tokio::time::sleep(TIDY).await;
        if let Err(error) = store.tidy().await {
            tracing::warn!(%error, "the database could not be tidied");
        }
    }
}

async fn run(store: Store, mut log: Log, mut receiver: mpsc::Receiver<(Write, WriteAnswer)>) {
    let mut window = Duration::ZERO;
    while let Some(first) = receiver.recv().await {
        if !window.is_zero() {
            tokio::time::sleep(window).await;
        }
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = receiver.try_recv()
        {
            batch.push(next);
        }
        window = match batch.len() {
            0 | 1 => Duration::ZERO,
            few if few < MANY => WINDOW,
            _ => LONG_WINDOW,
        };
        let (began, writes) = (Instant::now(), batch.len());
        commit(&store, &mut log, batch).await;
        if began.elapsed() > SLOW {
            tracing::warn!(writes, took = ?began.elapsed(), "the database is slow");
        }
    }
}

/// One commit for all; where that is not possible, each on its own, so that one write harms no other.
async fn commit(store: &Store, log: &mut Log, batch: Vec<(Write, WriteAnswer)>) {
    match try_all(store, log, &batch).await {
        Ok(written) if written || batch.len() == 1 => {
            for (_, answer) in batch {
                let _ = answer.send(Ok(written));
            }
        }
        // The database is away or full: every write fails at once, and none waits for another's try.
        Err(StoreError::Unavailable(cause)) => {
            for (_, answer) in batch {
                let _ = answer.send(Err(StoreError::Unavailable(cause.clone())));
            }
        }
        Err(error) if batch.len() == 1 => {
            let mut error = Some(error);
            for (_, answer) in batch {
                let _ = answer.send(error.take().map_or(Ok(false), Err));
            }
        }
        shared => {
            if let Err(error) = shared {
                tracing::warn!(%error, writes = batch.len(), "a shared commit failed; writing one by one");
            }
            for single in batch {
                Box::pin(commit(store, log, vec![single])).await;
            }
        }
    }
}

/// `false` where something of it was there before; nothing is written then.
async fn try_all(store: &Store, log: &mut Log, batch: &[(Write, WriteAnswer)]) -> Result<bool, StoreError> {
    let appends: Vec<&Append> = batch.iter().flat_map(|(write, _)| &write.appends).collect();
    let touched: BTreeSet<Uuid> = appends.iter().map(|append| append.journal).collect();
    if touched.len() < appends.len() {
        return Ok(false);
    }
    let outcomes: Vec<&Kept> = batch.iter().flat_map(|(write, _)| &write.outcomes).collect();
    let mut tx = store.begin().await?;
    if !tx.append(&appends).await? || !tx.keep_outcomes(&outcomes).await? {
        return Ok(false);
    }
    for (seal, code) in batch.iter().flat_map(|(write, _)| &write.seals) {
        if !tx.keep_seal(seal, code).await? {
            return Ok(false);
        }
    }
    for row in batch.iter().flat_map(|(write, _)| &write.rows) {
        keep(&mut tx, row).await?;
    }
    // PostgreSQL refuses payloads of 8000 bytes; polling finds what a long batch leaves out.
    let touched: Vec<String> = touched.iter().take(200).map(Uuid::to_string).collect();
    tx.notify(&touched.join(" ")).await?;
    let accesses: Vec<&AccessEntry> = batch.iter().flat_map(|(write, _)| &write.accesses).collect();
    let chain = log.keep(store, &mut tx, &accesses).await?;
    if chain.is_some() {
        log.written(None);
    }
    tx.commit().await?;
    if chain.is_some() {
        log.written(chain);
    }
    Ok(true)
}

async fn keep(tx: &mut Tx, row: &Row) -> Result<(), StoreError> {
    match row {
        Row::Meeting(rows) => tx.keep_meeting(rows).await,
        Row::Step(step) => tx.keep_step(step).await,
        Row::Record(record) => tx.keep_record(record).await,
        Row::Summary(summary) => tx.keep_summary(summary).await,
        Row::Delivery(delivery) => tx.queue_delivery(delivery).await,
        Row::Hold(family, reason) => tx.keep_hold(*family, reason.as_deref()).await,
        Row::NotesGone(slot) => tx.forget_notes_of(*slot).await,
        Row::Withdrawn(records, steps) => tx.withdraw(records, steps).await,
        Row::Late(late) => tx.keep_late_contribution(late).await,
        Row::OwnWords(family, words) => tx.keep_own_words(*family, words).await,
        Row::SafetyPlan(family, plan) => tx.keep_safety_plan(*family, plan).await,
        Row::Snapshot(seq, room) => tx.keep_snapshot(room.id.uuid(), *seq, room).await,
    }
}
