//! What an import did, or would do.

use interchange::Problem;
use interchange::ssd::Count;
use serde::Serialize;
use std::collections::BTreeMap;

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// How each file's rows were used.
    pub files: BTreeMap<String, Count>,
    /// What changed, by kind.
    pub changes: BTreeMap<String, Change>,
    /// What changes so much that it is not taken without being asked for, in words.
    pub too_much: Vec<String>,
    /// What somebody should know of.
    pub problems: Vec<Problem>,
}

/// How the rows of one kind compare with what was read before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Not read before.
    pub new: usize,
    /// Read before with other values.
    pub changed: usize,
    /// As read before.
    pub unchanged: usize,
    /// As read before, under another key.
    pub renumbered: usize,
    /// Changed in the extract, but corrected by hand here: ours stays. They are among the changed.
    pub kept_by_hand: usize,
    /// Read before, and in the extract no more. Nothing was ended by that.
    pub gone: usize,
    /// Those of them that are open.
    pub gone_open: usize,
}

impl Report {
    /// Whether a second load of the same would do nothing.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        self.changes.values().all(|change| change.new + change.changed + change.renumbered == 0)
    }
}
