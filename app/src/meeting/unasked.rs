//! Forms that are sent without a press of their button: a choice somebody stays with, a field somebody leaves or pauses in.

use leptos::ev::{Event, FocusEvent};
use leptos::prelude::*;
use std::cell::RefCell;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement};

use super::typed::{is_gone, is_sent};

/// So long somebody stays with a choice before it is sent.
const CHOSEN: Duration = Duration::from_millis(300);
/// So long nobody types in a field before what stands in it is sent.
const QUIET: Duration = Duration::from_millis(1500);

thread_local! {
    /// The form of a choice that waits for its person to stay with it.
    static CHOICE: RefCell<Option<HtmlFormElement>> = const { RefCell::new(None) };
}

/// Sends the form of a choice once its person stays with it.
pub fn when_chosen(event: &Event) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some((input, form)) = input.and_then(|input| Some((input.clone(), input.form()?))) else { return };
    send_chosen(Some(&form));
    CHOICE.set(Some(form.clone()));
    set_timeout(
        move || {
            if input.checked() && CHOICE.with_borrow(|choice| choice.as_ref() == Some(&form)) {
                send_chosen(None);
            }
        },
        CHOSEN,
    );
}

/// Whether a choice was made and is not sent yet.
pub fn choice_waits() -> bool {
    CHOICE.with_borrow(Option::is_some)
}

/// Sends the form if its choice waits: a form that leaves the page cannot wait any longer.
pub fn send_leaving(form: &HtmlFormElement) {
    if CHOICE.with_borrow(|choice| choice.as_ref() == Some(form)) {
        send_chosen(None);
    }
}

/// Sends the form whose choice waits, unless it is `except`, which is being sent.
pub fn send_chosen(except: Option<&HtmlFormElement>) {
    if let Some(form) = CHOICE.take().filter(|form| except != Some(form)) {
        let _ = form.request_submit();
    }
}

/// Sends the form of a field that was changed and is left.
pub fn when_left(event: &Event) {
    let Some(target) = event.target() else { return };
    let of_line = target.dyn_ref::<HtmlInputElement>().filter(|field| field.type_() == "text");
    let of_line = of_line.and_then(HtmlInputElement::form);
    if let Some(form) = of_line.or_else(|| target.dyn_ref::<HtmlTextAreaElement>()?.form()) {
        send_words(&form);
    }
}

/// Sends a form that adds something, once the focus has left the whole of it.
pub fn when_form_left(event: &FocusEvent) {
    let form = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let form = form.and_then(|field| field.closest("form").ok().flatten());
    let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return };
    let inside = |form: &HtmlFormElement, element: &Element| form.contains(Some(element));
    match event.related_target().and_then(|to| to.dyn_into::<Element>().ok()) {
        // What is pressed next may take the form off the page.
        Some(to) if !inside(&form, &to) => send_written(&form),
        Some(_) => {}
        None => set_timeout(
            move || {
                // A window that is left still has the focus where it was.
                if !document().active_element().is_some_and(|now| inside(&form, &now)) {
                    send_written(&form);
                }
            },
            Duration::ZERO,
        ),
    }
}

/// Sends a form that adds something, where something is written in its line.
fn send_written(form: &HtmlFormElement) {
    let line = form.query_selector("input.govuk-input").ok().flatten();
    if line.and_then(|line| written_in(&line)).is_some_and(|(words, _)| !words.trim().is_empty()) {
        send_words(form);
    }
}

/// Sends the form of a field once its person pauses: who looks up to listen has not left it.
pub fn when_quiet(event: &Event) {
    // What the page itself has put back waits for its person.
    if event.is_instance_of::<web_sys::CustomEvent>() {
        return;
    }
    // A word that is still being composed is not written yet; the end of its composing leads here too.
    let composing = js_sys::Reflect::get(event, &"isComposing".into()).is_ok_and(|composing| composing.is_truthy());
    if composing {
        return;
    }
    if let Some(field) = event.target().and_then(|target| target.dyn_into::<Element>().ok())
        && let Some((typed, _)) = written_in(&field)
    {
        after_pause(field, typed);
    }
}

/// What stands in a field of words, and its form.
fn written_in(field: &Element) -> Option<(String, HtmlFormElement)> {
    match (field.dyn_ref::<HtmlInputElement>(), field.dyn_ref::<HtmlTextAreaElement>()) {
        (Some(field), _) => Some((field.value(), field.form()?)),
        (None, Some(field)) => Some((field.value(), field.form()?)),
        (None, None) => None,
    }
}

fn after_pause(field: Element, typed: String) {
    set_timeout(
        move || {
            let now = written_in(&field).filter(|(now, _)| *now == typed && field.is_connected());
            let Some((_, form)) = now else { return };
            // The answer the words go with is still on its way.
            if form.has_attribute("aria-busy") {
                after_pause(field, typed);
            } else {
                send_words(&form);
            }
        },
        QUIET,
    );
}

/// Sends what was written beside an answer, once the answer is given; what was sent already is not sent again.
fn send_words(form: &HtmlFormElement) {
    let one = |selector: &str| form.query_selector(selector).ok().flatten();
    let no_number = one("input[type=radio]").is_some() && one("input[type=radio]:checked").is_none();
    if is_gone(form) || no_number || is_sent(form) {
        return;
    }
    // Where buttons are the answers, the words go with the answer that was given. Where it is refused, the form says so.
    let _ = match (one("[data-words]"), one("button[name]")) {
        (Some(given), _) => form.request_submit_with_submitter(Some(given.unchecked_ref())),
        (None, Some(_)) => Ok(()),
        (None, None) => form.request_submit(),
    };
}
