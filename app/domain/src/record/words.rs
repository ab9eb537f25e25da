//! Somebody's words in a record, with the passages that some copies leave out.

use super::Named;
use crate::PersonId;
use crate::meeting::BoxText;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::Range;

/// A passage of somebody's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordPassage {
    /// Where it begins, in characters from 0.
    pub from: usize,
    /// Where it ends, in characters; the end is not part of it.
    pub to: usize,
    /// Whom of the family a copy with it must not reach; never empty.
    pub not_in_copies_for: BTreeSet<PersonId>,
    /// Why, in one line; empty where nobody said it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// Words as Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The text.
    pub text: String,
    /// Marked passages, in the order they begin. They may overlap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<RecordPassage>,
    /// Who wrote them, where several people could; empty for somebody's own box, which says whose it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<Named>,
}

/// What stands in the place of a passage that a copy leaves out.
pub const LEFT_OUT: &str = "[…]";

impl Words {
    /// Words without a marked passage.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), passages: Vec::new(), by: Vec::new() }
    }

    /// Words with passages, given in bytes of the text.
    #[must_use]
    pub fn with(text: String, places: Vec<(Range<usize>, BTreeSet<PersonId>, String)>) -> Self {
        let characters = |byte: usize| text[..byte].chars().count();
        let mut passages: Vec<RecordPassage> = places
            .into_iter()
            .map(|(place, not_in_copies_for, reason)| RecordPassage {
                from: characters(place.start),
                to: characters(place.end),
                not_in_copies_for,
                reason,
            })
            .collect();
        passages.sort_by_key(|passage| (passage.from, passage.to));
        Self { text, passages, by: Vec::new() }
    }

    /// What stands in a box, with its passages.
    #[must_use]
    pub fn of_box(text: &BoxText) -> Self {
        let places = text.passages.iter().flat_map(|passage| {
            let places = passage.ranges.iter().filter_map(|range| text.prose.place_of(range));
            places.map(|place| (place, passage.not_in_copies_for.clone(), passage.reason.clone()))
        });
        Self::with(text.prose.text(), places.collect())
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The words without the marked passages.
    #[must_use]
    pub fn without_passages(&self) -> Self {
        let mut text = String::with_capacity(self.text.len());
        let inside = |at: usize| self.passages.iter().any(|passage| (passage.from..passage.to).contains(&at));
        for (at, letter) in self.text.chars().enumerate() {
            match (inside(at), at > 0 && inside(at - 1)) {
                (false, _) => text.push(letter),
                (true, false) => text.push_str(LEFT_OUT),
                (true, true) => {}
            }
        }
        Self { by: self.by.clone(), ..Self::plain(text) }
    }

    /// The words of a passage.
    #[must_use]
    pub fn of(&self, passage: &RecordPassage) -> String {
        self.text.chars().skip(passage.from).take(passage.to.saturating_sub(passage.from)).collect()
    }

    /// The same words corrected to read `text`. A passage keeps its letters; one that the correction touches takes in all
    /// that was changed, so that nothing of it gets into a copy.
    #[must_use]
    pub fn corrected(&self, text: &str) -> Self {
        let (before, after): (Vec<char>, Vec<char>) = (self.text.chars().collect(), text.chars().collect());
        let shorter = before.len().min(after.len());
        let begin = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
        let end = before.iter().rev().zip(after.iter().rev()).take_while(|(one, other)| one == other).count();
        let end = end.min(shorter - begin);
        let (changed, now) = (begin..before.len() - end, begin..after.len() - end);
        let passages = self.passages.iter().filter_map(|passage| {
            let touches = passage.from < changed.end.max(changed.start + 1) && passage.to > changed.start;
            let shift = |at: usize| if at >= changed.end { at + now.end - changed.end } else { at };
            let (from, to) = match (touches, passage.to <= changed.start) {
                (true, _) => {
                    (passage.from.min(now.start), if passage.to > changed.end { shift(passage.to) } else { now.end })
                }
                (false, true) => (passage.from, passage.to),
                (false, false) => (shift(passage.from), shift(passage.to)),
            };
            (from < to).then(|| RecordPassage { from, to, ..passage.clone() })
        });
        Self { passages: passages.collect(), text: text.to_owned(), by: self.by.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn words(text: &str, passage: &str) -> Words {
        let at = text.find(passage).unwrap();
        Words::with(text.to_owned(), vec![(at..at + passage.len(), [PersonId::new(Uuid::nil())].into(), String::new())])
    }

    #[test]
    fn a_copy_leaves_a_passage_out_and_says_that_something_stood_there() {
        let words = words("🌱 She lives at 12 Lane now.", "at 12 Lane");
        assert_eq!(words.without_passages().text, "🌱 She lives […] now.");
        assert_eq!(words.of(&words.passages[0]), "at 12 Lane");
    }

    #[test]
    fn a_correction_never_lets_a_passage_out() {
        let before = words("She lives at 12 Lane now.", "at 12 Lane");
        for (after, copy) in [
            ("Today she lives at 12 Lane now.", "Today she lives […] now."),
            ("She lives at 12 Lane now. He asks.", "She lives […] now. He asks."),
            ("She lives at 14 Lane now.", "She lives […] now."),
            ("She lives in town.", "She lives […]."),
            ("Nothing is the same", "[…]"),
            ("", ""),
        ] {
            let corrected = before.corrected(after);
            assert_eq!((corrected.text.as_str(), corrected.without_passages().text.as_str()), (after, copy));
        }
    }
}
