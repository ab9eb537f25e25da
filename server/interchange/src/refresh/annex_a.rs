//! Ofsted's Annex A, as a workbook: list 6 (children in need) and list 7 (child protection plans). Sheets are known by their
//! headings, whatever they are called.

use super::{Refreshing, categories, made_key};
use crate::problem::Level;
use crate::ssd::{Episode, Extract, SsdVisit};
use crate::told::Told;
use crate::value::{is_null, key, text, trim};
use calamine::{Data, DataType, Range, Reader, Xlsx};
use chrono::NaiveDate;
use domain::status::{CaseEventKind, PlanKind};
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
        let words = match list {
            List::InNeed => "list 6, children in need",
            List::Protection => "list 7, child protection plans",
        };
        reading.note(Level::Info, (0, ""), &sheet, &format!("is read as {words}"));
        reading.rows(&range, row, list);
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
    headings: &'a [String],
    cells: &'a [Data],
}

/// A heading without what councils write differently: "Date Child Was Last Seen" and "Date child was last seen:" are one.
fn plain(heading: &str) -> String {
    heading.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A column, by how its plain heading is recognised: councils write "CIN Start Date (dd/mm/yyyy)" and "LA Child ID".
type AnnexColumn = (&'static str, fn(&str) -> bool);

const CHILD: AnnexColumn =
    ("Child Unique ID", |name| name.contains("child") && (name.ends_with("id") || name.contains("identifier")));
const OPENED: AnnexColumn =
    ("CIN Start Date", |name| name.starts_with("cinstart") || name.contains("childreninneedstart"));
const CLOSED: AnnexColumn = ("CIN Closure Date", |name| name.contains("closuredate"));
const STATUS: AnnexColumn = ("Case Status", |name| name.starts_with("casestatus"));
const SEEN: AnnexColumn = ("Date Child Was Last Seen", |name| name.contains("lastseen"));
const PLAN_STARTS: AnnexColumn = ("CP Plan Start Date", |name| name.contains("planstartdate"));
const PLAN_ENDS: AnnexColumn = ("CP Plan End Date", |name| name.contains("planenddate"));
const CATEGORY: AnnexColumn = ("Latest Category of Abuse", |name| name.starts_with("latestcategory"));
const VISITED: AnnexColumn = ("Date of the Last Statutory Visit", |name| name.contains("statutoryvisit"));
const ALONE: AnnexColumn = ("Was the Child Seen Alone?", |name| name.contains("seenalone"));
const REVIEWED: AnnexColumn = ("Date of latest review conference", |name| name.contains("latestreview"));

/// The row of the headings, and which list it heads.
fn headings(range: &Range<Data>) -> Option<(usize, List)> {
    range.rows().take(ROWS_ABOVE_HEADINGS).enumerate().find_map(|(row, cells)| {
        let names: Vec<String> = cells.iter().map(|cell| plain(&cell.to_string())).collect();
        let has = |(_, is): AnnexColumn| names.iter().any(|name| is(name));
        match has(CHILD) {
            true if has(PLAN_STARTS) && has(CATEGORY) => Some((row, List::Protection)),
            true if has(OPENED) && has(SEEN) => Some((row, List::InNeed)),
            _ => None,
        }
    })
}

impl AnnexRow<'_> {
    fn cell(&self, (_, is): AnnexColumn) -> Option<&Data> {
        self.cells.get(self.headings.iter().position(|heading| is(heading))?)
    }

    /// What a cell says; nothing for an empty one, or for the error that a formula left.
    fn words(&self, column: AnnexColumn) -> Option<String> {
        let cell = self.cell(column).filter(|cell| !cell.is_error())?;
        let whole = cell.as_f64().filter(|number| (cell.is_float() || cell.is_int()) && number.fract() == 0.0);
        let words = whole.map_or_else(|| text(&cell.to_string()), |number| format!("{number:.0}"));
        Some(words).filter(|words| !is_null(trim(words)) && !words.starts_with("#N/A"))
    }

    /// The child's id; "70.0" is what a spreadsheet makes of 70.
    fn child(&self) -> Option<String> {
        let id = key(&self.words(CHILD)?);
        let whole = id.strip_suffix(".0").filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
        Some(whole.map(str::to_owned).unwrap_or(id)).filter(|id| !id.is_empty())
    }

    /// A yes or a no in any of the ways that councils write it; nothing for every other word.
    fn answer(&self, column: AnnexColumn) -> Option<bool> {
        let words = self.words(column)?.to_lowercase();
        let listed = words.split_once([')', '-']).filter(|(letter, _)| letter.trim().chars().count() == 1);
        match listed.map_or(words.as_str(), |(_, words)| words).trim() {
            "y" | "yes" | "true" | "1" | "seen alone" | "child seen alone" => Some(true),
            "n" | "no" | "false" | "0" | "not seen alone" | "child not seen alone" => Some(false),
            _ => None,
        }
    }
}

impl Refreshing<'_> {
    fn rows(&mut self, range: &Range<Data>, headings: usize, list: List) {
        let first = range.start().map_or(0, |(row, _)| u64::from(row));
        let names: Vec<String> =
            range.rows().nth(headings).into_iter().flatten().map(|cell| plain(&cell.to_string())).collect();
        let wanted = match list {
            List::InNeed => &[CLOSED, STATUS][..],
            List::Protection => &[PLAN_ENDS, VISITED, ALONE, REVIEWED][..],
        };
        for (column, _) in wanted.iter().filter(|(_, is)| !names.iter().any(|name| is(name))) {
            self.note(
                Level::Warn,
                (first + headings as u64 + 1, *column),
                "",
                "is no column here; nothing is told of it",
            );
        }
        for (line, cells) in (1..).zip(range.rows()).skip(headings + 1) {
            // Rows prepared with formulas hold nothing but empty words.
            if cells.iter().all(|cell| trim(&cell.to_string()).is_empty()) {
                continue;
            }
            self.count.rows += 1;
            let row = AnnexRow { line: first + line, headings: &names, cells };
            match row.child() {
                Some(person) if self.is_known(&person) => match list {
                    List::InNeed => self.child_in_need(&row, person),
                    List::Protection => self.protection_plan(&row, person),
                },
                Some(_) => {}
                None => self.reject((row.line, CHILD.0), "", "has no id; row left out"),
            }
        }
    }

    /// A day: of a date cell, of a number of days as Excel counts them, or as typed, with or without a time. What cannot be read
    /// tells nothing.
    fn cell_day(&mut self, row: &AnnexRow<'_>, column: AnnexColumn) -> Option<NaiveDate> {
        let words = row.words(column)?;
        let typed = words.split([' ', 'T']).next().unwrap_or_default();
        let cell = row.cell(column)?;
        // A number of days since the last day of 1899.
        let counted = || {
            let days = words.parse().ok().filter(|days| (1..=100_000).contains(days))?;
            NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_signed(chrono::TimeDelta::days(days))
        };
        let dated = || if cell.is_datetime() { cell.as_date() } else { None };
        let day = counted().or_else(dated).or_else(|| domain::dates::parse(typed).ok());
        let possible = day.filter(|day| *day > NaiveDate::from_ymd_opt(1990, 1, 1).expect("a day"));
        if possible.is_none() {
            let says = "is no date of today’s work; what was known before stays";
            self.note(Level::Warn, (row.line, column.0), &words, says);
        }
        self.past(possible, (row.line, column.0))
    }

    /// A visit; both lists may tell of the same one.
    fn visit(&mut self, person: &str, on: Option<NaiveDate>, alone: Option<bool>) {
        let Some(on) = on else { return };
        let same = self.extract.visits.iter_mut().find(|visit| visit.person == person && visit.on == on);
        match (same, alone) {
            (Some(visit), Some(alone)) => visit.alone = Told::That(alone),
            (Some(_), None) => {}
            (None, alone) => self.extract.visits.push(SsdVisit {
                id: made_key("seen", person, on),
                person: person.to_owned(),
                on,
                seen: Told::That(true),
                alone: alone.into(),
            }),
        }
    }

    fn child_in_need(&mut self, row: &AnnexRow<'_>, person: String) {
        let [opened, closed, seen] = [OPENED, CLOSED, SEEN].map(|column| self.cell_day(row, column));
        self.visit(&person, seen, None);
        let is_over = row.words(STATUS).is_some_and(|status| status.to_lowercase().contains("closed"));
        // Without its day, or closed without one, nothing is said of an episode.
        let Some(opened) = opened.filter(|_| closed.is_some() || !is_over) else { return };
        let id = made_key("episode", &person, opened);
        let (opened, closed) = (Told::That(Some(opened)), closed.map(Some).into());
        self.extract.episodes.push(Episode { id, person, opened, closed });
    }

    fn protection_plan(&mut self, row: &AnnexRow<'_>, person: String) {
        let [starts, ends, visited, reviewed] =
            [PLAN_STARTS, PLAN_ENDS, VISITED, REVIEWED].map(|column| self.cell_day(row, column));
        let not_seen = row.words(ALONE).is_some_and(|words| words.to_lowercase().ends_with("not seen"));
        self.visit(&person, visited.filter(|_| !not_seen), row.answer(ALONE));
        let _ = self.event(&person, CaseEventKind::Review, reviewed);
        let categories = row.words(CATEGORY).as_deref().map(categories).unwrap_or_default();
        self.plan(&person, PlanKind::Protection, [starts, ends], categories);
    }
}
