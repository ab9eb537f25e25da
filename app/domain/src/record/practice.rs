//! What the record keeps of the practice beside analysis and decision. No number that anybody gave is part of it.

use super::{Names, name_of};
use crate::PersonId;
use crate::meeting::{Became, Risk, Slot};
use crate::record::Named;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The practice in one child's record; what was not used is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PracticeRecord {
    /// The question for that day.
    pub question: String,
    /// The child's life now (Markdown).
    pub life: String,
    /// What became of steps agreed earlier.
    pub last_steps: Vec<Said>,
    /// What the chair wrote of the scales.
    pub spread: String,
    /// Options that were considered for this child.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub considered: Vec<String>,
    /// What is done if something happens.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contingencies: Vec<IfThen>,
    /// Conversations to take back to the family.
    pub conversations: Vec<Conversed>,
    /// When the family is discussed next.
    pub next_on: Option<NaiveDate>,
    /// Urgent risks that were raised in the meeting.
    pub risks: Vec<Raised>,
    /// Headings of the meeting under which nothing was said of this child.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unused: Vec<String>,
}

/// What was said of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// What it said.
    pub what: String,
    /// What became of it.
    pub became: Became,
    /// A word why.
    pub word: String,
}

/// A conversation to take back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversed {
    /// Who has it.
    #[serde(flatten)]
    pub who: Named,
    /// With whom.
    pub with: String,
    /// "engage", "focus", "evoke" or "plan"; may be empty.
    pub process: String,
    /// What they explore.
    pub explore: String,
    /// In the parent's own words.
    pub own_words: String,
    /// The parent's own number, with the day and their words.
    pub own_number: String,
}

/// What is done if something happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IfThen {
    /// If what happens.
    pub happens: String,
    /// What is done then.
    pub then: String,
}

impl fmt::Display for IfThen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "If {}: {}", self.happens, self.then)
    }
}

/// An urgent risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raised {
    /// Who raised it.
    #[serde(flatten)]
    pub who: Named,
    /// When.
    pub at: DateTime<Utc>,
    /// In one line.
    pub what: String,
    /// Who acknowledged it, and when.
    pub heard: Option<(String, DateTime<Utc>)>,
}

impl PracticeRecord {
    /// Whether none of it was used.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Urgent risks in the record's words.
    #[must_use]
    pub fn risks(slot: &Slot, names: &Names) -> Vec<Raised> {
        let raised = |risk: &Risk| Raised {
            who: name_of(names, risk.by),
            at: risk.at,
            what: risk.what.clone(),
            heard: risk.acknowledged.map(|(who, at)| (name_of(names, who).name, at)),
        };
        slot.risks.iter().map(raised).collect()
    }

    /// Drafts it for a child; `life` is the text of their own box.
    pub(super) fn draft(slot: &Slot, child: PersonId, life: String, names: &Names) -> Self {
        let theirs = |of: &Option<PersonId>| of.is_none_or(|of| of == child);
        Self {
            question: slot.question.clone(),
            life,
            last_steps: slot
                .last_steps
                .iter()
                .filter(|said| said.children.is_empty() || said.children.contains(&child))
                .map(|said| Said { what: said.what.clone(), became: said.became, word: said.word.clone() })
                .collect(),
            spread: slot.scales.words.clone(),
            considered: slot
                .options
                .iter()
                .filter(|option| theirs(&option.draft.child))
                .map(|option| option.draft.what.clone())
                .collect(),
            contingencies: slot
                .contingencies
                .iter()
                .map(|known| &known.draft)
                .filter(|known| theirs(&known.child))
                .map(|known| IfThen { happens: known.happens.clone(), then: known.then.clone() })
                .collect(),
            conversations: slot
                .conversations
                .iter()
                .map(|known| &known.draft)
                .map(|known| Conversed {
                    who: name_of(names, known.worker),
                    with: known.with.clone(),
                    process: known.process.map(|process| process.word().to_owned()).unwrap_or_default(),
                    explore: known.explore.clone(),
                    own_words: known.own_words.clone(),
                    own_number: known.own_number.clone(),
                })
                .collect(),
            next_on: slot.next_date,
            risks: Self::risks(slot, names),
            unused: Vec::new(),
        }
    }
}
