//! What only a browser does: the clock, ids, leaving the page.

use chrono::{TimeDelta, Utc};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlFormElement, UrlSearchParams};

use super::request::{Failed, ask_as, pens, send_last_words};
use super::stream::{self, Stream};
use super::{Asked, Line, Live, Saving, announce, discussion, follow, outbox, pad};
use crate::meeting::late::Leave;

/// Opens the stream, starts the clock, asks for pens.
pub fn start(live: Live) {
    live.page.with_untracked(|page| ask_as(&page.me.to_string()));
    clock(live);
    if !live.page.with_untracked(|page| page.projector) {
        take_pens(live);
        outbox::start(live);
        announce::watch_saving(live);
        announce::watch_roles(live);
        watch_leaving(live);
        send_when_left(live);
    }
    Stream::keep(live);
    if !live.page.with_untracked(|page| page.projector) {
        discussion::keep_whole(live);
        keep_address(live);
        show_heading(live);
    }
    warn_before_leaving(live);
    set_timeout(outbox::go_on, Duration::from_millis(100));
}

/// The address says which family and heading one looks at, so that a page that is loaded again goes on there, and "Back"
/// leads to what one looked at before.
fn keep_address(live: Live) {
    Effect::new(move |before: Option<String>| {
        let meeting = live.page.with_untracked(|page| page.room.id);
        let slot = live.looking.get().map(|slot| format!("slot={slot}"));
        let heading = live.heading.get().map(|heading| format!("heading={heading}"));
        let quiet = live.quiet.get().then(|| "quiet=yes".to_owned());
        let asked = slot.into_iter().chain(heading).chain(quiet).collect::<Vec<_>>().join("&");
        let address =
            if asked.is_empty() { format!("/meetings/{meeting}") } else { format!("/meetings/{meeting}?{asked}") };
        // A press that leads to where one is already is no place to come back from.
        let visited = live.visited.try_update_value(std::mem::take).unwrap_or_default();
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
    };
    live.around.set(false);
    live.looking.set(asked.slot);
    live.heading.set(live.page.with_untracked(|page| asked.heading_beside(&page.room)));
    live.quiet.set(asked.quiet);
    crate::meeting::go_on_in_scene();
}

/// A heading that comes to the page is in sight, also of whoever had scrolled down at the one before.
fn show_heading(live: Live) {
    let at = Memo::new(move |_| live.shown().map(|id| (id, crate::meeting::heading_on_page(live, id))));
    Effect::new(move |before: Option<Option<(domain::SlotId, Option<usize>)>>| {
        let now = at.get();
        if before.is_some_and(|before| before != now) && !follow::types() {
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

/// Without pens nothing typed can be sent, so they are asked for until they come.
fn take_pens(live: Live) {
    spawn_local(async move {
        let meeting = live.page.with_untracked(|page| page.room.id.to_string());
        match pens(&meeting).await {
            Ok(granted) => live.pens.set(granted),
            Err(_) => set_timeout(move || take_pens(live), Duration::from_secs(2)),
        }
    });
}

/// Milliseconds since the page was loaded; never set back.
pub fn monotonic() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// The server's clock, right even where the device's is wrong by minutes.
fn clock(live: Live) {
    // The page carries the server's time of when it was asked for, which is where this count begins.
    let from = live.now.get_untracked();
    set_interval(
        move || {
            #[expect(clippy::cast_possible_truncation, reason = "milliseconds of one page's life fit")]
            let passed = TimeDelta::milliseconds(monotonic() as i64);
            live.now.set((from + passed).with_timezone(&Utc));
        },
        Duration::from_secs(1),
    );
}

fn warn_before_leaving(live: Live) {
    let warn = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        // What is kept on the device is there after the page is loaded again.
        let nowhere = live.saving.with_untracked(|all| all.values().any(|one| matches!(one, Saving::NotSaved(_))));
        if nowhere || (outbox::unshared(live) && !outbox::works()) {
            event.prevent_default();
        }
    });
    let _ = window().add_event_listener_with_callback("beforeunload", warn.as_ref().unchecked_ref());
    warn.forget();
}

/// Words on their way when the page is left: the device keeps them a moment later than some browsers wait.
fn send_when_left(live: Live) {
    let send = Closure::<dyn Fn()>::new(move || {
        let batches = pad::last_words(live);
        if !batches.is_empty() {
            send_last_words(&batches);
        }
    });
    let _ = window().add_event_listener_with_callback("pagehide", send.as_ref().unchecked_ref());
    send.forget();
}

/// A fresh id for a command.
pub fn new_command() -> String {
    let mut bytes = [0; 16];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// Asks about words not yet shared before signing out.
fn watch_leaving(live: Live) {
    let ask = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        if form.is_some_and(|form| form.action().ends_with(SIGN_OUT)) && outbox::unshared(live) {
            event.prevent_default();
            live.leaving.set(true);
        }
    });
    let _ = document().add_event_listener_with_callback("submit", ask.as_ref().unchecked_ref());
    ask.forget();
}

const SIGN_OUT: &str = "/api/sign-out";

/// Signs out, with what becomes of words not yet shared.
pub fn leave(live: Live, how: Leave) {
    spawn_local(async move {
        match how {
            Leave::Keep => {}
            Leave::Discard => outbox::discard().await,
            Leave::Send => {
                while live.leaving.get_untracked() && outbox::has_to_send(live) {
                    outbox::pause(300).await;
                }
                if !live.leaving.get_untracked() {
                    return;
                }
            }
        }
        // Without a connection nobody is signed out by leaving: it happens when the server can be reached, and until
        // then the meeting is off the page.
        let meeting = live.page.with_untracked(|page| page.room.id.to_string());
        while let Err(Failed::Offline) = pens(&meeting).await {
            live.leaving.set(false);
            live.line.set(Line::Leaving);
            live.page.update(stream::empty);
            outbox::pause(1000).await;
        }
        live.saving.update(std::collections::BTreeMap::clear);
        let form = document().query_selector(&format!("form[action='{SIGN_OUT}']")).ok().flatten();
        if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
            let _ = form.submit();
        }
    });
}

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
    let edge = |of: &str, read: fn(&web_sys::DomRect) -> f64| {
        let bar = document().query_selector(of).ok().flatten().map(|bar| bar.get_bounding_client_rect());
        bar.filter(|bar| bar.height() > 0.0).map(|bar| read(&bar))
    };
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    let above = edge(".cr-identity", |bar| bar.bottom()).unwrap_or_default();
    let below = edge(".cr-foot", |bar| bar.top()).unwrap_or(height);
    let place = control.get_bounding_client_rect();
    let by = if place.top() < above {
        place.top() - above - BESIDE_BARS
    } else if place.bottom() > below && place.height() < below - above {
        place.bottom() - below + BESIDE_BARS
    } else {
        return;
    };
    window().scroll_by_with_x_and_y(0.0, by);
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
