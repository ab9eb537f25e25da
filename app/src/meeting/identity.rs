//! Whose discussion this is: the family's reference and the children's names, the time, who is there, whether all is saved,
//! and the way to say that something is urgent. In sight in every state of the page.

use domain::meeting::Progress;
use domain::{SlotId, dates};
use leptos::prelude::*;

use super::Live;
use super::{headings, people, risk};
use crate::parts::erased::view;
use crate::parts::keyed::keyed;

/// The bar at the top.
pub fn identity(live: Live, shown: Memo<Option<SlotId>>) -> impl IntoView {
    view! {
        <header class="cr-identity">
            <h1 class="cr-identity__family">{move || match shown.get() {
                Some(id) => {
                    let (reference, children) =
                        live.in_agenda(id, |family| (family.reference.clone(), family.children.clone()));
                    view! { <strong>{reference}</strong>" "<span class="cr-identity__children">{children}</span> }
                }
                None => live.room(|room| dates::long_date(room.held_on)).into_any(),
            }}</h1>
            {move || shown.get().filter(|_| !live.quiet.get()).map(|id| untrack(|| heading(live, id)))}
            {move || shown.get().map(|id| untrack(|| clock(live, id)))}
            {people::people(live, shown)}
            <span class="cr-state" data-state=move || live.save_word()>{move || live.save_word()}</span>
            // Another family's form is another one.
            {keyed(move || shown.get(), move |id| risk::risk(live, id))}
        </header>
        {risk::alerts(live, shown)}
    }
}

/// On a phone: the heading's name, which opens the way to other headings and families, the people and the meeting's menu.
fn heading(live: Live, id: SlotId) -> impl IntoView {
    let name = Memo::new(move |_| match headings::on_page(live, id) {
        Some(at) => live.room(|room| room.template.stages.get(at).map(|stage| stage.name.clone())).unwrap_or_default(),
        None if live.slot(id, |_, slot| matches!(slot.progress, Progress::Postponed { .. })) => "Postponed".to_owned(),
        None => "Finished".to_owned(),
    });
    view! {
        <button type="button" class="cr-identity__heading" aria-expanded=move || if live.around.get() { "true" } else { "false" }
            on:click=move |_| turn_around(live)>
            <span class="cr-identity__name">{name}</span><span class="govuk-visually-hidden">": other headings and families"</span>
        </button>
    }
}

/// What opens stands at the top of the page: whoever is further down goes there.
fn turn_around(live: Live) {
    live.around.update(|open| *open = !*open);
    #[cfg(feature = "hydrate")]
    if live.around.get_untracked() {
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Time used: shown, never cutting anybody off.
fn clock(live: Live, id: SlotId) -> impl IntoView {
    let used = Memo::new(move |_| {
        let now = live.state.now.get();
        live.slot(id, |_, slot| slot.progress.spent(now))
    });
    let planned = live.memo(id, |_, slot| slot.minutes);
    let minutes = Memo::new(move |_| used.get() / 60);
    // Full where the time planned is used up; it says no more than that.
    let share = Memo::new(move |_| (minutes.get() * 100 / i64::from(planned.get()).max(1)).clamp(0, 100));
    view! {
        <p class="cr-clock"><span class="govuk-visually-hidden">"Time used: "</span><time datetime=move || format!("PT{}S", used.get())>{minutes}</time><span class="cr-clock__planned">{move || format!(" of {}", planned.get())}</span>" min"
            <svg class="cr-clock__bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect width="100" height="8"/><rect class="cr-clock__used" width=share height="8"/></svg></p>
    }
}
