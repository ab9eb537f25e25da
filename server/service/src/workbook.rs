//! Events for a family's workbook, with the rows that follow from them.

use crate::writer::{Row, Write};
use crate::{Service, ServiceError};
use domain::FamilyId;
use domain::family::{Workbook, WorkbookEvent};
use domain::meeting::Entry;
use domain::viewer::Viewer;
use store::Uuid;
use store::journal::{Append, Kind, Written};
use store::outcome::Kept;
use store::seal::Seal;

/// What is to be written into a workbook.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    /// In their order; none where nothing changes.
    pub events: Vec<WorkbookEvent>,
    /// Signed versions with the codes of their heads.
    pub seals: Vec<(Seal, String)>,
    /// What is queued with them.
    pub rows: Vec<Row>,
}

impl From<WorkbookEvent> for Decided {
    fn from(event: WorkbookEvent) -> Self {
        Self { events: vec![event], ..Self::default() }
    }
}

impl Service {
    /// Decides an event on the workbook as it is and writes it; decides again where another was first. What
    /// has an `outcome` kept is done once.
    /// `rows` is given the workbook with the event and the event's line.
    ///
    /// # Errors
    /// What `decide` refuses; where the database does not answer.
    pub(crate) async fn write_workbook(
        &self, viewer: &Viewer, family: FamilyId, outcome: Option<Kept>,
        mut decide: impl FnMut(&Workbook, &[Entry<WorkbookEvent>]) -> Result<Option<WorkbookEvent>, ServiceError>,
        mut rows: impl FnMut(&Workbook, &Entry<WorkbookEvent>) -> Vec<Row>,
    ) -> Result<(), ServiceError> {
        for _ in 0..8 {
            if let Some(kept) = &outcome
                && self.inner.store.outcome(kept.worker, kept.command).await?.is_some()
            {
                return Ok(());
            }
            let old: Vec<Entry<WorkbookEvent>> = self.inner.store.entries(family.uuid(), 0).await?;
            let Some(event) = decide(&Workbook::fold(&old), &old)? else { return Ok(()) };
            let kept = outcome.iter().cloned().collect();
            let written = self.write_decided(viewer, family, &old, event.into(), kept, |workbook, entries| {
                entries.iter().flat_map(|entry| rows(workbook, entry)).collect()
            });
            if written.await? {
                return Ok(());
            }
        }
        Err(ServiceError::Unavailable("other processes were first, again and again".to_owned()))
    }

    /// Writes what was decided on the journal as it was; `false` where another was first. `rows` is given the
    /// workbook with the events and their lines.
    pub(crate) async fn write_decided(
        &self, viewer: &Viewer, family: FamilyId, old: &[Entry<WorkbookEvent>], decided: Decided, outcomes: Vec<Kept>,
        rows: impl FnOnce(&Workbook, &[Entry<WorkbookEvent>]) -> Vec<Row>,
    ) -> Result<bool, ServiceError> {
        let mut workbook = Workbook::fold(old);
        let last = old.last().map_or(0, |entry| entry.seq);
        let (at, by) = (self.inner.clock.now(), viewer.worker);
        let lines = decided.events.into_iter().zip(last + 1..);
        let entries: Vec<_> = lines.map(|(event, seq)| Entry { seq, at, by, event }).collect();
        entries.iter().for_each(|entry| workbook.apply(entry));
        let events = entries.iter().map(Written::of).collect();
        let journal: Uuid = family.uuid();
        let mut all = decided.rows;
        all.extend(rows(&workbook, &entries));
        let appends = vec![Append { kind: Kind::Workbook, journal, events }];
        Ok(self.inner.writer.write(Write { rows: all, appends, outcomes, seals: decided.seals }).await?)
    }
}
