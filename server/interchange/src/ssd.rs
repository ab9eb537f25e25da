//! The Standard Safeguarding Dataset, read into one [`Extract`].
//!
//! Rules: nothing is dropped silently (rows in = kept + repeated + listed), what cannot be read tells nothing, nobody is merged,
//! ids stay text, the first of two contradicting rows stays. Addresses are not read at all.

mod check;
pub mod columns;
mod reading;
mod rows;

use crate::problem::{Level, Problem};
use crate::told::Told;
use chrono::NaiveDate;
use domain::status::{CaseEventKind, PlanKind};
use reading::{Reading, flag, reference, whole_file, words};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) use rows::{ROLE, categories, role_code};
pub use rows::{file_names, read};

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

/// Something that happened to a child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SsdEvent {
    /// Kind and key of the row: "enquiry:680001".
    pub id: String,
    /// Key of the child.
    pub person: String,
    /// What kind.
    pub kind: CaseEventKind,
    /// The day, or the first one.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub starts: Told<Option<NaiveDate>>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub ends: Told<Option<NaiveDate>>,
    /// By when it was to be held.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub due: Told<Option<NaiveDate>>,
    /// What it was about, as written.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub about: Told<String>,
    /// Who it came from: a code, or words where there is none.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub from: Told<String>,
    /// What came of it, as codes.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub outcomes: Told<Vec<String>>,
    /// Why it ended, as written.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub ended: Told<String>,
}

/// What a child needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SsdNeed {
    /// Kind and key of the row: "disability:750001".
    pub id: String,
    /// Key of the child.
    pub person: String,
    /// A code of `domain::need`; empty for none.
    #[serde(default, skip_serializing_if = "Told::is_nothing")]
    pub code: Told<String>,
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
    /// What happened to children.
    pub events: Vec<SsdEvent>,
    /// What children need.
    pub needs: Vec<SsdNeed>,
    /// How each file's rows were used.
    pub counts: BTreeMap<String, Count>,
    /// What somebody should know of.
    pub problems: Vec<Problem>,
}
