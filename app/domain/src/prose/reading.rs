//! How much work it is for `yrs` to read a box's state anew, as every opening and every copy of the box does.
//!
//! What one command may cause is bounded when it is taken. Many of them together can still make a state that takes minutes to
//! read: each block that stands behind a letter, in front of a later one, is compared with all that others put between the two.

use super::{LetterBlock, LetterId};
use std::collections::{BTreeMap, VecDeque};

/// From so many blocks on a box is asked how much work it is to read: fewer are read at once, whatever they are.
pub(super) const ASKED_FROM: usize = 2000;
/// The most blocks that reading a state may look at for their places: an eighth of a second of a release build.
pub(super) const MOST_LOOKS: usize = 1_000_000;

/// In how many blocks more a box of so many is asked again: what these can add stays below half of [`MOST_LOOKS`].
pub(super) fn asked_again_in(blocks: usize) -> usize {
    if blocks < ASKED_FROM { ASKED_FROM } else { (MOST_LOOKS / 2 / blocks).clamp(64, ASKED_FROM) }
}

/// Whether `yrs` looks at no more than `most` blocks to find the places of `blocks`, a state in the order it is written.
pub(super) fn is_quick(blocks: &[LetterBlock], most: usize) -> bool {
    let mut waiting: BTreeMap<u64, VecDeque<LetterBlock>> = BTreeMap::new();
    for block in blocks {
        waiting.entry(block.id.client).or_default().push_back(*block);
    }
    let mut items = Items { left: most, ..Items::default() };
    // The author with the highest id comes first, and before each block those that it builds on.
    while let Some((&client, _)) = waiting.last_key_value() {
        let mut stack: Vec<LetterBlock> = waiting.get_mut(&client).and_then(VecDeque::pop_front).into_iter().collect();
        while let Some(block) = stack.pop() {
            let missing = [block.origin, block.right_origin].into_iter().flatten().find(|letter| !items.has(*letter));
            let before = missing.and_then(|letter| waiting.get_mut(&letter.client)?.pop_front());
            if missing.is_some() && before.is_none() {
                // It builds on what is not here: `yrs` does not place it either.
                continue;
            }
            if let Some(before) = before {
                stack.extend([block, before]);
            } else if !items.place(block) {
                return false;
            }
        }
        waiting.retain(|_, blocks| !blocks.is_empty());
    }
    true
}

/// The blocks that are placed, each with the one behind it.
#[derive(Default)]
struct Items {
    blocks: Vec<LetterBlock>,
    behind: Vec<Option<usize>>,
    first: Option<usize>,
    /// Each author's blocks by their first clocks.
    by_author: BTreeMap<u64, BTreeMap<u32, usize>>,
    /// How many looks are left.
    left: usize,
    /// When each block was last looked at, as a count that goes up.
    marked: Vec<usize>,
    /// The highest count so far.
    marks: usize,
}

impl Items {
    fn at(&self, letter: LetterId) -> Option<usize> {
        let (_, item) = self.by_author.get(&letter.client)?.range(..=letter.clock).next_back()?;
        let block = self.blocks[*item];
        (letter.clock < block.id.clock + block.len).then_some(*item)
    }

    fn has(&self, letter: LetterId) -> bool {
        self.at(letter).is_some()
    }

    /// The block that begins with this letter; it is cut off the one that holds it.
    fn beginning(&mut self, letter: LetterId) -> Option<usize> {
        let item = self.at(letter)?;
        let whole = self.blocks[item];
        let kept = letter.clock - whole.id.clock;
        if kept == 0 {
            return Some(item);
        }
        let origin = Some(LetterId { clock: letter.clock - 1, ..letter });
        let rest = self.add(LetterBlock { id: letter, len: whole.len - kept, origin, ..whole });
        self.blocks[item].len = kept;
        (self.behind[rest], self.behind[item]) = (self.behind[item], Some(rest));
        Some(rest)
    }

    /// The block that ends with this letter.
    fn ending(&mut self, letter: LetterId) -> Option<usize> {
        self.beginning(LetterId { clock: letter.clock + 1, ..letter });
        self.at(letter)
    }

    fn add(&mut self, block: LetterBlock) -> usize {
        let item = self.blocks.len();
        self.blocks.push(block);
        self.behind.push(None);
        self.marked.push(0);
        self.by_author.entry(block.id.client).or_default().insert(block.id.clock, item);
        item
    }

