//! Options that were considered beside what is decided.

use super::Slot;
use crate::{OptionId, PersonId, WorkerId};
use serde::{Deserialize, Serialize};

/// What is said of an option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionDraft {
    /// For which child; for all where absent.
    pub child: Option<PersonId>,
    /// What, and what speaks for it and against it; never empty.
    pub what: String,
}

/// An option on the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsideredOption {
    /// Its id.
    pub id: OptionId,
    /// What it says.
    pub draft: OptionDraft,
    /// Who wrote it down.
    pub by: WorkerId,
}

impl Slot {
    pub(super) fn consider(&mut self, option: ConsideredOption) {
        match self.options.iter_mut().find(|known| known.id == option.id) {
            Some(known) => *known = option,
            None => self.options.push(option),
        }
    }
}
