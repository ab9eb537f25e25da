//! Rights over the access log: who looked at which family.

use super::FamilyReader;
use crate::viewer::Viewer;
use crate::{FamilyId, TeamId};

/// Somebody who reads the access log of teams: who manages a team that team's, a reviewer every team's. What locked families
/// have in it only the people named for them read: ask [`Viewer::locked_out`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessLogReader<'v> {
    viewer: &'v Viewer,
}

impl<'v> AccessLogReader<'v> {
    /// The right; `None` for everybody else.
    #[must_use]
    pub fn of(viewer: &'v Viewer) -> Option<Self> {
        (viewer.is_manager() || viewer.reviews).then_some(Self { viewer })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// Why they read that of a team; `None` where they do not.
    #[must_use]
    pub fn allowed_by(self, team: TeamId) -> Option<&'static str> {
        match () {
            () if self.viewer.manages_team(team) => Some("manages the family’s team"),
            () if self.viewer.reviews => Some("reviews every team"),
            () => None,
        }
    }

    /// Why they read when somebody of a team signed in and whose rights that person changed; `None` where they do not. `team`:
    /// absent for somebody of no team.
    #[must_use]
    pub fn allowed_by_person(self, team: Option<TeamId>) -> Option<&'static str> {
        match () {
            () if team.is_some_and(|team| self.viewer.manages_team(team)) => Some("manages their team"),
            () if self.viewer.reviews => Some("reviews every team"),
            () => None,
        }
    }
}

/// Somebody who reads who looked at one family: who signs for it, and a reviewer who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilyAccessLogReader<'v>(FamilyReader<'v>);

impl<'v> FamilyAccessLogReader<'v> {
    /// The right of somebody who reads the family; `None` for everybody else.
    #[must_use]
    pub fn of(reader: FamilyReader<'v>) -> Option<Self> {
        (reader.manager().is_some() || reader.viewer().reviews).then_some(Self(reader))
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.0.viewer()
    }

    /// Of which family.
    #[must_use]
    pub const fn family(self) -> FamilyId {
        self.0.family()
    }
}
