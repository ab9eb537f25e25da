//! What one types in a row stays in a row. Two people who write at one place without having seen each other's letters
//! are put in an order by chance (by their pens): the words of one can come between the letters of the other. Whoever's
//! letters the server does not have yet moves them, for nobody else has seen these yet. Two never tear a word; of three or
//! more who move theirs at the same moment, one word in very many still can be.

use super::difference::utf16;
use super::field::{Caret, byte_at};
use super::update::{LetterBlock, LetterId, Profile, Update};
use super::{Prose, ProseError, ROOT};
use yrs::{Assoc, ID, IndexedSequence, ReadTxn, StickyIndex, Text, Transact, WriteTxn};

/// So many blocks of own letters, the newest, are looked at one by one: it takes the square of their number, and who wrote
/// more without a connection meets others where they write now.
const MOST_BLOCKS: usize = 200;
/// A longer row, in UTF-16 units, stays where it is: moved, it would not fit into one command.
const LONGEST_ROW: u32 = 10_000;

/// What came of taking in what the server has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenIn {
    /// Own letters that were moved, as updates to be sent after what waits already.
    pub moved: Vec<Vec<u8>>,
    /// Where the selection begins and ends now, in UTF-16 units.
    pub selection: (u32, u32),
}

/// The letters that one pen types into its copy of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnLetters {
    pen: u64,
    /// The clock up to which the copy had seen that the server has them, when it last took something in.
    shared_to: u32,
}

/// Letters of this pen that stand side by side and that the server did not have when the copy last took something in.
#[derive(Debug, Clone, Copy)]
struct OwnRow {
    /// Its first letter.
    first: LetterBlock,
    /// Its place in the text, in UTF-16 units; the end exclusive.
    start: u32,
    end: u32,
    /// Its last letter.
    last: LetterId,
}

impl OwnLetters {
    /// Those typed from now on into a copy of what the server has.
    #[must_use]
    pub fn of(prose: &Prose) -> Self {
        let pen = prose.doc.client_id();
        Self { pen: pen.get(), shared_to: prose.doc.transact().state_vector().get(&pen) }
    }

    /// Takes the server's `state` into this pen's copy of the box. Others' words never stand between letters that the pen
    /// types in a row, and what it types at once never stands between the letters of somebody else's row. The selection,
    /// in UTF-16 units, stays behind the letters it stood behind.
    ///
    /// # Errors
    /// As [`Prose::merge`]; the box is unchanged then.
    pub fn take_in(&mut self, prose: &Prose, state: &[u8], selection: (u32, u32)) -> Result<TakenIn, ProseError> {
        let (caret, before) = (prose.caret(selection.0, selection.1), prose.doc.transact().state_vector());
        let stood_behind = prose.letters_before(&prose.own_from(self.pen, self.shared_to));
        prose.merge(state)?;
        let server = Update::read(state, Profile::State)?;
        let (start, end) = prose.place(&caret);
        let [first, last] = caret.letters().map(|letter| letter.filter(|letter| letter.client != self.pen));
        // A caret behind a letter from which its writer goes on goes along: what is typed there comes behind their word.
        let along = |at: u32, letter: Option<LetterId>| {
            let new = letter.filter(|letter| before.get(&yrs::block::ClientID::new(letter.client)) <= letter.clock + 1);
            let gone_on = new.and_then(|letter| prose.gone_on_from(letter, at, &server));
            gone_on.filter(|(from, _)| *from == at).map_or(at, |(_, to)| to)
        };
        let mut taken = TakenIn { moved: Vec::new(), selection: (along(start, first), along(end, last)) };
        let pen = self.pen;
        let unseen = prose.own_from(pen, self.shared_to);
        // Where the last letter of a row that was moved stands now.
        let mut moved: Vec<(LetterId, Caret)> = Vec::new();
        let older = unseen.len().saturating_sub(MOST_BLOCKS);
        for before in unseen.into_iter().skip(older) {
            // What was moved with an earlier one stands elsewhere, as other letters.
            let own = prose.own_from(pen, self.shared_to);
            let Some(first) = own.iter().find(|block| block.id == before.id).copied() else { continue };
            let Some(row) = prose.row_from(first, &own) else { continue };
            let moved_to = |letter| {
                let moved = moved.iter().find(|(last, _)| *last == letter);
                moved.map(|(_, now)| prose.place(now).0)
            };
            // Behind an own letter that is deleted may have stood anybody's: what one typed behind is what one saw there.
            let stands = |letter: LetterId| {
                moved_to(letter).is_some()
                    || own.iter().any(|block| block.holds(letter))
                    || server.blocks.iter().any(|block| block.holds(letter) && block.bytes > 0)
            };
            let deleted = first.origin.filter(|origin| origin.client == pen && !stands(*origin));
            let seen = || stood_behind.iter().find(|(id, _)| *id == first.id).map(|(_, before)| *before);
            let origin = if deleted.is_some() { seen() } else { first.origin };
            let place = match origin {
                Some(origin) if origin.client == pen => match moved_to(origin) {
                    // The letter it goes on from went behind it.
                    Some(now) if now >= row.end => Some(now),
                    now => prose.behind_own(row, now.unwrap_or_else(|| prose.behind(origin)), &own, &server),
                },
                Some(origin) => prose.behind_others_row(row, origin, &server),
                None => None,
            };
            let place = place.or_else(|| prose.behind_row_around(row, &server));
            if let Some(place) = place.filter(|_| row.end - row.start <= LONGEST_ROW) {
                taken.moved.push(prose.move_row(row, place));
                let end = moved_place(row.end, row, place);
                moved.push((row.last, prose.caret(end, end)));
                taken.selection =
                    (moved_place(taken.selection.0, row, place), moved_place(taken.selection.1, row, place));
            }
        }
        prose.count_blocks(taken.moved.len());
        self.shared_to = end_of(&server, pen);
        Ok(taken)
    }
}

