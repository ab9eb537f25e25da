//! Destroying: journals written over so that they still fold, without the words about children whose time is over.

use super::{Rewritten, no_keys};
use crate::family::{Left, OpenStep, Workbook, WorkbookEvent};
use crate::genogram::Genogram;
use crate::meeting::{Area, Entry, Event, MeetingPart, Member, Room, Slot, StepDraft, Wording};
use crate::own_words::OwnWords;
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
        let of_ended = |step: &Agreed| only_about(&step.children, &ended);
        workbook.steps_ever().any(|open_step| open_step.step.step == *id && of_ended(&open_step.step))
    };
    let relatives = workbook.genogram.relatives_of_only(&ended);
    let changes = entries.iter().filter_map(|entry| match &entry.event {
        WorkbookEvent::GenogramChanged { change } => Some(change.as_ref()),
        _ => None,
    });
    let homes = Genogram::homes_of_only(changes, &ended, &relatives);
    let known_for_them = (relatives, homes);
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
        WorkbookEvent::ChapterWritten { place, .. } => {
            last || place.person.is_some_and(|person| ended.contains(&person))
        }
        WorkbookEvent::RisksNoted { .. }
        | WorkbookEvent::SafetyPlanWritten { .. }
        | WorkbookEvent::MessageWritten { .. }
        | WorkbookEvent::MessagesChecked { .. }
        | WorkbookEvent::MessageGiven { .. } => last,
        WorkbookEvent::ContributedLate { children, .. } => last || only_about(children, &ended),
        // Every line of a note goes with the note as it stands: an older one would stand again.
        WorkbookEvent::CaseNoteWritten { note } => {
            let stands = workbook.case_notes.iter().find(|stored| stored.id == note.id).unwrap_or(note);
            last || only_about(&note.content.children, &ended) || only_about(&stands.content.children, &ended)
        }
        WorkbookEvent::DirectWorkWritten { work } => last || ended.contains(&work.with),
        WorkbookEvent::GenogramChanged { change } => {
            last || Genogram::change_is_only_about(change, &ended, &known_for_them)
        }
        WorkbookEvent::OwnWordsWritten { words } => last || ended.contains(&words.person),
        WorkbookEvent::OwnWordsTakenBack { words, .. } => {
            let of_ended = |written: &OwnWords| written.id == *words && ended.contains(&written.person);
            last || workbook.own_words.iter().any(of_ended)
        }
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
        WorkbookEvent::StepAgreed { .. }
        | WorkbookEvent::StepAnswered { .. }
        | WorkbookEvent::StepAnswerTakenBack { .. }
        | WorkbookEvent::StepHandedOver { .. }
        | WorkbookEvent::DraftsWithdrawn { .. }
        | WorkbookEvent::ContributedLate { .. }
        | WorkbookEvent::Marked { .. }
        | WorkbookEvent::DissentTaken { .. }
        | WorkbookEvent::DissentAnswered { .. }
        | WorkbookEvent::Signed { .. }
        | WorkbookEvent::ChapterWritten { .. }
        | WorkbookEvent::RisksNoted { .. }
        | WorkbookEvent::MessageWritten { .. }
        | WorkbookEvent::MessagesChecked { .. }
        | WorkbookEvent::MessageGiven { .. }
        | WorkbookEvent::OwnWordsWritten { .. }
        | WorkbookEvent::DirectWorkWritten { .. }
        | WorkbookEvent::GenogramChanged { .. }
        | WorkbookEvent::CaseNoteWritten { .. }
        | WorkbookEvent::OwnWordsTakenBack { .. }
        | WorkbookEvent::SafetyPlanWritten { .. }
        | WorkbookEvent::Held { .. }
        | WorkbookEvent::Released { .. }
        | WorkbookEvent::Reduced { .. }
        | WorkbookEvent::CopyEnded { .. }
        | WorkbookEvent::Destroyed { .. } => None,
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

