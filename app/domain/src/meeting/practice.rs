//! What a meeting does beside typing and deciding: what became of last month's steps, scales sealed until the chair
//! reveals them, the conversation to take back to the family, urgent risk. Each part is a switch of the template.
//!
//! Only the server holds this; pages get it as HTML in their viewer's rights, so that none of it costs the browser.

use crate::{PersonId, StepId, WorkerId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was used of it in one family's part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Practice {
    /// The question for today, in one line.
    pub question: String,
    /// What was said in this meeting of steps agreed earlier.
    pub last_steps: Vec<LastStep>,
    /// Numbers given, by whom on what.
    pub given: Vec<Given>,
    /// When the scales were revealed.
    pub revealed_at: Option<DateTime<Utc>>,
    /// What the chair writes of the scales once they are shown; the record keeps this and no number.
    pub spread_words: String,
    /// Options that were considered.
    pub considered: Vec<Considered>,
    /// What is done if something happens.
    pub contingencies: Vec<Contingency>,
    /// Conversations to take back to the family.
    pub conversations: Vec<Conversation>,
    /// When the family is discussed next.
    pub next_on: Option<NaiveDate>,
    /// Urgent risks that were raised.
    pub risks: Vec<Risk>,
}

/// What became of a step agreed earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// Done.
    Done,
    /// Not done; it stays open.
    NotDone,
    /// It goes on to next month.
    Carried,
    /// It is not needed any more; why is said.
    Dropped,
}

impl Became {
    /// All of them, in the order people choose from.
    pub const ALL: [Self; 4] = [Self::Done, Self::NotDone, Self::Carried, Self::Dropped];

    /// The form's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotDone => "not_done",
            Self::Carried => "carried",
            Self::Dropped => "dropped",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Done => "Done",
            Self::NotDone => "Not done",
            Self::Carried => "Carry forward",
            Self::Dropped => "Not needed any more",
        }
    }

    /// From a form's word.
    #[must_use]
    pub fn chosen(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|became| became.word() == word)
    }
}

/// What was said in a meeting of a step agreed earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastStep {
    /// Which.
    pub step: StepId,
    /// What it said.
    pub what: String,
    /// What became of it.
    pub became: Became,
    /// A word why. May be empty, but for what is dropped.
    pub word: String,
}

/// A number somebody gives, or that they pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Which of the template's scales.
    pub scale: String,
    /// On which child; absent where the scale is about the family.
    pub child: Option<PersonId>,
    /// Who.
    pub worker: WorkerId,
    /// The number; absent where they pass.
    pub number: Option<u8>,
    /// One line why. May be empty.
    pub why: String,
}

/// An option that was considered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Considered {
    /// Its id.
    pub id: StepId,
    /// For which child; for all where absent.
    pub child: Option<PersonId>,
    /// What, and what speaks for it and against it.
    pub what: String,
    /// Who wrote it down; absent until it is.
    #[serde(default)]
    pub by: Option<WorkerId>,
}

/// What is done if something happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contingency {
    /// Its id.
    pub id: StepId,
    /// For which child; for all where absent.
    pub child: Option<PersonId>,
    /// If what happens.
    pub happens: String,
    /// What is done then, and by whom.
    pub then: String,
    /// Who wrote it down; absent until it is.
    #[serde(default)]
    pub by: Option<WorkerId>,
}

/// A conversation that one worker takes to one parent, in the spirit of Motivational Interviewing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its id.
    pub id: StepId,
    /// Who has it.
    pub worker: WorkerId,
    /// With whom, by name.
    pub with: String,
    /// Engage, focus, evoke or plan, where somebody chose.
    pub process: String,
    /// What they explore together.
    pub explore: String,
    /// What the parent wants and why, in the parent's own words. May be empty.
    pub own_words: String,
    /// The parent's own number on importance, confidence or readiness, with the day and their words; never a worker's
    /// guess. May be empty.
    pub own_number: String,
    /// Who wrote it down; absent until it is.
    #[serde(default)]
    pub by: Option<WorkerId>,
}

/// An urgent risk somebody raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    /// Its id.
    pub id: StepId,
    /// Who raised it.
    pub by: WorkerId,
    /// When.
    pub at: DateTime<Utc>,
    /// In one line.
    pub what: String,
    /// Who acknowledged it, and when.
    pub heard: Option<(WorkerId, DateTime<Utc>)>,
}

/// What happened of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Practised {
    /// Something was said of a step agreed earlier.
    StepSaid(LastStep),
    /// A number was given, or somebody passed; sealed until the chair reveals.
    Given(Given),
    /// The chair shows the scales.
    Revealed,
    /// What the chair writes of them.
    SpreadWorded(String),
    /// An option was considered, or worded anew.
    Considered(Considered),
    /// It was agreed what is done if something happens.
    Contingent(Contingency),
    /// An option, a contingency or a conversation was taken off the table.
    #[serde(alias = "conversation_removed")]
    Withdrawn(StepId),
    /// A conversation was agreed, or worded anew.
    Conversing(Conversation),
    /// When the family is discussed next; nobody said where absent.
    NextOn(Option<NaiveDate>),
    /// An urgent risk was raised.
    RiskRaised {
        /// Its id.
        id: StepId,
        /// In one line.
        what: String,
    },
    /// Somebody who can act has heard of it.
    RiskHeard(StepId),
    /// The question for today.
    Asked(String),
    /// What stood here was destroyed or reduced when its time was over.
    Gone,
}

