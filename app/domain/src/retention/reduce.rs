//! Reducing: boxes and drafts written over so that they read the same, without every keystroke.

use super::Rewritten;
use crate::attribution::{Run, runs, typed};
use crate::family::{Left, Workbook, WorkbookEvent};
use crate::meeting::{Area, Entry, Event};
use crate::prose::Prose;
use crate::record::Record;
use crate::{RecordId, SlotId};
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

/// The author of words that were reduced: no page ever writes as them.
const REDUCED: u64 = (1 << 53) - 1;

fn in_one(text: &str) -> Vec<u8> {
    if text.is_empty() { super::no_keys() } else { Prose::with_pen(REDUCED).rewrite(text) }
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
            let update = if entry.seq == last { in_one(&text) } else { super::no_keys() };
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
        Event::PassageMarked { slot: there, area: of, passage, ranges, not_in_copies_for, reason }
            if (*there, *of) == (slot, area) =>
        {
            let places = ranges.iter().filter_map(|range| old.place_of(range));
            let ranges = places.filter_map(|place| new.range(text, place)).collect();
            let (passage, not_in_copies_for, reason) = (*passage, not_in_copies_for.clone(), reason.clone());
            Some((entry.seq, Event::PassageMarked { slot, area, passage, ranges, not_in_copies_for, reason }))
        }
        _ => None,
    };
    entries.iter().filter_map(anew).collect()
}

/// Reduces the drafts of one meeting's records that are signed to what was signed, and the chapters up to then to their
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
                let Some(current) = workbook.record(record.id) else { continue };
                let signed = Record { life: record.life.clone(), ..current.clone() };
                let before = serde_json::to_string(record).expect("records are plain data");
                drafts.push(ReducedDraft { record: record.id, hash: hash(&before) });
                if signed != **record {
                    lines.push((entry.seq, WorkbookEvent::RecordDrafted { record: Box::new(signed) }));
                }
            }
            WorkbookEvent::ChapterWritten { month: of, place, title, update } if of.as_str() <= month => {
                let Some(text) = workbook.chapter_text(entry.by, of, place) else { continue };
                let later = |other: &&Entry<WorkbookEvent>| {
                    other.seq > entry.seq
                        && other.by == entry.by
                        && matches!(&other.event, WorkbookEvent::ChapterWritten { month, place: there, .. }
                            if (month, there) == (of, place))
                };
                let last = !entries.iter().any(|other| later(&other));
                let kept = if last { in_one(&text.prose.text()) } else { super::no_keys() };
                if kept != *update {
                    let (month, place, title) = (of.clone(), place.clone(), title.clone());
                    lines.push((entry.seq, WorkbookEvent::ChapterWritten { month, place, title, update: kept }));
                }
            }
            WorkbookEvent::Destroyed { record, hash, left } => {
                let signed = |record: &Record| match workbook.record(record.id) {
                    Some(current) if record.slot == slot => Record { life: record.life.clone(), ..current.clone() },
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
