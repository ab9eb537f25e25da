//! What is read out to screen readers. Sentences that come within a second are said together; none is dropped, and the
//! same one is not said twice in a row.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::time::Duration;
use wasm_bindgen::JsCast;

use super::State;

/// Sentences gather for this long.
const GATHER: Duration = Duration::from_secs(1);
/// "Saved" is said once nothing was typed for this long.
const QUIET: Duration = Duration::from_secs(3);

thread_local! {
    static WAITING: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    /// How often the word for saving has changed, so that a timer knows whether it is the last one.
    static SAVES: Cell<u32> = const { Cell::new(0) };
}

/// Says a sentence, together with what comes within a second.
pub fn say(state: State, sentence: impl Into<String>) {
    let sentence = sentence.into();
    let first = WAITING.with_borrow_mut(|waiting| {
        if waiting.last() == Some(&sentence) {
            return false;
        }
        waiting.push(sentence);
        waiting.len() == 1
    });
    if first {
        set_timeout(move || flush(state), GATHER);
    }
}

fn flush(state: State) {
    let sentences = WAITING.take().join(" ");
    if notify(&sentences) {
        return;
    }
    // A region that is given the same text again says nothing: a space makes it another.
    let again = state.said.with_untracked(|said| *said == sentences);
    state.said.set(if again { format!("{sentences}\u{a0}") } else { sentences });
}

/// Has the browser say it, where it can: unlike a region, it is heard while a dialogue or a full screen is open.
fn notify(sentences: &str) -> bool {
    let page = document();
    let function = Reflect::get(&page, &"ariaNotify".into()).ok().and_then(|value| value.dyn_into::<Function>().ok());
    function.is_some_and(|function| function.call1(&page, &sentences.into()).is_ok())
}

/// Says "Saved" once after words were typed and three seconds were quiet; `word` tells how far what was typed has come.
pub fn watch_saving(state: State, word: impl Fn() -> &'static str + 'static) {
    Effect::new(move |before: Option<&'static str>| {
        let now = word();
        let number = SAVES.get() + 1;
        SAVES.set(number);
        if now == "Saved" && before.is_some_and(|before| !before.is_empty() && before != "Saved") {
            set_timeout(
                move || {
                    if SAVES.get() == number {
                        say(state, "Saved.");
                    }
                },
                QUIET,
            );
        }
        now
    });
}
