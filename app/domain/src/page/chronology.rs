//! A family's chronology: what happened to its children, newest first.

use crate::case_event::CaseEvent;
use crate::case_note::CaseNote;
use crate::status::{CaseEventKind, PlanKind};
use crate::{CaseNoteId, PersonId, RecordId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What an entry of a chronology is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ChronologyKind {
    /// From the case system.
    Event(CaseEventKind),
    /// A plan of a child.
    Plan(PlanKind),
    /// A group case supervision held here.
    Supervision,
    /// What a worker wrote down as significant.
    SignificantNote,
    /// What a worker wrote down.
    Note,
}

impl ChronologyKind {
    /// The word in an address: "enquiry", "cp", "supervision".
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Event(kind) => kind.word(),
            Self::Plan(kind) => kind.word(),
            Self::Supervision => "supervision",
            Self::SignificantNote => "significant_note",
            Self::Note => "note",
        }
    }

    /// "Section 47 enquiry".
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Event(kind) => kind.title(),
            Self::Plan(PlanKind::InNeed) => "Child in need plan",
            Self::Plan(PlanKind::Protection) => "Child protection plan",
            Self::Plan(PlanKind::PreProceedings) => "Pre-proceedings",
            Self::Plan(PlanKind::LookedAfter) => "Looked after",
            Self::Supervision => "Group case supervision",
            Self::SignificantNote => "Significant event",
            Self::Note => "Note",
        }
    }

    /// Whether a chronology of significant events has it.
    #[must_use]
    pub const fn is_significant(self) -> bool {
        match self {
            Self::Event(kind) => kind.is_significant(),
            Self::Plan(_) | Self::Supervision | Self::SignificantNote => true,
            Self::Note => false,
        }
    }
}

/// One line of a chronology, of one child or of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChronologyEntry {
    /// The day it stands at.
    pub day: NaiveDate,
    /// The last day, where it lasted.
    pub until: Option<NaiveDate>,
    /// What it is.
    pub kind: ChronologyKind,
    /// Whose: one for each child.
    pub children: Vec<PersonId>,
    /// What is told of it, each as words of its own.
    pub details: Vec<String>,
    /// The record, where it is a supervision of one child.
    pub record: Option<RecordId>,
    /// The note, where a worker wrote it.
    pub note: Option<CaseNoteId>,
}

impl ChronologyEntry {
    /// The line of something that the case system tells; `None` where no day of it is known.
    #[must_use]
    pub fn of_event(event: &CaseEvent) -> Option<Self> {
        let day = event.day()?;
        let mut details = event.details();
        if let Some(due) = event.due.filter(|due| event.starts.is_none_or(|held| held > *due)) {
            let due = crate::dates::short_date(due);
            let held = event.starts.is_some();
            details.push(if held {
                format!("was due {due}")
            } else {
                format!("due {due}, not held as far as is recorded")
            });
        }
        Some(Self {
            day,
            until: event.ends.filter(|ends| *ends != day),
            kind: ChronologyKind::Event(event.kind),
            children: vec![event.child],
            details,
            record: None,
            note: None,
        })
    }

    /// The line of what a worker wrote; `None` where it was removed.
    #[must_use]
    pub fn of_note(note: &CaseNote) -> Option<Self> {
        let content = &note.content;
        Some(Self {
            day: content.on.filter(|_| !note.removed)?,
            until: None,
            kind: if content.significant { ChronologyKind::SignificantNote } else { ChronologyKind::Note },
            children: content.children.iter().copied().collect(),
            details: vec![content.text.clone(), format!("Written down by {}", note.by.name)],
            record: None,
            note: Some(note.id),
        })
    }
}

/// Lines newest first; what was the same for several children on a day is one line.
#[must_use]
pub fn in_order(entries: impl IntoIterator<Item = ChronologyEntry>) -> Vec<ChronologyEntry> {
    let mut lines: Vec<ChronologyEntry> = Vec::new();
    for entry in entries {
        let same = |line: &&mut ChronologyEntry| {
            let of = |entry: &ChronologyEntry| (entry.day, entry.until, entry.kind, entry.record, entry.note);
            of(line) == of(&entry) && line.details == entry.details
        };
        match lines.iter_mut().find(same) {
            Some(line) => {
                line.children.extend(
                    entry.children.iter().filter(|child| !line.children.contains(child)).copied().collect::<Vec<_>>(),
                );
            }
            None => lines.push(entry),
        }
    }
    lines.sort_by(|one, other| (other.day, one.kind).cmp(&(one.day, other.kind)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn day(of_month: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, of_month).unwrap_or_default()
    }

    fn child(number: u128) -> PersonId {
        PersonId::new(Uuid::from_u128(number))
    }

    fn contact(of: u128, on: u32, from: &str) -> ChronologyEntry {
        ChronologyEntry {
            day: day(on),
            until: None,
            kind: ChronologyKind::Event(CaseEventKind::Contact),
            children: vec![child(of)],
            details: vec![from.to_owned()],
            record: None,
            note: None,
        }
    }

    #[test]
    fn what_was_the_same_for_several_children_is_one_line_and_the_newest_comes_first() {
        let lines = in_order([
            contact(1, 3, "police"),
            contact(2, 9, "school"),
            contact(2, 3, "police"),
            contact(1, 3, "police"),
        ]);
        let told: Vec<(NaiveDate, Vec<PersonId>)> = lines.into_iter().map(|line| (line.day, line.children)).collect();
        assert_eq!(told, [(day(9), vec![child(2)]), (day(3), vec![child(1), child(2)])]);
    }

    #[test]
    fn a_conference_that_was_late_or_not_held_says_when_it_was_due() {
        let held = |starts: Option<NaiveDate>| CaseEvent {
            child: child(1),
            kind: CaseEventKind::Conference,
            starts,
            ends: None,
            due: Some(day(10)),
            about: String::new(),
            from: String::new(),
            outcomes: Vec::new(),
            ended: String::new(),
        };
        let details = |starts| ChronologyEntry::of_event(&held(starts)).map(|line| line.details);
        assert_eq!(details(Some(day(10))), Some(Vec::new()));
        assert_eq!(details(Some(day(12))), Some(vec!["was due 10 Nov".to_owned()]));
        assert_eq!(details(None), Some(vec!["due 10 Nov, not held as far as is recorded".to_owned()]));
    }
}
