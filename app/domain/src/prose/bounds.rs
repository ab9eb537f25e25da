//! Whether an update builds on what a box has, and how much work it causes.

use super::{Deletion, LetterBlock, LetterId, Prose, Update};
use yrs::{ReadTxn, Transact};

/// The most work one command may cause, in nanoseconds of a release build, as estimated by [`work`].
pub(super) const WORK_LIMIT: usize = 20_000_000;
/// What it costs to look at one block while the place of another is found.
const LOOK: usize = 160;

/// Which letters a box has: of each author the clock that comes next.
pub(super) struct LetterClocks(std::collections::HashMap<u64, u32>);

impl LetterClocks {
    pub(super) fn of(prose: &Prose) -> Self {
        let vector = prose.doc.transact().state_vector();
        Self(vector.iter().map(|(client, clock)| (client.get(), *clock)).collect())
    }

    pub(super) fn clock(&self, client: u64) -> u32 {
        self.0.get(&client).copied().unwrap_or_default()
    }

    pub(super) fn add(&mut self, block: &LetterBlock) {
        let clock = self.0.entry(block.id.client).or_default();
        *clock = (*clock).max(block.id.clock + block.len);
    }

    pub(super) fn neighbours_of(&self, block: &LetterBlock) -> bool {
        let mut neighbours = [block.origin, block.right_origin].into_iter().flatten();
        neighbours.all(|letter| letter.clock < self.clock(letter.client))
    }

    pub(super) fn all_of(&self, deletions: &[Deletion]) -> bool {
        deletions.iter().all(|deletion| deletion.to <= self.clock(deletion.client))
    }
}

/// At most how long `yrs` takes for an update, in nanoseconds of a release build, in a box of `letters` and `blocks`:
/// to find the place of a block it looks at all that stands between its neighbours, and a neighbour that is
/// the middle of a block splits it.
pub(super) fn work(read: &Update, letters: usize, blocks: usize) -> usize {
    let split = 2 * letters + blocks;
    let mut total = 0;
    let first = read.blocks.first().map(|block| block.id);
    let here =
        |letter: LetterId| first.is_some_and(|first| first.client == letter.client && letter.clock >= first.clock);
    let mut before: Option<&LetterBlock> = None;
    for (count, block) in read.blocks.iter().enumerate() {
        let in_a_row = before.is_some_and(|before| {
            let last = LetterId { client: before.id.client, clock: block.id.clock - 1 };
            block.origin == Some(last) && block.right_origin == before.right_origin
        });
        total += if in_a_row {
            LOOK
        } else if block.origin.is_some_and(here) {
            LOOK * (count + 1) + read.bytes + split
        } else {
            LOOK * (blocks + count + 1) + read.bytes + split
        };
        before = Some(block);
    }
    total + read.deletions.len() * (letters / 2 + blocks)
}
