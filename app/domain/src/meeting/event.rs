//! What a meeting's journal holds. Never changed, only added to; a golden journal is replayed in tests.

use super::analysis::Area;
use super::{
    Attendance, ContingencyDraft, ConversationDraft, LastStep, MeetingPart, Member, OptionDraft, Position, Removable,
    ScaleAnswer, StepDraft, Wording,
};
use crate::mark::Readers;
use crate::prose::{TextRange, base64_bytes};
use crate::template::Template;
use crate::{
    ContingencyId, ConversationId, DecisionId, FamilyId, MeetingId, OptionId, PassageId, PersonId, RiskId, SlotId,
    StepId, TeamId, WorkerId,
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The version that new events are written in.
pub const VERSION: i64 = 1;

/// One line of a journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry<E> {
    /// Place in the journal, from 1.
    pub seq: i64,
    /// When the server took it.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub by: WorkerId,
    /// What happened.
    pub event: E,
}

/// One family on a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotPlan {
    /// The slot's id, kept when the plan changes.
    pub slot: SlotId,
    /// Which family; absent in the view of those who may not see it.
    pub family: Option<FamilyId>,
    /// Minutes planned.
    pub minutes: u32,
}

/// What is set when a meeting is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The day, in London.
    pub held_on: NaiveDate,
    /// The start, in London.
    pub starts: NaiveTime,
    /// Place or link.
    pub place: String,
    /// Minutes booked.
    pub booked: u32,
    /// The families in order.
    pub slots: Vec<SlotPlan>,
}

