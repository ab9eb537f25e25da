//! Questions answered with a number. Each person answers alone; nobody sees another's number before the chair reveals
//! them all, the chair included.

use crate::{PersonId, WorkerId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The highest number of a scale; the lowest is 0.
pub const HIGHEST: u8 = 10;

/// The scales of one family's part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scales {
    /// The latest answer of each person to each question.
    pub answers: Vec<ScaleAnswer>,
    /// When the chair revealed the numbers.
    pub revealed_at: Option<DateTime<Utc>>,
    /// What the numbers mean, in the chair's words. The record keeps these words and no number.
    pub words: String,
}

/// One person's answer to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScaleAnswer {
    /// The key of the template's scale.
    pub scale: String,
    /// The child it is about; absent where the scale is about the family.
    pub child: Option<PersonId>,
    /// Whose answer it is.
    pub worker: WorkerId,
    /// The answer.
    pub answer: ScaleValue,
    /// One line why. May be empty.
    pub why: String,
}

/// A number, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScaleValue {
    /// From 0 to [`HIGHEST`].
    Number(u8),
    /// They pass.
    Passed,
    /// In views only: they answered, and this viewer may not see what before the reveal.
    Hidden,
}

impl ScaleValue {
    /// The number, where one was given and may be seen.
    #[must_use]
    pub const fn number(self) -> Option<u8> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }
}

impl ScaleAnswer {
    /// Whether this is an answer of the same person to the same question.
    #[must_use]
    pub fn replaces(&self, other: &Self) -> bool {
        (&self.scale, self.child, self.worker) == (&other.scale, other.child, other.worker)
    }

    /// The same answer without number and reason, as others see it before the reveal.
    #[must_use]
    pub fn hidden(&self) -> Self {
        Self { answer: ScaleValue::Hidden, why: String::new(), ..self.clone() }
    }
}

impl Scales {
    /// None answered yet.
    pub(super) const fn new() -> Self {
        Self { answers: Vec::new(), revealed_at: None, words: String::new() }
    }

    pub(super) fn answer(&mut self, answer: &ScaleAnswer) {
        self.answers.retain(|previous| !answer.replaces(previous));
        self.answers.push(answer.clone());
    }

    /// The scales as `worker` may see them: before the reveal only their own numbers. Without a worker it is the screen
    /// on the wall, which is nobody's.
    #[must_use]
    pub fn seen_by(&self, worker: Option<WorkerId>) -> Self {
        let mut seen = self.clone();
        if self.revealed_at.is_none() {
            for answer in seen.answers.iter_mut().filter(|answer| Some(answer.worker) != worker) {
                *answer = answer.hidden();
            }
        }
        seen
    }

    /// The answer of one person to one question.
    #[must_use]
    pub fn answer_of(&self, scale: &str, child: Option<PersonId>, worker: WorkerId) -> Option<&ScaleAnswer> {
        let mut answers = self.answers.iter();
        answers.find(|answer| (answer.scale.as_str(), answer.child, answer.worker) == (scale, child, worker))
    }

    /// The numbers on one question; `None` before the reveal and where nobody answered.
    #[must_use]
    pub fn spread(&self, scale: &str, child: Option<PersonId>) -> Option<Spread> {
        self.revealed_at?;
        let mut spread = Spread { numbers: BTreeMap::new(), passed: Vec::new() };
        for answer in self.answers.iter().filter(|answer| answer.scale == scale && answer.child == child) {
            match answer.answer {
                ScaleValue::Number(number) => spread.numbers.entry(number).or_default().push(answer.worker),
                ScaleValue::Passed => spread.passed.push(answer.worker),
                ScaleValue::Hidden => {}
            }
        }
        (!spread.numbers.is_empty() || !spread.passed.is_empty()).then_some(spread)
    }
}

/// The numbers on one question.
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