/// The clock behind the last letter of an author.
fn end_of(server: &Update, client: u64) -> u32 {
    let theirs = server.blocks.iter().filter(|block| block.id.client == client);
    theirs.map(|block| block.id.clock + block.len).max().unwrap_or_default()
}

impl Prose {
    /// Letters of `pen` that still stand in the text, from a clock on, each in the block it was typed in.
    fn own_from(&self, pen: u64, clock: u32) -> Vec<LetterBlock> {
        let txn = self.doc.transact();
        let mut vector = txn.state_vector();
        let pen = yrs::block::ClientID::new(pen);
        if vector.get(&pen) <= clock {
            return Vec::new();
        }
        vector.set_min(pen, clock);
        let blocks = Update::read(&txn.encode_diff_v1(&vector), Profile::State).map(|update| update.blocks);
        blocks.unwrap_or_default().into_iter().filter(|block| block.bytes > 0).collect()
    }

    /// The letter that stands in front of each block, where there is one.
    fn letters_before(&self, blocks: &[LetterBlock]) -> Vec<(LetterId, LetterId)> {
        let newest = &blocks[blocks.len().saturating_sub(MOST_BLOCKS)..];
        let before = newest.iter().filter_map(|block| {
            let start = self.behind(block.id).checked_sub(1)?;
            let [before, _] = self.caret(start, start).letters();
            Some((block.id, before?))
        });
        before.collect()
    }

    /// Where the text stands right behind a letter, in UTF-16 units; where a deleted letter stood.
    fn behind(&self, letter: LetterId) -> u32 {
        let id = ID::new(yrs::block::ClientID::new(letter.client), letter.clock);
        let held = StickyIndex::from_id(id, Assoc::Before);
        held.get_offset(&self.doc.transact()).map_or(0, |offset| offset.index)
    }

    /// The row that begins with a block: with the blocks that go on from its last letter.
    fn row_from(&self, first: LetterBlock, own: &[LetterBlock]) -> Option<OwnRow> {
        let start = self.behind(first.id).checked_sub(1)?;
        let end_of = |block: &LetterBlock| LetterId { clock: block.id.clock + block.len - 1, ..block.id };
        let mut row = OwnRow { first, start, end: start + first.len, last: end_of(&first) };
        for next in own {
            if next.origin == Some(row.last) && self.behind(next.id) == row.end + 1 {
                row = OwnRow { end: row.end + next.len, last: end_of(next), ..row };
            }
        }
        Some(row)
    }

    /// Where a row belongs that goes on from an own letter which ends at `place`: right there, where others' words came
    /// between.
    fn behind_own(&self, row: OwnRow, place: u32, own: &[LetterBlock], server: &Update) -> Option<u32> {
        // Who typed in front of the row's first letter had seen it.
        let beside = self.block_at(place, server);
        if beside.is_some_and(|block| block.right_origin == Some(row.first.id)) {
            return None;
        }
        let between = |block: &LetterBlock| {
            let start = self.behind(block.id).saturating_sub(1);
            place <= start && start < row.start
        };
        (place < row.start && !own.iter().any(between)).then_some(place)
    }

    /// The letter behind a place.
    fn letter_at(&self, place: u32) -> Option<LetterId> {
        let txn = self.doc.transact();
        let held = txn.get_text(ROOT)?.sticky_index(&txn, place, Assoc::After)?;
        held.id().map(|id| LetterId { client: id.client.get(), clock: id.clock })
    }

