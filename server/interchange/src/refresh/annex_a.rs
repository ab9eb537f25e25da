//! Ofsted's Annex A, as a workbook: list 6 (children in need) and list 7 (child protection plans). Sheets are known by their
//! headings, whatever they are called.

use super::{Refreshing, category};
use crate::problem::Level;
use crate::ssd::{Episode, Extract, SsdEvent, SsdPlan, SsdVisit};
use crate::told::Told;
use crate::value::{is_null, key, text, trim};
use calamine::{Data, DataType, Range, Reader, Xlsx};
use chrono::NaiveDate;
use domain::status::{CaseEventKind, PlanKind};
use std::collections::HashMap;
use std::io::Cursor;

/// Above the headings there may be titles.
const ROWS_ABOVE_HEADINGS: usize = 15;

/// Reads the lists of a workbook.
///
/// # Errors
/// Where the file is no workbook, or holds neither list, in words.
pub(super) fn read(mut reading: Refreshing<'_>, bytes: &[u8]) -> Result<Extract, String> {
    let mut workbook: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|error| format!("is no workbook that can be read: {error}."))?;
    let mut found = false;
    for sheet in workbook.sheet_names() {
        let Ok(range) = workbook.worksheet_range(&sheet) else { continue };
        let Some((row, list)) = headings(&range) else { continue };
        found = true;
        match list {
            List::InNeed => reading.rows(&range, row, Refreshing::child_in_need),
            List::Protection => reading.rows(&range, row, Refreshing::protection_plan),
        }
    }
    if !found {
        return Err(
            "holds neither list 6 (children in need) nor list 7 (child protection plans) of Annex A.".to_owned()
        );
    }
    Ok(reading.done())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    InNeed,
    Protection,
}

/// One row, by the plain names of its headings.
struct AnnexRow<'a> {
    line: u64,
    columns: &'a HashMap<String, usize>,
    cells: &'a [Data],
}

/// A heading without what councils write differently: "Date Child Was Last Seen" and "Date child was last seen:" are one.
fn plain(heading: &str) -> String {
    heading.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

const CHILD: [&str; 3] = ["childuniqueid", "childid", "uniquechildid"];
const OPENED: [&str; 2] = ["cinstartdate", "childreninneedstartdate"];
const CLOSED: [&str; 2] = ["cinclosuredate", "childreninneedclosuredate"];
const SEEN: [&str; 2] = ["datechildwaslastseen", "datechildlastseen"];
const PLAN_STARTS: [&str; 2] = ["childprotectionplanstartdate", "cpplanstartdate"];
const PLAN_ENDS: [&str; 2] = ["childprotectionplanenddate", "cpplanenddate"];
const CATEGORY: [&str; 2] = ["latestcategoryofabuse", "latestcategory"];
const VISITED: [&str; 2] = ["dateofthelaststatutoryvisit", "dateoflaststatutoryvisit"];
const ALONE: [&str; 2] = ["wasthechildseenalone", "childseenalone"];
const REVIEWED: [&str; 2] = ["dateoflatestreviewconference", "dateofthelatestreviewconference"];

/// The row of the headings, and which list it heads.
fn headings(range: &Range<Data>) -> Option<(usize, List)> {
    range.rows().take(ROWS_ABOVE_HEADINGS).enumerate().find_map(|(row, cells)| {
        let names: Vec<String> = cells.iter().map(|cell| plain(&cell.to_string())).collect();
        let has = |any: &[&str]| names.iter().any(|name| any.contains(&name.as_str()));
        match has(&CHILD) {
            true if has(&PLAN_STARTS) && has(&CATEGORY) => Some((row, List::Protection)),
            true if has(&OPENED) && has(&SEEN) => Some((row, List::InNeed)),
            _ => None,
        }
    })
}

impl AnnexRow<'_> {
    fn cell(&self, names: &[&str]) -> Option<&Data> {
        let column = names.iter().find_map(|name| self.columns.get(*name))?;
        self.cells.get(*column)
    }

    /// What a cell says; nothing for an empty one, or for the error that a formula left.
    fn words(&self, names: &[&str]) -> Option<String> {
        let cell = self.cell(names).filter(|cell| !cell.is_error())?;
        let whole = cell.as_f64().filter(|number| (cell.is_float() || cell.is_int()) && number.fract() == 0.0);
        let words = whole.map_or_else(|| text(&cell.to_string()), |number| format!("{number:.0}"));
        Some(words).filter(|words| !is_null(trim(words)) && !words.starts_with("#N/A"))
    }
}

