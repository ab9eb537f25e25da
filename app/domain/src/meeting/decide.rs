//! From a request to events, or to a named refusal. Never half.

mod decision;
mod practice;
mod step;
mod text;

use super::refusal::short;
use super::{
    Area, Attendance, Command, Context, Event, Mark, Member, Owner, Phase, Plan, Position, Refusal, Room, Slot,
    StepDraft, Wording,
};
use crate::{DecisionId, FamilyId, PersonId, SlotId, WorkerId};
use std::collections::BTreeSet;

type Decided = Result<Vec<Event>, Refusal>;

/// Decides one command against the room as it is.
///
/// # Errors
/// The named refusal; the room is unchanged then.
pub fn decide(room: &Room, command: &Command, context: Context<'_>) -> Decided {
    let asked = Asked { room, context };
    match command {
        Command::Replan(plan) => asked.replan(plan),
        Command::Open => asked.open(),
        Command::Close => asked.close(),
        Command::Start(slot, decision) => asked.start(*slot, *decision),
        Command::Pause(slot) => asked.clock(*slot, Event::Paused { slot: *slot }),
        Command::Resume(slot) => asked.clock(*slot, Event::Resumed { slot: *slot }),
        Command::Stage(slot, stage) => asked.stage(*slot, *stage),
        Command::Attend(slot, worker, how) => asked.attend(*slot, *worker, *how),
        Command::EverybodyHere(slot) => asked.everybody_here(*slot),
        Command::BringIn(slot, worker, member) => asked.bring_in(*slot, *worker, member),
        Command::HandOverChair(to) => asked.hand_over_chair(*to),
        Command::HandOverRecord(to) => asked.hand_over_record(*to),
        Command::TakeOver => asked.take_over(),
        Command::Type(slot, area, update, pen) => asked.type_in(*slot, *area, update, *pen),
        Command::Mark(slot, area, mark) => asked.mark(*slot, *area, mark),
        Command::Seal(slot) => asked.seal(*slot),
        Command::Reveal(slot) => asked.reveal(*slot),
        Command::StandOut(slot, out) => asked.stand_out(*slot, *out),
        Command::Word(slot, decision, base, wording) => asked.word(*slot, *decision, *base, wording),
        Command::Split(slot, child, decision) => asked.split(*slot, *child, *decision),
        Command::Join(slot, decision) => asked.join(*slot, *decision),
        Command::Stand(slot, decision, revision, worker, position, reason) => {
            asked.stand(*slot, *decision, *revision, *worker, *position, reason)
        }
        Command::AllAgree(slot, decision, revision, except) => asked.all_agree(*slot, *decision, *revision, except),
        Command::Confirm(slot, decision, revision) => asked.confirm(*slot, *decision, *revision),
        Command::AddStep(slot, step, draft) => {
            let draft = asked.step_draft(*slot, draft)?;
            Ok(vec![Event::StepAdded { slot: *slot, step: *step, draft }])
        }
        Command::ChangeStep(slot, step, base, draft) => asked.change_step(*slot, *step, *base, draft),
        Command::RemoveStep(slot, step) => {
            asked.known_step(*slot, *step)?;
            Ok(vec![Event::StepRemoved { slot: *slot, step: *step }])
        }
        Command::Practise(slot, what) => asked.practise(*slot, what),
        Command::Finish(slot) => asked.finish(*slot),
        Command::Adjourn(slot) => asked.adjourn(*slot),
    }
}

struct Asked<'a> {
    room: &'a Room,
    context: Context<'a>,
}

impl<'a> Asked<'a> {
    fn me(&self) -> WorkerId {
        self.context.viewer.worker
    }

    fn chair(&self) -> Result<(), Refusal> {
        if self.room.chair == self.me() { Ok(()) } else { Err(Refusal::chair_only()) }
    }

    fn runner(&self) -> Result<(), Refusal> {
        if self.room.runs(self.me()) { Ok(()) } else { Err(Refusal::runners_only()) }
    }

    fn self_or_runner(&self, worker: WorkerId) -> Result<(), Refusal> {
        if worker == self.me() { Ok(()) } else { self.runner() }
    }

    fn is_open(&self) -> Result<(), Refusal> {
        match self.room.phase {
            Phase::Planned => Err(Refusal::NotOpen),
            Phase::Open { .. } => Ok(()),
            Phase::Closed { .. } => Err(Refusal::Closed),
        }
    }

