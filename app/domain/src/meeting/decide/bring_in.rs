//! Bringing somebody in who does not work with the family: a colleague for today, or a guest from outside.

use super::{Decided, Decider, Event, Member, Refusal, Slot, SlotId, short};
use crate::WorkerId;
use crate::policy::MeetingPlanner;

impl Decider<'_> {
    /// The chair brings in a colleague while the meeting is open. A guest from outside is invited before it as well, by whoever
    /// plans it: they need a code to get in.
    pub(super) fn bring_in(&self, id: SlotId, worker: WorkerId, why: &str) -> Decided {
        let discipline = self.context.surroundings.workers.get(&worker).ok_or(Refusal::Stranger)?.clone();
        let member = Member { discipline, brought_in: None };
        let slot = self.may_bring_in(id, &member)?;
        if !member.is_guest() {
            self.is_open()?;
        }
        if slot.members.contains_key(&worker) {
            return Err(Refusal::Already);
        }
        let why = short("Why", why, 300)?;
        if why.is_empty() {
            return Err(Refusal::empty("Why", "Write a line on why this person is needed; it stands in the record."));
        }
        Ok(vec![Event::BroughtIn { slot: id, worker, member: Member { brought_in: Some(why), ..member } }])
    }

    /// Only of somebody whom the discussion says nothing of yet: the record does not lose who took part.
    pub(super) fn take_back_bring_in(&self, id: SlotId, worker: WorkerId) -> Decided {
        let member = self.slot(id)?.members.get(&worker).filter(|member| member.brought_in.is_some());
        let slot = self.may_bring_in(id, member.ok_or(Refusal::Stranger)?)?;
        if slot.tells_of(worker) {
            let why = "They have taken part in this discussion. Mark under Attendance that they left instead.";
            return Err(Refusal::Unusable(why.to_owned()));
        }
        Ok(vec![Event::BringInTakenBack { slot: id, worker }])
    }

    fn may_bring_in(&self, id: SlotId, member: &Member) -> Result<&Slot, Refusal> {
        let slot = self.slot(id)?;
        if member.is_guest() {
            let planner = MeetingPlanner::of(self.room, self.context.viewer);
            planner.ok_or_else(|| Refusal::NotYours { who: "whoever plans or runs the meeting".to_owned() })?;
        } else {
            self.chair()?;
        }
        self.not_closed()?;
        if slot.progress.frozen() { Err(Refusal::Frozen) } else { Ok(slot) }
    }
}
