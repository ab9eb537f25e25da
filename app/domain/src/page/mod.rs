//! The data a page gets: plain values, limited to what the viewer may read, in words people read.

pub mod chapter;
pub mod chronology;
mod discussion;
mod family;
pub mod months;
mod note;
pub mod own_words;
pub mod safety_plan;

pub use family::{
    AdultCard, AllocatedCard, ChildCard, EarlierCard, FamilyCard, FamilyPage, LateCard, StepCard, SummaryCard,
};
pub use note::{NoteAct, NoteLine, Noted, RunningNote};

use crate::absence::Absences;
use crate::meeting::{Area, Entry, Event, Room, Slot};
use crate::record::Named;
use crate::{FamilyId, PersonId, SlotId, WorkerId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything the live page starts from, and gets again when what may be seen has changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeetingPage {
    /// The room as this viewer may see it.
    pub room: Room,
    /// The sequence it stands at.
    pub cursor: i64,
    /// The server's clock when it was made.
    pub now: DateTime<Utc>,
    /// Who is looking.
    pub me: WorkerId,
    /// Whether they may take over the chair.
    pub manages: bool,
    /// Whether this is the screen on the wall.
    pub projector: bool,
    /// The team's name.
    pub team: String,
    /// Everybody who can be named on this page.
    pub names: BTreeMap<WorkerId, Named>,
    /// Whom the page offers for chairing, record-taking and bringing in, the team's own first; empty for whoever does
    /// not choose.
    pub offered: Vec<WorkerId>,
    /// The families this viewer may see, as the agenda names them.
    pub agenda: BTreeMap<FamilyId, AgendaFamily>,
    /// The discussions that are here whole, and where they stand. Of the others the room holds what the agenda shows.
    pub whole: BTreeMap<SlotId, Whole>,
    /// How many lines of the viewer's running note are not filed yet, by family.
    pub noted: BTreeMap<SlotId, usize>,
    /// What has happened since a discussion was asked for; a page in a browser keeps it.
    #[serde(skip)]
    pub meanwhile: BTreeMap<SlotId, Vec<Entry<Event>>>,
    /// The sequence at which the page was made anew last; 0 for one that was not.
    #[serde(skip)]
    pub made_at: i64,
}

/// A text and what it is called by, above or below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitledText {
    /// "What helps", "Ottilie, 3 November 2026, said to Josephine Slipway".
    pub title: String,
    /// Plain text; its line breaks count.
    pub text: String,
}

/// A family as the agenda names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaFamily {
    /// "FS-3012".
    pub reference: String,
    /// "Ivy 3 · Noah 7m".
    pub children: String,
    /// Who works with them now, each once; a name without a worker is known from the case system only.
    pub allocated: Vec<(Option<WorkerId>, String)>,
}

/// A discussion that is here whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Whole {
    /// The sequence its slot stands at; the page's own is lower where the discussion came later than the page.
    pub cursor: i64,
    /// What stands beside it.
    pub beside: Beside,
}

/// One family's discussion, as it is fetched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Discussion {
    /// The slot as this viewer may see it.
    pub slot: Slot,
    /// What stands beside it, and the sequence the slot stands at.
    pub whole: Whole,
    /// Those it names.
    pub names: BTreeMap<WorkerId, Named>,
}

/// What stands beside one family's discussion, as one viewer may read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// The family with its workbook.
    pub family: FamilyPage,
    /// The numbers of the last meeting in which they were shown; empty before this meeting's are revealed.
    pub last_numbers: Vec<LastNumbers>,
    /// When those named on the page are away.
    pub absences: Absences,
}

/// The numbers that were given to one question in the last meeting, lowest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastNumbers {
    /// The question's key.
    pub scale: String,
    /// About which child; absent where it was about the family.
    pub child: Option<PersonId>,
    /// The numbers.
    pub numbers: Vec<u8>,
}

/// One frame of a page's stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frame {
    /// Events to apply.
    Entries {
        /// In order.
        entries: Vec<Entry<Event>>,
        /// The sequence the viewer stands at afterwards.
        cursor: i64,
    },
    /// Start again from here.
    View {
        /// The page.
        page: Box<MeetingPage>,
    },
    /// Who is connected. Never stored.
    Here {
        /// Each once.
        people: Vec<Here>,
    },
    /// Nothing new; the line is alive.
    Beat {
        /// The sequence the server stands at for this viewer.
        cursor: i64,
    },
    /// This viewer may not see the meeting any more.
    Ended,
    /// The session this page was opened in has ended.
    SignedOut,
    /// What stands beside a discussion has changed: it is to be fetched again.
    Beside {
        /// Which discussion.
        slot: SlotId,
    },
}

/// Somebody who is connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Here {
    /// Who.
    pub worker: WorkerId,
    /// Whether all their pages are hidden behind others.
    pub away: bool,
    /// The box they write in just now, where the viewer may read it.
    pub writing: Option<(SlotId, Area)>,
}

/// An author id for one page load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PenCard {
    /// Below 2^53.
    pub pen: u64,
    /// For whom, where not for oneself.
    pub on_behalf_of: Option<WorkerId>,
}
