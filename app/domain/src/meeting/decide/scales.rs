//! Questions answered with a number, revealed together.

use super::{Decided, Decider, Event, Refusal, Slot, SlotId, short};
use crate::meeting::scales::HIGHEST;
use crate::meeting::{Attendance, ScaleAnswer, ScaleValue};

impl Decider<'_> {
    /// Before the meeting as well as in it.
    pub(super) fn answer_scale(&self, id: SlotId, given: ScaleAnswer) -> Decided {
        let slot = self.not_finished(id)?;
        self.may_answer(slot, &given)?;
        let scale = self.room.template.meeting.scales.iter().find(|scale| scale.key == given.scale);
        let scale = scale.ok_or_else(|| Refusal::Unusable("That question is not asked here any more.".to_owned()))?;
        if scale.per_child != given.child.is_some() {
            return Err(Refusal::Unusable("This question has changed. Reload the page and answer again.".to_owned()));
        }
        if given.child.is_some_and(|child| !self.children_of(slot).contains(&child)) {
            return Err(Refusal::NotTheirChild);
        }
        if slot.scales.revealed_at.is_some() {
            // What was said before anybody saw the others' numbers stays as it was said.
            return Err(Refusal::Unusable(
                "The numbers are revealed and stay as they were given. Say in your analysis what you think now."
                    .to_owned(),
            ));
        }
        match given.answer {
            ScaleValue::Number(0..=HIGHEST) | ScaleValue::Passed => {}
            ScaleValue::Number(_) | ScaleValue::Hidden => {
                return Err(Refusal::Unusable("A number is from 0 to 10, or you pass.".to_owned()));
            }
        }
        let answer = ScaleAnswer { why: short("Why", &given.why, 300)?, ..given };
        Ok(vec![Event::ScaleAnswered { slot: id, answer }])
    }

    /// One's own number, or, by those who run the meeting, that of somebody on the call who has given none.
    fn may_answer(&self, slot: &Slot, given: &ScaleAnswer) -> Result<(), Refusal> {
        if given.worker == self.me() {
            return Ok(());
        }
        self.runner()?;
        let on_the_call = slot.attendance.get(&given.worker) == Some(&Attendance::Call);
        if !on_the_call || slot.scales.answers.iter().any(|previous| given.replaces(previous)) {
            return Err(Refusal::Unusable(
                "You can enter a number only for somebody on the call who has not given one.".to_owned(),
            ));
        }
        Ok(())
    }

    pub(super) fn reveal_scales(&self, id: SlotId) -> Decided {
        let slot = self.live(id)?;
        self.chair()?;
        if slot.scales.revealed_at.is_some() {
            return Ok(Vec::new());
        }
        Ok(vec![Event::ScalesRevealed { slot: id }])
    }

    pub(super) fn word_scales(&self, id: SlotId, words: &str) -> Decided {
        let slot = self.live(id)?;
        self.runner()?;
        if slot.scales.revealed_at.is_none() {
            return Err(Refusal::Unusable("Reveal the numbers first, then write what they told.".to_owned()));
        }
        Ok(vec![Event::ScalesWorded { slot: id, words: short("What the numbers told", words, 2000)? }])
    }
}
