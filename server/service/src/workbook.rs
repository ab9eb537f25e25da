//! Workbooks: in memory, and events for them with the rows that follow.

pub mod case_note;
pub mod chapter;
pub(crate) mod chronology;
pub mod confidential;
pub mod direct_work;
pub mod family;
pub mod genogram;
pub mod late;
pub mod message;
pub mod months;
pub mod next;
pub mod opening;
pub mod own_words;
pub mod safety_plan;
mod search;
pub mod step;
pub mod summary;
pub mod tonight;

use crate::writer::{Row, Write};
use crate::{Service, ServiceError};
use chrono::{DateTime, Utc};
use domain::family::{Workbook, WorkbookEvent};
use domain::meeting::Entry;
use domain::policy::FamilyReader;
use domain::viewer::Viewer;
use domain::{FamilyId, WorkerId};
use std::sync::Arc;
use store::journal::{Append, JournalKind, Written};
use store::outcome::Kept;
use store::seal::Seal;
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock, broadcast};

/// What is to be written into a workbook.
#[derive(Debug, Default)]
pub(crate) struct WorkbookWrite {
    /// In their order; none where nothing changes.
    pub events: Vec<WorkbookEvent>,
    /// Signed versions with the codes of their heads.
    pub seals: Vec<(Seal, String)>,
    /// What is queued with them.
    pub rows: Vec<Row>,
}

/// A workbook and the sequence it stands at; `None` after a write that failed, until it is read again.
type WorkbookState = Option<(Workbook, i64)>;

/// A workbook in memory.
#[derive(Default)]
pub(crate) struct LiveWorkbook(Arc<RwLock<WorkbookState>>);

/// A workbook that nobody else changes in this process while this is held. Events are applied at once; unless
/// [`WorkbookLock::durable`] is called, they are forgotten with the lock.
pub(crate) struct WorkbookLock {
    family: FamilyId,
    state: OwnedRwLockWriteGuard<WorkbookState>,
    undurable: Vec<Entry<WorkbookEvent>>,
}

impl WorkbookLock {
    /// Whose workbook it is.
    pub const fn family(&self) -> FamilyId {
        self.family
    }

    /// The workbook, with what was applied under this lock.
    pub fn workbook(&self) -> &Workbook {
        &self.state.as_ref().expect("it was read before it was locked").0
    }

    /// Applies an event, to be written with [`WorkbookLock::append`].
    pub fn apply(&mut self, at: DateTime<Utc>, by: WorkerId, event: WorkbookEvent) {
        let (workbook, seq) = self.state.as_mut().expect("it was read before it was locked");
        *seq += 1;
        let entry = Entry { seq: *seq, at, by, event };
        workbook.apply(&entry);
        self.undurable.push(entry);
    }

    /// What was applied and is not durable yet.
    pub fn entries(&self) -> &[Entry<WorkbookEvent>] {
        &self.undurable
    }

    /// The lines to be written; `None` where nothing was applied.
    pub fn append(&self) -> Option<Append> {
        let events: Vec<Written> = self.undurable.iter().map(Written::of).collect();
        (!events.is_empty()).then(|| Append { kind: JournalKind::Workbook, journal: self.family.uuid(), events })
    }

    /// Says that the lines were written.
    pub fn durable(mut self) {
        self.undurable.clear();
    }
}

impl Drop for WorkbookLock {
    fn drop(&mut self) {
        if !self.undurable.is_empty() {
            *self.state = None;
        }
    }
}

/// Tells the pages of meetings that a family's workbook has changed.
#[derive(Debug)]
pub(crate) struct WorkbookNews(broadcast::Sender<FamilyId>);

impl Default for WorkbookNews {
    fn default() -> Self {
        // Whoever is further behind hears of the next change.
        Self(broadcast::channel(64).0)
    }
}

impl WorkbookNews {
    pub fn tell(&self, family: FamilyId) {
        // Where no page is open nobody hears it.
        let _ = self.0.send(family);
    }

    pub fn listen(&self) -> broadcast::Receiver<FamilyId> {
        self.0.subscribe()
    }
}

impl Service {
    /// Whether somebody who reads a workbook also writes own words and the safety plan in it: who works with the family, and
    /// who serves its team.
    #[must_use]
    pub fn writes_workbook(reader: FamilyReader<'_>) -> bool {
        reader.allocated() || reader.staff().is_some()
    }

