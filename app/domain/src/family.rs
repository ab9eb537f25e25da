//! One family's workbook: what outlives a meeting.

use crate::meeting::Entry;
use crate::prose::{Prose, base64_bytes};
use crate::record::{Agreed, Record};
use crate::{MeetingId, StepId, WorkerId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The version that new events are written in.
pub const VERSION: i64 = 1;

/// What happened in a workbook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkbookEvent {
    /// A worker wrote their monthly summary, or changed it.
    SummaryWritten {
        /// Which month: "2026-11".
        month: String,
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
    },
    /// A meeting's record for one child was drafted.
    RecordDrafted {
        /// The draft.
        record: Box<Record>,
    },
    /// Words that came after a family was finished, filed by their author.
    ContributedLate {
        /// For which meeting.
        meeting: MeetingId,
        /// The day it was held.
        held_on: NaiveDate,
        /// Markdown.
        text: String,
    },
}

/// One worker's summary of one month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Whose.
    pub worker: WorkerId,
    /// Which month: "2026-11".
    pub month: String,
    /// Markdown.
    pub prose: Prose,
    /// When it was last changed.
    pub at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub revision: i64,
}

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
        !matches!(self, Self::Done { .. })
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
}

/// What a family's journal folds into.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Workbook {
    /// Monthly summaries, in the order they were begun.
    pub summaries: Vec<Summary>,
    /// Steps, in the order they were agreed.
    pub steps: Vec<OpenStep>,
    /// Records of group supervisions, in the order they were drafted.
    pub records: Vec<Record>,
}

impl Workbook {
    /// Folds a whole journal.
    #[must_use]
    pub fn fold(entries: &[Entry<WorkbookEvent>]) -> Self {
        let mut workbook = Self::default();
        for entry in entries {
            workbook.apply(entry);
        }
        workbook
    }

    /// Takes one event.
    pub fn apply(&mut self, entry: &Entry<WorkbookEvent>) {
        match &entry.event {
            WorkbookEvent::SummaryWritten { month, update } => self.write_summary(entry, month, update),
            WorkbookEvent::StepAgreed { meeting, on, step } => self.steps.push(OpenStep {
                meeting: *meeting,
                on: *on,
                step: step.as_ref().clone(),
                state: StepState::Open,
            }),
            WorkbookEvent::StepAnswered { step, done, word } => {
                if let Some(known) = self.steps.iter_mut().find(|known| known.step.step == *step) {
                    let (word, at) = (word.clone(), entry.at);
                    known.state = if *done { StepState::Done { word, at } } else { StepState::NotDone { word, at } };
                }
            }
            WorkbookEvent::RecordDrafted { record } => self.records.push(record.as_ref().clone()),
            // A line of its own beside the record, which it leaves as it was.
            WorkbookEvent::ContributedLate { .. } => {}
        }
    }

    fn write_summary(&mut self, entry: &Entry<WorkbookEvent>, month: &str, update: &[u8]) {
        let known = self.summaries.iter_mut().find(|known| known.worker == entry.by && known.month == month);
        let summary = match known {
            Some(summary) => summary,
            None => {
                self.summaries.push(Summary {
                    worker: entry.by,
                    month: month.to_owned(),
                    prose: Prose::new(),
                    at: entry.at,
                    revision: 0,
                });
                self.summaries.last_mut().expect("one was just added")
            }
        };
        // Checked before it was written.
        let _ = summary.prose.merge(update);
        summary.at = entry.at;
        summary.revision += 1;
    }

    /// A worker's summary of one month.
    #[must_use]
    pub fn summary(&self, worker: WorkerId, month: &str) -> Option<&Summary> {
        self.summaries.iter().find(|summary| summary.worker == worker && summary.month == month)
    }

    /// A worker's latest summary up to and including `month`.
    #[must_use]
    pub fn latest_summary(&self, worker: WorkerId, month: &str) -> Option<&Summary> {
        self.summaries
            .iter()
            .filter(|summary| summary.worker == worker && summary.month.as_str() <= month)
            .max_by(|a, b| a.month.cmp(&b.month))
    }
}
