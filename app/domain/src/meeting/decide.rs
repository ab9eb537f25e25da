//! From a request to events, or to a named refusal. Never half.

mod bring_in;
mod contingencies;
mod conversation;
mod decision;
mod last_steps;
mod mark;
mod next_date;
mod options;
mod plan;
mod question;
mod removed;
mod risk;
mod scales;
mod short_break;
mod step;
mod text;

use super::refusal::{Moved, short};
use super::{
    Area, Attendance, Command, Context, Event, Member, Owner, Phase, Position, Refusal, Room, ScaleAnswer, Slot,
    StepDraft, Turn, Wording,
};
use crate::policy::{MeetingChair, MeetingRunner, TeamManager};
use crate::{DecisionId, PersonId, SlotId, WorkerId};
use std::collections::BTreeSet;

pub use plan::checked_plan;

type Decided = Result<Vec<Event>, Refusal>;

/// Decides one command against the room as it is.
///
/// # Errors
/// The named refusal; the room is unchanged then.
pub fn decide(room: &Room, command: &Command, context: Context<'_>) -> Decided {
    let decider = Decider { room, context };
    let mut events = decide_one(&decider, command)?;
    events.splice(..0, decider.ends_break(command));
    Ok(events)
}

fn decide_one(decider: &Decider<'_>, command: &Command) -> Decided {
    match command {
        Command::Replan { revision, plan } => decider.replan(*revision, plan),
        Command::Rearrange { slot, revision, change } => decider.rearrange(*slot, *revision, *change),
        Command::Open => decider.open(),
        Command::CallBreak { minutes } => decider.call_break(*minutes),
        Command::EndBreak => decider.end_break(),
        Command::Close => decider.close(),
        Command::Start { slot, seen, decision } => decider.start(*slot, *seen, *decision),
        Command::Pause { slot } => decider.clock(*slot, Event::Paused { slot: *slot }),
        Command::Resume { slot } => decider.clock(*slot, Event::Resumed { slot: *slot }),
        Command::Stage { slot, turn } => decider.stage(*slot, *turn),
        Command::Attend { slot, worker, how } => decider.attend(*slot, *worker, *how),
        Command::EverybodyHere { slot } => decider.everybody_here(*slot),
        Command::BringIn { slot, worker, why } => decider.bring_in(*slot, *worker, why),
        Command::TakeBackBringIn { slot, worker } => decider.take_back_bring_in(*slot, *worker),
        Command::HandOverChair { to } => decider.hand_over_chair(*to),
        Command::HandOverRecord { seen, to } => decider.hand_over_record(*seen, *to),
        Command::TakeOver { seen } => decider.take_over(*seen),
        Command::Type { slot, area, update, pen } => decider.type_in(*slot, *area, update, *pen),
        Command::Mark { slot, part, readers, not_in_copies_for, reason } => {
            decider.mark(*slot, *part, readers, not_in_copies_for, reason)
        }
        Command::MarkPassage { slot, area, passage, words, not_in_copies_for, reason } => {
            decider.mark_passage(*slot, *area, *passage, words, not_in_copies_for, reason)
        }
        Command::ReleasePassage { slot, area, passage } => decider.release_passage(*slot, *area, *passage),
        Command::Hide { slot } => decider.hide(*slot),
        Command::Show { slot } => decider.show(*slot),
        Command::Reveal { slot } => decider.reveal(*slot),
        Command::StandOut { slot, out } => decider.stand_out(*slot, *out),
        Command::Word { slot, decision, revision: base, wording } => decider.word(*slot, *decision, *base, wording),
        Command::Split { slot, child, decision } => decider.split(*slot, *child, *decision),
        Command::Join { slot, decision } => decider.join(*slot, *decision),
        Command::Stand { slot, decision, revision, worker, position, reason } => {
            decider.stand(*slot, *decision, *revision, *worker, *position, reason)
        }
        Command::AllAgree { slot, decision, revision, except, others } => {
            decider.all_agree(*slot, *decision, *revision, except, *others)
        }
        Command::Confirm { slot, decision, revision, then } => {
            let mut events = decider.confirm(*slot, *decision, *revision)?;
            match then.map(|turn| decider.stage(*slot, turn)) {
                // The decision is what was pressed for: it stands, wherever the room has gone.
                None | Some(Err(Refusal::Meanwhile(_) | Refusal::Already)) => {}
                Some(turned) => events.extend(turned?),
            }
            Ok(events)
        }
        Command::ConfirmAll { slot, revisions } => decider.confirm_all(*slot, revisions),
        Command::AddStep { slot, step, draft } => decider.add_step(*slot, *step, draft),
        Command::ChangeStep { slot, step, revision: base, draft } => decider.change_step(*slot, *step, *base, draft),
        Command::Remove { slot, part } => decider.remove(*slot, *part),
        Command::BringBack { slot, part } => decider.bring_back(*slot, *part),
        Command::AskQuestion { slot, question, seen } => decider.ask_question(*slot, question, seen),
        Command::AnswerLastStep { slot, step, became, due, word } => {
            decider.answer_last_step(*slot, *step, *became, *due, word)
        }
        Command::TakeBackAttendance { slot, worker, before } => decider.take_back_attendance(*slot, *worker, *before),
        Command::TakeBackLastStep { slot, step } => decider.take_back_last_step(*slot, *step),
        Command::AnswerScale { slot, scale, child, worker, answer, why } => {
            let (scale, why) = (scale.clone(), why.clone());
            decider.answer_scale(*slot, ScaleAnswer { scale, child: *child, worker: *worker, answer: *answer, why })
        }
        Command::RevealScales { slot } => decider.reveal_scales(*slot),
        Command::WordScales { slot, words } => decider.word_scales(*slot, words),
        Command::ConsiderOption { slot, option, draft } => decider.consider_option(*slot, *option, draft),
        Command::AgreeContingency { slot, contingency, draft } => decider.agree_contingency(*slot, *contingency, draft),
        Command::AgreeConversation { slot, conversation, draft } => {
            decider.agree_conversation(*slot, *conversation, draft)
        }
        Command::AgreeNextDate { slot, day, seen } => decider.agree_next_date(*slot, *day, *seen),
        Command::RaiseRisk { slot, risk, what } => decider.raise_risk(*slot, *risk, what),
        Command::AcknowledgeRisk { slot, risk } => decider.acknowledge_risk(*slot, *risk),
        Command::Finish { slot } => decider.finish(*slot),
        Command::Reopen { slot } => decider.reopen(*slot),
        Command::Postpone { slot } => decider.postpone(*slot),
    }
}

