//! Who may do what. A right is a value that only this module makes: a use case that takes one cannot be reached without
//! it. Rights over one thing carry which thing it is, so that the right over one family never serves for another. What
//! is the viewer's own (their steps, absences, lists of what they may see) needs no other value than the viewer. Commands
//! of a meeting are decided under its lock, by `meeting::decide`, with the values made there.

use crate::meeting::Room;
use crate::record::Record;
use crate::viewer::Viewer;
use crate::{FamilyId, MeetingId, PersonId, RecordId, TeamId};
use std::collections::BTreeSet;

/// Somebody who serves at least one team, as manager or record-taker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Staff<'v> {
    viewer: &'v Viewer,
}

/// Somebody who serves a team, as manager or record-taker: plans its meetings, reads and corrects its families.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeamStaff<'v> {
    viewer: &'v Viewer,
    team: TeamId,
}

/// Somebody who manages a team: takes the chair of its meetings, plans them, acknowledges urgent risks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeamManager<'v> {
    viewer: &'v Viewer,
    team: TeamId,
}

/// Somebody who manages the teams of all families of a child: may propose and agree that our copy of the child's records
/// ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChildManager<'v> {
    viewer: &'v Viewer,
    child: PersonId,
}

/// Somebody who reads a family's workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilyReader<'v> {
    viewer: &'v Viewer,
    family: FamilyId,
    team: Option<TeamId>,
}

/// Somebody who serves a family's team: corrects its people and allocations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilyStaff<'v> {
    viewer: &'v Viewer,
    family: FamilyId,
}

/// Somebody who manages a family's team: signs its records, holds our copies, answers subject access requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilyManager<'v>(FamilyReader<'v>);

/// What ties a viewer to a family beside allocation and team.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ties {
    /// They chair or take the record of a meeting on it that is not over.
    pub runs_meeting: bool,
    /// They stand out of its discussion in a meeting that is open.
    pub stands_out: bool,
}

/// Somebody who may know of a meeting: what they read of each family is the room's to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeetingReader<'v> {
    viewer: &'v Viewer,
    meeting: MeetingId,
    team: TeamId,
}

/// Whoever chairs or takes the record of a meeting now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeetingRunner<'v> {
    viewer: &'v Viewer,
    meeting: MeetingId,
}

/// Somebody who keeps a running note of a meeting, or kept one before they handed over: they run it or did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoteKeeper<'v> {
    viewer: &'v Viewer,
    meeting: MeetingId,
}

/// Somebody who may change a meeting's plan: they serve its team, or run it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeetingPlanner<'v> {
    viewer: &'v Viewer,
    meeting: MeetingId,
    team: TeamId,
}

/// Whoever chairs a meeting now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeetingChair<'v> {
    viewer: &'v Viewer,
}

/// Somebody who reads a child's record. What they may do with it beyond reading is asked of this value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordReader<'v> {
    family: FamilyReader<'v>,
    record: RecordId,
    took_part: bool,
}

/// Somebody who keeps a record: answers corrections, completes steps and reasons, makes copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordKeeper<'v>(RecordReader<'v>);

/// Somebody who answers for a record: decides what was not decided, answers addenda and dissents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordManager<'v>(RecordReader<'v>);

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

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }
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

impl<'v> ChildManager<'v> {
    /// The right over our copy of one child's records; `None` where one of the families is another team's, a record is
    /// closed to them, or there is no record. `teams`: the team of each family that a record belongs to.
    #[must_use]
    pub fn of(viewer: &'v Viewer, child: PersonId, records: &[Record], teams: &[Option<TeamId>]) -> Option<Self> {
        let closed = records.iter().any(|record| record.closed_to(viewer.worker));
        let manages = teams.iter().all(|team| TeamManager::of(viewer, *team).is_some());
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

impl<'v> FamilyReader<'v> {
    /// The right to one family of `team`: allocated to it, serving its team, or running a meeting on it that is not over;
    /// `None` otherwise, and while they stand out of its discussion.
    #[must_use]
    pub fn of(viewer: &'v Viewer, family: FamilyId, team: Option<TeamId>, ties: Ties) -> Option<Self> {
        let reads = viewer.sees_family(family, team) || (ties.runs_meeting && !viewer.projector);
        (reads && !ties.stands_out).then_some(Self { viewer, family, team })
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

    /// Whether they are allocated to the family today.
    #[must_use]
    pub fn allocated(self) -> bool {
        self.viewer.families.contains(&self.family)
    }

    /// Their right to correct its people, where they serve its team.
    #[must_use]
    pub fn staff(self) -> Option<FamilyStaff<'v>> {
        FamilyStaff::of(self.viewer, self.family, self.team)
    }

    /// Their right to sign for it, where they manage its team.
    #[must_use]
    pub fn manager(self) -> Option<FamilyManager<'v>> {
        TeamManager::of(self.viewer, self.team).map(|_| FamilyManager(self))
    }
}

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
}

