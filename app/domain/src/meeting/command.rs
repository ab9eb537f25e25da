//! What people ask for in a meeting.

use super::last_steps::Became;
use super::scales::ScaleValue;
use super::{
    Area, Attendance, ContingencyDraft, ConversationDraft, MeetingPart, Member, OptionDraft, Plan, Position, Removable,
    StepDraft, Wording,
};
use crate::mark::Readers;
use crate::viewer::Viewer;
use crate::{
    ContingencyId, ConversationId, DecisionId, FamilyId, OptionId, PassageId, PersonId, RiskId, SlotId, StepId,
    WorkerId,
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// From one heading to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// The heading the room was at as the sender saw the page.
    pub seen: usize,
    /// The heading to turn to.
    pub to: usize,
}

/// One request. New ids come with it, so that deciding needs no randomness. `revision` is the one its sender saw.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the fields are named by their types; each command says what it asks for")]
pub enum Command {
    /// Change date, place or agenda.
    Replan { revision: u32, plan: Plan },
    /// Change the place of one family that is still to come.
    Rearrange { slot: SlotId, revision: u32, change: AgendaChange },
    /// Open the meeting.
    Open,
    /// Take a break of some minutes.
    CallBreak { minutes: u32 },
    /// Go on after it.
    EndBreak,
    /// Close it; unfinished families are postponed.
    Close,
    /// Begin a family, or come back to it; `seen` is the family that was discussed as its sender saw the page.
    Start { slot: SlotId, seen: Option<SlotId>, decision: DecisionId },
    /// Stop the clock.
    Pause { slot: SlotId },
    /// Let the clock run.
    Resume { slot: SlotId },
    /// Turn to a heading.
    Stage { slot: SlotId, turn: Turn },
    /// Mark one person's attendance.
    Attend { slot: SlotId, worker: WorkerId, how: Attendance },
    /// Mark everybody not yet marked as in the room.
    EverybodyHere { slot: SlotId },
    /// Bring somebody in for this family.
    BringIn { slot: SlotId, worker: WorkerId, why: String },
    /// Take back that somebody was brought in, before they took part.
    TakeBackBringIn { slot: SlotId, worker: WorkerId },
    /// Hand chairing to somebody.
    HandOverChair { to: WorkerId },
    /// Hand record-taking to somebody, or take it oneself; `seen` is who took the record as its sender saw the page.
    HandOverRecord { seen: Option<WorkerId>, to: Option<WorkerId> },
    /// Take over chairing from whoever was seen to chair, as a manager of the team.
    TakeOver { seen: WorkerId },
    /// Words for a box, by a pen that belongs to the sender.
    Type { slot: SlotId, area: Area, update: Vec<u8>, pen: u64 },
    /// Mark a part.
    Mark { slot: SlotId, part: MeetingPart, readers: Readers, not_in_copies_for: BTreeSet<PersonId>, reason: String },
    /// Mark the places of a box where `words` stand.
    MarkPassage {
        slot: SlotId,
        area: Area,
        passage: PassageId,
        words: String,
        not_in_copies_for: BTreeSet<PersonId>,
        reason: String,
    },
    /// Take the mark of a passage off.
    ReleasePassage { slot: SlotId, area: Area, passage: PassageId },
    /// Hide one's own box until the chair reveals it.
    Hide { slot: SlotId },
    /// Show one's own hidden box before the chair reveals it.
    Show { slot: SlotId },
    /// Show what is hidden.
    Reveal { slot: SlotId },
    /// Stand out of a family for a conflict of interest, or come back.
    StandOut { slot: SlotId, out: bool },
    /// Word a decision.
    Word { slot: SlotId, decision: DecisionId, revision: u32, wording: Wording },
    /// Give a child a decision of their own.
    Split { slot: SlotId, child: PersonId, decision: DecisionId },
    /// Put a decision made apart back with the first.
    Join { slot: SlotId, decision: DecisionId },
    /// Say where somebody stands.
    Stand { slot: SlotId, decision: DecisionId, revision: u32, worker: WorkerId, position: Position, reason: String },
    /// Everybody asked agreed, except those named.
    AllAgree {
        slot: SlotId,
        decision: DecisionId,
        revision: u32,
        /// Who stands elsewhere, and why in their words; the reason may follow.
        except: BTreeMap<WorkerId, (Position, String)>,
        /// Whether everybody else who is there said that they agree; otherwise they have said nothing.
        others: bool,
    },
    /// Confirm a decision, and turn to another heading where the room is still at the one that was seen.
    Confirm { slot: SlotId, decision: DecisionId, revision: u32, then: Option<Turn> },
    /// Confirm all decisions that were read back, or none.
    ConfirmAll { slot: SlotId, revisions: BTreeMap<DecisionId, u32> },
    /// Add a step.
    AddStep { slot: SlotId, step: StepId, draft: StepDraft },
    /// Change a step.
    ChangeStep { slot: SlotId, step: StepId, revision: u32, draft: StepDraft },
    /// Take a step, an option, a contingency or a conversation off the table.
    Remove { slot: SlotId, part: Removable },
    /// Put back what was taken off the table, as it stood.
    BringBack { slot: SlotId, part: Removable },
    /// Set the question for today.
    AskQuestion { slot: SlotId, question: String, seen: String },
    /// Say what became of a step agreed earlier.
    AnswerLastStep { slot: SlotId, step: StepId, became: Became, due: Option<NaiveDate>, word: String },
    /// Take back the last mark of how somebody takes part, so that they are marked as `before` again.
    TakeBackAttendance { slot: SlotId, worker: WorkerId, before: Attendance },
    /// Take back what this meeting said of a step agreed earlier.
    TakeBackLastStep { slot: SlotId, step: StepId },
    /// Answer a question of the template with a number, or pass.
    AnswerScale {
        slot: SlotId,
        scale: String,
        child: Option<PersonId>,
        worker: WorkerId,
        answer: ScaleValue,
        why: String,
    },
    /// Show everybody's numbers.
    RevealScales { slot: SlotId },
    /// Write down what the numbers mean.
    WordScales { slot: SlotId, words: String },
    /// Write down an option, or word it anew.
    ConsiderOption { slot: SlotId, option: OptionId, draft: OptionDraft },
    /// Agree what is done if something happens, or word it anew.
    AgreeContingency { slot: SlotId, contingency: ContingencyId, draft: ContingencyDraft },
    /// Agree a conversation, or word it anew.
    AgreeConversation { slot: SlotId, conversation: ConversationId, draft: ConversationDraft },
    /// Agree when the family is discussed next; nobody said where absent.
    AgreeNextDate { slot: SlotId, day: Option<NaiveDate>, seen: Option<NaiveDate> },
    /// Raise an urgent risk.
    RaiseRisk { slot: SlotId, risk: RiskId, what: String },
    /// Acknowledge an urgent risk.
    AcknowledgeRisk { slot: SlotId, risk: RiskId },
    /// Freeze the family's part and draft the records.
    Finish { slot: SlotId },
    /// Take a finished family back into discussion; its drafts are withdrawn and made anew when it is finished again.
    Reopen { slot: SlotId },
    /// Postpone the family.
    Postpone { slot: SlotId },
}

