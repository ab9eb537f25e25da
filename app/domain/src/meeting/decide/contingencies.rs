//! What is done if something happens.

use super::{Decided, Decider, Event, Refusal, SlotId, short};
use crate::ContingencyId;
use crate::meeting::{ContingencyDraft, Removable};

impl Decider<'_> {
    pub(super) fn agree_contingency(
        &self, id: SlotId, contingency: ContingencyId, draft: &ContingencyDraft,
    ) -> Decided {
        let slot = self.live(id)?;
        Self::is_new(slot, Removable::Contingency(contingency))?;
        Self::of_this_family(slot, draft.child)?;
        if let Some(existing) = slot.contingencies.iter().find(|existing| existing.id == contingency) {
            self.self_or_runner(existing.by)?;
        }
        let (happens, then) = (short("If", &draft.happens, 300)?, short("Then", &draft.then, 300)?);
        if happens.is_empty() || then.is_empty() {
            return Err(Refusal::empty("If … then …", "Say both what might happen and what is done then."));
        }
        let draft = ContingencyDraft { happens, then, ..draft.clone() };
        Ok(vec![Event::ContingencyAgreed { slot: id, contingency, draft }])
    }
}