    /// The block of the letter behind a place.
    fn block_at(&self, place: u32, server: &Update) -> Option<LetterBlock> {
        let letter = self.letter_at(place)?;
        server.blocks.iter().find(|block| block.holds(letter)).copied()
    }

    /// Where a row belongs that was begun behind a letter which its writer goes on from: behind all that they typed in
    /// a row from there.
    fn behind_others_row(&self, row: OwnRow, origin: LetterId, server: &Update) -> Option<u32> {
        let next = LetterId { clock: origin.clock + 1, ..origin };
        // Who typed in front of that letter had seen it.
        if row.first.right_origin == Some(next) {
            return None;
        }
        self.gone_on_from(origin, row.end, server).filter(|(start, _)| *start >= row.end).map(|(_, end)| end)
    }

    /// Where a row belongs that came between two letters which somebody else typed one after the other: behind all of them.
    fn behind_row_around(&self, row: OwnRow, server: &Update) -> Option<u32> {
        let [before, _] = self.caret(row.start, row.start).letters();
        let before = before.filter(|before| before.client != row.first.id.client)?;
        let next = self.letter_at(row.end).filter(|next| next.client == before.client)?;
        let block = server.blocks.iter().find(|block| block.holds(next))?;
        let follows = if block.id == next { block.origin == Some(before) } else { next.clock == before.clock + 1 };
        // Who typed in front of that letter had seen it.
        (follows && row.first.right_origin != Some(next)).then(|| row.end + self.standing_from(next, row.end, server))
    }

    /// Where the letters stand that the writer of a letter typed in a row behind it; the end exclusive. `beside` is where
    /// they stand if nothing visible lies between.
    fn gone_on_from(&self, letter: LetterId, beside: u32, server: &Update) -> Option<(u32, u32)> {
        let next = LetterId { clock: letter.clock + 1, ..letter };
        let block = server.blocks.iter().find(|block| block.holds(next))?;
        let start = self.behind(next).checked_sub(1)?;
        if block.id == next && block.origin != Some(letter) {
            // Behind a deleted letter, it went on from the letter that stood in front of that one, where it stands there.
            let deleted = |origin| server.blocks.iter().any(|block| block.holds(origin) && block.bytes == 0);
            block.origin.filter(|origin| deleted(*origin) && start == beside)?;
        }
        let count = self.standing_from(next, start, server);
        (count > 0).then_some((start, start + count))
    }

    /// How many letters, typed one after the other from `first` on, stand side by side from `start` on.
    fn standing_from(&self, first: LetterId, start: u32, server: &Update) -> u32 {
        let side_by_side =
            |count: u32| self.behind(LetterId { clock: first.clock + count - 1, ..first }) == start + count;
        // A deleted letter is nowhere, and whoever goes on behind one begins another row.
        let mut theirs: Vec<&LetterBlock> =
            server.blocks.iter().filter(|block| block.id.client == first.client && block.bytes > 0).collect();
        theirs.sort_by_key(|block| block.id.clock);
        let standing = theirs.into_iter().fold(first.clock, |to, block| {
            let end = block.id.clock + block.len;
            if (block.id.clock..end).contains(&to) { end } else { to }
        });
        let (mut count, mut beyond) = (0, standing - first.clock + 1);
        while count + 1 < beyond {
            let middle = count.midpoint(beyond);
            if side_by_side(middle) { count = middle } else { beyond = middle }
        }
        count
    }

    /// Moves a row to a place outside it, in one update.
    fn move_row(&self, row: OwnRow, place: u32) -> Vec<u8> {
        let all = self.text();
        let letters = all[byte_at(&all, row.start)..byte_at(&all, row.end)].to_owned();
        let mut txn = self.doc.transact_mut();
        let text = txn.get_or_insert_text(ROOT);
        text.remove_range(&mut txn, row.start, row.end - row.start);
        let at = if place > row.start { place - utf16(&letters) } else { place };
        text.insert(&mut txn, at, &letters);
        txn.encode_update_v1()
    }
}

/// Where a caret at `at`, which is held to the letter before it, stands once a row is moved to `place`.
fn moved_place(at: u32, row: OwnRow, place: u32) -> u32 {
    let len = row.end - row.start;
    if row.start < at && at <= row.end {
        return if place > row.start { at + place - row.end } else { at - (row.start - place) };
    }
    if place < at && at <= row.start {
        at + len
    } else if row.end < at && at <= place {
        at - len
    } else {
        at
    }
}

#[cfg(test)]
mod tests;
