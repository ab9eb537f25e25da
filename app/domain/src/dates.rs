//! Dates as people read and type them. Storage is UTC, rules and views are Europe/London.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

/// A moment as a London wall clock shows it.
///
/// British summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last
/// Sunday of October (Summer Time Order 2002). Written out because a time zone database costs the
/// browser more than the rest of the page; a test on the server compares it with `chrono-tz`.
#[must_use]
pub fn london(moment: DateTime<Utc>) -> NaiveDateTime {
    let utc = moment.naive_utc();
    let change = |month| last_sunday(utc.year(), month).and_time(NaiveTime::MIN) + TimeDelta::hours(1);
    if utc >= change(3) && utc < change(10) { utc + TimeDelta::hours(1) } else { utc }
}

/// The UTC moment of a London wall-clock time; in the repeated hour of October the first one.
#[must_use]
pub fn from_london(local: NaiveDateTime) -> DateTime<Utc> {
    let summer = (local - TimeDelta::hours(1)).and_utc();
    if london(summer) == local { summer } else { local.and_utc() }
}

fn last_sunday(year: i32, month: u32) -> NaiveDate {
    let last = NaiveDate::from_ymd_opt(year, month, 31).expect("March and October have 31 days");
    last - Days::new(u64::from(last.weekday().num_days_from_sunday()))
}

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

// Written out: chrono's formatter costs the browser more than these lines.

/// "Tuesday 24 November 2026".
#[must_use]
pub fn long_date(date: NaiveDate) -> String {
    format!("{} {}", DAYS[date.weekday().num_days_from_monday() as usize], plain_date(date))
}

/// "24 November 2026".
#[must_use]
pub fn plain_date(date: NaiveDate) -> String {
    format!("{} {} {}", date.day(), MONTHS[date.month0() as usize], date.year())
}

/// "24 Nov".
#[must_use]
pub fn short_date(date: NaiveDate) -> String {
    format!("{} {}", date.day(), &MONTHS[date.month0() as usize][..3])
}

/// "24/11/2026", as it is typed.
#[must_use]
pub fn typed(date: NaiveDate) -> String {
    format!("{}/{}/{}", date.day(), date.month(), date.year())
}

