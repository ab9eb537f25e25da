//! What is done if something happens.

use domain::meeting::{Contingency, Removable, Slot};
use domain::{ContingencyId, SlotId};
use leptos::prelude::*;

use super::Live;
use super::act::{Act, remove};
use super::options::for_whom;
use crate::parts::erased::view;
use crate::parts::keyed::keyed;

/// If something happens, then what; where the template wants it.
pub fn contingencies(live: Live, id: SlotId) -> impl IntoView {
    let wanted = live.page.with_untracked(|page| page.room.template.meeting.contingency);
    let ids = live.memo(id, |_, slot| slot.contingencies.iter().map(|contingency| contingency.id).collect::<Vec<_>>());
    let open = Memo::new(move |_| live.writable(id) && live.discussed(id));
    let shown = Memo::new(move |_| wanted && (open.get() || !ids.with(Vec::is_empty)));
    move || {
        shown.get().then(|| {
            untrack(|| {
                view! {
                    <section class="cr-list" aria-labelledby="contingencies">
                        <h3 class="govuk-heading-s" id="contingencies">"If something happens"</h3>
                        <ul class="govuk-list">
                            {keyed(move || ids.get(), move |contingency| one(live, id, contingency, open))}
                        </ul>
                        {move || open.get().then(|| untrack(|| add(live, id)))}
                    </section>
                }
            })
        })
    }
}

fn find(slot: &Slot, id: ContingencyId) -> Option<Contingency> {
    slot.contingencies.iter().find(|contingency| contingency.id == id).cloned()
}

fn one(live: Live, id: SlotId, contingency_id: ContingencyId, open: Memo<bool>) -> impl IntoView {
    let contingency = live.memo(id, move |_, slot| find(slot, contingency_id));
    let may = Memo::new(move |_| open.get() && live.may_remove(id, Removable::Contingency(contingency_id)));
    move || {
        contingency.get().map(|contingency| {
            let words = contingency.draft.content.to_string();
            let whom = contingency.draft.child.map(|child| format!(" ({})", live.child(id, child))).unwrap_or_default();
            let may = may.get();
            view! {
                <li class="cr-conversation"><p class="govuk-body">{words.clone()}<span class="cr-quiet">{whom}</span></p>
                    {may.then(|| remove("remove_contingency", id, ("contingency", contingency_id), words))}
                </li>
            }
        })
    }
}

fn add(live: Live, id: SlotId) -> impl IntoView {
    view! {
        <Act act="agree_contingency" at=id key="contingency" reset=true>
            <div class="cr-converse">
                <p class="cr-converse__what"><label for="if-happens">"If"</label>
                <input class="govuk-input" id="if-happens" name="form[what]"/></p>
                <p class="cr-converse__what"><label for="if-then">"Then who does what"</label>
                <input class="govuk-input" id="if-then" name="form[why]"/></p>
                {for_whom(live, id, "if-child")}
                <button type="submit" class="cr-small-button">"Add this"</button>
            </div>
        </Act>
    }
}
