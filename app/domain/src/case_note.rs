//! What a worker wrote down of something that happened to children: a day, words, and whether it is significant. It stands in
//! the family's chronology beside what the case system tells.

use crate::dates::plain_date;
use crate::meeting::refusal::{Refusal, short};
use crate::record::Named;
use crate::{CaseNoteId, PersonId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest text, in characters.
pub const LONGEST_CASE_NOTE: usize = 1000;

/// A note, and who changed it last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseNote {
    /// Its id.
    pub id: CaseNoteId,
    /// What stands there.
    pub content: CaseNoteContent,
    /// Whether it was taken out of the chronology.
    pub removed: bool,
    /// Who changed it last.
    pub by: Named,
    /// When.
    pub at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub revision: i64,
}

/// What is written down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseNoteContent {
    /// The children it is about; at least one.
    pub children: BTreeSet<PersonId>,
    /// The day it happened.
    pub on: Option<NaiveDate>,
    /// What happened.
    pub text: String,
    /// Whether a chronology of significant events has it.
    pub significant: bool,
}

impl CaseNoteContent {
    /// The content as it is kept: cleaned and within its limits.
    ///
    /// # Errors
    /// What is wrong, by field of the form: "happened", "text", "children".
    pub fn checked(self, today: NaiveDate) -> Result<Self, Vec<(&'static str, Refusal)>> {
        let mut wrong = Vec::new();
        let text = match short("What happened", &self.text, LONGEST_CASE_NOTE) {
            Ok(text) if text.is_empty() => {
                wrong.push(("text", Refusal::empty("What happened", "Write it in a few words.")));
                text
            }
            Ok(text) => text,
            Err(refusal) => {
                wrong.push(("text", refusal));
                String::new()
            }
        };
        match self.on {
            None => wrong.push(("happened", Refusal::empty("The day", "Write the day on which it happened."))),
            Some(on) if on > today => {
                wrong.push(("happened", Refusal::Unusable(format!("{} is still to come.", plain_date(on)))));
            }
            Some(_) => {}
        }
        if self.children.is_empty() {
            wrong.push(("children", Refusal::Unusable("Choose the children it is about.".to_owned())));
        }
        if wrong.is_empty() { Ok(Self { text, ..self }) } else { Err(wrong) }
    }
}

/// Takes what was written down, new or changed.
pub(crate) fn write(all: &mut Vec<CaseNote>, note: &CaseNote) {
    let stored = all.iter_mut().find(|stored| stored.id == note.id);
    let revision = stored.as_ref().map_or(0, |stored| stored.revision) + 1;
    let written = CaseNote { revision, ..note.clone() };
    match stored {
        Some(stored) => *stored = written,
        None => all.push(written),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_has_a_day_that_has_come_words_and_children() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let note = |on, text: &str, children: &[u128]| CaseNoteContent {
            children: children.iter().map(|n| PersonId::new(uuid::Uuid::from_u128(*n))).collect(),
            on,
            text: text.to_owned(),
            significant: true,
        };
        let fields = |note: CaseNoteContent| -> Vec<&str> {
            note.checked(today).err().unwrap_or_default().into_iter().map(|(field, _)| field).collect()
        };
        assert!(fields(note(Some(today), "He came to the door.", &[1])).is_empty());
        assert_eq!(fields(note(None, " ", &[])), ["text", "happened", "children"]);
        assert_eq!(fields(note(today.succ_opt(), "x", &[1])), ["happened"]);
        assert_eq!(fields(note(Some(today), &"x".repeat(1001), &[1])), ["text"]);
    }
}
