//! What the page acknowledges: the stream of its meeting, and what keeps it open.

use domain::meeting::Event;
use domain::page::{Frame, MeetingPage};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{EventSource, MessageEvent};

use super::browser::monotonic;
use super::discussion::fetch;
use super::follow::{keep_in_place, say_family, stay_at_heading, stay_where_one_types, types};
use super::request::{Failed, get, pens};
use super::{Line, Live, announce, outbox, presence};
use crate::meeting::act::ActState;

/// Silence on the stream after which it is opened again, in milliseconds.
const SILENCE: f64 = 20_000.0;
/// A stream that has brought nothing for this long, in milliseconds, is held back by a proxy.
const GREETING: f64 = 4_000.0;
/// What a server of another build answers.
const RENEW: &str = "renew";
/// How long a page of an old build tries to send before it keeps what is left, in milliseconds.
const LAST_WORDS: f64 = 3_000.0;
/// How often a tab asks that cannot hold a stream, in milliseconds.
const ASKING: f64 = 1_500.0;
/// A hidden page closes its stream after this long: a browser has six connections for all tabs.
const HIDDEN: f64 = 30_000.0;

/// The stream and what keeps it open.
pub struct Stream {
    live: Live,
    source: RefCell<Option<EventSource>>,
    heard: Cell<f64>,
    hidden_since: Cell<Option<f64>>,
    retry: Cell<f64>,
    opened: Cell<f64>,
    /// How many streams brought nothing at all.
    deaf: Cell<u32>,
    /// Whether the page asks again and again, since a proxy holds its streams back.
    polling: Cell<bool>,
    /// Whether a stream is about to be opened.
    opening: Cell<bool>,
}

impl Stream {
    /// Opens the stream and keeps it open.
    pub fn keep(live: Live) {
        let stream = Rc::new(Self {
            live,
            source: RefCell::new(None),
            heard: Cell::new(monotonic()),
            hidden_since: Cell::new(None),
            retry: Cell::new(500.0),
            opened: Cell::new(0.0),
            deaf: Cell::new(0),
            polling: Cell::new(false),
            opening: Cell::new(false),
        });
        stream.connect();
        for (event, back) in [("offline", false), ("online", true)] {
            let told = Rc::clone(&stream);
            let hear = Closure::<dyn Fn()>::new(move || if back { told.retry.set(0.0) } else { told.lost() });
            let _ = window().add_event_listener_with_callback(event, hear.as_ref().unchecked_ref());
            hear.forget();
        }
        // A page that has heard nothing meanwhile is current before anybody types in it.
        for target in [document().unchecked_ref::<web_sys::EventTarget>(), window().unchecked_ref()] {
            let shown = Rc::clone(&stream);
            let catch_up = Closure::<dyn Fn()>::new(move || shown.shown());
            for event in ["visibilitychange", "focus"] {
                let _ = target.add_event_listener_with_callback(event, catch_up.as_ref().unchecked_ref());
            }
            catch_up.forget();
        }
        let watched = Rc::clone(&stream);
        let watch = Closure::<dyn Fn()>::new(move || watched.watch());
        let _ = window().set_interval_with_callback_and_timeout_and_arguments_0(watch.as_ref().unchecked_ref(), 500);
        watch.forget();
    }

    /// Where the news come from: "stream", or "poll" behind a proxy that buffers.
    fn address(&self, way: &str) -> String {
        let (id, cursor, me, projector) =
            self.live.page.with_untracked(|page| (page.room.id, page.cursor, page.me, page.projector));
        let view = if projector { "&view=room" } else { "" };
        // A page that was emptied starts from nothing.
        let cursor = if self.live.line.get_untracked() == Line::SignedOut { 0 } else { cursor };
        format!(
            "/meetings/{id}/{way}?after={cursor}&worker={me}&load={}&build={}{view}",
            presence::load(),
            outbox::build()
        )
    }

    /// Asks again and again; a proxy that buffers lets whole answers through.
    fn poll(self: &Rc<Self>) {
        let stream = Rc::clone(self);
        spawn_local(async move {
            while !matches!(stream.live.line.get_untracked(), Line::Ended | Line::Old | Line::Leaving) {
                if stream.rests() {
                    outbox::pause(100).await;
                    continue;
                }
                match get::<Vec<String>>(&stream.address("poll")).await {
                    Ok(frames) => frames.iter().for_each(|frame| stream.hear(frame)),
                    Err(_) => {
                        stream.lost();
                        outbox::pause(2000).await;
                    }
                }
            }
        });
    }

