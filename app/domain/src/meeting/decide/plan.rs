//! Date, place and agenda.

use super::{Decided, Decider, Event, Refusal, Slot, SlotId, short};
use crate::FamilyId;
use crate::meeting::{AgendaChange, Phase, Plan, Progress};
use crate::policy::TeamManager;
use std::collections::BTreeSet;

/// Minutes that one press adds.
const MORE_MINUTES: u32 = 10;

impl Decider<'_> {
    pub(super) fn replan(&self, revision: u32, plan: &Plan) -> Decided {
        if TeamManager::of(self.context.viewer, Some(self.room.team)).is_none() {
            self.runner()?;
        }
        if let Phase::Closed { .. } = self.room.phase {
            return Err(Refusal::Closed);
        }
        self.plan_unchanged(revision, plan)?;
        let kept: BTreeSet<SlotId> = plan.slots.iter().map(|slot| slot.slot).collect();
        let begun = |slot: &&Slot| slot.progress != Progress::Waiting || !slot.boxes.is_empty();
        if self.room.slots.iter().filter(begun).any(|slot| !kept.contains(&slot.id)) {
            return Err(Refusal::Unusable(
                "A family that has been started or written about stays on the agenda. Postpone it instead.".to_owned(),
            ));
        }
        // Adding a family opens it to whoever runs the meeting, so only who reads it already may add it.
        let viewer = self.context.viewer;
        let reads = |family: &FamilyId| viewer.sees_family(*family, Some(self.room.team));
        let added =
            plan.slots.iter().filter_map(|slot| slot.family).filter(|family| self.room.slot_of(*family).is_none());
        if added.into_iter().any(|family| !reads(&family)) {
            return Err(Refusal::NotYours { who: "people who may read the added family's workbook".to_owned() });
        }
        Ok(vec![Event::Replanned { plan: checked_plan(plan)? }])
    }

    /// One press on the agenda, on the plan its sender saw.
    pub(super) fn rearrange(&self, id: SlotId, revision: u32, change: AgendaChange) -> Decided {
        self.runner()?;
        if self.room.slot(id).is_some_and(|slot| slot.locked_for(self.context.viewer)) {
            return Err(Refusal::NotFound);
        }
        // In a meeting it stays on the agenda as postponed, so that the minutes say that it was not reached.
        if change == AgendaChange::Postpone && self.room.is_open() {
            return match self.slot(id)?.progress {
                Progress::Waiting => Ok(vec![Event::Postponed { slot: id }]),
                Progress::InDiscussion { .. } => Err(Refusal::Unusable(
                    "This family has been started. Press “Postpone this family” under More instead.".to_owned(),
                )),
                Progress::Finished { .. } | Progress::Postponed { .. } => Err(Refusal::Frozen),
            };
        }
        let mut plan = self.room.plan();
        let at = plan.slots.iter().position(|slot| slot.slot == id).ok_or(Refusal::NotFound)?;
        match change {
            AgendaChange::Later if at + 1 < plan.slots.len() => plan.slots.swap(at, at + 1),
            // Nothing is later than the last.
            AgendaChange::Later => return self.plan_unchanged(revision, &plan).map(|()| Vec::new()),
            AgendaChange::Postpone => drop(plan.slots.remove(at)),
            AgendaChange::MoreTime => plan.slots[at].minutes += MORE_MINUTES,
        }
        self.replan(revision, &plan)
    }

    /// Whether nobody changed the plan since its sender saw it; both orders are shown where somebody did.
    fn plan_unchanged(&self, revision: u32, yours: &Plan) -> Result<(), Refusal> {
        if self.room.plan_revision == revision {
            return Ok(());
        }
        Err(Refusal::Stale { now: self.agenda_words(&self.room.plan()), yours: self.agenda_words(yours) })
    }

    /// "FS-3012 (45 min), another family (30 min)".
    fn agenda_words(&self, plan: &Plan) -> String {
        let references = &self.context.surroundings.references;
        let words = plan.slots.iter().map(|slot| {
            let reference = slot.family.and_then(|family| references.get(&family));
            format!("{} ({} min)", reference.map_or("another family", String::as_str), slot.minutes)
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

/// Checks a plan: at least one family, none twice, minutes that make sense.
///
/// # Errors
/// What is wrong, naming the field.
pub fn checked_plan(plan: &Plan) -> Result<Plan, Refusal> {
    let families: Vec<FamilyId> = plan.slots.iter().filter_map(|slot| slot.family).collect();
    if families.is_empty() || families.len() != plan.slots.len() {
        return Err(Refusal::empty("Families", "Tick at least one family."));
    }
    if families.len() > 40 {
        return Err(Refusal::Unusable(format!("{} families do not fit one meeting; 40 do.", families.len())));
    }
    let distinct: BTreeSet<FamilyId> = families.iter().copied().collect();
    if distinct.len() != families.len() {
        return Err(Refusal::Unusable("A family stands on the agenda twice. Take one away.".to_owned()));
    }
    if let Some(slot) = plan.slots.iter().find(|slot| !(5..=240).contains(&slot.minutes)) {
        return Err(Refusal::Unusable(format!("{} minutes for one family: between 5 and 240 fit.", slot.minutes)));
    }
    if !(15..=720).contains(&plan.booked) {
        return Err(Refusal::Unusable(format!("A meeting of {} minutes: between 15 and 720 fit.", plan.booked)));
    }
    Ok(Plan { place: short("Place or link", &plan.place, 300)?, ..plan.clone() })
}
