//! A second press at the same place: what stands there by then is another act, which nobody meant.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};

use super::Live;
use crate::live::browser::monotonic;
use crate::live::{Notice, announce};

/// So long after a press is answered another one at its place is its second, in milliseconds.
const SECOND_WITHIN: f64 = 700.0;
/// So far a hand moves between two presses of one place, in pixels.
const SAME_PLACE: i32 = 6;

/// A press that was taken.
struct Taken {
    form: String,
    at: (i32, i32),
    /// When it was taken, then when it was answered.
    when: f64,
}

thread_local! {
    /// Where the page is pressed now; nowhere for a key.
    static CLICK: Cell<Option<(i32, i32)>> = const { Cell::new(None) };
    static TAKEN: RefCell<Option<Taken>> = const { RefCell::new(None) };
}

/// Notes where the page is pressed. A key presses nowhere. Whoever pressed elsewhere meanwhile means the next press.
pub fn note(event: &MouseEvent) {
    let at = (event.detail() > 0).then(|| (event.client_x(), event.client_y()));
    if let Some(at) = at {
        TAKEN.with_borrow_mut(|taken| *taken = taken.take().filter(|taken| is_near(taken.at, at)));
    }
    CLICK.set(at);
}

fn is_near(one: (i32, i32), other: (i32, i32)) -> bool {
    (one.0 - other.0).abs() <= SAME_PLACE && (one.1 - other.1).abs() <= SAME_PLACE
}

/// Whether the press of a form is the second one of another form's place; that is said. The first one is remembered.
pub fn is_second(live: Live, form: &str) -> bool {
    let Some(at) = CLICK.take() else { return false };
    let second = TAKEN.with_borrow(|taken| {
        taken.as_ref().is_some_and(|taken| {
            taken.form != form && is_near(taken.at, at) && monotonic() - taken.when < SECOND_WITHIN
        })
    });
    if second {
        const SAYS: &str = "Pressed twice: only the first press counted.";
        announce::say(live.state, SAYS);
        // What the first press did may be there to undo.
        live.state.notice.update(|notice| {
            notice.get_or_insert_with(|| Notice { text: SAYS.to_owned(), undo: None });
        });
    } else {
        TAKEN.set(Some(Taken { form: form.to_owned(), at, when: monotonic() }));
    }
    second
}

/// A form is answered: what stands at its place now is new to whoever pressed it.
pub fn answered(form: &str) {
    TAKEN.with_borrow_mut(|taken| {
        if let Some(taken) = taken.as_mut().filter(|taken| taken.form == form) {
            taken.when = monotonic();
        }
    });
}
