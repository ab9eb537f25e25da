//! The quiet view, for anyone: one's own box, the heading the room is at, what is asked there, and the time above.

use domain::SlotId;
use domain::meeting::Slot;
use domain::template::Part;
use leptos::prelude::*;

use super::Live;
use super::act::nothing;
use super::controls::part_on_page;
use super::headings::on_page;
use super::{decision, scene, views};
use crate::parts::erased::view;

/// The link between the whole page and the quiet view.
pub fn switch(live: Live) -> impl IntoView {
    let meeting = live.page.with_untracked(|page| page.room.id);
    move || {
        let quiet = live.quiet.get();
        let href = if quiet { format!("/meetings/{meeting}") } else { format!("/meetings/{meeting}?quiet=yes") };
        let label = if quiet { "Show the whole page" } else { "Quiet view" };
        let press = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            live.visit();
            live.quiet.set(!quiet);
        };
        view! { <a class="govuk-link" href=href on:click=press>{label}</a> }
    }
}

/// The heading and one's own box.
pub fn quiet(live: Live, id: SlotId) -> impl IntoView {
    let title = Memo::new(move |_| {
        let at = on_page(live, id);
        live.room(|room| at.and_then(|at| room.template.stages.get(at)).map(|stage| stage.title.clone()))
    });
    let mine = Memo::new(move |_| views::has_own_box(live, id));
    let asked = Memo::new(move |_| {
        let proposed = |slot: &Slot| slot.decisions.iter().any(|decision| decision.wording.is_some());
        part_on_page(live, id) == Some(Part::Decision) && live.slot(id, |_, slot| proposed(slot))
    });
    view! {
        <section class="cr-scene cr-quiet-view" id="scene" tabindex="-1" aria-labelledby="heading">
            <h2 class="govuk-heading-m" id="heading">{move || title.get().unwrap_or_else(|| "This family is finished".to_owned())}</h2>
            {scene::before_it_begins(live, id)}
            {move || asked.get().then(|| untrack(|| decision::decisions(live, id)))}
            {move || if mine.get() {
                untrack(|| views::own_box(live, id)).into_any()
            } else {
                nothing("You have no box of your own in this family.")
            }}
            <p class="govuk-body">{switch(live)}</p>
        </section>
    }
}
