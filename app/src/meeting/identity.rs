//! Whose discussion this is: the family's reference and the children's names, the time, who is there, whether all is saved,
//! and the way to say that something is urgent. In sight in every state of the page.

use domain::meeting::Phase;
use domain::{SlotId, dates};
use leptos::prelude::*;

use super::{people, risk};
use crate::live::{Live, save_word};

/// The bar at the top.
pub fn identity(live: Live, shown: Memo<Option<SlotId>>) -> impl IntoView {
    view! {
        <header class="cr-identity">
            <h1 class="cr-identity__family">{move || match shown.get() {
                Some(id) => {
                    let (reference, children) = live.in_agenda(id, |family| (family.reference.clone(), family.children.clone()));
                    view! { <strong>{reference}</strong>" "<span class="cr-identity__children">{children}</span> }.into_any()
                }
                None => live.room(|room| dates::long_date(room.held_on)).into_any(),
            }}</h1>
            {move || shown.get().map(|id| untrack(|| clock(live, id)))}
            {people::people(live, shown)}
            <span class="cr-state" data-state=move || save_word(live)>{move || save_word(live)}</span>
            {move || shown.get().map(|id| untrack(|| risk::risk(live, id)))}
        </header>
        {move || shown.get().map(|id| untrack(|| risk::alerts(live, id)))}
    }
}

/// Time used: shown, never cutting anybody off.
fn clock(live: Live, id: SlotId) -> impl IntoView {
    let used = Memo::new(move |_| {
        let now = live.now.get();
        live.slot(id, |_, slot| (slot.progress.spent(now), slot.minutes))
    });
    let late = Memo::new(move |_| {
        let now = live.now.get();
        live.room(|room| room.minutes_late(now))
    });
    let open = Memo::new(move |_| live.room(|room| matches!(room.phase, Phase::Open { .. })));
    let late = move || Some(late.get()).filter(|minutes| *minutes > 1 && open.get());
    view! {
        <p class="cr-clock"><span class="govuk-visually-hidden">"Time used: "</span>{move || dates::elapsed(used.get().0)}<span class="cr-quiet">{move || format!(" of {} min", used.get().1)}</span>
            {move || late().map(|minutes| view! { <span class="cr-quiet cr-clock__late">{format!("{minutes} min late")}</span> })}</p>
    }
}
