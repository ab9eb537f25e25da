//! Changes to a box made here: a whole text put in place of another, in updates that each fit into one command.

use super::difference::utf16;
use super::update::ROOT;
use super::{COMMAND_BLOCKS, Prose, clean, merged};
use dissimilar::Chunk;
use std::sync::atomic::Ordering;
use yrs::{Text, Transact, WriteTxn};

/// How many characters of a long insertion go into one piece: at four bytes each they stay far below
/// [`super::COMMAND_LIMIT`].
pub(super) const PIECE: usize = 10_000;
/// How many UTF-16 units of a long deletion go into one piece, so that it fits where it is taken back.
const GONE: u32 = 10_000;
/// More differences than this between two texts are written as one.
const MOST_DIFFERENCES: usize = COMMAND_BLOCKS / 2;

impl Prose {
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
        let wanted = clean(wanted);
        let current = self.text();
        let chunks = dissimilar::diff(&current, &wanted);
        if chunks.len() > MOST_DIFFERENCES {
            return self.replace_in_pieces(0, utf16(&current), &wanted, || ());
        }
        let (mut pieces, mut at) = (Vec::new(), 0);
        for chunk in chunks {
            match chunk {
                Chunk::Equal(same) => at += utf16(same),
                Chunk::Delete(gone) => pieces.extend(self.replace_in_pieces(at, utf16(gone), "", || ())),
                Chunk::Insert(new) => {
                    pieces.extend(self.replace_in_pieces(at, 0, new, || ()));
                    at += utf16(new);
                }
            }
        }
        pieces
    }

    /// Takes out `gone` UTF-16 units from `at` on and puts `new` there, as updates that each fit into one command.
    /// `between` is called after each but the last.
    pub(super) fn replace_in_pieces(&self, at: u32, gone: u32, new: &str, mut between: impl FnMut()) -> Vec<Vec<u8>> {
        let mut pieces: Vec<Vec<u8>> = Vec::new();
        let mut edit = |work: &dyn Fn(&yrs::TextRef, &mut yrs::TransactionMut<'_>)| {
            if !pieces.is_empty() {
                between();
            }
            let mut txn = self.doc.transact_mut();
            let text = txn.get_or_insert_text(ROOT);
            work(&text, &mut txn);
            pieces.push(txn.encode_update_v1());
        };
        let mut left = gone;
        while left > 0 {
            let piece = left.min(GONE);
            edit(&|text, txn| text.remove_range(txn, at, piece));
            left -= piece;
        }
        let (mut at, mut rest) = (at, new);
        while !rest.is_empty() {
            let end = rest.char_indices().nth(PIECE).map_or(rest.len(), |(end, _)| end);
            let (piece, after) = rest.split_at(end);
            edit(&|text, txn| text.insert(txn, at, piece));
            at += utf16(piece);
            rest = after;
        }
        self.count_blocks(pieces.len());
        pieces
    }

    /// Notes that this many edits were made here, each of which splits two blocks at most.
    pub(super) fn count_blocks(&self, edits: usize) {
        self.blocks.fetch_add(3 * edits, Ordering::Relaxed);
        if edits > 0 {
            self.rows().take();
        }
    }
}