/// Whether what names `children` is about nobody but the children of `ended`; what names none is about the whole family.
#[must_use]
pub fn only_about(children: &BTreeSet<PersonId>, ended: &BTreeSet<PersonId>) -> bool {
    !children.is_empty() && children.is_subset(ended)
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
enum WordsAbout {
    /// They are about the whole family.
    Family,
    /// They are about these children alone.
    Children(BTreeSet<PersonId>),
}

impl WordsAbout {
    fn child(child: Option<PersonId>) -> Self {
        child.map_or(Self::Family, |child| Self::Children([child].into()))
    }

    /// `children` as a step or decision lists them: none means all.
    fn some(children: &BTreeSet<PersonId>) -> Self {
        if children.is_empty() { Self::Family } else { Self::Children(children.clone()) }
    }

    /// Whom what stands in a box is about.
    fn of_box(area: Area) -> Self {
        match area {
            Area::Analysis(_) => Self::Family,
            Area::Meaning(child) | Area::Life(child) => Self::child(Some(child)),
        }
    }

    /// Whether words go when our copies about `ended` are gone; without them all of the family goes.
    fn goes_with(&self, ended: Option<&BTreeSet<PersonId>>) -> bool {
        match (self, ended) {
            (Self::Family, Some(_)) => false,
            (Self::Family | Self::Children(_), None) => true,
            (Self::Children(children), Some(ended)) => only_about(children, ended),
        }
    }
}

/// Whom the words of a part are about, as it stands.
fn about_part(slot: &Slot, part: MeetingPart) -> WordsAbout {
    let about = match part {
        MeetingPart::Box(area) => Some(WordsAbout::of_box(area)),
        MeetingPart::Reason(id) | MeetingPart::Stance(id, _) => {
            slot.decision(id).map(|decision| WordsAbout::some(&decision.children))
        }
        MeetingPart::Step(id) => {
            let mut steps = slot.steps.iter().chain(&slot.removed.steps);
            steps.find(|step| step.id == id).map(|step| WordsAbout::some(&step.draft.children))
        }
        MeetingPart::Option(id) => {
            let mut options = slot.options.iter().chain(&slot.removed.options);
            options.find(|option| option.id == id).map(|option| WordsAbout::child(option.draft.child))
        }
        MeetingPart::Contingency(id) => {
            let mut contingencies = slot.contingencies.iter().chain(&slot.removed.contingencies);
            let about = contingencies.find(|contingency| contingency.id == id);
            about.map(|contingency| WordsAbout::child(contingency.draft.child))
        }
        MeetingPart::Conversation(_) => None,
    };
    about.unwrap_or(WordsAbout::Family)
}

/// Whom the words of a meeting's event are about, and what is left of the event without them, so that the meeting still
/// folds; `None` where it brings no words about a family. Every kind of event is named here: a new one must say so.
fn words(event: &Event, part: Option<&Slot>) -> Option<(WordsAbout, Event)> {
    let of_decision =
        |id: &DecisionId| part.map_or(WordsAbout::Family, |slot| about_part(slot, MeetingPart::Reason(*id)));
    // Nothing else builds on what was said with these.
    let all_of = |about: WordsAbout, slot: &SlotId| Some((about, Event::Destroyed { slot: *slot }));
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
        | Event::Hidden { .. }
        | Event::Shown { .. }
        | Event::Revealed { .. }
        | Event::StoodOut { .. }
        | Event::Split { .. }
        | Event::Joined { .. }
        | Event::Confirmed { .. }
        | Event::Removed { .. }
        | Event::BroughtBack { .. }
        | Event::Finished { .. }
        | Event::Reopened { .. }
        | Event::Postponed { .. }
        | Event::ScalesRevealed { .. }
        | Event::LastStepTakenBack { .. }
        | Event::AttendanceTakenBack { .. }
        | Event::BringInTakenBack { .. }
        | Event::NextDateAgreed { .. }
        | Event::RiskAcknowledged { .. }
        | Event::Destroyed { .. } => None,
        Event::QuestionAsked { slot, .. }
        | Event::ScalesWorded { slot, .. }
        | Event::ConversationAgreed { slot, .. }
        | Event::RiskRaised { slot, .. } => all_of(WordsAbout::Family, slot),
        Event::LastStepAnswered { slot, answer, .. } => all_of(WordsAbout::some(&answer.children), slot),
        Event::ScaleAnswered { slot, answer, .. } => all_of(WordsAbout::child(answer.child), slot),
        Event::OptionConsidered { slot, draft, .. } => all_of(WordsAbout::child(draft.child), slot),
        Event::ContingencyAgreed { slot, draft, .. } => all_of(WordsAbout::child(draft.child), slot),
        Event::BroughtIn { slot, worker, member } => {
            let member = Member { brought_in: member.brought_in.as_ref().map(|_| String::new()), ..member.clone() };
            Some((WordsAbout::Family, Event::BroughtIn { slot: *slot, worker: *worker, member }))
        }
        Event::ReadIn { .. } => Some((WordsAbout::Family, event.reworded(no_keys()))),
        Event::Typed { area, .. } => Some((WordsAbout::of_box(*area), event.reworded(no_keys()))),
        // Why a part is kept or shared is about whom the part is about; the mark itself stays.
        Event::Marked { slot, part: of, readers, not_in_copies_for, .. } => {
            let about = part.map_or(WordsAbout::Family, |slot| about_part(slot, *of));
            let (readers, not_in_copies_for, reason) = (readers.clone(), not_in_copies_for.clone(), String::new());
            Some((about, Event::Marked { slot: *slot, part: *of, readers, not_in_copies_for, reason }))
        }
        Event::PassageMarked { slot, area, passage, ranges, not_in_copies_for, .. } => {
            let (slot, area, passage, ranges) = (*slot, *area, *passage, ranges.clone());
            let (not_in_copies_for, reason) = (not_in_copies_for.clone(), String::new());
            let left = Event::PassageMarked { slot, area, passage, ranges, not_in_copies_for, reason };
            Some((WordsAbout::of_box(area), left))
        }
        Event::Worded { slot, decision, wording } => {
            let wording = Wording { what: String::new(), why: String::new(), ..wording.clone() };
            Some((of_decision(decision), Event::Worded { slot: *slot, decision: *decision, wording }))
        }
        Event::Stood { slot, decision, worker, position, asked_round, .. } => {
            let (slot, worker, position, asked_round) = (*slot, *worker, *position, *asked_round);
            let reason = String::new();
            let stood = Event::Stood { slot, decision: *decision, worker, position, reason, asked_round };
            Some((of_decision(decision), stood))
        }
        Event::StepAdded { slot, step, draft } => {
            let left = Event::StepAdded { slot: *slot, step: *step, draft: wordless(draft) };
            Some((WordsAbout::some(&draft.children), left))
        }
        Event::StepChanged { slot, step, draft } => {
            let left = Event::StepChanged { slot: *slot, step: *step, draft: wordless(draft) };
            Some((WordsAbout::some(&draft.children), left))
        }
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
        let of_slot = Some(&entry.event).filter(|event| event.slot() == Some(slot));
        if let Some((about, left)) = of_slot.and_then(|event| words(event, room.slot(slot)))
            && about.goes_with(ended)
        {
            lines.push((entry.seq, left));
        }
        room.apply(entry);
    }
    lines
}

fn wordless(draft: &StepDraft) -> StepDraft {
    StepDraft { what: String::new(), with: String::new(), measure: String::new(), ..draft.clone() }
}
