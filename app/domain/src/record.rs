//! The record of one meeting for one child: what finishing a family writes to each child's workbook.

mod correction;
mod decision;
mod dissent;
mod draft;
mod life;
mod marks;
mod part;
mod seal;
mod unready;
mod words;

pub use correction::Correction;
pub use decision::{RecordConfirmation, RecordDecision, RecordObjection, RecordStance, SaidBefore};
pub use dissent::{Dissent, DissentAnswer, Next};
pub use draft::{agreed, draft, handovers, risks};
pub use life::{Addendum, Life, Version, WishAnswer};
pub use marks::{KEPT_BACK, Keep};
pub use part::RecordPart;
pub use seal::{Sealed, SignedAs, canonical};
pub use unready::{Completion, Unready, missing_in};
pub use words::{LEFT_OUT, RecordPassage, Words};

use crate::mark::Marked;
use crate::meeting::{Attendance, Became, MeetingRole, Presence, Process};
use crate::{
    ContingencyId, ConversationId, CorrectionId, FamilyId, MeetingId, OptionId, PersonId, RecordId, RiskId, SlotId,
    StepId, WorkerId,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A worker as they were called on the day; attribution outlives people leaving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Who.
    pub worker: WorkerId,
    /// Their name.
    pub name: String,
    /// Their discipline in words.
    pub discipline: String,
}

impl Named {
    /// "Ada Okafor, social worker", as people choose among.
    #[must_use]
    pub fn in_words(&self) -> String {
        if self.discipline.is_empty() { self.name.clone() } else { format!("{}, {}", self.name, self.discipline) }
    }
}

/// Names on the day.
pub type Names = BTreeMap<WorkerId, Named>;

/// One person's part in the discussion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// Who.
    #[serde(flatten)]
    pub who: Named,
    /// How they took part at the end; absent where nobody marked it.
    pub how: Option<Attendance>,
    /// What of the meeting they ran while this family was discussed.
    pub roles: Vec<MeetingRole>,
    /// Every change of their presence, in order.
    pub times: Vec<PresenceTime>,
    /// Why the chair brought them in, for those not allocated.
    pub brought_in: Option<String>,
    /// Whether they were asked for their view, were not away, and none is recorded.
    pub no_view: bool,
    /// Whether they had not come back when the family was finished: the record is closed to them.
    pub still_out: bool,
}

/// One change of somebody's presence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceTime {
    /// When it was said.
    pub at: DateTime<Utc>,
    /// What.
    pub what: Presence,
}

impl Present {
    /// Whether they stepped out of the discussion, or of part of it, for a conflict of interest.
    #[must_use]
    pub fn stepped_out(&self) -> bool {
        self.times.iter().any(|time| time.what == Presence::SteppedOut)
    }
}

/// A finished discussion that was taken up again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordReopening {
    /// When.
    pub at: DateTime<Utc>,
    /// When it had been finished.
    pub finished_at: DateTime<Utc>,
    /// Who did it.
    #[serde(flatten)]
    pub who: Named,
}

/// One change of who chairs or takes the record, up to when the family was finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordHandover {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub what: MeetingRole,
    /// Who had it before; absent where the chair took the record as well.
    pub from: Option<Named>,
    /// To whom; absent where it went back to the chair.
    pub to: Option<Named>,
    /// Whether it was taken rather than given.
    pub taken: bool,
}

/// One worker's analysis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// Whose.
    #[serde(flatten)]
    pub who: Named,
    /// Their words. Hidden until the reveal and never revealed, they are their writer's alone, who may still give them to
    /// the record.
    pub text: Marked<Words>,
    /// Who recorded it on their behalf.
    pub recorded_by: Vec<Named>,
    /// Whether that is so of a part only, and they wrote the rest themselves.
    pub recorded_in_part: bool,
}

impl Heard {
    /// Whether it was sealed before the meeting and never revealed: only its writer reads it.
    #[must_use]
    pub fn unrevealed(&self) -> bool {
        self.text.mark.hidden_until_reveal
    }
}

/// A step as agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Its id.
    pub step: StepId,
    /// What.
    pub what: String,
    /// Who.
    pub owner: Option<Named>,
    /// With whom.
    pub with: String,
    /// By when.
    pub due: Option<NaiveDate>,
    /// How we will know.
    pub measure: String,
    /// For which children; empty means all.
    pub children: BTreeSet<PersonId>,
}

/// What was said of a step agreed earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordLastStep {
    /// Which.
    pub step: StepId,
    /// What it said.
    pub what: String,
    /// Who was to do it; absent where nobody was.
    pub owner: Option<Named>,
    /// What became of it.
    pub became: Became,
    /// By when it is done now, where it goes on.
    pub due: Option<NaiveDate>,
    /// A word why.
    pub word: String,
    /// Who noted it.
    pub noted_by: Named,
}

