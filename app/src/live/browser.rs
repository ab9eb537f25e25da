//! What only a browser does: the clock, ids, leaving the page.

use chrono::{TimeDelta, Utc};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlFormElement;

use super::request::{self, Failed, ask_as, send_last_words};
use super::stream::LiveStream;
use super::{Leave, Line, Saving, State, Subject, outbox, pad, pens};

/// Opens the stream, starts the clock, asks for pens.
pub fn start<S: Subject>(subject: S) {
    let state = subject.state();
    ask_as(&state.me.to_string());
    clock(state);
    if !subject.is_screen() {
        pens::ask(subject);
        outbox::start(subject);
        watch_leaving(subject);
        send_when_left(subject);
    }
    LiveStream::keep(subject);
    warn_before_leaving(subject);
    set_timeout(outbox::go_on, Duration::from_millis(100));
}

/// Milliseconds since the page was loaded; never set back.
pub fn monotonic() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// The server's clock, right even where the device's is wrong by minutes.
fn clock(state: State) {
    // The page carries the server's time of when it was asked for, which is where this count begins.
    let from = state.now.get_untracked();
    set_interval(
        move || {
            #[expect(clippy::cast_possible_truncation, reason = "milliseconds of one page's life fit")]
            let passed = TimeDelta::milliseconds(monotonic() as i64);
            state.now.set((from + passed).with_timezone(&Utc));
        },
        Duration::from_secs(1),
    );
}

fn warn_before_leaving<S: Subject>(subject: S) {
    let state = subject.state();
    let warn = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        // What is kept on the device is there after the page is loaded again.
        let nowhere = state.saving.with_untracked(|all| all.values().any(|one| matches!(one, Saving::NotSaved(_))));
        // Where the server can be reached, what is not written yet is sent as the page is left.
        let reached = state.line.get_untracked() == Line::Open && !pad::unreached();
        let kept = outbox::works() && (reached || !outbox::behind());
        if nowhere || (outbox::unshared(subject) && !kept) {
            event.prevent_default();
        }
    });
    let _ = window().add_event_listener_with_callback("beforeunload", warn.as_ref().unchecked_ref());
    warn.forget();
}

/// Words on their way when the page is left: the device keeps them a moment later than some browsers wait.
fn send_when_left<S: Subject>(subject: S) {
    let send = Closure::<dyn Fn()>::new(move || {
        let batches = pad::last_words(subject);
        if !batches.is_empty() {
            send_last_words::<S>(&batches);
        }
    });
    let _ = window().add_event_listener_with_callback("pagehide", send.as_ref().unchecked_ref());
    send.forget();
}

/// A fresh id for a command.
pub fn new_command() -> String {
    let mut bytes = [0; 16];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// Asks about words not yet shared before signing out.
fn watch_leaving<S: Subject>(subject: S) {
    let ask = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        if form.is_some_and(|form| form.action().ends_with(SIGN_OUT)) && outbox::unshared(subject) {
            event.prevent_default();
            subject.state().leaving.set(true);
        }
    });
    let _ = document().add_event_listener_with_callback("submit", ask.as_ref().unchecked_ref());
    ask.forget();
}

const SIGN_OUT: &str = "/api/sign-out";

/// Signs out, with what becomes of words not yet shared.
pub fn leave<S: Subject>(subject: S, how: Leave) {
    let state = subject.state();
    spawn_local(async move {
        match how {
            Leave::Keep => {}
            Leave::Discard => outbox::discard().await,
            Leave::Send => {
                while state.leaving.get_untracked() && outbox::has_to_send(subject) {
                    outbox::pause(300).await;
                }
                if !state.leaving.get_untracked() {
                    return;
                }
            }
        }
        // Without a connection nobody is signed out by leaving: it happens when the server can be reached, and until
        // then what only they may see is off the page.
        while let Err(Failed::Offline) = request::pens(subject).await {
            state.leaving.set(false);
            state.line.set(Line::Leaving);
            subject.empty();
            outbox::pause(1000).await;
        }
        state.saving.update(std::collections::BTreeMap::clear);
        let form = document().query_selector(&format!("form[action='{SIGN_OUT}']")).ok().flatten();
        if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
            let _ = form.submit();
        }
    });
}
