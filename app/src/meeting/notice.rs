//! What was done last, and the way to undo it.

use leptos::prelude::*;

use super::Live;
use crate::live::Notice;
use crate::parts::erased::view;

/// One line above the chair's bar, until something else is done, one turns to another heading or family, or it is put away.
pub fn notice(live: Live) -> impl IntoView {
    move || {
        live.state.notice.get().map(|Notice { text, undo }| {
            view! {
                <div class="cr-notice" role="group" aria-label="What was done">
                    <p>{text}</p>
                    {undo.map(|fields| view! { <button type="button" class="cr-link-button" on:click=move |_| bring_back(live, &fields)>"Undo"</button> })}
                    <button type="button" class="cr-link-button" on:click=move |_| live.state.notice.set(None)>"Hide this message"</button>
                </div>
            }
        })
    }
}

#[cfg(feature = "hydrate")]
fn bring_back(live: Live, fields: &[(String, String)]) {
    super::send::undo(live, fields);
}

#[cfg(not(feature = "hydrate"))]
fn bring_back(_live: Live, _fields: &[(String, String)]) {}
