//! A dissent on its way: somebody who thought otherwise may leave it at being recorded, or take it where the template
//! says, one place after the other, until it is answered. None of it can be taken away again.

use super::{Named, Record};
use crate::meeting::Position;
use crate::template::Escalation;
use crate::{WorkerId, calendar};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A dissent taken to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dissent {
    /// Who thought otherwise.
    pub worker: WorkerId,
    /// To whom, in the template's words.
    pub to: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who took it there.
    pub by: Named,
    /// By when it is to be answered.
    pub until: NaiveDate,
    /// The answer.
    pub answer: Option<DissentAnswer>,
}

/// The answer to a dissent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DissentAnswer {
    /// When.
    pub at: DateTime<Utc>,
    /// Who gave or recorded it.
    pub by: Named,
    /// In words; never empty.
    pub text: String,
}

/// Where somebody's dissent can go next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// To whom.
    pub to: String,
    /// To be answered by then, if it is taken there today.
    pub until: NaiveDate,
}

impl Record {
    /// Whether somebody thought otherwise on the wording that was confirmed, or did until another recorded otherwise.
    #[must_use]
    pub fn dissents(&self, worker: WorkerId) -> bool {
        let stances = self.decision.iter().flat_map(|decision| &decision.stances);
        let mut own = stances.filter(|stance| stance.who.worker == worker);
        own.any(|stance| {
            !stance.before.is_empty() || (stance.earlier_wording.is_none() && stance.position != Position::Agree)
        })
    }

    /// Where a dissent stands: as often as it was taken somewhere, in order.
    pub fn taken(&self, worker: WorkerId) -> impl Iterator<Item = &Dissent> {
        self.life.dissents.iter().filter(move |dissent| dissent.worker == worker)
    }

    /// Where a dissent can be taken next; `None` while an answer is awaited in time, or at the end of the route.
    #[must_use]
    pub fn next_for(&self, worker: WorkerId, route: &[Escalation], today: NaiveDate) -> Option<Next> {
        let waits = self.taken(worker).last().is_some_and(|last| last.answer.is_none() && last.until >= today);
        let next = route.get(self.taken(worker).count()).filter(|_| self.dissents(worker) && !waits)?;
        Some(Next { to: next.to.clone(), until: calendar::after(today, next.working_days) })
    }

    pub(crate) fn answer_dissent(&mut self, worker: WorkerId, answer: &DissentAnswer) {
        let waiting =
            self.life.dissents.iter_mut().rfind(|dissent| dissent.worker == worker && dissent.answer.is_none());
        waiting.into_iter().for_each(|dissent| dissent.answer = Some(answer.clone()));
    }
}
