//! What this page tells of its person: hidden behind others, writing in a box.

use domain::SlotId;
use domain::meeting::Area;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use wasm_bindgen_futures::spawn_local;

use super::Live;
use super::browser::{monotonic, new_command};
use super::request::tell_presence;

/// Somebody who has typed nothing for this long is not writing, in milliseconds.
const PAUSE: f64 = 4000.0;

thread_local! {
    static LOAD: String = new_command();
    static WRITING: Cell<Option<(SlotId, Area, f64)>> = const { Cell::new(None) };
    static TOLD: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The number this page gave itself.
pub fn load() -> String {
    LOAD.with(String::clone)
}

/// A new stream knows nothing of what was told before.
pub fn tell_again() {
    TOLD.take();
}

/// Its person typed into a box.
pub fn typed(live: Live, slot: SlotId, area: Area) {
    WRITING.set(Some((slot, area, monotonic())));
    tell(live);
}

/// Twice a second: a pause in writing, a page hidden or shown.
pub fn tick(live: Live) {
    if WRITING.get().is_some_and(|(.., at)| monotonic() - at > PAUSE) {
        WRITING.set(None);
    }
    tell(live);
}

/// Tells what is new, and nothing that is told already.
fn tell(live: Live) {
    let writing = WRITING.get().map(|(slot, area, _)| format!("&slot={slot}&area={area}")).unwrap_or_default();
    let (meeting, projector) = live.page.with_untracked(|page| (page.room.id, page.projector));
    let away = if document().hidden() { "yes" } else { "no" };
    let content = format!("meeting={meeting}&load={}&away={away}{writing}", load());
    let known = TOLD.with_borrow(|told| told.is_empty() && away == "no" && writing.is_empty() || *told == content);
    if !known && !projector {
        TOLD.set(content.clone());
        spawn_local(async move { tell_presence(&content).await });
    }
}
