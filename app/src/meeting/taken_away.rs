//! What somebody is changing can be removed by somebody else meanwhile: they are told, and can bring it back with their words.

use super::Live;
use crate::live::Fields;

/// As the form `key` leaves the page: where what it changes `is_gone` and its words were not sent, its author is told. `undo`
/// brings it back; `called` is what it says.
#[cfg(feature = "hydrate")]
pub fn tell(
    live: Live, key: String, is_gone: impl Fn() -> bool + Send + Sync + 'static, (called, undo): (String, Fields),
) {
    use crate::live::{Notice, announce};
    use leptos::prelude::*;
    on_cleanup(move || {
        // Once the form has handed on what was typed into it.
        request_animation_frame(move || {
            let unsent = live.state.unsent.try_with_untracked(|all| all.contains_key(&key)) == Some(true);
            if unsent && untrack(is_gone) {
                let text = format!("“{called}” was removed while you were changing it. Your words come back with it.");
                announce::say(live.state, text.clone());
                live.state.notice.set(Some(Notice { text, undo: Some(undo) }));
            }
        });
    });
}

/// Only a browser has words that were not sent.
#[cfg(not(feature = "hydrate"))]
pub fn tell(_live: Live, _key: String, _is_gone: impl Fn() -> bool, _what: (String, Fields)) {}
