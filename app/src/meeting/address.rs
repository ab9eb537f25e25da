//! The address says what is looked at.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::UrlSearchParams;

use super::state::Asked;
use super::{Live, follow};

/// The address says which family and heading one looks at, so that a page that is loaded again goes on there, and "Back"
/// leads to what one looked at before.
pub fn keep_address(live: Live) {
    Effect::new(move |before: Option<String>| {
        let meeting = live.page.with_untracked(|page| page.room.id);
        let slot = live.looking.get().map(|slot| format!("slot={slot}"));
        let heading = live.heading.get().map(|heading| format!("heading={heading}"));
        let quiet = live.quiet.get().then(|| "quiet=yes".to_owned());
        let asked = slot.into_iter().chain(heading).chain(quiet).collect::<Vec<_>>().join("&");
        let address =
            if asked.is_empty() { format!("/meetings/{meeting}") } else { format!("/meetings/{meeting}?{asked}") };
        // A press that leads to where one is already is no place to come back from.
        let visited = live.visited();
        if before.is_some_and(|before| before != address)
            && let Ok(history) = window().history()
        {
            let none = wasm_bindgen::JsValue::NULL;
            let _ = if visited {
                history.push_state_with_url(&none, "", Some(&address))
            } else {
                history.replace_state_with_url(&none, "", Some(&address))
            };
        }
        address
    });
    let back = Closure::<dyn Fn()>::new(move || look_as_asked(live));
    let _ = window().add_event_listener_with_callback("popstate", back.as_ref().unchecked_ref());
    back.forget();
}

/// Looks at what the address asks for.
fn look_as_asked(live: Live) {
    let search = window().location().search().unwrap_or_default();
    let Ok(pairs) = UrlSearchParams::new_with_str(&search) else { return };
    let asked = Asked {
        slot: pairs.get("slot").and_then(|slot| slot.parse().ok()),
        heading: pairs.get("heading").and_then(|heading| heading.parse().ok()),
        quiet: pairs.get("quiet").is_some(),
        row: None,
    };
    live.around.set(false);
    live.looking.set(asked.slot);
    live.heading.set(live.page.with_untracked(|page| asked.heading_beside(&page.room)));
    live.quiet.set(asked.quiet);
    super::go_on_in_scene();
}

/// A heading that comes to the page is in sight, also of whoever had scrolled down at the one before; what was said of that one
/// goes with it.
pub fn show_heading(live: Live) {
    let at = Memo::new(move |_| live.shown().map(|id| (id, super::heading_on_page(live, id))));
    Effect::new(move |before: Option<Option<(domain::SlotId, Option<usize>)>>| {
        let now = at.get();
        let turned = before.is_some_and(|before| before != now);
        if turned {
            live.state.notice.set(None);
        }
        if turned && !follow::types() {
            request_animation_frame(|| {
                let heading = document().get_element_by_id("heading");
                if heading.is_some_and(|heading| heading.get_bounding_client_rect().top() < 60.0) {
                    window().scroll_to_with_x_and_y(0.0, 0.0);
                }
            });
        }
        now
    });
}
