//! Options that were considered beside what is decided.

use domain::meeting::{ConsideredOption, Removable, Slot};
use domain::{OptionId, SlotId};
use leptos::prelude::*;

use super::Live;
use super::act::{Act, remove, send_when_form_left};
use crate::parts::erased::view;
use crate::parts::keyed::keyed;

/// The options, where the template wants them.
pub fn options(live: Live, id: SlotId) -> impl IntoView {
    let wanted = live.page.with_untracked(|page| page.room.template.meeting.options);
    let ids = live.memo(id, |_, slot| slot.options.iter().map(|option| option.id).collect::<Vec<_>>());
    let open = Memo::new(move |_| live.writable(id) && live.discussed(id));
    let shown = Memo::new(move |_| wanted && (open.get() || !ids.with(Vec::is_empty)));
    move || {
        shown.get().then(|| {
            untrack(|| {
                view! {
                    <section class="cr-list" aria-labelledby="options">
                        <h3 class="govuk-heading-s" id="options">"Other options we considered"</h3>
                        <ul class="govuk-list">
                            {keyed(move || ids.get(), move |option| one(live, id, option, open))}
                        </ul>
                        {move || open.get().then(|| untrack(|| add(live, id)))}
                    </section>
                }
            })
        })
    }
}

fn find(slot: &Slot, id: OptionId) -> Option<ConsideredOption> {
    slot.options.iter().find(|option| option.id == id).cloned()
}

fn one(live: Live, id: SlotId, option_id: OptionId, open: Memo<bool>) -> impl IntoView {
    let option = live.memo(id, move |_, slot| find(slot, option_id));
    let may = Memo::new(move |_| open.get() && live.may_remove(id, Removable::Option(option_id)));
    move || {
        option.get().map(|option| {
            let what = option.draft.what.clone();
            let whom = option.draft.child.map(|child| format!(" ({})", live.child(id, child))).unwrap_or_default();
            let may = may.get();
            view! {
                <li class="cr-conversation"><p class="govuk-body">{what.clone()}<span class="cr-quiet">{whom}</span></p>
                    {may.then(|| remove("remove_option", id, ("option", option_id), what))}
                </li>
            }
        })
    }
}

fn add(live: Live, id: SlotId) -> impl IntoView {
    view! {
        <Act act="consider_option" at=id key="option" reset=true>
            <div class="cr-converse" on:focusout=move |event| send_when_form_left(&event)>
                <p class="cr-converse__what"><label for="option-what">"An option, and what speaks for it and against it"</label>
                <input class="govuk-input" id="option-what" name="form[what]"/></p>
                {for_whom(live, id, "option-child")}
                <button type="submit" class="cr-small-button">"Add this option"</button>
            </div>
        </Act>
    }
}

/// For all children, or for one of them.
pub fn for_whom(live: Live, id: SlotId, field: &'static str) -> impl IntoView {
    let ids = untrack(|| live.slot(id, |_, slot| slot.children.iter().copied().collect::<Vec<_>>()));
    let children: Vec<(String, String)> = live.family(id, |family| {
        let ordered = family.in_order(ids);
        ordered.into_iter().map(|child| (child.to_string(), family.child_name(child).to_owned())).collect()
    });
    (children.len() > 1).then(|| {
        view! {
            <p><label for=field>"For"</label>
            <select class="govuk-select" id=field name="form[child]"><option value="">"all children"</option>{children.into_iter().map(|(id, name)| view! { <option value=id>{name}</option> }).collect_view()}</select></p>
        }
    })
}
