//! Options that were considered.

use super::{Decided, Decider, Event, Refusal, SlotId, short};
use crate::OptionId;
use crate::meeting::OptionDraft;

impl Decider<'_> {
    pub(super) fn consider_option(&self, id: SlotId, option: OptionId, draft: &OptionDraft) -> Decided {
        let slot = self.live(id)?;
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

    /// Nobody takes another's words away but those who run the meeting.
    pub(super) fn withdraw_option(&self, id: SlotId, option: OptionId) -> Decided {
        let existing = self.live(id)?.options.iter().find(|existing| existing.id == option).ok_or(Refusal::NotFound)?;
        self.self_or_runner(existing.by)?;
        Ok(vec![Event::OptionWithdrawn { slot: id, option }])
    }
}
