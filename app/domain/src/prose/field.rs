//! A field that somebody types in while others' words come into it: what the typing changed, and where the caret stays.

use super::difference::utf16;
use super::update::LetterId;
use super::{Prose, ROOT, clean};
use yrs::{Assoc, IndexedSequence, ReadTxn, StickyIndex, Transact};

/// A caret or selection that stays at its letters while others write. Each end is held to the letter before it.
#[derive(Debug, Clone)]
pub struct Caret {
    start: Option<StickyIndex>,
    end: Option<StickyIndex>,
}

impl Caret {
    /// The letters that its start and its end are held to; none at the beginning of the text.
    pub(super) fn letters(&self) -> [Option<LetterId>; 2] {
        [&self.start, &self.end].map(|held| {
            let id = held.as_ref().and_then(StickyIndex::id)?;
            Some(LetterId { client: id.client.get(), clock: id.clock })
        })
    }
}

impl Prose {
    /// Holds a selection, given in UTF-16 units, to the letters it stands behind.
    #[must_use]
    pub fn caret(&self, start: u32, end: u32) -> Caret {
        let txn = self.doc.transact();
        let hold = |at: u32| {
            let text = txn.get_text(ROOT).filter(|_| at > 0)?;
            text.sticky_index(&txn, at, Assoc::Before)
        };
        Caret { start: hold(start), end: hold(end) }
    }

    /// Where a caret is now, in UTF-16 units: its start and its end.
    #[must_use]
    pub fn place(&self, caret: &Caret) -> (u32, u32) {
        let txn = self.doc.transact();
        let offset = |held: &Option<StickyIndex>| {
            held.as_ref().and_then(|held| held.get_offset(&txn)).map_or(0, |offset| offset.index)
        };
        (offset(&caret.start), offset(&caret.end))
    }

    /// Takes what a field reads after its writer changed it, with the caret behind the change, and gives the updates
    /// that say so; none where nothing changed.
    #[must_use]
    pub fn typed(&self, after: &str, caret: u32) -> Vec<Vec<u8>> {
        self.typed_in_pieces(after, caret, || ())
    }

    /// As [`Prose::typed`]; `between` is called between two updates.
    pub(super) fn typed_in_pieces(&self, after: &str, caret: u32, between: impl FnMut()) -> Vec<Vec<u8>> {
        let (before, after) = (self.text(), clean(after));
        if before == after {
            return Vec::new();
        }
        let (start, gone, new) = own_edit(&before, &after, caret);
        self.replace_in_pieces(start, gone, new, between)
    }
}

/// What changed `before` into `after`: from which UTF-16 unit on, how many were taken out, what came instead. It is what
/// lies between the common beginning and the common end; where the two overlap ("tt" after "t"), the caret tells
/// which letter is the new one.
fn own_edit<'a>(before: &str, after: &'a str, caret: u32) -> (u32, u32, &'a str) {
    let shorter = before.len().min(after.len());
    let begin = common(before.chars().zip(after.chars()));
    let end = common(before.chars().rev().zip(after.chars().rev()));
    let (begin, end) = if begin + end <= shorter {
        (begin, end)
    } else {
        let behind_caret = after.len() - byte_at(after, caret);
        let end = behind_caret.clamp(shorter - begin, end);
        let end = (0..=end).rev().find(|end| after.is_char_boundary(after.len() - end)).unwrap_or_default();
        (begin.min(shorter - end), end)
    };
    (utf16(&before[..begin]), utf16(&before[begin..before.len() - end]), &after[begin..after.len() - end])
}

/// How many bytes the pairs have in common before the first that differ.
fn common(pairs: impl Iterator<Item = (char, char)>) -> usize {
    pairs.take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum()
}

