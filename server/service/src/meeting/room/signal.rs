//! When a room's readers are changes: at once in a quiet room; in a busy one a few edits together, since what a
//! server spends goes into deliveries, and people notice nothing under fifty milliseconds.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How many edits within [`SPAN`] make a room busy.
const BUSY: usize = 8;
/// The time in which they are counted.
const SPAN: Duration = Duration::from_millis(200);
/// The least time between two deliveries to one reader of a busy room.
const GATHER: Duration = Duration::from_millis(40);

/// Tells a room's readers that there is news.
#[derive(Clone)]
pub(super) struct ChangeSignal(Arc<SignalInner>);

struct SignalInner {
    changes: watch::Sender<()>,
    rhythm: Mutex<Rhythm>,
}

#[derive(Default)]
struct Rhythm {
    edits: VecDeque<Instant>,
    last: Option<Instant>,
    waiting: bool,
}

impl Default for ChangeSignal {
    fn default() -> Self {
        Self(Arc::new(SignalInner { changes: watch::Sender::new(()), rhythm: Mutex::default() }))
    }
}

impl ChangeSignal {
    pub fn listen(&self) -> watch::Receiver<()> {
        self.0.changes.subscribe()
    }

    /// So many edits have become durable. Time that nobody sets: this is about the machine.
    pub fn changed(&self, edits: usize) {
        let now = Instant::now();
        let until = {
            let mut rhythm = self.0.rhythm.lock().expect("no panic holds it");
            rhythm.next(now, edits)
        };
        match until {
            When::Now => {
                self.0.changes.send_replace(());
            }
            When::At(at) => {
                let signal = self.clone();
                tokio::spawn(async move {
                    tokio::time::sleep_until(at.into()).await;
                    {
                        let mut rhythm = signal.0.rhythm.lock().expect("no panic holds it");
                        (rhythm.waiting, rhythm.last) = (false, Some(at));
                    }
                    signal.0.changes.send_replace(());
                });
            }
            When::WithOthers => {}
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum When {
    Now,
    At(Instant),
    WithOthers,
}

impl Rhythm {
    fn next(&mut self, now: Instant, edits: usize) -> When {
        self.edits.extend(std::iter::repeat_n(now, edits));
        while self.edits.len() > BUSY {
            self.edits.pop_front();
        }
        if self.waiting {
            return When::WithOthers;
        }
        let busy = self.edits.len() == BUSY && self.edits.front().is_some_and(|first| now - *first < SPAN);
        match self.last.map(|last| last + GATHER).filter(|next| busy && *next > now) {
            Some(next) => {
                self.waiting = true;
                When::At(next)
            }
            None => {
                self.last = Some(now);
                When::Now
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{GATHER, Rhythm, When};
    use std::time::{Duration, Instant};

    #[test]
    fn a_quiet_room_signals_at_once_and_a_busy_one_a_few_edits_together() {
        let (mut rhythm, start) = (Rhythm::default(), Instant::now());
        let at = |millis: u64| start + Duration::from_millis(millis);
        for edit in 0..10 {
            assert_eq!(rhythm.next(at(edit * 80), 1), When::Now, "twelve a second is quiet");
        }
        let changes: Vec<When> = (0..12).map(|edit| rhythm.next(at(2000 + edit * 10), 1)).collect();
        assert_eq!(changes[..7].iter().filter(|when| **when == When::Now).count(), 7);
        let next = at(2060) + GATHER;
        assert_eq!(changes[7], When::At(next), "the eighth within a fifth of a second waits for its turn");
        assert!(changes[8..].iter().all(|when| *when == When::WithOthers), "and takes the others along");
    }
}
