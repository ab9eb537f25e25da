//! One file's rows as they are read: dates, what is odd, what is left out.

use super::Count;
use crate::problem::{Level, Problem};
use crate::table::{DateCell, DateStyle, OddRecord, Oddity, Table, TableRow};
use crate::told::Told;
use crate::value::{is_null, trim};
use chrono::NaiveDate;
use std::collections::HashMap;

/// Collects rows, counts and problems of one file.
pub(super) struct Reading<'a> {
    table: &'a Table<'a>,
    dates: HashMap<&'a str, DateStyle>,
    pub count: Count,
    pub problems: Vec<Problem>,
}

impl<'a> Reading<'a> {
    /// `dates`: the columns that hold dates.
    pub fn new(table: &'a Table<'a>, dates: &[&'a str]) -> Self {
        let count = Count { rows: 0, kept: 0, repeated: 0, left_out: 0 };
        let mut reading = Self { table, dates: table.date_styles(dates), count, problems: Vec::new() };
        for column in dates {
            let says = match reading.dates.get(column) {
                Some(DateStyle::MonthFirst) => "its dates are written month first, and were read so",
                Some(DateStyle::Mixed) => {
                    "some of its dates can only be read day first and some only month first; none written in numbers was read"
                }
                Some(DateStyle::DayFirst) | None => continue,
            };
            reading.problems.push(Problem { column: (*column).to_owned(), ..whole_file(&table.file, says) });
        }
        reading
    }

    pub fn note(&mut self, level: Level, row: &TableRow<'_>, column: &str, says: impl Into<String>) {
        self.problems.push(Problem {
            level,
            file: self.table.file.clone(),
            line: row.line(),
            column: column.to_owned(),
            value: if column.is_empty() { String::new() } else { row.cell(column).to_owned() },
            says: says.into(),
        });
    }

    /// What is odd about a row as a whole. Gives whether its cells can be read.
    pub fn is_readable(&mut self, row: &TableRow<'_>) -> bool {
        for oddity in row.oddities() {
            match oddity {
                Oddity::Byte => {
                    self.note(
                        Level::Warn,
                        row,
                        "",
                        "holds a byte that is not of the file’s encoding; it was read as Windows writes it",
                    );
                }
                Oddity::Control => self.note(Level::Fix, row, "", "a control character became a space"),
            }
        }
        match row.odd() {
            None => true,
            Some(OddRecord::Joined) => {
                self.note(Level::Fix, row, "", "a cell of JSON that commas took apart was put together");
                true
            }
            Some(OddRecord::OpenQuote) => {
                self.note(Level::Warn, row, "", "a quote in it is never closed; it was read without");
                true
            }
            Some(OddRecord::TooMany) => {
                self.reject(row, "", "has more cells than the header; row left out");
                false
            }
            Some(OddRecord::CutOff) => {
                self.reject(row, "", "breaks off: is the file whole? Row left out");
                false
            }
        }
    }

    /// A date cell. One that cannot be read tells nothing, and is listed.
    pub fn date(&mut self, row: &TableRow<'_>, column: &str) -> Told<Option<NaiveDate>> {
        let cell = trim(row.cell(column));
        if !row.tells(column) {
            return Told::Nothing;
        }
        if is_null(cell) {
            return Told::That(None);
        }
        let style = self.dates.get(column).copied().unwrap_or(DateStyle::DayFirst);
        match style.read(cell) {
            DateCell::Day(day) => Told::That(Some(day)),
            DateCell::StandIn => {
                self.note(Level::Fix, row, column, "stands for no date");
                Told::That(None)
            }
            DateCell::Unreadable => {
                let says = format!("“{cell}” cannot be read as a date; what was known before stays");
                self.note(Level::Warn, row, column, says);
                Told::Nothing
            }
        }
    }

    pub fn reject(&mut self, row: &TableRow<'_>, column: &str, says: impl Into<String>) {
        self.count.left_out += 1;
        self.note(Level::Reject, row, column, says);
    }
}

/// A finding about a file.
pub(super) fn whole_file(file: &str, says: &str) -> Problem {
    Problem {
        level: Level::Warn,
        file: file.to_owned(),
        line: 0,
        column: String::new(),
        value: String::new(),
        says: says.to_owned(),
    }
}

/// A cell of text; nothing is told where the row has no such cell.
pub(super) fn words(row: &TableRow<'_>, column: &str) -> Told<String> {
    row.tells(column).then(|| crate::value::text(row.cell(column))).into()
}

/// A cell with a key; nothing is told where the row has no such cell.
pub(super) fn reference(row: &TableRow<'_>, column: &str) -> Told<String> {
    row.tells(column).then(|| crate::value::key(row.cell(column))).into()
}

/// A cell with a yes or a no; nothing is told where it is empty.
pub(super) fn flag(row: &TableRow<'_>, column: &str) -> Told<bool> {
    let cell = row.cell(column);
    (!is_null(trim(cell))).then(|| crate::value::yes(cell)).into()
}
