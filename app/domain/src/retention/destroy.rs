//! Destroying: journals written over so that they still fold, without the words about children whose time is over.

use super::{Rewritten, no_keys};
use crate::family::{Left, OpenStep, Workbook, WorkbookEvent};
use crate::meeting::{Area, Entry, Event, Member, Room, Slot, StepDraft, Wording};
use crate::record::{Agreed, Record};
use crate::{DecisionId, PersonId, RecordId, SlotId, StepId};
use std::collections::BTreeSet;

/// What becomes of a family's workbook when our copy of one child's records goes. `last` where no other child's
/// records are left in it: then all that was written about the family goes too.
#[must_use]
pub fn destroy_in_workbook(
    entries: &[Entry<WorkbookEvent>], child: PersonId, last: bool, hash: &dyn Fn(&str) -> String,
) -> Rewritten<WorkbookEvent> {
    let workbook = Workbook::fold(entries);
    let ended = ended_children(entries, child);
    let own_step = |id: &StepId| {
        let of_ended = |step: &Agreed| !step.children.is_empty() && step.children.is_subset(&ended);
        workbook.steps_ever().any(|open_step| open_step.step.step == *id && of_ended(&open_step.step))
    };
    let of_child = |id: &RecordId| workbook.record_ever(*id).is_some_and(|record| record.child == child);
    let goes = |event: &WorkbookEvent| match event {
        WorkbookEvent::RecordDrafted { record } => record.child == child,
        WorkbookEvent::CorrectionAsked { record, .. }
        | WorkbookEvent::CorrectionAnswered { record, .. }
        | WorkbookEvent::Completed { record, .. }
        | WorkbookEvent::AddendumAsked { record, .. }
        | WorkbookEvent::AddendumAnswered { record, .. }
        | WorkbookEvent::Marked { record, .. }
        | WorkbookEvent::DissentTaken { record, .. }
        | WorkbookEvent::DissentAnswered { record, .. } => of_child(record),
        WorkbookEvent::StepAgreed { step, .. } => last || own_step(&step.step),
        WorkbookEvent::StepAnswered { step, .. }
        | WorkbookEvent::StepAnswerTakenBack { step, .. }
        | WorkbookEvent::StepHandedOver { step, .. } => last || own_step(step),
        WorkbookEvent::SummaryWritten { .. }
        | WorkbookEvent::RisksNoted { .. }
        | WorkbookEvent::ContributedLate { .. }
        | WorkbookEvent::MessageWritten { .. }
        | WorkbookEvent::MessagesChecked { .. }
        | WorkbookEvent::MessageGiven { .. } => last,
        WorkbookEvent::Held { .. } | WorkbookEvent::Released { .. } => last,
        // That something was signed or destroyed is what the tombstone is checked against.
        // What was withdrawn is named by id alone.
        WorkbookEvent::Signed { .. }
        | WorkbookEvent::DraftsWithdrawn { .. }
        | WorkbookEvent::Reduced { .. }
        | WorkbookEvent::CopyEnded { .. }
        | WorkbookEvent::Destroyed { .. } => false,
    };
    let of_line = |event: &WorkbookEvent| match event {
        WorkbookEvent::RecordDrafted { record } => Some(record.id),
        WorkbookEvent::CorrectionAsked { record, .. }
        | WorkbookEvent::CorrectionAnswered { record, .. }
        | WorkbookEvent::Completed { record, .. }
        | WorkbookEvent::AddendumAsked { record, .. }
        | WorkbookEvent::AddendumAnswered { record, .. } => Some(*record),
        _ => None,
    };
    let mut now = Workbook::default();
    let mut lines = Vec::new();
    for entry in entries {
        if let WorkbookEvent::Destroyed { record, hash, left } = &entry.event {
            now.apply(entry);
            let mut kept = left.clone();
            kept.records.retain(|record| record.child != child && !last);
            kept.steps.retain(|step| !last && !own_step(&step.step.step));
            if kept != *left {
                lines.push((entry.seq, WorkbookEvent::Destroyed { record: *record, hash: hash.clone(), left: kept }));
            }
            continue;
        }
        if !goes(&entry.event) {
            now.apply(entry);
            continue;
        }
        let (records, steps) = (now.records.clone(), now.steps.clone());
        now.apply(entry);
        // What it had changed in other children's records stays theirs.
        let changed = |record: &&Record| {
            let before = records.iter().find(|before| before.id == record.id);
            record.child != child && before.is_some_and(|before| before != *record)
        };
        let moved = |step: &&OpenStep| {
            let before = steps.iter().find(|before| before.step.step == step.step.step);
            !last && !own_step(&step.step.step) && before.is_some_and(|before| before != *step)
        };
        let left = Left {
            records: now.records.iter().filter(changed).cloned().collect(),
            steps: now.steps.iter().filter(moved).cloned().collect(),
        };
        let before = serde_json::to_string(&entry.event).expect("events are plain data");
        let gone = WorkbookEvent::Destroyed { record: of_line(&entry.event), hash: hash(&before), left };
        lines.push((entry.seq, gone));
    }
    lines
}

/// The children of a family our copies of whose records are gone, `child` with them.
#[must_use]
pub fn ended_children(entries: &[Entry<WorkbookEvent>], child: PersonId) -> BTreeSet<PersonId> {
    let ended = entries.iter().filter_map(|entry| match entry.event {
        WorkbookEvent::CopyEnded { child } => Some(child),
        _ => None,
    });
    ended.chain([child]).collect()
}

/// Whose the words of an event are.
#[derive(Debug, Clone, PartialEq, Eq)]
enum About {
    /// It brings no words about a family.
    Nobody,
    /// They are about the whole family.
    Family,
    /// They are about these children alone.
    Children(BTreeSet<PersonId>),
}

