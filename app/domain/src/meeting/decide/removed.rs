//! What is taken off the table, and put back.

use super::{Decided, Decider, Event, Refusal, SlotId};
use crate::meeting::{Removable, Slot};

impl Decider<'_> {
    pub(super) fn remove(&self, id: SlotId, part: Removable) -> Decided {
        let slot = self.live(id)?;
        if !slot.holds(part) {
            return Err(Refusal::NotFound);
        }
        self.writer_or_runner(slot, part)?;
        Ok(vec![Event::Removed { slot: id, part }])
    }

    pub(super) fn bring_back(&self, id: SlotId, part: Removable) -> Decided {
        let slot = self.live(id)?;
        if slot.holds(part) {
            return Err(Refusal::Already);
        }
        if !slot.removed.holds(part) {
            return Err(Refusal::NotFound);
        }
        self.writer_or_runner(slot, part)?;
        if let Removable::Step(step) = part {
            self.refuse_step_of_earlier_wording(slot, step)?;
        }
        Ok(vec![Event::BroughtBack { slot: id, part }])
    }

    /// What is added has an id of its own: words under the id of what was removed would be taken for those.
    pub(super) fn is_new(slot: &Slot, part: Removable) -> Result<(), Refusal> {
        if slot.removed.holds(part) { Err(Refusal::Already) } else { Ok(()) }
    }

    /// Nobody takes another's words away but those who run the meeting.
    fn writer_or_runner(&self, slot: &Slot, part: Removable) -> Result<(), Refusal> {
        if self.room.may_remove(slot, part, self.me()) { Ok(()) } else { Err(Refusal::runners_only()) }
    }
}
