//! Ctrl+Enter presses the button of the form one is in.

#[cfg(feature = "hydrate")]
use wasm_bindgen::JsCast;
#[cfg(feature = "hydrate")]
use web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement};

/// Acts that settle or end something: a pair of keys presses none of their buttons.
#[cfg(feature = "hydrate")]
const SETTLING: [&str; 6] = ["finish", "confirm", "confirm_and_go", "confirm_all", "postpone", "postpone_waiting"];

/// Presses the one button of the form that has the focus. A form that offers a choice of buttons is not answered by keys.
#[cfg(feature = "hydrate")]
pub fn on_key(event: &leptos::ev::KeyboardEvent) {
    if !event.ctrl_key() || event.key() != "Enter" {
        return;
    }
    let inside = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let form = inside.and_then(|inside| inside.closest("form.cr-act").ok().flatten());
    let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return };
    event.prevent_default();
    let act = form.query_selector("input[name='form[act]']").ok().flatten();
    let act = act.and_then(|act| act.dyn_into::<HtmlInputElement>().ok()).map(|act| act.value()).unwrap_or_default();
    let Ok(buttons) = form.query_selector_all("button[type=submit]:not([disabled], [aria-disabled=true])") else {
        return;
    };
    if buttons.length() == 1 && !SETTLING.contains(&act.as_str()) {
        let button = buttons.item(0).and_then(|button| button.dyn_into::<HtmlElement>().ok());
        let _ = form.request_submit_with_submitter(button.as_ref());
    }
}

/// Without scripts Enter sends a form as the browser does.
#[cfg(not(feature = "hydrate"))]
pub fn on_key(_event: &leptos::ev::KeyboardEvent) {}
