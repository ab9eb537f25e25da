//! How long what is held here is held.

use crate::status::ChildStatus;
use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The template's rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRules {
    /// Days after signing in which drafts and every keystroke are kept.
    pub draft_days: i64,
    /// Months for which the access log says who looked at what; then whole months of it are destroyed.
    #[serde(default = "access_months")]
    pub access_months: u32,
    /// Months for which our copy is kept, by highest status. A status that is not named is kept.
    #[serde(default)]
    pub months: BTreeMap<ChildStatus, u32>,
}

impl Default for RetentionRules {
    /// Half a year of keystrokes; nothing is destroyed that no rule names.
    fn default() -> Self {
        Self { draft_days: 180, access_months: access_months(), months: BTreeMap::new() }
    }
}

/// Six years: as long as a claim can be brought.
const fn access_months() -> u32 {
    72
}

impl RetentionRules {
    /// The first day of the access log that is kept on `today`.
    #[must_use]
    pub fn accesses_kept_from(&self, today: NaiveDate) -> NaiveDate {
        let from = today.checked_sub_months(Months::new(self.access_months)).unwrap_or(NaiveDate::MIN);
        from.with_day(1).unwrap_or(from)
    }
}
