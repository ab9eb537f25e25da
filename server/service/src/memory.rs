//! Subjects in memory, meetings and workbooks alike: whoever needs one reads it once from its journal, everybody then
//! shares it, and it is let go when nobody has used it for a while.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The subjects of one kind that are in memory.
pub(crate) struct Memory<K, S>(Mutex<HashMap<K, InMemory<S>>>);

struct InMemory<S> {
    subject: Arc<S>,
    used: Instant,
}

impl<K, S> Default for Memory<K, S> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Copy + Eq + Hash, S> Memory<K, S> {
    /// A subject, where it is in memory.
    pub fn loaded(&self, id: K) -> Option<Arc<S>> {
        let mut held = self.0.lock().expect("no panic holds it");
        let entry = held.get_mut(&id)?;
        entry.used = Instant::now();
        Some(Arc::clone(&entry.subject))
    }

    /// Keeps a subject that was just read; gives the one that is there where somebody else was first.
    pub fn keep(&self, id: K, subject: S) -> Arc<S> {
        let mut held = self.0.lock().expect("no panic holds it");
        let new = || InMemory { subject: Arc::new(subject), used: Instant::now() };
        Arc::clone(&held.entry(id).or_insert_with(new).subject)
    }

    /// Lets go of subjects that nobody holds and nobody used for `idle`. Whoever needs one next reads it again.
    pub fn let_go(&self, idle: Duration) {
        // Streams and commands hold their subject; under this lock nobody takes a new one.
        let used = |entry: &InMemory<S>| Arc::strong_count(&entry.subject) > 1 || entry.used.elapsed() < idle;
        self.0.lock().expect("no panic holds it").retain(|_, entry| used(entry));
    }

    /// Forgets subjects whose journals were rewritten.
    pub fn forget(&self, ids: &[K]) {
        self.0.lock().expect("no panic holds it").retain(|id, _| !ids.contains(id));
    }

    /// All of them.
    pub fn all(&self) -> Vec<(K, Arc<S>)> {
        let held = self.0.lock().expect("no panic holds it");
        held.iter().map(|(id, entry)| (*id, Arc::clone(&entry.subject))).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.lock().expect("no panic holds it").len()
    }
}
