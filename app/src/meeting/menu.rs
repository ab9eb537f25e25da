//! Menus close when one presses Escape, chooses something in another, or presses elsewhere.

#[cfg(feature = "hydrate")]
use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use wasm_bindgen::JsCast;
#[cfg(feature = "hydrate")]
use web_sys::{Element, HtmlElement};

/// Escape closes the menu one is in, and the keyboard goes on from its button.
#[cfg(feature = "hydrate")]
pub fn on_key(event: &leptos::ev::KeyboardEvent) {
    if event.key() != "Escape" {
        return;
    }
    let inside = document().active_element().and_then(|active| active.closest("details.cr-more[open]").ok().flatten());
    if let Some(menu) = inside {
        let _ = menu.remove_attribute("open");
        let button = menu.query_selector("summary").ok().flatten();
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            let _ = button.focus();
        }
    }
}

#[cfg(feature = "hydrate")]
thread_local! {
    /// The button that was pressed last.
    static PRESSED: std::cell::RefCell<Option<Element>> = const { std::cell::RefCell::new(None) };
}

/// A press closes the menus it is not in. The second press of a double one that hits another button, which has come under
/// the finger meanwhile, is not meant.
#[cfg(feature = "hydrate")]
pub fn on_press(event: &leptos::ev::MouseEvent) {
    close_others(event.target());
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let button = target.and_then(|target| target.closest("button").ok().flatten());
    let before = PRESSED.replace(button.clone());
    if event.detail() > 1 && button.is_some() && button != before {
        event.prevent_default();
    }
}

/// A menu closes when the keyboard leaves it: nothing stands over what one goes on to.
#[cfg(feature = "hydrate")]
pub fn on_focus(event: &leptos::ev::FocusEvent) {
    close_others(event.target());
    crate::live::browser::uncover(event);
}

#[cfg(feature = "hydrate")]
fn close_others(target: Option<web_sys::EventTarget>) {
    let Some(target) = target.and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let Ok(open) = document().query_selector_all(".cr-meeting details.cr-more[open]") else { return };
    for at in 0..open.length() {
        let menu = open.item(at).and_then(|menu| menu.dyn_into::<Element>().ok());
        if let Some(menu) = menu.filter(|menu| !menu.contains(Some(&target))) {
            let _ = menu.remove_attribute("open");
        }
    }
}

/// Only a browser has menus that stand open.
#[cfg(not(feature = "hydrate"))]
pub fn on_key(_event: &leptos::ev::KeyboardEvent) {}

/// Only a browser has menus that stand open.
#[cfg(not(feature = "hydrate"))]
pub fn on_press(_event: &leptos::ev::MouseEvent) {}

/// Only a browser has menus that stand open.
#[cfg(not(feature = "hydrate"))]
pub fn on_focus(_event: &leptos::ev::FocusEvent) {}
