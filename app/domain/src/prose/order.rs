//! Whether the two neighbours of a block stand in their order.
//!
//! Every editor writes a letter behind its left neighbour and in front of its right one. Where both are in one block of `yrs`
//! and the right one comes first, `yrs` splits the block that it has just found the left one in: the words then stand
//! elsewhere than in the next copy that reads the same state.

use super::{LetterBlock, LetterId};
use std::collections::{BTreeMap, BTreeSet};

/// Where each author went on elsewhere: the clocks of letters that were not typed behind the author's letter before.
/// Letters from one such clock to the next are a row: they were typed one behind the other, so that they stand in the order of
/// their clocks.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows(BTreeMap<u64, BTreeSet<u32>>);

impl Rows {
    pub(super) fn of(blocks: &[LetterBlock]) -> Self {
        let mut rows = Self::default();
        rows.add(blocks);
        rows
    }

    /// Adds blocks of the box, whose earlier letters it knows.
    pub(super) fn add(&mut self, blocks: &[LetterBlock]) {
        for block in blocks {
            let before = block.id.clock.checked_sub(1).map(|clock| LetterId { clock, ..block.id });
            if before.is_none() || block.origin != before {
                self.0.entry(block.id.client).or_default().insert(block.id.clock);
            }
        }
    }

    /// Whether a block can stand behind its left neighbour and in front of its right one, as far as rows tell: those of the
    /// box and those it comes with.
    pub(super) fn allow(&self, added: &Self, block: &LetterBlock) -> bool {
        let row = |letter| self.row(letter).max(added.row(letter));
        !crosses(block) || row(block.origin) != row(block.right_origin)
    }

    /// The first letter of the row a letter is in.
    fn row(&self, letter: Option<LetterId>) -> Option<u32> {
        let letter = letter?;
        self.0.get(&letter.client)?.range(..=letter.clock).next_back().copied()
    }
}

/// Whether one author typed both neighbours of a block, and the right one not after the left one.
pub(super) fn crosses(block: &LetterBlock) -> bool {
    matches!((block.origin, block.right_origin), (Some(left), Some(right)) if left.client == right.client && right.clock <= left.clock)
}
