//! Parts of the practice: HTML from the server, so that none of them costs the browser code. `parts.js` asks for them
//! when they are new or when something of theirs changed.

use domain::SlotId;
use leptos::prelude::*;

use super::Live;

/// Parts that the server rendered with the page, by slot and name.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, Default)]
pub struct Parts(pub std::collections::BTreeMap<(SlotId, String), String>);

/// Where a family's parts are asked for, all those a page has places for at once.
pub fn address(live: Live, id: SlotId) -> String {
    let (meeting, me) = live.page.with_untracked(|page| (page.room.id, page.me));
    format!("/meetings/{meeting}/parts/{id}?worker={me}")
}

/// Places for parts, their names with spaces between them, in this order.
pub fn parts(live: Live, id: SlotId, names: &'static str) -> impl IntoView {
    let refused = move || {
        live.refused.with(|refused| {
            let (key, told) = refused.as_ref()?;
            let of = key.strip_prefix("part-")?;
            names.split(' ').any(|name| name == of).then(|| told.clone())
        })
    };
    view! {
        <div data-names=names inner_html=rendered(id, names)></div>
        {move || refused().map(|told| view! { <p class="cr-refused" role="alert">{told}</p> })}
    }
}

#[cfg(feature = "ssr")]
fn rendered(id: SlotId, names: &str) -> String {
    let parts = use_context::<Parts>().unwrap_or_default();
    let place = |name: &str| {
        let html = parts.0.get(&(id, name.to_owned())).cloned().unwrap_or_default();
        format!("<div class=\"cr-part\" id=\"part-{name}\" data-part=\"{name}\">{html}</div>")
    };
    names.split_whitespace().map(place).collect()
}

/// The browser's script makes the places.
#[cfg(not(feature = "ssr"))]
fn rendered(_id: SlotId, _names: &str) -> String {
    String::new()
}
