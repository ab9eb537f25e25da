//! One family's part of a meeting.

use super::{
    Area, Attendance, BoxText, ConsideredOption, Contingency, Conversation, Decision, LastStep, Member, PresenceChange,
    Removed, Risk, Scales, Step,
};
use crate::status::SlotProgress;
use crate::viewer::Viewer;
use crate::{FamilyId, PersonId, SlotId, StepId, WorkerId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Where a family's discussion is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Not begun.
    Waiting,
    /// Begun; the clock runs while `running_since` is set.
    InDiscussion {
        /// When it began.
        since: DateTime<Utc>,
        /// Seconds used before the clock last started.
        spent: i64,
        /// When the clock last started; absent while paused.
        running_since: Option<DateTime<Utc>>,
        /// Index of the heading the room is at.
        stage: usize,
        /// Seconds that were used when the room turned to it.
        #[serde(default)]
        stage_from: i64,
    },
    /// Frozen; the records are with the children.
    Finished {
        /// When.
        at: DateTime<Utc>,
        /// Seconds used.
        spent: i64,
        /// Index of the heading the room was at.
        stage: usize,
    },
    /// What was heard is kept, nothing is decided, the family stays due.
    Postponed {
        /// When.
        at: DateTime<Utc>,
        /// Seconds used.
        spent: i64,
    },
}

impl Progress {
    /// Index of the heading the room is at; none where the family is not in discussion.
    #[must_use]
    pub const fn stage(&self) -> Option<usize> {
        if let Self::InDiscussion { stage, .. } = self { Some(*stage) } else { None }
    }

    /// Seconds used since the room turned to the heading it is at; none where it is at none.
    #[must_use]
    pub fn at_stage(&self, now: DateTime<Utc>) -> i64 {
        if let Self::InDiscussion { stage_from, .. } = self { self.spent(now) - stage_from } else { 0 }
    }

    /// Seconds used by now.
    #[must_use]
    pub fn spent(&self, now: DateTime<Utc>) -> i64 {
        match self {
            Self::Waiting => 0,
            Self::InDiscussion { spent, running_since, .. } => {
                spent + running_since.map_or(0, |since| (now - since).num_seconds().max(0))
            }
            Self::Finished { spent, .. } | Self::Postponed { spent, .. } => *spent,
        }
    }

    /// Whether the family is being discussed.
    #[must_use]
    pub const fn in_discussion(&self) -> bool {
        matches!(self, Self::InDiscussion { .. })
    }

    /// When the discussion ended; absent while it goes on or has not begun.
    #[must_use]
    pub const fn ended_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Finished { at, .. } | Self::Postponed { at, .. } => Some(*at),
            Self::Waiting | Self::InDiscussion { .. } => None,
        }
    }

    /// Whether nothing more can be added.
    #[must_use]
    pub const fn frozen(&self) -> bool {
        matches!(self, Self::Finished { .. } | Self::Postponed { .. })
    }
}

/// A finished family that was taken up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopening {
    /// When.
    pub at: DateTime<Utc>,
    /// When it had been finished.
    pub finished_at: DateTime<Utc>,
    /// By whom.
    pub by: WorkerId,
}

/// One family's part of a meeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    /// Its id.
    pub id: SlotId,
    /// The family; absent in the view of those who may not see it.
    pub family: Option<FamilyId>,
    /// Minutes planned.
    pub minutes: u32,
    /// Where the discussion is.
    pub progress: Progress,
    /// When the discussion began first.
    pub begun_at: Option<DateTime<Utc>>,
    /// The headings that the room came to, as places in the template.
    pub reached: BTreeSet<usize>,
    /// Every time it was taken up again after it was finished.
    pub reopened: Vec<Reopening>,
    /// The family's children when the discussion began.
    pub children: BTreeSet<PersonId>,
    /// Allocated when the discussion began, and brought in since.
    pub members: BTreeMap<WorkerId, Member>,
    /// Who was there and how.
    pub attendance: BTreeMap<WorkerId, Attendance>,
    /// Every change of anybody's presence, in order.
    pub presence: Vec<PresenceChange>,
    /// Who stood out for a conflict of interest, and whether they still do.
    pub standing_out: BTreeMap<WorkerId, bool>,
    /// The boxes that hold text or a mark.
    pub boxes: BTreeMap<Area, BoxText>,
    /// Decisions on the table; together they cover every child once.
    pub decisions: Vec<Decision>,
    /// Next steps.
    pub steps: Vec<Step>,
    /// The question for today, in one line; empty for none.
    pub question: String,
    /// What the meeting said of steps agreed earlier.
    pub last_steps: Vec<LastStep>,
    /// Questions answered with a number.
    pub scales: Scales,
    /// Options that were considered.
    pub options: Vec<ConsideredOption>,
    /// What is done if something happens.
    pub contingencies: Vec<Contingency>,
    /// Conversations to take back to the family.
    pub conversations: Vec<Conversation>,
    /// When the family is discussed next.
    pub next_date: Option<NaiveDate>,
    /// Urgent risks that were raised.
    pub risks: Vec<Risk>,
    /// What was taken off the table.
    pub removed: Removed,
}

