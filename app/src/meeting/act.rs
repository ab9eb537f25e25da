//! One act as a form: it posts without scripts, and is sent by the page with them.

use domain::SlotId;
use leptos::prelude::*;

use super::Live;

/// A form for one act. `key` tells its refusal from other forms'; `reset` empties it once applied.
#[component]
pub fn Act(
    /// Which act.
    act: &'static str, /// Which slot.
    #[prop(optional, into)]
    at: Option<SlotId>,
    /// Where its refusal is shown.
    #[prop(into)]
    key: String,
    /// Whether to empty it once applied.
    #[prop(optional)]
    reset: bool,
    /// A block's class.
    #[prop(optional)]
    class: &'static str, /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    let live: Live = expect_context();
    let (meeting, seed) =
        live.page.with_untracked(|page| (page.room.id.to_string(), format!("{}/{}", page.cursor, page.now)));
    let mine = key.clone();
    let refusal = move || {
        live.refused.with(|refused| refused.as_ref().filter(|(key, _)| *key == mine).map(|(_, told)| told.clone()))
    };
    view! {
        <form class=format!("cr-act {class}") method="post" action="/api/meeting/act" data-key=key data-reset=reset.then_some("yes")>
            <input type="hidden" name="form[meeting]" value=meeting/>
            <input type="hidden" name="form[command]" value=seed/>
            <input type="hidden" name="form[act]" value=act/>
            {at.map(|slot| view! { <input type="hidden" name="form[slot]" value=slot.to_string()/> })}
            {children()}
            {move || refusal().map(|told| view! { <p class="cr-refused" role="alert">{told}</p> })}
        </form>
    }
}

/// A form that is one button.
pub fn press(act: &'static str, slot: Option<SlotId>, label: impl Into<String>, class: &'static str) -> impl IntoView {
    let label = label.into();
    let key = format!("{act}-{}", slot.map(|slot| slot.to_string()).unwrap_or_default());
    match slot {
        Some(slot) => {
            view! { <Act act=act at=slot key=key><button type="submit" class=class>{label}</button></Act> }.into_any()
        }
        None => view! { <Act act=act key=key><button type="submit" class=class>{label}</button></Act> }.into_any(),
    }
}

/// Words behind a fold.
pub fn fold(title: impl Into<String>, content: impl IntoView) -> impl IntoView {
    view! {
        <details class="cr-fold">
            <summary>{title.into()}</summary>
            <div class="cr-fold__content">{content}</div>
        </details>
    }
}