impl<'v> FamilyStaff<'v> {
    /// The right over one family of `team`; `None` where it is not theirs.
    #[must_use]
    pub fn of(viewer: &'v Viewer, family: FamilyId, team: Option<TeamId>) -> Option<Self> {
        TeamStaff::of(viewer, team).map(|_| Self { viewer, family })
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

impl<'v> MeetingReader<'v> {
    /// The right to know of one meeting; `None` where it is not theirs.
    #[must_use]
    pub fn of(room: &Room, viewer: &'v Viewer) -> Option<Self> {
        room.known_to(viewer).then_some(Self { viewer, meeting: room.id, team: room.team })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// Which meeting.
    #[must_use]
    pub const fn meeting(self) -> MeetingId {
        self.meeting
    }

    /// Whose meeting.
    #[must_use]
    pub const fn team(self) -> TeamId {
        self.team
    }
}

impl<'v> MeetingRunner<'v> {
    /// The right over one meeting; `None` where it is not theirs.
    #[must_use]
    pub fn of(room: &Room, viewer: &'v Viewer) -> Option<Self> {
        room.runs(viewer.worker).then_some(Self { viewer, meeting: room.id })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// Which meeting.
    #[must_use]
    pub const fn meeting(self) -> MeetingId {
        self.meeting
    }
}

impl<'v> NoteKeeper<'v> {
    /// The right over one's own note of a meeting; `None` where one has never run it.
    #[must_use]
    pub fn of(room: &Room, viewer: &'v Viewer) -> Option<Self> {
        room.has_run(viewer.worker).then_some(Self { viewer, meeting: room.id })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// Which meeting.
    #[must_use]
    pub const fn meeting(self) -> MeetingId {
        self.meeting
    }
}

impl<'v> MeetingPlanner<'v> {
    /// The right over one meeting's plan; `None` where it is not theirs.
    #[must_use]
    pub fn of(room: &Room, viewer: &'v Viewer) -> Option<Self> {
        let plans = viewer.serves(room.team) || room.runs(viewer.worker);
        plans.then_some(Self { viewer, meeting: room.id, team: room.team })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }

    /// Which meeting.
    #[must_use]
    pub const fn meeting(self) -> MeetingId {
        self.meeting
    }

    /// Whose meeting: it stays its team's.
    #[must_use]
    pub const fn team(self) -> TeamId {
        self.team
    }
}

impl<'v> MeetingChair<'v> {
    /// The right over one meeting; `None` where somebody else chairs.
    #[must_use]
    pub fn of(room: &Room, viewer: &'v Viewer) -> Option<Self> {
        (room.chair == viewer.worker).then_some(Self { viewer })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }
}

impl<'v> RecordReader<'v> {
    /// The right to one record of a family; `None` where it is another family's, or they stood out of its discussion.
    #[must_use]
    pub fn of(family: FamilyReader<'v>, record: &Record) -> Option<Self> {
        let worker = family.viewer.worker;
        let took_part = record.attendance.iter().any(|present| present.who.worker == worker);
        let open = record.family == family.family && !record.closed_to(worker);
        open.then_some(Self { family, record: record.id, took_part })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.family.viewer
    }

    /// Their right to the family.
    #[must_use]
    pub const fn family(self) -> FamilyReader<'v> {
        self.family
    }

    /// Which record.
    #[must_use]
    pub const fn record(self) -> RecordId {
        self.record
    }

    /// Whether they may ask for corrections, and after signing for an addendum.
    #[must_use]
    pub fn may_ask(self) -> bool {
        self.took_part || self.family.allocated() || self.family.staff().is_some()
    }

    /// Their right to keep the record, where they serve the family's team.
    #[must_use]
    pub fn keeper(self) -> Option<RecordKeeper<'v>> {
        self.family.staff().map(|_| RecordKeeper(self))
    }

    /// Their right to answer for the record, where they manage the family's team.
    #[must_use]
    pub fn manager(self) -> Option<RecordManager<'v>> {
        self.family.manager().map(|_| RecordManager(self))
    }
}

impl<'v> RecordKeeper<'v> {
    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.0.family.viewer
    }

    /// As somebody who reads the record.
    #[must_use]
    pub const fn reader(self) -> RecordReader<'v> {
        self.0
    }
}

impl<'v> RecordManager<'v> {
    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.0.family.viewer
    }

    /// As somebody who reads the record.
    #[must_use]
    pub const fn reader(self) -> RecordReader<'v> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WorkerId;
    use uuid::Uuid;

    fn viewer(allocated: bool, manages: bool, records: bool, projector: bool) -> Viewer {
        let team = |serves: bool| serves.then(|| TeamId::new(Uuid::from_u128(1))).into_iter().collect();
        Viewer {
            worker: WorkerId::new(Uuid::from_u128(2)),
            families: allocated.then(|| FamilyId::new(Uuid::from_u128(3))).into_iter().collect(),
            manages: team(manages),
            records: team(records),
            projector,
        }
    }

    /// Reads, corrects, signs: for each way to be tied to a family, and for none.
    #[test]
    fn a_family_is_read_corrected_and_signed_for_by_whom_the_table_names() {
        let (family, team) = (FamilyId::new(Uuid::from_u128(3)), Some(TeamId::new(Uuid::from_u128(1))));
        let (other, none) = (Some(TeamId::new(Uuid::from_u128(9))), Ties::default());
        let runs = Ties { runs_meeting: true, stands_out: false };
        let out = Ties { runs_meeting: true, stands_out: true };
        for (viewer, team, ties, expected) in [
            (viewer(false, false, false, false), team, none, (false, false, false)),
            (viewer(true, false, false, false), team, none, (true, false, false)),
            (viewer(true, false, false, false), None, none, (true, false, false)),
            (viewer(false, false, true, false), team, none, (true, true, false)),
            (viewer(false, true, false, false), team, none, (true, true, true)),
            (viewer(false, true, true, false), other, none, (false, false, false)),
            (viewer(false, true, false, false), None, none, (false, false, false)),
            (viewer(false, false, false, false), team, runs, (true, false, false)),
            (viewer(true, true, true, false), team, out, (false, false, false)),
            (viewer(true, true, true, true), team, runs, (false, false, false)),
        ] {
            let reader = FamilyReader::of(&viewer, family, team, ties);
            let staff = reader.and_then(FamilyReader::staff).is_some();
            let manager = reader.and_then(FamilyReader::manager).is_some();
            assert_eq!((reader.is_some(), staff, manager), expected, "{viewer:?} {team:?} {ties:?}");
        }
    }
}
