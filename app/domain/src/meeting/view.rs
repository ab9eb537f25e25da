//! Who sees what. The law, tested at every sequence for every viewer: folding the projected events
//! gives the viewer's view of the folded room.

use super::{
    BoxText, ConsideredOption, Contingency, Conversation, Entry, Event, MeetingPart, Removable, Removed, Room, Scales,
    Slot, Step,
};
use crate::mark::{Mark, Marked, Own};
use crate::viewer::Viewer;
use crate::{SlotId, WorkerId};
use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

/// What a viewer's stream carries for the events since its cursor.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// What may be seen changed by one of them: a fresh view, and none of the events.
    View,
    /// All the events as they are.
    AsTheyAre,
    /// The events as this viewer sees them, in their order.
    Entries(Vec<Entry<Event>>),
}

/// What this viewer is sent for `entries` together. `room` is the room with all of them applied.
#[must_use]
pub fn news<E: Borrow<Entry<Event>>>(entries: &[E], room: &Room, viewer: &Viewer) -> News {
    let seen: Vec<Visibility> = entries.iter().map(|entry| visibility(entry.borrow(), room, viewer)).collect();
    if seen.contains(&Visibility::Refresh) {
        return News::View;
    }
    if seen.iter().all(|seen| *seen == Visibility::Pass) {
        return News::AsTheyAre;
    }
    let seen = entries.iter().zip(seen).filter_map(|(entry, seen)| match seen {
        Visibility::Pass => Some(entry.borrow().clone()),
        Visibility::PassAs(event) => Some(Entry { event: *event, ..*entry.borrow() }),
        Visibility::Hide | Visibility::Refresh => None,
    });
    News::Entries(seen.collect())
}

/// The room as this viewer may see it.
#[must_use]
pub fn view(room: &Room, viewer: &Viewer) -> Room {
    let slots = room
        .slots
        .iter()
        .map(|slot| if room.reads(viewer, slot) { readable(room, slot, viewer) } else { closed(slot, viewer) })
        .collect();
    Room { slots, put_off: BTreeSet::new(), ..room.clone() }
}

/// What one viewer sees of one event.
#[derive(Debug, Clone, PartialEq)]
enum Visibility {
    /// The event as it is.
    Pass,
    /// The event without what this viewer may not see.
    PassAs(Box<Event>),
    /// Nothing.
    Hide,
    /// What may be seen changes by it: a fresh view follows.
    Refresh,
}

