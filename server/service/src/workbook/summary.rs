//! Monthly summaries: written on one's own time, carried on, merged where two tabs write.

use super::family::Earlier;
use crate::{Service, ServiceError};
use chrono::{NaiveDate, TimeDelta};
use domain::family::{Summary, WorkbookEvent};
use domain::meeting::Entry;
use domain::policy::FamilyReader;
use domain::prose::{BOX_LIMIT, Prose, clean};
use domain::status::{MeetingPhase, SlotProgress};
use domain::viewer::Viewer;
use domain::{FamilyId, MeetingId, WorkerId, dates};
use std::collections::{BTreeMap, BTreeSet};
use store::family::LatestSummary;

/// What the form of a monthly summary starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryForm {
    /// "2026-11".
    pub month: String,
    /// What is written so far this month.
    pub text: String,
    /// The revision that is; 0 for none.
    pub revision: i64,
    /// The latest earlier summary, to carry on.
    pub before: Option<String>,
}

/// A summary that is still to be written before a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryDue {
    /// Which family.
    pub family: FamilyId,
    /// "FS-3007".
    pub reference: String,
    /// The day of the meeting.
    pub held_on: NaiveDate,
}

/// How long before a meeting its summaries are asked for.
const AHEAD: TimeDelta = TimeDelta::days(14);

impl Service {
    /// The families of the viewer's that are discussed in the next two weeks and of which they have not written this
    /// month's summary, soonest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn summaries_to_write(&self, viewer: &Viewer) -> Result<Vec<SummaryDue>, ServiceError> {
        let today = self.inner.clock.today();
        let month = dates::month(today);
        let mut due: Vec<SummaryDue> = Vec::new();
        for meeting in self.meetings(viewer).await? {
            let (day, open) = (meeting.row.held_on, meeting.row.phase != MeetingPhase::Closed);
            if !open || day < today || day > today + AHEAD {
                continue;
            }
            for line in meeting.agenda.into_iter().filter(|line| line.progress == SlotProgress::Waiting) {
                let Some((family, reference)) = line.family else { continue };
                if !viewer.families.contains(&family) || due.iter().any(|other| other.family == family) {
                    continue;
                }
                let written = self.inner.store.latest_summaries(family.uuid()).await?;
                let mine = |summary: &LatestSummary| summary.worker_id == viewer.worker && summary.month == month;
                if !written.iter().any(mine) {
                    due.push(SummaryDue { family, reference, held_on: day });
                }
            }
        }
        Ok(due)
    }

    /// The reader's own summary of this month; `None` where they are not allocated to the family.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn summary_form(&self, reader: FamilyReader<'_>) -> Result<Option<SummaryForm>, ServiceError> {
        let (viewer, family) = (reader.viewer(), reader.family());
        if !reader.allocated() {
            return Ok(None);
        }
        let workbook = self.workbook(family).await?;
        let month = dates::month(self.inner.clock.today());
        let now = workbook.summary(viewer.worker, &month);
        let before = dates::month_before(&month).and_then(|before| workbook.latest_summary(viewer.worker, &before));
        Ok(Some(SummaryForm {
            text: now.map(|summary| summary.prose.text()).unwrap_or_default(),
            revision: now.map_or(0, |summary| summary.revision),
            before: before.map(|summary| summary.prose.text()),
            month,
        }))
    }

    /// Saves the viewer's summary of this month. What another tab saved since `base` is merged.
    ///
    /// # Errors
    /// Where the viewer is not allocated to the family or the text is too long.
    pub async fn write_summary(&self, reader: FamilyReader<'_>, text: &str, base: i64) -> Result<(), ServiceError> {
        let (viewer, family) = (reader.viewer(), reader.family());
        if !reader.allocated() {
            return Err(ServiceError::field("text", "Only somebody allocated to this family writes a summary."));
        }
        if text.len() > BOX_LIMIT {
            return Err(ServiceError::field(
                "text",
                format!("{} characters are too many; 100 KB fit.", text.chars().count()),
            ));
        }
        let month = dates::month(self.inner.clock.today());
        let nothing = clean(text).lines().all(|line| line.trim().is_empty());
        if nothing && self.workbook(family).await?.summary(viewer.worker, &month).is_none() {
            return Err(ServiceError::field("text", "Nothing is written yet. Write a line first."));
        }
        let pen = self.one_pen(viewer.worker, None).await?;
        let wanted = clean(text);
        let based_on = self.summary_at(viewer.worker, family, &month, base).await?;
        self.write_workbook(viewer, family, None, |workbook| {
            let written = workbook.summary(viewer.worker, &month).is_some_and(|summary| summary.prose.text() == wanted);
            if written || (based_on.text() == wanted && base > 0) {
                return Ok(None);
            }
            let update = based_on.written_by(pen).rewrite(text);
            Ok(Some(WorkbookEvent::SummaryWritten { month: month.clone(), update }))
        })
        .await
    }

    /// A summary as it stood at its revision `base`.
    async fn summary_at(
        &self, worker: WorkerId, family: FamilyId, month: &str, base: i64,
    ) -> Result<Prose, ServiceError> {
        if base == 0 {
            return Ok(Prose::new());
        }
        let now = self.workbook(family).await?.summary(worker, month).cloned();
        match now {
            Some(now) if now.revision == base => Ok(now.prose),
            _ => Ok(text_at(&self.inner.store.entries(family.uuid(), 0).await?, worker, month, base)),
        }
    }
}

/// The row of a summary.
pub(crate) fn row(family: FamilyId, summary: &Summary) -> LatestSummary {
    LatestSummary {
        family_id: family,
        worker_id: summary.worker,
        month: summary.month.clone(),
        text: summary.prose.text(),
        written_at: summary.at,
    }
}

/// The summary as it stood at its revision `base`.
fn text_at(entries: &[Entry<WorkbookEvent>], worker: WorkerId, month: &str, base: i64) -> Prose {
    let prose = Prose::new();
    let mine = entries.iter().filter(|entry| entry.by == worker).filter_map(|entry| match &entry.event {
        WorkbookEvent::SummaryWritten { month: of, update } if of == month => Some(update),
        _ => None,
    });
    for update in mine.take(usize::try_from(base).unwrap_or_default()) {
        // It was checked before it was written.
        let _ = prose.merge(update);
    }
    prose
}

/// What the list of today's meeting says of a family beside its reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilyToday {
    /// The children's first names: "Ottilie, Juno".
    pub children: String,
    /// How many of its workers have written this month's summary.
    pub written: usize,
    /// How many workers it has.
    pub workers: usize,
}

impl Service {
    /// The families of a meeting that a viewer may see, as the list of today's meeting shows them.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn families_today(
        &self, viewer: &Viewer, meeting: MeetingId,
    ) -> Result<BTreeMap<FamilyId, FamilyToday>, ServiceError> {
        let pages = self.family_pages(meeting.uuid(), viewer, Earlier::None).await?;
        let today = |page: &domain::page::FamilyPage| {
            let workers: BTreeSet<WorkerId> = page.card.allocated.iter().filter_map(|who| who.worker).collect();
            let ready = page.summaries.iter().filter(|summary| summary.current && workers.contains(&summary.worker));
            let children: Vec<&str> = page.card.children.iter().map(|child| child.name.as_str()).collect();
            FamilyToday { children: children.join(", "), written: ready.count(), workers: workers.len() }
        };
        Ok(pages.iter().map(|(family, page)| (*family, today(page))).collect())
    }
}
