//! Rows of an extract beside what was read before: what is new, changed, gone, or the same under another key.

use super::{Import, ServiceError};
use crate::import::report::Change;
use interchange::Level;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// What was read before, by kind and key, and which of it has come again.
#[derive(Debug, Default)]
pub(super) struct Before {
    content: HashMap<String, HashMap<String, String>>,
    seen: HashMap<String, HashSet<String>>,
}

/// A row that is new, or not as it was read before.
#[derive(Debug, Clone)]
pub(super) struct ChangedRow<T> {
    /// As it was read before.
    pub before: Option<T>,
    /// As it is read now. What the extract does not tell is as it was read before.
    pub now: T,
}

impl Before {
    pub fn new(rows: Vec<(String, String, String)>) -> Self {
        let mut content: HashMap<String, HashMap<String, String>> = HashMap::new();
        for (kind, key, row) in rows {
            content.entry(kind).or_default().insert(key, row);
        }
        Self { content, seen: HashMap::new() }
    }

    /// How many rows of a kind were read before.
    pub fn count(&self, kind: &str) -> usize {
        self.content.get(kind).map_or(0, HashMap::len)
    }

    /// Rows of a kind that a refresh made: key and content.
    pub fn made(&self, kind: &str) -> impl Iterator<Item = (&String, &String)> {
        self.content.get(kind).into_iter().flatten().filter(|(key, _)| interchange::refresh::is_made(key))
    }

    pub fn row(&self, kind: &str, key: &str) -> Option<&String> {
        self.content.get(kind)?.get(key)
    }

    /// Rows of a kind that were read before and have not come again. A file that is missing or empty tells nothing of its rows.
    fn gone(&self, kind: &str) -> Vec<(String, String)> {
        let (Some(seen), Some(rows)) = (self.seen.get(kind), self.content.get(kind)) else { return Vec::new() };
        let told: HashSet<&str> = seen.iter().map(|key| source(key)).collect();
        // What a refresh made was never in an extract, so it cannot be gone from it.
        let gone = rows.iter().filter(|(key, _)| {
            !seen.contains(*key) && told.contains(source(key)) && !interchange::refresh::is_made(key)
        });
        gone.map(|(key, content)| (key.clone(), content.clone())).collect()
    }
}