/// What this viewer sees of one event. `room` is the room with the event already applied, and perhaps later ones.
fn visibility(entry: &Entry<Event>, room: &Room, viewer: &Viewer) -> Visibility {
    let read = |slot: &SlotId| room.slot(*slot).filter(|slot| room.reads(viewer, slot));
    let pass_if_read = |slot: &SlotId| read(slot).map_or(Visibility::Hide, |_| Visibility::Pass);
    let refresh_if_read = |slot: &SlotId| read(slot).map_or(Visibility::Hide, |_| Visibility::Refresh);
    // The events of one commit are sent together and checked against the room as it stands after the last of them.
    let reads_existing =
        |slot: &Slot, part: MeetingPart| slot.mark_of(part).is_some() && reads_part(slot, part, viewer);
    // Words that a later event replaced are not sent under the mark of those that stand there now.
    let pass_if_part = |slot: &SlotId, part: MeetingPart, stands: &dyn Fn(&Slot) -> bool| match read(slot) {
        Some(slot) if reads_existing(slot, part) && stands(slot) => Visibility::Pass,
        Some(slot) if reads_existing(slot, part) => Visibility::Refresh,
        _ => Visibility::Hide,
    };
    match &entry.event {
        Event::Planned { .. }
        | Event::Replanned { .. }
        | Event::ChairChanged { .. }
        | Event::RecordTakerChanged { .. } => Visibility::Refresh,
        // Opened days after it was planned for, it is open to its chair again.
        Event::Opened if viewer.after_the_next_day(room.held_on) => Visibility::Refresh,
        Event::Opened | Event::BreakCalled { .. } | Event::BreakEnded => Visibility::Pass,
        Event::Closed if room.slots.iter().any(|slot| room.keeps_own(viewer, slot)) => Visibility::Refresh,
        // These move what stands on the wall.
        Event::Closed | Event::Finished { .. } | Event::Reopened { .. } | Event::Postponed { .. }
            if viewer.projector =>
        {
            Visibility::Refresh
        }
        // A guest reads a discussion while it lasts.
        Event::Started { slot, .. }
        | Event::Finished { slot }
        | Event::Reopened { slot }
        | Event::Postponed { slot }
            if room.slot(*slot).is_some_and(|slot| slot.is_guest(viewer.worker)) =>
        {
            Visibility::Refresh
        }
        Event::Closed | Event::Finished { .. } | Event::Reopened { .. } | Event::Postponed { .. } => Visibility::Pass,
        Event::Paused { .. } | Event::Resumed { .. } | Event::StageReached { .. } => Visibility::Pass,
        Event::Started { slot, .. } if viewer.projector || read(slot).is_none() => Visibility::Refresh,
        Event::Started { .. } => Visibility::Pass,
        Event::StoodOut { worker, .. } | Event::BroughtIn { worker, .. } | Event::BringInTakenBack { worker, .. }
            if viewer.is(*worker) =>
        {
            Visibility::Refresh
        }
        Event::RiskRaised { .. } | Event::RiskAcknowledged { .. } if viewer.projector => Visibility::Hide,
        // A page knows the names of those it shows; these bring people it may not know yet, or show what was hidden.
        Event::BroughtIn { slot, .. }
        | Event::Marked { slot, .. }
        | Event::Hidden { slot, .. }
        | Event::Shown { slot, .. }
        | Event::Revealed { slot }
        | Event::ReadIn { slot, .. }
        | Event::ScalesRevealed { slot }
        | Event::RiskRaised { slot, .. }
        | Event::RiskAcknowledged { slot, .. } => refresh_if_read(slot),
        Event::Typed { slot, area, .. } | Event::PassageMarked { slot, area, .. } => {
            let text = read(slot).and_then(|slot| slot.boxes.get(area));
            if text.is_some_and(|text| shown(text, *area, viewer)) { Visibility::Pass } else { Visibility::Hide }
        }
        Event::ScaleAnswered { slot, answer } => match read(slot) {
            None => Visibility::Hide,
            Some(read) if read.scales.revealed_at.is_some() || Some(answer.worker) == own(viewer) => Visibility::Pass,
            Some(_) => Visibility::PassAs(Box::new(Event::ScaleAnswered { slot: *slot, answer: answer.hidden() })),
        },
        Event::Stood { slot, decision, worker, .. } => match read(slot) {
            None => Visibility::Hide,
            // Whoever recorded a stance reads its words and learns its mark.
            Some(read)
                if entry.by == viewer.worker
                    && *worker != viewer.worker
                    && read.mark_of(MeetingPart::Stance(*decision, *worker)).is_some_and(|mark| !mark.is_open()) =>
            {
                Visibility::Refresh
            }
            Some(read) if reads_existing(read, MeetingPart::Stance(*decision, *worker)) => Visibility::Pass,
            // Their page may still say what stood there before.
            Some(_) => Visibility::Refresh,
        },
        Event::OptionConsidered { slot, option, draft } => {
            let stands = |slot: &Slot| slot.options.iter().any(|at| at.id == *option && at.draft.content == *draft);
            pass_if_part(slot, MeetingPart::Option(*option), &stands)
        }
        Event::ContingencyAgreed { slot, contingency, draft } => {
            let stands =
                |slot: &Slot| slot.contingencies.iter().any(|at| at.id == *contingency && at.draft.content == *draft);
            pass_if_part(slot, MeetingPart::Contingency(*contingency), &stands)
        }
        Event::ConversationAgreed { slot, conversation, draft } => {
            let stands =
                |slot: &Slot| slot.conversations.iter().any(|at| at.id == *conversation && at.draft.content == *draft);
            pass_if_part(slot, MeetingPart::Conversation(*conversation), &stands)
        }
        Event::Removed { slot, part } | Event::BroughtBack { slot, part } => match read(slot) {
            Some(slot) if !reads_existing(slot, (*part).into()) => Visibility::Hide,
            Some(slot) if may_bring_back(room, slot, *part, viewer) => Visibility::Pass,
            Some(_) => Visibility::Refresh,
            None => Visibility::Hide,
        },
        // Everybody but the wall reads what is the whole group's.
        Event::Worded { slot, decision, .. } if viewer.projector => match read(slot) {
            Some(slot) if !reads_existing(slot, MeetingPart::Reason(*decision)) => Visibility::Refresh,
            _ => pass_if_read(slot),
        },
        Event::StepAdded { slot, step, .. } | Event::StepChanged { slot, step, .. } if viewer.projector => {
            pass_if_part(slot, MeetingPart::Step(*step), &|_| true)
        }
        Event::Attended { slot, .. }
        | Event::BringInTakenBack { slot, .. }
        | Event::StoodOut { slot, .. }
        | Event::Worded { slot, .. }
        | Event::Split { slot, .. }
        | Event::Joined { slot, .. }
        | Event::Confirmed { slot, .. }
        | Event::StepAdded { slot, .. }
        | Event::StepChanged { slot, .. }
        | Event::QuestionAsked { slot, .. }
        | Event::LastStepAnswered { slot, .. }
        | Event::LastStepTakenBack { slot, .. }
        | Event::AttendanceTakenBack { slot, .. }
        | Event::ScalesWorded { slot, .. }
        | Event::NextDateAgreed { slot, .. }
        | Event::Destroyed { slot } => pass_if_read(slot),
    }
}

