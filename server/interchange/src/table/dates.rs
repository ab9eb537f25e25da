//! How the dates of one column are written. The whole column decides: one date alone does not tell a day from a month.

use chrono::{Datelike, NaiveDate};

/// How dates with numbers for day and month are written in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateStyle {
    /// Day first, as in the United Kingdom.
    DayFirst,
    /// Month first: some of its dates can be read so and none day first.
    MonthFirst,
    /// Some of its dates can only be read day first and some only month first: none is read.
    Mixed,
}

/// What a cell of dates says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateCell {
    /// A day.
    Day(NaiveDate),
    /// A day that case systems write where they know none, as 1900-01-01.
    StandIn,
    /// Nothing that is a date.
    Unreadable,
}

/// So many times as many dates must be right one way as are right only the other way for these to be slips.
const SLIPS: usize = 20;

/// The cells of a column, counted by how they can be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct DateStyles {
    only_day_first: usize,
    only_month_first: usize,
}

impl DateStyles {
    /// Counts one cell.
    pub fn count(&mut self, cell: &str) {
        let Some((first, second)) = numbers(crate::value::trim(cell)) else { return };
        self.only_day_first += usize::from(first > 12 && (1..=12).contains(&second));
        self.only_month_first += usize::from(second > 12 && (1..=12).contains(&first));
    }

    /// How the column's dates are written.
    #[must_use]
    pub const fn decided(self) -> DateStyle {
        match (self.only_day_first, self.only_month_first) {
            (_, 0) => DateStyle::DayFirst,
            (days, months) if days > months * SLIPS => DateStyle::DayFirst,
            (0, _) => DateStyle::MonthFirst,
            (days, months) if months > days * SLIPS => DateStyle::MonthFirst,
            _ => DateStyle::Mixed,
        }
    }
}

impl DateStyle {
    /// Reads one cell of the column. A time is dropped, never shifted: midnight in one zone is the day before in another.
    pub fn read(self, cell: &str) -> DateCell {
        let day = match (numbers(cell), self) {
            (Some(_), Self::Mixed) => None,
            (Some(_), Self::MonthFirst) => parse(cell, &["%m/%d/%Y"]),
            (Some(_), Self::DayFirst) => parse(cell, &["%d/%m/%Y"]),
            (None, _) => named(cell),
        };
        match day {
            Some(day) if STAND_INS.contains(&(day.year(), day.month(), day.day())) => DateCell::StandIn,
            Some(day) if day.year() >= 2999 => DateCell::StandIn,
            Some(day) if (1880..=2200).contains(&day.year()) => DateCell::Day(day),
            Some(_) | None => DateCell::Unreadable,
        }
    }
}

/// Days that stand for none: of SQL Server, of Excel and of case systems. So does every day from the year 2999 on.
const STAND_INS: [(i32, u32, u32); 4] = [(1753, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1)];

/// The first two numbers of a date of three numbers whose year stands last: "12/03/2024", "12.03.2024 00:00", "12-03-2024".
fn numbers(cell: &str) -> Option<(u32, u32)> {
    let mut parts = date_part(cell).split(['/', '.', '-']);
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |part: &str| (part.len() <= 2).then(|| part.parse().ok())?;
    (parts.next().is_none() && year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| Some((number(first)?, number(second)?)))?
}

fn parse(cell: &str, formats: &[&str]) -> Option<NaiveDate> {
    let part = date_part(cell).replace(['.', '-'], "/");
    formats.iter().find_map(|format| NaiveDate::parse_from_str(&part, format).ok())
}

/// What stands before a time.
fn date_part(cell: &str) -> &str {
    cell.split(['T', ' ']).next().unwrap_or_default()
}

/// Dates that say themselves which number is what: by a year in front, or by the month's name.
fn named(cell: &str) -> Option<NaiveDate> {
    let part = date_part(cell);
    let of = |text: &str, formats: &[&str]| {
        let read =
            |format: &&str| NaiveDate::parse_and_remainder(text, format).ok().map(|(day, rest)| (day, ended(rest)));
        formats.iter().find_map(read).filter(|(_, ended)| *ended).map(|(day, _)| day)
    };
    let day = of(part, &["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d-%b-%Y", "%d-%B-%Y", "%d/%b/%Y"]);
    let compact =
        || (part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| of(part, &["%Y%m%d"]))?;
    // "Dec 10 2024 12:00AM", as SQL Server turns dates to text; "23 November 2015", "23 Nov 2015", "November 23, 2015".
    let spaced = || {
        let words = cell.split_whitespace().collect::<Vec<_>>().join(" ").replace(',', "");
        of(&words, &["%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y"])
    };
    day.or_else(compact).or_else(spaced)
}

/// Whether nothing but a time follows.
fn ended(rest: &str) -> bool {
    let rest = rest.trim();
    rest.is_empty() || rest.starts_with(|letter: char| letter.is_ascii_digit()) && rest.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> DateCell {
        DateCell::Day(NaiveDate::from_ymd_opt(year, month, day).unwrap())
    }

    #[test]
    fn the_styles_of_case_systems_are_read() {
        for cell in [
            "2024-12-10",
            "2024-12-10 00:00:00.000",
            "2024-12-10T00:00:00Z",
            "10/12/2024",
            "10/12/2024 00:00",
            "10.12.2024",
            "10-12-2024",
            "20241210",
            "10-Dec-2024",
            "10 December 2024",
            "10 Dec 2024",
            "Dec 10 2024 12:00AM",
            "Dec  10 2024 12:00AM",
            "December 10, 2024",
            "2024/12/10",
            "10/Dec/2024",
        ] {
            assert_eq!(DateStyle::DayFirst.read(cell), day(2024, 12, 10), "{cell}");
        }
        for cell in
            ["31/02/2024", "12/31/2024", "soon", "45000", "2024", "10/12/24", "2024-13-01", "20241310", "10 2024 Dec"]
        {
            assert_eq!(DateStyle::DayFirst.read(cell), DateCell::Unreadable, "{cell}");
        }
        for cell in ["1900-01-01", "01/01/1900", "9999-12-31", "31/12/2999", "1753-01-01 00:00:00.000", "1899-12-30"] {
            assert_eq!(DateStyle::DayFirst.read(cell), DateCell::StandIn, "{cell}");
        }
    }

    #[test]
    fn the_whole_column_says_whether_the_month_is_first() {
        let style = |cells: &[&str]| {
            let mut counted = DateStyles::default();
            cells.iter().for_each(|cell| counted.count(cell));
            counted.decided()
        };
        assert_eq!(style(&["03/04/2024", "2024-12-31", "", "31/01/2024"]), DateStyle::DayFirst);
        assert_eq!(style(&["03/04/2024", "05/06/2024"]), DateStyle::DayFirst, "nothing speaks against it");
        assert_eq!(style(&["03/04/2024", "12/31/2024"]), DateStyle::MonthFirst);
        assert_eq!(style(&["12/31/2024", "31/12/2024"]), DateStyle::Mixed);
        let mut many = vec!["31/01/2024"; 50];
        many.push("12/31/2024");
        assert_eq!(style(&many), DateStyle::DayFirst, "one slip");
        assert_eq!(DateStyle::MonthFirst.read("03/04/2024"), day(2024, 3, 4));
        assert_eq!(DateStyle::MonthFirst.read("2024-03-04"), day(2024, 3, 4));
        assert_eq!(DateStyle::Mixed.read("03/04/2024"), DateCell::Unreadable);
        assert_eq!(DateStyle::Mixed.read("4 March 2024"), day(2024, 3, 4));
    }
}
