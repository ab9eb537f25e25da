//! What a change is based on: the revision its author saw. Somebody may have changed the same thing since.

use leptos::prelude::*;

use super::Live;
use crate::api::act::STALE;
use crate::live::ActState;

/// The revision that the form `key` sends. Once its author has read both values it is the one that stands there `now`: sent
/// again, theirs replaces the other.
pub fn base(live: Live, key: String, shown: u32, now: impl Fn() -> u32 + 'static) -> RwSignal<u32> {
    let base = RwSignal::new(shown);
    Effect::new(move |_| {
        if refused_in(live, &key).is_some_and(|field| field == STALE) {
            base.set(untrack(&now));
        }
    });
    base
}

/// The field that the form's last refusal is about; `None` where it was not refused.
pub fn refused_in(live: Live, key: &str) -> Option<String> {
    live.state.acts.with(|acts| match acts.get(key) {
        Some(ActState::Refused { field, .. }) => Some(field.clone()),
        Some(ActState::Busy | ActState::Waiting) | None => None,
    })
}
