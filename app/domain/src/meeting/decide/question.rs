//! The question for today.

use super::{Decided, Decider, Event, Refusal, SlotId, short};

impl Decider<'_> {
    /// Before the meeting as well as in it. `seen` is the question that its sender saw.
    pub(super) fn ask_question(&self, id: SlotId, question: &str, seen: &str) -> Decided {
        let slot = self.not_finished(id)?;
        let question = short("The question for today", question, 300)?;
        if slot.question != seen && slot.question != question {
            return Err(Refusal::Stale { now: slot.question.clone(), yours: question });
        }
        Ok(vec![Event::QuestionAsked { slot: id, question }])
    }
}
