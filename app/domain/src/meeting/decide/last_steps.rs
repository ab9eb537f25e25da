//! What became of steps agreed in earlier meetings.

use super::{Decided, Decider, Event, Refusal, SlotId, short};
use crate::StepId;
use crate::meeting::{Became, LastStep};
use chrono::NaiveDate;

impl Decider<'_> {
    pub(super) fn answer_last_step(
        &self, id: SlotId, step: StepId, became: Became, due: Option<NaiveDate>, word: &str,
    ) -> Decided {
        self.live(id)?;
        let agreed = self.context.surroundings.last_steps.get(&step).ok_or(Refusal::NotFound)?;
        let word = short("Why", word, 500)?;
        if became == Became::Dropped && word.is_empty() {
            let remedy = "Say why the step is not needed any more; it stays open until then.";
            return Err(Refusal::empty("Why", remedy));
        }
        // Only what goes on gets a new date.
        let due = due.filter(|_| became == Became::Carried);
        if due.is_some_and(|due| due < self.room.held_on) {
            return Err(Refusal::Unusable("The new date has passed already. Write a later one.".to_owned()));
        }
        let (what, children) = (agreed.what.clone(), agreed.children.clone());
        let answer = LastStep { step, what, children, became, due, word, owner: agreed.owner, noted_by: self.me() };
        Ok(vec![Event::LastStepAnswered { slot: id, answer }])
    }

    pub(super) fn take_back_last_step(&self, id: SlotId, step: StepId) -> Decided {
        let answered = self.live(id)?.last_steps.iter().any(|answer| answer.step == step);
        if answered { Ok(vec![Event::LastStepTakenBack { slot: id, step }]) } else { Err(Refusal::Already) }
    }
}
