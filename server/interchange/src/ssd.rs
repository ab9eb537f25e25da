//! The Standard Safeguarding Dataset, read into one [`Extract`].
//!
//! Rules: nothing is dropped silently (rows in = kept + repeated + listed), nobody is merged, ids stay
//! text, the first of two contradicting rows stays. Addresses are not read at all.

mod check;
mod rows;

use crate::problem::{Level, Problem};
use crate::table::{Table, TableError, TableRow};
use chrono::NaiveDate;
use domain::status::PlanKind;
use serde::Serialize;
use std::collections::BTreeMap;

pub use rows::read;

/// A department of the council.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SsdTeam {
    /// Key in the extract.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Key of the department above.
    pub parent: String,
}

/// Somebody who works with families.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SsdWorker {
    /// Key in the extract.
    pub id: String,
    /// Staff number.
    pub staff_id: String,
    /// Name.
    pub name: String,
    /// Job title as written.
    pub job_title: String,
    /// Discipline; empty where the title says nothing.
    pub discipline: String,
    /// Name of their department.
    pub department: String,
}

/// A child or an adult.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SsdPerson {
    /// Key in the extract.
    pub id: String,
    /// Given names.
    pub forename: String,
    /// Family name.
    pub surname: String,
    /// "F", "M", "U" or empty.
    pub sex: String,
    /// Date of birth.
    pub born: Option<NaiveDate>,
    /// Expected date of birth.
    pub expected: Option<NaiveDate>,
    /// Date of death.
    pub died: Option<NaiveDate>,
    /// Whether they are an adult.
    pub adult: bool,
}

/// One person in one family.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Membership {
    /// Key of the row.
    pub id: String,
    /// Key of the family.
    pub family: String,
    /// Key of the person.
    pub person: String,
}

/// Who a child's mother is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mother {
    /// Key of the row.
    pub id: String,
    /// Key of the mother.
    pub mother: String,
    /// Key of the child.
    pub child: String,
}

/// Somebody's involvement with a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SsdAllocation {
    /// Key of the row.
    pub id: String,
    /// Key of the person.
    pub person: String,
    /// Key of the worker; empty where only a team is named or the worker is unknown.
    pub worker: String,
    /// The key of a worker who is not in the extract.
    pub unknown_worker: String,
    /// Key of the team.
    pub team: String,
    /// Role code; "CW" is the allocated social worker.
    pub role: String,
    /// First day.
    pub starts: NaiveDate,
    /// Last day.
    pub ends: Option<NaiveDate>,
}

/// A time of social work with a child.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Episode {
    /// Key of the row.
    pub id: String,
    /// Key of the child.
    pub person: String,
    /// When it began.
    pub opened: Option<NaiveDate>,
    /// When it was closed.
    pub closed: Option<NaiveDate>,
}

/// A plan of a child.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SsdPlan {
    /// Kind and key of the row: "cp:700001".
    pub id: String,
    /// Key of the child.
    pub person: String,
    /// What kind.
    pub kind: PlanKind,
    /// When it began.
    pub starts: Option<NaiveDate>,
    /// When it ended.
    pub ends: Option<NaiveDate>,
    /// Categories in words.
    pub categories: Vec<String>,
}

/// What an assessment found for one child.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Factors {
    /// Key of the child.
    pub person: String,
    /// Codes of the CIN census, upper case.
    pub codes: Vec<String>,
    /// When the assessment was authorised.
    pub assessed_on: Option<NaiveDate>,
}

/// A visit to a child.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SsdVisit {
    /// Kind and key of the row: "cp:720001".
    pub id: String,
    /// Key of the child.
    pub person: String,
    /// When.
    pub on: NaiveDate,
    /// Whether the child was seen.
    pub seen: bool,
    /// Whether the child was seen alone.
    pub alone: bool,
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
    table: &'a Table,
    count: Count,
    problems: Vec<Problem>,
}

impl<'a> Reading<'a> {
    const fn new(table: &'a Table) -> Self {
        let count = Count { rows: 0, kept: 0, repeated: 0, left_out: 0 };
        Self { table, count, problems: Vec::new() }
    }

    fn note(&mut self, level: Level, row: &TableRow<'_>, column: &str, says: impl Into<String>) {
        self.problems.push(Problem {
            level,
            file: self.table.file.clone(),
            line: row.line,
            column: column.to_owned(),
            value: if column.is_empty() { String::new() } else { row.cell(column).to_owned() },
            says: says.into(),
        });
    }

    /// A date cell; an impossible one is empty and listed.
    fn date(&mut self, row: &TableRow<'_>, column: &str) -> Option<NaiveDate> {
        crate::value::date(row.cell(column)).unwrap_or_else(|cell| {
            self.note(Level::Warn, row, column, format!("\"{cell}\" is not a date; left empty"));
            None
        })
    }

    fn reject(&mut self, row: &TableRow<'_>, column: &str, says: impl Into<String>) {
        self.count.left_out += 1;
        self.note(Level::Reject, row, column, says);
    }
}
