//! A family that is finished or postponed: what that did, what is missing, and which family is next.

use domain::meeting::Progress;
use domain::{SlotId, dates};
use leptos::prelude::*;

use super::Live;
use super::act::act_button;
use super::{missing, next_date, note, read_back, scene};
use crate::parts::erased::view;

/// What stands there once nothing more can be added.
pub fn finished(live: Live, id: SlotId) -> impl IntoView {
    let state = live.memo(id, |_, slot| match &slot.progress {
        Progress::Finished { at, .. } => Some((true, dates::clock(*at))),
        Progress::Postponed { at, .. } => Some((false, dates::clock(*at))),
        Progress::Waiting | Progress::InDiscussion { .. } => None,
    });
    let open = Memo::new(move |_| live.room(domain::meeting::Room::is_open));
    // While another family is discussed the next thing is in its bar.
    let between = Memo::new(move |_| live.room(|room| room.current.is_none()));
    let next = Memo::new(move |_| {
        live.room(|room| {
            let waiting = room.slots.iter().find(|slot| slot.family.is_some() && !slot.progress.frozen());
            waiting.map(|slot| slot.id)
        })
    });
    let undecided = live.memo(id, |_, slot| slot.decisions.iter().any(|decision| decision.confirmed.is_none()));
    let reference = live.reference(id);
    move || {
        let (finished, at) = state.get()?;
        let (chairs, runs) = untrack(|| (live.chairs(), live.runs()));
        let (children, begun) = live.slot(id, |_, slot| (slot.children.len(), slot.begun_at.is_some()));
        let (steps, owned) = live.slot(id, |_, slot| {
            let owned = slot.steps.iter().all(|step| step.draft.owner.worker().is_some());
            (slot.steps.len(), owned)
        });
        let steps = match (steps, owned) {
            (0, _) => "",
            (1, true) => " The step is with its owner.",
            (_, true) => " The steps are with their owners.",
            (_, false) => " The steps are in the workbook; who does what was missing then.",
        };
        let records = match children {
            1 => "One record was drafted.".to_owned(),
            _ => format!("{children} records were drafted, one for each child."),
        };
        // Where a decision is not confirmed, the way back stands before the way on.
        let reopen = move |first: bool| {
            (chairs && finished && open.get() && undecided.get() == first).then(|| view! {
                {act_button("reopen", Some(id), "Reopen this family", "cr-small-button")}
                <p class="govuk-body cr-quiet">"It can be reopened until the meeting is closed or a record is signed."</p>
            })
        };
        Some(view! {
            <h2 class="govuk-heading-m" id="heading">{format!("{reference} {} at {at}", if finished { "finished" } else { "postponed" })}</h2>
            {if finished {
                view! { <p class="govuk-body">{format!("{records}{steps}")}</p> }
            } else {
                let words = if begun { "What was heard is kept. Nothing was decided, and the family stays due." } else { "It was not discussed today, and stays due." };
                view! { <p class="govuk-body">{words}</p> }
            }}
            {(finished && chairs).then(|| next_date::without_date(live, id))}
            {missing::missing(live, id, false)}
            {move || reopen(true)}
            {note::unfiled(live, id)}
            {scene::before_it_begins(live, id)}
            {move || open.get().then(|| view! {
                {next.get().filter(|_| runs && between.get()).map(|next| view! {
                    {act_button("start", Some(next), format!("Next: {}", live.reference(next)), "govuk-button")}
                })}
                {(next.get().is_none() && between.get() && chairs).then(|| {
                    let meeting = live.page.with_untracked(|page| page.room.id);
                    view! { <a class="govuk-button" role="button" href=format!("/meetings/{meeting}/close")>"Close meeting"</a> }
                })}
                {reopen(false)}
                {(runs && !finished).then(|| act_button("start", Some(id), if begun { "Start this family again" } else { "Start this family" }, "cr-small-button"))}
            })}
            {finished.then(|| view! { <div class="cr-read-back">{read_back::content(live, id, dates::plain_date)}</div> })}
        })
    }
}