struct Decider<'a> {
    room: &'a Room,
    context: Context<'a>,
}

impl<'a> Decider<'a> {
    fn me(&self) -> WorkerId {
        self.context.viewer.worker
    }

    fn chair(&self) -> Result<(), Refusal> {
        MeetingChair::of(self.room, self.context.viewer).map(|_| ()).ok_or_else(Refusal::chair_only)
    }

    fn runner(&self) -> Result<(), Refusal> {
        MeetingRunner::of(self.room, self.context.viewer).map(|_| ()).ok_or_else(Refusal::runners_only)
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
        let allocated = slot.family.is_some_and(|family| self.context.viewer.families.contains(&family));
        self.room.takes_part(slot, self.me(), allocated) && !slot.locked_for(self.context.viewer)
    }

    /// A family's part that is not finished, of a meeting that is not closed: before the meeting as well as in it.
    fn not_finished(&self, id: SlotId) -> Result<&'a Slot, Refusal> {
        let slot = self.slot(id)?;
        if slot.progress.frozen() {
            return Err(Refusal::Frozen);
        }
        self.not_closed()?;
        if !self.takes_part(slot) {
            return Err(Refusal::NotYours { who: "the people working with this family".to_owned() });
        }
        Ok(slot)
    }

    /// The children of a family: those of the discussion once it has begun, before that those of today.
    fn children_of(&self, slot: &Slot) -> BTreeSet<PersonId> {
        if !slot.children.is_empty() {
            return slot.children.clone();
        }
        let children = slot.family.and_then(|family| self.context.surroundings.children.get(&family));
        children.cloned().unwrap_or_default()
    }

    fn of_this_family(slot: &Slot, child: Option<PersonId>) -> Result<(), Refusal> {
        if child.is_none_or(|child| slot.children.contains(&child)) { Ok(()) } else { Err(Refusal::NotTheirChild) }
    }

    fn member(&self, slot: SlotId, worker: WorkerId) -> Result<&'a Member, Refusal> {
        self.live(slot)?.members.get(&worker).ok_or(Refusal::Stranger)
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
        let mut events: Vec<Event> = unfinished.map(|slot| Event::Postponed { slot: slot.id }).collect();
        events.push(Event::Closed);
        Ok(events)
    }

    fn start(&self, id: SlotId, seen: Option<SlotId>, decision: DecisionId) -> Decided {
        let slot = self.slot(id)?;
        self.runner()?;
        self.is_open()?;
        if matches!(slot.progress, super::Progress::Finished { .. }) {
            return Err(Refusal::Frozen);
        }
        if self.room.current == Some(id) {
            return Err(Refusal::Already);
        }
        if self.room.current != seen {
            return Err(Refusal::Meanwhile(Moved::Family));
        }
        let family = slot.family.ok_or(Refusal::NotFound)?;
        let surroundings = self.context.surroundings;
        Ok(vec![Event::Started {
            slot: id,
            children: surroundings.children.get(&family).cloned().unwrap_or_default(),
            members: surroundings.members.get(&family).cloned().unwrap_or_default(),
            decision,
        }])
    }

    fn clock(&self, slot: SlotId, event: Event) -> Decided {
        self.live(slot)?;
        self.runner()?;
        Ok(vec![event])
    }

    fn stage(&self, slot: SlotId, turn: Turn) -> Decided {
        self.live(slot)?;
        self.runner()?;
        if turn.to >= self.room.template.stages.len() {
            return Err(Refusal::Unusable("There is no heading after the last.".to_owned()));
        }
        match self.slot(slot)?.progress.stage() {
            Some(now) if now == turn.to => Err(Refusal::Already),
            Some(now) if now != turn.seen => Err(Refusal::Meanwhile(Moved::Heading)),
            _ => Ok(vec![Event::StageReached { slot, stage: turn.to }]),
        }
    }

    /// Marks somebody. Words they sent are read in with it, unless something of theirs is there already.
    fn attend(&self, id: SlotId, worker: WorkerId, how: Attendance) -> Decided {
        self.member(id, worker)?;
        self.self_or_runner(worker)?;
        let mut events = vec![Event::Attended { slot: id, worker, how }];
        let area = Area::Analysis(worker);
        let written = self
            .slot(id)?
            .boxes
            .get(&area)
            .is_some_and(|text| text.mark.hidden_until_reveal || !text.prose.text().is_empty());
        if let (Attendance::SentWords, false, Some(update)) = (how, written, &self.context.surroundings.sent) {
            events.push(Event::ReadIn { slot: id, worker, update: update.clone() });
        }
        Ok(events)
    }

    /// Only the mark that is meant: another one may have come since.
    fn take_back_attendance(&self, id: SlotId, worker: WorkerId, before: Attendance) -> Decided {
        self.member(id, worker)?;
        self.self_or_runner(worker)?;
        let mark = self.slot(id)?.mark_before(worker);
        let meant = mark.is_some_and(|mark| mark.word() == before.word());
        if meant { Ok(vec![Event::AttendanceTakenBack { slot: id, worker }]) } else { Err(Refusal::Already) }
    }

    fn everybody_here(&self, id: SlotId) -> Decided {
        let slot = self.live(id)?;
        self.runner()?;
        // Whoever has said that they are away is not marked as there by one press for all.
        let away = &self.context.surroundings.away;
        let unmarked =
            slot.members.keys().filter(|worker| !slot.attendance.contains_key(worker) && !away.contains(worker));
        Ok(unmarked.map(|worker| Event::Attended { slot: id, worker: *worker, how: Attendance::Room }).collect())
    }

    /// Somebody who can take the chair or the record.
    fn worker(&self, worker: WorkerId) -> Result<(), Refusal> {
        if self.context.surroundings.workers.contains_key(&worker) { Ok(()) } else { Err(Refusal::Stranger) }
    }

    fn not_closed(&self) -> Result<(), Refusal> {
        if matches!(self.room.phase, Phase::Closed { .. }) { Err(Refusal::Closed) } else { Ok(()) }
    }

    fn hand_over_chair(&self, to: WorkerId) -> Decided {
        self.chair()?;
        self.not_closed()?;
        self.worker(to)?;
        if to == self.room.chair {
            return Err(Refusal::Already);
        }
        Ok(vec![Event::ChairChanged { to, taken: false }])
    }

    fn hand_over_record(&self, seen: Option<WorkerId>, to: Option<WorkerId>) -> Decided {
        self.runner()?;
        self.not_closed()?;
        if let Some(to) = to {
            self.worker(to)?;
        }
        // The chair who takes the record is one person in one seat.
        let to = to.filter(|to| *to != self.room.chair);
        if to == self.room.record_taker {
            return Err(Refusal::Already);
        }
        if seen != self.room.record_taker {
            return Err(Refusal::Meanwhile(Moved::RecordTaker));
        }
        Ok(vec![Event::RecordTakerChanged { to }])
    }

    fn take_over(&self, seen: WorkerId) -> Decided {
        if TeamManager::of(self.context.viewer, Some(self.room.team)).is_none() {
            return Err(Refusal::NotYours { who: "a manager of the team".to_owned() });
        }
        self.not_closed()?;
        if self.room.chair == self.me() {
            return Err(Refusal::Already);
        }
        if self.room.chair != seen {
            return Err(Refusal::Meanwhile(Moved::Chair));
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

    fn reopen(&self, id: SlotId) -> Decided {
        let slot = self.slot(id)?;
        self.chair()?;
        self.is_open()?;
        if !matches!(slot.progress, super::Progress::Finished { .. }) {
            return Err(Refusal::Already);
        }
        if self.context.surroundings.signed {
            let message = "A record of this family is signed, so it cannot be reopened. Add to the record instead.";
            return Err(Refusal::Unusable(message.to_owned()));
        }
        Ok(vec![Event::Reopened { slot: id }])
    }

    fn postpone(&self, id: SlotId) -> Decided {
        let slot = self.slot(id)?;
        self.chair()?;
        self.is_open()?;
        if slot.progress.frozen() {
            return Err(Refusal::Frozen);
        }
        Ok(vec![Event::Postponed { slot: id }])
    }
}
