//! A step that some meeting agreed, until it is done.

use super::SaidInMeeting;
use crate::record::Agreed;
use crate::status::StepStatus;
use crate::{MeetingId, WorkerId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Where a step is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Nobody has said what became of it.
    Open,
    /// Not done yet, and why; it stays open.
    NotDone {
        /// Why.
        word: String,
        /// When that was said.
        at: DateTime<Utc>,
    },
    /// A meeting carried it on to the next month.
    Carried {
        /// Why.
        word: String,
        /// When that was said.
        at: DateTime<Utc>,
    },
    /// A meeting said that it is not needed any more.
    Dropped {
        /// Why.
        word: String,
        /// When that was said.
        at: DateTime<Utc>,
    },
    /// Done.
    Done {
        /// A word on it.
        word: String,
        /// When that was said.
        at: DateTime<Utc>,
    },
}

impl StepState {
    /// Whether it still waits for somebody.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !matches!(self, Self::Done { .. } | Self::Dropped { .. })
    }
}

/// A step agreed in some meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenStep {
    /// The meeting it comes from.
    pub meeting: MeetingId,
    /// The day it was agreed.
    pub on: NaiveDate,
    /// The step.
    pub step: Agreed,
    /// Where it is.
    pub state: StepState,
    /// The meetings that carried it on, earliest first.
    #[serde(default)]
    pub carried: Vec<SaidInMeeting>,
    /// Where it was before what was said of it last.
    #[serde(default)]
    pub before: Option<StepBefore>,
}

/// Where a step was before it was spoken of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepBefore {
    /// The meeting that spoke of it; none where it was said outside a meeting.
    pub meeting: Option<MeetingId>,
    /// Who said it.
    pub by: WorkerId,
    /// Where it was.
    pub state: StepState,
}

impl OpenStep {
    /// By when it is done now: what the last meeting that carried it on agreed, else what was agreed first.
    #[must_use]
    pub fn due(&self) -> Option<NaiveDate> {
        self.carried.iter().rev().find_map(|said| said.due).or(self.step.due)
    }

    /// Keeps where it is now, before something is said of it. A meeting's last word takes the place of its earlier ones.
    pub(super) fn remember_before(&mut self, meeting: Option<MeetingId>, by: WorkerId) {
        let again = meeting.is_some() && self.before.as_ref().is_some_and(|before| before.meeting == meeting);
        if !again {
            self.before = Some(StepBefore { meeting, by, state: self.state.clone() });
        }
    }

    /// Whether what was said of it last was said outside a meeting by this worker, so that they can take it back there.
    #[must_use]
    pub fn answered_outside_by(&self, worker: WorkerId) -> bool {
        self.before.as_ref().is_some_and(|before| before.meeting.is_none() && before.by == worker)
    }

    /// Is again where it was before `meeting` spoke of it, or before it was answered outside a meeting.
    pub(super) fn take_back(&mut self, meeting: Option<MeetingId>) {
        self.carried.retain(|said| Some(said.meeting) != meeting);
        if let Some(before) = self.before.take_if(|before| before.meeting == meeting) {
            self.state = before.state;
        }
    }
}

impl From<&StepState> for StepStatus {
    fn from(state: &StepState) -> Self {
        match state {
            StepState::Open => Self::Open,
            StepState::NotDone { .. } => Self::NotDone,
            StepState::Carried { .. } => Self::Carried,
            StepState::Dropped { .. } => Self::Dropped,
            StepState::Done { .. } => Self::Done,
        }
    }
}
