//! Who may do what. A right is a value that only this module makes: what asks for it in its arguments cannot be reached
//! without it.

use crate::meeting::Room;
use crate::viewer::Viewer;
use crate::{FamilyId, TeamId, WorkerId};

/// Somebody who manages a team: signs its records, holds and ends our copies, answers subject access requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeamManager<'v>(&'v Viewer);

/// Somebody who serves a team, as manager or record-taker: plans, keeps records and people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeamStaff<'v>(&'v Viewer);

/// Somebody who reads a family's workbook: allocated to it, or serving its team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilyReader<'v>(&'v Viewer);

/// Whoever chairs or takes the record of a meeting now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeetingRunner(WorkerId);

impl<'v> TeamManager<'v> {
    /// The right over one team; `None` where it is not theirs. `team` is none where a family belongs to no team.
    #[must_use]
    pub fn of(viewer: &'v Viewer, team: Option<TeamId>) -> Option<Self> {
        team.filter(|team| viewer.manages.contains(team)).map(|_| Self(viewer))
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.0
    }
}

impl<'v> TeamStaff<'v> {
    /// The right over one team; `None` where it is not theirs.
    #[must_use]
    pub fn of(viewer: &'v Viewer, team: Option<TeamId>) -> Option<Self> {
        team.filter(|team| viewer.serves(*team)).map(|_| Self(viewer))
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.0
    }
}

impl<'v> FamilyReader<'v> {
    /// The right to one family of `team`; `None` where it is not theirs.
    #[must_use]
    pub fn of(viewer: &'v Viewer, family: FamilyId, team: Option<TeamId>) -> Option<Self> {
        viewer.sees_family(family, team).then_some(Self(viewer))
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.0
    }
}

impl MeetingRunner {
    /// The right over one meeting; `None` where it is not theirs.
    #[must_use]
    pub fn of(room: &Room, worker: WorkerId) -> Option<Self> {
        room.runs(worker).then_some(Self(worker))
    }

    /// Who holds it.
    #[must_use]
    pub const fn worker(self) -> WorkerId {
        self.0
    }
}
