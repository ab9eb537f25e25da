//! How a pad's words go out: in batches, again where they did not arrive, and to their author where they
//! are not taken.

use domain::prose::{added, merged};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;

use super::{Flight, GATHER, IN_THIS_PAGE, PADS, PATIENCE, Pad, RETRIES, fitting};
use crate::live::browser::new_command;
use crate::live::request::{Failed, pens, send};
use crate::live::{Late, Saving, Subject, Typed, outbox};

impl<S: Subject> Pad<S> {
    pub(super) fn flush_soon(self) {
        let wait = self.with(|inner| {
            let wait = !inner.scheduled && inner.flight.is_none();
            inner.scheduled |= wait;
            wait
        });
        if wait == Some(true) {
            set_timeout(move || self.flush(), GATHER);
        }
    }

    pub(super) fn flush(self) {
        let flight = self.with(|inner| {
            inner.scheduled = false;
            if inner.flight.is_some() || inner.pending.is_empty() {
                return None;
            }
            let count = fitting(&inner.pending, inner.most);
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

    pub(super) fn send(self, flight: Flight, pen: u64) {
        let command = flight.command;
        let batch = self.subject.batch(self.place, Typed { command, pen, update: flight.update.clone() });
        set_timeout(
            move || {
                let waiting = self.with(|inner| inner.flight.as_ref().is_some_and(|flight| flight.command == command));
                if waiting == Some(true) {
                    self.show_kept(|| IN_THIS_PAGE.to_owned());
                }
            },
            PATIENCE,
        );
        spawn_local(async move {
            match send::<S>(&batch).await {
                Ok(answer) if answer.seq.is_some() => self.landed(&flight),
                Ok(answer) if answer.field == "resync" => self.start_again(),
                Ok(answer) if answer.field == "too_much" => self.in_smaller_parts(),
                Ok(answer) if answer.field == "too_long" => self.too_long(answer.refused.unwrap_or_default()),
                Ok(answer) => self.refused(answer.refused.unwrap_or_default()),
                Err(why) => self.try_later(flight, pen, &why),
            }
        });
    }

    pub(super) fn landed(self, flight: &Flight) {
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

    pub(super) fn forget_kept(self) {
        if let Some(name) = self.name() {
            outbox::drop_box(self.subject, &name);
        }
    }

    /// These words are not taken any more. Nothing is dropped: their author decides.
    pub(super) fn refused(self, why: String) {
        self.keep();
        self.with(|inner| {
            inner.flight = None;
            inner.closed = Some(why);
        });
        self.tell_late();
        if self.with(|inner| inner.mounted) == Some(false) {
            self.end();
        } else {
            self.show(Saving::NotSaved("Your words are at the top of the page.".to_owned()));
        }
    }

    pub(super) fn tell_late(self) {
        let server = self.server().state();
        let late = self.with(|inner| {
            // What others wrote, and this person on another device, is with the server.
            let _ = inner.shared.merge(&server);
            let why = inner.closed.clone().unwrap_or_default();
            (added(&inner.shared.text(), &inner.prose.text()), why, inner.composing)
        });
        if let (Some((words, why, composing)), Some(name)) = (late, self.name()) {
            let name = outbox::late_name(self.subject, &name);
            let part = Some(S::part_of(self.place));
            outbox::came_too_late(self.subject.state(), Late { name: name.clone(), part, words, why });
            if !composing && self.has_focus() {
                outbox::go_on_in_late(name);
            }
        }
    }

    fn has_focus(self) -> bool {
        let field = self.element.try_get_untracked().flatten();
        field.is_some_and(|field| document().active_element().is_some_and(|active| active.is_same_node(Some(&field))))
    }

    /// A closed pad goes: should the box open again, it begins with what the server has and a new pen.
    pub(super) fn end(self) {
        let (state, place) = (self.subject.state(), self.place.to_string());
        state.saving.update(|saving| {
            saving.remove(&place);
        });
        let used = PADS.with_borrow_mut(|pads| pads.remove(&place)).map(|inner| inner.pen);
        state.pens.update_untracked(|pens| pens.retain(|pen| Some(pen.pen) != used));
        let _ = self.ready.try_set_value(false);
    }

    /// More than a box holds: the whole text stays in the box, and is sent once it has been shortened.
    pub(super) fn too_long(self, why: String) {
        self.show(Saving::NotSaved(why));
        let server = self.server().state();
        self.with(|inner| {
            inner.flight = None;
            inner.pending.clear();
            let _ = inner.shared.merge(&server);
            let shared = inner.shared.text();
            let _ = inner.write_in(inner.shared.written_by(inner.pen), &shared);
        });
    }

    /// Too many changes at once: the same ones go again, in batches of half the size. One that cannot be halved, as when a
    /// box of many pieces is taken back, is written anew as one text.
    fn in_smaller_parts(self) {
        let alone = self.with(|inner| {
            let count = inner.flight.take().map_or(inner.most, |flight| flight.count);
            inner.most = (count / 2).max(1);
            count <= 1
        });
        if alone == Some(true) {
            self.start_again();
            return;
        }
        self.keep();
        self.flush();
    }

    pub(super) fn try_later(self, flight: Flight, pen: u64, why: &Failed) {
        let why = why.message();
        self.show_kept(move || format!("{IN_THIS_PAGE} {why}"));
        let wait = self.with(|inner| {
            let wait = RETRIES[inner.tries.min(RETRIES.len() - 1)];
            inner.tries += 1;
            wait
        });
        set_timeout(move || self.send(flight, pen), Duration::from_secs(wait.unwrap_or(RETRIES[0])));
    }

    /// The server could not build on this page's history: with a fresh pen, what the box says is
    /// written on top of what this pad last shared. After a pause, so that it never goes round in a hurry.
    pub(super) fn start_again(self) {
        self.show(Saving::NotSaved("The text is fetched again; yours is kept.".to_owned()));
        let page_pens = self.subject.state().pens;
        set_timeout(
            move || {
                spawn_local(async move {
                    let Ok(granted) = pens(self.subject).await else {
                        self.start_again();
                        return;
                    };
                    page_pens.update_untracked(|pens| *pens = granted);
                    let Some(pen) = self.pen() else { return };
                    let server = self.server();
                    let wanted = self.with(|inner| inner.prose.text()).unwrap_or_default();
                    self.forget_kept();
                    self.with(|inner| {
                        inner.pending = inner.write_in(server.written_by(pen), &wanted);
                        inner.shared = server;
                        inner.pen = pen;
                        inner.flight = None;
                        inner.next = None;
                    });
                    self.keep();
                    self.flush();
                });
            },
            Duration::from_secs(RETRIES[0]),
        );
    }
}
