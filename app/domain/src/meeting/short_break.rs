//! A short break of the whole room. People say less in the second half of a long meeting; a break holds them. Nothing is
//! locked meanwhile: who wants to write goes on.

use super::Room;
use crate::{SlotId, WorkerId};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// A break that the room takes now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortBreak {
    /// Who called it.
    pub by: WorkerId,
    /// Until when.
    pub until: DateTime<Utc>,
    /// The family whose clock stands still meanwhile.
    pub paused: Option<SlotId>,
}

impl ShortBreak {
    /// How long a break can be, in minutes.
    pub const MINUTES: RangeInclusive<u32> = 1..=60;
}

impl Room {
    pub(super) fn call_break(&mut self, at: DateTime<Utc>, by: WorkerId, minutes: u32, paused: Option<SlotId>) {
        let until = at + TimeDelta::minutes(i64::from(minutes));
        self.on_break = Some(ShortBreak { by, until, paused });
    }
}
