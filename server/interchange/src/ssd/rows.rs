//! From files to rows of an [`Extract`].

mod allocations;
mod events;
mod standing;

use super::{
    Episode, Extract, Factors, Level, Membership, Mother, Problem, Reading, SsdAllocation, SsdEvent, SsdNeed,
    SsdPerson, SsdPlan, SsdTeam, SsdVisit, SsdWorker, flag, reference, whole_file, words,
};
use crate::discipline::{from_job_title, from_name};
use crate::found::{FileKind, in_words};
use crate::mapping::Mapping;
use crate::table::{Table, TableError, TableRow};
use crate::told::Told;
use crate::value::{key, text, yes};
use chrono::{NaiveDate, TimeDelta};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

/// Files without which a load tells less than it should, with the columns each cannot do without.
const FILES: [(&str, &[&str]); 14] = [
    ("ssd_department.csv", &["dept_team_id", "dept_team_name"]),
    ("ssd_professionals.csv", &["prof_professional_id"]),
    ("ssd_person.csv", &["pers_person_id", "pers_forename", "pers_surname", "pers_dob"]),
    ("ssd_family.csv", &["fami_family_id", "fami_person_id"]),
    ("ssd_mother.csv", &["moth_person_id", "moth_childs_person_id"]),
    ("ssd_cin_episodes.csv", &["cine_referral_id", "cine_person_id"]),
    ("ssd_involvements.csv", &["invo_involvements_id", "invo_involvement_start_date"]),
    ("ssd_cp_plans.csv", &["cppl_cp_plan_id", "cppl_person_id"]),
    ("ssd_cin_plans.csv", &["cinp_person_id"]),
    ("ssd_pre_proceedings.csv", &["prep_table_id", "prep_person_id"]),
    ("ssd_cin_assessments.csv", &["cina_assessment_id", "cina_person_id"]),
    ("ssd_assessment_factors.csv", &["cinf_assessment_id", "cinf_assessment_factors_json"]),
    ("ssd_cin_visits.csv", &["cinv_cin_visit_id"]),
    ("ssd_cp_visits.csv", &["cppv_cp_visit_id"]),
];

/// Files that many councils leave out of what they give to supervision.
const MORE_FILES: [(&str, &[&str]); 9] = [
    ("ssd_cla_episodes.csv", &["clae_cla_episode_id", "clae_person_id"]),
    ("ssd_contacts.csv", &["cont_contact_id", "cont_contact_date"]),
    ("ssd_early_help_episodes.csv", &["earl_episode_id", "earl_episode_start_date"]),
    ("ssd_s47_enquiry.csv", &["s47e_s47_enquiry_id", "s47e_s47_start_date"]),
    ("ssd_initial_cp_conference.csv", &["icpc_icpc_id", "icpc_icpc_date"]),
    ("ssd_cp_reviews.csv", &["cppr_cp_review_id"]),
    ("ssd_legal_status.csv", &["lega_legal_status_id", "lega_legal_status"]),
    ("ssd_missing.csv", &["miss_table_id", "miss_missing_episode_start_date"]),
    ("ssd_disability.csv", &["disa_table_id", "disa_disability_code"]),
];

pub(crate) use allocations::{ROLE, role_code};
pub(crate) use standing::categories;

/// The names that the dataset gives the files that are read.
pub fn file_names() -> Vec<&'static str> {
    FILES.into_iter().chain(MORE_FILES).map(|(name, _)| name).collect()
}

