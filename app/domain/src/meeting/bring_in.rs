//! Who belongs to a family's discussion: those who work with it, colleagues brought in for today, guests from outside.

use super::{Area, Slot};
use crate::WorkerId;
use crate::template::GUEST;
use serde::{Deserialize, Serialize};

/// Somebody who belongs to this family's discussion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Their discipline's key.
    pub discipline: String,
    /// Why they were brought in for this family; absent for the allocated.
    pub brought_in: Option<String>,
}

impl Member {
    /// Whether they are of another organisation: they read this discussion while it lasts, and nothing before or after it.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        self.discipline == GUEST
    }
}

impl Slot {
    /// Whether somebody is invited from outside for this discussion.
    #[must_use]
    pub fn is_guest(&self, worker: WorkerId) -> bool {
        self.members.get(&worker).is_some_and(Member::is_guest)
    }

    /// Whether it is open to whoever is there for the day: to a guest while it is under way, to others all day.
    pub(super) fn open_to(&self, worker: WorkerId) -> bool {
        !self.is_guest(worker) || self.progress.in_discussion()
    }

    /// Whether the discussion says anything of somebody or by them, beside that they belong to it.
    pub(super) fn tells_of(&self, worker: WorkerId) -> bool {
        let marked = self.attendance.contains_key(&worker)
            || self.presence.iter().any(|change| change.worker == worker)
            || self.standing_out.contains_key(&worker);
        let wrote = self.boxes.contains_key(&Area::Analysis(worker))
            || self.boxes.values().any(|text| text.writers.values().any(|writer| *writer == worker))
            || self.scales.answers.iter().any(|answer| answer.worker == worker)
            || self.risks.iter().any(|risk| risk.by == worker);
        let stood = self.decisions.iter().any(|decision| {
            decision.stances.contains_key(&worker)
                || decision.said_before.iter().any(|(who, _)| *who == worker)
                || decision
                    .confirmed_before
                    .iter()
                    .any(|before| before.objections.iter().any(|(who, _)| *who == worker))
        });
        let agreed = self.steps.iter().any(|step| step.draft.owner.worker() == Some(worker))
            || self.conversations.iter().any(|held| held.draft.worker == worker || held.by == worker)
            || self.options.iter().any(|option| option.by == worker)
            || self.contingencies.iter().any(|plan| plan.by == worker);
        marked || wrote || stood || agreed
    }
}
