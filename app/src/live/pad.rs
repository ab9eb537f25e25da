//! A textarea that others' words come into, and whose own words go out in batches.
//!
//! What is not durable yet stays in `pending`; a batch that failed is sent again as it was, under the
//! same id, so that it is taken once.

use domain::meeting::Area;
use domain::prose::{COMMAND_LIMIT, Prose, added, merged, moved_caret, undone};
use domain::{CommandId, MeetingId, SlotId, WorkerId};
use leptos::html;
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;

use super::browser::{Failed, new_command, pens, send};
use super::outbox::{self, KeptBox};
use super::{Late, Live, Saving};
use crate::api::prose::Batch;

/// How long keystrokes gather before they are sent; nobody notices less than 50 ms.
const GATHER: Duration = Duration::from_millis(40);
/// Keystrokes closer together than this are undone together, in milliseconds.
const ONE_GO: f64 = 700.0;
/// How many edits can be undone.
const EDITS: usize = 100;
/// An unanswered batch is said to be not yet shared after this long.
const PATIENCE: Duration = Duration::from_millis(2500);
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
    /// The id that what is pending beyond the flight will be sent under.
    next: Option<CommandId>,
    flight: Option<Flight>,
    /// What the server has of this pad for sure.
    shared: Prose,
    /// One's own edits, and those taken back, oldest first.
    edits: Vec<Edit>,
    taken_back: Vec<Edit>,
    /// Why the meeting takes no more of it.
    closed: Option<String>,
    /// Whether its textarea is on the page.
    mounted: bool,
    composing: bool,
    tries: usize,
    scheduled: bool,
}

/// One's own edit, as one undoes it: what the box said before and after.
#[derive(Clone)]
struct Edit {
    before: String,
    after: String,
    /// When it was last added to, in milliseconds of the page's life.
    at: f64,
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
    // A box that is taken off the page in the middle of a composed word still gives it.
    on_cleanup(move || {
        pad.with(|inner| inner.composing = false);
        pad.sync();
        pad.with(|inner| inner.mounted = false);
        if pad.is_closed() {
            pad.end();
        }
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
            self.with(|inner| inner.mounted = true);
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
            pending.extend(prose.rewrite_in_pieces(&element.value()));
        }
        // Colleagues' words that came since the box was filled join it; they are never typed over.
        if prose.merge(&self.server().state()).is_err() {
            return;
        }
        put(&element, &prose.text());
        let typed_before = !pending.is_empty();
        let shared = self.base.with_value(Clone::clone);
        let inner = Inner {
            prose,
            pen,
            pending,
            next: None,
            flight: None,
            shared,
            edits: Vec::new(),
            taken_back: Vec::new(),
            closed: None,
            mounted: true,
            composing: false,
            tries: 0,
            scheduled: false,
        };
        PADS.with_borrow_mut(|pads| pads.insert((self.slot, self.area), inner));
        self.ready.set_value(true);
        if typed_before {
            self.show(Saving::Saving);
            self.keep();
            self.flush_soon();
        }
    }

    /// The name this pad's unshared words are kept under.
    fn name(self) -> Option<String> {
        self.with(|inner| format!("box/{}/{}/{}", self.slot, self.area, inner.pen))
    }

    /// Keeps on the device what is not shared yet, as it would be sent.
    fn keep(self) {
        let kept = self.with(|inner| {
            let next = *inner.next.get_or_insert_with(|| new_command().parse().expect("it was just made"));
            let (command, first) = match &inner.flight {
                Some(flight) => (Some((flight.command, flight.update.clone())), flight.count),
                None => (None, 0),
            };
            let mut rest = inner.pending.get(first..).unwrap_or_default();
            let mut ids = vec![next];
            let mut later = Vec::new();
            while !rest.is_empty() {
                let (group, after) = rest.split_at(fitting(rest));
                let id = ids.pop().unwrap_or_else(|| new_command().parse().expect("it was just made"));
                later.extend(merged(group).ok().map(|update| (id, update)));
                rest = after;
            }
            let batch = |(command, update)| Batch {
                meeting: self.meeting,
                command,
                slot: self.slot,
                area: self.area,
                pen: inner.pen,
                update,
            };
            let batches: Vec<Batch> = command.into_iter().chain(later).map(batch).collect();
            KeptBox { batches, words: added(&inner.shared.text(), &inner.prose.text()) }
        });
        if let (Some(kept), Some(name)) = (kept, self.name()) {
            outbox::keep_box(self.live, &name, &kept);
        }
    }

    /// Words that are on this device only: said so, truthfully.
    fn show_kept(self, why: impl FnOnce() -> String) {
        self.show(if outbox::works() { Saving::Kept } else { Saving::NotSaved(why()) });
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
        super::presence::typed(self.live, self.slot, self.area);
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
        let Some(Some(element)) = self.element.try_get_untracked() else { return };
        let value = element.value();
        let changed = self.with(|inner| {
            let before = inner.prose.text();
            let changed = before != value;
            if changed {
                let pieces = inner.prose.rewrite_in_pieces(&value);
                inner.pending.extend(pieces);
                inner.remember(before, value);
            }
            changed
        });
        if changed == Some(true) {
            let waiting = self.with(|inner| inner.tries > 0).unwrap_or_default();
            if !waiting {
                self.show(Saving::Saving);
            }
            self.keep();
            if self.is_closed() {
                self.tell_late();
            } else {
                self.flush_soon();
            }
        }
    }

    fn is_closed(self) -> bool {
        self.with(|inner| inner.closed.is_some()).unwrap_or_default()
    }

