//! From files to rows of an [`Extract`].

mod standing;

use super::{
    Episode, Extract, Factors, Level, Membership, Mother, Problem, Reading, SsdAllocation, SsdPerson, SsdPlan, SsdTeam,
    SsdVisit, SsdWorker, Table, TableError,
};
use crate::discipline::{from_job_title, from_name};
use crate::value::{key, text, yes};
use chrono::{NaiveDate, TimeDelta};
use std::collections::{BTreeMap, BTreeSet};

/// Files that are read, with the columns each cannot do without.
const FILES: [(&str, &[&str]); 14] = [
    ("ssd_department.csv", &["dept_team_id", "dept_team_name"]),
    ("ssd_professionals.csv", &["prof_professional_id"]),
    ("ssd_person.csv", &["pers_person_id", "pers_forename", "pers_surname", "pers_dob"]),
    ("ssd_family.csv", &["fami_family_id", "fami_person_id"]),
    ("ssd_mother.csv", &["moth_person_id", "moth_childs_person_id"]),
    ("ssd_cin_episodes.csv", &["cine_referral_id", "cine_person_id"]),
    ("ssd_involvements.csv", &["invo_involvements_id", "invo_person_id", "invo_involvement_start_date"]),
    ("ssd_cp_plans.csv", &["cppl_cp_plan_id", "cppl_person_id"]),
    ("ssd_cin_plans.csv", &["cinp_person_id"]),
    ("ssd_pre_proceedings.csv", &["prep_table_id", "prep_person_id"]),
    ("ssd_cin_assessments.csv", &["cina_assessment_id", "cina_person_id"]),
    ("ssd_assessment_factors.csv", &["cinf_assessment_id", "cinf_assessment_factors_json"]),
    ("ssd_cin_visits.csv", &["cinv_cin_visit_id", "cinv_person_id"]),
    ("ssd_cp_visits.csv", &["cppv_cp_visit_id", "cppv_person_id"]),
];

/// Read where it is there: many councils leave it out of what they give to supervision.
const LOOKED_AFTER: (&str, &[&str]) = ("ssd_cla_episodes.csv", &["clae_cla_episode_id", "clae_person_id"]);

/// Reads an extract from its files' names and bytes. `today` is the day of the import.
///
/// # Errors
/// The first file that cannot be read, by name with the reason; nothing is taken then. A file that is
/// missing is listed and read as empty, except persons, without whom there is nothing to read.
pub fn read(files: &BTreeMap<String, Vec<u8>>, today: NaiveDate) -> Result<Extract, TableError> {
    let mut extract = Extract::default();
    let mut tables = BTreeMap::new();
    for (file, needed) in FILES {
        if let Some(bytes) = files.get(file) {
            tables.insert(file, Table::read(file, bytes, needed)?);
        } else if file == "ssd_person.csv" {
            let why = "is missing. Point to the folder that holds the extract's CSV files.".to_owned();
            return Err(TableError { file: file.to_owned(), why });
        } else {
            extract.problems.push(whole_file(file, "is missing; nothing of its kind is read or changed"));
        }
    }
    let (file, needed) = LOOKED_AFTER;
    if let Some(bytes) = files.get(file) {
        tables.insert(file, Table::read(file, bytes, needed)?);
    }
    for file in files.keys().filter(|file| file.ends_with(".csv") && !tables.contains_key(file.as_str())) {
        extract
            .problems
            .push(Problem { level: Level::Info, ..whole_file(file, "is not needed for supervision; not read") });
    }
    let mut reader = RowReader { tables: &tables, extract, today };
    reader.teams();
    reader.workers();
    reader.people();
    reader.memberships();
    reader.mothers();
    reader.episodes();
    reader.allocations();
    reader.plans();
    reader.factors();
    reader.visits();
    reader.adults();
    super::check::whole(&mut reader.extract, today);
    Ok(reader.extract)
}

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

struct RowReader<'a> {
    tables: &'a BTreeMap<&'static str, Table>,
    extract: Extract,
    today: NaiveDate,
}

