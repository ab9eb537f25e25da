//! Prose that several people write at once: one `yrs` document per box, Markdown inside.
//!
//! Nothing reaches `yrs` that [`Update::read`] has not read first.

mod bounds;
mod bytes;
mod check;
mod clean;
mod difference;
mod field;
#[cfg(test)]
mod hand_made;
mod lists;
mod order;
mod own_letters;
mod passage;
mod reading;
mod rewrite;
mod undo;
mod update;

pub use bytes::{as_base64, base64_bytes, from_base64};
pub use clean::clean;
pub use difference::added;
pub use field::Caret;
pub use lists::end_lists;
pub use own_letters::{OwnLetters, TakenIn};
pub use passage::TextRange;
pub use undo::Edits;
pub use update::{COMMAND_BLOCKS, Deletion, LetterBlock, LetterId, Profile, STATE_BLOCKS, Update};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use bounds::LetterClocks;
use order::Rows;
use reading::ASKED_FROM;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use update::ROOT;
use yrs::updates::decoder::Decode;
use yrs::{
    Assoc, ClientID, Doc, GetString, IndexedSequence, OffsetKind, Options, ReadTxn, StateVector, Text, Transact,
};

/// The most a box holds, in bytes of UTF-8.
pub const BOX_LIMIT: usize = 100 * 1024;
/// The most one update may weigh, in bytes.
pub const UPDATE_LIMIT: usize = 2 * BOX_LIMIT;
/// The most one command of a browser may carry, in bytes; longer texts come in pieces.
pub const COMMAND_LIMIT: usize = 64 * 1024;
/// Author ids are below 2^53, so that they are exact in a browser.
pub const PEN_LIMIT: u64 = 1 << 53;
/// Tells what is merged from what is typed.
const MERGED: &str = "merged";

/// One box of text. Equal when text and history are.
pub struct Prose {
    doc: Doc,
    /// At least as many blocks as `yrs` holds.
    blocks: AtomicUsize,
    /// With so many blocks it is asked again how much work the box is to read.
    asked_again_at: AtomicUsize,
    /// Whether it is too much: the box takes nothing more.
    slow: AtomicBool,
    /// Where each author went on elsewhere; absent once something was typed into this copy.
    rows: Mutex<Option<Rows>>,
}

/// Why an update to a box was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProseError {
    /// The bytes are no update, or hold something other than text.
    #[error("That change could not be read. Reload the page; your text is kept in the box.")]
    Malformed,
    /// More than a box or an update may hold.
    #[error("A box holds at most 100 KB of text. Shorten it; until then it is in this page only.")]
    TooLong,
    /// The box consists of more blocks than it may.
    #[error("This box has been changed too often to take more. Go on in another box; your text is kept in this page.")]
    Full,
    /// One command would change more places than it may.
    #[error("Those are too many changes at once. They are sent in smaller parts.")]
    TooMuchAtOnce,
    /// The update builds on text this server has not seen.
    #[error("This page is behind the server and is fetching the text again.")]
    Resync,
    /// The update claims to be somebody else's words.
    #[error("That change carries another person's mark and was not taken.")]
    NotYours,
}

impl Prose {
    /// An empty box.
    #[must_use]
    pub fn new() -> Self {
        Self::with_pen(0)
    }

    /// An empty box whose edits are made by `pen`.
    #[must_use]
    pub fn with_pen(pen: u64) -> Self {
        let mut options = Options::with_guid_and_client_id("box".into(), ClientID::new(pen % PEN_LIMIT));
        options.offset_kind = OffsetKind::Utf16;
        Self {
            doc: Doc::with_options(options),
            blocks: AtomicUsize::new(0),
            asked_again_at: AtomicUsize::new(ASKED_FROM),
            slow: AtomicBool::new(false),
            rows: Mutex::new(Some(Rows::default())),
        }
    }

    /// A copy to write in as `pen`.
    #[must_use]
    pub fn written_by(&self, pen: u64) -> Self {
        let copy = Self::with_pen(pen);
        copy.merge(&self.state()).expect("a document's own state can be read");
        copy
    }

    /// The text, with LF line ends.
    #[must_use]
    pub fn text(&self) -> String {
        let txn = self.doc.transact();
        txn.get_text(ROOT).map_or_else(String::new, |text| text.get_string(&txn))
    }

