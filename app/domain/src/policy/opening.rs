//! A family opened for an hour by somebody who does not work with it, with a reason.

use crate::TeamId;
use crate::status::OpeningKind;
use crate::viewer::Viewer;
use chrono::TimeDelta;

/// So long it is open.
pub const OPEN_FOR: TimeDelta = TimeDelta::hours(1);

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 500;

/// Somebody who may open a family that they do not work with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opener<'v> {
    viewer: &'v Viewer,
}

impl<'v> Opener<'v> {
    /// The right of a reviewer, of whoever oversees its team, and in an emergency of every worker; `None` for somebody who administers and works with no
    /// family. A guest opens none. A locked family is opened by nobody: ask [`Viewer::locked_out`] first.
    #[must_use]
    pub fn of(viewer: &'v Viewer) -> Option<Self> {
        let works = !viewer.families.is_empty() || viewer.is_manager() || !viewer.records.is_empty();
        let opens = viewer.reviews || works || !viewer.administers;
        (opens && !viewer.guest && !viewer.projector).then_some(Self { viewer })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// As what they open a family of `team`.
    #[must_use]
    pub fn kind(self, team: Option<TeamId>) -> OpeningKind {
        match () {
            () if team.is_some_and(|team| self.viewer.oversees_team(team)) => OpeningKind::Oversight,
            () if self.viewer.reviews => OpeningKind::Review,
            () => OpeningKind::Emergency,
        }
    }
}
