//! Corrections that are asked for and taken while a record is a draft.

use super::{Corrected, Heard, Named, Record, RecordPart, WishAnswer, Words};
use crate::mark::{Marked, Readers};
use crate::meeting::Position;
use crate::{CorrectionId, WorkerId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A wish to have a draft corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Its id.
    pub id: CorrectionId,
    /// When it was asked.
    pub at: DateTime<Utc>,
    /// Who asked.
    pub by: Named,
    /// What it is about.
    pub part: RecordPart,
    /// How the part should read; for [`RecordPart::Other`] what is wrong.
    pub text: Marked<String>,
    /// What became of it.
    pub answer: Option<WishAnswer>,
}

impl Record {
    /// Why `taker` cannot take a correction, in words that say what else can be done: it names no part, they may not read
    /// it, or its part cannot be kept from those from whom the correction is kept.
    #[must_use]
    pub fn why_not_taken(&self, correction: &Correction, taker: WorkerId) -> Option<&'static str> {
        let mark = &correction.text.mark;
        let kept_for_some = matches!(mark.readers, Readers::Only { .. });
        if correction.part == RecordPart::Other {
            return Some(
                "This names no part of the record, so nothing would change. Correct the part itself, or answer with a word.",
            );
        }
        if !self.lets_read(RecordPart::Correction { correction: correction.id }, taker) {
            return Some(
                "It is kept for others, and nobody takes what they have not read. Ask its writer, or answer with a word.",
            );
        }
        let own = self.own(correction.part, correction.by.worker);
        let may_be_kept = own.is_some() || !kept_for_some;
        // A part that nobody wrote yet gets the correction's mark with its words.
        let has_mark = self.mark_of(correction.part).is_some() || matches!(correction.part, RecordPart::Heard { .. });
        if mark.is_open() || (may_be_kept && has_mark) {
            return None;
        }
        Some(
            "Its writer keeps it from some, and this part of the record is for all. Ask them to release it, or answer with a word.",
        )
    }

    /// Takes a correction: the part reads as its author asked, and the record says what it read before. `about` is the
    /// record it was asked on; parts that several children share are corrected for all of them. From whom the correction
    /// was kept, the part is kept.
    pub fn correct(&mut self, about: &Self, correction: &Correction, answer: &WishAnswer) {
        if !self.shares(about, correction.part) {
            return;
        }
        let Some(from) = self.reads(correction.part).map(str::to_owned) else { return };
        let (text, kept) = (correction.text.content.clone(), &correction.text.mark);
        // A reduced draft reads as corrected already.
        if self.corrected.iter().any(|corrected| corrected.correction == correction.id) {
            return;
        }
        self.corrected.push(Corrected {
            correction: correction.id,
            part: correction.part,
            from,
            to: text.clone(),
            asked_by: correction.by.clone(),
            taken_by: answer.by.clone(),
            at: answer.at,
        });
        match correction.part {
            RecordPart::Heard { worker } => match self.heard.iter_mut().find(|heard| heard.who.worker == worker) {
                Some(heard) => {
                    // Who has what was never revealed corrected gives it to the record by that.
                    heard.text.mark.hidden_until_reveal = false;
                    heard.text.content = heard.text.corrected(&text);
                }
                None => self.add_view(Heard {
                    who: correction.by.clone(),
                    text: Marked { content: Words::plain(text), mark: kept.clone() },
                    recorded_by: Vec::new(),
                    recorded_in_part: false,
                }),
            },
            RecordPart::Meaning => self.meaning.content = self.meaning.corrected(&text),
            RecordPart::Life => self.life_now.content = self.life_now.corrected(&text),
            RecordPart::Question => self.question = text,
            RecordPart::Why => {
                if let Some(decision) = &mut self.decision {
                    decision.why.content = text;
                }
            }
            RecordPart::Stance { worker } => self.give_reason(worker, Some(text)),
            RecordPart::Step { step: id } => {
                self.steps.iter_mut().filter(|step| step.step == id).for_each(|step| step.what.clone_from(&text));
            }
            RecordPart::Option { option: id } => {
                let options = self.options.iter_mut().filter(|option| option.option == id);
                options.for_each(|option| option.what.clone_from(&text));
            }
            RecordPart::Contingency { contingency: id } => {
                let contingencies = self.contingencies.iter_mut().filter(|contingency| contingency.contingency == id);
                contingencies.for_each(|contingency| contingency.then.clone_from(&text));
            }
            RecordPart::Conversation { conversation: id } => {
                let conversations =
                    self.conversations.iter_mut().filter(|conversation| conversation.conversation == id);
                conversations.for_each(|conversation| conversation.explore.clone_from(&text));
            }
            RecordPart::Attendance
            | RecordPart::Correction { .. }
            | RecordPart::Addendum { .. }
            | RecordPart::Other => {}
        }
        if let Some(mark) = self.mark_mut(correction.part) {
            *mark = mark.with(kept);
        }
    }

    fn add_view(&mut self, heard: Heard) {
        let theirs = self.attendance.iter_mut().filter(|present| present.who.worker == heard.who.worker);
        theirs.for_each(|present| present.no_view = false);
        self.heard.push(heard);
    }

    pub(super) fn give_reason(&mut self, worker: WorkerId, given: Option<String>) {
        let stances = self.decision.iter_mut().flat_map(|decision| &mut decision.stances);
        for stance in stances.filter(|stance| stance.who.worker == worker && stance.position != Position::Agree) {
            stance.reason_not_given = given.is_none();
            stance.reason.content = given.clone().unwrap_or_default();
        }
    }
}
