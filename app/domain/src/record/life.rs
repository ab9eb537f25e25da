//! From draft to signed and on: corrections while it is a draft, versions once it is signed, addenda after that.
//! The steps are one way (group supervision records are dated, signed and never silently changed: Re M and N
//! [2018] EWFC 40).

use super::{Corrected, Dissent, Heard, Named, Present, Record, RecordPart, Words};
use crate::mark::Marked;
use crate::meeting::Position;
use crate::viewer::Viewer;
use crate::{AddendumId, CorrectionId, WorkerId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What became of a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// Wishes to have the draft corrected, in the order they came.
    pub corrections: Vec<Correction>,
    /// What was asked to be added after signing.
    pub addenda: Vec<Addendum>,
    /// Dissents that were taken somewhere, in the order that happened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dissents: Vec<Dissent>,
    /// Whether a child of the family had a factor of domestic abuse when this was drafted: messages about it are then read
    /// by a second person, whatever the family's factors are later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub domestic_abuse: bool,
    /// Signed versions, from 1. Empty while it is a draft.
    pub versions: Vec<Version>,
}

impl Life {
    /// What was accepted to be added.
    #[must_use]
    pub fn taken(&self) -> Vec<Addendum> {
        let taken = |addendum: &&Addendum| addendum.answer.as_ref().is_some_and(|answer| answer.taken);
        self.addenda.iter().filter(taken).cloned().collect()
    }
}

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

/// What became of a wish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WishAnswer {
    /// When.
    pub at: DateTime<Utc>,
    /// Whose answer.
    pub by: Named,
    /// Whether it was taken.
    pub taken: bool,
    /// A word on it. May be empty.
    pub word: String,
}

/// Something added to a signed record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addendum {
    /// Its id.
    pub id: AddendumId,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Who wrote it.
    pub by: Named,
    /// Why the record needs it.
    pub reason: String,
    /// Markdown.
    pub text: Marked<String>,
    /// What the manager said; it is part of the record from the version after that.
    pub answer: Option<WishAnswer>,
}

/// A signed version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// From 1.
    pub number: u32,
    /// When it was signed.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Named,
    /// SHA-256 of its canonical form, in hex.
    pub hash: String,
}

impl Record {
    /// Whether it is signed.
    #[must_use]
    pub const fn signed(&self) -> bool {
        !self.life.versions.is_empty()
    }

    /// Whether it is closed to a viewer: they stood out of this discussion to its end, for a conflict of interest, or the
    /// family is locked and they are not named.
    #[must_use]
    pub fn closed_to(&self, viewer: &Viewer) -> bool {
        let stood_out = |present: &Present| present.who.worker == viewer.worker && present.still_out;
        viewer.locked_out.contains(&self.family) || self.attendance.iter().any(stood_out)
    }

    /// The draft made anew after its family was reopened: it keeps its id, the corrections that were asked for, which are
    /// answered again where they had been taken, and everything that was kept from somebody meanwhile.
    #[must_use]
    pub fn redrafted(mut self, withdrawn: &Self) -> Self {
        self.id = withdrawn.id;
        self.life.corrections = withdrawn.life.corrections.clone();
        for correction in &mut self.life.corrections {
            if correction.answer.as_ref().is_some_and(|answer| answer.taken) {
                correction.answer = None;
            }
        }
        let about = self.clone();
        for part in self.parts() {
            if let (Some(now), Some(before)) = (self.mark_of(part).cloned(), withdrawn.mark_of(part)) {
                self.mark(&about, part, &now.with(before));
            }
        }
        self
    }

    /// Takes a correction: the part reads as its author asked, and the record says what it read before. `about` is the
    /// record it was asked on; parts that several children share are corrected for all of them.
    pub fn correct(&mut self, about: &Self, correction: &Correction, answer: &WishAnswer) {
        if !self.shares(about, correction.part) {
            return;
        }
        let Some(from) = self.reads(correction.part).map(str::to_owned) else { return };
        let text = correction.text.content.clone();
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
                    text: Marked::open(Words::plain(text)),
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
