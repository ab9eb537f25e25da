//! One's own edits of a box, taken back and brought again. Others' words stay where they are.

use super::{Prose, ROOT};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use yrs::Doc;
use yrs::undo::{Options, UndoManager};

/// Letters typed closer together than this are taken back together, in milliseconds.
const ONE_GO: u64 = 700;
/// Names what listens to the box while an edit is taken back.
const LISTENER: &str = "undo";

/// What one person typed into one box, since the page has it.
pub struct Edits {
    doc: Doc,
    manager: UndoManager<()>,
}

impl Edits {
    /// Follows what is typed into `prose` from now on. `clock` gives milliseconds, from 1 on, and never goes back.
    #[must_use]
    pub fn of(prose: &Prose, clock: fn() -> u64) -> Self {
        let text = prose.doc.get_or_insert_text(ROOT);
        let mut manager = UndoManager::with_options(Options {
            capture_timeout_millis: ONE_GO,
            // What is merged has an origin, what is typed has none.
            tracked_origins: HashSet::new(),
            capture_transaction: None,
            timestamp: Arc::new(clock),
            init_undo_stack: Vec::new(),
            init_redo_stack: Vec::new(),
        });
        manager.expand_scope(&prose.doc, &text);
        Self { doc: prose.doc.clone(), manager }
    }

    /// As [`Prose::typed`]. A long edit is taken back piece by piece, so that each piece fits into one command.
    #[must_use]
    pub fn typed(&mut self, prose: &Prose, after: &str, caret: u32) -> Vec<Vec<u8>> {
        prose.typed_in_pieces(after, caret, || self.manager.reset())
    }

