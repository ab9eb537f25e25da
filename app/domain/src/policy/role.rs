//! Roles that are given: to whom, for how long, by whom. What a discipline and an allocation give is not given here.

use crate::status::Role;
use crate::viewer::Viewer;
use crate::{FamilyId, GrantId, TeamId, WorkerId};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A role with what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum GivenRole {
    /// People, accounts, roles and settings.
    Administrator,
    /// Manages a team.
    Deputy {
        /// Which.
        team: TeamId,
    },
    /// Works with a colleague's families in one team.
    Cover {
        /// In whose place.
        of: WorkerId,
        /// The team whose families these are: its manager agreed, so it reaches no further.
        team: TeamId,
    },
    /// Reads with a reason.
    Reviewer,
    /// Agrees to confidential looks.
    Lead,
}

impl GivenRole {
    /// Which role it is.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Administrator => Role::Administrator,
            Self::Deputy { .. } => Role::Deputy,
            Self::Cover { .. } => Role::Cover,
            Self::Reviewer => Role::Reviewer,
            Self::Lead => Role::Lead,
        }
    }

    /// For which team it is.
    #[must_use]
    pub const fn team(self) -> Option<TeamId> {
        match self {
            Self::Administrator | Self::Reviewer | Self::Lead => None,
            Self::Deputy { team } | Self::Cover { team, .. } => Some(team),
        }
    }

    /// In whose place somebody works.
    #[must_use]
    pub const fn in_place_of(self) -> Option<WorkerId> {
        match self {
            Self::Cover { of, .. } => Some(of),
            Self::Administrator | Self::Deputy { .. } | Self::Reviewer | Self::Lead => None,
        }
    }

    /// For how many days it can be given at once; `None` where it is until somebody ends it.
    #[must_use]
    pub const fn longest(self) -> Option<u64> {
        match self {
            Self::Administrator => None,
            Self::Deputy { .. } | Self::Cover { .. } => Some(184),
            Self::Reviewer | Self::Lead => Some(366),
        }
    }
}

/// A role that somebody holds, or held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Who.
    pub worker: WorkerId,
    /// What.
    pub given: GivenRole,
    /// First day.
    pub starts: NaiveDate,
    /// The day from which it counts no more.
    pub ends: Option<NaiveDate>,
}

/// A role is given at most so many days ahead: what is for a time is not given for years.
const AHEAD: u64 = 92;

impl Grant {
    /// Whether it counts on a day.
    #[must_use]
    pub fn counts(&self, today: NaiveDate) -> bool {
        self.starts <= today && self.ends.is_none_or(|ends| ends > today)
    }

    /// Whether it is over.
    #[must_use]
    pub fn over(&self, today: NaiveDate) -> bool {
        self.ends.is_some_and(|ends| ends <= today)
    }

    /// What is wrong with its days.
    #[must_use]
    pub fn days_wrong(&self, today: NaiveDate) -> Option<&'static str> {
        let longest = self.given.longest();
        match (self.ends, longest) {
            _ if today.checked_add_days(Days::new(AHEAD)).is_some_and(|last| self.starts > last) => {
                Some("It starts more than three months from now. Give it then.")
            }
            (Some(_), None) => Some("This role has no last day. Leave it empty, and end the role when it is over."),
            (None, Some(_)) => Some("Say until when: this role is given for a time."),
            (Some(ends), _) if ends <= self.starts => Some("It ends before it starts. Correct one of the dates."),
            (Some(ends), _) if ends <= today => Some("It is over already. Choose a later last day."),
            (Some(ends), Some(days))
                if self.starts.checked_add_days(Days::new(days)).is_some_and(|last| ends > last) =>
            {
                Some("This is longer than half a year, or for a reviewer or a lead a year. Give it again when it ends.")
            }
            _ => None,
        }
    }
}