    /// A slot the viewer may read.
    fn slot(&self, id: SlotId) -> Result<&'a Slot, Refusal> {
        self.room
            .slot(id)
            .filter(|slot| !self.context.viewer.projector && self.room.reads(self.context.viewer, slot))
            .ok_or(Refusal::NotFound)
    }

    /// A slot under discussion, in an open meeting, that the viewer takes part in.
    fn live(&self, id: SlotId) -> Result<&'a Slot, Refusal> {
        let slot = self.slot(id)?;
        if slot.progress.frozen() {
            return Err(Refusal::Frozen);
        }
        self.is_open()?;
        if !slot.progress.in_discussion() {
            return Err(Refusal::NotStarted);
        }
        if !self.takes_part(slot) {
            return Err(Refusal::NotYours { who: "the people working with this family".to_owned() });
        }
        Ok(slot)
    }

    fn takes_part(&self, slot: &Slot) -> bool {
        self.room.runs(self.me())
            || slot.members.contains_key(&self.me())
            || slot.family.is_some_and(|family| self.context.viewer.families.contains(&family))
    }

    fn member(&self, slot: SlotId, worker: WorkerId) -> Result<&'a Member, Refusal> {
        self.live(slot)?.members.get(&worker).ok_or(Refusal::Stranger)
    }

    fn replan(&self, plan: &Plan) -> Decided {
        if !self.room.runs(self.me()) && !self.context.viewer.manages.contains(&self.room.team) {
            return Err(Refusal::runners_only());
        }
        if let Phase::Closed { .. } = self.room.phase {
            return Err(Refusal::Closed);
        }
        let kept: BTreeSet<SlotId> = plan.slots.iter().map(|slot| slot.slot).collect();
        let begun = |slot: &&Slot| slot.progress != super::Progress::Waiting || !slot.boxes.is_empty();
        if self.room.slots.iter().filter(begun).any(|slot| !kept.contains(&slot.id)) {
            return Err(Refusal::Unusable(
                "A family that has been started or written about stays on the agenda. Adjourn it instead.".to_owned(),
            ));
        }
        // Adding a family opens it to whoever runs the meeting, so only who reads it already may add it.
        let viewer = self.context.viewer;
        let reads = |family: &FamilyId| viewer.families.contains(family) || viewer.serves(self.room.team);
        let added =
            plan.slots.iter().filter_map(|slot| slot.family).filter(|family| self.room.slot_of(*family).is_none());
        if added.into_iter().any(|family| !reads(&family)) {
            return Err(Refusal::NotYours { who: "people who may read the added family's workbook".to_owned() });
        }
        Ok(vec![Event::Replanned { plan: checked_plan(plan)? }])
    }

    fn open(&self) -> Decided {
        self.chair()?;
        match self.room.phase {
            Phase::Planned => Ok(vec![Event::Opened]),
            Phase::Open { .. } => Err(Refusal::Already),
            Phase::Closed { .. } => Err(Refusal::Closed),
        }
    }

    fn close(&self) -> Decided {
        self.chair()?;
        self.is_open()?;
        let unfinished = self.room.slots.iter().filter(|slot| !slot.progress.frozen());
        let mut events: Vec<Event> = unfinished.map(|slot| Event::Adjourned { slot: slot.id }).collect();
        events.push(Event::Closed);
        Ok(events)
    }

    fn start(&self, id: SlotId, decision: DecisionId) -> Decided {
        let slot = self.slot(id)?;
        self.runner()?;
        self.is_open()?;
        if matches!(slot.progress, super::Progress::Finished { .. }) {
            return Err(Refusal::Frozen);
        }
        if self.room.current == Some(id) {
            return Err(Refusal::Already);
        }
        let family = slot.family.ok_or(Refusal::NotFound)?;
        let facts = self.context.facts;
        Ok(vec![Event::Started {
            slot: id,
            children: facts.children.get(&family).cloned().unwrap_or_default(),
            members: facts.members.get(&family).cloned().unwrap_or_default(),
            decision,
        }])
    }

    fn clock(&self, slot: SlotId, event: Event) -> Decided {
        self.live(slot)?;
        self.runner()?;
        Ok(vec![event])
    }

    fn stage(&self, slot: SlotId, stage: usize) -> Decided {
        self.live(slot)?;
        self.runner()?;
        if stage >= self.room.template.stages.len() {
            return Err(Refusal::Unusable("There is no heading after the last.".to_owned()));
        }
        Ok(vec![Event::StageReached { slot, stage }])
    }

    /// Marks somebody. Words they sent are read in with it, unless something of theirs is there already.
    fn attend(&self, id: SlotId, worker: WorkerId, how: Attendance) -> Decided {
        self.member(id, worker)?;
        self.self_or_runner(worker)?;
        let mut events = vec![Event::Attended { slot: id, worker, how }];
        let area = Area::Analysis(worker);
        let written = self.slot(id)?.boxes.get(&area).is_some_and(|text| text.sealed || !text.prose.text().is_empty());
        if let (Attendance::SentWords, false, Some(update)) = (how, written, &self.context.facts.sent) {
            events.push(Event::ReadIn { slot: id, worker, update: update.clone() });
        }
        Ok(events)
    }

    fn everybody_here(&self, id: SlotId) -> Decided {
        let slot = self.live(id)?;
        self.runner()?;
        // Whoever has said that they are away is not marked as there by one press for all.
        let away = &self.context.facts.away;
        let unmarked =
            slot.members.keys().filter(|worker| !slot.attendance.contains_key(worker) && !away.contains(worker));
        Ok(unmarked.map(|worker| Event::Attended { slot: id, worker: *worker, how: Attendance::Room }).collect())
    }

    fn bring_in(&self, id: SlotId, worker: WorkerId, member: &Member) -> Decided {
        let slot = self.slot(id)?;
        self.chair()?;
        self.is_open()?;
        if slot.progress.frozen() {
            return Err(Refusal::Frozen);
        }
        if slot.members.contains_key(&worker) {
            return Err(Refusal::Already);
        }
        let discipline = self.context.facts.workers.get(&worker).ok_or(Refusal::Stranger)?.clone();
        let why = short("Why", member.brought_in.as_deref().unwrap_or_default(), 300)?;
        if why.is_empty() {
            return Err(Refusal::empty("Why", "Write a line on why this person is needed; it stands in the record."));
        }
        Ok(vec![Event::BroughtIn { slot: id, worker, member: Member { discipline, brought_in: Some(why) } }])
    }

    fn known_worker(&self, worker: WorkerId) -> Result<(), Refusal> {
        if self.context.facts.workers.contains_key(&worker) { Ok(()) } else { Err(Refusal::Stranger) }
    }

    fn not_closed(&self) -> Result<(), Refusal> {
        if matches!(self.room.phase, Phase::Closed { .. }) { Err(Refusal::Closed) } else { Ok(()) }
    }

    fn hand_over_chair(&self, to: WorkerId) -> Decided {
        self.chair()?;
        self.not_closed()?;
        self.known_worker(to)?;
        if to == self.room.chair {
            return Err(Refusal::Already);
        }
        Ok(vec![Event::ChairChanged { to, taken: false }])
    }

    fn hand_over_record(&self, to: Option<WorkerId>) -> Decided {
        self.runner()?;
        self.not_closed()?;
        if let Some(to) = to {
            self.known_worker(to)?;
        }
        // The chair who takes the record is one person in one seat.
        let to = to.filter(|to| *to != self.room.chair);
        if to == self.room.record_taker {
            return Err(Refusal::Already);
        }
        Ok(vec![Event::RecordTakerChanged { to }])
    }

    fn take_over(&self) -> Decided {
        if !self.context.viewer.manages.contains(&self.room.team) {
            return Err(Refusal::NotYours { who: "a manager of the team".to_owned() });
        }
        self.not_closed()?;
        if self.room.chair == self.me() {
            return Err(Refusal::Already);
        }
        Ok(vec![Event::ChairChanged { to: self.me(), taken: true }])
    }

    fn finish(&self, id: SlotId) -> Decided {
        let slot = self.slot(id)?;
        self.chair()?;
        self.live(id)?;
        debug_assert!(slot.family.is_some(), "a readable slot names its family");
        Ok(vec![Event::Finished { slot: id }])
    }

    fn adjourn(&self, id: SlotId) -> Decided {
        let slot = self.slot(id)?;
        self.chair()?;
        self.is_open()?;
        if slot.progress.frozen() {
            return Err(Refusal::Frozen);
        }
        Ok(vec![Event::Adjourned { slot: id }])
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