    /// Takes back the last edit, or brings `again` the one taken back last, and gives the update that does so; `None`
    /// where there is none.
    pub fn take_back(&mut self, prose: &Prose, again: bool) -> Option<Vec<u8>> {
        let updates: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let observed = Arc::clone(&updates);
        let listens = self.doc.observe_update_v1(LISTENER, move |_, event| {
            observed.lock().unwrap_or_else(PoisonError::into_inner).push(event.update.clone());
        });
        if again {
            self.manager.redo_blocking()
        } else {
            self.manager.undo_blocking()
        };
        if listens.is_ok() {
            let _ = self.doc.unobserve_update_v1(LISTENER);
        }
        let updates = std::mem::take(&mut *updates.lock().unwrap_or_else(PoisonError::into_inner));
        prose.count_blocks(updates.len());
        if updates.is_empty() { None } else { super::merged(&updates).ok() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::COMMAND_LIMIT;
    use proptest::prelude::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    static NOW: AtomicU64 = AtomicU64::new(1);

    /// A clock on which every edit is one of its own.
    fn slow() -> u64 {
        NOW.fetch_add(ONE_GO + 1, Ordering::Relaxed)
    }

    /// A clock that stands still.
    fn still() -> u64 {
        1
    }

    struct Writer {
        pen: u64,
        prose: Prose,
        edits: Edits,
    }

    impl Writer {
        fn new(base: &Prose, pen: u64, clock: fn() -> u64) -> Self {
            let prose = base.written_by(pen);
            let edits = Edits::of(&prose, clock);
            Self { pen, prose, edits }
        }

        /// Types `words` before the letter `at`.
        fn types(&mut self, words: &str, at: usize) -> Vec<Vec<u8>> {
            let text = self.prose.text();
            let at = text.char_indices().map(|(at, _)| at).nth(at).unwrap_or(text.len());
            let after = format!("{}{words}{}", &text[..at], &text[at..]);
            let caret = (text[..at].encode_utf16().count() + words.encode_utf16().count()) as u32;
            self.edits.typed(&self.prose, &after, caret)
        }
    }

    #[test]
    fn ones_own_words_go_and_come_again_and_others_stay() {
        let server = Prose::with_pen(1);
        let (mut mine, mut theirs) = (Writer::new(&server, 2, still), Writer::new(&server, 3, still));
        let share = |updates: Vec<Vec<u8>>, from: u64, others: &[&Prose]| {
            for update in updates {
                server.accept(&update, from).unwrap();
                others.iter().for_each(|other| other.merge(&update).unwrap());
            }
        };
        share(mine.types("Ivy laughs", 0), 2, &[&theirs.prose]);
        share(theirs.types(" a lot 🌱", 10), 3, &[&mine.prose]);
        share(theirs.types("Noah: ", 0), 3, &[&mine.prose]);
        share(Vec::from_iter(mine.edits.take_back(&mine.prose, false)), 2, &[&theirs.prose]);
        assert_eq!(server.text(), "Noah:  a lot 🌱");
        assert_eq!(mine.edits.take_back(&mine.prose, false), None, "nothing of theirs is mine to take back");
        share(Vec::from_iter(mine.edits.take_back(&mine.prose, true)), 2, &[&theirs.prose]);
        assert_eq!(server.text(), "Noah: Ivy laughs a lot 🌱");
        assert_eq!((mine.prose.text(), theirs.prose.text()), (server.text(), server.text()));
    }

    #[test]
    fn what_was_taken_out_comes_back() {
        let base = Prose::with_pen(1);
        let _ = base.rewrite("Ivy laughs");
        let mut mine = Writer::new(&base, 2, still);
        let _ = mine.edits.typed(&mine.prose, "Ivy", 3);
        assert!(mine.edits.take_back(&mine.prose, false).is_some());
        assert_eq!(mine.prose.text(), "Ivy laughs");
    }

    /// A clock that goes on when the test says so.
    static LONG: AtomicU64 = AtomicU64::new(1);

    #[test]
    fn a_long_text_comes_back_in_pieces_that_fit_into_a_command() {
        let server = Prose::with_pen(1);
        let mut mine = Writer::new(&server, 2, || LONG.load(Ordering::Relaxed));
        let long = "ŵ🌱 ".repeat(7_000);
        let mut sent = mine.types(&long, 0);
        LONG.fetch_add(ONE_GO, Ordering::Relaxed);
        sent.extend(mine.edits.typed(&mine.prose, "", 0));
        assert_eq!(mine.prose.len(), 0);
        while mine.prose.text() != long {
            sent.push(mine.edits.take_back(&mine.prose, false).expect("there is more to take back"));
        }
        for update in sent {
            assert!(update.len() < COMMAND_LIMIT, "{}", update.len());
            server.accept(&update, mine.pen).unwrap();
        }
        assert!(server.text() == long, "the same on the server");
    }

    proptest! {
        /// Typing, undoing and redoing in any order: the server takes every update, all read the same, and nobody takes
        /// another's letter back.
        #[test]
        fn undoing_takes_only_ones_own_letters(
            turns in prop::collection::vec((0..3_usize, 0..4_u8, 0..20_usize, "[a-cŵ🌱 ]{1,4}"), 1..40),
        ) {
            let server = Prose::with_pen(1);
            let mut writers: Vec<Writer> = (0..3).map(|who| Writer::new(&server, who + 2, slow)).collect();
            for (who, what, at, words) in turns {
                let before: Vec<_> = server.letters();
                let writer = &mut writers[who];
                let pen = writer.pen;
                let updates: Vec<Vec<u8>> = match what {
                    0 | 1 => writer.types(&words, at),
                    2 => writer.edits.take_back(&writer.prose, false).into_iter().collect(),
                    _ => writer.edits.take_back(&writer.prose, true).into_iter().collect(),
                };
                for update in updates {
                    prop_assert_eq!(server.accept(&update, pen), Ok(()));
                    for other in &writers { other.prose.merge(&update).unwrap(); }
                }
                let left: HashSet<_> = server.letters().into_iter().map(|(_, pen, clock)| (pen, clock)).collect();
                let lost = before.into_iter().filter(|(_, by, clock)| *by != pen && !left.contains(&(*by, *clock)));
                prop_assert_eq!(lost.count(), 0);
            }
            for writer in &writers { prop_assert_eq!(writer.prose.text(), server.text()); }
        }
    }
}
