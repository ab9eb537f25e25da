//! Somebody who does not work with the family and is needed for it today.

use domain::{SlotId, WorkerId};
use leptos::prelude::*;

use super::Live;
use super::act::Act;
use super::choices;
use crate::parts::erased::view;

/// For the chair: whom, and why in a line, which stands in the record.
pub fn bring_in(live: Live, id: SlotId) -> impl IntoView {
    let may = Memo::new(move |_| live.chairs() && live.discussed(id));
    let people = Memo::new(move |_| {
        let members: Vec<WorkerId> = live.slot(id, |_, slot| slot.members.keys().copied().collect());
        live.page.with(|page| {
            let others = page.offered.iter().filter(|worker| !members.contains(worker));
            others.filter_map(|worker| Some((page.names.get(worker)?.in_words(), *worker))).collect::<Vec<_>>()
        })
    });
    move || {
        may.get().then(|| {
            view! {
                <h3 class="govuk-heading-s">"Bring somebody in"</h3>
                <Act act="bring_in" at=id key="bring" reset=true>
                    <label class="govuk-label govuk-label--s" for="bring-who">"Who"</label>
                    <select class="govuk-select" id="bring-who" name="form[worker]">
                        <option value="">"Choose"</option>
                        {choices::people(move || people.get(), None)}
                    </select>
                    <label class="govuk-label govuk-label--s" for="bring-why">"Why, in a line"</label>
                    <input class="govuk-input" id="bring-why" name="form[why]" autocomplete="off"/>
                    <button type="submit" class="cr-small-button">"Bring in for this family"</button>
                </Act>
            }
        })
    }
}
