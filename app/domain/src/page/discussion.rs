//! Which discussions a page holds whole. The law, tested: whatever is fetched and whenever it comes, folding what the
//! stream brings gives the viewer's view, whole where it was fetched and as the agenda shows it elsewhere.

use super::{Discussion, MeetingPage, Whole};
use crate::SlotId;
use crate::meeting::{Entry, Event, Slot};

impl MeetingPage {
    /// The page with one discussion whole, where it is there, and the agenda's lines of the others.
    #[must_use]
    pub fn with_only(mut self, discussion: Option<Discussion>) -> Self {
        self.room.slots.iter_mut().for_each(Slot::reduce_to_agenda);
        self.whole.clear();
        if let Some(discussion) = discussion {
            self.put(discussion);
        }
        self
    }

    /// Whether a discussion is here whole.
    #[must_use]
    pub fn is_whole(&self, slot: SlotId) -> bool {
        self.whole.contains_key(&slot)
    }

    /// Whether a discussion is asked for and has not come.
    #[must_use]
    pub fn asks_for(&self, slot: SlotId) -> bool {
        self.meanwhile.contains_key(&slot)
    }

    /// Says that a discussion is asked for; whether it was not asked for already.
    pub fn ask_for(&mut self, slot: SlotId) -> bool {
        let first = !self.asks_for(slot);
        self.meanwhile.entry(slot).or_default();
        first
    }

    /// Says that a discussion that was asked for does not come.
    pub fn give_up(&mut self, slot: SlotId) {
        self.meanwhile.remove(&slot);
    }

    /// Takes a discussion that was asked for, and what has happened in it since; whether it was taken. One that is older
    /// than the page may hold what the viewer may not see any more: it has to be asked for again.
    pub fn take(&mut self, discussion: Discussion) -> bool {
        let id = discussion.slot.id;
        if discussion.whole.cursor < self.made_at {
            return false;
        }
        let Some(since) = self.meanwhile.remove(&id) else { return false };
        let later = since.into_iter().filter(|entry| entry.seq > discussion.whole.cursor);
        let later: Vec<Entry<Event>> = later.collect();
        self.put(discussion);
        later.iter().for_each(|entry| self.room.apply_to_slot_alone(id, entry));
        true
    }

    /// Takes what stands beside a discussion that is here whole; the discussion itself stands where the page is.
    pub fn take_beside(&mut self, discussion: Discussion) {
        if let Some(whole) = self.whole.get_mut(&discussion.slot.id) {
            whole.beside = discussion.whole.beside;
            self.names.extend(discussion.names);
        }
    }

    fn put(&mut self, discussion: Discussion) {
        let Discussion { slot, whole, names } = discussion;
        let Some(place) = self.room.slots.iter_mut().find(|existing| existing.id == slot.id) else { return };
        self.whole.insert(slot.id, whole);
        self.names.extend(names);
        *place = slot;
    }

    /// Takes the events of a frame.
    pub fn apply(&mut self, entries: &[Entry<Event>], cursor: i64) {
        for entry in entries {
            self.apply_one(entry);
        }
        self.cursor = self.cursor.max(cursor);
    }

    fn apply_one(&mut self, entry: &Entry<Event>) {
        self.meanwhile.values_mut().for_each(|since| since.push(entry.clone()));
        // A discussion that was fetched later than the page holds the event already.
        let ahead = |whole: &Whole| whole.cursor >= entry.seq;
        let ahead: Vec<Slot> = self
            .whole
            .iter()
            .filter(|(_, whole)| ahead(whole))
            .filter_map(|(id, _)| self.room.slot(*id).cloned())
            .collect();
        self.room.apply(entry);
        for slot in ahead {
            if let Some(place) = self.room.slots.iter_mut().find(|existing| existing.id == slot.id) {
                *place = slot;
            }
        }
        if let Some(about) = entry.event.slot().filter(|about| !self.whole.contains_key(about))
            && let Some(slot) = self.room.slots.iter_mut().find(|slot| slot.id == about)
        {
            slot.reduce_to_agenda();
        }
    }

    /// Takes a fresh page. The discussion that is looked at stays until it is fetched anew, where the viewer may still see
    /// it; whether it has to be.
    pub fn renew(&mut self, fresh: Self, looked_at: Option<SlotId>) -> bool {
        let old = std::mem::replace(self, fresh);
        self.made_at = self.cursor;
        self.meanwhile = old.meanwhile;
        let Some(id) = looked_at.filter(|id| !self.is_whole(*id)) else { return false };
        let kept = old.room.slot(id).cloned().zip(old.whole.get(&id).cloned());
        let Some(place) = self.room.slots.iter_mut().find(|slot| slot.id == id && slot.family.is_some()) else {
            return false;
        };
        if let Some((slot, whole)) = kept {
            *place = slot;
            self.whole.insert(id, Whole { cursor: old.cursor, ..whole });
        }
        true
    }
}