/// Somebody who may give a role to another worker, and end it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleKeeper<'v> {
    viewer: &'v Viewer,
    worker: WorkerId,
    given: GivenRole,
}

impl<'v> RoleKeeper<'v> {
    /// The right of an administrator over administrators, reviewers and leads, of whoever manages or oversees a team over its deputies,
    /// and of a manager over cover in their own team. Nobody gives a role to themselves, and a deputy makes no deputies: what is for a time would go on without end.
    #[must_use]
    pub fn of(viewer: &'v Viewer, worker: WorkerId, given: GivenRole) -> Option<Self> {
        let theirs = match given {
            GivenRole::Administrator | GivenRole::Reviewer | GivenRole::Lead => viewer.administers,
            GivenRole::Deputy { team } => viewer.answers_for(team),
            GivenRole::Cover { of, team } => viewer.manages_team(team) && of != worker,
        };
        (theirs && worker != viewer.worker && !viewer.projector).then_some(Self { viewer, worker, given })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// To whom it may be given.
    #[must_use]
    pub const fn worker(self) -> WorkerId {
        self.worker
    }

    /// What may be given.
    #[must_use]
    pub const fn given(self) -> GivenRole {
        self.given
    }
}

/// Somebody who sees who holds which role: administrators all of them, managers those of their teams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleReader<'v> {
    viewer: &'v Viewer,
}

impl<'v> RoleReader<'v> {
    /// The right; `None` for whoever neither administers nor manages.
    #[must_use]
    pub fn of(viewer: &'v Viewer) -> Option<Self> {
        (viewer.administers || viewer.is_manager()).then_some(Self { viewer })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// Whether they see that somebody holds this.
    #[must_use]
    pub fn sees(self, given: GivenRole) -> bool {
        let theirs = |team: TeamId| self.viewer.manages_team(team) || self.viewer.oversees_team(team);
        self.viewer.administers || given.team().is_some_and(theirs)
    }
}

/// Somebody who may end a role that was given: whoever holds the role, or may give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleEnder<'v> {
    viewer: &'v Viewer,
    id: GrantId,
}

impl<'v> RoleEnder<'v> {
    /// The right over one grant, which has this id; `None` where it is not theirs.
    #[must_use]
    pub fn of(viewer: &'v Viewer, id: GrantId, grant: &Grant) -> Option<Self> {
        let theirs = grant.worker == viewer.worker || RoleKeeper::of(viewer, grant.worker, grant.given).is_some();
        theirs.then_some(Self { viewer, id })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// Over which grant.
    #[must_use]
    pub const fn grant(self) -> GrantId {
        self.id
    }
}

/// How many administrators there must be left: once there were two there are two, so that one who leaves locks nobody out.
pub const ADMINISTRATORS: usize = 2;

/// Whether an administrator's role may end while so many hold it.
#[must_use]
pub const fn may_end_administrator(holders: usize) -> bool {
    holders > ADMINISTRATORS
}

impl Viewer {
    /// The same person once `grants` count: those of others, and those of another day, give nothing. `families_of`: whom a
    /// worker is allocated to, in the families of one team.
    #[must_use]
    pub fn with_roles(
        mut self, grants: &[Grant], families_of: impl Fn(WorkerId, TeamId) -> BTreeSet<FamilyId>,
    ) -> Self {
        for grant in grants.iter().filter(|grant| grant.worker == self.worker && grant.counts(self.today)) {
            match grant.given {
                GivenRole::Administrator => self.administers = true,
                GivenRole::Reviewer => self.reviews = true,
                GivenRole::Lead => self.leads = true,
                GivenRole::Deputy { team } => {
                    if self.manages.insert(team) {
                        self.deputy.insert(team);
                    }
                }
                GivenRole::Cover { of, team } => {
                    for family in families_of(of, team) {
                        if self.families.insert(family) {
                            self.covers.insert(family, of);
                        }
                    }
                }
            }
        }
        self
    }
}
