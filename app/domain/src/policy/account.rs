//! Rights over other people's accounts.

use super::TeamManager;
use crate::viewer::Viewer;
use crate::{TeamId, WorkerId};
use std::collections::BTreeSet;

/// Somebody who keeps another worker's account: gives, ends and reopens it, and makes the link to choose a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountKeeper<'v> {
    viewer: &'v Viewer,
    worker: WorkerId,
}

/// What the right over an account depends on.
#[derive(Debug, Clone)]
pub struct AccountHolder {
    /// Whose account.
    pub worker: WorkerId,
    /// Their team; absent for a partner agency's worker.
    pub team: Option<TeamId>,
    /// The teams of the families they work with.
    pub works_with: BTreeSet<TeamId>,
    /// Whether they manage a team, administer, review or lead confidential looks.
    pub privileged: bool,
}

impl<'v> AccountKeeper<'v> {
    /// The right of administrators, of whoever manages or oversees the worker's team and, for a worker of no team, of a manager
    /// of a family they work with. Nobody keeps their own account in this way. The accounts of managers and administrators are kept by
    /// administrators alone: whoever could make a link for a manager could become one.
    #[must_use]
    pub fn of(viewer: &'v Viewer, holder: &AccountHolder) -> Option<Self> {
        let manages = |team: TeamId| TeamManager::of(viewer, Some(team)).is_some();
        let theirs = match holder.team {
            Some(team) => manages(team) || viewer.oversees_team(team),
            None => holder.works_with.iter().any(|team| manages(*team)),
        };
        let other = holder.worker != viewer.worker;
        (other && (viewer.administers || (theirs && !holder.privileged)))
            .then_some(Self { viewer, worker: holder.worker })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// Over whose account.
    #[must_use]
    pub const fn worker(self) -> WorkerId {
        self.worker
    }

    /// Whether they may say who the worker is, at an identity provider or as which other entry: administrators alone. Whoever
    /// could name themselves there would be the worker from then on.
    #[must_use]
    pub const fn says_who_they_are(self) -> bool {
        self.viewer.administers
    }
}
