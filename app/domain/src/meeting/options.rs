//! Options that were considered beside what is decided.

use super::Slot;
use crate::mark::Marked;
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
    pub draft: Marked<OptionDraft>,
    /// Who wrote it down.
    pub by: WorkerId,
}

impl Slot {
    /// Puts an option on the table, or words it anew under its mark.
    pub(super) fn consider(&mut self, id: OptionId, draft: OptionDraft, by: WorkerId) {
        match self.options.iter_mut().find(|option| option.id == id) {
            Some(option) => option.draft.content = draft,
            None => self.options.push(ConsideredOption { id, draft: Marked::open(draft), by }),
        }
    }
}