/// Reads an extract from its files' names and bytes. `today` is the day of the import.
///
/// # Errors
/// The first file that is not what its name says, with the reason; nothing is taken then. A file that is missing is listed and
/// tells nothing; without persons there is nothing to read.
pub fn read(files: &BTreeMap<String, Vec<u8>>, mapping: &Mapping, today: NaiveDate) -> Result<Extract, TableError> {
    let mut extract = Extract::default();
    let names = file_names();
    let kind = |name: &str, bytes: &[u8]| {
        let said = mapping.table_of(name).map(|table| format!("{table}.csv"));
        let said = said.and_then(|said| names.iter().find(|name| **name == said));
        said.map_or_else(|| FileKind::of(name, bytes, &names), |table| FileKind::Ssd(table))
    };
    let found: BTreeMap<String, FileKind> =
        files.iter().map(|(name, bytes)| (name.clone(), kind(name, bytes))).collect();
    let mut tables = BTreeMap::new();
    for (name, needed) in FILES.into_iter().chain(MORE_FILES) {
        let of_table: Vec<&String> =
            found.iter().filter(|(_, kind)| **kind == FileKind::Ssd(name)).map(|(file, _)| file).collect();
        match of_table[..] {
            [] if name == "ssd_person.csv" => {
                let why = format!(
                    "is missing, so this folder holds no extract of the SSD. It holds {}. Point to the folder with the extract’s CSV files.{}",
                    in_words(&found),
                    crate::refresh::hint(&found)
                );
                return Err(TableError { file: name.to_owned(), why });
            }
            [] if MORE_FILES.iter().any(|(more, _)| *more == name) => {}
            [] => extract.problems.push(whole_file(name, "is missing; nothing of its kind is read or changed")),
            [file] => {
                tables.insert(name, Table::read(file, &files[file], needed, mapping)?);
            }
            [file, other, ..] => {
                let why = format!("and {other} say that they are the same table. Leave one of them in the folder.");
                return Err(TableError { file: file.clone(), why });
            }
        }
    }
    for (file, _) in found.iter().filter(|(_, kind)| !matches!(kind, FileKind::Ssd(_))) {
        let not_read = whole_file(file, "is not needed for supervision; not read");
        extract.problems.push(Problem { level: Level::Info, ..not_read });
    }
    let mut reader = RowReader { tables: &tables, mapping, extract, known: Rc::default(), today };
    reader.teams();
    reader.workers();
    reader.people();
    reader.known = Rc::new(reader.extract.people.iter().map(|person| person.id.clone()).collect());
    reader.memberships();
    reader.mothers();
    reader.episodes();
    reader.allocations();
    reader.plans();
    reader.factors();
    reader.visits();
    reader.events();
    reader.needs();
    reader.adults();
    super::check::whole(&mut reader.extract, today);
    Ok(reader.extract)
}

struct RowReader<'a> {
    tables: &'a BTreeMap<&'static str, Table<'a>>,
    mapping: &'a Mapping,
    extract: Extract,
    /// Keys of its people.
    known: Rc<HashSet<String>>,
    today: NaiveDate,
}

