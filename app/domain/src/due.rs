//! How due a family is for its monthly group supervision.

use chrono::NaiveDate;

/// Group case supervision is monthly; a family not discussed for this many days is overdue
/// (the point at which teams speak of drift).
pub const OVERDUE_DAYS: i64 = 35;

/// A family discussed this many days ago is due again: its next month's meeting is a week away.
pub const DUE_DAYS: i64 = 21;

/// Days since the family was last discussed, counted in London days.
#[must_use]
pub fn days_since(last: Option<NaiveDate>, today: NaiveDate) -> Option<i64> {
    last.map(|last| (today - last).num_days())
}

/// "27 days ago", "today", "never discussed".
#[must_use]
pub fn words(last: Option<NaiveDate>, today: NaiveDate) -> String {
    match days_since(last, today) {
        None => "not yet discussed".to_owned(),
        Some(days) if days <= 0 => "today".to_owned(),
        Some(1) => "yesterday".to_owned(),
        Some(days) => format!("{days} days ago"),
    }
}
