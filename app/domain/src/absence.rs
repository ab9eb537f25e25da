//! When people are away, as they say themselves.

use crate::WorkerId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who is away from which day to which, both included.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Absences(BTreeMap<WorkerId, Vec<(NaiveDate, NaiveDate)>>);

impl Absences {
    /// Adds one absence.
    pub fn add(&mut self, worker: WorkerId, starts: NaiveDate, ends: NaiveDate) {
        self.0.entry(worker).or_default().push((starts, ends));
    }

    /// Leaves the absences of some people only.
    pub fn retain(&mut self, keep: impl Fn(WorkerId) -> bool) {
        self.0.retain(|worker, _| keep(*worker));
    }

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
