//! Urgent risk: at any moment of the meeting, by anyone who may read of the family.

use super::{Decided, Decider, Event, Refusal, SlotId, short};
use crate::RiskId;
use crate::policy::TeamManager;

impl Decider<'_> {
    pub(super) fn raise_risk(&self, id: SlotId, risk: RiskId, what: &str) -> Decided {
        self.not_closed()?;
        self.slot(id)?;
        let what = short("What is urgent", what, 500)?;
        if what.is_empty() {
            return Err(Refusal::empty("What is urgent", "Say in one line what the danger is."));
        }
        Ok(vec![Event::RiskRaised { slot: id, risk, what }])
    }

    /// By whoever runs the meeting or manages the team.
    pub(super) fn acknowledge_risk(&self, id: SlotId, risk: RiskId) -> Decided {
        self.not_closed()?;
        let slot = self.slot(id)?;
        if TeamManager::of(self.context.viewer, Some(self.room.team)).is_none() {
            self.runner()?;
        }
        if !slot.risks.iter().any(|existing| existing.id == risk) {
            return Err(Refusal::NotFound);
        }
        Ok(vec![Event::RiskAcknowledged { slot: id, risk }])
    }
}
