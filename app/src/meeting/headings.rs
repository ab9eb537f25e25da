//! The headings of the discussion: a list one can look into and come back from. The room is at one of them.

use domain::SlotId;
use domain::meeting::{Progress, Room, Slot};
use domain::template::Part;
use leptos::prelude::*;

use super::agenda::{self, in_sight};
use crate::live::Live;

/// The heading on the page: the one looked at, else the one the room is at; absent where the family is finished or postponed
/// and nobody looks back.
pub fn on_page(live: Live, id: SlotId) -> Option<usize> {
    let count = live.room(|room| room.template.stages.len());
    let looked = live.heading.get().filter(|at| *at < count);
    looked.or_else(|| {
        live.slot(id, |_, slot| match slot.progress {
            Progress::Waiting => Some(0),
            Progress::InDiscussion { stage, .. } => Some(stage),
            Progress::Finished { .. } | Progress::Postponed { .. } => None,
        })
    })
}

/// The list of headings. A tick means that something was done there, not that the room went past.
pub fn headings(live: Live, id: SlotId) -> impl IntoView {
    let meeting = live.page.with_untracked(|page| page.room.id);
    let names: Vec<String> =
        live.page.with_untracked(|page| page.room.template.stages.iter().map(|stage| stage.name.clone()).collect());
    let at = Memo::new(move |_| live.stage(id));
    let shown = Memo::new(move |_| on_page(live, id));
    let states = live.memo(id, |room, slot| {
        room.template.stages.iter().map(|stage| state(room, slot, stage.part)).collect::<Vec<_>>()
    });
    let row = NodeRef::new();
    in_sight(row, move || shown.get());
    view! {
        <nav class="cr-headings" aria-label="Headings">
            <ol node_ref=row on:focusin=move |event| agenda::on_focus(&event)>
                {names.into_iter().enumerate().map(|(index, name)| {
                    let state = Memo::new(move |_| states.with(|states| states.get(index).copied().unwrap_or_default()));
                    view! {
                        <li class="cr-headings__one" class:cr-headings__one--now=move || at.get() == Some(index) class:cr-headings__one--shown=move || shown.get() == Some(index)>
                            <a href=format!("/meetings/{meeting}?slot={id}&heading={index}#scene") aria-current=move || (shown.get() == Some(index)).then_some("page")
                                on:click=move |event| look(live, id, index, &event)>
                                <span class="cr-headings__mark" aria-hidden="true">{move || if at.get() == Some(index) { "●" } else if state.get().0 { "✓" } else { "" }}</span>
                                {name}
                                {move || (at.get() == Some(index)).then(|| view! { <span class="govuk-visually-hidden">", the room is here"</span> })}
                                {move || state.get().0.then(|| view! { <span class="govuk-visually-hidden">", done"</span> })}
                                {move || Some(state.get().1).filter(|count| *count > 0).map(|count| view! { <span class="cr-headings__note">{format!(" {count} to come")}</span> })}
                            </a>
                        </li>
                    }
                }).collect_view()}
            </ol>
        </nav>
    }
}

fn look(live: Live, id: SlotId, index: usize, event: &leptos::ev::MouseEvent) {
    event.prevent_default();
    let at = live.page.with_untracked(|page| {
        let progress = page.room.slot(id).map(|slot| slot.progress.clone());
        if let Some(Progress::InDiscussion { stage, .. }) = progress { Some(stage) } else { None }
    });
    live.heading.set((at != Some(index)).then_some(index));
}

/// Whether something is done under a heading, and how many words are still to come.
fn state(room: &Room, slot: &Slot, part: Part) -> (bool, usize) {
    let filled = |is: fn(&domain::meeting::Area) -> bool| {
        slot.boxes.iter().any(|(area, text)| is(area) && (text.withheld || !text.prose.text().trim().is_empty()))
    };
    match part {
        Part::CheckIn => (!slot.attendance.is_empty(), 0),
        Part::LastSteps => (!slot.last_steps.is_empty(), 0),
        Part::Analysis | Part::Round => {
            let round = room.round(slot, |_| String::new());
            let waiting = round.waiting.iter().filter(|worker| slot.present(**worker)).count();
            (!round.heard.is_empty() && waiting == 0, if round.heard.is_empty() { 0 } else { waiting })
        }
        Part::Meaning => (filled(|area| matches!(area, domain::meeting::Area::Meaning(_))), 0),
        Part::Life => (filled(|area| matches!(area, domain::meeting::Area::Life(_))), 0),
        Part::Scales => (slot.scales.revealed_at.is_some(), 0),
        Part::Decision => {
            let open = slot.decisions.iter().filter(|decision| decision.confirmed.is_none()).count();
            (!slot.decisions.is_empty() && open == 0, 0)
        }
        Part::Steps => (!slot.steps.is_empty(), 0),
        Part::Conversation => (!slot.conversations.is_empty(), 0),
        Part::ReadBack => (false, 0),
    }
}