/// "09:30" in London.
#[must_use]
pub fn clock(moment: DateTime<Utc>) -> String {
    let local = london(moment);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// A child's age in the words of the team: "3 years", "7 months", "2 weeks".
#[must_use]
pub fn age(born: NaiveDate, today: NaiveDate) -> String {
    let (count, unit) = match (today.years_since(born), months_since(born, today)) {
        (None, _) => return "date of birth is in the future".to_owned(),
        (Some(years), _) if years >= 2 => (i64::from(years), "year"),
        (_, months) if months >= 1 => (months, "month"),
        _ => {
            let days = (today - born).num_days();
            if days >= 14 { (days / 7, "week") } else { (days, "day") }
        }
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// The same where there is little room: "3", "7m", "2w".
#[must_use]
pub fn age_briefly(born: NaiveDate, today: NaiveDate) -> String {
    let age = age(born, today);
    match age.split_once(' ') {
        Some((count, unit)) if unit.starts_with("year") => count.to_owned(),
        Some((count, unit)) if count.parse::<u32>().is_ok() => format!("{count}{}", &unit[..1]),
        _ => age,
    }
}

fn months_since(born: NaiveDate, today: NaiveDate) -> i64 {
    let months = i64::from(today.year() - born.year()) * 12 + i64::from(today.month()) - i64::from(born.month());
    if today.day() < born.day() { months - 1 } else { months }
}

/// The calendar month that a chapter’s text belongs to, written "2026-11".
#[must_use]
pub fn month(date: NaiveDate) -> String {
    date.format("%Y-%m").to_string()
}

/// The month before `month`, both as "2026-11".
#[must_use]
pub fn month_before(month: &str) -> Option<String> {
    let first = NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d").ok()?;
    Some(self::month(first.checked_sub_months(Months::new(1))?))
}

/// "November 2026" for "2026-11"; the text itself where it is no month.
#[must_use]
pub fn month_name(month: &str) -> String {
    NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d")
        .map_or_else(|_| month.to_owned(), |first| first.format("%B %Y").to_string())
}

/// A date as typed: `2026-12-08` or, day first, `8/12/2026`, `8.12.26`, `8 Dec 2026`.
///
/// # Errors
/// Says what was typed and how a date may look.
pub fn parse(text: &str) -> Result<NaiveDate, DateError> {
    let trimmed = text.trim();
    let day_first = trimmed.replace(['.', ' ', '-'], "/");
    NaiveDate::parse_from_str(trimmed, "%Y-%m-%d")
        .ok()
        .or_else(|| {
            let year = day_first.rsplit('/').next()?;
            let format = |name| match year.len() {
                4 => Some(format!("%d/{name}/%Y")),
                2 => Some(format!("%d/{name}/%y")),
                _ => None,
            };
            ["%m", "%b", "%B"].into_iter().find_map(|name| NaiveDate::parse_from_str(&day_first, &format(name)?).ok())
        })
        .filter(|date| (1900..2200).contains(&date.year()))
        .ok_or_else(|| DateError(trimmed.chars().take(40).collect()))
}

/// A due date as it is typed in a meeting: a date, `12/12` or `12 Dec` (the next one), `fri`, `tomorrow`, `3d`, `2w`, `1m`.
///
/// # Errors
/// Says what was typed and how a date may look.
pub fn due(text: &str, today: NaiveDate) -> Result<NaiveDate, DateError> {
    let typed = text.trim().to_lowercase();
    let wrong = || DateError(text.trim().chars().take(40).collect());
    if let Ok(date) = parse(&typed) {
        return Ok(date);
    }
    let next_weekday = || {
        let begins_as_typed = |name: &&str| typed.len() >= 3 && name.to_lowercase().starts_with(&typed);
        let wanted = DAYS.iter().position(begins_as_typed)?;
        let ahead = (wanted + 6 - today.weekday().num_days_from_monday() as usize) % 7 + 1;
        today.checked_add_days(Days::new(ahead as u64))
    };
    let from_now = || {
        let (count, unit) = typed.split_at_checked(typed.len().checked_sub(1)?)?;
        let count: u32 = count.trim().parse().ok().filter(|count| *count < 1000)?;
        match unit {
            "d" => today.checked_add_days(Days::new(u64::from(count))),
            "w" => today.checked_add_days(Days::new(u64::from(count) * 7)),
            "m" => today.checked_add_months(Months::new(count)),
            _ => None,
        }
    };
    let without_year = || {
        let (day, month) = typed.split_once(['/', '.', ' '])?;
        let month = month.trim();
        let begins_as_typed = |name: &&str| month.len() >= 3 && name.to_lowercase().starts_with(month);
        let named = || Some(u32::try_from(MONTHS.iter().position(begins_as_typed)?).ok()? + 1);
        let (day, month) = (day.trim().parse().ok()?, month.parse().ok().or_else(named)?);
        let this = NaiveDate::from_ymd_opt(today.year(), month, day);
        this.filter(|date| *date >= today).or_else(|| NaiveDate::from_ymd_opt(today.year() + 1, month, day))
    };
    match typed.as_str() {
        "today" => Some(today),
        "tomorrow" => today.succ_opt(),
        _ => next_weekday().or_else(from_now).or_else(without_year),
    }
    .ok_or_else(wrong)
}

/// What was typed is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a date. Write it like 8/12/2026, day first.")]
pub struct DateError(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn ages_read_as_the_team_says_them() {
        let today = day(2026, 11, 24);
        assert_eq!(age(day(2023, 11, 24), today), "3 years");
        assert_eq!(age(day(2025, 11, 25), today), "11 months");
        assert_eq!(age(day(2025, 3, 1), today), "20 months");
        assert_eq!(age(day(2026, 11, 3), today), "3 weeks");
        assert_eq!(age(day(2026, 11, 23), today), "1 day");
        let briefly = [(2023, 11, 24), (2025, 11, 25), (2026, 11, 3), (2027, 1, 1)]
            .map(|(y, m, d)| age_briefly(day(y, m, d), today));
        assert_eq!(briefly, ["3", "11m", "3w", "date of birth is in the future"]);
    }

    #[test]
    fn a_typed_date_is_day_first() {
        assert_eq!(parse(" 08/12/2026 "), Ok(day(2026, 12, 8)));
        assert_eq!(parse("8 Dec 2026"), Ok(day(2026, 12, 8)));
        assert_eq!(parse("2026-12-08"), Ok(day(2026, 12, 8)));
        assert_eq!(parse("8.12.26"), Ok(day(2026, 12, 8)));
        for wrong in ["", "31/02/2026", "12/31/2026", "soon", "1/1/20260", "00/00/0000"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_due_date_takes_two_keystrokes() {
        let tuesday = day(2026, 11, 24);
        for (typed, date) in [
            ("fri", day(2026, 11, 27)),
            ("Tuesday", day(2026, 12, 1)),
            ("mon", day(2026, 11, 30)),
            ("tomorrow", day(2026, 11, 25)),
            ("2w", day(2026, 12, 8)),
            ("3 d", day(2026, 11, 27)),
            ("1m", day(2026, 12, 24)),
            ("12/12", day(2026, 12, 12)),
            ("3/2", day(2027, 2, 3)),
            ("11 Dec", day(2026, 12, 11)),
            ("3 february", day(2027, 2, 3)),
            ("8/12/2026", day(2026, 12, 8)),
        ] {
            assert_eq!(due(typed, tuesday), Ok(date), "{typed}");
        }
        for wrong in ["", "f", "soon", "99999w", "31/2", "31 feb", "3 ma", "w", "2x", "ŵŵ"] {
            assert!(due(wrong, tuesday).is_err(), "{wrong}");
        }
    }

    #[test]
    fn summer_time_starts_and_ends_at_one_in_the_morning() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(clock(at("2026-03-29T00:59:59Z")), "00:59");
        assert_eq!(clock(at("2026-03-29T01:00:00Z")), "02:00");
        assert_eq!(clock(at("2026-10-25T00:59:59Z")), "01:59");
        assert_eq!(clock(at("2026-10-25T01:00:00Z")), "01:00");
        assert_eq!(from_london(london(at("2026-07-01T08:30:00Z"))), at("2026-07-01T08:30:00Z"));
    }

    #[test]
    fn months_have_names_and_predecessors() {
        assert_eq!(month_before("2026-01").as_deref(), Some("2025-12"));
        assert_eq!(month_name("2026-11"), "November 2026");
        assert_eq!(month_before("nonsense"), None);
    }
}
