//! Words in a box, and what is hidden until the reveal.

use super::{Area, Decided, Decider, Event, Refusal, Slot, SlotId};

impl<'a> Decider<'a> {
    /// A box the viewer may write in. Words may be sent before the family's turn.
    pub(super) fn writable(&self, id: SlotId, area: Area) -> Result<&'a Slot, Refusal> {
        let slot = self.not_finished(id)?;
        match area {
            Area::Analysis(owner) if owner == self.me() => {}
            Area::Analysis(owner) => {
                self.runner()?;
                if !slot.members.contains_key(&owner) {
                    return Err(Refusal::Stranger);
                }
            }
            Area::Meaning(child) | Area::Life(child) if slot.children.contains(&child) => {}
            Area::Meaning(_) | Area::Life(_) if slot.children.is_empty() => return Err(Refusal::NotStarted),
            Area::Meaning(_) | Area::Life(_) => return Err(Refusal::NotTheirChild),
        }
        if slot.boxes.get(&area).is_some_and(|text| text.damaged) {
            return Err(Refusal::Unusable(
                "Part of this box cannot be read, so nothing can be added to it. Write in another box, and ask your technician to run \"caseround doctor\"."
                    .to_owned(),
            ));
        }
        if slot.boxes.get(&area).is_some_and(|text| !text.readable_by(area, self.me())) {
            return Err(Refusal::NotYours { who: "the writer of this box and the people it is kept for".to_owned() });
        }
        Ok(slot)
    }

    pub(super) fn type_in(&self, id: SlotId, area: Area, update: &[u8], pen: u64) -> Decided {
        let slot = self.writable(id, area)?;
        let checked = match slot.boxes.get(&area) {
            Some(text) => text.prose.check(update, pen),
            None => crate::prose::Prose::new().check(update, pen),
        };
        checked.map(drop).map_err(Refusal::Text)?;
        Ok(vec![Event::Typed { slot: id, area, update: update.to_vec() }])
    }

    /// One's own box is sealed by its writer only; nobody else reads it, the chair no more than others.
    pub(super) fn hide(&self, id: SlotId) -> Decided {
        let area = Area::Analysis(self.me());
        let slot = self.writable(id, area)?;
        if slot.boxes.get(&area).is_some_and(|text| text.mark.hidden_until_reveal) {
            return Err(Refusal::Already);
        }
        Ok(vec![Event::Hidden { slot: id, area }])
    }

    /// Whoever hid their words may give them to everybody before the chair does.
    pub(super) fn show(&self, id: SlotId) -> Decided {
        let area = Area::Analysis(self.me());
        let slot = self.writable(id, area)?;
        if slot.boxes.get(&area).is_some_and(|text| text.mark.hidden_until_reveal) {
            Ok(vec![Event::Shown { slot: id, area }])
        } else {
            Err(Refusal::Already)
        }
    }

    pub(super) fn reveal(&self, id: SlotId) -> Decided {
        let slot = self.live(id)?;
        self.chair()?;
        if slot.boxes.values().any(|text| text.mark.hidden_until_reveal) {
            Ok(vec![Event::Revealed { slot: id }])
        } else {
            Err(Refusal::Already)
        }
    }

    /// Who stands out sees nothing of the family until they come back; that they come back is theirs to say.
    pub(super) fn stand_out(&self, id: SlotId, out: bool) -> Decided {
        let me = self.me();
        let slot = self.room.slot(id).filter(|_| !self.context.viewer.projector).ok_or(Refusal::NotFound)?;
        // Who stood out when it was finished or put off has stood out of it to its end.
        if slot.progress.frozen() && (slot.stands_out(me) || self.room.reads(self.context.viewer, slot)) {
            return Err(Refusal::Frozen);
        }
        if slot.stands_out(me) == out {
            return Err(if out || slot.stands_out(me) { Refusal::Already } else { Refusal::NotFound });
        }
        if out {
            let slot = self.slot(id)?;
            if self.room.runs(me) {
                return Err(Refusal::Unusable(
                    "Whoever chairs or takes the record hands that over first, then steps out.".to_owned(),
                ));
            }
            if !self.takes_part(slot) {
                return Err(Refusal::NotYours { who: "the people working with this family".to_owned() });
            }
        }
        self.not_closed()?;
        Ok(vec![Event::StoodOut { slot: id, worker: me, out }])
    }
}
