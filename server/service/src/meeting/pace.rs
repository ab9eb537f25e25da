//! How fast one person may send commands and how many streams they hold, so that nobody's stuck key slows a room.

use domain::WorkerId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Commands a second, in the long run.
const EACH_SECOND: f64 = 20.0;
/// Commands at once, after a pause: a connection that comes back brings several.
const AT_ONCE: f64 = 60.0;

/// What each person may still send.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<HashMap<WorkerId, Allowance>>);

/// What somebody may still do at once.
#[derive(Debug)]
struct Allowance {
    /// Commands.
    left: f64,
    /// When that was counted.
    since: Instant,
    /// Whether the last command was one too many.
    over: bool,
}

/// Whether a command is in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pacing {
    InTime,
    /// One too many, and whether it is the first after one that was in time.
    TooMany {
        first: bool,
    },
}

impl Pace {
    /// Whether one more command is in time; it is counted then.
    pub fn of(&self, worker: WorkerId, now: Instant) -> Pacing {
        let mut allowances = self.0.lock().expect("no panic holds it");
        let allowance = allowances.entry(worker).or_insert(Allowance { left: AT_ONCE, since: now, over: false });
        let passed = now.saturating_duration_since(allowance.since).as_secs_f64();
        allowance.left = (allowance.left + passed * EACH_SECOND).min(AT_ONCE);
        allowance.since = now;
        let was_over = allowance.over;
        allowance.over = allowance.left < 1.0;
        if allowance.over {
            return Pacing::TooMany { first: !was_over };
        }
        allowance.left -= 1.0;
        Pacing::InTime
    }
}

/// The most streams one person holds: each tab that is in sight has one.
pub(crate) const STREAMS: usize = 30;

/// How many streams each person holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpenStreams(Arc<Mutex<HashMap<WorkerId, usize>>>);

impl OpenStreams {
    /// One more stream of a person, counted until it is dropped; `None` where they hold as many as one may.
    pub fn open(&self, worker: WorkerId) -> Option<OpenStream> {
        let mut open = self.0.lock().expect("no panic holds it");
        let count = open.entry(worker).or_insert(0);
        (*count < STREAMS).then(|| {
            *count += 1;
            OpenStream { all: self.clone(), worker }
        })
    }
}

/// A stream that counts.
#[derive(Debug)]
pub(crate) struct OpenStream {
    all: OpenStreams,
    worker: WorkerId,
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.all.0.lock().expect("no panic holds it");
        if let Some(count) = open.get_mut(&self.worker) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.worker);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_person_sends_twenty_commands_a_second_and_nobody_else_waits_for_it() {
        let (pace, start) = (Pace::default(), Instant::now());
        let (one, other) = (WorkerId::new(uuid(1)), WorkerId::new(uuid(2)));
        let sent = |now: Instant| (0..200).map(|_| pace.of(one, now)).filter(|of| *of == Pacing::InTime).count();
        assert_eq!(sent(start), 60);
        assert_eq!(pace.of(other, start), Pacing::InTime);
        assert_eq!(sent(start + Duration::from_secs(1)), 20);
        let all = (0..3).map(|_| pace.of(one, start + Duration::from_millis(1050)));
        let (many, first) = (Pacing::TooMany { first: false }, Pacing::TooMany { first: true });
        assert_eq!(all.collect::<Vec<_>>(), [Pacing::InTime, first, many], "said once");
    }

    fn uuid(n: u128) -> store::Uuid {
        store::Uuid::from_u128(n)
    }

    #[test]
    fn a_person_holds_thirty_streams_and_one_that_ends_makes_room() {
        let (open, person) = (OpenStreams::default(), WorkerId::new(uuid::Uuid::from_u128(1)));
        let mut held: Vec<OpenStream> = (0..STREAMS).map(|_| open.open(person).unwrap()).collect();
        assert!(open.open(person).is_none());
        assert!(open.open(WorkerId::new(uuid::Uuid::from_u128(2))).is_some(), "others are not asked");
        held.pop();
        assert!(open.open(person).is_some());
        drop(held);
        assert!(open.0.lock().unwrap().is_empty(), "nothing is remembered of who has gone");
    }
}
