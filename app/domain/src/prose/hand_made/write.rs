//! How updates are made by hand, for tests and for the measurement of what they cost.

#![allow(dead_code, reason = "each of the programs that share it uses a part of it")]

/// Writes the format's numbers and texts, in the order they are called.
#[derive(Default, Clone)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// A number: seven bits in each byte, the lowest first.
    pub fn number(mut self, mut number: u64) -> Self {
        while number > 0x7f {
            self.0.push(number as u8 & 0x7f | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
        self
    }

    /// Several numbers.
    pub fn numbers(self, numbers: &[u64]) -> Self {
        numbers.iter().fold(self, |bytes, number| bytes.number(*number))
    }

    /// A length and a text.
    pub fn text(self, text: &str) -> Self {
        let mut bytes = self.number(text.len() as u64);
        bytes.0.extend(text.as_bytes());
        bytes
    }

    /// Bytes as they are.
    pub fn raw(mut self, raw: &[u8]) -> Self {
        self.0.extend(raw);
        self
    }

    /// A block in the text with neither neighbour.
    pub fn first_block(self, content: u8) -> Self {
        self.raw(&[content]).number(1).text("text")
    }
}

/// One author's section with `blocks` blocks from `clock` on.
pub fn section(author: u64, clock: u64, blocks: u64) -> Bytes {
    Bytes::default().numbers(&[1, blocks, author, clock])
}

/// An author's first words in an empty box.
pub fn typed(author: u64, text: &str) -> Vec<u8> {
    section(author, 0, 1).first_block(4).text(text).number(0).0
}

/// One string insertion whose content is a value nested `depth` deep.
pub fn nested(depth: usize) -> Vec<u8> {
    let values: Vec<u8> = [117, 1].repeat(depth);
    section(7, 0, 1).first_block(8).number(1).raw(&values).raw(&[126]).number(0).0
}

/// `count` blocks of one letter between the same two letters, in an order that looks at all of them.
pub fn siblings(author: u64, clock: u64, count: u64, origin: Option<(u64, u64)>) -> Vec<u8> {
    let mut bytes = section(author, clock, count);
    for n in 0..count {
        bytes = match (origin, n % 2) {
            (None, _) if n == 0 => bytes.first_block(4),
            (None, _) => bytes.raw(&[0x44]).numbers(&[author, clock + n - 1]),
            (Some((client, at)), 0) => bytes.raw(&[0x84]).numbers(&[client, at]),
            (Some((client, at)), _) => bytes.raw(&[0xc4]).numbers(&[client, at, author, clock + n - 1]),
        }
        .text("x");
    }
    bytes.number(0).0
}

/// Blocks that stand behind one letter and each before another letter of a long word: every one looks at all the others.
pub fn crossed(count: u64) -> Vec<u8> {
    let blocks = (0..count)
        .fold(section(7, 0, count), |bytes, n| bytes.raw(&[0xc4]).numbers(&[1, 0, 1, 99_990 - 60 * n]).text("x"));
    blocks.number(0).0
}

/// Single letters taken out of a long word.
pub fn holes(count: u64) -> Vec<u8> {
    let start = Bytes::default().numbers(&[0, 1, 1, count]);
    (0..count).fold(start, |bytes, n| bytes.numbers(&[30_000 + 60 * n, 1])).0
}
