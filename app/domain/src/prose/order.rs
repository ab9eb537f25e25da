//! Whether the two neighbours of a block stand in their order.
//!
//! Every editor writes a letter behind its left neighbour and in front of its right one. Where both are in one block of `yrs`
//! and the right one comes first, `yrs` splits the block that it has just found the left one in: the words then stand
//! elsewhere than in the next copy that reads the same state.

use super::{Block, LetterId, Profile, Prose, Update};
use std::collections::{BTreeMap, BTreeSet};

/// Whether each block stands behind its left neighbour and in front of its right one, as far as letters typed in a row
/// tell. It reads the box only where an update makes it necessary.
pub(super) fn in_order(prose: &Prose, read: &Update) -> bool {
    let doubtful: Vec<(LetterId, LetterId)> = read.blocks.iter().filter_map(doubtful).collect();
    if doubtful.is_empty() {
        return true;
    }
    let Ok(state) = Update::read(&prose.state(), Profile::State) else { return false };
    let runs = Runs::of(state.blocks.iter().chain(&read.blocks));
    doubtful.into_iter().all(|(left, right)| runs.of_letter(left) != runs.of_letter(right))
}

/// The neighbours of a block, where one author typed both, and the right one not after the left one.
fn doubtful(block: &Block) -> Option<(LetterId, LetterId)> {
    let (left, right) = (block.origin?, block.right_origin?);
    (left.client == right.client && right.clock <= left.clock).then_some((left, right))
}

/// Where each author went on elsewhere: the clocks of letters that were not typed behind the author's letter before.
struct Runs(BTreeMap<u64, BTreeSet<u32>>);

impl Runs {
    fn of<'a>(blocks: impl Iterator<Item = &'a Block>) -> Self {
        let mut starts: BTreeMap<u64, BTreeSet<u32>> = BTreeMap::new();
        for block in blocks {
            let before = block.id.clock.checked_sub(1).map(|clock| LetterId { clock, ..block.id });
            if before.is_none() || block.origin != before {
                starts.entry(block.id.client).or_default().insert(block.id.clock);
            }
        }
        Self(starts)
    }

    /// The first letter of the row a letter was typed in.
    fn of_letter(&self, letter: LetterId) -> Option<u32> {
        self.0.get(&letter.client)?.range(..=letter.clock).next_back().copied()
    }
}