impl About {
    fn child(child: Option<PersonId>) -> Self {
        child.map_or(Self::Family, |child| Self::Children([child].into()))
    }

    /// `children` as a step or decision lists them: none means all.
    fn some(children: &BTreeSet<PersonId>) -> Self {
        if children.is_empty() { Self::Family } else { Self::Children(children.clone()) }
    }

    /// Whether words go when our copies about `ended` are gone; without them all of the family goes.
    fn goes_with(&self, ended: Option<&BTreeSet<PersonId>>) -> bool {
        match (self, ended) {
            (Self::Nobody, _) | (Self::Family, Some(_)) => false,
            (Self::Family | Self::Children(_), None) => true,
            (Self::Children(children), Some(ended)) => children.is_subset(ended),
        }
    }
}

/// Whom the words of a meeting's event are about. Every kind of event is named here: a new one must say so.
fn about(event: &Event, slot: Option<&Slot>) -> About {
    let of_decision = |id: &DecisionId| {
        slot.and_then(|slot| slot.decision(*id)).map_or(About::Family, |decision| About::some(&decision.children))
    };
    match event {
        Event::Planned { .. }
        | Event::Replanned { .. }
        | Event::Opened
        | Event::BreakCalled { .. }
        | Event::BreakEnded
        | Event::Closed
        | Event::ChairChanged { .. }
        | Event::RecordTakerChanged { .. }
        | Event::Started { .. }
        | Event::Paused { .. }
        | Event::Resumed { .. }
        | Event::StageReached { .. }
        | Event::Attended { .. }
        | Event::Marked { .. }
        | Event::PassageMarked { .. }
        | Event::Hidden { .. }
        | Event::Revealed { .. }
        | Event::StoodOut { .. }
        | Event::Split { .. }
        | Event::Joined { .. }
        | Event::Confirmed { .. }
        | Event::StepRemoved { .. }
        | Event::Finished { .. }
        | Event::Reopened { .. }
        | Event::Postponed { .. }
        | Event::ScalesRevealed { .. }
        | Event::OptionWithdrawn { .. }
        | Event::ContingencyWithdrawn { .. }
        | Event::ConversationWithdrawn { .. }
        | Event::LastStepTakenBack { .. }
        | Event::AttendanceTakenBack { .. }
        | Event::NextDateAgreed { .. }
        | Event::RiskAcknowledged { .. }
        | Event::Destroyed { .. } => About::Nobody,
        Event::BroughtIn { .. }
        | Event::ReadIn { .. }
        | Event::QuestionAsked { .. }
        | Event::ScalesWorded { .. }
        | Event::ConversationAgreed { .. }
        | Event::RiskRaised { .. } => About::Family,
        Event::Typed { area, .. } => match area {
            Area::Analysis(_) => About::Family,
            Area::Meaning(child) | Area::Life(child) => About::child(Some(*child)),
        },
        Event::Worded { decision, .. } | Event::Stood { decision, .. } => of_decision(decision),
        Event::StepAdded { draft, .. } | Event::StepChanged { draft, .. } => About::some(&draft.children),
        Event::LastStepAnswered { answer, .. } => About::some(&answer.children),
        Event::ScaleAnswered { answer, .. } => About::child(answer.child),
        Event::OptionConsidered { draft, .. } => About::child(draft.child),
        Event::ContingencyAgreed { draft, .. } => About::child(draft.child),
    }
}

/// The event without its words, so that the meeting still folds.
fn wordless_event(event: &Event, slot: SlotId) -> Event {
    match event {
        words @ (Event::Typed { .. } | Event::ReadIn { .. }) => words.reworded(no_keys()),
        Event::Worded { slot, decision, wording } => Event::Worded {
            slot: *slot,
            decision: *decision,
            wording: Wording { what: String::new(), why: String::new(), ..wording.clone() },
        },
        Event::Stood { slot, decision, worker, position, asked_round, .. } => Event::Stood {
            slot: *slot,
            decision: *decision,
            worker: *worker,
            position: *position,
            reason: String::new(),
            asked_round: *asked_round,
        },
        Event::StepAdded { slot, step, draft } => Event::StepAdded { slot: *slot, step: *step, draft: wordless(draft) },
        Event::StepChanged { slot, step, draft } => {
            Event::StepChanged { slot: *slot, step: *step, draft: wordless(draft) }
        }
        Event::BroughtIn { slot, worker, member } => Event::BroughtIn {
            slot: *slot,
            worker: *worker,
            member: Member { brought_in: member.brought_in.as_ref().map(|_| String::new()), ..member.clone() },
        },
        // Nothing else builds on these.
        _ => Event::Destroyed { slot },
    }
}

/// What becomes of one family's part of a meeting: with `ended`, the children our copies of whom are gone, only what was
/// written about these alone, without it every word. The lines stay, so that the meeting still folds; their words are
/// gone.
#[must_use]
pub fn destroy_in_meeting(
    entries: &[Entry<Event>], slot: SlotId, ended: Option<&BTreeSet<PersonId>>,
) -> Rewritten<Event> {
    let Some((first, rest)) = entries.split_first() else { return Vec::new() };
    let Some(mut room) = Room::fold(std::slice::from_ref(first)) else { return Vec::new() };
    let mut lines = Vec::new();
    for entry in rest {
        // Whom a decision is for is asked as it was when the words were said: decisions are split and joined.
        if entry.event.slot() == Some(slot) && about(&entry.event, room.slot(slot)).goes_with(ended) {
            lines.push((entry.seq, wordless_event(&entry.event, slot)));
        }
        room.apply(entry);
    }
    lines
}

fn wordless(draft: &StepDraft) -> StepDraft {
    StepDraft { what: String::new(), with: String::new(), measure: String::new(), ..draft.clone() }
}
