//! What signing asks for, and only signing: the room was never stopped by it. Whatever is missing is said afterwards,
//! and what was said is not said anew.

use super::{CompletedPart, Named, Record, RecordDecision, RecordPart, RecordStance};
use crate::mark::Marked;
use crate::meeting::{Attendance, Position};
use crate::{CorrectionId, PersonId, StepId, WorkerId};
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
    /// Who was there, where nobody's attendance was marked.
    Attendance {
        /// In the room or on the call.
        present: BTreeSet<WorkerId>,
    },
    /// What it means for the child, where nothing was written.
    Meaning {
        /// Markdown; never empty.
        text: String,
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
    Reason(Named, Position),
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
    /// Nobody's attendance was marked.
    Attendance,
}

/// How much several children's drafts lack before they can be signed: what is missing for all at once, as who was
/// there, a step or a decision for several children, counts once.
#[must_use]
pub fn missing_in<'r>(drafts: impl IntoIterator<Item = &'r Record>) -> usize {
    let mut missing: Vec<(Unready, BTreeSet<PersonId>)> = Vec::new();
    for record in drafts {
        for one in record.unready() {
            let children = match &one {
                Unready::Decision | Unready::Why | Unready::Reason(..) => match &record.decision {
                    Some(decision) => decision.children.clone(),
                    // Nothing was worded: that is one thing to do for all of them.
                    None => BTreeSet::new(),
                },
                Unready::Step { .. } | Unready::Correction(_) | Unready::Attendance => BTreeSet::new(),
            };
            if !missing.contains(&(one.clone(), children.clone())) {
                missing.push((one, children));
            }
        }
    }
    missing.len()
}

impl Unready {
    /// What people read.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Decision => "There is no confirmed decision for this child.".to_owned(),
            Self::Why => "The decision has no reason.".to_owned(),
            Self::Reason(who, Position::Disagree) => format!("{} disagrees; the reason is to follow.", who.name),
            Self::Reason(who, _) => format!("{} has reservations; the reason is to follow.", who.name),
            Self::Step { what, owner, due, .. } => format!(
                "\"{what}\" has no {}.",
                match (owner, due) {
                    (true, true) => "owner and no date",
                    (true, false) => "owner",
                    _ => "date",
                }
            ),
            Self::Correction(_) => "A correction is asked for and not yet answered.".to_owned(),
            Self::Attendance => "Nobody is marked as present.".to_owned(),
        }
    }
}

