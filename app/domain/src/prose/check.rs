//! What a browser may change in a box: its own words, on what is here, within the limits.

use super::bounds::{LetterClocks, WORK_LIMIT, work};
use super::order::{self, Rows};
use super::reading::{ASKED_FROM, MOST_LOOKS, asked_again_in, is_quick};
use super::{BOX_LIMIT, PEN_LIMIT, Profile, Prose, ProseError, STATE_BLOCKS, Update};
use std::sync::atomic::Ordering;

impl Prose {
    /// Checks that an update is `pen`'s, continues what is here and stays within the limits. What it accepts,
    /// [`Prose::merge`] takes in bounded time and memory.
    ///
    /// # Errors
    /// One [`ProseError`] for each of these.
    pub fn check(&self, update: &[u8], pen: u64) -> Result<Update, ProseError> {
        let author = pen % PEN_LIMIT;
        let read = Update::read(update, Profile::Command { author })?;
        let mut letters = LetterClocks::of(self);
        // Words that continue no letter of the box leave a gap; words at a place that is taken already might differ
        // from what stands there, and yrs would drop them without a word.
        if read.blocks.first().is_some_and(|first| first.id.clock != letters.clock(author)) {
            return Err(ProseError::Resync);
        }
        for block in &read.blocks {
            if !letters.neighbours_of(block) {
                return Err(ProseError::Resync);
            }
            letters.add(block);
        }
        if !letters.all_of(&read.deletions) {
            return Err(ProseError::Resync);
        }
        if !self.in_order(&read) {
            return Err(ProseError::Malformed);
        }
        self.bounded(&read)?;
        self.fits(update, &read)?;
        Ok(read)
    }

    /// Whether each block stands behind its left neighbour and in front of its right one.
    pub(super) fn in_order(&self, read: &Update) -> bool {
        if !read.blocks.iter().any(order::crosses) {
            return true;
        }
        let added = Rows::of(&read.blocks);
        let all_in = |rows: &Rows| read.blocks.iter().all(|block| rows.allow(&added, block));
        if let Some(rows) = self.rows().as_ref() {
            return all_in(rows);
        }
        let state = Update::read(&self.state(), Profile::State).expect("a document's own state can be read");
        all_in(&Rows::of(&state.blocks))
    }

    /// Whether taking the update is little enough work for one command.
    fn bounded(&self, read: &Update) -> Result<(), ProseError> {
        let too_many = |blocks: usize| blocks + read.blocks.len() + read.deletions.len() > STATE_BLOCKS;
        let mut blocks = self.blocks.load(Ordering::Relaxed);
        let asked = blocks >= self.asked_again_at.load(Ordering::Relaxed);
        if asked || too_many(blocks) || work(read, self.len(), blocks) > WORK_LIMIT {
            let state = self.state();
            blocks = Update::count_blocks(&state)?;
            self.blocks.store(blocks, Ordering::Relaxed);
            if asked && blocks >= ASKED_FROM {
                let quick = is_quick(&Update::read(&state, Profile::State)?.blocks, MOST_LOOKS);
                self.slow.store(!quick, Ordering::Relaxed);
            }
            self.asked_again_at.store(blocks + asked_again_in(blocks), Ordering::Relaxed);
        }
        if too_many(blocks) || self.slow.load(Ordering::Relaxed) {
            return Err(ProseError::Full);
        }
        // One change at a time always goes.
        let divisible = read.blocks.len() + read.deletions.len() > 1;
        if divisible && work(read, self.len(), blocks) > WORK_LIMIT { Err(ProseError::TooMuchAtOnce) } else { Ok(()) }
    }

    /// Whether the text stays below [`BOX_LIMIT`].
    fn fits(&self, update: &[u8], read: &Update) -> Result<(), ProseError> {
        // A unit of UTF-16 has three bytes at most.
        if self.len() * 3 + read.bytes <= BOX_LIMIT || self.text().len() + read.bytes <= BOX_LIMIT {
            return Ok(());
        }
        let trial = self.written_by(0);
        trial.apply(update, read)?;
        if trial.text().len() > BOX_LIMIT { Err(ProseError::TooLong) } else { Ok(()) }
    }
}