/// An option that was considered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordOption {
    /// Its id.
    pub option: OptionId,
    /// What, and what speaks for it and against it.
    pub what: String,
    /// Who wrote it down.
    pub by: Named,
}

/// What is done if something happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordContingency {
    /// Its id.
    pub contingency: ContingencyId,
    /// If what happens.
    pub happens: String,
    /// What is done then.
    pub then: String,
    /// Who wrote it down.
    pub by: Named,
}

/// A conversation to take back to the family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordConversation {
    /// Its id.
    pub conversation: ConversationId,
    /// Who has it.
    #[serde(flatten)]
    pub who: Named,
    /// With whom.
    pub with: String,
    /// Where it is, in the four processes of Motivational Interviewing.
    pub process: Option<Process>,
    /// What they explore.
    pub explore: String,
    /// In the person's own words.
    pub own_words: String,
    /// The person's own number, with the day and their words.
    pub own_number: String,
    /// Who wrote it down.
    pub by: Named,
}

/// An urgent risk that was raised in the meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRisk {
    /// Its id.
    pub risk: RiskId,
    /// Who raised it.
    #[serde(flatten)]
    pub who: Named,
    /// When.
    pub at: DateTime<Utc>,
    /// In one line.
    pub what: String,
    /// Who acknowledged it, and when.
    pub acknowledged: Option<(Named, DateTime<Utc>)>,
}

/// One part that was corrected before signing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    /// The correction that was asked for.
    pub correction: CorrectionId,
    /// Which part.
    pub part: RecordPart,
    /// How it read.
    pub from: String,
    /// How it reads since then.
    pub to: String,
    /// Who asked for it.
    pub asked_by: Named,
    /// Who took it into the draft.
    pub taken_by: Named,
    /// When.
    pub at: DateTime<Utc>,
}

/// What was added to the draft after the meeting, before it was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletedPart {
    /// Which part, in words: "What it means for this child". What was added stands in that part.
    pub what: String,
    /// The step it was of, where it was of one. Its words may be kept from whoever reads this.
    pub step: Option<StepId>,
    /// By whom.
    pub by: Named,
    /// When.
    pub at: DateTime<Utc>,
}

/// The record of one family's discussion for one child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// Which child.
    pub child: PersonId,
    /// Which family.
    pub family: FamilyId,
    /// Which meeting.
    pub meeting: MeetingId,
    /// Which slot.
    pub slot: SlotId,
    /// The day it was held, in London; not the day it was typed.
    pub held_on: NaiveDate,
    /// Where it was held; may be empty.
    pub place: String,
    /// When the discussion began.
    pub began_at: Option<DateTime<Utc>>,
    /// When the family was finished.
    pub drafted_at: DateTime<Utc>,
    /// Who chaired when it was finished.
    pub chair: Named,
    /// Who took the record when it was finished.
    pub record_taker: Option<Named>,
    /// Changes of these two while the family was discussed.
    pub handovers: Vec<RecordHandover>,
    /// Every time the discussion was taken up again after it was finished.
    pub reopened: Vec<RecordReopening>,
    /// Who was there and who was not.
    pub attendance: Vec<Present>,
    /// The question for that day; may be empty.
    pub question: String,
    /// What became of steps agreed earlier.
    pub last_steps: Vec<RecordLastStep>,
    /// The child's life now.
    pub life_now: Marked<Words>,
    /// What each worker said.
    pub heard: Vec<Heard>,
    /// What the numbers of the scales mean, in words. No number that anybody gave is part of a record.
    pub scales: String,
    /// What it means for this child.
    pub meaning: Marked<Words>,
    /// Options that were considered for this child.
    pub options: Vec<Marked<RecordOption>>,
    /// The decision; absent where none was worded.
    pub decision: Option<RecordDecision>,
    /// Steps for this child.
    pub steps: Vec<Marked<Agreed>>,
    /// What is done if something happens.
    pub contingencies: Vec<Marked<RecordContingency>>,
    /// Conversations to take back to the family.
    pub conversations: Vec<Marked<RecordConversation>>,
    /// When the family is discussed next.
    pub next_date: Option<NaiveDate>,
    /// Urgent risks that were raised in the meeting.
    pub risks: Vec<RecordRisk>,
    /// Headings of the meeting that the room never came to, and under which nothing is recorded of this child.
    pub unused: Vec<String>,
    /// Headings that the room came to and under which nothing is recorded.
    pub empty: Vec<String>,
    /// What was added after the meeting, before it was signed.
    pub completed: Vec<CompletedPart>,
    /// What was corrected before it was signed.
    pub corrected: Vec<Corrected>,
    /// What became of the draft: corrections asked for, versions, addenda. Not part of what is signed.
    pub life: Life,
}