    /// A family's workbook as it stands.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub(crate) async fn workbook(
        &self, family: FamilyId,
    ) -> Result<OwnedRwLockReadGuard<WorkbookState, Workbook>, ServiceError> {
        let live = self.live_workbook(family);
        loop {
            let state = Arc::clone(&live.0).read_owned().await;
            let seq = state.as_ref().map(|(_, seq)| *seq);
            if seq.is_some() && !self.behind(family, seq).await? {
                return Ok(OwnedRwLockReadGuard::map(state, |state| &state.as_ref().expect("it is there").0));
            }
            drop(state);
            self.catch_up(family, &mut *live.0.write().await).await?;
        }
    }

    /// Locks a family's workbook, to decide on it and write to it.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub(crate) async fn lock_workbook(&self, family: FamilyId) -> Result<WorkbookLock, ServiceError> {
        let live = self.live_workbook(family);
        let mut state = Arc::clone(&live.0).write_owned().await;
        let seq = state.as_ref().map(|(_, seq)| *seq);
        if seq.is_none() || self.behind(family, seq).await? {
            self.catch_up(family, &mut state).await?;
        }
        Ok(WorkbookLock { family, state, undurable: Vec::new() })
    }

    fn live_workbook(&self, family: FamilyId) -> Arc<LiveWorkbook> {
        let loaded = self.inner.workbooks.loaded(family);
        loaded.unwrap_or_else(|| self.inner.workbooks.keep(family, LiveWorkbook::default()))
    }

    /// Whether another process has written what is not in memory.
    async fn behind(&self, family: FamilyId, seq: Option<i64>) -> Result<bool, ServiceError> {
        // One process serves an SQLite database.
        if matches!(self.inner.store, store::Store::Sqlite { .. }) {
            return Ok(false);
        }
        Ok(self.inner.store.last(family.uuid()).await? > seq.filter(|seq| *seq > 0))
    }

    async fn catch_up(&self, family: FamilyId, state: &mut WorkbookState) -> Result<(), ServiceError> {
        let (mut workbook, mut seq) = state.take().unwrap_or_default();
        for entry in self.inner.store.entries::<WorkbookEvent>(family.uuid(), seq).await? {
            workbook.apply(&entry);
            seq = entry.seq;
        }
        *state = Some((workbook, seq));
        Ok(())
    }

    /// Decides events on the workbook as it is and writes them in one commit; decides again where another process was
    /// first. What has an `outcome` kept is done once.
    ///
    /// # Errors
    /// What `decide` refuses; where the database does not answer.
    pub(crate) async fn write_workbook<E: IntoIterator<Item = WorkbookEvent>>(
        &self, viewer: &Viewer, family: FamilyId, outcome: Option<Kept>,
        mut decide: impl FnMut(&Workbook) -> Result<E, ServiceError>,
    ) -> Result<(), ServiceError> {
        for _ in 0..8 {
            if let Some(kept) = &outcome
                && self.inner.store.outcome(kept.worker, kept.command).await?.is_some()
            {
                return Ok(());
            }
            let lock = self.lock_workbook(family).await?;
            let events: Vec<WorkbookEvent> = decide(lock.workbook())?.into_iter().collect();
            if events.is_empty() {
                return Ok(());
            }
            let write = WorkbookWrite { events, ..WorkbookWrite::default() };
            if self.write_locked(viewer, lock, write, outcome.iter().cloned().collect()).await? {
                self.inner.workbook_news.tell(family);
                return Ok(());
            }
        }
        Err(ServiceError::Unavailable("other processes were first, again and again".to_owned()))
    }

    /// Writes what was decided under a lock; `false` where another process was first.
    pub(crate) async fn write_locked(
        &self, viewer: &Viewer, mut lock: WorkbookLock, write: WorkbookWrite, outcomes: Vec<Kept>,
    ) -> Result<bool, ServiceError> {
        let at = self.inner.clock.now();
        for event in write.events {
            lock.apply(at, viewer.worker, event);
        }
        let mut rows = write.rows;
        rows.extend(rows_of(&lock));
        let appends = lock.append().into_iter().collect();
        let written =
            self.inner.writer.write(Write { rows, appends, outcomes, seals: write.seals, ..Write::default() }).await?;
        if written {
            lock.durable();
        }
        Ok(written)
    }
}

