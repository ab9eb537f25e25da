//! The Standard Safeguarding Dataset, read into one [`Extract`].
//!
//! Rules: nothing is dropped silently (rows in = kept + repeated + listed), what cannot be read tells nothing, nobody is merged,
//! ids stay text, the first of two contradicting rows stays. Addresses are not read at all.

mod check;
mod rows;

use crate::problem::{Level, Problem};
use crate::table::{DateCell, DateStyle, OddRecord, Oddity, Table, TableError, TableRow};
use crate::told::Told;
use crate::value::{is_null, trim};
use chrono::NaiveDate;
use domain::status::PlanKind;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub use rows::read;

/// A department of the council.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SsdTeam {
    /// Key in the extract.
    pub id: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub name: Told<String>,
    /// Key of the department above.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub parent: Told<String>,
}

/// Somebody who works with families.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SsdWorker {
    /// Key in the extract.
    pub id: String,
    /// Staff number.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub staff_id: Told<String>,
    /// Name.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub name: Told<String>,
    /// Job title as written.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub job_title: Told<String>,
    /// Discipline; empty where the title says nothing.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub discipline: Told<String>,
    /// Name of their department.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub department: Told<String>,
}

/// A child or an adult.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SsdPerson {
    /// Key in the extract.
    pub id: String,
    /// Given names.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub forename: Told<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub surname: Told<String>,
    /// "F", "M", "U" or empty.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub sex: Told<String>,
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub born: Told<Option<NaiveDate>>,
    /// Expected date of birth.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub expected: Told<Option<NaiveDate>>,
    /// Date of death.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub died: Told<Option<NaiveDate>>,
    /// Whether they are an adult.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub adult: Told<bool>,
    /// What is most likely of somebody who is new and whose birth date is not told. It changes nobody who is known.
    #[serde(skip)]
    pub adult_if_new: bool,
}

/// One person in one family.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Membership {
    /// Key of the row.
    pub id: String,
    /// Key of the family.
    pub family: String,
    /// Key of the person.
    pub person: String,
}

/// Who a child's mother is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mother {
    /// Key of the row.
    pub id: String,
    /// Key of the mother.
    pub mother: String,
    /// Key of the child.
    pub child: String,
}

/// Somebody's involvement with a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SsdAllocation {
    /// Key of the row.
    pub id: String,
    /// Key of the person.
    pub person: String,
    /// Key of the worker, who may be in no extract; empty where only a team is named.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub worker: Told<String>,
    /// Key of the team.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub team: Told<String>,
    /// Role code; "CW" is the allocated social worker.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub role: Told<String>,
    /// First day.
    pub starts: NaiveDate,
    /// Last day.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub ends: Told<Option<NaiveDate>>,
}

/// A time of social work with a child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    /// Key of the row.
    pub id: String,
    /// Key of the child.
    pub person: String,
    /// When it began.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub opened: Told<Option<NaiveDate>>,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub closed: Told<Option<NaiveDate>>,
}

/// A plan of a child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SsdPlan {
    /// Kind and key of the row: "cp:700001".
    pub id: String,
    /// Key of the child.
    pub person: String,
    /// What kind.
    pub kind: PlanKind,
    /// When it began.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub starts: Told<Option<NaiveDate>>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub ends: Told<Option<NaiveDate>>,
    /// Categories in words.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub categories: Told<Vec<String>>,
}

/// What an assessment found for one child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Factors {
    /// Key of the child.
    pub person: String,
    /// Codes of the CIN census, upper case.
    pub codes: Vec<String>,
    /// When the assessment was authorised.
    pub assessed_on: Option<NaiveDate>,
}

/// A visit to a child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SsdVisit {
    /// Kind and key of the row: "cp:720001".
    pub id: String,
    /// Key of the child.
    pub person: String,
    /// When.
    pub on: NaiveDate,
    /// Whether the child was seen.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub seen: Told<bool>,
    /// Whether the child was seen alone.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub alone: Told<bool>,
}

/// How one file's rows were used. `rows = kept + repeated + left_out`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Rows that hold something.
    pub rows: usize,
    /// Rows taken.
    pub kept: usize,
    /// Rows that say what another row says.
    pub repeated: usize,
    /// Rows left out, each listed.
    pub left_out: usize,
}

/// Everything an extract says, in the product's words.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Extract {
    /// Departments.
    pub teams: Vec<SsdTeam>,
    /// Workers.
    pub workers: Vec<SsdWorker>,
    /// Children and adults.
    pub people: Vec<SsdPerson>,
    /// Who is in which family.
    pub memberships: Vec<Membership>,
    /// Mothers.
    pub mothers: Vec<Mother>,
    /// Keys of those who are said to be a mother, of whom is not told. Empty once [`SsdPerson::adult`] is told.
    #[serde(skip)]
    said_to_be_mothers: BTreeSet<String>,
    /// Allocations.
    pub allocations: Vec<SsdAllocation>,
    /// Times of social work.
    pub episodes: Vec<Episode>,
    /// CP and CIN plans, pre-proceedings, times looked after.
    pub plans: Vec<SsdPlan>,
    /// Factors of each child's latest authorised assessment.
    pub factors: Vec<Factors>,
    /// Visits.
    pub visits: Vec<SsdVisit>,
    /// How each file's rows were used.
    pub counts: BTreeMap<String, Count>,
    /// What somebody should know of.
    pub problems: Vec<Problem>,
}

/// Collects rows, counts and problems of one file.
struct Reading<'a> {
    table: &'a Table<'a>,
    dates: HashMap<&'a str, DateStyle>,
    count: Count,
    problems: Vec<Problem>,
}

impl<'a> Reading<'a> {
    /// `dates`: the columns that hold dates.
    fn new(table: &'a Table<'a>, dates: &[&'a str]) -> Self {
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

    fn note(&mut self, level: Level, row: &TableRow<'_>, column: &str, says: impl Into<String>) {
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
    fn is_readable(&mut self, row: &TableRow<'_>) -> bool {
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
    fn date(&mut self, row: &TableRow<'_>, column: &str) -> Told<Option<NaiveDate>> {
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

    fn reject(&mut self, row: &TableRow<'_>, column: &str, says: impl Into<String>) {
        self.count.left_out += 1;
        self.note(Level::Reject, row, column, says);
    }
}

/// A finding about a file.
fn whole_file(file: &str, says: &str) -> Problem {
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
fn words(row: &TableRow<'_>, column: &str) -> Told<String> {
    row.tells(column).then(|| crate::value::text(row.cell(column))).into()
}

/// A cell with a key; nothing is told where the row has no such cell.
fn reference(row: &TableRow<'_>, column: &str) -> Told<String> {
    row.tells(column).then(|| crate::value::key(row.cell(column))).into()
}

/// A cell with a yes or a no; nothing is told where it is empty.
fn flag(row: &TableRow<'_>, column: &str) -> Told<bool> {
    let cell = row.cell(column);
    (!is_null(trim(cell))).then(|| crate::value::yes(cell)).into()
}