/// Whether this viewer may read a box, and so may know that somebody writes in it.
#[must_use]
pub fn may_read(room: &Room, slot: SlotId, area: super::Area, viewer: &Viewer) -> bool {
    let slot = room.slot(slot).filter(|slot| room.reads(viewer, slot));
    slot.is_some_and(|slot| slot.boxes.get(&area).is_none_or(|text| shown(text, area, viewer)))
}

/// Whose own hidden words a viewer sees: the screen on the wall is nobody's.
const fn own(viewer: &Viewer) -> Option<WorkerId> {
    if viewer.projector { None } else { Some(viewer.worker) }
}

/// A family that is not theirs: its place and minutes, nothing else.
fn closed(slot: &Slot, viewer: &Viewer) -> Slot {
    Slot {
        id: slot.id,
        family: None,
        minutes: slot.minutes,
        progress: slot.progress.clone(),
        children: BTreeSet::new(),
        // Only that they themselves are invited, so that they wait for it.
        members: slot
            .members
            .iter()
            .filter(|(worker, member)| **worker == viewer.worker && member.is_guest())
            .map(|(worker, member)| (*worker, member.clone()))
            .collect(),
        attendance: BTreeMap::new(),
        presence: Vec::new(),
        begun_at: slot.begun_at,
        reached: slot.reached.clone(),
        reopened: slot.reopened.clone(),
        // Only that they themselves stand out, so that they can come back.
        standing_out: slot
            .standing_out
            .iter()
            .filter(|(worker, out)| **worker == viewer.worker && **out)
            .map(|(worker, out)| (*worker, *out))
            .collect(),
        boxes: BTreeMap::new(),
        decisions: Vec::new(),
        steps: Vec::new(),
        question: String::new(),
        last_steps: Vec::new(),
        scales: Scales::new(),
        options: Vec::new(),
        contingencies: Vec::new(),
        conversations: Vec::new(),
        next_date: None,
        risks: Vec::new(),
        removed: Removed::nothing(),
    }
}