    /// Every letter with the author id and clock it was written under.
    #[must_use]
    pub fn letters(&self) -> Vec<(char, u64, u32)> {
        let txn = self.doc.transact();
        let Some(text) = txn.get_text(ROOT) else { return Vec::new() };
        let mut at = 0;
        let mut letters = Vec::new();
        for letter in text.get_string(&txn).chars() {
            if let Some(id) = text.sticky_index(&txn, at, Assoc::After).and_then(|index| index.id().copied()) {
                letters.push((letter, id.client.get(), id.clock));
            }
            at += u32::try_from(letter.len_utf16()).expect("one or two");
        }
        letters
    }

    /// Everything a joiner needs, deleted words already gone (Yjs update, v1).
    #[must_use]
    pub fn state(&self) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(&StateVector::default())
    }

    /// Takes an update whose origin is already trusted. Merging twice changes nothing.
    ///
    /// # Errors
    /// [`ProseError::Malformed`] where the bytes are no update of plain text, [`ProseError::Resync`] where the update
    /// builds on letters that are not here; the box is unchanged then.
    pub fn merge(&self, update: &[u8]) -> Result<(), ProseError> {
        let read = Update::read(update, Profile::State)?;
        let mut letters = LetterClocks::of(self);
        read.blocks.iter().for_each(|block| letters.add(block));
        if read.blocks.iter().any(|block| !letters.neighbours_of(block)) || !letters.all_of(&read.deletions) {
            return Err(ProseError::Resync);
        }
        if !self.in_order(&read) {
            return Err(ProseError::Malformed);
        }
        self.apply(update, &read)
    }

    /// Hands to `yrs` what was read.
    fn apply(&self, update: &[u8], read: &Update) -> Result<(), ProseError> {
        let decoded = yrs::Update::decode_v1(update).map_err(|_| ProseError::Malformed)?;
        self.doc.transact_mut_with(MERGED).apply_update(decoded).map_err(|_| ProseError::Malformed)?;
        // Each block and each range splits two others at most.
        self.blocks.fetch_add(3 * (read.blocks.len() + read.deletions.len()), Ordering::Relaxed);
        if let Some(rows) = self.rows().as_mut() {
            rows.add(&read.blocks);
        }
        if self.doc.transact().has_missing_updates() { Err(ProseError::Resync) } else { Ok(()) }
    }

    /// Checks an update from a browser and merges it.
    ///
    /// # Errors
    /// As [`Prose::check`]; the box is unchanged then.
    pub fn accept(&self, update: &[u8], pen: u64) -> Result<(), ProseError> {
        self.apply(update, &self.check(update, pen)?)
    }

    fn rows(&self) -> MutexGuard<'_, Option<Rows>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Length of the text in UTF-16 units.
    fn len(&self) -> usize {
        let txn = self.doc.transact();
        txn.get_text(ROOT).map_or(0, |text| text.len(&txn) as usize)
    }
}

/// What an update brought: author ids with their clocks, the end exclusive. Nothing where it is no update.
#[must_use]
pub fn inserted(update: &[u8]) -> Vec<(u64, u32, u32)> {
    Update::read(update, Profile::State).map(|read| read.spans()).unwrap_or_default()
}

/// Several updates of one author as one, in the order they were made.
///
/// # Errors
/// [`ProseError::Malformed`] where one of them is no update.
pub fn merged(updates: &[Vec<u8>]) -> Result<Vec<u8>, ProseError> {
    for update in updates {
        Update::read(update, Profile::State)?;
    }
    yrs::merge_updates_v1(updates).map_err(|_| ProseError::Malformed)
}

impl Default for Prose {
    fn default() -> Self {
        Self::new()
    }
}

impl Clone for Prose {
    fn clone(&self) -> Self {
        self.written_by(self.doc.client_id().get())
    }
}

impl PartialEq for Prose {
    fn eq(&self, other: &Self) -> bool {
        self.doc.transact().state_vector() == other.doc.transact().state_vector() && self.text() == other.text()
    }
}

impl fmt::Debug for Prose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Prose").field(&self.text()).finish()
    }
}