impl Refreshing<'_> {
    fn rows(&mut self, range: &Range<Data>, headings: usize, take: fn(&mut Self, &AnnexRow<'_>, String)) {
        let first = range.start().map_or(0, |(row, _)| u64::from(row));
        let names = range.rows().nth(headings).into_iter().flatten().enumerate();
        let mut columns = HashMap::new();
        for (at, cell) in names {
            columns.entry(plain(&cell.to_string())).or_insert(at);
        }
        for (line, cells) in (1..).zip(range.rows()).skip(headings + 1) {
            if cells.iter().all(DataType::is_empty) {
                continue;
            }
            self.count.rows += 1;
            let row = AnnexRow { line: first + line, columns: &columns, cells };
            match row.words(&CHILD).map(|id| key(&id)).filter(|id| !id.is_empty()) {
                Some(person) => take(self, &row, person),
                None => self.reject((row.line, "Child Unique ID"), "", "has no id; row left out"),
            }
        }
    }

    /// A day: of a date cell, of a number of days as Excel counts them, or as typed. What cannot be read tells nothing.
    fn cell_day(&mut self, row: &AnnexRow<'_>, names: &[&str]) -> Option<NaiveDate> {
        let words = row.words(names)?;
        let cell = row.cell(names)?;
        let day = cell.as_date().or_else(|| domain::dates::parse(&words).ok());
        let possible = day.filter(|day| *day > NaiveDate::from_ymd_opt(1990, 1, 1).expect("a day"));
        if possible.is_none() {
            self.note(
                Level::Warn,
                (row.line, names[0]),
                &words,
                "is no date of today’s work; what was known before stays",
            );
        }
        self.past(possible, (row.line, names[0]))
    }

    fn visit(&mut self, person: &str, kind: &str, on: Option<NaiveDate>, alone: Told<bool>) {
        let Some(on) = on else { return };
        let id = format!("{kind}:{person}-{on}");
        self.extract.visits.push(SsdVisit { id, person: person.to_owned(), on, seen: Told::That(true), alone });
    }

    fn child_in_need(&mut self, row: &AnnexRow<'_>, person: String) {
        let [opened, closed, seen] = [&OPENED, &CLOSED, &SEEN].map(|names| self.cell_day(row, names));
        let Some(opened) = opened else {
            self.reject((row.line, "CIN Start Date"), &person, "has no day on which it began; row left out");
            return;
        };
        if !self.is_known(&person) {
            return;
        }
        let id = format!("{person}-{opened}");
        let (opened, closed) = (Told::That(Some(opened)), closed.map(Some).into());
        self.extract.episodes.push(Episode { id, person: person.clone(), opened, closed });
        self.visit(&person, "cin", seen, Told::Nothing);
    }

    fn protection_plan(&mut self, row: &AnnexRow<'_>, person: String) {
        let [starts, ends, visited, reviewed] =
            [&PLAN_STARTS, &PLAN_ENDS, &VISITED, &REVIEWED].map(|names| self.cell_day(row, names));
        let Some(starts) = starts else {
            self.reject((row.line, "CP Plan Start Date"), &person, "has no day on which it began; row left out");
            return;
        };
        if !self.is_known(&person) {
            return;
        }
        let kind = PlanKind::Protection;
        self.extract.plans.push(SsdPlan {
            id: format!("{}:{person}-{starts}", kind.word()),
            person: person.clone(),
            kind,
            starts: Told::That(Some(starts)),
            ends: ends.map(Some).into(),
            categories: row.words(&CATEGORY).map(|words| vec![category(&words)]).into(),
        });
        // "a) Yes", "Y".
        let answer = row.words(&ALONE).map(|words| words.to_lowercase());
        let alone = answer.map(|words| words.trim_start_matches("a) ").starts_with('y')).into();
        self.visit(&person, "cp", visited, alone);
        if let Some(day) = reviewed {
            let kind = CaseEventKind::Review;
            self.extract.events.push(SsdEvent {
                id: format!("{}:{person}-{day}", kind.word()),
                person,
                kind,
                starts: Told::That(Some(day)),
                ends: Told::Nothing,
                due: Told::Nothing,
                about: Told::Nothing,
                from: Told::Nothing,
                outcomes: Told::Nothing,
                ended: Told::Nothing,
            });
        }
    }
}
