//! A textarea that others' words come into, and whose own words go out in batches.
//!
//! What is not durable yet stays in `pending`; a batch that failed is sent again as it was, under the
//! same id, so that it is taken once.

mod field;
mod sending;

use domain::CommandId;
use domain::prose::{COMMAND_LIMIT, Edits, OwnLetters, Prose, added, merged};
use js_sys::Promise;
use leptos::html;
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use self::field::{selection, show, take_in};
use super::browser::{monotonic, new_command};
use super::outbox::{self, KeptBox};
use super::{Saving, Subject, Typed, pens};

/// How long keystrokes gather before they are sent; nobody notices less than 50 ms.
const GATHER: Duration = Duration::from_millis(40);
/// An unanswered batch is said to be not yet shared after this long.
const PATIENCE: Duration = Duration::from_millis(2500);
/// What is said of words that neither the server nor the device has.
const IN_THIS_PAGE: &str = "It is kept in this page and sent again by itself.";
/// How many edits go into one batch.
const MOST_AT_ONCE: usize = 400;
/// The newest words are said to be kept until keeping them has taken this long.
const BEHIND: Duration = Duration::from_millis(300);
/// Waits between tries of a batch that did not arrive.
const RETRIES: [u64; 4] = [1, 2, 4, 8];

thread_local! {
    /// By the words of their place. Pads outlive their textareas: what is on its way when a box leaves the page still
    /// arrives, and a box that comes back goes on with the same words.
    static PADS: RefCell<HashMap<String, PadInner>> = RefCell::new(HashMap::new());
}

/// A handle to one textarea's pad; copies share it.
pub struct Pad<S: Subject> {
    subject: S,
    place: S::Place,
    element: NodeRef<html::Textarea>,
    base: StoredValue<Prose>,
    ready: StoredValue<bool>,
}

impl<S: Subject> Clone for Pad<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Subject> Copy for Pad<S> {}

struct PadInner {
    prose: Prose,
    pen: u64,
    pending: Vec<Vec<u8>>,
    /// The id that what is pending beyond the flight will be sent under.
    next: Option<CommandId>,
    flight: Option<Flight>,
    /// What the server has of this pad for sure.
    shared: Prose,
    own: OwnLetters,
    edits: Edits,
    /// Why no more of it is taken.
    closed: Option<String>,
    /// Whether its textarea is on the page.
    mounted: bool,
    composing: bool,
    tries: usize,
    scheduled: bool,
    /// How many edits go into one batch; fewer where the server found them too many at once.
    most: usize,
}

#[derive(Clone)]
struct Flight {
    command: CommandId,
    update: Vec<u8>,
    count: usize,
}