    /// Whether the page has been hidden for long and has nothing to send.
    fn rests(&self) -> bool {
        self.hidden_since.get().is_some_and(|since| monotonic() - since > HIDDEN) && !outbox::has_to_send(self.live)
    }

    /// Opens a stream, or asks once where other tabs hold the connections a browser has.
    fn connect(self: &Rc<Self>) {
        if self.opening.replace(true) {
            return;
        }
        let stream = Rc::clone(self);
        spawn_local(async move {
            if outbox::take_line().await.is_truthy() {
                stream.open();
            } else {
                match get::<Vec<String>>(&format!("{}&brief=yes", stream.address("poll"))).await {
                    Ok(frames) => {
                        stream.back();
                        frames.iter().for_each(|frame| stream.hear(frame));
                        stream.retry.set(ASKING);
                    }
                    Err(_) => stream.lost(),
                }
                stream.opened.set(monotonic());
            }
            stream.opening.set(false);
        });
    }

    fn open(self: &Rc<Self>) {
        if let Some(old) = self.source.borrow_mut().take() {
            old.close();
        }
        let Ok(source) = EventSource::new(&self.address("stream")) else { return };
        let (now, heard) = (monotonic(), Rc::clone(self));
        presence::tell_again();
        self.opened.set(now);
        self.heard.set(now);
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                heard.deaf.set(0);
                heard.hear(&text);
            }
        });
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
        let failed = Rc::clone(self);
        let on_error = Closure::<dyn Fn()>::new(move || failed.lost());
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        on_error.forget();
        *self.source.borrow_mut() = Some(source);
    }

    fn lost(&self) {
        if let Some(source) = self.source.borrow_mut().take() {
            source.close();
        }
        if self.live.line.get_untracked() == Line::Open {
            self.live.line.set(Line::Lost);
            announce::say(self.live, "Connection lost. What you type is kept.");
            // A stream does not say why it ended; a small question does.
            let live = self.live;
            spawn_local(async move {
                let meeting = live.page.with_untracked(|page| page.room.id.to_string());
                if let Err(Failed::SignedOut) = pens(&meeting).await {
                    signed_out(live);
                }
            });
        }
        self.opened.set(monotonic());
    }

    /// The page came into sight or got the focus: where no stream keeps it current, it asks at once.
    fn shown(self: &Rc<Self>) {
        let resting = matches!(self.live.line.get_untracked(), Line::Ended | Line::Leaving | Line::Old);
        if document().hidden() || resting || self.source.borrow().is_some() {
            return;
        }
        self.hidden_since.set(None);
        if !self.polling.get() {
            self.connect();
        }
    }

    /// Twice a second: a dead line, a hidden page, a page shown again.
    fn watch(self: &Rc<Self>) {
        if matches!(self.live.line.get_untracked(), Line::Ended | Line::Leaving) {
            return;
        }
        let now = monotonic();
        if self.live.line.get_untracked() == Line::Old {
            // What can be sent is sent first; what cannot is kept and sent by the page that comes.
            let sent = !outbox::has_to_send(self.live) || now - self.heard.get() > LAST_WORDS;
            if sent && outbox::works() && outbox::renew() {
                self.live.line.set(Line::Ended);
            }
            return;
        }
        presence::tick(self.live);
        self.hidden_since.set(document().hidden().then(|| self.hidden_since.get().unwrap_or(now)));
        if self.rests() {
            if let Some(source) = self.source.borrow_mut().take() {
                source.close();
            }
            outbox::give_line();
            return;
        }
        if self.polling.get() {
            return;
        }
        let open = self.source.borrow().is_some();
        // The server greets each stream at once: one that brings nothing is held back somewhere.
        let deaf = open && now - self.opened.get() > GREETING && self.heard.get() <= self.opened.get();
        if deaf {
            self.deaf.set(self.deaf.get() + 1);
            self.lost();
            if self.deaf.get() > 1 {
                self.polling.set(true);
                self.poll();
            }
        } else if open && now - self.heard.get() > SILENCE {
            self.lost();
        } else if !open && !document().hidden() && now - self.opened.get() > self.retry.get() {
            self.retry.set((self.retry.get() * 2.0).min(10_000.0));
            self.connect();
        }
    }

    fn hear(&self, text: &str) {
        self.heard.set(monotonic());
        if text == RENEW {
            self.live.line.set(Line::Old);
        }
        let Some(frame) = domain::wire::read::<Frame>(text) else { return };
        if self.live.line.get_untracked() == Line::Leaving {
            return;
        }
        self.back();
        take(self.live, frame);
    }

    /// The server answers.
    fn back(&self) {
        if self.live.line.get_untracked() != Line::Open {
            if self.live.line.get_untracked() == Line::Lost {
                announce::say(self.live, "Connection is back.");
                // An urgent risk is never sent by itself.
                let told = "The connection is back. It was NOT sent: ring, or press again.";
                self.live.acts.update(|acts| {
                    let risks = acts.iter_mut().filter(|(key, _)| key.starts_with("raise-risk@"));
                    for (_, state) in risks {
                        if let ActState::Refused { text, .. } = state {
                            told.clone_into(text);
                        }
                    }
                });
            }
            self.live.line.set(Line::Open);
            self.retry.set(500.0);
        }
    }
}

