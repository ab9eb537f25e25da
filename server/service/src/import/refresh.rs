//! A CIN census or an Annex A beside what is known: rows without keys of the case system find theirs by child, kind and day.

use super::compare::Before;
use super::{Import, Load, Report, Tells};
use crate::{Service, ServiceError};
use chrono::NaiveDate;
use domain::dates;
use domain::status::{CaseEventKind, PlanKind};
use interchange::refresh::is_made;
use interchange::ssd::{Episode, Factors, SsdEvent, SsdNeed, SsdPlan, SsdVisit};
use interchange::{Extract, Level, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
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
        self.load(extract, load, Tells::Part).await
    }
}

/// Gives rows the keys of those that were read before of the same child, kind and day. Of what is known already they fill only
/// what is empty there: the case system's own extract is newer than a census. Factors that are older than those known, and a
/// second plan or episode beside an open one, are left out.
fn find_keys(extract: &mut Extract, rows: &[(String, String, String)]) {
    let plans = KnownRows::of(rows, "plan", plan_key);
    plans.give_keys(&mut extract.plans, plan_key, |row| &mut row.id);
    let is_open = |row: &SsdPlan| row.ends.value().is_none();
    let mut open = plans.rows_where(is_open, |row| (row.person.clone(), row.kind));
    // What the same file ends is in nobody's way.
    let ended: HashSet<&String> = extract.plans.iter().filter(|row| !is_open(row)).map(|row| &row.id).collect();
    open.retain(|_, key| !ended.contains(key));
    let beside = |row: &SsdPlan| open.contains_key(&(row.person.clone(), row.kind)) && !plans.has(&row.id);
    let all = std::mem::take(&mut extract.plans).into_iter();
    let (left_out, kept) = all.partition::<Vec<_>, _>(|row| is_open(row) && beside(row));
    extract.plans = kept;
    extract.problems.extend(left_out.iter().map(|row| second("plan", &row.person, row.starts.value())));
    let episodes = KnownRows::of(rows, "episode", episode_key);
    episodes.give_keys(&mut extract.episodes, episode_key, |row| &mut row.id);
    let is_open = |row: &Episode| row.closed.value().is_none();
    let mut open = episodes.rows_where(is_open, |row| row.person.clone());
    let closed: HashSet<&String> = extract.episodes.iter().filter(|row| !is_open(row)).map(|row| &row.id).collect();
    open.retain(|_, key| !closed.contains(key));
    let beside = |row: &Episode| open.contains_key(&row.person) && !episodes.has(&row.id);
    let all = std::mem::take(&mut extract.episodes).into_iter();
    let (left_out, kept) = all.partition::<Vec<_>, _>(|row| is_open(row) && beside(row));
    extract.episodes = kept;
    extract.problems.extend(left_out.iter().map(|row| second("episode", &row.person, row.opened.value())));
    KnownRows::of(rows, "event", event_key).give_keys(&mut extract.events, event_key, |row| &mut row.id);
    KnownRows::of(rows, "visit", visit_key).give_keys(&mut extract.visits, visit_key, |row| &mut row.id);
    KnownRows::of(rows, "need", need_key).give_keys(&mut extract.needs, need_key, |row| &mut row.id);
    let of_children = rows.iter().filter(|(kind, ..)| kind == "factors");
    let read = of_children.filter_map(|(.., row)| serde_json::from_str(row).ok());
    let known: HashMap<String, _> = read.map(|row: Factors| (row.person, row.assessed_on)).collect();
    extract.factors.retain(|row| known.get(&row.person).is_none_or(|known| row.assessed_on > *known));
}

/// Says that a row was left out which would stand open beside another open one of its kind.
fn second(kind: &str, child: &str, day: Option<NaiveDate>) -> Problem {
    let day = day.map(dates::plain_date).unwrap_or_default();
    Problem {
        level: Level::Review,
        file: String::new(),
        line: 0,
        column: String::new(),
        value: child.to_owned(),
        says: format!(
            "the {kind} from {day} was left out: another one of this child is open that began on another day"
        ),
    }
}

fn plan_key(row: &SsdPlan) -> Option<(String, PlanKind, NaiveDate)> {
    Some((row.person.clone(), row.kind, row.starts.value()?))
}

fn episode_key(row: &Episode) -> Option<(String, NaiveDate)> {
    Some((row.person.clone(), row.opened.value()?))
}

fn event_key(row: &SsdEvent) -> Option<(String, CaseEventKind, NaiveDate)> {
    Some((row.person.clone(), row.kind, row.starts.value()?))
}

fn visit_key(row: &SsdVisit) -> Option<(String, NaiveDate)> {
    Some((row.person.clone(), row.on))
}

fn need_key(row: &SsdNeed) -> Option<(String, String)> {
    Some((row.person.clone(), row.code.clone().told()?))
}

/// The rows of a kind that were read before, by what they are known by.
struct KnownRows<'r, K> {
    keys: HashMap<K, String>,
    rows: HashMap<&'r str, &'r str>,
}

impl<'r, K: Hash + Eq> KnownRows<'r, K> {
    fn of<T: DeserializeOwned>(
        rows: &'r [(String, String, String)], kind: &str, known_by: impl Fn(&T) -> Option<K>,
    ) -> Self {
        let rows: HashMap<&str, &str> =
            rows.iter().filter(|(of, ..)| of == kind).map(|(_, key, row)| (key.as_str(), row.as_str())).collect();
        let mut ordered: Vec<&str> = rows.keys().copied().collect();
        // The case system's own key is the last one taken, and stays.
        ordered.sort_by_key(|key| (!is_made(key), *key));
        let read = ordered.iter().filter_map(|key| {
            let row: T = serde_json::from_str(rows.get(key)?).ok()?;
            Some((known_by(&row)?, (*key).to_owned()))
        });
        let keys = read.collect();
        Self { keys, rows }
    }