impl<'a> RowReader<'a> {
    /// Walks one file's rows: `take` keeps a row (true) or has listed why not (false). Rows repeated under the same key are
    /// counted, contradicting ones listed, and the first stays. `dates`: its columns of dates.
    fn walk(
        &mut self, file: &str, id: &str, dates: &[&'a str],
        mut take: impl FnMut(&mut Extract, &mut Reading<'a>, &TableRow<'a>) -> bool,
    ) {
        let Some(table) = self.tables.get(file) else { return };
        let mut reading = Reading::new(table, dates);
        let mut first = HashMap::new();
        for row in table.rows() {
            reading.count.rows += 1;
            if !reading.is_readable(&row) {
                continue;
            }
            let key = key(row.cell(id));
            if key.is_empty() {
                reading.reject(&row, id, "has no key; row left out");
                continue;
            }
            if let Some(earlier) = first.get(&key).and_then(|place: &(u64, Range<usize>)| table.row_at(place.clone())) {
                let line = earlier.line();
                if earlier.is_like(&row) {
                    reading.count.repeated += 1;
                    reading.note(Level::Fix, &row, "", format!("repeats line {line}"));
                } else {
                    let differing = earlier.differing(&row).join(", ");
                    reading.count.left_out += 1;
                    let says = format!("contradicts line {line} for the same key in {differing}; line {line} was kept");
                    reading.note(Level::Review, &row, id, says);
                }
                continue;
            }
            first.insert(key, row.place());
            if take(&mut self.extract, &mut reading, &row) {
                reading.count.kept += 1;
            }
        }
        self.extract.counts.insert(table.file.clone(), reading.count);
        self.extract.problems.extend(reading.problems);
    }

    /// Whose the rows of a file are, by a column of theirs.
    fn whose(&self, column: &'static str) -> Whose {
        Whose { known: Rc::clone(&self.known), column, through: None }
    }

    /// The same for a file that may lack the column, as Mosaic's do: whose its rows are is known through the row that one of its
    /// columns refers to. `None` where it has neither column; that is listed.
    fn whose_through(
        &mut self, file: &str, column: &'static str, other: Option<&'static str>, people: HashMap<String, String>,
    ) -> Option<Whose> {
        let table = self.tables.get(file)?;
        let other = other.filter(|other| table.has(other));
        if !table.has(column) && other.is_none() {
            let says = format!("has no column {column}, so it is not known whose its rows are; nothing of it was read");
            self.extract.problems.push(whole_file(&table.file, &says));
            return None;
        }
        let through = other.filter(|_| !table.has(column)).map(|other| (other, people));
        Some(Whose { through, ..self.whose(column) })
    }

    fn teams(&mut self) {
        self.walk("ssd_department.csv", "dept_team_id", &[], |extract, _, row| {
            extract.teams.push(SsdTeam {
                id: key(row.cell("dept_team_id")),
                name: words(row, "dept_team_name"),
                parent: reference(row, "dept_team_parent_id"),
            });
            true
        });
    }

    fn workers(&mut self) {
        let mapping = self.mapping;
        let mut staff: HashMap<String, String> = HashMap::new();
        self.walk("ssd_professionals.csv", "prof_professional_id", &[], |extract, reading, row| {
            let id = key(row.cell("prof_professional_id"));
            let title = words(row, "prof_professional_job_title");
            let name = words(row, "prof_professional_name");
            let of_name = name.as_ref().told().and_then(|name| from_name(name));
            let discipline = match (of_name, &title) {
                (Some(stand_in), _) => Told::That(stand_in.to_owned()),
                (None, Told::That(title)) => {
                    let said = mapping.disciplines.get(title).map(String::as_str);
                    let told = said.or_else(|| from_job_title(title));
                    if told.is_none() {
                        let says = "does not tell the discipline; say it once on the worker's page";
                        reading.note(Level::Warn, row, "prof_professional_job_title", says);
                    }
                    Told::That(told.unwrap_or_default().to_owned())
                }
                (None, Told::Nothing) => Told::Nothing,
            };
            let name = name.map(|name| if name.is_empty() { "name not recorded".to_owned() } else { name });
            let staff_id = reference(row, "prof_staff_id");
            if let Told::That(staff_id) = staff_id.as_ref().map(String::as_str)
                && !staff_id.is_empty()
                && let Some(other) = staff.insert(staff_id.to_owned(), id.clone())
            {
                let called = name.as_ref().told().map_or("this worker", String::as_str);
                let says = format!("{called} is also recorded as {other}; both are kept, join them in the case system");
                reading.note(Level::Review, row, "prof_staff_id", says);
            }
            let department = words(row, "prof_professional_department");
            extract.workers.push(SsdWorker { id, staff_id, name, job_title: title, discipline, department });
            true
        });
    }

    fn people(&mut self) {
        let dates = ["pers_dob", "pers_expected_dob", "pers_death_date"];
        let today = self.today;
        self.walk("ssd_person.csv", "pers_person_id", &dates, |extract, reading, row| {
            let [born, expected, died] = dates.map(|column| reading.date(row, column));
            if born.value().is_some() && expected.value().is_some() {
                reading.note(Level::Warn, row, "pers_expected_dob", "both dates are filled; the date of birth is used");
            }
            if born.value().is_some_and(|born| born > today) {
                reading.note(Level::Warn, row, "pers_dob", "is in the future; is it the expected date?");
            }
            for column in ["pers_forename", "pers_surname"] {
                if row.cell(column) != text(row.cell(column)) {
                    reading.note(Level::Fix, row, column, "spaces put right");
                }
            }
            extract.people.push(SsdPerson {
                id: key(row.cell("pers_person_id")),
                forename: words(row, "pers_forename"),
                surname: words(row, "pers_surname"),
                sex: words(row, "pers_sex"),
                born,
                expected: if born.value().is_some() { Told::That(None) } else { expected },
                died,
                adult: Told::Nothing,
                adult_if_new: false,
            });
            extract.needs.extend(events::send_of(row));
            if yes(row.cell("pers_is_mother")) {
                extract.said_to_be_mothers.insert(key(row.cell("pers_person_id")));
            }
            true
        });
    }

    fn memberships(&mut self) {
        let whose = self.whose("fami_person_id");
        let mut seen = BTreeSet::new();
        self.walk("ssd_family.csv", "fami_table_id", &[], |extract, reading, row| {
            let Some(person) = whose.of(reading, row) else { return false };
            let family = key(row.cell("fami_family_id"));
            if family.is_empty() {
                reading.count.left_out += 1;
                reading.note(Level::Warn, row, "fami_family_id", format!("person {person} is not placed in a family"));
                return false;
            }
            if row.cell("fami_family_id") != family {
                reading.note(Level::Fix, row, "fami_family_id", "spaces around a key put right");
            }
            if !seen.insert((family.clone(), person.clone())) {
                reading.count.repeated += 1;
                reading.note(Level::Fix, row, "fami_family_id", "repeats a membership; it counts once");
                return false;
            }
            extract.memberships.push(Membership { id: key(row.cell("fami_table_id")), family, person });
            true
        });
    }

    fn mothers(&mut self) {
        let (mothers, children) = (self.whose("moth_person_id"), self.whose("moth_childs_person_id"));
        self.walk("ssd_mother.csv", "moth_table_id", &[], |extract, reading, row| {
            let Some(mother) = mothers.of(reading, row) else { return false };
            let Some(child) = children.of(reading, row) else { return false };
            if mother == child {
                reading.reject(row, "moth_person_id", "says that somebody is their own mother; row left out");
                return false;
            }
            extract.mothers.push(Mother { id: key(row.cell("moth_table_id")), mother, child });
            true
        });
    }

    fn episodes(&mut self) {
        let whose = self.whose("cine_person_id");
        let file = events::REFERRAL;
        self.walk(file.file, file.id, &file.date_columns(), |extract, reading, row| {
            let Some(person) = whose.of(reading, row) else { return false };
            let event = file.event(reading, row, person.clone());
            let (opened, closed) = (event.starts, event.ends);
            extract.events.push(event);
            extract.episodes.push(Episode { id: key(row.cell(file.id)), person, opened, closed });
            true
        });
    }

    /// Who is an adult: by age, but a child of an open case stays one; else as somebody's mother; else, in an extract that tells
    /// which people are children (by episode, plan or mother), whoever is none of these.
    fn adults(&mut self) {
        let extract = &mut self.extract;
        let mut mothers = std::mem::take(&mut extract.said_to_be_mothers);
        mothers.extend(extract.mothers.iter().map(|mother| mother.mother.clone()));
        let told = extract.episodes.iter().map(|episode| &episode.person);
        let told = told.chain(extract.plans.iter().map(|plan| &plan.person));
        let children: BTreeSet<&String> = told.chain(extract.mothers.iter().map(|mother| &mother.child)).collect();
        let tells_children =
            ["ssd_cin_episodes.csv", "ssd_mother.csv"].iter().all(|file| self.tables.contains_key(file));
        let open = extract.episodes.iter().filter(|episode| episode.closed == Told::That(None));
        let of_open_case: BTreeSet<&String> = open.map(|episode| &episode.person).collect();
        for person in &mut extract.people {
            let age = person.born.value().and_then(|born| self.today.years_since(born));
            person.adult = match age {
                Some(years) if years < 18 => Told::That(false),
                Some(_) => Told::That(mothers.contains(&person.id) || !of_open_case.contains(&person.id)),
                None if person.expected.value().is_some() => Told::That(false),
                None if mothers.contains(&person.id) => Told::That(true),
                None if children.contains(&person.id) => Told::That(false),
                None if tells_children => Told::That(true),
                None => Told::Nothing,
            };
            // A birth date that cannot be read, or is not there, makes nobody a child or an adult who is known as the other.
            if person.born.is_nothing() {
                person.adult_if_new = person.adult.told().unwrap_or_default();
                person.adult = Told::Nothing;
            }
        }
    }
}

/// Tells whose a row is.
struct Whose {
    /// Keys of the extract's people.
    known: Rc<HashSet<String>>,
    column: &'static str,
    /// For files without the column: one that refers to a row of another file, and whose these are.
    through: Option<(&'static str, HashMap<String, String>)>,
}

impl Whose {
    /// The key of the person; a row about somebody who is not in the extract is rejected.
    fn of(&self, reading: &mut Reading<'_>, row: &TableRow<'_>) -> Option<String> {
        if let Some((column, people)) = &self.through {
            let person = people.get(&key(row.cell(column))).cloned();
            if person.is_none() {
                reading.reject(
                    row,
                    column,
                    "refers to nothing that was read, so it is not known whose this is; row left out",
                );
            }
            return person;
        }
        let person = key(row.cell(self.column));
        if row.cell(self.column) != person && !person.is_empty() {
            reading.note(Level::Fix, row, self.column, "spaces around a key put right");
        }
        if self.known.contains(&person) {
            return Some(person);
        }
        reading.reject(row, self.column, format!("person {person} is not in ssd_person.csv; row left out"));
        None
    }
}
