//! A textarea that others' words come into, and whose own words go out in batches.
//!
//! What is not durable yet stays in `pending`; a batch that failed is sent again as it was, under the
//! same id, so that it is taken once.

use domain::meeting::Area;
use domain::prose::{Prose, merged, moved_caret};
use domain::{CommandId, MeetingId, SlotId, WorkerId};
use leptos::html;
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;

use super::browser::{Failed, new_command, pens, send};
use super::{Live, Saving};
use crate::api::prose::Batch;

/// How long keystrokes gather before they are sent; nobody notices less than 50 ms.
const GATHER: Duration = Duration::from_millis(40);
/// Waits between tries of a batch that did not arrive.
const RETRIES: [u64; 4] = [1, 2, 4, 8];

thread_local! {
    /// Pads outlive their textareas: what is on its way when the page turns to another family still
    /// arrives, and a box that comes back goes on with the same words.
    static PADS: RefCell<HashMap<(SlotId, Area), Inner>> = RefCell::new(HashMap::new());
}

/// A handle to one textarea's pad; copies share it.
#[derive(Clone, Copy)]
pub struct Pad {
    live: Live,
    meeting: MeetingId,
    slot: SlotId,
    area: Area,
    element: NodeRef<html::Textarea>,
    base: StoredValue<Prose>,
    ready: StoredValue<bool>,
}

struct Inner {
    prose: Prose,
    pen: u64,
    pending: Vec<Vec<u8>>,
    flight: Option<Flight>,
    composing: bool,
    tries: usize,
    scheduled: bool,
}

#[derive(Clone)]
struct Flight {
    command: CommandId,
    update: Vec<u8>,
    count: usize,
}

/// Ties a pad to a textarea. It writes once this page has its pens; what was typed before is kept.
pub fn attach(live: Live, slot: SlotId, area: Area, element: NodeRef<html::Textarea>, text: Memo<String>) -> Pad {
    let meeting = live.page.with_untracked(|page| page.room.id);
    let pad = Pad {
        live,
        meeting,
        slot,
        area,
        element,
        base: StoredValue::new(Prose::new()),
        ready: StoredValue::new(false),
    };
    // What the textarea was filled from: only what differs from this was typed by a person.
    pad.base.set_value(pad.server());
    Effect::new(move |_| {
        live.pens.track();
        if element.get().is_some() {
            pad.begin();
        }
    });
    Effect::new(move |_| {
        text.track();
        pad.hear();
    });
    pad
}

impl Pad {
    /// Works on the pad's state, where it has begun.
    fn with<T>(self, work: impl FnOnce(&mut Inner) -> T) -> Option<T> {
        PADS.with_borrow_mut(|pads| pads.get_mut(&(self.slot, self.area)).map(work))
    }

    fn me(self) -> WorkerId {
        self.live.page.with_untracked(|page| page.me)
    }

    fn pen(self) -> Option<u64> {
        let owner = match self.area {
            Area::Analysis(owner) if owner != self.me() => Some(owner),
            Area::Analysis(_) | Area::Meaning(_) => None,
        };
        self.live.pens.with_untracked(|pens| pens.iter().rev().find(|pen| pen.on_behalf_of == owner).map(|pen| pen.pen))
    }

    fn server(self) -> Prose {
        self.live.page.with_untracked(|page| {
            let slot = page.room.slot(self.slot);
            slot.and_then(|slot| slot.boxes.get(&self.area)).map(|text| text.prose.clone()).unwrap_or_default()
        })
    }

    fn begin(self) {
        let Some(element) = self.element.get_untracked() else { return };
        if self.ready.get_value() {
            return;
        }
        if let Some(text) = self.with(|inner| inner.prose.text()) {
            // The box is back on the page: it shows what its pad holds, the words on their way among them.
            put(&element, &text);
            self.ready.set_value(true);
            self.hear();
            return;
        }
        let Some(pen) = self.pen() else {
            self.ask_for_pens();
            return;
        };
        let prose = self.base.with_value(|base| base.written_by(pen));
        let mut pending = Vec::new();
        if prose.text() != element.value() {
            pending.push(prose.rewrite(&element.value()));
        }
        // Colleagues' words that came since the box was filled join it; they are never typed over.
        if prose.merge(&self.server().state()).is_err() {
            return;
        }
        put(&element, &prose.text());
        let typed_before = !pending.is_empty();
        let inner = Inner { prose, pen, pending, flight: None, composing: false, tries: 0, scheduled: false };
        PADS.with_borrow_mut(|pads| pads.insert((self.slot, self.area), inner));
        self.ready.set_value(true);
        if typed_before {
            self.show(Saving::Saving);
            self.flush_soon();
        }
    }

    /// A member who joined after this page got its pens: more are asked for, once.
    fn ask_for_pens(self) {
        if self.live.pens.with_untracked(Vec::is_empty) {
            return;
        }
        let live = self.live;
        spawn_local(async move {
            if let Ok(more) = pens(&self.meeting.to_string()).await {
                let owners: Vec<_> = live.pens.with_untracked(|pens| pens.iter().map(|pen| pen.on_behalf_of).collect());
                let new: Vec<_> = more.into_iter().filter(|pen| !owners.contains(&pen.on_behalf_of)).collect();
                if !new.is_empty() {
                    live.pens.update(|pens| pens.extend(new));
                }
            }
        });
    }

