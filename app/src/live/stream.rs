//! The stream of a page's news, and what keeps it open.

use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{EventSource, MessageEvent};

use super::browser::monotonic;
use super::request::{Failed, get, pens};
use super::{Keeping, Line, Subject, announce, outbox, presence};

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
pub struct LiveStream<S> {
    subject: S,
    source: RefCell<Option<EventSource>>,
    /// When the last frame came, or the stream was opened.
    last_frame_at: Cell<f64>,
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

impl<S: Subject> LiveStream<S> {
    /// Opens the stream and keeps it open.
    pub fn keep(subject: S) {
        let stream = Rc::new(Self {
            subject,
            source: RefCell::new(None),
            last_frame_at: Cell::new(monotonic()),
            hidden_since: Cell::new(None),
            retry: Cell::new(500.0),
            opened: Cell::new(0.0),
            deaf: Cell::new(0),
            polling: Cell::new(false),
            opening: Cell::new(false),
        });
        stream.connect();
        for (event, back) in [("offline", false), ("online", true)] {
            let stream = Rc::clone(&stream);
            let on_change = Closure::<dyn Fn()>::new(move || if back { stream.retry.set(0.0) } else { stream.lost() });
            let _ = window().add_event_listener_with_callback(event, on_change.as_ref().unchecked_ref());
            on_change.forget();
        }
        // A page that has received nothing meanwhile is current before anybody types in it.
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
        let (subject, state) = (self.subject, self.subject.state());
        let after = subject.news_after(state.line.get_untracked() == Line::SignedOut);
        let (address, me, load, build) = (subject.address(), state.me, presence::load(), outbox::build());
        format!("{address}/{way}?{after}&worker={me}&load={load}&build={build}")
    }

    fn line(&self) -> Line {
        self.subject.state().line.get_untracked()
    }

    /// Asks again and again; a proxy that buffers lets whole answers through.
    fn poll(self: &Rc<Self>) {
        let stream = Rc::clone(self);
        spawn_local(async move {
            while !matches!(stream.line(), Line::Ended | Line::Old | Line::Leaving) {
                if stream.rests() {
                    outbox::pause(100).await;
                    continue;
                }
                match get::<Vec<String>>(&stream.address("poll")).await {
                    Ok(frames) => frames.iter().for_each(|frame| stream.receive(frame)),
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
        self.hidden_since.get().is_some_and(|since| monotonic() - since > HIDDEN) && !outbox::has_to_send(self.subject)
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
                        frames.iter().for_each(|frame| stream.receive(frame));
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
        let (now, stream) = (monotonic(), Rc::clone(self));
        presence::tell_again();
        self.opened.set(now);
        self.last_frame_at.set(now);
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                stream.deaf.set(0);
                stream.receive(&text);
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
        if self.line() == Line::Open {
            let subject = self.subject;
            subject.state().line.set(Line::Lost);
            let kept = !matches!(subject.state().keeping.get_untracked(), Keeping::Never);
            let sentence =
                if kept { "What you type is kept." } else { "Keep this page open: what you type is not yet shared." };
            announce::say(subject.state(), format!("Connection lost. {sentence}"));
            // A stream does not say why it ended; a small question does.
            spawn_local(async move {
                if let Err(Failed::SignedOut) = pens(subject).await {
                    signed_out(subject);
                }
            });
        }
        self.opened.set(monotonic());
    }

    /// The page came into sight or got the focus: where no stream keeps it current, it asks at once.
    fn shown(self: &Rc<Self>) {
        let resting = matches!(self.line(), Line::Ended | Line::Leaving | Line::Old);
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
        if matches!(self.line(), Line::Ended | Line::Leaving) {
            return;
        }
        let now = monotonic();
        if self.line() == Line::Old {
            // What can be sent is sent first; what cannot is kept and sent by the page that comes.
            let sent = !outbox::has_to_send(self.subject) || now - self.last_frame_at.get() > LAST_WORDS;
            if sent && outbox::works() && outbox::renew() {
                self.subject.state().line.set(Line::Ended);
            }
            return;
        }
        presence::tick(self.subject);
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
        let deaf = open && now - self.opened.get() > GREETING && self.last_frame_at.get() <= self.opened.get();
        if deaf {
            self.deaf.set(self.deaf.get() + 1);
            self.lost();
            if self.deaf.get() > 1 {
                self.polling.set(true);
                self.poll();
            }
        } else if open && now - self.last_frame_at.get() > SILENCE {
            self.lost();
        } else if !open && !document().hidden() && now - self.opened.get() > self.retry.get() {
            self.retry.set((self.retry.get() * 2.0).min(10_000.0));
            self.connect();
        }
    }

    /// Takes one frame.
    fn receive(&self, text: &str) {
        self.last_frame_at.set(monotonic());
        if text == RENEW {
            self.subject.state().line.set(Line::Old);
            return;
        }
        if self.line() == Line::Leaving {
            return;
        }
        self.back();
        self.subject.receive(text);
    }

    /// The server answers.
    fn back(&self) {
        if self.line() != Line::Open {
            let state = self.subject.state();
            if self.line() == Line::Lost {
                announce::say(state, "Connection is back.");
                self.subject.line_is_back();
            }
            state.line.set(Line::Open);
            self.retry.set(500.0);
        }
    }
}

/// The page keeps asking: when the same person has signed in again it goes on where it was.
pub fn signed_out<S: Subject>(subject: S) {
    let state = subject.state();
    if !matches!(state.line.get_untracked(), Line::SignedOut | Line::Ended) {
        state.line.set(Line::SignedOut);
        announce::say(state, "You are signed out.");
        subject.empty();
    }
}
