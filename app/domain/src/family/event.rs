//! What a family's journal holds. Never changed, only added to, but for what is destroyed when its time is over.

use super::Hold;
use super::OpenStep;
use crate::case_note::CaseNote;
use crate::chapter::ChapterPlace;
use crate::direct_work::DirectWork;
use crate::genogram::GenogramChange;
use crate::mark::Mark;
use crate::meeting::Became;
use crate::message::{Checked, GivenMessage, Message};
use crate::own_words::OwnWords;
use crate::prose::base64_bytes;
use crate::record::{
    Addendum, Agreed, Completion, Correction, Dissent, DissentAnswer, Named, Record, RecordPart, RecordRisk, Version,
    WishAnswer,
};
use crate::safety_plan::SafetyPlan;
use crate::{AddendumId, CorrectionId, MeetingId, MessageId, OwnWordsId, PersonId, RecordId, SlotId, StepId, WorkerId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The version that new events are written in.
pub const VERSION: i64 = 1;

/// What happened in a workbook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkbookEvent {
    /// A worker wrote a text of their chapter, or changed it.
    ChapterWritten {
        /// Which month: "2026-11".
        month: String,
        /// Which text.
        place: ChapterPlace,
        /// What its section is called.
        title: String,
        /// Yjs update, v1.
        #[serde(with = "base64_bytes")]
        update: Vec<u8>,
    },
    /// A step was agreed in a meeting.
    StepAgreed {
        /// Which meeting.
        meeting: MeetingId,
        /// The day it was agreed.
        on: NaiveDate,
        /// The step.
        step: Box<Agreed>,
    },
    /// A step's owner or a manager said what became of it.
    StepAnswered {
        /// Which step.
        step: StepId,
        /// Whether it was done.
        done: bool,
        /// A word why. May be empty.
        word: String,
        /// What a meeting said of it, where it was said in one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said: Option<SaidInMeeting>,
    },
    /// What was said of a step last was taken back where it was said.
    StepAnswerTakenBack {
        /// Which step.
        step: StepId,
        /// The meeting that said it; none where it was said outside a meeting.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        meeting: Option<MeetingId>,
    },
    /// A step got another owner: who had it does not work with the family any more.
    StepHandedOver {
        /// Which step.
        step: StepId,
        /// Who does it now.
        to: Named,
    },
    /// A meeting's record for one child was drafted.
    RecordDrafted {
        /// The draft.
        record: Box<Record>,
    },
    /// A finished family was reopened: its drafts and the steps agreed in it are nobody's until it is finished again.
    DraftsWithdrawn {
        /// Which part of which meeting.
        slot: SlotId,
        /// The steps.
        steps: Vec<StepId>,
    },
    /// Words that came after a family was finished, filed by their author.
    ContributedLate {
        /// For which meeting.
        meeting: MeetingId,
        /// The day it was held.
        held_on: NaiveDate,
        /// The children the words are about; empty for the whole family.
        children: BTreeSet<PersonId>,
        /// Markdown.
        text: String,
    },
    /// Somebody asked for a draft record to be corrected.
    CorrectionAsked {
        /// Which record.
        record: RecordId,
        /// What is asked.
        correction: Box<Correction>,
    },
    /// A manager or record-taker answered.
    CorrectionAnswered {
        /// Which record.
        record: RecordId,
        /// Which wish.
        correction: CorrectionId,
        /// The answer.
        answer: WishAnswer,
    },
    /// What signing asks for was added to a draft.
    Completed {
        /// Which record.
        record: RecordId,
        /// By whom.
        by: Named,
        /// What.
        completion: Box<Completion>,
    },
    /// A version of a record was signed.
    Signed {
        /// Which record.
        record: RecordId,
        /// The version; what it says stands under its hash among the seals.
        version: Version,
    },
    /// Somebody asked for something to be added to a signed record.
    AddendumAsked {
        /// Which record.
        record: RecordId,
        /// What.
        addendum: Box<Addendum>,
    },
    /// The manager answered; where it was taken a version with it is signed in the same moment.
    AddendumAnswered {
        /// Which record.
        record: RecordId,
        /// Which addendum.
        addendum: AddendumId,
        /// The answer.
        answer: WishAnswer,
    },
    /// A message for one adult was written or changed.
    MessageWritten {
        /// The message.
        message: Box<Message>,
    },
    /// Somebody read messages together and said that they may go.
    MessagesChecked {
        /// Which.
        messages: Vec<MessageId>,
        /// Whose word.
        checked: Checked,
    },
    /// A message was given.
    MessageGiven {
        /// Which.
        message: MessageId,
        /// By whom, and how.
        given: GivenMessage,
    },
    /// A part of a record was marked.
    Marked {
        /// On which record it was said.
        record: RecordId,
        /// Which part.
        part: RecordPart,
        /// Whom it is kept from now.
        mark: Mark,
    },
    /// What somebody of the family gave in their own words was written down, or changed by whoever wrote it down.
    OwnWordsWritten {
        /// All of it.
        words: Box<OwnWords>,
    },
    /// Whoever wrote such words down took them back.
    OwnWordsTakenBack {
        /// Which.
        words: OwnWordsId,
        /// Why: "written for the wrong child".
        why: String,
    },
    /// The family's safety plan was written, or some of it changed.
    SafetyPlanWritten {
        /// The whole plan.
        plan: Box<SafetyPlan>,
        /// By whom.
        by: Named,
    },
    /// Direct work with somebody of the family was written down, or changed.
    DirectWorkWritten {
        /// All of it.
        work: Box<DirectWork>,
    },
    /// A worker wrote something into the chronology, changed it, removed it or put it back.
    CaseNoteWritten {
        /// All of it.
        note: Box<CaseNote>,
    },
    /// A tie, a relative or a household of the genogram was added, changed or removed.
    GenogramChanged {
        /// What.
        change: Box<GenogramChange>,
    },
    /// Urgent risks of a meeting, as they stand after a family was finished.
    RisksNoted {
        /// Which part of which meeting.
        slot: SlotId,
        /// All of them.
        risks: Vec<RecordRisk>,
    },
    /// A dissent was taken somewhere.
    DissentTaken {
        /// On which record.
        record: RecordId,
        /// Whose, and where.
        dissent: Box<Dissent>,
    },
    /// A dissent was answered.
    DissentAnswered {
        /// On which record.
        record: RecordId,
        /// Whose it is.
        worker: WorkerId,
        /// The answer.
        answer: DissentAnswer,
    },
    /// A legal hold: nothing of this family is reduced or destroyed while it stands.
    Held {
        /// Since when, by whom, why.
        hold: Hold,
    },
    /// The hold ended.
    Released {
        /// By whom.
        by: Named,
        /// Why. May be empty.
        word: String,
    },
    /// A meeting's drafts and keystrokes were reduced.
    Reduced {
        /// Which part of which meeting.
        slot: SlotId,
    },
    /// Our copy of a child's records was destroyed, as two people decided.
    CopyEnded {
        /// Whose records.
        child: PersonId,
    },
    /// What stood here was destroyed when its time was over.
    Destroyed {
        /// The record it was about, where it was about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        record: Option<RecordId>,
        /// SHA-256 of the line as it was.
        hash: String,
        /// What it had changed in other children's records and steps: these stay as they were signed.
        #[serde(default, skip_serializing_if = "Left::is_empty")]
        left: Left,
    },
}

/// Other children's records and steps, as they read after a line that was destroyed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Left {
    /// The records that the line had changed.
    pub records: Vec<Record>,
    /// The steps that the line had changed.
    pub steps: Vec<OpenStep>,
}

impl Left {
    /// Whether the line had changed nothing of other children's.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.records.is_empty() && self.steps.is_empty()
    }
}

impl WorkbookEvent {
    /// How many kinds of events there are; the golden journals hold each of them.
    pub const KINDS: usize = 32;
}

/// What a meeting said of a step agreed earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidInMeeting {
    /// Which meeting.
    pub meeting: MeetingId,
    /// What became of it.
    pub became: Became,
    /// By when it is done now, where it goes on.
    pub due: Option<NaiveDate>,
}