impl Import<'_> {
    /// Compares a row with what was read before; `None` where it is the same.
    pub(super) async fn changed<T: Serialize + DeserializeOwned>(
        &mut self, kind: &str, key: &str, row: T,
    ) -> Result<Option<ChangedRow<T>>, ServiceError> {
        self.before.seen.entry(kind.to_owned()).or_default().insert(key.to_owned());
        let before = self.before.row(kind, key);
        let now = match before {
            Some(before) => with_what_was_read(row, before),
            None => row,
        };
        let content = serde_json::to_string(&now).expect("rows are plain data");
        let change = self.report.changes.entry(kind.to_owned()).or_default();
        if before == Some(&content) {
            change.unchanged += 1;
            return Ok(None);
        }
        let before = before.and_then(|before| serde_json::from_str(before).ok());
        if before.is_some() {
            change.changed += 1
        } else {
            change.new += 1
        }
        // A slice begins here and nowhere else: a row and the note that it was read stay together.
        self.slices.next().await?;
        self.slices.write(async |tx| tx.keep_import_row(kind, key, &content).await).await?;
        Ok(Some(ChangedRow { before, now }))
    }

    /// Lists what was corrected here and has changed in the extract since: ours stays.
    pub(super) fn kept(&mut self, kind: &str, key: &str, kept: &[KeptByHand]) {
        if kept.is_empty() {
            return;
        }
        let change = self.report.changes.entry(kind.to_owned()).or_default();
        change.kept_by_hand += 1;
        for KeptByHand { field, ours, theirs } in kept {
            let says = format!(
                "{kind} {key}: {field} was corrected by hand here to {ours}, and the extract now says {theirs}; ours stays"
            );
            self.note(Level::Review, key, says);
        }
    }

    /// Gives rows whose keys alone have changed back to what they were: a case system that numbers its rows anew brings nothing
    /// new. `keys`: the field of the row that is its key.
    pub(super) async fn renumbered<T: Serialize>(
        &mut self, kind: &str, rows: &[T], key: fn(&T) -> &String,
    ) -> Result<Vec<(String, String)>, ServiceError> {
        let now: HashSet<&String> = rows.iter().map(key).collect();
        let mut gone: HashMap<String, Vec<String>> = HashMap::new();
        for (old, content) in self.before.content.get(kind).into_iter().flatten() {
            if !now.contains(old) {
                gone.entry(without_key(content)).or_default().push(old.clone());
            }
        }
        let mut moved = Vec::new();
        for row in rows.iter().filter(|row| self.before.row(kind, key(row)).is_none()) {
            let content = serde_json::to_string(row).expect("rows are plain data");
            if let Some(old) = gone.get_mut(&without_key(&content)).and_then(Vec::pop) {
                moved.push((old, key(row).clone(), content));
            }
        }
        let mut keys = Vec::new();
        for (old, new, content) in moved {
            self.slices.next().await?;
            self.slices.write(async |tx| tx.rename_import_row(kind, &old, &new, &content).await).await?;
            let rows = self.before.content.entry(kind.to_owned()).or_default();
            rows.remove(&old);
            rows.insert(new.clone(), content);
            self.report.changes.entry(kind.to_owned()).or_default().renumbered += 1;
            keys.push((old, new));
        }
        Ok(keys)
    }

    /// Gives a row that was read before another key; what it says stays.
    pub(super) async fn rename(&mut self, kind: &str, old: &str, new: &str) -> Result<(), ServiceError> {
        let rows = self.before.content.entry(kind.to_owned()).or_default();
        let Some(content) = rows.remove(old) else { return Ok(()) };
        rows.insert(new.to_owned(), content.clone());
        self.slices.next().await?;
        self.slices.write(async |tx| tx.rename_import_row(kind, old, new, &content).await).await?;
        self.report.changes.entry(kind.to_owned()).or_default().renumbered += 1;
        Ok(())
    }

    /// Counts what has not come again, and lists what of it is still open. Nothing is ended by that. `open`: in words what an
    /// open row is, `None` for what is over.
    pub(super) fn gone<T: DeserializeOwned>(&mut self, kind: &str, open: impl Fn(&Self, &T) -> Option<String>) {
        if self.tells == super::Tells::Part {
            return;
        }
        let gone = self.before.gone(kind);
        let mut listed = Vec::new();
        for (key, content) in &gone {
            let Ok(row) = serde_json::from_str(content) else { continue };
            if let Some(words) = open(self, &row) {
                listed.push((
                    key.clone(),
                    format!("{words} is in the extract no more; it was not ended here: has it ended?"),
                ));
            }
        }
        listed.sort();
        let change = self.report.changes.entry(kind.to_owned()).or_default();
        (change.gone, change.gone_open) = (gone.len(), listed.len());
        for (key, says) in listed {
            self.note(Level::Review, &key, says);
        }
    }
}

impl Change {
    /// Whether so much of what was read before is changed or gone that it is more likely a fault of the extract.
    pub(super) fn is_much(&self, before: usize) -> bool {
        self.is_many(before, self.changed + self.gone_open)
    }

    /// The same where a load adds to what is known: what is new is as odd as what changes.
    pub(super) fn is_much_added(&self, before: usize) -> bool {
        self.is_many(before, self.changed + self.new)
    }

    const fn is_many(&self, before: usize, other: usize) -> bool {
        other >= FEW && other * 100 > before * SHARE
    }
}

/// A load that changes or ends more than this share of what was read before, in hundred, is not taken without being asked for.
const SHARE: usize = 10;
/// So few rows of a kind are never many.
const FEW: usize = 20;

/// A field that was corrected here and has changed in the extract.
#[derive(Debug, Clone)]
pub(super) struct KeptByHand {
    pub field: &'static str,
    pub ours: String,
    pub theirs: String,
}

