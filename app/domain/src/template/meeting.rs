//! What a council's meetings ask for beside stages and decisions. Everything here is off or empty unless it is named.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What meetings ask for, and what is said in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MeetingRules {
    /// Whom to ring where a child is in danger now; said before anything else when somebody raises an urgent risk.
    pub urgent: String,
    /// Asked, for one line that may stay empty, of whoever keeps a part from somebody or shares it again.
    pub sharing: String,
    /// Questions answered with a number; none unless named.
    pub scales: Vec<Scale>,
    /// Where somebody who thinks otherwise takes it, one after the other.
    pub escalation: Vec<Escalation>,
    /// Dates that may follow from a decision: hints to check, never law.
    pub follows: Vec<Follows>,
    /// What the council shortens, and what it means.
    pub abbreviations: BTreeMap<String, String>,
    /// What each discipline is asked.
    pub prompts: Vec<Prompts>,
    /// Days until a family is usually discussed again.
    pub next_in_days: i64,
    /// Whether everybody is asked once a month, anonymously, if the right decisions were reached.
    pub asks_afterwards: bool,
    /// Whether options that were considered are written down beside a decision.
    pub options: bool,
    /// Whether "if … then …" is written down beside the next steps.
    pub contingency: bool,
}

impl Default for MeetingRules {
    fn default() -> Self {
        Self {
            urgent: "This does not tell the police or the duty team. If anyone is in danger, ring 999.".to_owned(),
            sharing: "Why? One line, if you like".to_owned(),
            scales: Vec::new(),
            escalation: Vec::new(),
            follows: Vec::new(),
            abbreviations: BTreeMap::new(),
            prompts: Vec::new(),
            next_in_days: 28,
            asks_afterwards: false,
            options: false,
            contingency: false,
        }
    }
}

/// One question answered with a number from 0 to 10.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Short name, kept in journals.
    pub key: String,
    /// The question.
    pub question: String,
    /// What 0 means.
    pub low: String,
    /// What 10 means.
    pub high: String,
    /// Whether it is asked for each child; else for the family.
    #[serde(default)]
    pub per_child: bool,
}

/// One place where a dissent is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// To whom, in words: "the service manager".
    pub to: String,
    /// Working days within which they answer.
    pub working_days: u32,
}

/// A date that may follow from a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Follows {
    /// The decision kind's key.
    pub kind: String,
    /// What is due: "the initial child protection conference, where section 47 enquiries start".
    pub what: String,
    /// Working days from the decision.
    #[serde(default)]
    pub working_days: u32,
    /// Weeks from the decision, where the source counts in weeks.
    #[serde(default)]
    pub weeks: u32,
    /// Where it is written.
    pub source: String,
}

/// What one discipline is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompts {
    /// The discipline's key.
    pub discipline: String,
    /// Each a question or a pointer.
    pub ask: Vec<String>,
}
