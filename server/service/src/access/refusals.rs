//! Who asked for a family and was not shown it, month by month, and what its manager found out about that.

use super::SHOWN;
use crate::form::FormErrors;
use crate::workbook::opening::OpeningLine;
use crate::{Service, ServiceError};
use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};
use domain::policy::{AccessLogReader, FamilyManager, LONGEST_REASON};
use domain::{FamilyId, TeamId, WorkerId, dates};
use std::collections::BTreeMap;
use store::access::AccessEntry;
use store::refusal::RefusalAnswer;

/// Somebody who asked for a family on one day and was not shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalLine {
    /// Which family.
    pub family: FamilyId,
    /// Its reference.
    pub reference: String,
    /// Who asked.
    pub worker: WorkerId,
    /// Their name.
    pub who: String,
    /// When they asked last on that day.
    pub at: DateTime<Utc>,
    /// How often they asked on that day.
    pub times: usize,
    /// Who found out what about it; absent until somebody did.
    pub answer: Option<(String, String)>,
    /// Whose manager answers.
    pub team: TeamId,
}

impl RefusalLine {
    /// The day, in London.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        dates::london(self.at).date()
    }
}

/// A calendar month in London.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    first: NaiveDate,
    next: NaiveDate,
}

impl Month {
    /// The month written "2026-11"; `None` for anything else.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()?;
        Some(Self { first, next: first.checked_add_months(Months::new(1))? })
    }

    /// Written "2026-11".
    #[must_use]
    pub fn written(self) -> String {
        dates::month(self.first)
    }

    /// The month before.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        Self::of(&dates::month_before(&self.written())?)
    }

    /// The month after.
    #[must_use]
    pub fn after(self) -> Option<Self> {
        Self::of(&dates::month(self.next))
    }

    /// From its beginning to the next one's.
    #[must_use]
    pub fn times(self) -> (DateTime<Utc>, DateTime<Utc>) {
        [self.first, self.next].map(|day| dates::from_london(day.and_time(NaiveTime::MIN))).into()
    }
}

impl Service {
    /// The month of today.
    #[must_use]
    pub fn this_month(&self) -> Month {
        Month::of(&dates::month(self.inner.clock.today())).expect("today is in a month")
    }

    /// What in a month somebody who does not work with a family opened, and what was asked for and not shown, as far as the
    /// reader reads the log. Looking is an entry for each family in it.
    ///
    /// # Errors
    /// Where the database does not answer, or the look cannot be written down.
    pub async fn looks_of_outsiders(
        &self, log: AccessLogReader<'_>, month: Month, address: &str,
    ) -> Result<(Vec<OpeningLine>, Vec<RefusalLine>), ServiceError> {
        let (openings, refusals) = (self.openings(log, month).await?, self.refusals(log, month).await?);
        let opened = openings.iter().filter_map(|line| Some((line.opening.family_id, line.team?)));
        let looked = opened.chain(refusals.iter().map(|line| (line.family, line.team)));
        let looked = looked.filter_map(|(family, team)| Some((family, log.allowed_by(team)?))).collect();
        self.note_log_read(log.viewer(), looked, address).await?;
        Ok((openings, refusals))
    }

    /// Who asked in a month for a family and was not shown it, newest first: each person, family and day once.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn refusals(&self, log: AccessLogReader<'_>, month: Month) -> Result<Vec<RefusalLine>, ServiceError> {
        let viewer = log.viewer();
        let directory = self.directory().await?;
        let mut lines: BTreeMap<(NaiveDate, FamilyId, WorkerId), RefusalLine> = BTreeMap::new();
        for (team, _) in self.logs_of(log).await? {
            let entries = self.inner.store.refusals_of_team(team, month.times(), SHOWN).await?;
            let answers = self.inner.store.refusal_answers(team, (month.first, month.next)).await?;
            let families = self.families_of_team(viewer, team).await?;
            let references: BTreeMap<FamilyId, String> =
                families.into_iter().map(|family| (family.id, family.reference)).collect();
            for AccessEntry { family_id, worker_id: worker, at, .. } in self.open_to(viewer, entries).await? {
                let Some(family) = family_id.filter(|_| !viewer.is(worker)) else { continue };
                let day = dates::london(at).date();
                let same =
                    |answer: &&RefusalAnswer| (answer.day, answer.family_id, answer.worker_id) == (day, family, worker);
                let answer = || {
                    let answer = answers.iter().find(same)?;
                    Some((directory.name(answer.answered_by).to_owned(), answer.answer.clone()))
                };
                let line = lines.entry((day, family, worker)).or_insert_with(|| RefusalLine {
                    family,
                    reference: references.get(&family).cloned().unwrap_or_default(),
                    worker,
                    who: directory.name(worker).to_owned(),
                    at,
                    times: 0,
                    answer: answer(),
                    team,
                });
                line.times += 1;
            }
        }
        let mut lines: Vec<RefusalLine> = lines.into_values().collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.at));
        Ok(lines)
    }

    /// Keeps what the manager of the family's team found out about somebody who asked for it on a day and was not shown it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where nobody asked, it was the manager, or somebody has answered; the field that is empty.
    pub async fn answer_refusal(
        &self, manager: FamilyManager<'_>, (worker, day): (WorkerId, NaiveDate), answer: &str,
    ) -> Result<(), ServiceError> {
        let mut errors = FormErrors::default();
        let answer = errors.text("answer", "What you found", answer, LONGEST_REASON, true);
        errors.done()?;
        let viewer = manager.viewer();
        let month = Month::of(&dates::month(day)).ok_or(ServiceError::NotFound)?;
        let asked = self.refusals(self.access_log(viewer)?, month).await?;
        let theirs = |line: &RefusalLine| (line.family, line.worker, line.day()) == (manager.family(), worker, day);
        if !asked.iter().any(theirs) {
            return Err(ServiceError::NotFound);
        }
        let answer = RefusalAnswer {
            family_id: manager.family(),
            worker_id: worker,
            day,
            answered_by: viewer.worker,
            answered_at: self.inner.clock.now(),
            answer,
        };
        let mut tx = self.inner.store.begin().await?;
        if !tx.answer_refusal(&answer).await? {
            return Err(ServiceError::NotFound);
        }
        Ok(tx.commit().await?)
    }
}