/// Where the UTF-16 unit `at` begins, in bytes.
pub(super) fn byte_at(text: &str, at: u32) -> usize {
    let mut units = 0;
    let found = text.char_indices().find(|(_, letter)| {
        let here = units >= at;
        units += u32::try_from(letter.len_utf16()).expect("one or two");
        here
    });
    found.map_or(text.len(), |(byte, _)| byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_letters_beside_each_other_are_told_apart_by_the_caret() {
        assert_eq!(own_edit("t", "tt", 1), (0, 0, "t"));
        assert_eq!(own_edit("t", "tt", 2), (1, 0, "t"));
        assert_eq!(own_edit("abb", "ab", 1), (1, 1, ""));
        assert_eq!(own_edit("abb", "ab", 2), (2, 1, ""));
        assert_eq!(own_edit("🌱🌱", "🌱🌱🌱", 4), (2, 0, "🌱"));
        assert_eq!(own_edit("teh cat", "the cat", 7), (1, 2, "he"));
        assert_eq!(own_edit("", "new", 3), (0, 0, "new"));
        assert_eq!(own_edit("old", "", 0), (0, 3, ""));
    }

    #[test]
    fn a_caret_stays_behind_its_letter() {
        let base = Prose::with_pen(1);
        let _ = base.rewrite("one two");
        let (mine, theirs) = (base.written_by(2), base.written_by(3));
        let (caret, front) = (mine.caret(3, 7), mine.caret(0, 0));
        for (after, at) in [("zero one two", 5), ("zero one and two", 13), ("zero one and two three", 22)] {
            theirs.typed(after, at).iter().for_each(|update| mine.merge(update).unwrap());
        }
        assert_eq!(mine.text(), "zero one and two three");
        assert_eq!(mine.place(&caret), (8, 16));
        assert_eq!(mine.place(&front), (0, 0));
        theirs.typed("zero on and two three", 7).iter().for_each(|update| mine.merge(update).unwrap());
        assert_eq!(mine.place(&caret), (7, 15), "its letter is gone, its place is not");
    }

    /// A textarea as the browser has it: the page's text, what the field shows, the caret.
    struct Field {
        prose: Prose,
        shown: String,
        caret: u32,
        written: String,
    }

    impl Field {
        fn press(&mut self, letter: char) -> Vec<Vec<u8>> {
            let at = byte_at(&self.shown, self.caret);
            self.shown.insert(at, letter);
            self.caret += letter.len_utf16() as u32;
            self.written.push(letter);
            self.prose.typed(&self.shown, self.caret)
        }

        fn merge(&mut self, update: &[u8]) {
            let caret = self.prose.caret(self.caret, self.caret);
            self.prose.merge(update).unwrap();
            self.shown = self.prose.text();
            self.caret = self.prose.place(&caret).0;
        }
    }

    proptest! {
        /// What one types in a row stays in a row, whatever comes in between.
        #[test]
        fn words_are_never_torn_apart(
            writers in 2..5_usize,
            turns in prop::collection::vec((0..5_usize, any::<bool>(), prop::sample::select(vec!['t', 'a', 'b', ' ', '🌱'])), 1..60),
            start in prop::sample::select(vec!["", "t", "tab tab "]),
        ) {
            let base = Prose::with_pen(99);
            let _ = base.rewrite(start);
            let length = utf16(start);
            let mut fields: Vec<Field> = (0..writers)
                .map(|pen| Field { prose: base.written_by(pen as u64 + 1), shown: start.to_owned(), caret: length, written: String::new() })
                .collect();
            let mut waiting: Vec<Vec<Vec<u8>>> = vec![Vec::new(); writers];
            for (who, merges, letter) in turns {
                let who = who % writers;
                if merges {
                    for update in std::mem::take(&mut waiting[who]) { fields[who].merge(&update); }
                } else {
                    for update in fields[who].press(letter) {
                        for other in (0..writers).filter(|other| *other != who) { waiting[other].push(update.clone()); }
                    }
                }
            }
            for who in 0..writers {
                for update in std::mem::take(&mut waiting[who]) { fields[who].merge(&update); }
            }
            for field in &fields {
                prop_assert_eq!(&field.shown, &fields[0].shown);
                prop_assert!(field.shown.contains(&field.written), "{:?} lost in {:?}", field.written, field.shown);
            }
        }
    }
}
