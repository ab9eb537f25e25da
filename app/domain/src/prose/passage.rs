//! Passages of a box: places in the text that stay at their letters while people write. Letters typed between the ends
//! belong to the passage.

use super::field::byte_at;
use super::{Prose, ROOT, base64_bytes};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Assoc, IndexedSequence, ReadTxn, StickyIndex, Transact};

/// One stretch of a box's text, as two yrs sticky indices (v1): the first letter's, and the last letter's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRange {
    /// Before the first letter.
    #[serde(with = "base64_bytes")]
    start: Vec<u8>,
    /// Behind the last letter.
    #[serde(with = "base64_bytes")]
    end: Vec<u8>,
}

impl Prose {
    /// Every place where `words` stand in the text; none where they do not, or are empty.
    #[must_use]
    pub fn find(&self, words: &str) -> Vec<TextRange> {
        let text = self.text();
        let found = text.match_indices(words).filter(|(_, words)| !words.is_empty());
        found.filter_map(|(at, words)| self.range(&text, at..at + words.len())).collect()
    }

    /// Holds a stretch of the text, in bytes, to its letters.
    #[must_use]
    pub fn range(&self, text: &str, bytes: Range<usize>) -> Option<TextRange> {
        let units = |text: &str| u32::try_from(text.encode_utf16().count()).ok();
        let (start, end) = (units(&text[..bytes.start])?, units(&text[..bytes.end])?);
        let txn = self.doc.transact();
        let root = txn.get_text(ROOT)?;
        let start = root.sticky_index(&txn, start, Assoc::After)?.encode_v1();
        let end = root.sticky_index(&txn, end, Assoc::Before)?.encode_v1();
        Some(TextRange { start, end })
    }

    /// Where a stretch is now, in bytes of the text; `None` where nothing of it is left or it cannot be read.
    #[must_use]
    pub fn place_of(&self, range: &TextRange) -> Option<Range<usize>> {
        let (start, end) = (StickyIndex::decode_v1(&range.start).ok()?, StickyIndex::decode_v1(&range.end).ok()?);
        let txn = self.doc.transact();
        let (start, end) = (start.get_offset(&txn)?.index, end.get_offset(&txn)?.index);
        drop(txn);
        let text = self.text();
        let bytes = byte_at(&text, start)..byte_at(&text, end);
        (bytes.start < bytes.end).then_some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(prose: &Prose, range: &TextRange) -> Option<String> {
        prose.place_of(range).map(|bytes| prose.text()[bytes].to_owned())
    }

    #[test]
    fn a_passage_stays_at_its_letters_and_takes_in_what_is_typed_between_them() {
        let base = Prose::with_pen(1);
        let _ = base.rewrite("🌱 She lives at 12 Lane now. He asks.");
        let passages = base.find("at 12 Lane");
        let [passage] = passages.as_slice() else { panic!("it stands there once") };
        let other = base.written_by(2);
        for text in [
            "Today: 🌱 She lives at 12 Lane now. He asks.",
            "Today: 🌱 She lives at 12 New Lane now. He asks.",
            "Today: 🌱 She lives at 12 New Lane now. He asks much.",
        ] {
            base.merge(&other.rewrite(text)).unwrap();
        }
        assert_eq!(words(&base, passage).as_deref(), Some("at 12 New Lane"));
        base.merge(&other.rewrite("Today: 🌱 She lives now. He asks much.")).unwrap();
        assert_eq!(words(&base, passage), None, "nothing of it is left");
    }

    #[test]
    fn words_that_stand_twice_are_two_passages_and_words_that_do_not_are_none() {
        let prose = Prose::with_pen(1);
        let _ = prose.rewrite("nain, Nain and nain");
        assert_eq!(prose.find("nain").len(), 2);
        assert!(prose.find("").is_empty() && prose.find("taid").is_empty());
        let damaged = TextRange { start: vec![255, 1], end: Vec::new() };
        assert_eq!(prose.place_of(&damaged), None);
    }
}
