//! Minutes of a meeting, for one reader.

use crate::MeetingId;
use crate::record::Record;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A meeting's minutes: only the families their reader may see, no addresses, no marked text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    /// Which meeting.
    pub meeting: MeetingId,
    /// The council's name; may be empty.
    pub council: String,
    /// The team's name.
    pub team: String,
    /// The day it was held.
    pub held_on: NaiveDate,
    /// Whose copy this is.
    pub made_for: String,
    /// When this copy was made.
    pub made_at: DateTime<Utc>,
    /// "DRAFT" until signed.
    pub status: String,
    /// Who this copy is for, and who not.
    pub notice: String,
    /// What it leaves out, in sentences.
    pub left_out: Vec<String>,
    /// Who chaired.
    pub chair: String,
    /// Who took the record.
    pub record_taker: Option<String>,
    /// Changes of chairing and record-taking, in sentences.
    pub handovers: Vec<String>,
    /// The families, in the order of the agenda.
    pub families: Vec<FamilyMinutes>,
}

/// One family's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyMinutes {
    /// "FS-3012".
    pub reference: String,
    /// "Finished", "Postponed: nothing was decided" or "Not finished".
    pub state: String,
    /// Each child with their record.
    pub children: Vec<ChildMinutes>,
    /// Words that came after the family was finished.
    pub late: Vec<LateMinutes>,
}

/// A late contribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateMinutes {
    /// Whose: "Ada Okafor, social worker".
    pub who: String,
    /// When it was filed.
    pub at: DateTime<Utc>,
    /// Markdown.
    pub text: String,
}

/// One child's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildMinutes {
    /// First name.
    pub name: String,
    /// Age on the day.
    pub age: String,
    /// The record, marked text left out.
    pub record: Record,
}
