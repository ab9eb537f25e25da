//! Rights over meetings.

use crate::meeting::{Room, Slot};
use crate::viewer::Viewer;
use crate::{FamilyId, MeetingId, PersonId, TeamId};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Somebody who may know of a meeting: what they read of each family is the room's to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeetingReader<'v> {
    viewer: &'v Viewer,
    meeting: MeetingId,
    team: TeamId,
}

impl<'v> MeetingReader<'v> {
    /// The right to know of one meeting; `None` where it is not theirs.
    #[must_use]
    pub fn of(room: &Room, viewer: &'v Viewer) -> Option<Self> {
        room.visible_to(viewer).then_some(Self { viewer, meeting: room.id, team: room.team })
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

/// Whoever chairs or takes the record of a meeting now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeetingRunner<'v> {
    viewer: &'v Viewer,
    meeting: MeetingId,
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

/// Somebody who keeps a running note of a meeting, or kept one before they handed over: they run it or did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoteKeeper<'v> {
    viewer: &'v Viewer,
    meeting: MeetingId,
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

/// Somebody who may change a meeting's plan: they serve its team, or run it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeetingPlanner<'v> {
    viewer: &'v Viewer,
    meeting: MeetingId,
    team: TeamId,
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

/// Whoever chairs a meeting now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeetingChair<'v> {
    viewer: &'v Viewer,
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

/// Somebody who files words that came too late for a family's discussion: they read it or took part in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateAuthor<'v> {
    viewer: &'v Viewer,
    meeting: MeetingId,
    held_on: NaiveDate,
    family: FamilyId,
    children: BTreeSet<PersonId>,
}

impl<'v> LateAuthor<'v> {
    /// The right to file words for one discussion; `None` where it is not theirs. `still_writes`: whether somebody who
    /// took part and does not read it any more may still file.
    #[must_use]
    pub fn of(room: &Room, slot: &Slot, viewer: &'v Viewer, still_writes: bool) -> Option<Self> {
        let took_part = slot.members.contains_key(&viewer.worker) || room.keeps_own(viewer, slot);
        let closed = viewer.projector || slot.is_stood_out_by(viewer) || slot.locked_for(viewer);
        // A guest who was only invited has heard nothing yet.
        let late = !slot.is_guest(viewer.worker) || slot.progress.frozen();
        let theirs = room.reads(viewer, slot) || (took_part && still_writes && late);
        let family = slot.family.filter(|_| theirs && !closed)?;
        Some(Self { viewer, meeting: room.id, held_on: room.held_on, family, children: slot.children.clone() })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(&self) -> &'v Viewer {
        self.viewer
    }

    /// Of which meeting.
    #[must_use]
    pub const fn meeting(&self) -> MeetingId {
        self.meeting
    }

    /// The day it was held.
    #[must_use]
    pub const fn held_on(&self) -> NaiveDate {
        self.held_on
    }

    /// Which family.
    #[must_use]
    pub const fn family(&self) -> FamilyId {
        self.family
    }

    /// The children it was about: words are about some of them, or about the whole family.
    #[must_use]
    pub const fn children(&self) -> &BTreeSet<PersonId> {
        &self.children
    }
}
