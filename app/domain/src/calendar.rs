//! Working days of England: Monday to Friday without bank holidays (Banking and Financial Dealings Act 1971).
//!
//! Worked out by rule, since a list ends some day; proclaimed one-off holidays are not known here, which is one more
//! reason why every date that follows from this is a hint to check.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The bank holiday of England on a day, by name.
#[must_use]
pub fn bank_holiday(day: NaiveDate) -> Option<&'static str> {
    let year = day.year();
    let easter = easter(year);
    let first = |month| first_monday(year, month);
    let holidays = [
        (moved(year, 1, 1), "New Year’s Day"),
        (easter.checked_sub_days(Days::new(2)), "Good Friday"),
        (easter.checked_add_days(Days::new(1)), "Easter Monday"),
        (first(5), "the early May bank holiday"),
        (last_monday(year, 5), "the spring bank holiday"),
        (last_monday(year, 8), "the summer bank holiday"),
        (christmas(year, 0), "Christmas Day"),
        (christmas(year, 1), "Boxing Day"),
    ];
    holidays.into_iter().find(|(date, _)| *date == Some(day)).map(|(_, name)| name)
}

/// Whether offices work on a day.
#[must_use]
pub fn works(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && bank_holiday(day).is_none()
}

/// The day so many working days after another; the day itself is not counted.
#[must_use]
pub fn after(day: NaiveDate, working_days: u32) -> NaiveDate {
    let mut left = working_days;
    let mut at = day;
    while left > 0 {
        let Some(next) = at.succ_opt() else { return at };
        at = next;
        left -= u32::from(works(at));
    }
    at
}

/// Why a day is a poor one for something to be done by; `None` where it is none.
#[must_use]
pub fn closed(day: NaiveDate) -> Option<String> {
    match (bank_holiday(day), day.weekday()) {
        (Some(name), _) => Some(format!("{} is {name}", crate::dates::plain_date(day))),
        (None, Weekday::Sat | Weekday::Sun) => Some(format!("{} is a weekend", crate::dates::long_date(day))),
        _ => None,
    }
}

/// Gauss's algorithm in the form of the Nautical Almanac.
fn easter(year: i32) -> NaiveDate {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let (month, day) = ((h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
    NaiveDate::from_ymd_opt(year, month.unsigned_abs(), day.unsigned_abs()).unwrap_or_default()
}

fn first_monday(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, 1)
}

fn last_monday(year: i32, month: u32) -> Option<NaiveDate> {
    (4..=5).rev().find_map(|n| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, n))
}

/// A holiday on a weekend is had on the Monday after.
fn moved(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    let days = match date.weekday() {
        Weekday::Sat => 2,
        Weekday::Sun => 1,
        _ => 0,
    };
    date.checked_add_days(Days::new(days))
}

/// Christmas Day and Boxing Day move together.
fn christmas(year: i32, which: u64) -> Option<NaiveDate> {
    let days: [u32; 2] = match NaiveDate::from_ymd_opt(year, 12, 25)?.weekday() {
        Weekday::Fri => [25, 28],
        Weekday::Sat => [27, 28],
        Weekday::Sun => [27, 26],
        _ => [25, 26],
    };
    NaiveDate::from_ymd_opt(year, 12, days[usize::try_from(which).ok()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn bank_holidays_are_those_the_government_published() {
        // https://www.gov.uk/bank-holidays, England and Wales, 2024 to 2027.
        let published = [
            "2024-01-01",
            "2024-03-29",
            "2024-04-01",
            "2024-05-06",
            "2024-05-27",
            "2024-08-26",
            "2024-12-25",
            "2024-12-26",
            "2025-01-01",
            "2025-04-18",
            "2025-04-21",
            "2025-05-05",
            "2025-05-26",
            "2025-08-25",
            "2025-12-25",
            "2025-12-26",
            "2026-01-01",
            "2026-04-03",
            "2026-04-06",
            "2026-05-04",
            "2026-05-25",
            "2026-08-31",
            "2026-12-25",
            "2026-12-28",
            "2027-01-01",
            "2027-03-26",
            "2027-03-29",
            "2027-05-03",
            "2027-05-31",
            "2027-08-30",
            "2027-12-27",
            "2027-12-28",
        ];
        let mut at = day("2024-01-01");
        let mut found = Vec::new();
        while at < day("2028-01-01") {
            if bank_holiday(at).is_some() {
                found.push(at.to_string());
            }
            at = at.succ_opt().unwrap();
        }
        assert_eq!(found, published);
    }

    #[test]
    fn working_days_step_over_weekends_and_holidays() {
        assert_eq!(after(day("2026-11-24"), 15), day("2026-12-15"));
        assert_eq!(after(day("2026-12-23"), 2), day("2026-12-29"), "24 December, then 29: 25 and 28 are holidays");
        assert_eq!(after(day("2026-11-27"), 1), day("2026-11-30"));
        assert_eq!(closed(day("2026-12-28")).as_deref(), Some("28 December 2026 is Boxing Day"));
        assert_eq!(closed(day("2026-12-12")).as_deref(), Some("Saturday 12 December 2026 is a weekend"));
        assert_eq!(closed(day("2026-12-11")), None);
    }
}
