//! Parts of a record that a copy must not carry to somebody of the family. Every part can be marked, by whose words it
//! is or by those who serve the team, as long as it is not signed.

use super::{Place, Record, Sealed};
use crate::PersonId;
use crate::meeting::Mark;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A part, and whom it is kept from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFrom {
    /// Which part.
    pub place: Place,
    /// From whom of the family.
    pub people: BTreeSet<PersonId>,
}

/// What stands in the place of words that are kept back.
pub const KEPT_BACK: &str = "Kept back in this copy.";

impl Record {
    /// How a part is marked.
    #[must_use]
    pub fn mark_of(&self, place: Place) -> Mark {
        let never = |people: &BTreeSet<PersonId>| match people.is_empty() {
            true => Mark::None,
            false => Mark::NeverFor { people: people.clone() },
        };
        match place {
            Place::Heard { worker } => {
                self.heard.iter().find(|heard| heard.who.worker == worker).map(|heard| heard.mark.clone())
            }
            Place::Meaning => Some(self.meaning_mark.clone()),
            Place::Addendum { addendum } => {
                self.life.addenda.iter().find(|known| known.id == addendum).map(|known| never(&known.kept_from))
            }
            Place::Why | Place::Life | Place::Stance { .. } | Place::Step { .. } | Place::Other => {
                self.kept_from.iter().find(|kept| kept.place == place).map(|kept| never(&kept.people))
            }
        }
        .unwrap_or_default()
    }

    /// Keeps a part from people of the family; from nobody takes the mark away. `about` is the record it was said on:
    /// parts that several children share are marked for all of them.
    pub fn keep_from(&mut self, about: &Self, place: Place, people: &BTreeSet<PersonId>) {
        if !self.shares(about, place) {
            return;
        }
        let mark = if people.is_empty() { Mark::None } else { Mark::NeverFor { people: people.clone() } };
        match place {
            Place::Heard { worker } => {
                // What only named workers read stays with them.
                let own = self.heard.iter_mut().filter(|heard| heard.who.worker == worker);
                own.filter(|heard| !matches!(heard.mark, Mark::OnlyFor { .. }))
                    .for_each(|heard| heard.mark = mark.clone());
            }
            Place::Meaning => self.meaning_mark = mark,
            Place::Addendum { addendum } => {
                let known = self.life.addenda.iter_mut().find(|known| known.id == addendum);
                known.into_iter().for_each(|known| known.kept_from.clone_from(people));
            }
            Place::Why | Place::Life | Place::Stance { .. } | Place::Step { .. } | Place::Other => {
                self.kept_from.retain(|kept| kept.place != place);
                if !people.is_empty() {
                    self.kept_from.push(KeptFrom { place, people: people.clone() });
                }
            }
        }
    }

    /// Without the words of parts that are marked and `keeps` does not keep.
    pub fn hold_back(&mut self, keeps: &dyn Fn(Place) -> bool) {
        let kept: Vec<Place> = self.kept_from.iter().map(|kept| kept.place).filter(|place| !keeps(*place)).collect();
        if let Some(decision) = &mut self.decision {
            if kept.contains(&Place::Why) {
                KEPT_BACK.clone_into(&mut decision.why);
                // Options repeat what speaks for the decision and against it.
                self.practice.considered.clear();
            }
            for stance in &mut decision.stances {
                if kept.contains(&Place::Stance { worker: stance.who.worker }) {
                    KEPT_BACK.clone_into(&mut stance.reason);
                    stance.before.iter_mut().for_each(|said| said.reason.clear());
                }
            }
        }
        if kept.contains(&Place::Life) {
            KEPT_BACK.clone_into(&mut self.practice.life);
        }
        self.steps.retain(|step| !kept.contains(&Place::Step { step: step.step }));
    }
}

impl Sealed {
    /// What may leave the house by itself: nobody is there to say yes, so nothing that is marked goes, and nothing that
    /// was added later where something is: additions may repeat it.
    #[must_use]
    pub fn unmarked(mut self) -> Self {
        if self.anything_marked() {
            self.addenda.clear();
        }
        let record = &mut self.record;
        record.heard.retain(|heard| heard.mark == Mark::None);
        if record.meaning_mark != Mark::None {
            record.meaning.clear();
        }
        record.hold_back(&|_| false);
        // About the adults of the family, and without marks of their own.
        record.practice.contingencies.clear();
        record.practice.conversations.clear();
        record.practice.risks.clear();
        self
    }

    /// Whether any part of it is kept from somebody.
    #[must_use]
    pub fn anything_marked(&self) -> bool {
        let record = &self.record;
        record.heard.iter().any(|heard| heard.mark != Mark::None)
            || record.meaning_mark != Mark::None
            || !record.kept_from.is_empty()
            || self.addenda.iter().any(|addendum| !addendum.kept_from.is_empty())
    }
}