/// Something a record will need and does not have yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// No attendance was taken.
    Attendance,
    /// These children have no confirmed decision.
    Decision {
        /// Which.
        children: BTreeSet<PersonId>,
    },
    /// Contributions are hidden and not revealed; finished like this they stay their writers'.
    Hidden {
        /// How many.
        count: usize,
    },
    /// A decision without a reason.
    Reason {
        /// For whom.
        children: BTreeSet<PersonId>,
    },
    /// Somebody's reason is to follow.
    StanceReason {
        /// Whose.
        worker: WorkerId,
    },
    /// A step without an owner.
    Owner {
        /// Which step.
        step: StepId,
        /// Its words.
        what: String,
        /// Whether it has no date either.
        due: bool,
    },
    /// A step without a date.
    Due {
        /// Which step.
        step: StepId,
        /// Its words.
        what: String,
        /// Its owner, who can say.
        owner: WorkerId,
    },
}

impl Slot {
    /// A family not yet begun.
    #[must_use]
    pub const fn planned(id: SlotId, family: FamilyId, minutes: u32) -> Self {
        Self {
            id,
            family: Some(family),
            minutes,
            progress: Progress::Waiting,
            children: BTreeSet::new(),
            members: BTreeMap::new(),
            attendance: BTreeMap::new(),
            presence: Vec::new(),
            begun_at: None,
            reached: BTreeSet::new(),
            reopened: Vec::new(),
            standing_out: BTreeMap::new(),
            boxes: BTreeMap::new(),
            decisions: Vec::new(),
            steps: Vec::new(),
            question: String::new(),
            last_steps: Vec::new(),
            scales: Scales::new(),
            options: Vec::new(),
            contingencies: Vec::new(),
            conversations: Vec::new(),
            next_date: None,
            risks: Vec::new(),
            removed: Removed::nothing(),
        }
    }

    /// A decision by id.
    #[must_use]
    pub fn decision(&self, id: crate::DecisionId) -> Option<&Decision> {
        self.decisions.iter().find(|decision| decision.id == id)
    }

    /// Whether somebody is there now.
    #[must_use]
    pub fn present(&self, worker: WorkerId) -> bool {
        self.attendance.get(&worker).is_some_and(|attendance| attendance.present()) && !self.stands_out(worker)
    }

    /// Whether somebody is marked as not there, or stands out. Whoever is not marked may well be there: attendance holds
    /// nothing up.
    #[must_use]
    pub fn marked_absent(&self, worker: WorkerId) -> bool {
        self.stands_out(worker) || (self.attendance.contains_key(&worker) && !self.present(worker))
    }

    /// Whether the family is locked and the viewer not named.
    #[must_use]
    pub fn locked_for(&self, viewer: &Viewer) -> bool {
        self.family.is_some_and(|family| viewer.locked_out.contains(&family))
    }

    /// Whether somebody stands out of this discussion now.
    #[must_use]
    pub fn stands_out(&self, worker: WorkerId) -> bool {
        self.standing_out.get(&worker).copied().unwrap_or_default()
    }

    /// Whether a viewer stands out of this discussion now, with one of their entries.
    #[must_use]
    pub fn is_stood_out_by(&self, viewer: &Viewer) -> bool {
        self.standing_out.iter().any(|(worker, out)| *out && viewer.is(*worker))
    }

    /// Leaves what the agenda shows: how far it is, who takes part, which boxes hold something, urgent risks.
    pub fn reduce_to_agenda(&mut self) {
        self.boxes.values_mut().for_each(|text| *text = BoxText { withheld: true, ..BoxText::default() });
        self.children.clear();
        self.presence.clear();
        self.decisions.clear();
        self.steps.clear();
        self.question.clear();
        self.last_steps.clear();
        self.scales = Scales::new();
        self.options.clear();
        self.contingencies.clear();
        self.conversations.clear();
        self.next_date = None;
        self.removed = Removed::nothing();
    }

    /// What signing will ask for, so that the room hears it while it sits together.
    #[must_use]
    pub fn missing(&self) -> Vec<Missing> {
        let mut missing = Vec::new();
        if self.attendance.is_empty() {
            missing.push(Missing::Attendance);
        }
        let count = self.boxes.values().filter(|text| text.mark.hidden_until_reveal).count();
        if count > 0 {
            missing.push(Missing::Hidden { count });
        }
        for decision in &self.decisions {
            let children = decision.children.clone();
            if decision.confirmed.is_none() {
                missing.push(Missing::Decision { children });
            } else if decision.wording.as_ref().is_none_or(|wording| wording.why.trim().is_empty()) {
                missing.push(Missing::Reason { children });
            }
            missing.extend(
                decision
                    .stances
                    .iter()
                    .filter(|(_, stance)| stance.revision == decision.revision && stance.reason_to_follow())
                    .map(|(worker, _)| Missing::StanceReason { worker: *worker }),
            );
        }
        for step in &self.steps {
            let what = step.draft.what.clone();
            let owner = step.draft.owner.worker();
            // One thing, as where the records are signed.
            match (owner, step.draft.due) {
                (None, due) => missing.push(Missing::Owner { step: step.id, what, due: due.is_none() }),
                (Some(owner), None) => missing.push(Missing::Due { step: step.id, what, owner }),
                (Some(_), Some(_)) => {}
            }
        }
        missing
    }
}

impl From<&Progress> for SlotProgress {
    fn from(progress: &Progress) -> Self {
        match progress {
            Progress::Waiting => Self::Waiting,
            Progress::InDiscussion { .. } => Self::InDiscussion,
            Progress::Finished { .. } => Self::Finished,
            Progress::Postponed { .. } => Self::Postponed,
        }
    }
}
