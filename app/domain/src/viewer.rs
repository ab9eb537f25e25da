//! Who is looking, and which families they may see.

use crate::{FamilyId, TeamId, WorkerId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody signed in, with the rights they hold now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Who.
    pub worker: WorkerId,
    /// Other entries of the same person, which an extract brought: what those stood out of is closed to them.
    #[serde(default)]
    pub also: BTreeSet<WorkerId>,
    /// The day on which they look.
    pub today: NaiveDate,
    /// Families they work with today: allocated, or in the place of a colleague who is away.
    pub families: BTreeSet<FamilyId>,
    /// Of these the ones they work with in a colleague's place, and whose.
    #[serde(default)]
    pub covers: BTreeMap<FamilyId, WorkerId>,
    /// Families that are locked, and not for them: they know nothing of these whatever else they may do.
    #[serde(default)]
    pub locked_out: BTreeSet<FamilyId>,
    /// Teams they manage: plan, chair, take over, see every family.
    pub manages: BTreeSet<TeamId>,
    /// Of these the ones they manage as a deputy, for a time.
    #[serde(default)]
    pub deputy: BTreeSet<TeamId>,
    /// Teams below the one they manage: they know their figures, keep their people, and open their families with a reason.
    #[serde(default)]
    pub oversees: BTreeSet<TeamId>,
    /// Teams whose records they take: see every family, add and correct people.
    pub records: BTreeSet<TeamId>,
    /// Whether they look after people, accounts, roles and settings.
    #[serde(default)]
    pub administers: bool,
    /// Whether they review: read what they give a reason for.
    #[serde(default)]
    pub reviews: bool,
    /// Whether they are named to agree to confidential looks.
    #[serde(default)]
    pub leads: bool,
    /// Whether they are of another organisation and invited for single discussions.
    #[serde(default)]
    pub guest: bool,
    /// The screen on the wall: what everybody present may see.
    #[serde(default)]
    pub projector: bool,
}

impl Viewer {
    /// Somebody with no rights.
    #[must_use]
    pub const fn without_rights(worker: WorkerId, today: NaiveDate) -> Self {
        Self {
            worker,
            also: BTreeSet::new(),
            today,
            families: BTreeSet::new(),
            covers: BTreeMap::new(),
            locked_out: BTreeSet::new(),
            manages: BTreeSet::new(),
            deputy: BTreeSet::new(),
            oversees: BTreeSet::new(),
            records: BTreeSet::new(),
            administers: false,
            reviews: false,
            leads: false,
            guest: false,
            projector: false,
        }
    }

    /// Whether they are this worker, with one of their entries.
    #[must_use]
    pub fn is(&self, worker: WorkerId) -> bool {
        self.worker == worker || self.also.contains(&worker)
    }

    /// Whether they manage any team, as a deputy too.
    #[must_use]
    pub fn is_manager(&self) -> bool {
        !self.manages.is_empty()
    }

    /// Whether they manage this team, as a deputy too.
    #[must_use]
    pub fn manages_team(&self, team: TeamId) -> bool {
        self.manages.contains(&team)
    }

    /// Whether they manage this team and not as somebody's deputy.
    #[must_use]
    pub fn manages_in_post(&self, team: TeamId) -> bool {
        self.manages_team(team) && !self.deputy.contains(&team)
    }

    /// Whether they oversee this team from above: a service manager, a head of service.
    #[must_use]
    pub fn oversees_team(&self, team: TeamId) -> bool {
        self.oversees.contains(&team) && !self.projector
    }

    /// Whether they answer for who works in this team: they manage it and are nobody's deputy, or oversee it.
    #[must_use]
    pub fn answers_for(&self, team: TeamId) -> bool {
        self.manages_in_post(team) || self.oversees_team(team)
    }

    /// Whether they work for this team as manager or record-taker.
    #[must_use]
    pub fn serves(&self, team: TeamId) -> bool {
        self.manages_team(team) || self.records.contains(&team)
    }

    /// Whether they may open this family's workbook. `team` is the family's team.
    #[must_use]
    pub fn sees_family(&self, family: FamilyId, team: Option<TeamId>) -> bool {
        let ties = self.families.contains(&family) || team.is_some_and(|team| self.serves(team));
        ties && !self.projector && !self.locked_out.contains(&family)
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
