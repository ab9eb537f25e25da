//! What an extract holds that somebody should know of.

use serde::Serialize;

/// How much attention a problem asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Put right by itself.
    Fix,
    /// Valid, and worth knowing.
    Info,
    /// Imported; somebody should check.
    Warn,
    /// A person is asked; nothing was joined or changed by itself.
    Review,
    /// Left out.
    Reject,
}

/// One finding, at one place of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How much attention it asks for.
    pub level: Level,
    /// File name.
    pub file: String,
    /// Physical line, the header is 1; 0 for the whole file.
    pub line: u64,
    /// Column as the specification names it; empty for the whole row.
    pub column: String,
    /// The value as it stands in the file.
    pub value: String,
    /// What is wrong and what was done.
    pub says: String,
}
