//! Prose that several people write at once: one `yrs` document per box, Markdown inside.

mod bytes;
mod difference;

pub use bytes::{as_base64, base64_bytes, from_base64};
pub use difference::{added, moved_caret, undone};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use difference::utf16;
use dissimilar::Chunk;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use std::sync::Mutex;
use yrs::updates::decoder::Decode;
use yrs::{
    Assoc, ClientID, Doc, GetString, IndexedSequence, OffsetKind, Options, ReadTxn, StateVector, Text, Transact,
    Update, WriteTxn,
};

/// The most a box holds, in bytes of UTF-8.
pub const BOX_LIMIT: usize = 100 * 1024;
/// The most one update may weigh, in bytes.
pub const UPDATE_LIMIT: usize = 2 * BOX_LIMIT;
/// The most one command of a browser may carry, in bytes; longer texts come in pieces.
pub const COMMAND_LIMIT: usize = 64 * 1024;
/// How many characters of a long insertion go into one piece: at four bytes each they stay far below
/// [`COMMAND_LIMIT`].
const PIECE: usize = 10_000;
/// Author ids are below 2^53, so that they are exact in a browser.
pub const PEN_LIMIT: u64 = 1 << 53;

const ROOT: &str = "text";

/// One box of text. Equal when text and history are.
pub struct Prose {
    doc: Doc,
    trial: Mutex<Option<Trial>>,
}

/// A copy on which updates are tried: what yrs has taken in cannot be taken out again. It is kept from one
/// check to the next, since copying a long box costs more than everything else a keystroke does.
struct Trial {
    doc: Doc,
    /// The update it is ahead by, until that is merged.
    ahead: Option<Vec<u8>>,
}

/// Why an update to a box was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProseError {
    /// The bytes are no update, or hold something other than text.
    #[error("That change could not be read. Reload the page; your text is kept in the box.")]
    Malformed,
    /// More than a box or an update may hold.
    #[error("A box holds at most 100 KB of text. Shorten it; until then it is in this page only.")]
    TooLong,
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
        Self { doc: Doc::with_options(options), trial: Mutex::new(None) }
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
    /// [`ProseError::Malformed`] where the bytes are no update.
    pub fn merge(&self, update: &[u8]) -> Result<(), ProseError> {
        let decoded = Update::decode_v1(update).map_err(|_| ProseError::Malformed)?;
        self.doc.transact_mut().apply_update(decoded).map_err(|_| ProseError::Malformed)?;
        let mut kept = self.trial.lock().expect("nothing panics while it is held");
        // The trial stands where the box stands only where this is what was tried.
        *kept = kept.take().filter(|trial| trial.ahead.as_deref() == Some(update));
        if let Some(trial) = kept.as_mut() {
            trial.ahead = None;
        }
        Ok(())
    }

    /// The kept trial where it stands where the box stands, or a new one.
    fn trial(&self) -> Doc {
        let kept = self.trial.lock().expect("nothing panics while it is held").take();
        kept.filter(|trial| trial.ahead.is_none()).map_or_else(|| self.written_by(0).doc.clone(), |trial| trial.doc)
    }

    /// Checks an update from a browser and merges it.
    ///
    /// # Errors
    /// As [`Prose::check`]; the box is unchanged then.
    pub fn accept(&self, update: &[u8], pen: u64) -> Result<(), ProseError> {
        self.check(update, pen)?;
        self.merge(update)
    }

    /// Checks that an update is `pen`'s, continues what is here and stays within the limits.
    ///
    /// # Errors
    /// One [`ProseError`] for each of these.
    pub fn check(&self, update: &[u8], pen: u64) -> Result<(), ProseError> {
        if update.len() > UPDATE_LIMIT {
            return Err(ProseError::TooLong);
        }
        // yrs may panic on bytes no browser makes; they are refused like any others it cannot read.
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.check_decoded(update, pen)));
        checked.unwrap_or(Err(ProseError::Malformed))
    }

    fn check_decoded(&self, update: &[u8], pen: u64) -> Result<(), ProseError> {
        let decoded = Update::decode_v1(update).map_err(|_| ProseError::Malformed)?;
        let known = self.doc.transact().state_vector();
        let author = ClientID::new(pen % PEN_LIMIT);
        let inserted = decoded.insertions(true);
        if inserted.client_ids().any(|client| client != author) {
            return Err(ProseError::NotYours);
        }
        // Words that continue nothing known are a gap; words at a place that is known already might differ
        // from what stands there, and yrs would drop them without a word.
        if !inserted.is_empty() && decoded.state_vector_lower().get(&author) != known.get(&author) {
            return Err(ProseError::Resync);
        }
        let foreign_deletion = decoded
            .delete_set()
            .iter()
            .any(|(client, ranges)| *client != author && ranges.iter().any(|range| range.end > known.get(client)));
        if foreign_deletion {
            return Err(ProseError::Resync);
        }
        let trial = self.trial();
        trial.transact_mut().apply_update(decoded).map_err(|_| ProseError::Malformed)?;
        {
            let txn = trial.transact();
            if txn.has_missing_updates() {
                return Err(ProseError::Resync);
            }
            if txn.root_refs().any(|(name, _)| name != ROOT) {
                return Err(ProseError::Malformed);
            }
            let text = txn.get_text(ROOT);
            // A letter of UTF-16 has three bytes at most.
            let near_limit = text.as_ref().is_some_and(|text| text.len(&txn) as usize > BOX_LIMIT / 3);
            if near_limit || update.contains(&b'\r') {
                let text = text.map_or_else(String::new, |text| text.get_string(&txn));
                if text.len() > BOX_LIMIT {
                    return Err(ProseError::TooLong);
                }
                if text.contains('\r') {
                    return Err(ProseError::Malformed);
                }
            }
        }
        let ahead = Some(update.to_vec());
        *self.trial.lock().expect("nothing panics while it is held") = Some(Trial { doc: trial, ahead });
        Ok(())
    }

    /// Makes the box read `wanted`, as edits of this copy's pen, and gives the update that does so.
    /// What others wrote meanwhile stays when the update is merged elsewhere.
    ///
    /// # Panics
    /// Never: the pieces are one author's, in their order.
    #[must_use]
    pub fn rewrite(&self, wanted: &str) -> Vec<u8> {
        let pieces = self.rewrite_in_pieces(wanted);
        merged(&pieces).expect("they were just made")
    }

    /// As [`Prose::rewrite`], as updates that each fit into one command; none where nothing changes.
    #[must_use]
    pub fn rewrite_in_pieces(&self, wanted: &str) -> Vec<Vec<u8>> {
        let wanted = wanted.replace("\r\n", "\n").replace('\r', "\n");
        let current = self.text();
        let mut pieces = Vec::new();
        let mut at = 0;
        let mut edit = |work: &dyn Fn(&yrs::TextRef, &mut yrs::TransactionMut<'_>)| {
            let mut txn = self.doc.transact_mut();
            let text = txn.get_or_insert_text(ROOT);
            work(&text, &mut txn);
            pieces.push(txn.encode_update_v1());
        };
        for chunk in dissimilar::diff(&current, &wanted) {
            match chunk {
                Chunk::Equal(same) => at += utf16(same),
                Chunk::Delete(gone) => edit(&|text, txn| text.remove_range(txn, at, utf16(gone))),
                Chunk::Insert(new) => {
                    let mut rest = new;
                    while !rest.is_empty() {
                        let end = rest.char_indices().nth(PIECE).map_or(rest.len(), |(end, _)| end);
                        let (piece, after) = rest.split_at(end);
                        edit(&|text, txn| text.insert(txn, at, piece));
                        at += utf16(piece);
                        rest = after;
                    }
                }
            }
        }
        pieces
    }
}