/// The rows of projections that may have changed with what was applied under a lock. Every kind of event is named, so
/// that a new one must say which rows it changes.
pub(crate) fn rows_of(lock: &WorkbookLock) -> Vec<Row> {
    let (workbook, family) = (lock.workbook(), lock.family());
    let mut rows = Vec::new();
    let mut meetings = std::collections::BTreeSet::new();
    for entry in lock.entries() {
        match &entry.event {
            WorkbookEvent::RecordDrafted { record } => drop(meetings.insert(record.meeting)),
            WorkbookEvent::DraftsWithdrawn { slot, steps } => {
                let withdrawn = workbook.withdrawn.iter().filter(|record| record.slot == *slot);
                rows.push(Row::Withdrawn(withdrawn.map(|record| record.id).collect(), steps.clone()));
            }
            WorkbookEvent::StepAgreed { meeting, .. } => drop(meetings.insert(*meeting)),
            WorkbookEvent::CorrectionAsked { record, .. }
            | WorkbookEvent::CorrectionAnswered { record, .. }
            | WorkbookEvent::Completed { record, .. }
            | WorkbookEvent::Signed { record, .. }
            | WorkbookEvent::AddendumAsked { record, .. }
            | WorkbookEvent::AddendumAnswered { record, .. }
            | WorkbookEvent::Marked { record, .. }
            | WorkbookEvent::DissentTaken { record, .. }
            | WorkbookEvent::DissentAnswered { record, .. } => {
                meetings.extend(workbook.record(*record).map(|record| record.meeting));
            }
            WorkbookEvent::RisksNoted { slot, .. } => {
                let noted = workbook.records.iter().filter(|record| record.slot == *slot);
                meetings.extend(noted.map(|record| record.meeting));
            }
            WorkbookEvent::StepAnswered { step, .. }
            | WorkbookEvent::StepAnswerTakenBack { step, .. }
            | WorkbookEvent::StepHandedOver { step, .. } => {
                let steps = workbook.steps.iter().filter(|agreed| agreed.step.step == *step);
                rows.extend(steps.map(|agreed| Row::Step(store::step::row(family, agreed))));
            }
            WorkbookEvent::ChapterWritten { month, place, .. } => {
                let summary = workbook.chapter_text(entry.by, month, place).filter(|_| place.is_summary());
                rows.extend(summary.map(|summary| Row::Summary(crate::workbook::summary::row(family, summary))));
            }
            WorkbookEvent::ContributedLate { .. } => {
                rows.extend(crate::workbook::late::late_row(family, entry).map(Row::Late));
            }
            WorkbookEvent::OwnWordsWritten { words: written } => {
                let stored = workbook.own_words.iter().find(|stored| stored.id == written.id);
                rows.extend(stored.map(|stored| Row::OwnWords(family, Box::new(stored.clone()))));
            }
            WorkbookEvent::SafetyPlanWritten { .. } => {
                rows.extend(workbook.safety_plan.clone().map(|plan| Row::SafetyPlan(family, Box::new(plan))));
            }
            WorkbookEvent::OwnWordsTakenBack { words, .. } => {
                let stored = workbook.own_words.iter().find(|stored| stored.id == *words);
                rows.extend(stored.map(|stored| Row::OwnWords(family, Box::new(stored.clone()))));
            }
            WorkbookEvent::Held { hold } => rows.push(Row::Hold(family, Some(hold.reason.clone()))),
            WorkbookEvent::Released { .. } => rows.push(Row::Hold(family, None)),
            WorkbookEvent::MessageWritten { .. }
            | WorkbookEvent::MessagesChecked { .. }
            | WorkbookEvent::DirectWorkWritten { .. }
            | WorkbookEvent::GenogramChanged { .. }
            | WorkbookEvent::CaseNoteWritten { .. }
            | WorkbookEvent::MessageGiven { .. }
            | WorkbookEvent::Reduced { .. }
            | WorkbookEvent::CopyEnded { .. }
            | WorkbookEvent::Destroyed { .. } => {}
        }
    }
    let records = workbook.records.iter().filter(|record| meetings.contains(&record.meeting));
    rows.extend(records.map(|record| Row::Record(Box::new(record.clone()))));
    let steps = workbook.steps.iter().filter(|step| meetings.contains(&step.meeting));
    rows.extend(steps.map(|step| Row::Step(store::step::row(family, step))));
    rows
}
