//! Keeps what the keyboard comes to, and what is current, in sight.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Scrolls a row sideways so that its current link is in sight; nothing else moves.
pub fn show_current(row: &web_sys::HtmlElement) {
    if let Ok(Some(current)) = row.query_selector("[aria-current]") {
        show_in_row(row, &current);
    }
}

/// Brings what the keyboard comes to out from behind the bars: browsers leave it where it is that is in sight in part.
pub fn uncover(event: &leptos::ev::FocusEvent) {
    let control = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let inside = |control: &web_sys::Element, of: &str| control.closest(of).ok().flatten().is_some();
    let Some(control) = control.filter(|control| {
        control.matches(":focus-visible").unwrap_or_default()
            && !inside(control, ".cr-identity, .cr-foot, .cr-more__content")
    }) else {
        return;
    };
    let (above, below) = between_bars();
    // Of what is higher than the space, some is in sight.
    let place = control.get_bounding_client_rect();
    if place.top() < above || place.height() < below - above {
        show(&control);
    }
}

/// Scrolls a part of the page into the space between the bars, its top first.
pub fn show(part: &web_sys::Element) {
    let (above, below) = between_bars();
    let place = part.get_bounding_client_rect();
    let to_top = place.top() - above - BESIDE_BARS;
    let to_bottom = place.bottom() - below + BESIDE_BARS;
    let by = if place.top() < above {
        to_top
    } else if place.bottom() > below {
        to_bottom.min(to_top)
    } else {
        return;
    };
    window().scroll_by_with_x_and_y(0.0, by);
}

/// Where the bar at the top ends and the one at the foot begins.
fn between_bars() -> (f64, f64) {
    let edge = |of: &str, read: fn(&web_sys::DomRect) -> f64| {
        let bar = document().query_selector(of).ok().flatten().map(|bar| bar.get_bounding_client_rect());
        bar.filter(|bar| bar.height() > 0.0).map(|bar| read(&bar))
    };
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    let above = edge(".cr-identity", |bar| bar.bottom()).unwrap_or_default();
    let below = edge(".cr-foot", |bar| bar.top()).unwrap_or(height);
    (above, below)
}

/// The space between a bar and what was behind it, in pixels.
const BESIDE_BARS: f64 = 6.0;

/// Scrolls a row sideways so that the link the keyboard comes to is in sight: browsers leave one where it is that is in
/// sight in part. Under a finger nothing moves.
pub fn show_focused(event: &leptos::ev::FocusEvent) {
    let link = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let link = link.filter(|link| link.matches(":focus-visible").unwrap_or_default());
    let row = link.as_ref().and_then(|link| link.closest("ol").ok().flatten());
    if let Some((link, row)) = link.zip(row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok())) {
        show_in_row(&row, &link);
    }
}

fn show_in_row(row: &web_sys::HtmlElement, link: &web_sys::Element) {
    let place = link.closest("li").ok().flatten();
    if let Some(place) = place.and_then(|place| place.dyn_into::<web_sys::HtmlElement>().ok()) {
        let space = (row.client_width() - place.offset_width()) / 2;
        row.set_scroll_left(place.offset_left() - space.max(0));
    }
}