fn readable(room: &Room, slot: &Slot, viewer: &Viewer) -> Slot {
    let mut seen = slot.clone();
    for (area, text) in &mut seen.boxes {
        if !shown(text, *area, viewer) {
            let mark = Mark { hidden_until_reveal: text.mark.hidden_until_reveal, ..Mark::default() };
            *text = BoxText { withheld: true, mark, ..BoxText::default() };
        }
    }
    for decision in &mut seen.decisions {
        let id = decision.id;
        for (worker, stance) in &mut decision.stances {
            if !reads_part(slot, MeetingPart::Stance(id, *worker), viewer) {
                stance.reason = Marked { content: String::new(), mark: Mark::withheld() };
            }
        }
        // What somebody said before is under its own mark and under that of what they say now. Whoever recorded what they
        // say now did not record that.
        let objections = decision.confirmed_before.iter_mut().flat_map(|confirmed| &mut confirmed.objections);
        for (worker, stance) in decision.said_before.iter_mut().chain(objections) {
            let reads = reads_mark(&stance.reason.mark, stance.own(*worker, viewer.worker), viewer);
            if !reads || !reads_part(slot, MeetingPart::Stance(id, *worker), viewer) {
                stance.reason = Marked { content: String::new(), mark: Mark::withheld() };
            }
        }
    }
    let reads_option = |option: &ConsideredOption| reads_part(slot, MeetingPart::Option(option.id), viewer);
    let reads_contingency = |plan: &Contingency| reads_part(slot, MeetingPart::Contingency(plan.id), viewer);
    let reads_conversation = |held: &Conversation| reads_part(slot, MeetingPart::Conversation(held.id), viewer);
    let Removed { steps, options, contingencies, conversations } = &mut seen.removed;
    [&mut seen.options, options].into_iter().for_each(|list| list.retain(reads_option));
    [&mut seen.contingencies, contingencies].into_iter().for_each(|list| list.retain(reads_contingency));
    [&mut seen.conversations, conversations].into_iter().for_each(|list| list.retain(reads_conversation));
    // What was removed is there only for whoever may bring it back.
    let may = |part| may_bring_back(room, slot, part, viewer);
    steps.retain(|step| may(Removable::Step(step.id)));
    options.retain(|option| may(Removable::Option(option.id)));
    contingencies.retain(|plan| may(Removable::Contingency(plan.id)));
    conversations.retain(|held| may(Removable::Conversation(held.id)));
    seen.scales = slot.scales.seen_by(own(viewer));
    if viewer.projector {
        // A risk is for those who can act, and not for everybody who passes the screen.
        seen.risks.clear();
        let reads_step = |step: &Step| reads_part(slot, MeetingPart::Step(step.id), viewer);
        seen.steps.retain(reads_step);
        // What was decided still stands there; its words are on everybody's own device.
        for decision in &mut seen.decisions {
            let id = decision.id;
            if !reads_part(slot, MeetingPart::Reason(id), viewer) {
                decision.wording.iter_mut().for_each(|wording| wording.mark.reason.clear());
                let now = decision.wording.iter_mut().map(|wording| &mut wording.content);
                for wording in now.chain(decision.earlier.values_mut()) {
                    wording.what.clear();
                    wording.why.clear();
                }
            }
        }
    }
    seen
}

/// Whether a viewer who may read a discussion may put back what was taken off its table. The wall puts nothing back.
fn may_bring_back(room: &Room, slot: &Slot, part: Removable, viewer: &Viewer) -> bool {
    !viewer.projector && room.may_remove(slot, part, viewer.worker)
}

/// Whether a viewer who may read a discussion reads this part of it. On the wall stands what is kept from nobody.
fn reads_part(slot: &Slot, part: MeetingPart, viewer: &Viewer) -> bool {
    slot.mark_of(part).is_none_or(|mark| reads_mark(mark, slot.own(part, viewer.worker).unwrap_or(Own::No), viewer))
}

fn reads_mark(mark: &Mark, own: Own, viewer: &Viewer) -> bool {
    if viewer.projector { mark.is_open() } else { mark.lets_read(viewer.worker, own) }
}

fn shown(text: &BoxText, area: super::Area, viewer: &Viewer) -> bool {
    if viewer.projector { text.mark.is_open() } else { text.readable_by(area, viewer.worker) }
}
