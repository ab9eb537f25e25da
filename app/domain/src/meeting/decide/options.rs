//! Options that were considered.

use super::{Decided, Decider, Event, Refusal, SlotId, short};
use crate::OptionId;
use crate::meeting::{OptionDraft, Removable};

impl Decider<'_> {
    pub(super) fn consider_option(&self, id: SlotId, option: OptionId, draft: &OptionDraft) -> Decided {
        let slot = self.live(id)?;
        Self::is_new(slot, Removable::Option(option))?;
        Self::of_this_family(slot, draft.child)?;
        if let Some(existing) = slot.options.iter().find(|existing| existing.id == option) {
            self.self_or_runner(existing.by)?;
        }
        let what = short("The option", &draft.what, 500)?;
        if what.is_empty() {
            return Err(Refusal::empty("The option", "One line on what else could be done."));
        }
        Ok(vec![Event::OptionConsidered { slot: id, option, draft: OptionDraft { what, ..draft.clone() } }])
    }
}
