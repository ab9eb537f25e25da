//! What is done if something happens.

use super::Slot;
use crate::mark::Marked;
use crate::{ContingencyId, PersonId, WorkerId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is said of a contingency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContingencyDraft {
    /// For which child; for all where absent.
    pub child: Option<PersonId>,
    /// If what happens; never empty.
    pub happens: String,
    /// What is done then, and by whom; never empty.
    pub then: String,
}

impl fmt::Display for ContingencyDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "If {}: {}", self.happens, self.then)
    }
}

/// A contingency on the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contingency {
    /// Its id.
    pub id: ContingencyId,
    /// What it says.
    pub draft: Marked<ContingencyDraft>,
    /// Who wrote it down.
    pub by: WorkerId,
}

impl Slot {
    /// Puts a contingency on the table, or words it anew under its mark.
    pub(super) fn agree_contingency(&mut self, id: ContingencyId, draft: ContingencyDraft, by: WorkerId) {
        match self.contingencies.iter_mut().find(|contingency| contingency.id == id) {
            Some(contingency) => contingency.draft.content = draft,
            None => self.contingencies.push(Contingency { id, draft: Marked::open(draft), by }),
        }
    }
}
