//! Next steps: who does what by when.

use super::Slot;
use crate::mark::Marked;
use crate::{PersonId, StepId, WorkerId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who owns a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// To be agreed.
    Nobody,
    /// A worker of this family.
    Worker {
        /// Who.
        worker: WorkerId,
    },
}

impl Owner {
    /// The worker, where there is one.
    #[must_use]
    pub const fn worker(self) -> Option<WorkerId> {
        match self {
            Self::Nobody => None,
            Self::Worker { worker } => Some(worker),
        }
    }
}

/// What is said of a step when it is added or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepDraft {
    /// What is to be done; never empty.
    pub what: String,
    /// Who does it.
    pub owner: Owner,
    /// With whom: a school, a GP, a family member. May be empty.
    #[serde(default)]
    pub with: String,
    /// By when.
    pub due: Option<NaiveDate>,
    /// For which children; empty means all.
    #[serde(default)]
    pub children: BTreeSet<PersonId>,
    /// How we will know. May be empty.
    #[serde(default)]
    pub measure: String,
}

/// A step on the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its id, the same in the workbook and in the owner's list.
    pub id: StepId,
    /// What it says.
    pub draft: Marked<StepDraft>,
    /// Counts the changes, from 1.
    pub revision: u32,
}

impl Slot {
    /// Puts a step on the table. A decision's first step that was removed comes again under the mark that it had.
    pub(super) fn add_step(&mut self, id: StepId, draft: StepDraft) {
        let removed = self.removed.steps.iter().position(|step| step.id == id);
        let mark = removed.map(|at| self.removed.steps.remove(at).draft.mark).unwrap_or_default();
        self.steps.push(Step { id, draft: Marked { content: draft, mark }, revision: 1 });
    }
}