/// What happened in a meeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The meeting was planned; always the first event.
    Planned {
        /// Which meeting.
        meeting: MeetingId,
        /// Whose.
        team: TeamId,
        /// Who will chair.
        chair: WorkerId,
        /// Who will take the record.
        record_taker: Option<WorkerId>,
        /// Date, place and agenda.
        plan: Plan,
        /// The template it is held under.
        template: Box<Template>,
    },
    /// Date, place or agenda changed.
    Replanned {
        /// As it is now.
        plan: Plan,
    },
    /// The meeting was opened.
    Opened,
    /// The room takes a break.
    BreakCalled {
        /// How long.
        minutes: u32,
        /// The family whose clock stands still meanwhile.
        paused: Option<SlotId>,
    },
    /// The room goes on.
    BreakEnded,
    /// The meeting was closed; families not finished are postponed with it.
    Closed,
    /// A family's discussion began, or came back after another's.
    Started {
        /// Which slot.
        slot: SlotId,
        /// The family's children today.
        children: BTreeSet<PersonId>,
        /// Who is allocated today.
        members: BTreeMap<WorkerId, Member>,
        /// The id of the decision on the table.
        decision: DecisionId,
    },
    /// The clock was stopped.
    Paused {
        /// Which slot.
        slot: SlotId,
    },
    /// The clock runs again.
    Resumed {
        /// Which slot.
        slot: SlotId,
    },
    /// The room turned to a heading.
    StageReached {
        /// Which slot.
        slot: SlotId,
        /// Index of the heading.
        stage: usize,
    },
    /// Somebody's attendance was marked.
    Attended {
        /// Which slot.
        slot: SlotId,
        /// Who.
        worker: WorkerId,
        /// How.
        how: Attendance,
    },
    /// The chair brought somebody in for this family.
    BroughtIn {
        /// Which slot.
        slot: SlotId,
        /// Who.
        worker: WorkerId,
        /// As what, and why.
        member: Member,
    },
    /// That somebody was brought in was taken back.
    BringInTakenBack {
        /// Which slot.
        slot: SlotId,
        /// Who.
        worker: WorkerId,
    },
    /// Chairing changed hands.
    ChairChanged {
        /// Who chairs now.
        to: WorkerId,
        /// Whether it was taken over rather than handed.
        taken: bool,
    },
    /// Record-taking changed hands.
    RecordTakerChanged {
        /// Who takes the record now.
        to: Option<WorkerId>,
    },
    /// Words were typed.
    Typed {
        /// Which slot.
        slot: SlotId,
        /// Which box.
        area: Area,
        /// Yjs update, v1.
        #[serde(with = "base64_bytes")]
        update: Vec<u8>,
    },
    /// A part was marked. Whether it is hidden until the reveal does not change by it.
    Marked {
        /// Which slot.
        slot: SlotId,
        /// Which part.
        part: MeetingPart,
        /// Who reads it now.
        readers: Readers,
        /// Whom of the family a copy with it must not reach.
        not_in_copies_for: BTreeSet<PersonId>,
        /// Why, in one line; empty where nobody said it.
        #[serde(default)]
        reason: String,
    },
    /// A passage of a box was marked, or released.
    PassageMarked {
        /// Which slot.
        slot: SlotId,
        /// Which box.
        area: Area,
        /// Its id.
        passage: PassageId,
        /// Where the words stand.
        ranges: Vec<TextRange>,
        /// Whom of the family a copy with it must not reach; empty where it is released.
        not_in_copies_for: BTreeSet<PersonId>,
        /// Why, in one line; empty where nobody said it.
        #[serde(default)]
        reason: String,
    },
    /// A worker's own box is hidden until the chair reveals it.
    Hidden {
        /// Which slot.
        slot: SlotId,
        /// Which box.
        area: Area,
    },
    /// Its worker shows a hidden box before the chair reveals it.
    Shown {
        /// Which slot.
        slot: SlotId,
        /// Which box.
        area: Area,
    },
    /// What was hidden in this family's part is shown.
    Revealed {
        /// Which slot.
        slot: SlotId,
    },
    /// Somebody stands out of this family's discussion for a conflict of interest, or comes back.
    StoodOut {
        /// Which slot.
        slot: SlotId,
        /// Who.
        worker: WorkerId,
        /// Whether they are out now.
        out: bool,
    },
    /// A decision was worded, or worded anew.
    Worded {
        /// Which slot.
        slot: SlotId,
        /// Which decision.
        decision: DecisionId,
        /// What and why.
        wording: Wording,
    },
    /// A child got a decision of their own.
    Split {
        /// Which slot.
        slot: SlotId,
        /// The child.
        child: PersonId,
        /// The new decision.
        decision: DecisionId,
    },
    /// A decision made apart was put back with the others.
    Joined {
        /// Which slot.
        slot: SlotId,
        /// The decision that goes.
        decision: DecisionId,
        /// The decision its children are under now.
        into: DecisionId,
    },
    /// Somebody stands somewhere.
    Stood {
        /// Which slot.
        slot: SlotId,
        /// Which decision.
        decision: DecisionId,
        /// Who.
        worker: WorkerId,
        /// Where.
        position: Position,
        /// Why, where said.
        reason: String,
        /// Whether the chair asked round the table.
        asked_round: bool,
    },
    /// The chair confirmed the wording on the table.
    Confirmed {
        /// Which slot.
        slot: SlotId,
        /// Which decision.
        decision: DecisionId,
        /// Present, asked, and silent.
        unanswered: BTreeSet<WorkerId>,
    },
    /// A next step was added.
    StepAdded {
        /// Which slot.
        slot: SlotId,
        /// Its id.
        step: StepId,
        /// What it says.
        draft: StepDraft,
    },
    /// A next step was changed.
    StepChanged {
        /// Which slot.
        slot: SlotId,
        /// Which.
        step: StepId,
        /// What it says now.
        draft: StepDraft,
    },
    /// A step, an option, a contingency or a conversation was taken off the table.
    Removed {
        /// Which slot.
        slot: SlotId,
        /// Which.
        part: Removable,
    },
    /// What was taken off the table was put back as it stood.
    BroughtBack {
        /// Which slot.
        slot: SlotId,
        /// Which.
        part: Removable,
    },
    /// The family's part was frozen and its records drafted.
    Finished {
        /// Which slot.
        slot: SlotId,
    },
    /// A finished family was taken back into discussion.
    Reopened {
        /// Which.
        slot: SlotId,
    },
    /// The family was postponed.
    Postponed {
        /// Which slot.
        slot: SlotId,
    },
    /// Words that somebody sent beforehand were read in, as theirs.
    ReadIn {
        /// Which slot.
        slot: SlotId,
        /// Whose words.
        worker: WorkerId,
        /// Yjs update, v1.
        #[serde(with = "base64_bytes")]
        update: Vec<u8>,
    },
    /// The question for today was set.
    QuestionAsked {
        /// Which slot.
        slot: SlotId,
        /// In one line; empty for none any more.
        question: String,
    },
    /// The meeting said what became of a step agreed earlier.
    LastStepAnswered {
        /// Which slot.
        slot: SlotId,
        /// What.
        answer: LastStep,
    },
    /// The last mark of how somebody takes part was a slip: the one before it counts.
    AttendanceTakenBack {
        /// Which slot.
        slot: SlotId,
        /// Whose.
        worker: WorkerId,
    },
    /// What the meeting said of a step agreed earlier was taken back: it stands as before.
    LastStepTakenBack {
        /// Which slot.
        slot: SlotId,
        /// Which step.
        step: StepId,
    },
    /// Somebody answered a question with a number, or passed.
    ScaleAnswered {
        /// Which slot.
        slot: SlotId,
        /// The answer.
        answer: ScaleAnswer,
    },
    /// The chair showed everybody's numbers.
    ScalesRevealed {
        /// Which slot.
        slot: SlotId,
    },
    /// The meaning of the numbers was written down.
    ScalesWorded {
        /// Which slot.
        slot: SlotId,
        /// In words.
        words: String,
    },
    /// An option was considered, or worded anew.
    OptionConsidered {
        /// Which slot.
        slot: SlotId,
        /// Its id.
        option: OptionId,
        /// What it says.
        draft: OptionDraft,
    },
    /// It was agreed what is done if something happens, or worded anew.
    ContingencyAgreed {
        /// Which slot.
        slot: SlotId,
        /// Its id.
        contingency: ContingencyId,
        /// What it says.
        draft: ContingencyDraft,
    },
    /// A conversation was agreed, or worded anew.
    ConversationAgreed {
        /// Which slot.
        slot: SlotId,
        /// Its id.
        conversation: ConversationId,
        /// What it says.
        draft: ConversationDraft,
    },
    /// It was agreed when the family is discussed next.
    NextDateAgreed {
        /// Which slot.
        slot: SlotId,
        /// The day; absent where none is agreed any more.
        day: Option<NaiveDate>,
    },
    /// An urgent risk was raised.
    RiskRaised {
        /// Which slot.
        slot: SlotId,
        /// Its id.
        risk: RiskId,
        /// In one line.
        what: String,
    },
    /// Somebody who can act acknowledged an urgent risk.
    RiskAcknowledged {
        /// Which slot.
        slot: SlotId,
        /// Which.
        risk: RiskId,
    },
    /// What stood here was destroyed, or words before it were reduced, when their time was over.
    Destroyed {
        /// Which slot.
        slot: SlotId,
    },
}

