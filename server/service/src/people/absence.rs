//! When somebody is away, as they say themselves: so that no step is given to them for a day on which they are not there.

use crate::workbook::family::Earlier;
use crate::{Service, ServiceError};
use chrono::NaiveDate;
use domain::WorkerId;
use domain::viewer::Viewer;
use std::collections::BTreeMap;

/// Who is away from which day to which, both included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Absences(BTreeMap<WorkerId, Vec<(NaiveDate, NaiveDate)>>);

impl Absences {
    /// Until when somebody is away who is so on a day.
    #[must_use]
    pub fn until(&self, worker: WorkerId, day: NaiveDate) -> Option<NaiveDate> {
        self.of(worker).iter().find(|(starts, ends)| (*starts..=*ends).contains(&day)).map(|(_, ends)| *ends)
    }

    /// Somebody's absences.
    #[must_use]
    pub fn of(&self, worker: WorkerId) -> &[(NaiveDate, NaiveDate)] {
        self.0.get(&worker).map(Vec::as_slice).unwrap_or_default()
    }

    /// Everybody who is away on a day.
    pub fn on(&self, day: NaiveDate) -> impl Iterator<Item = WorkerId> {
        self.0.keys().copied().filter(move |worker| self.until(*worker, day).is_some())
    }
}

impl Service {
    /// Who is away from today on.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn absences(&self) -> Result<Absences, ServiceError> {
        let mut absences = Absences::default();
        for (worker, starts, ends) in self.inner.store.absences(self.inner.clock.today()).await? {
            absences.0.entry(worker).or_default().push((starts, ends));
        }
        Ok(absences)
    }

    /// Says when the viewer is away; without a last day an absence is taken back.
    ///
    /// # Errors
    /// A form error where the last day is before the first, or past.
    pub async fn say_away(
        &self, viewer: &Viewer, starts: NaiveDate, ends: Option<NaiveDate>,
    ) -> Result<(), ServiceError> {
        if ends.is_some_and(|ends| ends < starts || ends < self.inner.clock.today()) {
            return Err(ServiceError::field(
                "ends",
                "The last day is before the first, or past already. Give a later one.",
            ));
        }
        let mut tx = self.inner.store.begin().await?;
        match ends {
            Some(ends) => tx.keep_absence(viewer.worker, starts, ends).await?,
            None => tx.forget_absence(viewer.worker, starts).await?,
        }
        Ok(tx.commit().await?)
    }

    /// How many of a family's workers have written this month's summary, of how many, for the families of a meeting that a
    /// viewer may see.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn summaries_ready(
        &self, viewer: &Viewer, meeting: domain::MeetingId,
    ) -> Result<BTreeMap<domain::FamilyId, (usize, usize)>, ServiceError> {
        let pages = self.family_pages(meeting.uuid(), viewer, Earlier::None).await?;
        let count = |page: &domain::page::FamilyPage| {
            let workers: std::collections::BTreeSet<WorkerId> =
                page.card.allocated.iter().filter_map(|who| who.worker).collect();
            let ready = page.summaries.iter().filter(|summary| summary.current && workers.contains(&summary.worker));
            (ready.count(), workers.len())
        };
        Ok(pages.iter().map(|(family, page)| (*family, count(page))).collect())
    }
}
