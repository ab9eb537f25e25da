//! What became of the steps agreed in earlier meetings.

use super::Slot;
use crate::{StepId, WorkerId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What became of a step agreed earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// Done.
    Done,
    /// Not done; it stays open.
    NotDone,
    /// It goes on to next month.
    Carried,
    /// It is not needed any more; why is said.
    Dropped,
}

impl Became {
    /// All of them, in the order people choose from.
    pub const ALL: [Self; 4] = [Self::Done, Self::NotDone, Self::Carried, Self::Dropped];

    /// The form's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotDone => "not_done",
            Self::Carried => "carried",
            Self::Dropped => "dropped",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Done => "Done",
            Self::NotDone => "Not done",
            Self::Carried => "Carry on",
            Self::Dropped => "Not needed any more",
        }
    }

    /// From a form's word.
    #[must_use]
    pub fn chosen(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|became| became.word() == word)
    }
}

/// What the meeting said of one step agreed earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastStep {
    /// Which.
    pub step: StepId,
    /// The step's own words, as the family's workbook has them.
    pub what: String,
    /// The children the step was agreed for; empty means all.
    pub children: std::collections::BTreeSet<crate::PersonId>,
    /// What became of it.
    pub became: Became,
    /// By when it is done now, where it goes on.
    pub due: Option<NaiveDate>,
    /// A word why. May be empty, except for a dropped step.
    pub word: String,
    /// Who was to do it, as the family's workbook has it.
    pub owner: Option<WorkerId>,
    /// Who noted it.
    pub noted_by: WorkerId,
}

impl Slot {
    pub(super) fn answer_last_step(&mut self, answer: &LastStep) {
        self.last_steps.retain(|previous| previous.step != answer.step);
        self.last_steps.push(answer.clone());
    }
}