impl Command {
    /// The family's part it is about; `None` for what concerns the whole meeting.
    #[must_use]
    pub const fn slot(&self) -> Option<SlotId> {
        match self {
            Self::Replan { .. }
            | Self::Open
            | Self::CallBreak { .. }
            | Self::EndBreak
            | Self::Close
            | Self::HandOverChair { .. }
            | Self::HandOverRecord { .. }
            | Self::TakeOver { .. } => None,
            Self::Rearrange { slot, .. }
            | Self::Start { slot, .. }
            | Self::Pause { slot }
            | Self::Resume { slot }
            | Self::Stage { slot, .. }
            | Self::Attend { slot, .. }
            | Self::EverybodyHere { slot }
            | Self::BringIn { slot, .. }
            | Self::TakeBackBringIn { slot, .. }
            | Self::Type { slot, .. }
            | Self::Mark { slot, .. }
            | Self::MarkPassage { slot, .. }
            | Self::ReleasePassage { slot, .. }
            | Self::Hide { slot }
            | Self::Show { slot }
            | Self::Reveal { slot }
            | Self::StandOut { slot, .. }
            | Self::Word { slot, .. }
            | Self::Split { slot, .. }
            | Self::Join { slot, .. }
            | Self::Stand { slot, .. }
            | Self::AllAgree { slot, .. }
            | Self::Confirm { slot, .. }
            | Self::ConfirmAll { slot, .. }
            | Self::AddStep { slot, .. }
            | Self::ChangeStep { slot, .. }
            | Self::Remove { slot, .. }
            | Self::BringBack { slot, .. }
            | Self::AskQuestion { slot, .. }
            | Self::AnswerLastStep { slot, .. }
            | Self::TakeBackLastStep { slot, .. }
            | Self::TakeBackAttendance { slot, .. }
            | Self::AnswerScale { slot, .. }
            | Self::RevealScales { slot }
            | Self::WordScales { slot, .. }
            | Self::ConsiderOption { slot, .. }
            | Self::AgreeContingency { slot, .. }
            | Self::AgreeConversation { slot, .. }
            | Self::AgreeNextDate { slot, .. }
            | Self::RaiseRisk { slot, .. }
            | Self::AcknowledgeRisk { slot, .. }
            | Self::Finish { slot }
            | Self::Reopen { slot }
            | Self::Postpone { slot } => Some(*slot),
        }
    }