/// Takes over what has changed in the extract, field by field; what was corrected here stays. `before` and `now` are what the
/// extract says, `ours` is what stands here. Gives what to write, and what was kept though the extract has changed.
macro_rules! taken_over {
    ($before:expr, $now:expr, $ours:expr; $($field:ident),+) => {{
        let (before, now, mut ours) = ($before, $now, $ours);
        let mut kept = Vec::new();
        $(
            if now.$field != before.$field && now.$field != ours.$field {
                if ours.$field == before.$field {
                    ours.$field = now.$field;
                } else {
                    let words = |value: &dyn std::fmt::Debug| format!("{value:?}");
                    kept.push($crate::import::compare::KeptByHand {
                        field: stringify!($field),
                        ours: words(&ours.$field),
                        theirs: words(&now.$field),
                    });
                }
            }
        )+
        (ours, kept)
    }};
}
pub(super) use taken_over;

/// A row with what it does not tell as it was read before.
fn with_what_was_read<T: Serialize + DeserializeOwned>(row: T, before: &str) -> T {
    let told = serde_json::to_value(&row).expect("rows are plain data");
    let (Value::Object(mut told), Ok(Value::Object(before))) = (told, serde_json::from_str(before)) else { return row };
    for (field, value) in before {
        told.entry(field).or_insert(value);
    }
    serde_json::from_value(Value::Object(told)).unwrap_or(row)
}

/// Which file a key is of, where rows of one kind come from several: "cp" of "cp:650012".
fn source(key: &str) -> &str {
    key.split_once(':').map_or("", |(source, _)| source)
}

/// What a row holds beside its key.
fn without_key(content: &str) -> String {
    match serde_json::from_str(content) {
        Ok(Value::Object(mut fields)) => {
            // A plan's key says its kind, and so does a visit's.
            let source = fields.remove("id").and_then(|id| Some(source(id.as_str()?).to_owned()));
            format!("{source:?} {}", Value::Object(fields))
        }
        _ => content.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    struct Row {
        name: &'static str,
        died: Option<u8>,
    }

    #[test]
    fn each_field_follows_the_extract_unless_it_was_corrected_here() {
        let row = |name, died| Row { name, died };
        let taken = |before: Row, now: Row, ours: Row| {
            let (row, kept) = taken_over!(before, now, ours; name, died);
            (row, kept.into_iter().map(|kept: KeptByHand| kept.field).collect::<Vec<_>>())
        };
        assert_eq!(taken(row("A", None), row("B", None), row("A", None)), (row("B", None), vec![]));
        assert_eq!(
            taken(row("A", None), row("A", Some(1)), row("C", None)),
            (row("C", Some(1)), vec![]),
            "a death is taken"
        );
        assert_eq!(taken(row("A", None), row("B", Some(1)), row("C", None)), (row("C", Some(1)), vec!["name"]));
        assert_eq!(
            taken(row("A", None), row("C", None), row("C", None)),
            (row("C", None), vec![]),
            "both say the same"
        );
        assert_eq!(taken(row("A", None), row("A", None), row("C", None)), (row("C", None), vec![]));
    }

    #[test]
    fn a_row_is_the_same_under_another_key_of_its_kind() {
        assert_eq!(without_key(r#"{"id":"cp:1","on":"x"}"#), without_key(r#"{"id":"cp:2","on":"x"}"#));
        assert_ne!(without_key(r#"{"id":"cp:1","on":"x"}"#), without_key(r#"{"id":"cin:1","on":"x"}"#));
        assert_ne!(without_key(r#"{"id":"1","on":"x"}"#), without_key(r#"{"id":"1","on":"y"}"#));
    }

    #[test]
    fn many_changes_are_many_beside_what_there_was() {
        let changed = |changed| Change { changed, ..Change::default() };
        assert!(!changed(19).is_much(20) && changed(20).is_much(100) && !changed(20).is_much(200));
        assert!(Change { gone_open: 30, ..Change::default() }.is_much(60));
    }
}