    /// Places a block as Yjs does; whether the looks sufficed.
    fn place(&mut self, block: LetterBlock) -> bool {
        let mut left = block.origin.and_then(|letter| self.ending(letter));
        let right = block.right_origin.and_then(|letter| self.beginning(letter));
        // What was looked at for this block, and of that what was since its left neighbour was last found.
        let (looked, mut since) = (self.marks + 1, self.marks + 1);
        let mut at = left.map_or(self.first, |left| self.behind[left]);
        while let Some(item) = at.filter(|item| Some(*item) != right) {
            let Some(looks) = self.left.checked_sub(1) else { return false };
            self.left = looks;
            self.marked[item] = since;
            let other = self.blocks[item];
            if other.origin == block.origin {
                if other.id.client < block.id.client {
                    left = Some(item);
                    since += 1;
                } else if other.right_origin == block.right_origin {
                    break;
                }
            } else {
                let Some(origin) = other.origin.and_then(|letter| self.at(letter)) else { break };
                if self.marked[origin] < looked {
                    break;
                }
                if self.marked[origin] < since {
                    left = Some(item);
                    since += 1;
                }
            }
            at = self.behind[item];
        }
        self.marks = since;
        let item = self.add(block);
        match left {
            Some(left) => (self.behind[item], self.behind[left]) = (self.behind[left], Some(item)),
            None => (self.behind[item], self.first) = (self.first, Some(item)),
        }
        true
    }

    /// The blocks in the order of the text.
    #[cfg(test)]
    fn in_order(&self) -> Vec<LetterBlock> {
        std::iter::successors(self.first, |item| self.behind[*item]).map(|item| self.blocks[item]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Profile, Prose, Update};
    use super::*;
    use proptest::prelude::*;

    fn blocks_of(prose: &Prose) -> Vec<LetterBlock> {
        Update::read(&prose.state(), Profile::State).unwrap().blocks
    }

    /// The order in which the letters stand after all blocks were placed.
    fn placed(blocks: &[LetterBlock]) -> Vec<LetterId> {
        let mut items = Items { left: usize::MAX, ..Items::default() };
        let mut rest: VecDeque<LetterBlock> = blocks.iter().copied().collect();
        while let Some(block) = rest.pop_front() {
            if [block.origin, block.right_origin].into_iter().flatten().all(|letter| items.has(letter)) {
                assert!(items.place(block));
            } else {
                rest.push_back(block);
            }
        }
        let letters =
            |block: LetterBlock| (0..block.len).map(move |n| LetterId { clock: block.id.clock + n, ..block.id });
        items.in_order().into_iter().flat_map(letters).collect()
    }

    proptest! {
        /// Whatever several people type at once into copies that meet now and then, blocks are placed as `yrs` places them.
        #[test]
        fn blocks_stand_where_yrs_puts_them(keys in prop::collection::vec((0..3_usize, 0..40_usize, any::<bool>()), 1..60)) {
            let copies: Vec<Prose> = [5, 9, 7].into_iter().map(Prose::with_pen).collect();
            for (who, at, meets) in keys {
                let copy = &copies[who];
                let mut text: Vec<char> = copy.text().chars().collect();
                let at = at.min(text.len());
                text.insert(at, 'x');
                let _ = copy.typed(&text.into_iter().collect::<String>(), u32::try_from(at + 1).unwrap());
                if meets {
                    copies[(who + 1) % 3].merge(&copy.state()).unwrap();
                }
            }
            let server = Prose::new();
            for copy in &copies {
                server.merge(&copy.state()).unwrap();
            }
            let theirs: Vec<LetterId> =
                server.letters().into_iter().map(|(_, client, clock)| LetterId { client, clock }).collect();
            prop_assert_eq!(placed(&blocks_of(&server)), theirs);
            prop_assert!(is_quick(&blocks_of(&server), MOST_LOOKS));
        }
    }

    /// Two pens put letters behind one letter and in front of two others: reading them compares each with each.
    #[test]
    fn a_box_that_would_take_long_to_read_takes_no_more() {
        use super::super::ProseError;
        use super::super::hand_made::write::{Bytes, section, typed};
        let prose = Prose::new();
        prose.accept(&typed(1, "abc"), 1).unwrap();
        let mut taken = 0;
        let full = (0..20_000).step_by(10).find_map(|clock| {
            [(8, 1), (7, 2)].into_iter().find_map(|(author, before)| {
                let letter = |bytes: Bytes, _| bytes.raw(&[0xc4]).numbers(&[1, 0, 1, before]).text("x");
                let letters = (0..10).fold(section(author, clock, 10), letter).number(0).0;
                let answer = prose.accept(&letters, author);
                taken += if answer.is_ok() { 10 } else { 0 };
                answer.err()
            })
        });
        assert_eq!(full, Some(ProseError::Full), "{taken} letters");
        assert!(is_quick(&blocks_of(&prose), 2 * MOST_LOOKS), "{taken} letters");
        // Typing as people do is not stopped by the number of blocks.
        let plain = Prose::new();
        plain.accept(&typed(1, &"word ".repeat(250)), 1).unwrap();
        let writer = plain.written_by(7);
        for at in 0..1100 {
            let mut text = writer.text();
            text.insert(2 * at + 1, 'y');
            let caret = u32::try_from(2 * at + 2).unwrap();
            for update in writer.typed(&text, caret) {
                plain.accept(&update, 7).unwrap();
            }
        }
        assert!(blocks_of(&plain).len() > ASKED_FROM);
    }
}
