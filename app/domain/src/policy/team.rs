//! Rights over teams.

use crate::TeamId;
use crate::viewer::Viewer;
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
        (!viewer.manages.is_empty() || !viewer.records.is_empty()).then_some(Self { viewer })
    }

    /// The teams they serve.
    #[must_use]
    pub fn teams(self) -> BTreeSet<TeamId> {
        self.viewer.manages.union(&self.viewer.records).copied().collect()
    }

    /// Whether they correct a worker's details: one of their own teams, or one of no team (a partner agency's) who works
    /// with a family of theirs, or with no family at all. `works_with`: the teams of the families that the worker has now.
    #[must_use]
    pub fn corrects(self, team: Option<TeamId>, works_with: &BTreeSet<TeamId>) -> bool {
        let own = self.teams();
        team.map_or_else(|| works_with.is_empty() || !own.is_disjoint(works_with), |team| own.contains(&team))
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
        team.filter(|team| viewer.manages.contains(team)).map(|team| Self { viewer, team })
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
