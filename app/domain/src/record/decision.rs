//! The decision for a child in their record: where each stood, and what was confirmed before.

use super::Named;
use crate::PersonId;
use crate::mark::Marked;
use crate::meeting::Position;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Where one worker stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordStance {
    /// Who.
    #[serde(flatten)]
    pub who: Named,
    /// Where.
    pub position: Position,
    /// Why; empty for agreement or where it is to follow.
    pub reason: Marked<String>,
    /// When it was given.
    pub at: DateTime<Utc>,
    /// The earlier wording it was given on; absent where it was given on the wording recorded.
    pub earlier_wording: Option<String>,
    /// Who recorded it, where they did not give it themselves.
    pub recorded_by: Option<Named>,
    /// Whether the chair asked round the table.
    pub asked_round: bool,
    /// Whether the reason was asked for and not given; recorded by whoever signs.
    pub reason_not_given: bool,
    /// What they said themselves before somebody recorded this for them.
    pub before: Vec<SaidBefore>,
}

/// An objection in its author's words, from before another recorded something else for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidBefore {
    /// Where they stood.
    pub position: Position,
    /// Why; may be empty.
    pub reason: String,
}

impl RecordStance {
    /// Whether somebody thought otherwise and their reason is still awaited, until the record is signed.
    #[must_use]
    pub fn reason_to_follow(&self) -> bool {
        self.position != Position::Agree && self.reason.trim().is_empty() && !self.reason_not_given
    }
}

/// A confirmation of an earlier wording, which a later one took the place of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordConfirmation {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Named,
    /// The decision as it was worded, without its reason.
    pub wording: String,
    /// Who did not simply agree with that wording.
    pub objections: Vec<RecordObjection>,
}

/// Where somebody stood when an earlier wording was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordObjection {
    /// Who.
    #[serde(flatten)]
    pub who: Named,
    /// Where they stood.
    pub position: Position,
    /// Why; empty where it was not given, or is kept from somebody.
    pub reason: String,
}

/// The decision for this child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordDecision {
    /// Key of the kind.
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// "Decided here" or "Recommended to …".
    pub route: String,
    /// In the room's own words.
    pub what: String,
    /// The reason.
    pub why: Marked<String>,
    /// When the chair confirmed it; absent where they did not.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Who confirmed it.
    pub confirmed_by: Option<Named>,
    /// Where each stood.
    pub stances: Vec<RecordStance>,
    /// Present, asked, and silent: not agreement.
    pub unanswered: Vec<Named>,
    /// The children it was decided for together.
    pub children: BTreeSet<PersonId>,
    /// Who decided after the meeting, where the meeting did not.
    pub decided_after: Option<Named>,
    /// Confirmations of earlier wordings, in order.
    pub confirmed_before: Vec<RecordConfirmation>,
}