impl<'a> RowReader<'a> {
    /// Walks one file's rows: `take` keeps a row (true) or has listed why not (false). Rows repeated
    /// under the same key are counted, contradicting ones listed, and the first stays.
    fn walk(
        &mut self, file: &str, id: &str,
        mut take: impl FnMut(&mut Extract, &mut Reading<'a>, &super::TableRow<'a>) -> bool,
    ) {
        let Some(table) = self.tables.get(file) else { return };
        let mut reading = Reading::new(table);
        let mut first: BTreeMap<String, super::TableRow<'a>> = BTreeMap::new();
        for row in table.rows() {
            reading.count.rows += 1;
            let key = key(row.cell(id));
            if key.is_empty() {
                reading.reject(&row, id, "has no key; row left out");
                continue;
            }
            if let Some(earlier) = first.get(&key) {
                if earlier.cells() == row.cells() {
                    reading.count.repeated += 1;
                    reading.note(Level::Fix, &row, "", format!("repeats line {}", earlier.line));
                } else {
                    let differing = earlier.differing(&row).join(", ");
                    reading.count.left_out += 1;
                    reading.note(
                        Level::Review,
                        &row,
                        id,
                        format!(
                            "contradicts line {} for the same key in {differing}; line {} was kept",
                            earlier.line, earlier.line
                        ),
                    );
                }
                continue;
            }
            first.insert(key, row);
            if take(&mut self.extract, &mut reading, &row) {
                reading.count.kept += 1;
            }
        }
        self.extract.counts.insert(file.to_owned(), reading.count);
        self.extract.problems.extend(reading.problems);
    }

    fn person_ids(&self) -> BTreeSet<String> {
        self.extract.people.iter().map(|person| person.id.clone()).collect()
    }

    fn teams(&mut self) {
        self.walk("ssd_department.csv", "dept_team_id", |extract, _, row| {
            extract.teams.push(SsdTeam {
                id: key(row.cell("dept_team_id")),
                name: text(row.cell("dept_team_name")),
                parent: key(row.cell("dept_team_parent_id")),
            });
            true
        });
    }

    fn workers(&mut self) {
        self.walk("ssd_professionals.csv", "prof_professional_id", |extract, reading, row| {
            let title = text(row.cell("prof_professional_job_title"));
            let name = text(row.cell("prof_professional_name"));
            let discipline = from_name(&name).or_else(|| from_job_title(&title));
            if discipline.is_none() {
                reading.note(
                    Level::Warn,
                    row,
                    "prof_professional_job_title",
                    "does not tell the discipline; say it once on the worker's page",
                );
            }
            let staff_id = key(row.cell("prof_staff_id"));
            if let Some(other) = extract.workers.iter().find(|other| !staff_id.is_empty() && other.staff_id == staff_id)
            {
                reading.note(
                    Level::Review,
                    row,
                    "prof_staff_id",
                    format!("{name} is also recorded as {}; both are kept, join them in the case system", other.id),
                );
            }
            extract.workers.push(SsdWorker {
                id: key(row.cell("prof_professional_id")),
                staff_id,
                name: if name.is_empty() { "name not recorded".to_owned() } else { name },
                job_title: title,
                discipline: discipline.unwrap_or_default().to_owned(),
                department: text(row.cell("prof_professional_department")),
            });
            true
        });
    }

    fn people(&mut self) {
        self.walk("ssd_person.csv", "pers_person_id", |extract, reading, row| {
            let born = reading.date(row, "pers_dob");
            let expected = reading.date(row, "pers_expected_dob");
            if born.is_some() && expected.is_some() {
                reading.note(Level::Warn, row, "pers_expected_dob", "both dates are filled; the date of birth is used");
            }
            for column in ["pers_forename", "pers_surname"] {
                if row.cell(column) != text(row.cell(column)) {
                    reading.note(Level::Fix, row, column, "spaces put right");
                }
            }
            extract.people.push(SsdPerson {
                id: key(row.cell("pers_person_id")),
                forename: text(row.cell("pers_forename")),
                surname: text(row.cell("pers_surname")),
                sex: text(row.cell("pers_sex")),
                born,
                expected: if born.is_some() { None } else { expected },
                died: reading.date(row, "pers_death_date"),
                adult: yes(row.cell("pers_is_mother")),
            });
            true
        });
    }