impl Record {
    /// What signing asks for, and only signing: the room was never stopped by it.
    #[must_use]
    pub fn unready(&self) -> Vec<Unready> {
        let mut unready = Vec::new();
        if self.attendance.iter().all(|present| present.how.is_none()) {
            unready.push(Unready::Attendance);
        }
        match self.decision.as_ref().filter(|decision| decision.confirmed_at.is_some()) {
            None => unready.push(Unready::Decision),
            Some(decision) => {
                if decision.why.trim().is_empty() {
                    unready.push(Unready::Why);
                }
                let waiting = decision.stances.iter().filter(|stance| stance.reason_to_follow());
                unready.extend(waiting.map(|stance| Unready::Reason(stance.who.clone(), stance.position)));
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

    /// What nothing was written about, in words. Signing names it and does not wait for it.
    #[must_use]
    pub fn left_empty(&self) -> Vec<&'static str> {
        if self.meaning.is_empty() { vec!["What it means for this child"] } else { Vec::new() }
    }

    /// Whether signing asks for just this.
    #[must_use]
    pub fn lacks(&self, completion: &Completion) -> bool {
        self.unready().iter().any(|unready| match (unready, completion) {
            (Unready::Decision, Completion::Decision { .. })
            | (Unready::Why, Completion::Why { .. })
            | (Unready::Attendance, Completion::Attendance { .. }) => true,
            (Unready::Reason(who, _), Completion::Reason { worker, .. }) => who.worker == *worker,
            (Unready::Step { step, .. }, Completion::Step { step: asked, .. }) => step == asked,
            _ => false,
        }) || (matches!(completion, Completion::Meaning { .. }) && self.meaning.is_empty())
    }

    /// Takes what was missing. `about` is the record it was said on.
    pub fn complete(&mut self, about: &Self, completion: &Completion, by: &Named, at: DateTime<Utc>) {
        let step = match completion {
            Completion::Step { step, .. } => Some(*step),
            _ => None,
        };
        let added = CompletedPart { what: self.completed_part(about, completion), step, by: by.clone(), at };
        // A reduced draft has it already.
        if !added.what.is_empty() && !self.completed.contains(&added) {
            self.completed.push(added);
        }
        match completion {
            Completion::Decision { kind, title, route, why } => {
                let undecided = self.decision.as_ref().is_none_or(|decision| decision.confirmed_at.is_none());
                if self.id != about.id || !undecided {
                    return;
                }
                self.decision = Some(RecordDecision {
                    kind: kind.clone(),
                    title: title.clone(),
                    route: route.clone(),
                    what: String::new(),
                    why: Marked::open(why.clone()),
                    confirmed_at: Some(at),
                    confirmed_by: Some(by.clone()),
                    stances: self.earlier_stances(),
                    unanswered: Vec::new(),
                    children: BTreeSet::from([self.child]),
                    decided_after: Some(by.clone()),
                    confirmed_before: self
                        .decision
                        .take()
                        .map(|decision| decision.confirmed_before)
                        .unwrap_or_default(),
                });
            }
            Completion::Why { text } => {
                if self.shares(about, RecordPart::Why)
                    && let Some(decision) = &mut self.decision
                {
                    decision.why.content.clone_from(text);
                }
            }
            Completion::Step { step: id, owner, due } => {
                if let Some(step) = self.steps.iter_mut().find(|step| step.step == *id) {
                    step.owner = Some(owner.clone());
                    step.due = Some(*due);
                }
            }
            Completion::Reason { worker, given } => {
                if self.shares(about, RecordPart::Why) {
                    self.give_reason(*worker, given.clone());
                }
            }
            Completion::Attendance { present } => {
                if self.slot == about.slot {
                    let unmarked = self.attendance.iter_mut().filter(|person| person.how.is_none());
                    unmarked
                        .filter(|person| present.contains(&person.who.worker))
                        .for_each(|person| person.how = Some(Attendance::Room));
                }
            }
            Completion::Meaning { text } => {
                if self.id == about.id {
                    self.meaning.content = self.meaning.corrected(text);
                }
            }
        }
    }

    /// What of this record a completion on `about` adds, in words; empty for nothing and for a decision, which says so itself.
    fn completed_part(&self, about: &Self, completion: &Completion) -> String {
        let shared = self.shares(about, RecordPart::Why);
        match completion {
            Completion::Why { .. } if shared => "The reason of the decision".to_owned(),
            // Without a name: the stance may be kept from whoever reads this line.
            Completion::Reason { given: Some(_), .. } if shared => "Why somebody thinks otherwise".to_owned(),
            Completion::Step { step: id, .. } if self.steps.iter().any(|step| step.step == *id) => {
                "Who does a step, and by when".to_owned()
            }
            Completion::Attendance { .. } if self.slot == about.slot => "Who was there".to_owned(),
            Completion::Meaning { .. } if self.id == about.id => "What it means for this child".to_owned(),
            _ => String::new(),
        }
    }

    /// Where each stood on what the room had on the table and did not confirm: on an earlier wording now.
    fn earlier_stances(&self) -> Vec<RecordStance> {
        let stances = self.decision.iter().flat_map(|decision| decision.stances.iter().cloned());
        let wording = self.decision.as_ref().map(|decision| format!("{}. {}", decision.title, decision.why.content));
        stances
            .map(|stance| RecordStance {
                earlier_wording: stance.earlier_wording.clone().or_else(|| wording.clone()),
                ..stance
            })
            .collect()
    }
}