fn take(live: Live, frame: Frame) {
    keep_in_place();
    let before = live.page.with_untracked(|page| page.room.current);
    match frame {
        Frame::Entries { entries, cursor } => {
            let ends = |event: &Event| matches!(event, Event::Finished { .. } | Event::Postponed { .. });
            let moves = |event: &Event| ends(event) || matches!(event, Event::Started { .. });
            if entries.iter().any(|entry| moves(&entry.event)) {
                stay_where_one_types(live);
            }
            let looked_at = untrack(|| live.shown());
            let ended = entries.iter().any(|entry| ends(&entry.event) && entry.event.slot() == looked_at);
            if entries.iter().any(|entry| matches!(entry.event, Event::StageReached { .. })) {
                stay_at_heading(live);
            }
            live.page.update(|page| page.apply(&entries, cursor));
            // Whoever looked at the heading that the room comes to follows it again.
            let at = untrack(|| live.shown().and_then(|id| live.stage(id)));
            if at.is_some() && live.heading.get_untracked() == at {
                live.heading.set(None);
            }
            let shown = untrack(|| live.shown());
            // A heading of one family says nothing of another. Whoever looks ahead as theirs begins stays there.
            if (ended || shown != looked_at) && !types() {
                live.heading.set(None);
            }
            for sentence in entries.iter().filter_map(|entry| untrack(|| announce::sentence(live, &entry.event, shown)))
            {
                announce::say(live, sentence);
            }
        }
        Frame::View { page } => {
            stay_where_one_types(live);
            let shown = untrack(|| live.shown());
            let before = announce::hidden(live, shown);
            let lacks = live.page.try_update(|known| known.renew(*page, shown)).unwrap_or_default();
            announce::shown_since(live, shown, before);
            if let Some(slot) = shown.filter(|_| lacks) {
                fetch(live, slot);
            }
        }
        Frame::Here { people } => {
            live.been.update(|been| {
                people.iter().for_each(|here| {
                    been.insert(here.worker);
                })
            });
            live.here.set(people);
        }
        Frame::Beat { cursor } => live.page.update_untracked(|page| page.cursor = page.cursor.max(cursor)),
        Frame::Ended => {
            live.line.set(Line::Ended);
            live.page.update(empty);
        }
        Frame::SignedOut => signed_out(live),
    }
    say_family(live, before);
}

/// The page keeps asking: when the same person has signed in again it goes on where it was.
fn signed_out(live: Live) {
    if !matches!(live.line.get_untracked(), Line::SignedOut | Line::Ended) {
        live.line.set(Line::SignedOut);
        announce::say(live, "You are signed out.");
        live.page.update(empty);
    }
}

/// Nothing of the families stays on a page that may not see them any more.
pub fn empty(page: &mut MeetingPage) {
    page.agenda.clear();
    page.whole.clear();
    page.meanwhile.clear();
    for slot in &mut page.room.slots {
        slot.reduce_to_agenda();
        slot.family = None;
        slot.boxes.clear();
        slot.members.clear();
        slot.attendance.clear();
        slot.risks.clear();
    }
}
