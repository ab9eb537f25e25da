//! Monthly summaries: who has written theirs, and who is asked for it.

use super::family::Earlier;
use crate::{Service, ServiceError};
use chrono::{NaiveDate, TimeDelta};
use domain::chapter::ChapterText;
use domain::status::{MeetingPhase, SlotProgress};
use domain::viewer::Viewer;
use domain::{FamilyId, MeetingId, WorkerId, dates};
use std::collections::{BTreeMap, BTreeSet};
use store::family::LatestSummary;

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
}

/// The row of a summary.
pub(crate) fn row(family: FamilyId, summary: &ChapterText) -> LatestSummary {
    LatestSummary {
        family_id: family,
        worker_id: summary.worker,
        month: summary.month.clone(),
        text: summary.prose.text(),
        written_at: summary.at,
    }
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
