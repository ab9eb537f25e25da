//! What signing asks for, and only signing: the room was never stopped by it. Whatever is missing is said afterwards,
//! and what was said is not said anew.

use super::{Decided, Named, Place, Record, Stood};
use crate::{CorrectionId, StepId, WorkerId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What signing asks for and the room did not say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Completion {
    /// What was decided for this child after the meeting, by the accountable manager.
    Decision {
        /// Key of the kind.
        kind: String,
        /// The kind in words.
        title: String,
        /// "Decided here" or "Recommended to …".
        route: String,
        /// The reason; never empty.
        why: String,
    },
    /// The reason of the decision.
    Why {
        /// Never empty.
        text: String,
    },
    /// Who does a step by when.
    Step {
        /// Which.
        step: StepId,
        /// Who.
        owner: Named,
        /// By when.
        due: NaiveDate,
    },
    /// Why somebody thought otherwise; absent where they were asked and gave no reason.
    Reason {
        /// Whose.
        worker: WorkerId,
        /// Their words.
        given: Option<String>,
    },
}

/// Something signing asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unready {
    /// No confirmed decision for this child.
    Decision,
    /// A decision without its reason.
    Why,
    /// Somebody thought otherwise and their reason is to follow.
    Reason(Named),
    /// A step nobody owns, or without a date.
    Step {
        /// Which.
        step: StepId,
        /// What it says.
        what: String,
        /// Whether an owner is missing.
        owner: bool,
        /// Whether a date is missing.
        due: bool,
    },
    /// A wish for a correction that nobody has answered.
    Correction(CorrectionId),
}

impl Unready {
    /// What people read.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Decision => "There is no confirmed decision for this child.".to_owned(),
            Self::Why => "The decision has no reason.".to_owned(),
            Self::Reason(who) => format!("{} had concerns; the reason is to follow.", who.name),
            Self::Step { what, owner, due, .. } => format!(
                "\"{what}\" has no {}.",
                match (owner, due) {
                    (true, true) => "owner and no date",
                    (true, false) => "owner",
                    _ => "date",
                }
            ),
            Self::Correction(_) => "A correction is asked for and not yet answered.".to_owned(),
        }
    }
}

impl Record {
    /// What signing asks for, and only signing: the room was never stopped by it.
    #[must_use]
    pub fn unready(&self) -> Vec<Unready> {
        let mut unready = Vec::new();
        match self.decision.as_ref().filter(|decision| decision.confirmed_at.is_some()) {
            None => unready.push(Unready::Decision),
            Some(decision) => {
                if decision.why.trim().is_empty() {
                    unready.push(Unready::Why);
                }
                let waiting = decision.stances.iter().filter(|stance| stance.reason_to_follow());
                unready.extend(waiting.map(|stance| Unready::Reason(stance.who.clone())));
            }
        }
        unready.extend(self.steps.iter().filter(|step| step.owner.is_none() || step.due.is_none()).map(|step| {
            let (owner, due) = (step.owner.is_none(), step.due.is_none());
            Unready::Step { step: step.step, what: step.what.clone(), owner, due }
        }));
        let open = self.life.corrections.iter().filter(|correction| correction.answer.is_none());
        unready.extend(open.map(|correction| Unready::Correction(correction.id)));
        unready
    }

    /// Whether signing asks for just this.
    #[must_use]
    pub fn lacks(&self, completion: &Completion) -> bool {
        self.unready().iter().any(|unready| match (unready, completion) {
            (Unready::Decision, Completion::Decision { .. }) | (Unready::Why, Completion::Why { .. }) => true,
            (Unready::Reason(who), Completion::Reason { worker, .. }) => who.worker == *worker,
            (Unready::Step { step, .. }, Completion::Step { step: asked, .. }) => step == asked,
            _ => false,
        })
    }

    /// Takes what was missing. `about` is the record it was said on.
    pub fn complete(&mut self, about: &Self, completion: &Completion, by: &Named, at: DateTime<Utc>) {
        match completion {
            Completion::Decision { kind, title, route, why } => {
                let undecided = self.decision.as_ref().is_none_or(|decision| decision.confirmed_at.is_none());
                if self.id != about.id || !undecided {
                    return;
                }
                self.decision = Some(Decided {
                    kind: kind.clone(),
                    title: title.clone(),
                    route: route.clone(),
                    what: String::new(),
                    why: why.clone(),
                    confirmed_at: Some(at),
                    stances: self.earlier_stances(),
                    unanswered: Vec::new(),
                    children: BTreeSet::from([self.child]),
                    decided_after: Some(by.clone()),
                });
            }
            Completion::Why { text } => {
                if self.shares(about, Place::Why)
                    && let Some(decision) = &mut self.decision
                {
                    decision.why.clone_from(text);
                }
            }
            Completion::Step { step, owner, due } => {
                if let Some(known) = self.steps.iter_mut().find(|known| known.step == *step) {
                    known.owner = Some(owner.clone());
                    known.due = Some(*due);
                }
            }
            Completion::Reason { worker, given } => {
                if self.shares(about, Place::Why) {
                    self.give_reason(*worker, given.clone());
                }
            }
        }
    }

    /// Where each stood on what the room had on the table and did not confirm: on an earlier wording now.
    fn earlier_stances(&self) -> Vec<Stood> {
        let stances = self.decision.iter().flat_map(|decision| decision.stances.iter().cloned());
        stances.map(|stance| Stood { earlier_wording: true, ..stance }).collect()
    }
}
