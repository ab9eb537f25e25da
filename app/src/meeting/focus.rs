//! Where keyboard and screen reader go on as parts of the page come and go.

use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, HtmlFormElement, NodeList};

thread_local! {
    /// Where they go on if what has the focus leaves the page.
    static PLACES: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
}

/// Goes to an element; nothing scrolls.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

/// Goes to a field of a form, unless its person has gone on to another part of the page meanwhile.
pub fn focus_in(form: &HtmlFormElement, field: &Element) {
    if is_at(form) {
        focus(field);
    }
}

/// Whether one is still at a form, or nowhere: one has not gone on to another part of the page.
fn is_at(form: &HtmlFormElement) -> bool {
    // To a part as a whole nobody goes but by the page, as when the form has left it.
    let there = |active: Element| form.contains(Some(&active)) || active.matches("[tabindex='-1']").unwrap_or_default();
    document().active_element().is_some_and(there) || is_lost()
}

/// Whether the focus is in a part of the page.
pub fn is_in(part: &Element) -> bool {
    document().active_element().is_some_and(|active| part.contains(Some(&active)))
}

/// Whether nothing on the page has the focus.
fn is_lost() -> bool {
    document().active_element().is_none_or(|active| active.tag_name() == "BODY")
}

/// Whoever moves the room goes on at its new heading, unless they have gone on to another part of the page meanwhile.
pub fn go_to_scene_from(form: Option<&HtmlFormElement>) {
    if form.is_none_or(is_at) {
        go_to_scene();
    }
}

fn go_to_scene() {
    if let Some(scene) = document().get_element_by_id("scene") {
        focus(&scene);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// As above, where nothing on the page has the focus any more.
pub fn go_to_scene_if_lost() {
    if is_lost() {
        go_to_scene();
    }
}

/// The parts of the page around a form or another part, from the inside out.
pub fn places_around(inner: &Element) -> Vec<Element> {
    std::iter::successors(inner.parent_element(), |part| part.parent_element())
        .filter(|part| part.has_attribute("aria-label") || part.has_attribute("aria-labelledby"))
        .collect()
}

/// Scrolls to where a part of the page begins, if that is above what is in sight or behind the bar at the top.
pub fn show_top_of(part: Option<&Element>) {
    let bar = document().query_selector(".cr-identity").ok().flatten();
    let top = bar.map_or(0.0, |bar| bar.get_bounding_client_rect().bottom());
    if let Some(part) = part.filter(|part| part.is_connected() && part.get_bounding_client_rect().top() < top) {
        part.scroll_into_view();
    }
}

/// Where the focus has left the page with its form, keyboard and screen reader go on from the part the form stood in.
pub fn go_on_from(places: Vec<Element>) {
    let scene = || document().get_element_by_id("scene");
    if is_lost()
        && let Some(part) = places.into_iter().find(|part| part.is_connected()).or_else(scene)
    {
        if !part.has_attribute("tabindex") {
            let _ = part.set_attribute("tabindex", "-1");
        }
        focus(&part);
    }
}

/// Whoever is nowhere once the page is drawn goes on in the field with this id.
pub fn go_on_in_if_lost(id: &'static str) {
    request_animation_frame(move || {
        if is_lost()
            && let Some(field) = document().get_element_by_id(id)
        {
            focus(&field);
        }
    });
}

/// What stands in a part of the page is about to be replaced: whoever is in it goes on from around it in a moment.
pub fn go_on_if_in(part: &Element) {
    if document().active_element().is_some_and(|active| part.contains(Some(&active))) {
        PLACES.set(places_around(part));
        request_animation_frame(|| go_on_from(PLACES.take()));
    }
}

/// The form that has the focus is about to leave the page: in a moment they go on from around it, after `first`.
pub fn go_on_after(form: &HtmlFormElement, first: impl FnOnce() + 'static) {
    PLACES.set(places_around(form));
    request_animation_frame(|| {
        first();
        go_on_from(PLACES.take());
    });
}

/// Goes to the first field of a row that is being opened; what it is about stays in sight.
pub fn enter_row(key: &str) {
    let row = format!("[data-row='{key}']");
    request_animation_frame(move || {
        go_to_field(&row);
        let part = document().query_selector(&row).ok().flatten();
        let part = part.and_then(|part| part.closest("li, [aria-labelledby]").ok().flatten());
        show_top_of(part.as_ref());
    });
}

/// Where nothing has the focus any more, goes on at the step of last month that is asked for next.
pub fn go_on_in_open_row() {
    if is_lost() {
        go_to_field(".cr-last-steps [data-row]");
    }
}

fn go_to_field(row: &str) {
    // One answers a question before one says why, and writes before one presses; a button may be folded away.
    for kind in ["fieldset.cr-taps button", "textarea, input:not([type=hidden]), select", "button:not([hidden])"] {
        if let Ok(Some(field)) = document().query_selector(&format!("{row} :is({kind}):not(details:not([open]) *)")) {
            return focus(&field);
        }
    }
    // There is only something to read.
    if let Ok(Some(row)) = document().query_selector(row) {
        focus(&row);
    }
}

/// Does `work` with each element.
pub fn each(nodes: &NodeList, mut work: impl FnMut(&Element)) {
    for at in 0..nodes.length() {
        if let Some(element) = nodes.item(at).and_then(|node| node.dyn_into::<Element>().ok()) {
            work(&element);
        }
    }
}
