//! One event for a family's workbook, with the rows that follow from it.

use crate::writer::{Row, Write};
use crate::{Service, ServiceError};
use domain::FamilyId;
use domain::family::{Workbook, WorkbookEvent};
use domain::meeting::Entry;
use domain::viewer::Viewer;
use store::journal::{Append, Kind, Written};
use store::outcome::Kept;

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
            let mut workbook = Workbook::fold(&old);
            let last = old.last().map_or(0, |entry| entry.seq);
            let Some(event) = decide(&workbook, &old)? else { return Ok(()) };
            let entry = Entry { seq: last + 1, at: self.inner.clock.now(), by: viewer.worker, event };
            workbook.apply(&entry);
            let events = vec![Written::of(&entry)];
            let write = Write {
                rows: rows(&workbook, &entry),
                appends: vec![Append { kind: Kind::Workbook, journal: family.uuid(), events }],
                outcomes: outcome.iter().cloned().collect(),
            };
            if self.inner.writer.write(write).await? {
                return Ok(());
            }
        }
        Err(ServiceError::Setup("The database is too busy to save this now. Try again in a moment.".to_owned()))
    }
}
