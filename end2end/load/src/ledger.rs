//! What one room's people wrote and who has seen it: from sent to seen by all the others.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// One room's edits. An edit is one letter; a writer's letters are numbered from 0.
#[derive(Debug)]
pub struct Ledger {
    seats: usize,
    writers: RefCell<Vec<Writer>>,
    authors: RefCell<HashMap<u64, usize>>,
    /// How long each measured letter took.
    late: RefCell<Vec<Duration>>,
    counts: Cell<bool>,
}

#[derive(Debug, Clone)]
struct Writer {
    sent: Vec<Sent>,
    /// How far each reader has read.
    read: Vec<usize>,
}

#[derive(Debug, Clone)]
struct Sent {
    at: Instant,
    counts: bool,
    seen: usize,
}

impl Ledger {
    /// A room of so many people, each of whom reads all the others.
    #[must_use]
    pub fn new(seats: usize) -> Self {
        let writer = Writer { sent: Vec::new(), read: vec![0; seats] };
        Self {
            seats,
            writers: RefCell::new(vec![writer; seats]),
            authors: RefCell::default(),
            late: RefCell::default(),
            counts: Cell::new(false),
        }
    }

    /// Edits from now on are measured, or not.
    pub fn count(&self, counts: bool) {
        self.counts.set(counts);
    }

    /// Notes under which author id a seat writes.
    pub fn author(&self, id: u64, seat: usize) {
        self.authors.borrow_mut().insert(id, seat);
    }

    /// A seat wrote one letter.
    pub fn sent(&self, seat: usize) {
        let sent = Sent { at: Instant::now(), counts: self.counts.get(), seen: 0 };
        self.writers.borrow_mut()[seat].sent.push(sent);
    }

    /// A reader has an author's letters up to `end`.
    pub fn seen(&self, reader: usize, author: u64, end: usize) {
        if let Some(seat) = self.authors.borrow().get(&author) {
            self.seen_of(reader, *seat, end);
        }
    }

    /// A reader has a seat's letters up to `end`.
    pub fn seen_of(&self, reader: usize, seat: usize, end: usize) {
        if reader == seat {
            return;
        }
        let mut writers = self.writers.borrow_mut();
        let Writer { sent, read } = &mut writers[seat];
        for sent in sent.iter_mut().take(end).skip(read[reader]) {
            sent.seen += 1;
            if sent.seen + 1 == self.seats && sent.counts {
                self.late.borrow_mut().push(sent.at.elapsed());
            }
        }
        read[reader] = read[reader].max(end);
    }

    /// Letters written in all.
    #[must_use]
    pub fn written(&self) -> usize {
        self.writers.borrow().iter().map(|writer| writer.sent.len()).sum()
    }

    /// Letters one seat wrote.
    #[must_use]
    pub fn written_by(&self, seat: usize) -> usize {
        self.writers.borrow()[seat].sent.len()
    }

    /// Letters that are not yet with everybody.
    #[must_use]
    pub fn missing(&self) -> usize {
        let writers = self.writers.borrow();
        writers.iter().flat_map(|writer| &writer.sent).filter(|sent| sent.seen + 1 < self.seats).count()
    }

    /// How long each measured letter took until everybody had it.
    pub fn take_delays(&self) -> Vec<Duration> {
        self.late.take()
    }
}

/// The value below which this share of the sorted values lies.
#[must_use]
pub fn share(sorted: &[Duration], share: f64) -> Duration {
    let at = (sorted.len() as f64 * share).floor() as usize;
    sorted.get(at.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_with_everybody_when_the_last_reader_has_it() {
        let ledger = Ledger::new(3);
        ledger.author(77, 0);
        ledger.count(true);
        ledger.sent(0);
        ledger.sent(0);
        ledger.seen(0, 77, 2);
        ledger.seen(1, 77, 2);
        assert_eq!((ledger.missing(), ledger.take_delays().len()), (2, 0));
        ledger.seen(2, 77, 1);
        ledger.seen(2, 77, 1);
        assert_eq!((ledger.missing(), ledger.take_delays().len()), (1, 1));
        ledger.seen(2, 77, 2);
        assert_eq!((ledger.missing(), ledger.written()), (0, 2));
    }

    #[test]
    fn a_share_of_the_values_lies_below() {
        let sorted: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(share(&sorted, 0.5), Duration::from_millis(51));
        assert_eq!(share(&sorted, 0.99), Duration::from_millis(100));
        assert_eq!(share(&[], 0.5), Duration::ZERO);
    }
}
