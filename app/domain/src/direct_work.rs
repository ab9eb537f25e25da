//! Direct work with a parent, or with another of the family: a module of the council's programme or another piece of work, how
//! far it has come, and what it showed.

use crate::dates::plain_date;
use crate::meeting::refusal::{Refusal, short};
use crate::record::Named;
use crate::status::words;
use crate::{DirectWorkId, PersonId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The longest name of a module, in characters.
pub const LONGEST_MODULE: usize = 250;
/// The longest finding, in characters.
pub const LONGEST_FINDING: usize = 2000;

words! {
    /// How far a piece of direct work has come.
    #[derive(Default)]
    DirectWorkState {
        /// It is agreed and has not begun.
        #[default]
        Planned = "planned",
        /// It has begun.
        UnderWay = "under_way",
        /// It is done.
        Finished = "finished",
        /// It ended before it was done.
        Stopped = "stopped",
        /// It was written down by mistake: it does not count.
        Mistake = "mistake",
    }
}

impl DirectWorkState {
    /// "under way".
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::UnderWay => "under way",
            Self::Finished => "finished",
            Self::Stopped => "stopped",
            Self::Mistake => "written down by mistake",
        }
    }

    /// Whether its day has come: it began, ended or stopped then.
    const fn has_been(self) -> bool {
        matches!(self, Self::UnderWay | Self::Finished | Self::Stopped)
    }
}

/// A piece of direct work with one person, and who wrote it down last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectWork {
    /// Its id.
    pub id: DirectWorkId,
    /// With whom.
    pub with: PersonId,
    /// What stands there.
    pub content: DirectWorkContent,
    /// Who changed it last.
    pub by: Named,
    /// When.
    pub at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub revision: i64,
}

/// What is written down of a piece of direct work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectWorkContent {
    /// The module, as the council or the worker calls it.
    pub module: String,
    /// How far it has come.
    pub state: DirectWorkState,
    /// The day of that.
    pub on: Option<NaiveDate>,
    /// What it showed. May be empty.
    pub finding: String,
}

impl DirectWorkContent {
    /// "finished on 3 November 2026".
    #[must_use]
    pub fn state_in_words(&self) -> String {
        let on = match (self.on, self.state) {
            (None, _) | (_, DirectWorkState::Mistake) => String::new(),
            (Some(on), DirectWorkState::Planned) => format!(" for {}", plain_date(on)),
            (Some(on), DirectWorkState::UnderWay) => format!(" since {}", plain_date(on)),
            (Some(on), _) => format!(" on {}", plain_date(on)),
        };
        format!("{}{on}", self.state.title())
    }

    /// Whether it was not written down by mistake.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.state != DirectWorkState::Mistake
    }

    /// The content as it is kept: cleaned and within its limits.
    ///
    /// # Errors
    /// What is wrong, by field of the form: "module", "on", "finding".
    pub fn checked(self, today: NaiveDate) -> Result<Self, Vec<(&'static str, Refusal)>> {
        let mut wrong = Vec::new();
        let mut line = |field: &'static str, label: &str, text: &str, limit: usize| {
            short(label, text, limit).map_err(|refusal| wrong.push((field, refusal))).unwrap_or_default()
        };
        let module = line("module", "What the work is about", &self.module, LONGEST_MODULE);
        let finding = line("finding", "What it showed", &self.finding, LONGEST_FINDING);
        if module.is_empty() && !wrong.iter().any(|(field, _)| *field == "module") {
            wrong.push(("module", Refusal::empty("What the work is about", "Name the module or the work.")));
        }
        match self.on {
            None if self.state.has_been() => {
                wrong.push(("on", Refusal::empty("The day", "Write the day it began, ended or stopped.")));
            }
            Some(on) if self.state.has_been() && on > today => {
                wrong.push(("on", Refusal::Unusable(format!("{} is still to come.", plain_date(on)))));
            }
            _ => {}
        }
        let content = Self { module, finding, ..self };
        if wrong.is_empty() { Ok(content) } else { Err(wrong) }
    }
}

/// Takes what was written down, new or changed.
pub(crate) fn write(all: &mut Vec<DirectWork>, work: &DirectWork) {
    let stored = all.iter_mut().find(|stored| stored.id == work.id);
    let revision = stored.as_ref().map_or(0, |stored| stored.revision) + 1;
    let written = DirectWork { revision, ..work.clone() };
    match stored {
        Some(stored) => *stored = written,
        None => all.push(written),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    #[test]
    fn work_has_a_name_and_what_has_been_has_a_day_that_has_come() {
        let work =
            |module: &str, state, on| DirectWorkContent { module: module.into(), state, on, finding: String::new() };
        let fields = |work: DirectWorkContent| -> Vec<&str> {
            work.checked(day(24)).err().unwrap_or_default().into_iter().map(|(field, _)| field).collect()
        };
        assert!(fields(work("Living without fear", DirectWorkState::Planned, None)).is_empty());
        assert!(fields(work("x", DirectWorkState::Planned, Some(day(30)))).is_empty(), "planned for a day to come");
        assert_eq!(fields(work(" ", DirectWorkState::Planned, None)), ["module"]);
        assert_eq!(fields(work(&"x".repeat(251), DirectWorkState::Planned, None)), ["module"]);
        assert_eq!(fields(work("x", DirectWorkState::Finished, None)), ["on"]);
        assert_eq!(fields(work("x", DirectWorkState::UnderWay, Some(day(25)))), ["on"]);
        assert!(fields(work("x", DirectWorkState::Mistake, None)).is_empty());
        let words = |state| work("x", state, Some(day(3))).state_in_words();
        assert_eq!(words(DirectWorkState::UnderWay), "under way since 3 November 2026");
        assert_eq!(words(DirectWorkState::Finished), "finished on 3 November 2026");
        assert_eq!(words(DirectWorkState::Planned), "planned for 3 November 2026");
        assert_eq!(words(DirectWorkState::Mistake), "written down by mistake");
    }
}
