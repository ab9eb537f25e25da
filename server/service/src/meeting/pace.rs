//! How fast one person may send commands, so that nobody's stuck key slows a room.

use domain::WorkerId;
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Instant;

/// Commands a second, in the long run.
const EACH_SECOND: f64 = 20.0;
/// Commands at once, after a pause: a connection that comes back brings several.
const AT_ONCE: f64 = 60.0;

/// What each person may still send.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<HashMap<WorkerId, (f64, Instant)>>);

impl Pace {
    /// Whether one more command is in time; it is counted then.
    pub fn allows(&self, worker: WorkerId, now: Instant) -> bool {
        let mut allowances = self.0.lock().expect("no panic holds it");
        let (left, since) = allowances.entry(worker).or_insert((AT_ONCE, now));
        let passed = now.saturating_duration_since(*since).as_secs_f64();
        *left = (*left + passed * EACH_SECOND).min(AT_ONCE);
        *since = now;
        let allowed = *left >= 1.0;
        if allowed {
            *left -= 1.0;
        }
        allowed
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
        let sent = (0..200).filter(|_| pace.allows(one, start)).count();
        assert_eq!(sent, 60);
        assert!(pace.allows(other, start));
        let later = start + Duration::from_secs(1);
        assert_eq!((0..200).filter(|_| pace.allows(one, later)).count(), 20);
    }

    fn uuid(n: u128) -> store::Uuid {
        store::Uuid::from_u128(n)
    }
}
