//! A textarea that others' words come into, and whose own words go out in batches.
//!
//! What is not durable yet stays in `pending`; a batch that failed is sent again as it was, under the
//! same id, so that it is taken once.

use domain::meeting::Area;
use domain::prose::{Prose, merged, moved_caret};
use domain::{CommandId, MeetingId, SlotId, WorkerId};
use leptos::html;
use leptos::prelude::*;
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

/// A handle to one textarea's pad; copies share it.
#[derive(Clone, Copy)]
pub struct Pad {
    live: Live,
    meeting: MeetingId,
    slot: SlotId,
    area: Area,
    element: NodeRef<html::Textarea>,
    inner: StoredValue<Option<Inner>, LocalStorage>,
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
    let pad = Pad { live, meeting, slot, area, element, inner: StoredValue::new_local(None) };
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
    // The same box may stand here again with other words, after a fresh view.
    pad
}

impl Pad {
    fn me(self) -> WorkerId {
        self.live.page.with_untracked(|page| page.me)
    }

    fn pen(self) -> Option<u64> {
        let owner = match self.area {
            Area::Analysis(owner) if owner != self.me() => Some(owner),
            Area::Analysis(_) | Area::Meaning(_) => None,
        };
        self.live.pens.with_untracked(|pens| pens.iter().find(|pen| pen.on_behalf_of == owner).map(|pen| pen.pen))
    }

    fn server(self) -> Prose {
        self.live.page.with_untracked(|page| {
            let slot = page.room.slot(self.slot);
            slot.and_then(|slot| slot.boxes.get(&self.area)).map(|text| text.prose.clone()).unwrap_or_default()
        })
    }

    fn begin(self) {
        if self.inner.with_value(Option::is_some) {
            return;
        }
        let Some(pen) = self.pen() else {
            self.ask_for_pens();
            return;
        };
        let prose = self.server().written_by(pen);
        self.inner.set_value(Some(Inner {
            prose,
            pen,
            pending: Vec::new(),
            flight: None,
            composing: false,
            tries: 0,
            scheduled: false,
        }));
        self.sync();
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
        if !self.inner.with_value(|inner| inner.as_ref().is_some_and(|inner| inner.composing)) {
            self.sync();
        }
    }

    /// An input method began or ended composing; nothing enters the box meanwhile.
    pub fn composing(self, now: bool) {
        self.inner.update_value(|inner| {
            if let Some(inner) = inner {
                inner.composing = now;
            }
        });
        if !now {
            self.sync();
            self.hear();
        }
    }

    /// Takes what the textarea says into the text, and sends it.
    fn sync(self) {
        let Some(element) = self.element.get_untracked() else { return };
        let value = element.value();
        let mut changed = false;
        self.inner.update_value(|inner| {
            let Some(inner) = inner else { return };
            if inner.prose.text() != value {
                let update = inner.prose.rewrite(&value);
                inner.pending.push(update);
                changed = true;
            }
        });
        if changed {
            self.show(Saving::Saving);
            self.flush_soon();
        }
    }

    /// Takes others' words into the box; caret, selection and scroll stay with their neighbours.
    fn hear(self) {
        let Some(element) = self.element.get_untracked() else { return };
        if self.inner.with_value(|inner| inner.as_ref().is_none_or(|inner| inner.composing)) {
            return;
        }
        self.sync();
        let server = self.server();
        let text = self.inner.try_update_value(|inner| {
            let inner = inner.as_mut()?;
            inner.prose.merge(&server.state()).ok()?;
            Some(inner.prose.text())
        });
        if let Some(Some(text)) = text {
            put(&element, &text);
        }
    }

    fn show(self, saving: Saving) {
        let known = self.live.saving.with_untracked(|known| known.get(&self.area) == Some(&saving));
        if !known {
            self.live.saving.update(|known| {
                known.insert(self.area, saving);
            });
        }
    }

    fn flush_soon(self) {
        let wait = self.inner.try_update_value(|inner| {
            let Some(inner) = inner else { return false };
            let wait = !inner.scheduled && inner.flight.is_none();
            inner.scheduled |= wait;
            wait
        });
        if wait == Some(true) {
            set_timeout(move || self.flush(), GATHER);
        }
    }

    fn flush(self) {
        let flight = self.inner.try_update_value(|inner| {
            let inner = inner.as_mut()?;
            inner.scheduled = false;
            if inner.flight.is_none() && !inner.pending.is_empty() {
                let update = merged(&inner.pending).ok()?;
                let command = new_command().parse().ok()?;
                inner.flight = Some(Flight { command, update, count: inner.pending.len() });
                inner.tries = 0;
                return inner.flight.clone().map(|flight| (flight, inner.pen));
            }
            None
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
                    self.inner.update_value(|inner| {
                        if let Some(inner) = inner {
                            inner.flight = None;
                        }
                    });
                }
                Err(why) => self.try_later(flight, pen, &why),
            }
        });
    }

    fn landed(self, count: usize) {
        let left = self.inner.try_update_value(|inner| {
            let Some(inner) = inner else { return 0 };
            inner.flight = None;
            inner.pending.drain(..count.min(inner.pending.len()));
            inner.pending.len()
        });
        if left == Some(0) { self.show(Saving::Saved) } else { self.flush() }
    }

    fn try_later(self, flight: Flight, pen: u64, why: &Failed) {
        self.show(Saving::NotSaved(format!("It is kept in this page and sent again by itself. {}", why.told())));
        let wait = self.inner.try_update_value(|inner| {
            let Some(inner) = inner else { return RETRIES[0] };
            let wait = RETRIES[inner.tries.min(RETRIES.len() - 1)];
            inner.tries += 1;
            wait
        });
        set_timeout(move || self.send(flight, pen), Duration::from_secs(wait.unwrap_or(RETRIES[0])));
    }

    /// The server could not build on this page's history: with a fresh pen, what the box says is
    /// written on top of what the server has.
    fn start_again(self) {
        self.inner.set_value(None);
        let live = self.live;
        spawn_local(async move {
            if let Ok(granted) = pens(&self.meeting.to_string()).await {
                live.pens.set(granted);
                self.begin();
            }
        });
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
