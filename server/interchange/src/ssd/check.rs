//! What only the whole extract shows: who is missing, doubled, unallocated or closed.

use super::{Extract, Level, Problem, SsdPerson};
use chrono::NaiveDate;
use domain::status::PlanKind;
use std::collections::{BTreeMap, BTreeSet};

/// Adds the findings that need more than one file. Nothing is changed by them.
pub(super) fn whole(extract: &mut Extract, today: NaiveDate) {
    let mut found = Vec::new();
    births(extract, today, &mut found);
    not_placed(extract, &mut found);
    twice(extract, &mut found);
    social_workers(extract, today, &mut found);
    extract.problems.extend(found);
}

fn finding(level: Level, file: &str, column: &str, value: &str, says: String) -> Problem {
    Problem { level, file: file.to_owned(), line: 0, column: column.to_owned(), value: value.to_owned(), says }
}

fn births(extract: &Extract, today: NaiveDate, found: &mut Vec<Problem>) {
    for person in extract.people.iter().filter(|person| !person.adult && person.born.is_none()) {
        match person.expected {
            None => found.push(finding(
                Level::Warn,
                "ssd_person.csv",
                "pers_dob",
                &person.id,
                format!("{} has no date of birth; the age shows as not recorded", called(person)),
            )),
            Some(due) if due < today => found.push(finding(
                Level::Warn,
                "ssd_person.csv",
                "pers_expected_dob",
                &person.id,
                format!("due date {} has passed: born?", due.format("%-d %b %Y")),
            )),
            Some(_) => {}
        }
    }
}

fn not_placed(extract: &Extract, found: &mut Vec<Problem>) {
    let placed: BTreeMap<&str, &str> =
        extract.memberships.iter().map(|member| (member.person.as_str(), member.family.as_str())).collect();
    for person in extract.people.iter().filter(|person| !placed.contains_key(person.id.as_str())) {
        let through_mother = extract
            .mothers
            .iter()
            .filter_map(|row| {
                if row.child == person.id {
                    placed.get(row.mother.as_str())
                } else if row.mother == person.id {
                    placed.get(row.child.as_str())
                } else {
                    None
                }
            })
            .next();
        let proposal = through_mother
            .map_or_else(String::new, |family| format!("; perhaps family {family}, through ssd_mother.csv"));
        found.push(finding(
            Level::Warn,
            "ssd_family.csv",
            "fami_person_id",
            &person.id,
            format!("{} is in no family{proposal}. Add them on the family's page once that is sure", called(person)),
        ));
    }
}

fn twice(extract: &Extract, found: &mut Vec<Problem>) {
    let mut by_family: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for member in &extract.memberships {
        by_family.entry(&member.family).or_default().insert(&member.person);
    }
    let people: BTreeMap<&str, &SsdPerson> = extract.people.iter().map(|person| (person.id.as_str(), person)).collect();
    for (family, members) in by_family {
        let mut seen: BTreeMap<(String, Option<NaiveDate>), &str> = BTreeMap::new();
        for id in members {
            let Some(person) = people.get(id) else { continue };
            let same = (called(person).to_lowercase(), person.born);
            if let Some(other) = seen.insert(same, id) {
                found.push(finding(
                    Level::Review,
                    "ssd_person.csv",
                    "pers_person_id",
                    id,
                    format!(
                        "{} may be recorded twice ({other} and {id}) in family {family}; both are kept",
                        called(person)
                    ),
                ));
            }
        }
    }
}

fn social_workers(extract: &Extract, today: NaiveDate, found: &mut Vec<Problem>) {
    for person in extract.people.iter().filter(|person| !person.adult) {
        let current = extract.allocations.iter().filter(|allocation| {
            allocation.person == person.id && allocation.role == "CW" && allocation.ends.is_none_or(|ends| ends > today)
        });
        let current: Vec<&str> = current.map(|allocation| allocation.id.as_str()).collect();
        let has_plan = extract
            .plans
            .iter()
            .any(|plan| plan.person == person.id && plan.kind == PlanKind::Protection && plan.ends.is_none());
        let episodes: Vec<_> = extract.episodes.iter().filter(|episode| episode.person == person.id).collect();
        let closed = !episodes.is_empty() && episodes.iter().all(|episode| episode.closed.is_some());
        let file = "ssd_involvements.csv";
        if current.len() > 1 {
            found.push(finding(
                Level::Warn,
                file,
                "invo_involvements_id",
                &current.join(", "),
                format!(
                    "{} has {} open social worker allocations; both are shown: who is it?",
                    called(person),
                    current.len()
                ),
            ));
        }
        if current.is_empty() && has_plan {
            let last = extract
                .allocations
                .iter()
                .filter(|allocation| allocation.person == person.id && allocation.role == "CW");
            let last = last.max_by_key(|allocation| allocation.ends).map_or("none", |allocation| &allocation.id);
            found.push(finding(
                Level::Warn,
                file,
                "invo_person_id",
                &person.id,
                format!(
                    "{} has an open child protection plan and no current social worker; the last allocation was {last}",
                    called(person)
                ),
            ));
        }
        if closed && !current.is_empty() {
            found.push(finding(
                Level::Warn,
                file,
                "invo_involvements_id",
                &current.join(", "),
                format!("{} is closed, but still allocated", called(person)),
            ));
        }
    }
}

fn called(person: &SsdPerson) -> String {
    format!("{} {}", person.forename, person.surname)
}