impl Serialize for Prose {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        BASE64.encode(self.state()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Prose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let state = BASE64.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)?;
        let prose = Self::new();
        prose.merge(&state).map_err(D::Error::custom)?;
        Ok(prose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_people_keep_every_character() {
        let base = Prose::with_pen(1);
        let _ = base.rewrite("Ivy settled at nursery.");
        let (a, b) = (base.written_by(2), base.written_by(3));
        let from_a = a.rewrite("Ivy settled well at nursery 🌱.");
        let from_b = b.rewrite("Ivy settled at nursery. Nain says: mae hi'n hapus.");
        base.accept(&from_a, 2).unwrap();
        base.accept(&from_b, 3).unwrap();
        assert_eq!(base.text(), "Ivy settled well at nursery 🌱. Nain says: mae hi'n hapus.");
    }

    #[test]
    fn forged_authors_and_gaps_are_refused_and_change_nothing() {
        let server = Prose::new();
        let browser = Prose::with_pen(7);
        let first = browser.rewrite("one");
        let second = browser.rewrite("one two");
        assert_eq!(server.accept(&first, 8), Err(ProseError::NotYours));
        assert_eq!(server.accept(&second, 7), Err(ProseError::Resync));
        assert!(server.accept(b"nonsense", 7).is_err());
        assert_eq!(server.text(), "");
        server.accept(&first, 7).unwrap();
        let other = Prose::with_pen(7).rewrite("two");
        assert_eq!(server.accept(&other, 7), Err(ProseError::Resync), "other words at a place that is known");
        server.accept(&second, 7).unwrap();
        assert_eq!(server.text(), "one two");
    }

    #[test]
    fn a_long_text_comes_in_pieces_that_each_fit() {
        let (server, browser) = (Prose::new(), Prose::with_pen(7));
        let text = "🌱 ŵy ".repeat(9_000);
        let pieces = browser.rewrite_in_pieces(&text);
        assert!(pieces.len() > 3 && pieces.iter().all(|piece| piece.len() < COMMAND_LIMIT));
        for piece in pieces {
            server.accept(&piece, 7).unwrap();
        }
        assert_eq!(server.text(), text);
    }

    #[test]
    fn the_ranges_an_update_inserted_are_found_in_the_middle_of_a_text_too() {
        let browser = Prose::with_pen(7);
        assert_eq!(inserted(&browser.rewrite("one")), [(7, 0, 3)]);
        assert_eq!(inserted(&browser.rewrite("one two")), [(7, 3, 7)]);
        assert_eq!(inserted(&browser.rewrite("two")), []);
    }

    #[test]
    fn a_box_has_a_limit() {
        let server = Prose::new();
        let browser = Prose::with_pen(7);
        let huge = "x".repeat(BOX_LIMIT + 1);
        assert_eq!(server.accept(&browser.rewrite(&huge), 7), Err(ProseError::TooLong));
    }

    #[test]
    fn deleted_words_are_gone_from_what_a_joiner_gets() {
        let server = Prose::new();
        let browser = Prose::with_pen(7);
        server.accept(&browser.rewrite("12 Refuge Lane"), 7).unwrap();
        server.accept(&browser.rewrite(""), 7).unwrap();
        let state = server.state();
        assert!(!state.windows(6).any(|bytes| bytes == b"Refuge"));
    }

    #[test]
    fn what_was_tried_and_not_taken_leaves_no_trace() {
        let (server, browser) = (Prose::new(), Prose::with_pen(7));
        server.accept(&browser.rewrite("kept"), 7).unwrap();
        let tried = browser.written_by(7);
        server.check(&tried.rewrite("kept and dropped"), 7).unwrap();
        assert_eq!(server.text(), "kept");
        server.accept(&browser.rewrite("kept for good"), 7).unwrap();
        assert_eq!(server.text(), "kept for good");
        server
            .accept(&browser.written_by(8).rewrite("kept for good\r\nb"), 8)
            .expect("line ends were made one kind of");
        assert_eq!(server.text(), "kept for good\nb");
        server.accept(&browser.rewrite("still good"), 7).unwrap();
        assert!(server.text().starts_with("still good"));
    }

    proptest! {
        #[test]
        fn any_order_of_delivery_gives_the_same_text(
            texts in prop::collection::vec("[a-cŵ🌱א \n]{0,12}", 2..5),
            order in any::<prop::sample::Index>(),
        ) {
            let base = Prose::with_pen(1);
            let _ = base.rewrite("one ŵ two 🌱 אב");
            let mut updates: Vec<Vec<u8>> = Vec::new();
            for (pen, text) in texts.iter().enumerate() {
                updates.push(base.written_by(10 + pen as u64).rewrite(text));
            }
            let forward = base.clone();
            for update in &updates { forward.merge(update).unwrap(); }
            let turned = base.clone();
            let start = order.index(updates.len());
            for step in 0..updates.len() {
                let update = &updates[(start + updates.len() - step) % updates.len()];
                turned.merge(update).unwrap();
                turned.merge(update).unwrap();
            }
            prop_assert_eq!(forward.text(), turned.text());
        }
    }
}
