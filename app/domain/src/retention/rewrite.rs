//! How it goes: journals written over so that they still fold, without the words.

use crate::PersonId;
use crate::attribution::{Run, runs, typed};
use crate::family::{Left, OpenStep, Workbook, WorkbookEvent};
use crate::meeting::{Area, Entry, Event, Member, Room, Slot, StepDraft, Wording};
use crate::prose::Prose;
use crate::record::{Agreed, Record};
use crate::{DecisionId, RecordId, SlotId, StepId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is left of a box's keystrokes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReducedBox {
    /// Which.
    pub area: Area,
    /// The words, by author.
    pub runs: Vec<Run>,
    /// SHA-256 over the lines as they were.
    pub hash: String,
}

/// What is left of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReducedDraft {
    /// Which record.
    pub record: RecordId,
    /// SHA-256 of the draft as it was.
    pub hash: String,
}

/// What a reduction leaves beside the journals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reduction {
    /// Boxes of the family's part of the meeting.
    pub boxes: Vec<ReducedBox>,
    /// Drafts that became the records of this meeting.
    pub drafts: Vec<ReducedDraft>,
}

/// Lines of a journal as they will read.
pub type Rewritten<E> = Vec<(i64, E)>;

/// The author of words that were reduced: no page ever writes as them.
const REDUCED: u64 = (1 << 53) - 1;

fn no_keys() -> Vec<u8> {
    Prose::new().state()
}

fn in_one(text: &str) -> Vec<u8> {
    if text.is_empty() { no_keys() } else { Prose::with_pen(REDUCED).rewrite(text) }
}

/// Reduces every box of a slot: the last line of each brings its whole text, the lines before it bring nothing, and who
/// wrote which words stands in the reduction. Words that were taken out again are gone.
#[must_use]
pub fn reduce_boxes(
    entries: &[Entry<Event>], slot: SlotId, hash: &dyn Fn(&str) -> String,
) -> (Rewritten<Event>, Vec<ReducedBox>) {
    let areas: BTreeSet<Area> = entries
        .iter()
        .filter_map(|entry| entry.event.words())
        .filter(|(there, ..)| *there == slot)
        .map(|(_, area, _)| area)
        .collect();
    let (mut lines, mut boxes) = (Vec::new(), Vec::new());
    for area in areas {
        let written: Vec<(&Entry<Event>, &[u8])> = typed(entries, slot, area).collect();
        let Some(last) = written.last().map(|(entry, _)| entry.seq) else { continue };
        let runs = runs(entries, slot, area, last);
        let text: String = runs.iter().map(|run| run.text.as_str()).collect();
        let before: Vec<String> = written
            .iter()
            .map(|(entry, update)| format!("{} {}", entry.seq, crate::prose::as_base64(update)))
            .collect();
        lines.extend(written.iter().map(|(entry, _)| {
            let update = if entry.seq == last { in_one(&text) } else { no_keys() };
            (entry.seq, entry.event.reworded(update))
        }));
        lines.extend(passages_held_anew(entries, slot, area, &text));
        boxes.push(ReducedBox { area, runs, hash: hash(&before.join("\n")) });
    }
    lines.sort_by_key(|(seq, _)| *seq);
    (lines, boxes)
}

/// The marks of a box's passages, held to the letters of the reduced text, which reads the same.
fn passages_held_anew(entries: &[Entry<Event>], slot: SlotId, area: Area, text: &str) -> Rewritten<Event> {
    let (old, new) = (Prose::new(), Prose::new());
    for (_, update) in typed(entries, slot, area) {
        // Checked before it was written.
        let _ = old.merge(update);
    }
    let _ = new.merge(&in_one(text));
    let anew = |entry: &Entry<Event>| match &entry.event {
        Event::PassageMarked { slot: there, area: of, passage, ranges, not_in_copies_for }
            if (*there, *of) == (slot, area) =>
        {
            let places = ranges.iter().filter_map(|range| old.place_of(range));
            let ranges = places.filter_map(|place| new.range(text, place)).collect();
            let not_in_copies_for = not_in_copies_for.clone();
            Some((entry.seq, Event::PassageMarked { slot, area, passage: *passage, ranges, not_in_copies_for }))
        }
        _ => None,
    };
    entries.iter().filter_map(anew).collect()
}

