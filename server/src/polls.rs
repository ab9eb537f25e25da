//! Streams of pages that ask again and again, kept between two of their requests.

use domain::{MeetingId, WorkerId};
use service::meeting::SentFrame;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// A page that has not asked for this long has gone.
const GONE: Duration = Duration::from_secs(40);
/// Whose page: its meeting, its worker, the number it gave itself, the wall or not.
type PollingPage = (MeetingId, WorkerId, String, bool);

/// When a page asked last, and what waits for it.
type OpenPoll = (Instant, mpsc::Receiver<Arc<SentFrame>>);

/// Streams of pages that ask again and again.
#[derive(Debug, Clone, Default)]
pub struct Polls(Arc<Mutex<HashMap<PollingPage, OpenPoll>>>);

impl Polls {
    pub fn take(&self, page: &PollingPage) -> Option<mpsc::Receiver<Arc<SentFrame>>> {
        let mut polls = self.0.lock().expect("no panic holds it");
        polls.retain(|_, (used, _)| used.elapsed() < GONE);
        polls.remove(page).map(|(_, frames)| frames)
    }

    pub fn keep(&self, page: PollingPage, frames: mpsc::Receiver<Arc<SentFrame>>) {
        self.0.lock().expect("no panic holds it").insert(page, (Instant::now(), frames));
    }
}
