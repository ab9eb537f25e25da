//! Rights over teams.

use crate::viewer::Viewer;
use crate::{TeamId, WorkerId};
use std::collections::BTreeSet;

/// Somebody who serves at least one team, as manager or record-taker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Staff<'v> {
    viewer: &'v Viewer,
}

impl<'v> Staff<'v> {
    /// The right; `None` where the viewer serves no team.
    #[must_use]
    pub fn of(viewer: &'v Viewer) -> Option<Self> {
        (viewer.is_manager() || !viewer.records.is_empty()).then_some(Self { viewer })
    }

    /// The teams they serve.
    #[must_use]
    pub fn teams(self) -> BTreeSet<TeamId> {
        self.viewer.manages.union(&self.viewer.records).copied().collect()
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }
}

/// Somebody who keeps the directory of workers: whoever serves or oversees a team, and administrators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DirectoryKeeper<'v> {
    viewer: &'v Viewer,
}

impl<'v> DirectoryKeeper<'v> {
    /// The right; `None` for everybody else.
    #[must_use]
    pub fn of(viewer: &'v Viewer) -> Option<Self> {
        let oversees = !viewer.oversees.is_empty();
        (viewer.administers || oversees || Staff::of(viewer).is_some()).then_some(Self { viewer })
    }

    /// Whether they correct a worker's details: administrators everybody's; others those of their own teams, and of a worker
    /// of no team (a partner agency's) who works with a family of theirs, or with no family at all. `works_with`: the teams
    /// of the families that the worker has now.
    #[must_use]
    pub fn corrects(self, team: Option<TeamId>, works_with: &BTreeSet<TeamId>) -> bool {
        let mut own = Staff::of(self.viewer).map(Staff::teams).unwrap_or_default();
        own.extend(&self.viewer.oversees);
        let serves =
            team.map_or_else(|| works_with.is_empty() || !own.is_disjoint(works_with), |team| own.contains(&team));
        self.viewer.administers || serves
    }

    /// Whether they give and take the rights that come with a discipline which manages or takes records, in a team:
    /// administrators, the team's manager and whoever oversees it, never for themselves.
    #[must_use]
    pub fn gives_discipline(self, worker: Option<WorkerId>, team: Option<TeamId>) -> bool {
        let theirs = team.is_some_and(|team| self.viewer.answers_for(team));
        (theirs || self.viewer.administers) && worker != Some(self.viewer.worker)
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }
}

/// Somebody who serves a team, as manager or record-taker: plans its meetings, reads and corrects its families.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeamStaff<'v> {
    viewer: &'v Viewer,
    team: TeamId,
}

impl<'v> TeamStaff<'v> {
    /// The right over one team; `None` where it is not theirs, or the family that is asked about has no team.
    #[must_use]
    pub fn of(viewer: &'v Viewer, team: Option<TeamId>) -> Option<Self> {
        team.filter(|team| viewer.serves(*team)).map(|team| Self { viewer, team })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// Over which team.
    #[must_use]
    pub const fn team(self) -> TeamId {
        self.team
    }
}

/// Somebody who manages a team: takes the chair of its meetings, plans them, acknowledges urgent risks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeamManager<'v> {
    viewer: &'v Viewer,
    team: TeamId,
}

impl<'v> TeamManager<'v> {
    /// The right over one team; `None` where it is not theirs, or the family that is asked about has no team.
    #[must_use]
    pub fn of(viewer: &'v Viewer, team: Option<TeamId>) -> Option<Self> {
        team.filter(|team| viewer.manages_team(*team)).map(|team| Self { viewer, team })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// Over which team.
    #[must_use]
    pub const fn team(self) -> TeamId {
        self.team
    }
}
