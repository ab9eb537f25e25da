//! Our own reader of Yjs updates (format v1), in front of `yrs` on every path.
//!
//! `yrs` reads whatever the format allows: nested values that overflow its stack, counts that make it allocate
//! gigabytes, formats and embedded documents that no box shows. This reader takes plain text only, in linear time,
//! and allocates no more than what the bytes hold. Only what it has read may reach `yrs`.
//!
//! The format is described in the source of Yjs (`src/utils/encoding.js`) and lib0 (`encoding.js`):
//!
//! ```text
//! update   := count client-section*  delete-set
//! section  := count client clock block*
//! block    := info [origin] [right-origin] [parent] content        origin := client clock
//! delete-set := count (client count (clock length)*)*              all numbers are variable-length
//! ```

use super::{BOX_LIMIT, PEN_LIMIT, ProseError, UPDATE_LIMIT};

/// The name of the one text of a box.
pub(super) const ROOT: &str = "text";
/// The most blocks, and the most ranges of deleted letters, in one command.
pub const COMMAND_BLOCKS: usize = 1000;
/// The most blocks a box may consist of, letters that were deleted again included.
pub const STATE_BLOCKS: usize = 20_000;
/// The most bytes of a stored state: its text and what its blocks need around it.
const STATE_BYTES: usize = 12 * 1024 * 1024;
/// Clocks count the letters of one author, in UTF-16 units. No author comes near this.
const CLOCK_LIMIT: u64 = 1 << 31;

const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const DELETED: u8 = 1;
const STRING: u8 = 4;

/// Which updates are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// What one author sends at once.
    Command {
        /// The only author that may insert.
        author: u64,
    },
    /// What is stored or sent to a joiner: the words of many authors.
    State,
}

/// One letter: its author and the author's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterId {
    /// Whose.
    pub client: u64,
    /// Which.
    pub clock: u32,
}

/// Letters that one author typed in a row, or the length of some that are deleted already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterBlock {
    /// The first letter.
    pub id: LetterId,
    /// How many UTF-16 units.
    pub len: u32,
    /// The letter it was typed behind.
    pub origin: Option<LetterId>,
    /// The letter it was typed in front of.
    pub right_origin: Option<LetterId>,
    /// How many bytes of UTF-8; 0 where it only states a deleted length.
    pub bytes: u32,
}

impl LetterBlock {
    /// Whether a letter is one of the block's.
    #[must_use]
    pub fn holds(&self, letter: LetterId) -> bool {
        self.id.client == letter.client && (self.id.clock..self.id.clock + self.len).contains(&letter.clock)
    }
}

/// Letters of one author that are deleted, the end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deletion {
    /// Whose letters.
    pub client: u64,
    /// The first.
    pub from: u32,
    /// The end, exclusive.
    pub to: u32,
}

/// What an update holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Update {
    /// Its blocks: each author's in the order of clocks.
    pub blocks: Vec<LetterBlock>,
    /// What it deletes: each author's in the order of clocks, without overlaps.
    pub deletions: Vec<Deletion>,
    /// How many bytes of text its blocks bring.
    pub bytes: usize,
}

impl Update {
    /// Reads an update.
    ///
    /// # Errors
    /// [`ProseError::Malformed`] where the bytes are no update of plain text, [`ProseError::TooLong`] where they are
    /// too many, [`ProseError::TooMuchAtOnce`] where a command holds more than [`COMMAND_BLOCKS`],
    /// [`ProseError::Full`] where a state holds more than [`STATE_BLOCKS`], [`ProseError::NotYours`] where
    /// a command inserts as somebody else.
    pub fn read(bytes: &[u8], profile: Profile) -> Result<Self, ProseError> {
        let (most_bytes, most_blocks, too_many) = match profile {
            Profile::Command { .. } => (UPDATE_LIMIT, COMMAND_BLOCKS, ProseError::TooMuchAtOnce),
            Profile::State => (STATE_BYTES, STATE_BLOCKS, ProseError::Full),
        };
        if bytes.len() > most_bytes {
            return Err(ProseError::TooLong);
        }
        let mut cursor = Cursor(bytes);
        let mut update = Self::default();
        let Self { blocks, bytes, .. } = &mut update;
        read_blocks(&mut cursor, profile, most_blocks, too_many, |block| {
            *bytes += block.bytes as usize;
            blocks.push(block);
        })?;
        if *bytes > UPDATE_LIMIT.max(BOX_LIMIT) {
            return Err(ProseError::TooLong);
        }
        update.read_deletions(&mut cursor, most_blocks, too_many)?;
        if cursor.0.is_empty() { Ok(update) } else { Err(ProseError::Malformed) }
    }

    /// How many blocks a stored state has, without holding them.
    ///
    /// # Errors
    /// As [`Update::read`].
    pub(super) fn count_blocks(state: &[u8]) -> Result<usize, ProseError> {
        let mut count = 0;
        read_blocks(&mut Cursor(state), Profile::State, STATE_BLOCKS, ProseError::Full, |_| count += 1)?;
        Ok(count)
    }