    /// Takes back one's own last edit, or brings it again; others' words stay. The browser's own undo would
    /// bring back a text without what others wrote since.
    pub fn undo(self, again: bool) {
        self.sync();
        let text = self.with(|inner| {
            let edit = if again { inner.taken_back.pop() } else { inner.edits.pop() }?;
            let current = inner.prose.text();
            let text = undone(&edit.before, &edit.after, &current);
            inner.pending.extend(inner.prose.rewrite_in_pieces(&text));
            // Taking back is an edit too: undoing that one brings the words again, where they stood.
            let edit = Edit { before: current, after: text.clone(), at: 0.0 };
            if again {
                inner.edits.push(edit)
            } else {
                inner.taken_back.push(edit)
            }
            Some(text)
        });
        if let (Some(Some(text)), Some(Some(element))) = (text, self.element.try_get_untracked()) {
            put(&element, &text);
            self.show(Saving::Saving);
            self.keep();
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
            let count = fitting(&inner.pending);
            let update = merged(&inner.pending[..count]).ok()?;
            let command = inner.next.take().or_else(|| new_command().parse().ok())?;
            inner.flight = Some(Flight { command, update, count });
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
        let command = flight.command;
        set_timeout(
            move || {
                let waiting = self.with(|inner| inner.flight.as_ref().is_some_and(|flight| flight.command == command));
                if waiting == Some(true) {
                    self.show_kept(|| "It is kept in this page and sent again by itself.".to_owned());
                }
            },
            PATIENCE,
        );
        spawn_local(async move {
            match send(&batch).await {
                Ok(answer) if answer.seq.is_some() => self.landed(&flight),
                Ok(answer) if answer.field == "resync" => self.start_again(),
                Ok(answer) if answer.field == "too_long" => self.too_long(answer.refused.unwrap_or_default()),
                Ok(answer) => self.refused(answer.refused.unwrap_or_default()),
                Err(why) => self.try_later(flight, pen, &why),
            }
        });
    }

    fn landed(self, flight: &Flight) {
        let left = self.with(|inner| {
            inner.flight = None;
            inner.tries = 0;
            inner.pending.drain(..flight.count.min(inner.pending.len()));
            let _ = inner.shared.merge(&flight.update);
            inner.pending.len()
        });
        if left == Some(0) {
            self.forget_kept();
            self.show(Saving::Saved);
        } else {
            self.flush();
            self.keep();
        }
    }

    fn forget_kept(self) {
        if let Some(name) = self.name() {
            outbox::drop_box(self.live, &name);
        }
    }

    /// The meeting does not take these words any more. Nothing is dropped: their author decides.
    fn refused(self, why: String) {
        self.keep();
        self.with(|inner| {
            inner.flight = None;
            inner.closed = Some(why);
        });
        self.tell_late();
        if self.with(|inner| inner.mounted) == Some(false) {
            self.end();
        } else {
            self.show(Saving::NotSaved(
                "Your words are at the top of the page, to be filed as a late contribution.".to_owned(),
            ));
        }
    }

    fn tell_late(self) {
        let words = self.with(|inner| {
            let why = inner.closed.clone().unwrap_or_default();
            (added(&inner.shared.text(), &inner.prose.text()), why)
        });
        if let (Some((words, why)), Some(name)) = (words, self.name()) {
            let name = outbox::late_name(self.live, &name);
            outbox::came_too_late(self.live, Late { name, slot: Some(self.slot), words, why });
        }
    }

    /// A closed pad goes: should the box open again, it begins with what the server has and a new pen.
    fn end(self) {
        self.live.saving.update(|saving| {
            saving.remove(&(self.slot, self.area));
        });
        let used = PADS.with_borrow_mut(|pads| pads.remove(&(self.slot, self.area))).map(|inner| inner.pen);
        self.live.pens.update_untracked(|pens| pens.retain(|pen| Some(pen.pen) != used));
        let _ = self.ready.try_set_value(false);
    }

    /// More than a box holds: the whole text stays in the box, and is sent once it has been shortened.
    fn too_long(self, why: String) {
        self.show(Saving::NotSaved(why));
        let server = self.server().state();
        self.with(|inner| {
            inner.flight = None;
            inner.pending.clear();
            let _ = inner.shared.merge(&server);
            inner.prose = inner.shared.written_by(inner.pen);
        });
    }

    fn try_later(self, flight: Flight, pen: u64, why: &Failed) {
        self.show_kept(|| format!("It is kept in this page and sent again by itself. {}", why.told()));
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
                    self.forget_kept();
                    self.with(|inner| {
                        inner.prose = server.written_by(pen);
                        inner.shared = server;
                        inner.pen = pen;
                        inner.flight = None;
                        inner.next = None;
                        inner.pending = inner.prose.rewrite_in_pieces(&wanted);
                    });
                    self.keep();
                    self.flush();
                });
            },
            Duration::from_secs(RETRIES[0]),
        );
    }
}

impl Inner {
    /// Notes an edit for undo; what is typed in one go is one edit.
    fn remember(&mut self, before: String, after: String) {
        let now = super::browser::monotonic();
        self.taken_back.clear();
        match self.edits.last_mut().filter(|edit| now - edit.at < ONE_GO && edit.after == before) {
            Some(edit) => {
                edit.after = after;
                edit.at = now;
            }
            None => self.edits.push(Edit { before, after, at: now }),
        }
        if self.edits.len() > EDITS {
            self.edits.remove(0);
        }
    }
}

/// How many of these updates one command may carry; at least one.
fn fitting(updates: &[Vec<u8>]) -> usize {
    let mut weight = 0;
    let fits = updates.iter().take_while(|update| {
        weight += update.len();
        weight < COMMAND_LIMIT * 3 / 4
    });
    fits.count().max(1)
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
