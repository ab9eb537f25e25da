//! Somebody who does not work with the family and is needed for it today.

use leptos::prelude::*;
use service::meeting::DiscussionPage;

use super::act;

/// For the chair: whom, and why in a line, which stands in the record.
pub fn bring_in(page: &DiscussionPage) -> Option<impl IntoView + use<>> {
    (page.chairs && page.room.is_open() && page.slot.progress.in_discussion()).then(|| {
        let others = page.offered.iter().filter(|worker| !page.slot.members.contains_key(worker));
        let named = |worker: &domain::WorkerId| Some((page.names.get(worker)?.in_words(), worker.to_string()));
        let people: Vec<(String, String)> = others.filter_map(named).collect();
        let inner = view! {
            <label class="govuk-label govuk-label--s" for="bring-who">"Who"</label>
            <select class="govuk-select" id="bring-who" name="form[worker]">
                <option value="">"Choose"</option>
                {people.into_iter().map(|(name, worker)| view! { <option value=worker>{name}</option> }).collect_view()}
            </select>
            <label class="govuk-label govuk-label--s" for="bring-why">"Why, in a line"</label>
            <input class="govuk-input" id="bring-why" name="form[why]" autocomplete="off"/>
            <button type="submit" class="cr-small-button">"Bring in for this family"</button>
        };
        let form = act(page, "bring-in", "bring_in", true, inner.into_any());
        view! { <details class="cr-fold"><summary>"Bring somebody in"</summary><div class="cr-fold__content">{form}</div></details> }
    })
}
