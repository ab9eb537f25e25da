//! From draft to signed and on: corrections while it is a draft, versions once it is signed, addenda after that.
//! The steps are one way (group supervision records are dated, signed and never silently changed: Re M and N
//! [2018] EWFC 40).

use super::{Dissent, Heard, Named, Record};
use crate::meeting::{Mark, Position};
use crate::{AddendumId, CorrectionId, PersonId, StepId, WorkerId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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

/// Which part of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// One worker's analysis.
    Heard {
        /// Whose.
        worker: WorkerId,
    },
    /// What it means for the child.
    Meaning,
    /// The child's life now.
    Life,
    /// The decision's reason.
    Why,
    /// The reason of somebody's stance.
    Stance {
        /// Whose.
        worker: WorkerId,
    },
    /// A step's words.
    Step {
        /// Which.
        step: StepId,
    },
    /// What was added since it was signed.
    Addendum {
        /// Which.
        addendum: AddendumId,
    },
    /// Anything else, in words.
    Other,
}

impl Place {
    /// From a form's word.
    #[must_use]
    pub fn chosen(word: &str) -> Option<Self> {
        match word.split_once('-') {
            Some(("heard", worker)) => Some(Self::Heard { worker: worker.parse().ok()? }),
            Some(("stance", worker)) => Some(Self::Stance { worker: worker.parse().ok()? }),
            Some(("addendum", addendum)) => Some(Self::Addendum { addendum: addendum.parse().ok()? }),
            Some(("step", step)) => Some(Self::Step { step: step.parse().ok()? }),
            None if word == "meaning" => Some(Self::Meaning),
            None if word == "life" => Some(Self::Life),
            None if word == "why" => Some(Self::Why),
            None if word == "other" => Some(Self::Other),
            _ => None,
        }
    }

    /// The form's word.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Heard { worker } => format!("heard-{worker}"),
            Self::Stance { worker } => format!("stance-{worker}"),
            Self::Step { step } => format!("step-{step}"),
            Self::Addendum { addendum } => format!("addendum-{addendum}"),
            Self::Meaning => "meaning".to_owned(),
            Self::Life => "life".to_owned(),
            Self::Why => "why".to_owned(),
            Self::Other => "other".to_owned(),
        }
    }

    /// What people read.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Heard { .. } => "own analysis",
            Self::Stance { .. } => "the reason of a stance",
            Self::Step { .. } => "a step’s words",
            Self::Addendum { .. } => "an addition",
            Self::Meaning => "what it means",
            Self::Life => "the child’s life now",
            Self::Why => "the decision’s reason",
            Self::Other => "something else",
        }
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
    pub place: Place,
    /// How the part should read; for [`Place::Other`] what is wrong.
    pub text: String,
    /// What became of it.
    pub answer: Option<Answer>,
}

/// What became of a wish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
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
    pub text: String,
    /// Whom of the family it is kept from.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub kept_from: BTreeSet<PersonId>,
    /// What the manager said; it is part of the record from the version after that.
    pub answer: Option<Answer>,
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

    /// Whether somebody stood out of this discussion to its end, for a conflict of interest.
    #[must_use]
    pub fn closed_to(&self, worker: WorkerId) -> bool {
        self.attendance.iter().any(|present| present.who.worker == worker && present.still_out)
    }

    /// What stands in a part of it; `None` where it has no such part.
    #[must_use]
    pub fn reads(&self, place: Place) -> Option<&str> {
        match place {
            Place::Heard { worker } => {
                Some(self.heard.iter().find(|heard| heard.who.worker == worker).map_or("", |heard| &heard.text))
            }
            Place::Meaning => Some(&self.meaning),
            Place::Life => Some(&self.practice.life),
            Place::Why => self.decision.as_ref().map(|decision| decision.why.as_str()),
            Place::Stance { worker } => self.stance(worker).map(|stance| stance.reason.as_str()),
            Place::Step { step } => self.steps.iter().find(|known| known.step == step).map(|step| step.what.as_str()),
            Place::Addendum { addendum } => {
                self.life.addenda.iter().find(|known| known.id == addendum).map(|known| known.text.as_str())
            }
            Place::Other => None,
        }
    }

    fn stance(&self, worker: WorkerId) -> Option<&super::Stood> {
        let all = &self.decision.as_ref()?.stances;
        let of = |stance: &&super::Stood| stance.who.worker == worker;
        all.iter().filter(of).find(|stance| !stance.earlier_wording).or_else(|| all.iter().find(of))
    }

    /// Takes a correction: the part reads as its author asked. `about` is the record it was asked on; parts that
    /// several children share are corrected for all of them.
    pub fn correct(&mut self, about: &Self, correction: &Correction) {
        if !self.shares(about, correction.place) {
            return;
        }
        let text = correction.text.clone();
        match correction.place {
            Place::Heard { worker } => match self.heard.iter_mut().find(|heard| heard.who.worker == worker) {
                Some(heard) => {
                    // Who has what was never revealed corrected gives it to the record by that.
                    if heard.unrevealed() {
                        heard.mark = Mark::None;
                    }
                    heard.text = text;
                }
                None => self.heard.push(Heard {
                    who: correction.by.clone(),
                    text,
                    recorded_by: Vec::new(),
                    mark: Mark::None,
                }),
            },
            Place::Meaning => self.meaning = text,
            Place::Life => self.practice.life = text,
            Place::Why => {
                if let Some(decision) = &mut self.decision {
                    decision.why = text;
                }
            }
            Place::Stance { worker } => self.give_reason(worker, Some(text)),
            Place::Step { step } => {
                if let Some(known) = self.steps.iter_mut().find(|known| known.step == step) {
                    known.what = text;
                }
            }
            Place::Addendum { .. } | Place::Other => {}
        }
    }

    pub(super) fn give_reason(&mut self, worker: WorkerId, given: Option<String>) {
        let stances = self.decision.iter_mut().flat_map(|decision| &mut decision.stances);
        for stance in stances.filter(|stance| stance.who.worker == worker && stance.position != Position::Agree) {
            stance.reason_not_given = given.is_none();
            stance.reason = given.clone().unwrap_or_default();
        }
    }

    /// Whether a part of `about` is the same part of this record: analysis and steps are the family's, a decision
    /// is that of the children it was made for, what it means is each child's own.
    pub(crate) fn shares(&self, about: &Self, place: Place) -> bool {
        if self.id == about.id {
            return true;
        }
        let together = || {
            let children = |record: &Self| -> BTreeSet<PersonId> {
                record.decision.as_ref().map(|decision| decision.children.clone()).unwrap_or_default()
            };
            children(about).contains(&self.child) && children(self).contains(&about.child)
        };
        self.slot == about.slot
            && match place {
                Place::Heard { .. } | Place::Step { .. } => true,
                Place::Why | Place::Stance { .. } => together(),
                Place::Meaning | Place::Life | Place::Addendum { .. } | Place::Other => false,
            }
    }
}
