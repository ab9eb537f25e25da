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
    /// The button, or what unfolds something, that was pressed last.
    static PRESSED: std::cell::RefCell<Option<Element>> = const { std::cell::RefCell::new(None) };
    /// Whether a finger came down beside an open menu.
    static BESIDE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// A press closes the menus it is not in. The second press of a double one that hits another button or fold, which has
/// come under the finger meanwhile, is not meant.
#[cfg(feature = "hydrate")]
pub fn on_press(event: &leptos::ev::MouseEvent) {
    close_others(event.target());
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let button = target.and_then(|target| target.closest("button, summary").ok().flatten());
    let before = PRESSED.replace(button.clone());
    if event.detail() > 1 && button.is_some() && button != before {
        event.prevent_default();
    }
}

/// A finger comes down: whether that is beside an open menu.
#[cfg(feature = "hydrate")]
pub fn on_pointer(event: &leptos::ev::PointerEvent) {
    BESIDE.set(event.pointer_type() == "touch" && !open_beside(event.target()).is_empty());
}

/// A finger that taps beside an open menu closes it and presses nothing else: it was not meant for what lies there.
#[cfg(feature = "hydrate")]
pub fn on_tap(event: &leptos::ev::MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_pressed = target.is_some_and(|target| target.closest("button, a, label").is_ok_and(|found| found.is_some()));
    if BESIDE.take() && is_pressed {
        event.prevent_default();
        event.stop_propagation();
        close_others(event.target());
    }
}

/// A menu closes when the keyboard leaves it: nothing stands over what one goes on to.
#[cfg(feature = "hydrate")]
pub fn on_focus(event: &leptos::ev::FocusEvent) {
    close_others(event.target());
    super::in_sight::uncover(event);
}

#[cfg(feature = "hydrate")]
fn close_others(target: Option<web_sys::EventTarget>) {
    for menu in open_beside(target) {
        let _ = menu.remove_attribute("open");
    }
}

/// The open menus that `target` is not in.
#[cfg(feature = "hydrate")]
fn open_beside(target: Option<web_sys::EventTarget>) -> Vec<Element> {
    let mut beside = Vec::new();
    if let Some(target) = target.and_then(|target| target.dyn_into::<Element>().ok())
        && let Ok(open) = document().query_selector_all(".cr-meeting details.cr-more[open]")
    {
        super::focus::each(&open, |menu| {
            if !menu.contains(Some(&target)) {
                beside.push(menu.clone());
            }
        });
    }
    beside
}

/// Only a browser has menus that stand open.
#[cfg(not(feature = "hydrate"))]
pub fn on_key(_event: &leptos::ev::KeyboardEvent) {}

/// Only a browser has menus that stand open.
#[cfg(not(feature = "hydrate"))]
pub fn on_press(_event: &leptos::ev::MouseEvent) {}

/// Only a browser has menus that stand open.
#[cfg(not(feature = "hydrate"))]
pub fn on_pointer(_event: &leptos::ev::PointerEvent) {}

/// Only a browser has menus that stand open.
#[cfg(not(feature = "hydrate"))]
pub fn on_focus(_event: &leptos::ev::FocusEvent) {}