    /// The person typed.
    pub fn typed(self) {
        match self.with(|inner| inner.composing) {
            Some(true) => {}
            Some(false) => self.sync(),
            None => self.show(Saving::NotSaved("This page is still connecting; it is kept in the box.".to_owned())),
        }
    }

    /// An input method began or ended composing; nothing enters the box meanwhile.
    pub fn composing(self, now: bool) {
        self.with(|inner| inner.composing = now);
        if !now {
            self.sync();
            self.hear();
        }
    }

    /// Takes what the textarea says into the text, and sends it.
    fn sync(self) {
        let Some(element) = self.element.get_untracked() else { return };
        let value = element.value();
        let changed = self.with(|inner| {
            let changed = inner.prose.text() != value;
            if changed {
                let update = inner.prose.rewrite(&value);
                inner.pending.push(update);
            }
            changed
        });
        if changed == Some(true) {
            self.show(Saving::Saving);
            self.flush_soon();
        }
    }

    /// Takes others' words into the box; caret, selection and scroll stay with their neighbours.
    fn hear(self) {
        let Some(element) = self.element.get_untracked() else { return };
        if !self.ready.get_value() || self.with(|inner| inner.composing) != Some(false) {
            return;
        }
        self.sync();
        let server = self.server().state();
        let text = self.with(|inner| inner.prose.merge(&server).is_ok().then(|| inner.prose.text()));
        if let Some(Some(text)) = text {
            put(&element, &text);
        }
    }

    fn show(self, saving: Saving) {
        let known = self.live.saving.with_untracked(|known| known.get(&(self.slot, self.area)) == Some(&saving));
        if !known {
            self.live.saving.update(|known| {
                known.insert((self.slot, self.area), saving);
            });
        }
    }

    fn flush_soon(self) {
        let wait = self.with(|inner| {
            let wait = !inner.scheduled && inner.flight.is_none();
            inner.scheduled |= wait;
            wait
        });
        if wait == Some(true) {
            set_timeout(move || self.flush(), GATHER);
        }
    }

    fn flush(self) {
        let flight = self.with(|inner| {
            inner.scheduled = false;
            if inner.flight.is_some() || inner.pending.is_empty() {
                return None;
            }
            let update = merged(&inner.pending).ok()?;
            let command = new_command().parse().ok()?;
            inner.flight = Some(Flight { command, update, count: inner.pending.len() });
            inner.tries = 0;
            inner.flight.clone().map(|flight| (flight, inner.pen))
        });
        if let Some(Some((flight, pen))) = flight {
            self.send(flight, pen);
        }
    }

    fn send(self, flight: Flight, pen: u64) {
        let batch = Batch {
            meeting: self.meeting,
            command: flight.command,
            slot: self.slot,
            area: self.area,
            pen,
            update: flight.update.clone(),
        };
        spawn_local(async move {
            match send(&batch).await {
                Ok(answer) if answer.seq.is_some() => self.landed(flight.count),
                Ok(answer) if answer.field == "resync" => self.start_again(),
                Ok(answer) => {
                    self.show(Saving::NotSaved(answer.refused.unwrap_or_default()));
                    self.with(|inner| inner.flight = None);
                }
                Err(why) => self.try_later(flight, pen, &why),
            }
        });
    }

    fn landed(self, count: usize) {
        let left = self.with(|inner| {
            inner.flight = None;
            inner.pending.drain(..count.min(inner.pending.len()));
            inner.pending.len()
        });
        if left == Some(0) { self.show(Saving::Saved) } else { self.flush() }
    }

    fn try_later(self, flight: Flight, pen: u64, why: &Failed) {
        self.show(Saving::NotSaved(format!("It is kept in this page and sent again by itself. {}", why.told())));
        let wait = self.with(|inner| {
            let wait = RETRIES[inner.tries.min(RETRIES.len() - 1)];
            inner.tries += 1;
            wait
        });
        set_timeout(move || self.send(flight, pen), Duration::from_secs(wait.unwrap_or(RETRIES[0])));
    }

    /// The server could not build on this page's history: with a fresh pen, what the box says is
    /// written on top of what this pad last shared. After a pause, so that it never goes round in a hurry.
    fn start_again(self) {
        self.show(Saving::NotSaved("The text is fetched again; yours is kept.".to_owned()));
        let live = self.live;
        set_timeout(
            move || {
                spawn_local(async move {
                    let Ok(granted) = pens(&self.meeting.to_string()).await else {
                        self.start_again();
                        return;
                    };
                    live.pens.update_untracked(|known| *known = granted);
                    let Some(pen) = self.pen() else { return };
                    let server = self.server();
                    let wanted = self.with(|inner| inner.prose.text()).unwrap_or_default();
                    self.with(|inner| {
                        inner.prose = server.written_by(pen);
                        inner.pen = pen;
                        inner.flight = None;
                        inner.pending = vec![inner.prose.rewrite(&wanted)];
                    });
                    self.flush();
                });
            },
            Duration::from_secs(RETRIES[0]),
        );
    }
}

fn put(element: &HtmlTextAreaElement, text: &str) {
    let before = element.value();
    if before == text {
        return;
    }
    let moved = |at: Option<u32>| moved_caret(&before, text, at.unwrap_or_default());
    let start = moved(element.selection_start().ok().flatten());
    let end = moved(element.selection_end().ok().flatten());
    let scroll = element.scroll_top();
    element.set_value(text);
    let focused = document().active_element().is_some_and(|active| active.is_same_node(Some(element)));
    if focused {
        let _ = element.set_selection_range(start, end);
    }
    element.set_scroll_top(scroll);
}
