//! When the family is discussed next.

use super::{Decided, Decider, Event, Refusal, SlotId};
use crate::dates;
use chrono::{NaiveDate, TimeDelta};

impl Decider<'_> {
    /// `seen` is the day that its sender saw agreed.
    pub(super) fn agree_next_date(&self, id: SlotId, day: Option<NaiveDate>, seen: Option<NaiveDate>) -> Decided {
        let now = self.live(id)?.next_date;
        self.runner()?;
        let unusable = |message: &str| Err(Refusal::Unusable(message.to_owned()));
        if day.is_some_and(|day| day > self.room.held_on + TimeDelta::days(366)) {
            return unusable("That is more than a year away. Give an earlier day.");
        }
        if day.is_some_and(|day| day <= self.room.held_on) {
            return unusable("The next discussion is after this one. Give a later day.");
        }
        if now != seen && now != day {
            let in_words = |day: Option<NaiveDate>| day.map_or_else(|| "no date".to_owned(), dates::long_date);
            return Err(Refusal::Stale { now: in_words(now), yours: in_words(day) });
        }
        Ok(vec![Event::NextDateAgreed { slot: id, day }])
    }
}