    fn has(&self, key: &str) -> bool {
        self.rows.contains_key(key)
    }

    /// The keys of rows of which something holds, by what `by` says.
    fn rows_where<T: DeserializeOwned, B: Hash + Eq>(
        &self, holds: impl Fn(&T) -> bool, by: impl Fn(&T) -> B,
    ) -> HashMap<B, String> {
        let read = self.rows.iter().filter_map(|(key, row)| Some((*key, serde_json::from_str::<T>(row).ok()?)));
        read.filter(|(_, row)| holds(row)).map(|(key, row)| (by(&row), key.to_owned())).collect()
    }

    /// Gives each row the key it has and what is known of it, and joins those that are the same.
    fn give_keys<T: Serialize + DeserializeOwned + Clone>(
        &self, rows: &mut Vec<T>, known_by: impl Fn(&T) -> Option<K>, id: impl Fn(&mut T) -> &mut String,
    ) {
        let mut joined: Vec<T> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for mut row in rows.drain(..) {
            if let Some(key) = known_by(&row).and_then(|known_by| self.keys.get(&known_by)) {
                id(&mut row).clone_from(key);
                row = filled(row, self.rows.get(key.as_str()).copied().unwrap_or_default());
            }
            let key = id(&mut row).clone();
            match places.get(&key) {
                Some(at) => {
                    let first = serde_json::to_string(&joined[*at]).expect("rows are plain data");
                    joined[*at] = filled(row, &first);
                }
                None => {
                    places.insert(key, joined.len());
                    joined.push(row);
                }
            }
        }
        *rows = joined;
    }
}

/// A row with whatever is known already instead of what it tells; it fills what is empty there.
fn filled<T: Serialize + DeserializeOwned + Clone>(row: T, known: &str) -> T {
    let told = serde_json::to_value(&row).expect("rows are plain data");
    let (Value::Object(mut told), Ok(Value::Object(known))) = (told, serde_json::from_str(known)) else { return row };
    let says_something =
        |value: &Value| !matches!(value, Value::Null) && value != "" && *value != Value::Array(Vec::new());
    told.extend(known.into_iter().filter(|(_, value)| says_something(value)));
    serde_json::from_value(Value::Object(told)).unwrap_or(row)
}

impl Import<'_> {
    /// An extract tells rows under the case system's keys that a refresh had made: they are the same ones.
    pub(super) async fn take_over_made(&mut self) -> Result<(), ServiceError> {
        if self.tells == Tells::Part {
            return Ok(());
        }
        let before = &self.before;
        let mut moved = Vec::new();
        moved.extend(made(before, "plan", &self.extract.plans, plan_key, |row| &row.id));
        moved.extend(made(before, "episode", &self.extract.episodes, episode_key, |row| &row.id));
        moved.extend(made(before, "event", &self.extract.events, event_key, |row| &row.id));
        moved.extend(made(before, "visit", &self.extract.visits, visit_key, |row| &row.id));
        moved.extend(made(before, "need", &self.extract.needs, need_key, |row| &row.id));
        for (kind, old, new) in moved {
            self.rename(kind, &old, &new).await?;
        }
        Ok(())
    }
}

/// Rows of a kind that a refresh made and that the extract tells now: their keys, and the extract's.
fn made<T: DeserializeOwned, K: Hash + Eq>(
    before: &Before, kind: &'static str, rows: &[T], known_by: impl Fn(&T) -> Option<K>, id: impl Fn(&T) -> &String,
) -> Vec<(&'static str, String, String)> {
    let read =
        before.made(kind).filter_map(|(key, row)| Some((known_by(&serde_json::from_str(row).ok()?)?, key.clone())));
    let mut made: HashMap<K, String> = read.collect();
    // Most loads follow no refresh: then nothing is looked for.
    let new = rows.iter().filter(|row| !made.is_empty() && before.row(kind, id(row)).is_none());
    let new: Vec<(K, String)> = new.filter_map(|row| Some((known_by(row)?, id(row).clone()))).collect();
    new.into_iter().filter_map(|(known_by, new)| Some((kind, made.remove(&known_by)?, new))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
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
            plan("cp:~1-2026-03-02", "2026-03-02", Some("2026-10-05")),
            plan("cp:~1-2026-03-02", "2026-03-02", None),
        ]);
        find_keys(&mut extract, &rows);
        let ids: Vec<&str> = extract.plans.iter().map(|plan| plan.id.as_str()).collect();
        assert_eq!(ids, ["cp:700001"], "the same plan twice is one");
        assert_eq!(extract.plans[0].ends.value(), "2026-10-05".parse().ok());
    }

    #[test]
    fn a_second_plan_is_left_out_unless_the_same_file_ends_the_first() {
        let before = plan("cp:700001", "2026-03-02", None);
        let rows = [("plan".to_owned(), before.id.clone(), serde_json::to_string(&before).unwrap())];
        let read = |ends: Option<&str>| {
            let mut extract = Extract::default();
            let second = plan("cp:~1-2026-11-01", "2026-11-01", None);
            extract.plans.extend([plan("cp:~1-2026-03-02", "2026-03-02", ends), second]);
            find_keys(&mut extract, &rows);
            (extract.plans.len(), extract.problems.len())
        };
        assert_eq!(read(None), (1, 1), "listed");
        assert_eq!(read(Some("2026-10-05")), (2, 0), "one plan follows the other");
    }
}
