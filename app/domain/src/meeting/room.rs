//! What one meeting's journal folds into.

use super::{Area, Plan, Progress, ShortBreak, Slot, SlotPlan};
use crate::dates;
use crate::status::MeetingPhase;
use crate::template::Template;
use crate::{FamilyId, MeetingId, SlotId, TeamId, WorkerId, viewer::Viewer};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Where a meeting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// On the calendar.
    Planned,
    /// Under way.
    Open {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// Over.
    Closed {
        /// When.
        at: DateTime<Utc>,
    },
}

/// What is handed over in a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingRole {
    /// Leading the meeting.
    Chairing,
    /// Taking its record.
    RecordTaking,
}

impl MeetingRole {
    /// What people read.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Chairing => "chairing",
            Self::RecordTaking => "record-taking",
        }
    }
}

/// One change of who chairs or takes the record, for the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub by: WorkerId,
    /// What was handed over.
    pub what: MeetingRole,
    /// Who had it before; absent where the chair took the record as well.
    pub from: Option<WorkerId>,
    /// To whom; absent where nobody takes the record any more.
    pub to: Option<WorkerId>,
    /// Whether it was taken rather than given.
    pub taken: bool,
}

/// One meeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Room {
    /// Its id.
    pub id: MeetingId,
    /// Whose meeting.
    pub team: TeamId,
    /// The day it is held, in London.
    pub held_on: NaiveDate,
    /// When it starts, in London.
    pub starts: NaiveTime,
    /// Place or link.
    pub place: String,
    /// Minutes the room is booked for; the agenda should fit.
    pub booked: u32,
    /// Counts the changes of date, place and agenda, from 1.
    pub plan_revision: u32,
    /// Who chairs now.
    pub chair: WorkerId,
    /// Who takes the record now, where it is not the chair.
    pub record_taker: Option<WorkerId>,
    /// Changes of these two.
    pub handovers: Vec<Handover>,
    /// Where the meeting is.
    pub phase: Phase,
    /// The template it is held under.
    pub template: Template,
    /// The families, in order.
    pub slots: Vec<Slot>,
    /// The family being discussed.
    pub current: Option<SlotId>,
    /// The break the room takes now.
    pub on_break: Option<ShortBreak>,
    /// Families that were taken off the agenda of the open meeting: they come first next time. Nobody's page needs it.
    #[serde(default)]
    pub put_off: BTreeSet<FamilyId>,
}