    fn read_deletions(&mut self, cursor: &mut Cursor<'_>, most: usize, too_many: ProseError) -> Result<(), ProseError> {
        let mut seen = Once::default();
        for _ in 0..cursor.number(PEN_LIMIT)? {
            let client = cursor.number(PEN_LIMIT)?;
            seen.note(client)?;
            let mut last = 0;
            for _ in 0..cursor.number(PEN_LIMIT)? {
                if self.deletions.len() == most {
                    return Err(too_many);
                }
                let from = cursor.clock()?;
                let to = end(from, cursor.clock()?)?;
                // Sorted and apart, as every editor writes them: yrs walks all letters of each range.
                if from < last || from == to {
                    return Err(ProseError::Malformed);
                }
                last = to;
                self.deletions.push(Deletion { client, from, to });
            }
        }
        Ok(())
    }

    /// The clocks it brings: author, first, end exclusive; letters in a row as one span.
    #[must_use]
    pub fn spans(&self) -> Vec<(u64, u32, u32)> {
        let mut spans: Vec<(u64, u32, u32)> = Vec::new();
        for block in &self.blocks {
            let to = block.id.clock + block.len;
            match spans.last_mut().filter(|(client, _, end)| (*client, *end) == (block.id.client, block.id.clock)) {
                Some((.., end)) => *end = to,
                None => spans.push((block.id.client, block.id.clock, to)),
            }
        }
        spans
    }
}

/// Reads the blocks of an update, `most` of them at most, and gives each to `take`.
fn read_blocks(
    cursor: &mut Cursor<'_>, profile: Profile, most: usize, too_many: ProseError, mut take: impl FnMut(LetterBlock),
) -> Result<(), ProseError> {
    let (mut seen, mut taken) = (Once::default(), 0);
    for _ in 0..cursor.number(PEN_LIMIT)? {
        let count = cursor.number(PEN_LIMIT)?;
        let client = cursor.number(PEN_LIMIT)?;
        if matches!(profile, Profile::Command { author } if author != client) {
            return Err(ProseError::NotYours);
        }
        seen.note(client)?;
        let mut clock = cursor.clock()?;
        for _ in 0..count {
            if taken == most {
                return Err(too_many);
            }
            let block = cursor.block(LetterId { client, clock })?;
            clock = end(clock, block.len)?;
            taken += 1;
            take(block);
        }
    }
    Ok(())
}

/// The clock behind `len` letters from `clock` on.
fn end(clock: u32, len: u32) -> Result<u32, ProseError> {
    clock.checked_add(len).filter(|end| u64::from(*end) < CLOCK_LIMIT).ok_or(ProseError::Malformed)
}

/// Authors that came already: editors write each once, and yrs would take the last for all.
#[derive(Default)]
struct Once(std::collections::BTreeSet<u64>);

impl Once {
    fn note(&mut self, client: u64) -> Result<(), ProseError> {
        if self.0.insert(client) { Ok(()) } else { Err(ProseError::Malformed) }
    }
}

/// What is left to read.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn byte(&mut self) -> Result<u8, ProseError> {
        let (first, rest) = self.0.split_first().ok_or(ProseError::Malformed)?;
        self.0 = rest;
        Ok(*first)
    }

    /// A number below `limit`, in as few bytes as it needs: seven bits in each, the lowest first.
    fn number(&mut self, limit: u64) -> Result<u64, ProseError> {
        let mut number = 0;
        for shift in (0..56).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let shortest = byte != 0 || shift == 0;
                return if shortest && number < limit { Ok(number) } else { Err(ProseError::Malformed) };
            }
        }
        Err(ProseError::Malformed)
    }

    fn clock(&mut self) -> Result<u32, ProseError> {
        let clock = self.number(CLOCK_LIMIT)?;
        Ok(u32::try_from(clock).expect("it is below the limit"))
    }

    fn letter(&mut self) -> Result<LetterId, ProseError> {
        Ok(LetterId { client: self.number(PEN_LIMIT)?, clock: self.clock()? })
    }

    fn text(&mut self) -> Result<&'a str, ProseError> {
        let length = usize::try_from(self.number(PEN_LIMIT)?).map_err(|_| ProseError::Malformed)?;
        let (text, rest) = self.0.split_at_checked(length).ok_or(ProseError::Malformed)?;
        self.0 = rest;
        std::str::from_utf8(text).map_err(|_| ProseError::Malformed)
    }

    fn block(&mut self, id: LetterId) -> Result<LetterBlock, ProseError> {
        let info = self.byte()?;
        let content = info & !(HAS_ORIGIN | HAS_RIGHT_ORIGIN);
        if content != STRING && content != DELETED {
            return Err(ProseError::Malformed);
        }
        let origin = if info & HAS_ORIGIN == 0 { None } else { Some(self.letter()?) };
        let right_origin = if info & HAS_RIGHT_ORIGIN == 0 { None } else { Some(self.letter()?) };
        if origin.is_none() && right_origin.is_none() {
            // Nothing tells where it belongs but the name of the text it is in.
            let named = self.number(2)? == 1;
            if !named || self.text()? != ROOT {
                return Err(ProseError::Malformed);
            }
        }
        let (len, bytes) = if content == STRING { length_of(self.text()?)? } else { (self.clock()?, 0) };
        if len == 0 { Err(ProseError::Malformed) } else { Ok(LetterBlock { id, len, origin, right_origin, bytes }) }
    }
}

/// UTF-16 units and bytes of what somebody typed.
fn length_of(text: &str) -> Result<(u32, u32), ProseError> {
    // Browsers and forms clean their text before they write it.
    if !text.chars().all(super::clean::usable) {
        return Err(ProseError::Malformed);
    }
    let bytes = u32::try_from(text.len()).map_err(|_| ProseError::TooLong)?;
    Ok((super::difference::utf16(text), bytes))
}
