//! The round: who has been heard, and who speaks next. Derived from the boxes, never stored.

use super::{Area, Room, Slot};
use crate::WorkerId;
use std::collections::BTreeSet;

/// Who has been heard in one family's discussion and who has not, each in the order of speaking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Round {
    /// Whose words are there.
    pub heard: Vec<WorkerId>,
    /// Whose words are not there yet.
    pub waiting: Vec<WorkerId>,
}

impl Slot {
    /// Whether somebody's words are there; hidden words count.
    #[must_use]
    pub fn has_words_of(&self, worker: WorkerId) -> bool {
        self.boxes
            .get(&Area::Analysis(worker))
            .is_some_and(|text| text.withheld || text.mark.hidden_until_reveal || !text.prose.text().trim().is_empty())
    }

    /// A member's discipline; empty for whoever is no member.
    #[must_use]
    pub fn discipline_of(&self, worker: WorkerId) -> &str {
        self.members.get(&worker).map(|member| member.discipline.as_str()).unwrap_or_default()
    }
}

impl Room {
    /// The round of one family. Everybody who is asked for a stance is in it, in the template's order of disciplines and
    /// by `name` within one: who works with the children first, then the specialists.
    #[must_use]
    pub fn round(&self, slot: &Slot, name: impl Fn(WorkerId) -> String) -> Round {
        let mut asked: BTreeSet<(usize, String, WorkerId)> = BTreeSet::new();
        for worker in slot.members.keys().copied().filter(|worker| self.asked_for_stance(slot, *worker)) {
            let key = slot.discipline_of(worker);
            let place = self.template.disciplines.iter().position(|discipline| discipline.key == key);
            asked.insert((place.unwrap_or(usize::MAX), name(worker), worker));
        }
        let (heard, waiting) =
            asked.into_iter().map(|(.., worker)| worker).partition(|worker| slot.has_words_of(*worker));
        Round { heard, waiting }
    }
}