impl Room {
    /// A slot by id.
    #[must_use]
    pub fn slot(&self, id: SlotId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.id == id)
    }

    /// Date, place and agenda as they stand.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let slots =
            self.slots.iter().map(|slot| SlotPlan { slot: slot.id, family: slot.family, minutes: slot.minutes });
        Plan {
            held_on: self.held_on,
            starts: self.starts,
            place: self.place.clone(),
            booked: self.booked,
            slots: slots.collect(),
        }
    }

    /// The slot of a family.
    #[must_use]
    pub fn slot_of(&self, family: FamilyId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.family == Some(family))
    }

    /// Whether this worker runs the page: chair or record-taker.
    #[must_use]
    pub fn runs(&self, worker: WorkerId) -> bool {
        self.chair == worker || self.record_taker == Some(worker)
    }

    /// Whether this worker runs the page or did in this meeting.
    #[must_use]
    pub fn has_run(&self, worker: WorkerId) -> bool {
        let held = |change: &Handover| change.from == Some(worker) || change.to == Some(worker);
        self.runs(worker) || self.handovers.iter().any(held)
    }

    /// Who chaired or took the record between two moments, in the order they did.
    #[must_use]
    pub fn held_between(&self, role: MeetingRole, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<WorkerId> {
        let now = match role {
            MeetingRole::Chairing => Some(self.chair),
            MeetingRole::RecordTaking => self.record_taker,
        };
        let changes: Vec<&Handover> = self.handovers.iter().filter(|change| change.what == role).collect();
        let began = changes.iter().find(|change| change.at > from).map_or(now, |change| change.from);
        let during = changes.iter().filter(|change| change.at > from && change.at <= until).map(|change| change.to);
        let mut held: Vec<WorkerId> = Vec::new();
        for worker in [began].into_iter().chain(during).flatten() {
            if !held.contains(&worker) {
                held.push(worker);
            }
        }
        held
    }

    /// Whether the meeting is under way.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open { .. })
    }

    /// Whether the meeting is over.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed { .. })
    }

    /// Whether the viewer may know of this meeting at all.
    #[must_use]
    pub fn visible_to(&self, viewer: &Viewer) -> bool {
        let there = |slot: &Slot| slot.is_stood_out_by(viewer) || self.is_for_the_day(viewer.worker, slot);
        let concerned = |slot: &Slot| self.reads(viewer, slot) || (there(slot) && !viewer.projector);
        self.runs(viewer.worker) || viewer.serves(self.team) || self.slots.iter().any(concerned)
    }

    /// Whether the viewer may read this family's part of the meeting.
    #[must_use]
    pub fn reads(&self, viewer: &Viewer, slot: &Slot) -> bool {
        if slot.is_stood_out_by(viewer) || slot.locked_for(viewer) {
            return false;
        }
        if viewer.projector {
            // The wall is opened by somebody who may see every family of the meeting.
            let runs = self.runs(viewer.worker) && !self.is_over_for(viewer);
            return (runs || viewer.serves(self.team))
                && self.current == Some(slot.id)
                && slot.progress.in_discussion();
        }
        self.reads_lastingly(viewer, slot)
            || (self.is_for_the_day(viewer.worker, slot) && !self.is_over_for(viewer) && slot.open_to(viewer.worker))
    }

    /// Whether the viewer reads this family's part also when the meeting is over: they serve the team, or work with the
    /// family.
    fn reads_lastingly(&self, viewer: &Viewer, slot: &Slot) -> bool {
        viewer.serves(self.team) || slot.family.is_some_and(|family| viewer.families.contains(&family))
    }

    /// Whether somebody has a part in this discussion: chair, record-taker, or brought in.
    fn is_for_the_day(&self, worker: WorkerId, slot: &Slot) -> bool {
        self.runs(worker) || slot.members.get(&worker).is_some_and(|member| member.brought_in.is_some())
    }

    /// Whether the meeting is over for somebody who was there for the day only: it is closed, or the day after it was
    /// to be held or was opened has passed.
    #[must_use]
    pub fn is_over_for(&self, viewer: &Viewer) -> bool {
        match self.phase {
            Phase::Planned => viewer.after_the_next_day(self.held_on),
            Phase::Open { since } => viewer.after_the_next_day(dates::london(since).date()),
            Phase::Closed { .. } => true,
        }
    }

    /// Whether the viewer was there for the day only and the meeting, or for a guest the discussion, is over for them: their own
    /// words and steps are left to them until the record is signed.
    #[must_use]
    pub fn keeps_own(&self, viewer: &Viewer, slot: &Slot) -> bool {
        let out = slot.is_stood_out_by(viewer) || slot.locked_for(viewer) || viewer.projector;
        let over = self.is_over_for(viewer) || (slot.is_guest(viewer.worker) && slot.progress.frozen());
        over && !out && self.is_for_the_day(viewer.worker, slot) && !self.reads_lastingly(viewer, slot)
    }

    /// Whether somebody takes part in a discussion: they run the meeting, belong to the discussion, or work with the family
    /// today (`allocated`).
    #[must_use]
    pub fn takes_part(&self, slot: &Slot, worker: WorkerId, allocated: bool) -> bool {
        self.runs(worker) || slot.members.contains_key(&worker) || allocated
    }

    /// The family on a viewer's page, of a room as they see it: the one they look at, else the one being discussed, else
    /// (between families, after the last, and while one that they may not see is discussed) the one that was discussed last,
    /// else the first that is not over, else the first.
    #[must_use]
    pub fn shown(&self, looking: Option<SlotId>) -> Option<SlotId> {
        let readable = |slot: &&Slot| slot.family.is_some();
        let current = || self.current.and_then(|id| self.slot(id)).filter(|slot| readable(slot));
        let over = |slot: &Slot| match slot.progress {
            Progress::Finished { at, .. } | Progress::Postponed { at, .. } => Some(at),
            Progress::Waiting | Progress::InDiscussion { .. } => None,
        };
        let last = || {
            let left = self.phase != Phase::Planned && current().is_none();
            let frozen = self.slots.iter().filter(|slot| left && readable(slot) && over(slot).is_some());
            // Closing postpones what was never begun.
            frozen.max_by_key(|slot| (slot.begun_at.is_some(), over(slot), slot.begun_at))
        };
        let waiting = || self.slots.iter().find(|slot| readable(slot) && !slot.progress.frozen());
        let first = || self.slots.iter().find(readable);
        let looking = looking.filter(|id| self.slot(*id).is_some());
        looking.or_else(|| current().or_else(last).or_else(waiting).or_else(first).map(|slot| slot.id))
    }

    /// Whether somebody who is there is asked where they stand: those who belong to the discussion, also where one of them
    /// takes the record; not the chair, who confirms, and no discipline that the template leaves out.
    #[must_use]
    pub fn asked_for_stance(&self, slot: &Slot, worker: WorkerId) -> bool {
        self.chair != worker
            && slot.members.get(&worker).is_some_and(|member| {
                self.template.discipline(&member.discipline).is_none_or(|discipline| discipline.stance)
            })
    }

    /// Who may be given a step of a family: those who belong to its discussion, and those who run the meeting or did.
    #[must_use]
    pub fn step_owners(&self, slot: &Slot) -> BTreeSet<WorkerId> {
        let handed = self.handovers.iter().flat_map(|change| [change.from, change.to]).flatten();
        slot.members.keys().copied().chain([self.chair]).chain(self.record_taker).chain(handed).collect()
    }

    /// Everybody who is named in what a viewer sees of this room: those who run it or did, those who belong
    /// to a family's discussion, and those whom a box names.
    #[must_use]
    pub fn people(&self) -> BTreeSet<WorkerId> {
        let running = [self.chair].into_iter().chain(self.record_taker);
        let handed = self.handovers.iter().flat_map(|change| [change.by].into_iter().chain(change.to));
        let discussing = self.slots.iter().flat_map(|slot| slot.members.keys().copied());
        let boxes = self.slots.iter().flat_map(|slot| slot.boxes.iter());
        let writing = boxes.flat_map(|(area, text)| {
            let owner = if let Area::Analysis(owner) = area { Some(*owner) } else { None };
            owner.into_iter().chain(text.writers.values().copied()).chain(text.mark.named())
        });
        running.chain(handed).chain(discussing).chain(writing).collect()
    }

    /// Planned minutes of the whole agenda.
    #[must_use]
    pub fn planned_minutes(&self) -> u32 {
        self.slots.iter().map(|slot| slot.minutes).sum()
    }
}

impl From<&Phase> for MeetingPhase {
    fn from(phase: &Phase) -> Self {
        match phase {
            Phase::Planned => Self::Planned,
            Phase::Open { .. } => Self::Open,
            Phase::Closed { .. } => Self::Closed,
        }
    }
}
