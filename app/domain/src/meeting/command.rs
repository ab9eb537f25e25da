//! What people ask for in a meeting.

use super::{Area, Attendance, Mark, Member, Plan, Position, Practised, StepDraft, Wording};
use crate::{DecisionId, FamilyId, PersonId, SlotId, StepId, WorkerId, viewer::Viewer};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// One request. New ids come with it, so that deciding needs no randomness.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Change date, place or agenda.
    Replan(Plan),
    /// Open the meeting.
    Open,
    /// Close it; unfinished families are adjourned.
    Close,
    /// Begin a family, or come back to it.
    Start(SlotId, DecisionId),
    /// Stop the clock.
    Pause(SlotId),
    /// Let the clock run.
    Resume(SlotId),
    /// Turn to a heading.
    Stage(SlotId, usize),
    /// Mark one person's attendance.
    Attend(SlotId, WorkerId, Attendance),
    /// Mark everybody not yet marked as in the room.
    EverybodyHere(SlotId),
    /// Bring somebody in for this family: who, discipline, why.
    BringIn(SlotId, WorkerId, Member),
    /// Hand chairing to somebody.
    HandOverChair(WorkerId),
    /// Hand record-taking to somebody, or take it oneself.
    HandOverRecord(Option<WorkerId>),
    /// Take over chairing, as a manager of the team.
    TakeOver,
    /// Words for a box, by a pen that belongs to the sender.
    Type(SlotId, Area, Vec<u8>, u64),
    /// Mark a box.
    Mark(SlotId, Area, Mark),
    /// Hide one's own box until the chair reveals it.
    Seal(SlotId),
    /// Show what is sealed.
    Reveal(SlotId),
    /// Stand out of a family for a conflict of interest, or come back.
    StandOut(SlotId, bool),
    /// Word a decision, based on a revision.
    Word(SlotId, DecisionId, u32, Wording),
    /// Give a child a decision of their own.
    Split(SlotId, PersonId, DecisionId),
    /// Put a decision made apart back with the first.
    Join(SlotId, DecisionId),
    /// Stand somewhere on a revision.
    Stand(SlotId, DecisionId, u32, WorkerId, Position, String),
    /// Everybody asked agreed, except those named.
    AllAgree(SlotId, DecisionId, u32, Vec<(WorkerId, Position, String)>),
    /// Confirm a revision.
    Confirm(SlotId, DecisionId, u32),
    /// Add a step.
    AddStep(SlotId, StepId, StepDraft),
    /// Change a step, based on a revision.
    ChangeStep(SlotId, StepId, u32, StepDraft),
    /// Take a step off the table.
    RemoveStep(SlotId, StepId),
    /// Do something of the practice.
    Practise(SlotId, Practised),
    /// Freeze the family's part and draft the records.
    Finish(SlotId),
    /// Adjourn the family.
    Adjourn(SlotId),
}

/// What is true outside the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The children of each family on the agenda.
    pub children: BTreeMap<FamilyId, BTreeSet<PersonId>>,
    /// Who is allocated to each family today.
    pub members: BTreeMap<FamilyId, BTreeMap<WorkerId, Member>>,
    /// What somebody who is not there sent beforehand, as an update for their empty box.
    pub sent: Option<Vec<u8>>,
    /// Who has said that they are away today.
    pub away: BTreeSet<WorkerId>,
    /// Everybody who can be brought in or take the chair, with their discipline.
    pub workers: BTreeMap<WorkerId, String>,
}

/// Who asks, when, and what is true outside the journal.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Now.
    pub now: DateTime<Utc>,
    /// Who asks.
    pub viewer: &'a Viewer,
    /// The tables' side of things.
    pub facts: &'a Facts,
}
