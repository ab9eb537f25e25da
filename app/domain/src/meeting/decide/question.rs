//! The question for today.

use super::{Decided, Decider, Event, SlotId, short};

impl Decider<'_> {
    /// Before the meeting as well as in it.
    pub(super) fn ask_question(&self, id: SlotId, question: &str) -> Decided {
        self.not_finished(id)?;
        Ok(vec![Event::QuestionAsked { slot: id, question: short("The question for today", question, 300)? }])
    }
}