impl Event {
    /// How many kinds of events there are; the golden journals hold each of them.
    pub const KINDS: usize = 48;

    /// The words it brings: which slot, which box, the Yjs update.
    #[must_use]
    pub fn words(&self) -> Option<(SlotId, Area, &[u8])> {
        match self {
            Self::Typed { slot, area, update } => Some((*slot, *area, update)),
            Self::ReadIn { slot, worker, update } => Some((*slot, Area::Analysis(*worker), update)),
            _ => None,
        }
    }

    /// The same event with other words; what brings none stays as it is.
    #[must_use]
    pub fn reworded(&self, update: Vec<u8>) -> Self {
        match self {
            Self::Typed { slot, area, .. } => Self::Typed { slot: *slot, area: *area, update },
            Self::ReadIn { slot, worker, .. } => Self::ReadIn { slot: *slot, worker: *worker, update },
            other => other.clone(),
        }
    }

    /// The slot this event is about; `None` for those about the whole meeting.
    #[must_use]
    pub const fn slot(&self) -> Option<SlotId> {
        match self {
            Self::Started { slot, .. }
            | Self::Paused { slot }
            | Self::Resumed { slot }
            | Self::StageReached { slot, .. }
            | Self::Attended { slot, .. }
            | Self::BroughtIn { slot, .. }
            | Self::BringInTakenBack { slot, .. }
            | Self::Typed { slot, .. }
            | Self::Marked { slot, .. }
            | Self::PassageMarked { slot, .. }
            | Self::Hidden { slot, .. }
            | Self::Shown { slot, .. }
            | Self::Revealed { slot }
            | Self::StoodOut { slot, .. }
            | Self::Worded { slot, .. }
            | Self::Split { slot, .. }
            | Self::Joined { slot, .. }
            | Self::Stood { slot, .. }
            | Self::Confirmed { slot, .. }
            | Self::StepAdded { slot, .. }
            | Self::StepChanged { slot, .. }
            | Self::Removed { slot, .. }
            | Self::BroughtBack { slot, .. }
            | Self::Finished { slot }
            | Self::Reopened { slot }
            | Self::Postponed { slot }
            | Self::ReadIn { slot, .. }
            | Self::QuestionAsked { slot, .. }
            | Self::LastStepAnswered { slot, .. }
            | Self::LastStepTakenBack { slot, .. }
            | Self::AttendanceTakenBack { slot, .. }
            | Self::ScaleAnswered { slot, .. }
            | Self::ScalesRevealed { slot }
            | Self::ScalesWorded { slot, .. }
            | Self::OptionConsidered { slot, .. }
            | Self::ContingencyAgreed { slot, .. }
            | Self::ConversationAgreed { slot, .. }
            | Self::NextDateAgreed { slot, .. }
            | Self::RiskRaised { slot, .. }
            | Self::RiskAcknowledged { slot, .. }
            | Self::Destroyed { slot } => Some(*slot),
            Self::Planned { .. }
            | Self::Replanned { .. }
            | Self::Opened
            | Self::BreakCalled { .. }
            | Self::BreakEnded
            | Self::Closed
            | Self::ChairChanged { .. }
            | Self::RecordTakerChanged { .. } => None,
        }
    }
}