impl Practised {
    /// The one child it is about; none where it is about all, or about nobody's child.
    #[must_use]
    pub const fn child(&self) -> Option<PersonId> {
        match self {
            Self::Given(Given { child, .. })
            | Self::Considered(Considered { child, .. })
            | Self::Contingent(Contingency { child, .. }) => *child,
            _ => None,
        }
    }

    /// Whether it is about an urgent risk.
    #[must_use]
    pub const fn is_risk(&self) -> bool {
        matches!(self, Self::RiskRaised { .. } | Self::RiskHeard(_))
    }
}

impl Practice {
    /// Nothing used yet.
    pub(super) const fn new() -> Self {
        Self {
            question: String::new(),
            last_steps: Vec::new(),
            given: Vec::new(),
            revealed_at: None,
            spread_words: String::new(),
            considered: Vec::new(),
            contingencies: Vec::new(),
            conversations: Vec::new(),
            next_on: None,
            risks: Vec::new(),
        }
    }

    pub(super) fn apply(&mut self, at: DateTime<Utc>, by: WorkerId, what: &Practised) {
        match what {
            Practised::StepSaid(said) => {
                self.last_steps.retain(|known| known.step != said.step);
                self.last_steps.push(said.clone());
            }
            Practised::Given(given) => {
                let same = |known: &Given| {
                    (&known.scale, known.child, known.worker) == (&given.scale, given.child, given.worker)
                };
                self.given.retain(|known| !same(known));
                self.given.push(given.clone());
            }
            Practised::Revealed => self.revealed_at = Some(at),
            Practised::SpreadWorded(words) => self.spread_words.clone_from(words),
            Practised::Considered(option) => {
                self.considered.retain(|known| known.id != option.id);
                self.considered.push(Considered { by: Some(by), ..option.clone() });
            }
            Practised::Contingent(contingency) => {
                self.contingencies.retain(|known| known.id != contingency.id);
                self.contingencies.push(Contingency { by: Some(by), ..contingency.clone() });
            }
            Practised::Withdrawn(id) => {
                self.considered.retain(|known| known.id != *id);
                self.contingencies.retain(|known| known.id != *id);
                self.conversations.retain(|known| known.id != *id);
            }
            Practised::Conversing(conversation) => {
                let conversation = Conversation { by: Some(by), ..conversation.clone() };
                match self.conversations.iter_mut().find(|known| known.id == conversation.id) {
                    Some(known) => *known = conversation,
                    None => self.conversations.push(conversation),
                }
            }
            Practised::NextOn(day) => self.next_on = *day,
            Practised::Asked(question) => self.question.clone_from(question),
            Practised::Gone => {}
            Practised::RiskRaised { id, what } => {
                self.risks.push(Risk { id: *id, by, at, what: what.clone(), heard: None });
            }
            Practised::RiskHeard(id) => {
                let known = self.risks.iter_mut().find(|risk| risk.id == *id && risk.heard.is_none());
                known.into_iter().for_each(|risk| risk.heard = Some((by, at)));
            }
        }
    }

    /// Who wrote down an option, a contingency or a conversation; `None` where there is none of that id.
    #[must_use]
    pub fn author(&self, id: StepId) -> Option<WorkerId> {
        let considered = self.considered.iter().filter(|known| known.id == id).map(|known| known.by);
        let contingencies = self.contingencies.iter().filter(|known| known.id == id).map(|known| known.by);
        let conversations = self.conversations.iter().filter(|known| known.id == id).map(|known| known.by);
        considered.chain(contingencies).chain(conversations).flatten().next()
    }

    /// The numbers somebody may see: their own, and after revealing everybody's.
    pub fn shown(&self, worker: WorkerId) -> impl Iterator<Item = &Given> {
        let open = self.revealed_at.is_some();
        self.given.iter().filter(move |given| open || given.worker == worker)
    }

    /// The numbers on one question, once they are shown: lowest and highest first to speak.
    #[must_use]
    pub fn spread(&self, scale: &str, child: Option<PersonId>) -> Option<Spread> {
        self.revealed_at?;
        let of = self.given.iter().filter(|given| given.scale == scale && given.child == child);
        let mut numbers: BTreeMap<u8, Vec<WorkerId>> = BTreeMap::new();
        let mut passed = Vec::new();
        for given in of {
            match given.number {
                Some(number) => numbers.entry(number).or_default().push(given.worker),
                None => passed.push(given.worker),
            }
        }
        (!numbers.is_empty() || !passed.is_empty()).then_some(Spread { numbers, passed })
    }
}

/// Numbers on one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// Who gave which, lowest first.
    pub numbers: BTreeMap<u8, Vec<WorkerId>>,
    /// Who passed.
    pub passed: Vec<WorkerId>,
}

impl Spread {
    /// The two furthest apart, who are asked first; none where all agree.
    #[must_use]
    pub fn furthest(&self) -> Option<(WorkerId, WorkerId)> {
        let (low, high) = (self.numbers.first_key_value()?, self.numbers.last_key_value()?);
        (low.0 != high.0).then(|| (low.1[0], high.1[0]))
    }
}
