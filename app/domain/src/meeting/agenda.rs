//! The rest of the agenda, with when each family is likely to begin now.

use super::{Phase, Progress, Room, Slot};
use crate::{SlotId, dates};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// One family that is still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToCome {
    /// Its slot.
    pub slot: SlotId,
    /// When it was planned to begin.
    pub planned: DateTime<Utc>,
    /// When it is likely to begin now; absent where it has begun.
    pub likely: Option<DateTime<Utc>>,
    /// Minutes planned.
    pub minutes: u32,
    /// Whether it has not begun, and can be moved or left for another day: in a plan, only while nobody wrote about it.
    pub movable: bool,
}

impl Room {
    /// The family to go on to, of those the viewer may see: the first after the current one that is not over, else the first
    /// before it.
    #[must_use]
    pub fn comes_next(&self) -> Option<SlotId> {
        let after = self.slots.iter().position(|slot| Some(slot.id) == self.current).map_or(0, |at| at + 1);
        let (before, coming) = self.slots.split_at(after);
        let open = |slot: &&Slot| Some(slot.id) != self.current && slot.family.is_some() && !slot.progress.frozen();
        coming.iter().chain(before).find(open).map(|slot| slot.id)
    }

    /// The families still to come, in the agenda's order.
    #[must_use]
    pub fn to_come(&self, now: DateTime<Utc>) -> Vec<ToCome> {
        let mut planned = dates::from_london(self.held_on.and_time(self.starts));
        let likely = self.likely(now);
        let mut coming = Vec::new();
        for slot in &self.slots {
            let at = planned;
            planned += TimeDelta::minutes(i64::from(slot.minutes));
            if slot.progress.frozen() {
                continue;
            }
            coming.push(ToCome {
                slot: slot.id,
                planned: at,
                likely: likely.get(&slot.id).copied().filter(|_| !slot.progress.in_discussion()),
                minutes: slot.minutes,
                movable: slot.progress == Progress::Waiting && (self.is_open() || slot.boxes.is_empty()),
            });
        }
        coming
    }

    /// When each family that is not over is likely to begin: the one that is discussed takes the rest of its minutes; then
    /// come those after it in the agenda, then those before it.
    fn likely(&self, now: DateTime<Utc>) -> BTreeMap<SlotId, DateTime<Utc>> {
        let current = self.slots.iter().position(|slot| Some(slot.id) == self.current);
        let (before, from_here) = self.slots.split_at(current.unwrap_or(0));
        let begins = dates::from_london(self.held_on.and_time(self.starts));
        let mut at = if current.is_some() { now } else { now.max(begins) };
        let mut likely = BTreeMap::new();
        for slot in from_here.iter().chain(before).filter(|slot| !slot.progress.frozen()) {
            likely.insert(slot.id, at);
            at += TimeDelta::seconds((i64::from(slot.minutes) * 60 - slot.progress.spent(now)).max(0));
        }
        likely
    }

    /// Minutes that the rest of the agenda is behind its plan; 0 unless the meeting is under way.
    #[must_use]
    pub fn minutes_late(&self, now: DateTime<Utc>) -> i64 {
        if !matches!(self.phase, Phase::Open { .. }) {
            return 0;
        }
        let planned = dates::from_london(self.held_on.and_time(self.starts))
            + TimeDelta::minutes(i64::from(self.planned_minutes()));
        let open = self.slots.iter().filter(|slot| !slot.progress.frozen());
        let left: i64 = open.map(|slot| (i64::from(slot.minutes) * 60 - slot.progress.spent(now)).max(0)).sum();
        (now + TimeDelta::seconds(left) - planned).num_minutes()
    }
}
