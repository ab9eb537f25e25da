//! Rights over families and over the records of a child.

use super::{TeamManager, TeamStaff};
use crate::record::Record;
use crate::status::OpeningKind;
use crate::viewer::Viewer;
use crate::{FamilyId, PersonId, TeamId};

/// What ties a viewer to a family beside allocation and team.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ties {
    /// They chair or take the record of a meeting on it that is not over.
    pub runs_meeting: bool,
    /// They stand out of its discussion in a meeting that is open.
    pub stands_out: bool,
    /// They opened it for an hour, with a reason.
    pub opened: Option<OpeningKind>,
}

/// Why somebody reads a family's workbook: the nearest tie counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// They are allocated to it.
    Allocated,
    /// They work with it in a colleague's place.
    Covers,
    /// They manage its team.
    Manages,
    /// They manage its team for a time, in its manager's place.
    Deputises,
    /// They serve its team.
    Serves,
    /// They chair or take the record of a meeting on it that is not over.
    RunsMeeting,
    /// They opened it for an hour, with a reason.
    Opened(OpeningKind),
}

impl Ground {
    /// "is allocated to the family".
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Allocated => "is allocated to the family",
            Self::Manages => "manages the family’s team",
            Self::Deputises => "manages the family’s team as a deputy",
            Self::Serves => "serves the family’s team",
            Self::RunsMeeting => "runs a meeting on the family",
            Self::Covers => "works with the family in a colleague’s place",
            Self::Opened(OpeningKind::Emergency) => "opened it in an emergency",
            Self::Opened(OpeningKind::Review) => "reviews, with a reason",
            Self::Opened(OpeningKind::Confidential) => "a confidential look that two leads agreed to",
            Self::Opened(OpeningKind::Oversight) => "oversees the family’s team, with a reason",
        }
    }
}

/// Somebody who reads a family's workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilyReader<'v> {
    viewer: &'v Viewer,
    family: FamilyId,
    team: Option<TeamId>,
    opened: Option<OpeningKind>,
}

impl<'v> FamilyReader<'v> {
    /// The right to one family of `team`: working with it, serving its team, running a meeting on it that is not over, or
    /// having opened it; `None` otherwise, while they stand out of its discussion, and where it is locked for others.
    #[must_use]
    pub fn of(viewer: &'v Viewer, family: FamilyId, team: Option<TeamId>, ties: Ties) -> Option<Self> {
        // What is open as a right that ended closes with it.
        let opened = ties.opened.filter(|kind| match kind {
            OpeningKind::Review => viewer.reviews,
            OpeningKind::Oversight => team.is_some_and(|team| viewer.oversees_team(team)),
            OpeningKind::Emergency | OpeningKind::Confidential => true,
        });
        let comes_in = (ties.runs_meeting || opened.is_some()) && !viewer.projector;
        let reads = (viewer.sees_family(family, team) || comes_in) && !viewer.locked_out.contains(&family);
        let opened = opened.filter(|_| !ties.runs_meeting);
        (reads && !ties.stands_out).then_some(Self { viewer, family, team, opened })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// Which family.
    #[must_use]
    pub const fn family(self) -> FamilyId {
        self.family
    }

    /// Whether they work with the family today.
    #[must_use]
    pub fn allocated(self) -> bool {
        self.viewer.families.contains(&self.family)
    }

    /// Whether they read it confidentially: nobody who works with it is to learn of it.
    #[must_use]
    pub fn is_confidential(self) -> bool {
        self.ground() == Ground::Opened(OpeningKind::Confidential)
    }

    /// Why they may read it.
    #[must_use]
    pub fn ground(self) -> Ground {
        match () {
            () if self.viewer.covers.contains_key(&self.family) => Ground::Covers,
            () if self.allocated() => Ground::Allocated,
            () if self.team.is_some_and(|team| self.viewer.deputy.contains(&team)) => Ground::Deputises,
            () if TeamManager::of(self.viewer, self.team).is_some() => Ground::Manages,
            () if self.staff().is_some() => Ground::Serves,
            () => self.opened.map_or(Ground::RunsMeeting, Ground::Opened),
        }
    }

    /// Their right to correct its people, where they serve its team.
    #[must_use]
    pub fn staff(self) -> Option<FamilyStaff<'v>> {
        FamilyStaff::of(self.viewer, self.family, self.team)
    }

    /// Their right to sign for it, where they manage its team; or oversee it, while they have the family open with a reason.
    #[must_use]
    pub fn manager(self) -> Option<FamilyManager<'v>> {
        let manages = TeamManager::of(self.viewer, self.team).is_some();
        let oversees = self.opened == Some(OpeningKind::Oversight);
        (manages || oversees).then_some(FamilyManager(self))
    }
}

/// Somebody who serves a family's team: corrects its people and allocations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilyStaff<'v> {
    viewer: &'v Viewer,
    family: FamilyId,
}

impl<'v> FamilyStaff<'v> {
    /// The right over one family of `team`; `None` where it is not theirs, or locked for others.
    #[must_use]
    pub fn of(viewer: &'v Viewer, family: FamilyId, team: Option<TeamId>) -> Option<Self> {
        TeamStaff::of(viewer, team).filter(|_| !viewer.locked_out.contains(&family)).map(|_| Self { viewer, family })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// Over which family.
    #[must_use]
    pub const fn family(self) -> FamilyId {
        self.family
    }
}

/// Somebody who manages a family's team, or has it open as who oversees that team: signs its records, holds our copies, answers subject access requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilyManager<'v>(FamilyReader<'v>);

impl<'v> FamilyManager<'v> {
    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.0.viewer
    }

    /// Over which family.
    #[must_use]
    pub const fn family(self) -> FamilyId {
        self.0.family
    }

    /// As somebody who reads the family's workbook.
    #[must_use]
    pub const fn reader(self) -> FamilyReader<'v> {
        self.0
    }

    /// Their right to lock the family; `None` for a deputy.
    #[must_use]
    pub fn locker(self) -> Option<FamilyLocker<'v>> {
        let deputy = self.0.team.is_some_and(|team| self.0.viewer.deputy.contains(&team));
        (!deputy).then_some(FamilyLocker(self))
    }
}

/// Somebody who locks a family for all but named people: who manages its team and is no deputy, whose time ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilyLocker<'v>(FamilyManager<'v>);

impl<'v> FamilyLocker<'v> {
    /// As somebody who manages the family's team.
    #[must_use]
    pub const fn manager(self) -> FamilyManager<'v> {
        self.0
    }
}

/// Somebody who manages or oversees the teams of all families of a child: may propose and agree that our copy of the child's records
/// ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChildManager<'v> {
    viewer: &'v Viewer,
    child: PersonId,
}

impl<'v> ChildManager<'v> {
    /// The right over our copy of one child's records; `None` where one of the families is another team's, a record is
    /// closed to them, or there is no record. `teams`: the team of each family that a record belongs to.
    #[must_use]
    pub fn of(viewer: &'v Viewer, child: PersonId, records: &[Record], teams: &[Option<TeamId>]) -> Option<Self> {
        let closed = records.iter().any(|record| record.closed_to(viewer));
        let answers = |team: &Option<TeamId>| {
            TeamManager::of(viewer, *team).is_some() || team.is_some_and(|team| viewer.oversees_team(team))
        };
        let manages = teams.iter().all(answers);
        (!records.is_empty() && !closed && manages).then_some(Self { viewer, child })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// Over whose records.
    #[must_use]
    pub const fn child(self) -> PersonId {
        self.child
    }
}