/// What an update brought: author ids with their clocks, the end exclusive. Nothing where it is no update.
#[must_use]
pub fn inserted(update: &[u8]) -> Vec<(u64, u32, u32)> {
    let Ok(update) = Update::decode_v1(update) else { return Vec::new() };
    // Not by the update's own state vector, which only counts what begins at an author's first letter.
    let brought = update.insertions(true);
    let mut spans = Vec::new();
    for (client, ranges) in brought.iter() {
        spans.extend(ranges.iter().map(|range| (client.get(), range.start, range.end)));
    }
    spans
}

/// Several updates of one author as one, in the order they were made.
///
/// # Errors
/// [`ProseError::Malformed`] where one of them is no update.
pub fn merged(updates: &[Vec<u8>]) -> Result<Vec<u8>, ProseError> {
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
        assert_eq!(server.accept(b"nonsense", 7), Err(ProseError::Malformed));
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
    fn what_an_update_brought_is_told_also_in_the_middle_of_a_text() {
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
    fn the_caret_stays_with_its_neighbours() {
        assert_eq!(moved_caret("abc", "xyabc", 2), 4);
        assert_eq!(moved_caret("abc", "abcxy", 2), 2);
        assert_eq!(moved_caret("abcdef", "abf", 4), 2);
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
        assert_eq!(server.check(&browser.written_by(8).rewrite("a\rb"), 8), Ok(()), "line ends were made one kind of");
        let carriage = {
            let copy = server.written_by(9);
            let text = copy.doc.get_or_insert_text(ROOT);
            let mut txn = copy.doc.transact_mut();
            text.insert(&mut txn, 0, "a\rb");
            txn.encode_update_v1()
        };
        assert_eq!(server.check(&carriage, 9), Err(ProseError::Malformed));
        server.accept(&browser.rewrite("still good"), 7).unwrap();
        assert_eq!(server.text(), "still good");
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

        #[test]
        fn noise_never_breaks_a_box(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let server = Prose::with_pen(1);
            let _ = server.rewrite("kept");
            let _ = server.accept(&bytes, 7);
            prop_assert!(server.text().contains("kept") || server.text().len() < 4);
        }
    }
}