/// Reduces the drafts of one meeting's records that are signed to what was signed, and the summaries up to then to their
/// last words.
#[must_use]
pub fn reduce_workbook(
    entries: &[Entry<WorkbookEvent>], slot: SlotId, month: &str, hash: &dyn Fn(&str) -> String,
) -> (Rewritten<WorkbookEvent>, Vec<ReducedDraft>) {
    let workbook = Workbook::fold(entries);
    let (mut lines, mut drafts) = (Vec::new(), Vec::new());
    for entry in entries {
        match &entry.event {
            WorkbookEvent::RecordDrafted { record } if record.slot == slot => {
                let Some(known) = workbook.record(record.id) else { continue };
                let signed = Record { life: record.life.clone(), ..known.clone() };
                let before = serde_json::to_string(record).expect("records are plain data");
                drafts.push(ReducedDraft { record: record.id, hash: hash(&before) });
                if signed != **record {
                    lines.push((entry.seq, WorkbookEvent::RecordDrafted { record: Box::new(signed) }));
                }
            }
            WorkbookEvent::SummaryWritten { month: of, update } if of.as_str() <= month => {
                let Some(summary) = workbook.summary(entry.by, of) else { continue };
                let later = |other: &&Entry<WorkbookEvent>| {
                    other.seq > entry.seq
                        && other.by == entry.by
                        && matches!(&other.event, WorkbookEvent::SummaryWritten { month, .. } if month == of)
                };
                let last = !entries.iter().any(|other| later(&other));
                let kept = if last { in_one(&summary.prose.text()) } else { no_keys() };
                if kept != *update {
                    lines.push((entry.seq, WorkbookEvent::SummaryWritten { month: of.clone(), update: kept }));
                }
            }
            WorkbookEvent::Destroyed { record, hash, left } => {
                let signed = |record: &Record| match workbook.record(record.id) {
                    Some(known) if record.slot == slot => Record { life: record.life.clone(), ..known.clone() },
                    _ => record.clone(),
                };
                let records: Vec<Record> = left.records.iter().map(signed).collect();
                if records != left.records {
                    let left = Left { records, steps: left.steps.clone() };
                    let gone = WorkbookEvent::Destroyed { record: *record, hash: hash.clone(), left };
                    lines.push((entry.seq, gone));
                }
            }
            _ => {}
        }
    }
    (lines, drafts)
}

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
        workbook.steps.iter().any(|known| known.step.step == *id && of_ended(&known.step))
    };
    let of_child = |id: &RecordId| workbook.record(*id).is_some_and(|record| record.child == child);
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
        WorkbookEvent::StepAnswered { step, .. } | WorkbookEvent::StepHandedOver { step, .. } => last || own_step(step),
        WorkbookEvent::SummaryWritten { .. }
        | WorkbookEvent::RisksNoted { .. }
        | WorkbookEvent::ContributedLate { .. }
        | WorkbookEvent::MessageWritten { .. }
        | WorkbookEvent::MessagesChecked { .. }
        | WorkbookEvent::MessageGiven { .. } => last,
        WorkbookEvent::Held { .. } | WorkbookEvent::Released { .. } => last,
        // That something was signed or destroyed is what the tombstone is checked against.
        WorkbookEvent::Signed { .. }
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
        | Event::Sealed { .. }
        | Event::Revealed { .. }
        | Event::StoodOut { .. }
        | Event::Split { .. }
        | Event::Joined { .. }
        | Event::Confirmed { .. }
        | Event::StepRemoved { .. }
        | Event::Finished { .. }
        | Event::Adjourned { .. }
        | Event::ScalesRevealed { .. }
        | Event::OptionWithdrawn { .. }
        | Event::ContingencyWithdrawn { .. }
        | Event::ConversationWithdrawn { .. }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WorkerId;
    use chrono::DateTime;
    use uuid::Uuid;

    #[test]
    fn a_reduced_box_reads_the_same_and_forgets_what_was_taken_out() {
        let slot = SlotId::new(Uuid::from_u128(9));
        let worker = |n| WorkerId::new(Uuid::from_u128(n));
        let area = Area::Analysis(worker(1));
        let (ada, ben) = (Prose::with_pen(1), Prose::with_pen(2));
        let mut entries = Vec::new();
        for (pen, other, text, by) in [
            (&ada, &ben, "12 Refuge Lane. Ivy laughs.", 1),
            (&ada, &ben, "Ivy laughs.", 1),
            (&ben, &ada, "Ivy laughs. So does Noah 🌱.", 2),
        ] {
            let update = pen.rewrite(text);
            other.merge(&update).unwrap();
            let seq = entries.len() as i64 + 1;
            let at = DateTime::from_timestamp(seq * 1000, 0).unwrap();
            entries.push(Entry { seq, at, by: worker(by), event: Event::Typed { slot, area, update } });
        }
        let (lines, boxes) = reduce_boxes(&entries, slot, &|text| format!("{}", text.len()));
        let before = runs(&entries, slot, area, 3);
        for (seq, event) in lines {
            entries[seq as usize - 1].event = event;
        }
        let prose = Prose::new();
        for (_, update) in typed(&entries, slot, area) {
            prose.merge(update).unwrap();
        }
        assert_eq!(prose.text(), "Ivy laughs. So does Noah 🌱.");
        assert_eq!(boxes[0].runs, before);
        assert!(before.len() > 1 && before[1].by == worker(2));
        let kept = serde_json::to_string(&entries).unwrap();
        let all: Vec<u8> = typed(&entries, slot, area).flat_map(|(_, update)| update.to_vec()).collect();
        assert!(!kept.contains("Refuge") && !all.windows(6).any(|bytes| bytes == b"Refuge"));
        // Reduced once more it stays as it is.
        let (again, _) = reduce_boxes(&entries, slot, &|text| format!("{}", text.len()));
        assert!(again.iter().all(|(seq, event)| entries[*seq as usize - 1].event == *event));
    }
}