    /// Whether it may write to the family's workbook as well, in the same commit.
    #[must_use]
    pub const fn writes_to_workbook(&self) -> bool {
        match self {
            Self::Finish { .. }
            | Self::Reopen { .. }
            | Self::AnswerLastStep { .. }
            | Self::TakeBackLastStep { .. }
            | Self::RaiseRisk { .. }
            | Self::AcknowledgeRisk { .. } => true,
            Self::Replan { .. }
            | Self::Open
            | Self::CallBreak { .. }
            | Self::EndBreak
            | Self::Close
            | Self::HandOverChair { .. }
            | Self::HandOverRecord { .. }
            | Self::TakeOver { .. }
            | Self::Rearrange { .. }
            | Self::Start { .. }
            | Self::Pause { .. }
            | Self::Resume { .. }
            | Self::Stage { .. }
            | Self::Attend { .. }
            | Self::EverybodyHere { .. }
            | Self::BringIn { .. }
            | Self::TakeBackBringIn { .. }
            | Self::Type { .. }
            | Self::Mark { .. }
            | Self::MarkPassage { .. }
            | Self::ReleasePassage { .. }
            | Self::Hide { .. }
            | Self::Show { .. }
            | Self::Reveal { .. }
            | Self::StandOut { .. }
            | Self::Word { .. }
            | Self::Split { .. }
            | Self::Join { .. }
            | Self::Stand { .. }
            | Self::AllAgree { .. }
            | Self::Confirm { .. }
            | Self::ConfirmAll { .. }
            | Self::AddStep { .. }
            | Self::ChangeStep { .. }
            | Self::Remove { .. }
            | Self::BringBack { .. }
            | Self::AskQuestion { .. }
            | Self::TakeBackAttendance { .. }
            | Self::AnswerScale { .. }
            | Self::RevealScales { .. }
            | Self::WordScales { .. }
            | Self::ConsiderOption { .. }
            | Self::AgreeContingency { .. }
            | Self::AgreeConversation { .. }
            | Self::AgreeNextDate { .. }
            | Self::Postpone { .. } => false,
        }
    }
}

/// One press that changes the rest of the agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgendaChange {
    /// One place later.
    Later,
    /// Left for another day; the family stays due.
    Postpone,
    /// Ten more minutes.
    MoreTime,
}

/// A step agreed earlier, as the family's workbook has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierStep {
    /// Its words.
    pub what: String,
    /// The children it was agreed for; empty means all.
    pub children: BTreeSet<PersonId>,
    /// Who was to do it.
    pub owner: Option<WorkerId>,
}

/// What is true outside the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The children of each family on the agenda.
    pub children: BTreeMap<FamilyId, BTreeSet<PersonId>>,
    /// Who is allocated to each family today.
    pub members: BTreeMap<FamilyId, BTreeMap<WorkerId, Member>>,
    /// The names by which a family's people can be chosen.
    pub people: BTreeMap<FamilyId, BTreeSet<String>>,
    /// Steps of a family's workbook that were agreed in earlier meetings.
    pub last_steps: BTreeMap<StepId, EarlierStep>,
    /// The references of families whose names the viewer may know, for messages.
    pub references: BTreeMap<FamilyId, String>,
    /// Whether a child of the family that is finished has a factor of domestic abuse today.
    pub domestic_abuse: bool,
    /// Whether a record of the family that is reopened is signed: then nothing is reopened any more.
    pub signed: bool,
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
    pub surroundings: &'a Surroundings,
}
