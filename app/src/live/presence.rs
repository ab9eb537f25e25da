//! What this page tells of its person: hidden behind others, writing in a box.

use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use wasm_bindgen_futures::spawn_local;

use super::Subject;
use super::browser::{monotonic, new_command};
use super::request::tell_presence;

/// A page in sight says so again after this long: whoever listens for hours, or looks at the wall, is not signed out. In
/// milliseconds.
const AGAIN: f64 = 600_000.0;
/// Somebody who has typed nothing for this long is not writing, in milliseconds.
const PAUSE: f64 = 4000.0;

thread_local! {
    static LOAD: String = new_command();
    /// The fields that say where its person writes, and since when.
    static WRITING: RefCell<Option<(String, f64)>> = const { RefCell::new(None) };
    /// What was sent last, and when.
    static LAST_SENT: RefCell<String> = const { RefCell::new(String::new()) };
    static LAST_SENT_AT: Cell<f64> = const { Cell::new(0.0) };
}

/// The number this page gave itself.
pub fn load() -> String {
    LOAD.with(String::clone)
}

/// A new stream knows nothing of what was sent before.
pub fn tell_again() {
    LAST_SENT.take();
}

/// Its person typed into a box.
pub fn typed<S: Subject>(subject: S, place: S::Place) {
    let fields = S::fields_of(place).into_iter().map(|(name, value)| format!("&{name}={value}")).collect();
    WRITING.set(Some((fields, monotonic())));
    tell(subject);
}

/// Twice a second: a pause in writing, a page hidden or shown.
pub fn tick<S: Subject>(subject: S) {
    if WRITING.with_borrow(|writing| writing.as_ref().is_some_and(|(_, at)| monotonic() - at > PAUSE)) {
        WRITING.take();
    }
    tell(subject);
}

/// Tells what is new, and nothing that was sent already.
fn tell<S: Subject>(subject: S) {
    let writing = WRITING.with_borrow(|writing| writing.as_ref().map(|(fields, _)| fields.clone())).unwrap_or_default();
    let away = if document().hidden() { "yes" } else { "no" };
    let content = format!("{}={}&load={}&away={away}{writing}", S::KIND, subject.id(), load());
    let unchanged =
        LAST_SENT.with_borrow(|sent| sent.is_empty() && away == "no" && writing.is_empty() || *sent == content);
    let lately = away == "yes" || monotonic() - LAST_SENT_AT.get() < AGAIN;
    let nothing_new = unchanged && lately;
    if !nothing_new {
        LAST_SENT.set(content.clone());
        LAST_SENT_AT.set(monotonic());
        spawn_local(async move { tell_presence::<S>(&content).await });
    }
}
