//! When the family is discussed next.

use super::{Decided, Decider, Event, Refusal, SlotId};
use chrono::{NaiveDate, TimeDelta};

impl Decider<'_> {
    pub(super) fn agree_next_date(&self, id: SlotId, day: Option<NaiveDate>) -> Decided {
        self.live(id)?;
        self.runner()?;
        let unusable = |message: &str| Err(Refusal::Unusable(message.to_owned()));
        if day.is_some_and(|day| day > self.room.held_on + TimeDelta::days(366)) {
            return unusable("That is more than a year away. Give an earlier day.");
        }
        if day.is_some_and(|day| day <= self.room.held_on) {
            return unusable("The next discussion is after this one. Give a later day.");
        }
        Ok(vec![Event::NextDateAgreed { slot: id, day }])
    }
}
