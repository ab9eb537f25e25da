//! What only the whole extract shows: who is missing, doubled, unallocated or closed.

use super::{Extract, Level, Problem, SsdAllocation, SsdPerson, SsdPlan, SsdTeam};
use crate::told::Told;
use chrono::NaiveDate;
use domain::status::PlanKind;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Adds the findings that need more than one file. Nothing is changed by them.
pub(super) fn whole(extract: &mut Extract, today: NaiveDate) {
    let mut found = Vec::new();
    births(extract, today, &mut found);
    not_placed(extract, &mut found);
    twice(extract, &mut found);
    loops(extract, &mut found);
    standing(extract, &mut found);
    social_workers(extract, today, &mut found);
    extract.problems.extend(found);
}

fn finding(level: Level, file: &str, column: &str, value: &str, says: String) -> Problem {
    Problem { level, file: file.to_owned(), line: 0, column: column.to_owned(), value: value.to_owned(), says }
}

fn births(extract: &Extract, today: NaiveDate, found: &mut Vec<Problem>) {
    let no_date = |person: &&SsdPerson| is_child(person) && person.born == Told::That(None);
    for person in extract.people.iter().filter(no_date) {
        match person.expected.value() {
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
    let mut related: HashMap<&str, Vec<&str>> = HashMap::new();
    for row in &extract.mothers {
        related.entry(&row.child).or_default().push(&row.mother);
        related.entry(&row.mother).or_default().push(&row.child);
    }
    for person in extract.people.iter().filter(|person| !placed.contains_key(person.id.as_str())) {
        let of = related.get(person.id.as_str()).into_iter().flatten();
        let through_mother = of.filter_map(|other| placed.get(other)).next();
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
            let same = (called(person).to_lowercase(), person.born.value());
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
    const FILE: &str = "ssd_involvements.csv";
    let mut allocations: HashMap<&str, Vec<&SsdAllocation>> = HashMap::new();
    for allocation in extract.allocations.iter().filter(|allocation| is_social_worker(allocation)) {
        allocations.entry(&allocation.person).or_default().push(allocation);
    }
    let protection = |plan: &&SsdPlan| plan.kind == PlanKind::Protection && plan.ends == Told::That(None);
    let protected: HashSet<&str> = extract.plans.iter().filter(protection).map(|plan| plan.person.as_str()).collect();
    // Whether every episode of a child is closed.
    let mut closed: HashMap<&str, bool> = HashMap::new();
    for episode in &extract.episodes {
        *closed.entry(&episode.person).or_insert(true) &= episode.closed.value().is_some();
    }
    for person in extract.people.iter().filter(|person| is_child(person)) {
        let id = person.id.as_str();
        let all = allocations.get(id).map_or(&[][..], Vec::as_slice);
        let current = all.iter().filter(|allocation| allocation.ends.value().is_none_or(|ends| ends > today));
        let current: Vec<&str> = current.map(|allocation| allocation.id.as_str()).collect();
        let mut tell = |column: &str, value: &str, says: String| {
            found.push(finding(Level::Warn, FILE, column, value, format!("{} {says}", called(person))));
        };
        if current.len() > 1 {
            let says = format!("has {} open social worker allocations; both are shown: who is it?", current.len());
            tell("invo_involvements_id", &current.join(", "), says);
        }
        if current.is_empty() && protected.contains(id) {
            let last = all.iter().max_by_key(|allocation| allocation.ends.value()).map_or("none", |last| &last.id);
            let says = format!(
                "has an open child protection plan and no current social worker; the last allocation was {last}"
            );
            tell("invo_person_id", id, says);
        }
        if closed.get(id) == Some(&true) && !current.is_empty() {
            tell("invo_involvements_id", &current.join(", "), "is closed, but still allocated".to_owned());
        }
    }
}

/// Mothers and departments that lead back to themselves.
fn loops(extract: &Extract, found: &mut Vec<Problem>) {
    let mothers = extract.mothers.iter().map(|row| (row.child.as_str(), row.mother.as_str()));
    for id in in_a_loop(mothers.collect()) {
        let says = "is their own mother’s mother, or further up; every row was kept".to_owned();
        found.push(finding(Level::Warn, "ssd_mother.csv", "moth_person_id", id, says));
    }
    let parent = |team: &'_ SsdTeam| team.parent.clone().told().filter(|parent| !parent.is_empty());
    let parents: Vec<(String, String)> =
        extract.teams.iter().filter_map(|team| Some((team.id.clone(), parent(team)?))).collect();
    for id in in_a_loop(parents.iter().map(|(team, parent)| (team.as_str(), parent.as_str())).collect()) {
        let says = "is its own department above, or further up; nobody oversees it by that".to_owned();
        found.push(finding(Level::Warn, "ssd_department.csv", "dept_team_parent_id", id, says));
    }
}

/// Those from whom the way up leads back to themselves.
fn in_a_loop<'a>(up: BTreeMap<&'a str, &'a str>) -> Vec<&'a str> {
    let leads_back = |from: &&&'a str| {
        let mut at = **from;
        for _ in 0..up.len() {
            match up.get(at) {
                Some(next) if next == *from => return true,
                Some(next) => at = next,
                None => return false,
            }
        }
        false
    };
    up.keys().filter(leads_back).copied().collect()
}

/// What contradicts itself in how a child stands.
fn standing(extract: &Extract, found: &mut Vec<Problem>) {
    let mut open: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for episode in extract.episodes.iter().filter(|episode| episode.closed == Told::That(None)) {
        open.entry(&episode.person).or_default().push(&episode.id);
    }
    for (person, episodes) in open.iter().filter(|(_, episodes)| episodes.len() > 1) {
        let says = format!("has {} open episodes ({}); both are kept", episodes.len(), episodes.join(", "));
        found.push(finding(Level::Warn, "ssd_cin_episodes.csv", "cine_close_date", person, says));
    }
    let with_plan: BTreeSet<&str> =
        extract.plans.iter().filter(|plan| plan.ends == Told::That(None)).map(|plan| plan.person.as_str()).collect();
    for person in extract.people.iter().filter(|person| person.died.value().is_some()) {
        if with_plan.contains(person.id.as_str()) {
            let says = format!("{} has died, and has an open plan; nothing was ended", called(person));
            found.push(finding(Level::Warn, "ssd_person.csv", "pers_death_date", &person.id, says));
        }
    }
}

fn is_child(person: &SsdPerson) -> bool {
    person.adult != Told::That(true)
}

fn is_social_worker(allocation: &SsdAllocation) -> bool {
    allocation.role.as_ref().map(String::as_str) == Told::That("CW")
}

fn called(person: &SsdPerson) -> String {
    let name = |told: &Told<String>| told.clone().told().unwrap_or_default();
    format!("{} {}", name(&person.forename), name(&person.surname))
}
