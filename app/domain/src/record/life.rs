//! From draft to signed and on: corrections while it is a draft, versions once it is signed, addenda after that.
//! The steps are one way (group supervision records are dated, signed and never silently changed: Re M and N
//! [2018] EWFC 40).

use super::{Correction, Dissent, Named, Present, Record};
use crate::AddendumId;
use crate::mark::Marked;
use crate::viewer::Viewer;
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

    /// Whether somebody waits for an answer: to what they asked to add, or to a dissent that was taken somewhere.
    #[must_use]
    pub fn waits(&self) -> bool {
        let asked = self.life.addenda.iter().any(|addendum| addendum.answer.is_none());
        asked || self.life.dissents.iter().any(|dissent| dissent.answer.is_none())
    }

    /// Whether it is closed to a viewer: they stood out of this discussion to its end, for a conflict of interest, or the
    /// family is locked and they are not named.
    #[must_use]
    pub fn closed_to(&self, viewer: &Viewer) -> bool {
        let stood_out = |present: &Present| viewer.is(present.who.worker) && present.still_out;
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
}
