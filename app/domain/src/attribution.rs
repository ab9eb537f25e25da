//! Who wrote which part of a box, and when: characters keep their first author.

use crate::SlotId;
use crate::WorkerId;
use crate::meeting::{Area, Entry, Event};
use crate::prose::{Prose, inserted};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Words that one person wrote in one go.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Run {
    /// The words.
    pub text: String,
    /// Who typed them; the box says for whom.
    pub by: WorkerId,
    /// When the first of them came.
    pub at: DateTime<Utc>,
}

/// From a clock to another, the end exclusive, and the line that brought it.
type Span<'a> = (u32, u32, &'a Entry<Event>);

/// Words of one person within this many seconds are one run.
const ONE_GO: i64 = 120;

/// The text of a box after the journal's line `until`, in runs. `entries` is a meeting's journal.
#[must_use]
pub fn runs(entries: &[Entry<Event>], slot: SlotId, area: Area, until: i64) -> Vec<Run> {
    let prose = Prose::new();
    let mut spans: HashMap<u64, Vec<Span<'_>>> = HashMap::new();
    for (entry, update) in typed(entries, slot, area).filter(|(entry, _)| entry.seq <= until) {
        // Checked before it was written.
        let _ = prose.merge(update);
        for (author, from, to) in inserted(update) {
            spans.entry(author).or_default().push((from, to, entry));
        }
    }
    let mut runs: Vec<Run> = Vec::new();
    for (letter, author, clock) in prose.letters() {
        let of_author = spans.get(&author).into_iter().flatten();
        let Some((.., entry)) = of_author.clone().find(|(from, to, _)| (*from..*to).contains(&clock)) else { continue };
        let by = writer(entry);
        match runs.last_mut().filter(|run| run.by == by && (entry.at - run.at).num_seconds().abs() < ONE_GO) {
            Some(run) => run.text.push(letter),
            None => runs.push(Run { text: letter.to_string(), by, at: entry.at }),
        }
    }
    runs
}

/// The lines of the journal that changed a box, with what they brought.
pub fn typed(entries: &[Entry<Event>], slot: SlotId, area: Area) -> impl Iterator<Item = (&Entry<Event>, &[u8])> {
    entries.iter().filter_map(move |entry| {
        let (there, of, update) = entry.event.words()?;
        ((there, of) == (slot, area)).then_some((entry, update))
    })
}

/// Whose words a line of the journal brings: what was sent beforehand is its sender's, whoever read it in.
#[must_use]
pub const fn writer(entry: &Entry<Event>) -> WorkerId {
    if let Event::ReadIn { worker, .. } = entry.event { worker } else { entry.by }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn worker(n: u128) -> WorkerId {
        WorkerId::new(Uuid::from_u128(n))
    }

    #[test]
    fn letters_keep_their_first_author_also_between_others_and_equal_ones() {
        let (slot, area) = (SlotId::new(Uuid::from_u128(9)), Area::Analysis(worker(1)));
        let (ada, ben) = (Prose::with_pen(1), Prose::with_pen(2));
        let mut entries = Vec::new();
        let at = |n: i64| DateTime::from_timestamp(n * 1000, 0).unwrap();
        let mut take = |prose: &Prose, other: &Prose, text: &str, by: u128| {
            let update = prose.rewrite(text);
            other.merge(&update).unwrap();
            let seq = entries.len() as i64 + 1;
            entries.push(Entry { seq, at: at(seq), by: worker(by), event: Event::Typed { slot, area, update } });
        };
        take(&ada, &ben, "Ivy laughs 🌱", 1);
        take(&ben, &ada, "Ivy and Noah laughs 🌱", 2);
        take(&ada, &ben, "Ivy and Noah laugh 🌱", 1);
        let pairs = |until| {
            let runs = runs(&entries, slot, area, until);
            runs.into_iter().map(|run| (run.text, run.by)).collect::<Vec<_>>()
        };
        let (one, two) = (worker(1), worker(2));
        assert_eq!(pairs(1), [("Ivy laughs 🌱".to_owned(), one)]);
        assert_eq!(pairs(3), [("Ivy ".to_owned(), one), ("and Noah ".to_owned(), two), ("laugh 🌱".to_owned(), one)]);
        assert_eq!(pairs(0), []);
    }
}
