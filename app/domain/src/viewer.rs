//! Who is looking, and which families they may see.

use crate::{FamilyId, TeamId, WorkerId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Somebody signed in, with the rights they hold now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Who.
    pub worker: WorkerId,
    /// The day on which they look.
    pub today: NaiveDate,
    /// Families they are allocated to today.
    pub families: BTreeSet<FamilyId>,
    /// Teams they manage: plan, chair, take over, see every family.
    pub manages: BTreeSet<TeamId>,
    /// Teams whose records they take: see every family, add and correct people.
    pub records: BTreeSet<TeamId>,
    /// The screen on the wall: what everybody present may see.
    #[serde(default)]
    pub projector: bool,
}

impl Viewer {
    /// Whether they work for this team as manager or record-taker.
    #[must_use]
    pub fn serves(&self, team: TeamId) -> bool {
        self.manages.contains(&team) || self.records.contains(&team)
    }

    /// Whether they may open this family's workbook. `team` is the family's team.
    #[must_use]
    pub fn sees_family(&self, family: FamilyId, team: Option<TeamId>) -> bool {
        !self.projector && (self.families.contains(&family) || team.is_some_and(|team| self.serves(team)))
    }

    /// Whether they look later than on the day after `day`.
    #[must_use]
    pub fn after_the_next_day(&self, day: NaiveDate) -> bool {
        day.succ_opt().is_some_and(|next| self.today > next)
    }

    /// The same person as the screen on the wall.
    #[must_use]
    pub fn on_the_wall(mut self) -> Self {
        self.projector = true;
        self
    }
}
