//! Parts of the practice: HTML from the server, so that none of them costs the browser code. `parts.js` asks for them
//! when they are new or when something of theirs changed.

use domain::SlotId;
use leptos::prelude::*;

use super::Live;

/// Parts that the server rendered with the page, by slot and name.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, Default)]
pub struct Parts(pub std::collections::BTreeMap<(SlotId, String), String>);

/// A place for a part. `on` says which changes it follows: "practice", "room" or both.
pub fn part(live: Live, id: SlotId, name: &'static str, on: &'static str) -> impl IntoView {
    let (meeting, me) = live.page.with_untracked(|page| (page.room.id, page.me));
    let address = format!("/meetings/{meeting}/parts/{id}/{name}?worker={me}");
    let refused = move || {
        live.refused.with(|refused| {
            refused.as_ref().filter(|(key, _)| key.strip_prefix("part-") == Some(name)).map(|(_, told)| told.clone())
        })
    };
    view! {
        <div class="cr-part" data-part=address data-on=on inner_html=rendered(id, name)></div>
        {move || refused().map(|told| view! { <p class="cr-refused" role="alert">{told}</p> })}
    }
}

#[cfg(feature = "ssr")]
fn rendered(id: SlotId, name: &str) -> String {
    use_context::<Parts>().and_then(|parts| parts.0.get(&(id, name.to_owned())).cloned()).unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
fn rendered(_id: SlotId, _name: &str) -> String {
    String::new()
}
