//! The author ids that a page's boxes write with.

use leptos::prelude::*;
use std::cell::Cell;
use wasm_bindgen_futures::spawn_local;

use super::{Subject, outbox, request};

/// The wait between tries, in milliseconds.
const PAUSE: u64 = 2000;

thread_local! {
    /// Whether they are being asked for.
    static ASKING: Cell<bool> = const { Cell::new(false) };
    /// Whether somebody may have joined since that question was sent.
    static AGAIN: Cell<bool> = const { Cell::new(false) };
}

/// Asks until they come: at the page's start, for somebody who joined later, and where a box opens again whose own was used
/// up. Those the page has stay.
pub fn ask<S: Subject>(subject: S) {
    if ASKING.replace(true) {
        if subject.state().pens.with_untracked(|pens| !pens.is_empty()) {
            AGAIN.set(true);
        }
        return;
    }
    spawn_local(async move {
        let granted = loop {
            match request::pens(subject).await {
                Ok(granted) => break granted,
                Err(failed) if failed.is_final() => break Vec::new(),
                Err(_) => outbox::pause(PAUSE).await,
            }
        };
        ASKING.set(false);
        let pens = subject.state().pens;
        let owners: Vec<_> = pens.with_untracked(|pens| pens.iter().map(|pen| pen.on_behalf_of).collect());
        let new: Vec<_> = granted.into_iter().filter(|pen| !owners.contains(&pen.on_behalf_of)).collect();
        // Boxes that wait for theirs hear of it; where there is none for them, they do not ask again at once.
        if !new.is_empty() {
            pens.update(|pens| pens.extend(new));
        }
        if AGAIN.take() {
            ask(subject);
        }
    });
}
