//! The running note of whoever chairs or takes the record: who said what, to be filed into boxes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The running note of one family, for the one person whose it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningNote {
    /// Who may be meant: key and name.
    pub speakers: Vec<(String, String)>,
    /// Its lines, oldest first.
    pub lines: Vec<NoteLine>,
    /// How many of them can be filed: their speaker is known and they need no check.
    pub fileable: usize,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteLine {
    /// Its id.
    pub id: Uuid,
    /// When it was noted.
    pub at: DateTime<Utc>,
    /// The key of who said it, where one was given: "nq".
    pub key: Option<String>,
    /// Who said it; "somebody" where no key was given.
    pub speaker: String,
    /// What was said.
    pub text: String,
    /// Whether it is to be checked later.
    pub check_later: bool,
}

/// What is done with a running note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteAct {
    /// A line is noted.
    Note {
        /// Its id, where it may be sent again: it is noted once.
        #[serde(default)]
        id: Option<Uuid>,
        /// "nq: has seen Ivy".
        text: String,
    },
    /// A line was checked, and stands as it is.
    Checked {
        /// Which.
        note: Uuid,
    },
    /// A line is taken away.
    Forget {
        /// Which.
        note: Uuid,
    },
    /// Every line whose speaker is known goes into that worker's box.
    File,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// What was wrong, and the remedy; absent where it was done.
    pub refused: Option<String>,
    /// The note as it is now.
    pub note: RunningNote,
}
