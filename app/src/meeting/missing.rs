//! What signing will ask for, said while the room sits together. It holds nothing up.

use domain::meeting::{Missing, Progress};
use domain::template::Part;
use domain::{SlotId, calendar, dates};
use leptos::prelude::*;
use std::collections::BTreeSet;

use super::Live;
use super::headings;
use crate::parts::erased::view;

/// What is missing, of whom, and by when the template expects it: for the chair and the record-taker, and `to_all` where it
/// is read back.
pub fn missing(live: Live, id: SlotId, to_all: bool) -> impl IntoView {
    let missing = Memo::new(move |_| if to_all || live.runs() { all(live, id) } else { Vec::new() });
    move || {
        let all = missing.get();
        (!all.is_empty()).then(|| {
            let by = live.room(|room| dates::short_date(calendar::after(room.held_on, room.template.days_to_send)));
            let signs = if live.chairs() { "you can sign" } else { "the records can be signed" };
            let things = things(all.len());
            let groups = grouped(all);
            view! {
                <section class="cr-missing" aria-labelledby="missing">
                    <h3 class="govuk-heading-s" id="missing" tabindex="-1">{format!("{things} missing before {signs}, by {by}")}</h3>
                    <ul class="govuk-list govuk-list--bullet">{groups.into_iter().map(|group| view! { <li>{group_in_words(live, id, &group)}{way(live, id, &group[0])}</li> }).collect_view()}</ul>
                </section>
            }
        })
    }
}

/// For the chair's bar: how much is missing, and the way to the list.
pub fn way_to_list(live: Live, id: SlotId) -> impl IntoView {
    let count = Memo::new(move |_| if live.runs() { all(live, id).len() } else { 0 });
    move || {
        Some(count.get()).filter(|count| *count > 0).map(|count| {
            view! { <p class="cr-bar__note"><a class="govuk-link" href="#missing" on:click=move |event| go_to_list(live, &event)>{format!("{} missing", things(count))}</a></p> }
        })
    }
}

/// The list stands under the heading that the room is at: whoever looks elsewhere comes back to it.
fn go_to_list(live: Live, event: &leptos::ev::MouseEvent) {
    event.prevent_default();
    if live.heading.get_untracked().is_some() {
        live.visit();
        live.heading.set(None);
    }
    #[cfg(feature = "hydrate")]
    request_animation_frame(|| {
        if let Some(list) = document().get_element_by_id("missing") {
            super::focus::focus(&list);
            super::in_sight::show(&list);
        }
    });
}

fn things(count: usize) -> String {
    if count == 1 { "1 thing".to_owned() } else { format!("{count} things") }
}

/// What is missing of a family that was begun, until the meeting is closed.
fn all(live: Live, id: SlotId) -> Vec<Missing> {
    live.slot(id, |room, slot| {
        let asks = !room.is_closed() && slot.begun_at.is_some();
        if asks && !matches!(slot.progress, Progress::Postponed { .. }) { slot.missing() } else { Vec::new() }
    })
}

/// The heading under which it is mended, while the family is discussed.
fn way(live: Live, id: SlotId, missing: &Missing) -> Option<impl IntoView + use<>> {
    if !live.runs() {
        return None;
    }
    let parts: &[Part] = match missing {
        Missing::Attendance => &[Part::CheckIn, Part::LastSteps],
        Missing::Hidden { .. } => &[Part::Analysis, Part::Round],
        Missing::Decision { .. } | Missing::Reason { .. } | Missing::StanceReason { .. } => &[Part::Decision],
        Missing::Owner { .. } | Missing::Due { .. } => &[Part::Steps, Part::Decision],
    };
    let open = live.slot(id, |room, slot| room.is_open() && slot.progress.in_discussion());
    let (at, name) = live.room(|room| {
        let stages = &room.template.stages;
        let at = parts.iter().find_map(|part| stages.iter().position(|stage| stage.part == *part))?;
        Some((at, stages[at].name.clone()))
    })?;
    // Whoever is there needs no way; nor whoever cannot mend it: a reason is its own person's to give.
    let here = headings::on_page(live, id) == Some(at);
    let theirs = matches!(missing, Missing::StanceReason { worker } if *worker != live.me());
    // A step's own form is open there.
    let row = match missing {
        Missing::Owner { step, .. } | Missing::Due { step, .. } => Some(format!("step-{step}")),
        _ => None,
    };
    (open && !here && !theirs).then(|| view! { " "{headings::way_to_row(live, id, at, format!("Go to {name}"), row)} })
}

/// What is missing, those of one kind and for one person to mend together.
fn grouped(all: Vec<Missing>) -> Vec<Vec<Missing>> {
    let same = |a: &Missing, b: &Missing| match (a, b) {
        (Missing::Owner { .. }, Missing::Owner { .. }) | (Missing::Decision { .. }, Missing::Decision { .. }) => true,
        (Missing::Due { owner: a, .. }, Missing::Due { owner: b, .. }) => a == b,
        _ => false,
    };
    let mut groups: Vec<Vec<Missing>> = Vec::new();
    for one in all {
        match groups.iter_mut().find(|group| same(&group[0], &one)) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

/// Many steps that lack the same are counted, few are named.
fn group_in_words(live: Live, id: SlotId, group: &[Missing]) -> String {
    let count = group.len();
    match &group[0] {
        Missing::Owner { .. } if count > FEW => format!("Who does {count} of the steps ({})", chair(live)),
        Missing::Due { owner, .. } if count > FEW => {
            format!("By when, for {count} of the steps ({})", live.name(*owner))
        }
        Missing::Decision { .. } => {
            let whom = |one: &Missing| {
                if let Missing::Decision { children } = one { children.clone() } else { BTreeSet::new() }
            };
            in_words(live, id, Missing::Decision { children: group.iter().flat_map(whom).collect() })
        }
        _ => group.iter().map(|one| in_words(live, id, one.clone())).collect::<Vec<_>>().join(" · "),
    }
}

/// So many steps are named each.
const FEW: usize = 2;

fn in_words(live: Live, id: SlotId, missing: Missing) -> String {
    match missing {
        Missing::Attendance => format!("Who was here ({})", chair(live)),
        Missing::Decision { children } => {
            format!("A confirmed decision for {} ({})", live.children(id, children), chair(live))
        }
        Missing::Hidden { count } => format!("{count} hidden, not revealed ({})", chair(live)),
        Missing::Reason { children } => {
            format!("Why this decision, for {} ({})", live.children(id, children), chair(live))
        }
        Missing::StanceReason { worker } => {
            let until = if live.chairs() { "you sign" } else { "the records are signed" };
            format!("A reason that was to follow ({}, who is asked again until {until})", live.name(worker))
        }
        Missing::Owner { what, due, .. } => {
            format!("Who does “{what}”{} ({})", if due { ", and by when" } else { "" }, chair(live))
        }
        Missing::Due { what, owner, .. } => {
            format!("By when “{what}” ({})", live.name(owner))
        }
    }
}

/// Whom the chair is called in the list.
fn chair(live: Live) -> String {
    if live.chairs() { "you".to_owned() } else { live.name(live.room(|room| room.chair)) }
}
