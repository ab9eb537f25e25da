//! Next steps.

use super::{Decided, Decider, Event, Owner, Refusal, SlotId, StepDraft, short};
use crate::meeting::Removable;

impl<'a> Decider<'a> {
    pub(super) fn step_draft(&self, id: SlotId, draft: &StepDraft) -> Result<StepDraft, Refusal> {
        let slot = self.live(id)?;
        let what = short("What", &draft.what, 500)?;
        if what.is_empty() {
            return Err(Refusal::empty("What", "Write what is to be done."));
        }
        if let Owner::Worker { worker } = draft.owner
            && !self.room.step_owners(slot).contains(&worker)
        {
            return Err(Refusal::Stranger);
        }
        if let Some(due) = draft.due.filter(|due| *due < self.room.held_on) {
            return Err(Refusal::Unusable(format!(
                "By when: {} is before this meeting. Give a day from today on.",
                crate::dates::plain_date(due)
            )));
        }
        if !draft.children.is_subset(&slot.children) {
            return Err(Refusal::NotTheirChild);
        }
        Ok(StepDraft {
            what,
            with: short("With", &draft.with, 200)?,
            measure: short("How we will know", &draft.measure, 500)?,
            ..draft.clone()
        })
    }

    pub(super) fn add_step(&self, id: SlotId, step: crate::StepId, draft: &StepDraft) -> Decided {
        let slot = self.live(id)?;
        Self::is_new(slot, Removable::Step(step))?;
        if slot.holds(Removable::Step(step)) {
            return Err(Refusal::Already);
        }
        let draft = self.step_draft(id, draft)?;
        Ok(vec![Event::StepAdded { slot: id, step, draft }])
    }

    pub(super) fn step(&self, slot: SlotId, step: crate::StepId) -> Result<&'a crate::meeting::Step, Refusal> {
        self.live(slot)?.steps.iter().find(|existing| existing.id == step).ok_or(Refusal::NotFound)
    }

    pub(super) fn change_step(&self, slot: SlotId, step: crate::StepId, base: u32, draft: &StepDraft) -> Decided {
        let current = self.step(slot, step)?;
        let draft = self.step_draft(slot, draft)?;
        if current.draft.content == draft {
            return Ok(Vec::new());
        }
        if current.revision != base {
            return Err(Refusal::Stale { now: current.draft.what.clone(), yours: draft.what });
        }
        Ok(vec![Event::StepChanged { slot, step, draft }])
    }
}