    fn memberships(&mut self) {
        let people = self.person_ids();
        let mut seen = BTreeSet::new();
        self.walk("ssd_family.csv", "fami_table_id", |extract, reading, row| {
            let (family, person) = (key(row.cell("fami_family_id")), key(row.cell("fami_person_id")));
            for column in ["fami_family_id", "fami_person_id"] {
                if row.cell(column) != key(row.cell(column)) && !key(row.cell(column)).is_empty() {
                    reading.note(Level::Fix, row, column, "spaces around a key put right");
                }
            }
            if !people.contains(&person) {
                reading.reject(
                    row,
                    "fami_person_id",
                    format!("person {person} is not in ssd_person.csv; row left out"),
                );
                return false;
            }
            if family.is_empty() {
                reading.count.left_out += 1;
                reading.note(Level::Warn, row, "fami_family_id", format!("person {person} is not placed in a family"));
                return false;
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
        let people = self.person_ids();
        self.walk("ssd_mother.csv", "moth_table_id", |extract, reading, row| {
            let (mother, child) = (key(row.cell("moth_person_id")), key(row.cell("moth_childs_person_id")));
            for (column, person) in [("moth_person_id", &mother), ("moth_childs_person_id", &child)] {
                if !people.contains(person) {
                    reading.reject(row, column, format!("person {person} is not in ssd_person.csv; row left out"));
                    return false;
                }
            }
            extract.mothers.push(Mother { id: key(row.cell("moth_table_id")), mother, child });
            true
        });
    }

    fn episodes(&mut self) {
        let people = self.person_ids();
        self.walk("ssd_cin_episodes.csv", "cine_referral_id", |extract, reading, row| {
            let person = key(row.cell("cine_person_id"));
            if !people.contains(&person) {
                reading.reject(
                    row,
                    "cine_person_id",
                    format!("person {person} is not in ssd_person.csv; row left out"),
                );
                return false;
            }
            extract.episodes.push(Episode {
                id: key(row.cell("cine_referral_id")),
                person,
                opened: reading.date(row, "cine_referral_date"),
                closed: reading.date(row, "cine_close_date"),
            });
            true
        });
    }

    fn allocations(&mut self) {
        let people = self.person_ids();
        let workers: BTreeSet<String> = self.extract.workers.iter().map(|worker| worker.id.clone()).collect();
        self.walk("ssd_involvements.csv", "invo_involvements_id", |extract, reading, row| {
            let person = key(row.cell("invo_person_id"));
            if row.cell("invo_person_id") != person && !person.is_empty() {
                reading.note(Level::Fix, row, "invo_person_id", "spaces around a key put right");
            }
            if !people.contains(&person) {
                reading.reject(
                    row,
                    "invo_person_id",
                    format!("person {person} is not in ssd_person.csv; row left out"),
                );
                return false;
            }
            let Some(starts) = reading.date(row, "invo_involvement_start_date") else {
                reading.reject(row, "invo_involvement_start_date", "has no start; row left out");
                return false;
            };
            let ends = reading.date(row, "invo_involvement_end_date");
            if ends.is_some_and(|ends| ends < starts) {
                reading.reject(row, "invo_involvement_end_date", "ends before it starts; row left out");
                return false;
            }
            let written = text(row.cell("invo_professional_role_id"));
            let role = if written.to_lowercase().contains("allocated case worker") {
                "CW".to_owned()
            } else {
                written.to_uppercase()
            };
            if role != row.cell("invo_professional_role_id") {
                reading.note(Level::Fix, row, "invo_professional_role_id", format!("read as {role}"));
            }
            let named = key(row.cell("invo_professional_id"));
            let listed = workers.contains(&named);
            if named.is_empty() {
                reading.note(Level::Warn, row, "invo_professional_id", "allocated to a team, no worker");
            } else if !listed {
                reading.note(
                    Level::Warn,
                    row,
                    "invo_professional_id",
                    format!("unknown worker {named}: not in ssd_professionals.csv; kept without a name"),
                );
            }
            extract.allocations.push(SsdAllocation {
                id: key(row.cell("invo_involvements_id")),
                person,
                worker: if listed { named.clone() } else { String::new() },
                unknown_worker: if listed { String::new() } else { named },
                team: key(row.cell("invo_professional_team")),
                role,
                starts,
                ends,
            });
            true
        });
    }

    /// Who is an adult: by age; else as somebody's mother; else, in a family and without any child's
    /// row (episode or plan), as an adult nobody dated.
    fn adults(&mut self) {
        let mothers: BTreeSet<String> = self.extract.mothers.iter().map(|mother| mother.mother.clone()).collect();
        let children: BTreeSet<String> = self
            .extract
            .episodes
            .iter()
            .map(|episode| episode.person.clone())
            .chain(self.extract.plans.iter().map(|plan| plan.person.clone()))
            .chain(self.extract.mothers.iter().map(|mother| mother.child.clone()))
            .collect();
        for person in &mut self.extract.people {
            person.adult = match person.born.and_then(|born| self.today.years_since(born)) {
                Some(years) => years >= 18,
                None if person.expected.is_some() => false,
                None => person.adult || mothers.contains(&person.id) || !children.contains(&person.id),
            };
        }
    }
}