/// Ties a pad to a textarea. It writes once this page has its pens; what was typed before is kept.
pub fn attach<S: Subject>(subject: S, place: S::Place, element: NodeRef<html::Textarea>, text: Memo<String>) -> Pad<S> {
    let pad = Pad { subject, place, element, base: StoredValue::new(Prose::new()), ready: StoredValue::new(false) };
    // What the textarea was filled from: only what differs from this was typed by a person.
    pad.base.set_value(pad.server());
    Effect::new(move |_| {
        subject.state().pens.track();
        if element.get().is_some() {
            pad.begin();
        }
    });
    Effect::new(move |_| {
        let _ = text.read();
        pad.receive();
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

impl<S: Subject> Pad<S> {
    /// Works on the pad's state, where it has begun.
    fn with<T>(self, work: impl FnOnce(&mut PadInner) -> T) -> Option<T> {
        PADS.with_borrow_mut(|pads| pads.get_mut(&self.place.to_string()).map(work))
    }

    fn pen(self) -> Option<u64> {
        let owner = self.subject.written_for(self.place);
        self.subject
            .state()
            .pens
            .with_untracked(|pens| pens.iter().rev().find(|pen| pen.on_behalf_of == owner).map(|pen| pen.pen))
    }

    fn server(self) -> Prose {
        self.subject.text(self.place)
    }

    fn begin(self) {
        let Some(element) = self.element.get_untracked() else { return };
        if self.ready.get_value() {
            return;
        }
        if let Some(text) = self.with(|inner| inner.prose.text()) {
            // The box is back on the page: it shows what its pad holds, the words on their way among them.
            show(&element, &text, selection(&element));
            self.with(|inner| inner.mounted = true);
            self.ready.set_value(true);
            self.receive();
            return;
        }
        let Some(pen) = self.pen() else {
            pens::ask(self.subject);
            return;
        };
        let prose = self.base.with_value(|base| base.written_by(pen));
        // What was typed before this page could write.
        let (mut own, mut edits) = (OwnLetters::of(&prose), Edits::of(&prose, clock));
        let mut pending = edits.typed(&prose, &element.value(), selection(&element).1);
        // Colleagues' words that came since the box was filled join it; they are never typed over.
        let Ok(moved) = take_in(&mut own, &prose, &element, &self.server().state()) else { return };
        pending.extend(moved);
        let typed_before = !pending.is_empty();
        let shared = self.base.with_value(Clone::clone);
        let inner = PadInner {
            prose,
            pen,
            pending,
            next: None,
            flight: None,
            shared,
            own,
            edits,
            closed: None,
            mounted: true,
            composing: false,
            tries: 0,
            scheduled: false,
            most: MOST_AT_ONCE,
        };
        PADS.with_borrow_mut(|pads| pads.insert(self.place.to_string(), inner));
        self.ready.set_value(true);
        if typed_before {
            self.show(Saving::Saving);
            self.keep();
            self.flush_soon();
        }
    }

    /// The name this pad's unshared words are kept under.
    fn name(self) -> Option<String> {
        self.with(|inner| format!("box/{}/{}", self.place, inner.pen))
    }

    /// Keeps on the device what is not shared yet, as it would be sent.
    fn keep(self) -> Option<Promise> {
        let kept = self.with(|inner| inner.kept(self.place))?;
        Some(outbox::keep_box(self.subject, &self.name()?, &kept))
    }

    /// Words that are on this device only: said once they are.
    fn show_kept(self, why: impl FnOnce() -> String + 'static) {
        let keeping = self.keep();
        set_timeout(
            move || {
                if outbox::behind() && self.with(|inner| inner.tries > 0) == Some(true) {
                    self.show(Saving::Saving);
                }
            },
            BEHIND,
        );
        spawn_local(async move {
            let kept = match keeping {
                Some(keeping) => JsFuture::from(keeping).await.is_ok_and(|kept| kept.is_truthy()),
                None => false,
            };
            // Meanwhile they may have been shared, or newer ones wait, which say it once they are written.
            if self.with(|inner| inner.pending.is_empty()) == Some(false) && !outbox::behind() {
                self.show(if kept { Saving::Kept } else { Saving::NotSaved(why()) });
            }
        });
    }

    /// The person typed.
    pub fn typed(self) {
        super::presence::typed(self.subject, self.place);
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
            self.receive();
        }
    }

    /// Takes what the textarea says into the text, and sends it.
    fn sync(self) {
        let Some(Some(element)) = self.element.try_get_untracked() else { return };
        let (value, (start, end)) = (element.value(), selection(&element));
        let changed = self.with(|inner| {
            let pieces = inner.edits.typed(&inner.prose, &value, end);
            let changed = !pieces.is_empty();
            inner.pending.extend(pieces);
            let now = inner.prose.text();
            // What cannot stand in a text was left out of it, and goes from the field too.
            if now != value {
                show(&element, &now, (start, end));
            }
            changed
        });
        if changed == Some(true) && self.is_closed() {
            self.keep();
            self.tell_late();
        } else if changed == Some(true) {
            if self.with(|inner| inner.tries > 0) == Some(true) {
                self.show_kept(|| IN_THIS_PAGE.to_owned());
            } else {
                self.show(Saving::Saving);
                self.keep();
            }
            self.flush_soon();
        }
    }

    fn is_closed(self) -> bool {
        self.with(|inner| inner.closed.is_some()).unwrap_or_default()
    }

    /// Takes back one's own last edit, or brings it again; others' words stay. The browser's own undo would
    /// bring back a text without what others wrote since.
    pub fn undo(self, again: bool) {
        self.sync();
        let Some(Some(element)) = self.element.try_get_untracked() else { return };
        let taken = self.with(|inner| {
            let (start, end) = selection(&element);
            let caret = inner.prose.caret(start, end);
            inner.pending.push(inner.edits.take_back(&inner.prose, again)?);
            show(&element, &inner.prose.text(), inner.prose.place(&caret));
            Some(())
        });
        if taken.flatten().is_some() {
            self.show(Saving::Saving);
            self.keep();
            self.flush_soon();
        }
    }

    /// Takes others' words into the box; caret, selection and scroll stay with their neighbours.
    fn receive(self) {
        let Some(element) = self.element.get_untracked() else { return };
        if !self.ready.get_value() || self.with(|inner| inner.composing) != Some(false) {
            return;
        }
        self.sync();
        let server = self.server().state();
        let moved = self.with(|inner| {
            let moved = take_in(&mut inner.own, &inner.prose, &element, &server).unwrap_or_default();
            let any = !moved.is_empty();
            inner.pending.extend(moved);
            any
        });
        if moved == Some(true) {
            self.keep();
            self.flush_soon();
        }
    }

    fn show(self, saving: Saving) {
        let (shown, place) = (self.subject.state().saving, self.place.to_string());
        if shown.with_untracked(|all| all.get(&place) != Some(&saving)) {
            shown.update(|all| {
                all.insert(place, saving);
            });
        }
    }
}

impl PadInner {
    /// Goes on in another copy of the box, and gives what makes it read `wanted`. What was typed into the one before
    /// cannot be taken back any more.
    fn write_in(&mut self, prose: Prose, wanted: &str) -> Vec<Vec<u8>> {
        self.own = OwnLetters::of(&prose);
        let pieces = prose.rewrite_in_pieces(wanted);
        self.edits = Edits::of(&prose, clock);
        self.prose = prose;
        pieces
    }

    /// What is not shared yet, as it would be sent.
    fn kept<P>(&mut self, place: P) -> KeptBox<P> {
        let next = *self.next.get_or_insert_with(|| new_command().parse().expect("it was just made"));
        let (command, first) = match &self.flight {
            Some(flight) => (Some((flight.command, flight.update.clone())), flight.count),
            None => (None, 0),
        };
        let mut rest = self.pending.get(first..).unwrap_or_default();
        let mut ids = vec![next];
        let mut later = Vec::new();
        while !rest.is_empty() {
            let (group, after) = rest.split_at(fitting(rest, self.most));
            let id = ids.pop().unwrap_or_else(|| new_command().parse().expect("it was just made"));
            later.extend(merged(group).ok().map(|update| (id, update)));
            rest = after;
        }
        let pen = self.pen;
        let typed = |(command, update)| Typed { command, pen, update };
        let batches = command.into_iter().chain(later).map(typed).collect();
        KeptBox { place, batches, words: added(&self.shared.text(), &self.prose.text()) }
    }
}

/// What all boxes have not shared yet, each in its order: the page is being left, and what it keeps on the device
/// is written too late.
pub fn last_words<S: Subject>(subject: S) -> Vec<S::Batch> {
    PADS.with_borrow_mut(|pads| {
        let open = pads.iter_mut().filter(|(_, inner)| inner.closed.is_none() && !inner.pending.is_empty());
        let placed = open.filter_map(|(place, inner)| Some((place.parse::<S::Place>().ok()?, inner)));
        placed
            .flat_map(|(place, inner)| {
                inner.kept(place).batches.into_iter().map(move |typed| subject.batch(place, typed))
            })
            .collect()
    })
}

/// Whether what was typed into some box could not be sent.
pub fn unreached() -> bool {
    PADS.with_borrow(|pads| pads.values().any(|inner| inner.tries > 0))
}

/// Milliseconds of the page's life, from 1 on.
fn clock() -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a page lives for days at most")]
    let now = monotonic() as u64;
    now + 1
}

/// How many of these updates one command may carry: at least one, `most` at most.
fn fitting(updates: &[Vec<u8>], most: usize) -> usize {
    let mut weight = 0;
    let fits = updates.iter().take(most).take_while(|update| {
        weight += update.len();
        weight < COMMAND_LIMIT * 3 / 4
    });
    fits.count().max(1)
}
