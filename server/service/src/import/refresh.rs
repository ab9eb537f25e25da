//! A CIN census or an Annex A beside what is known: rows without keys of the case system find theirs by child, kind and day.

use super::{Load, Report, Tells};
use crate::{Service, ServiceError};
use domain::status::CaseEventKind;
use interchange::Extract;
use interchange::ssd::{Episode, Factors, SsdEvent, SsdNeed, SsdPlan, SsdVisit};
use serde::de::DeserializeOwned;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

impl Service {
    /// Takes over what a CIN census or an Annex A says of children who are known: plans, closures, visits, factors, what
    /// happened. Nobody is added by it, nothing is ended by what is not in it.
    ///
    /// # Errors
    /// Where the file is neither, or cannot be read; in a demo; a load that changes too much, with what it would change.
    pub async fn refresh(&self, name: &str, bytes: &[u8], load: Load) -> Result<Report, ServiceError> {
        if self.inner.demo {
            return Err(ServiceError::Setup(
                "This is a demo of invented families and takes no other data. Use another --database without --demo for real data.".to_owned(),
            ));
        }
        let people = self.inner.store.people().await?;
        let known: HashSet<String> = people.into_iter().filter_map(|person| person.source_id).collect();
        let read = interchange::refresh::read(name, bytes, &known, self.inner.clock.today());
        let mut extract = read.map_err(|error| ServiceError::Setup(error.to_string()))?;
        let rows = self.inner.store.import_rows().await?;
        find_keys(&mut extract, &rows);
        self.load(extract, load, Tells::Some).await
    }
}

/// Gives rows the keys of those that were read before of the same child, kind and day. Factors that are older than those known
/// are left out.
fn find_keys(extract: &mut Extract, rows: &[(String, String, String)]) {
    let plans = by(rows, "plan", |row: &SsdPlan| Some((row.person.clone(), row.kind, row.starts.value()?)));
    let key = |row: &SsdPlan| Some((row.person.clone(), row.kind, row.starts.value()?));
    take_keys(&mut extract.plans, &plans, key, |row: &mut SsdPlan| &mut row.id);
    let episodes = by(rows, "episode", |row: &Episode| Some((row.person.clone(), row.opened.value()?)));
    let key = |row: &Episode| Some((row.person.clone(), row.opened.value()?));
    take_keys(&mut extract.episodes, &episodes, key, |row: &mut Episode| &mut row.id);
    let event_key = |row: &SsdEvent| -> Option<(String, CaseEventKind, chrono::NaiveDate)> {
        Some((row.person.clone(), row.kind, row.starts.value()?))
    };
    let events = by(rows, "event", event_key);
    take_keys(&mut extract.events, &events, event_key, |row: &mut SsdEvent| &mut row.id);
    let visit_key = |row: &SsdVisit| Some((row.person.clone(), row.on));
    let visits = by(rows, "visit", visit_key);
    take_keys(&mut extract.visits, &visits, visit_key, |row: &mut SsdVisit| &mut row.id);
    let need_key = |row: &SsdNeed| Some((row.person.clone(), row.code.clone().told()?));
    let needs = by(rows, "need", need_key);
    take_keys(&mut extract.needs, &needs, need_key, |row: &mut SsdNeed| &mut row.id);
    let of_children = rows.iter().filter(|(kind, ..)| kind == "factors");
    let read = of_children.filter_map(|(.., row)| serde_json::from_str(row).ok());
    let known: HashMap<String, _> = read.map(|row: Factors| (row.person, row.assessed_on)).collect();
    extract.factors.retain(|row| known.get(&row.person).is_none_or(|known| row.assessed_on > *known));
}

/// The keys of the rows of a kind that were read before, by what they are known by.
fn by<T: DeserializeOwned, K: Hash + Eq>(
    rows: &[(String, String, String)], kind: &str, known_by: impl Fn(&T) -> Option<K>,
) -> HashMap<K, String> {
    let of_kind = rows.iter().filter(|(of, ..)| of == kind);
    let read = of_kind.filter_map(|(_, key, row)| Some((known_by(&serde_json::from_str(row).ok()?)?, key.clone())));
    read.collect()
}

/// Gives each row the key it has, and keeps the first of those that are the same.
fn take_keys<T, K: Hash + Eq>(
    rows: &mut Vec<T>, keys: &HashMap<K, String>, known_by: impl Fn(&T) -> Option<K>,
    id: impl Fn(&mut T) -> &mut String,
) {
    let mut seen = HashSet::new();
    rows.retain_mut(|row| {
        if let Some(key) = known_by(row).and_then(|known_by| keys.get(&known_by)) {
            id(row).clone_from(key);
        }
        seen.insert(id(row).clone())
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::status::PlanKind;
    use interchange::Told;

    fn plan(id: &str, starts: &str, ends: Option<&str>) -> SsdPlan {
        SsdPlan {
            id: id.to_owned(),
            person: "1".to_owned(),
            kind: PlanKind::Protection,
            starts: Told::That(Some(starts.parse().unwrap())),
            ends: ends.map(|ends| Some(ends.parse().unwrap())).into(),
            categories: Told::Nothing,
        }
    }

    #[test]
    fn a_row_without_a_key_has_that_of_the_same_plan() {
        let before = plan("cp:700001", "2026-03-02", None);
        let rows = [("plan".to_owned(), before.id.clone(), serde_json::to_string(&before).unwrap())];
        let mut extract = Extract::default();
        extract.plans.extend([
            plan("cp:1-2026-03-02", "2026-03-02", Some("2026-10-05")),
            plan("cp:1-2026-03-02", "2026-03-02", None),
            plan("cp:1-2026-11-01", "2026-11-01", None),
        ]);
        find_keys(&mut extract, &rows);
        let ids: Vec<&str> = extract.plans.iter().map(|plan| plan.id.as_str()).collect();
        assert_eq!(ids, ["cp:700001", "cp:1-2026-11-01"], "the same plan twice is one");
        assert_eq!(extract.plans[0].ends.value(), "2026-10-05".parse().ok());
    }
}
