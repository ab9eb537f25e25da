//! The strip of families: the agenda, and the way around.

use domain::SlotId;
use domain::meeting::Progress;
use leptos::prelude::*;

use super::form::Act;
use super::{Live, day, save_word};

#[derive(Clone, PartialEq)]
struct Place {
    id: SlotId,
    label: String,
    title: String,
    mine: bool,
    out: bool,
    state: &'static str,
    now: bool,
}

/// Team, date, save state, who is here; below it the families in order.
pub fn strip(live: Live) -> impl IntoView {
    let places = Memo::new(move |_| places(live));
    let shown_id = Memo::new(move |_| live.shown());
    let elsewhere = Memo::new(move |_| elsewhere(live));
    let meeting = live.page.with_untracked(|page| page.room.id);
    let head = Memo::new(move |_| live.page.with(|page| (page.team.clone(), page.room.chair, page.room.record_taker)));
    view! {
        <header class="cr-strip">
            <div class="cr-strip__top">
                <h1 class="cr-strip__title">{move || day(live)}<span class="cr-strip__team">{move || {
                    let (team, chair, taker) = head.get();
                    format!("{team} · chair {}{}", live.name(chair), taker.map(|taker| format!(" · record {}", live.name(taker))).unwrap_or_default())
                }}</span></h1>
                <div class="cr-strip__state">
                    <span class="cr-state" data-state=move || save_word(live)>{move || save_word(live)}</span>
                    {move || here(live)}
                </div>
            </div>
            <nav aria-label="Families of this meeting">
                <ol class="cr-strip__list">
                    {move || places.get().into_iter().enumerate().map(|(at, place)| {
                        let label = format!("{} {}", at + 1, place.label);
                        let shown = shown_id.get() == Some(place.id);
                        view! {
                            <li class="cr-strip__place" class:cr-strip__place--now=place.now class:cr-strip__place--shown=shown>
                                {if place.mine {
                                    let id = place.id;
                                    view! {
                                        <a href=format!("/meetings/{meeting}?slot={id}") aria-current=shown.then_some("true")
                                            on:click=move |event| look(live, id, event)>{label}<span class="cr-strip__title-line">{place.title}</span></a>
                                    }.into_any()
                                } else {
                                    view! { <span class="cr-quiet">{label}</span> }.into_any()
                                }}
                                {place.out.then(|| view! {
                                    <Act act="stand_out" at=place.id key=format!("in-{}", place.id)>
                                        <button type="submit" class="cr-small-button" name="form[how]" value="in">"You stepped out: come back"</button>
                                    </Act>
                                })}
                                {(!place.state.is_empty()).then(|| view! { " "<span class="cr-strip__mark">{place.state}</span> })}
                            </li>
                        }
                    }).collect_view()}
                </ol>
            </nav>
            {move || elsewhere.get().map(|id| view! {
                <p class="cr-strip__back"><a class="govuk-link" href=format!("/meetings/{meeting}") on:click=move |event| { event.prevent_default(); live.looking.set(None); }>
                    "Back to the meeting"</a>": "{live.family(id, |family| family.reference.clone())}" is being discussed"</p>
            })}
        </header>
    }
}

fn look(live: Live, id: SlotId, event: leptos::ev::MouseEvent) {
    event.prevent_default();
    let current = live.page.with_untracked(|page| page.room.current);
    live.looking.set((current != Some(id)).then_some(id));
}

/// The family being discussed, where the viewer looks at another.
fn elsewhere(live: Live) -> Option<SlotId> {
    let current =
        live.room(|room| room.current.filter(|id| room.slot(*id).is_some_and(|slot| slot.family.is_some())))?;
    (live.shown() != Some(current)).then_some(current)
}

fn places(live: Live) -> Vec<Place> {
    live.page.with(|page| {
        page.room
            .slots
            .iter()
            .map(|slot| {
                let card = slot.family.and_then(|family| page.families.get(&family));
                Place {
                    id: slot.id,
                    label: card.map_or_else(
                        || format!("another family · {} min", slot.minutes),
                        |card| card.reference.clone(),
                    ),
                    title: card
                        .map(|card| card.children.iter().map(|child| child.name.clone()).collect::<Vec<_>>().join(", "))
                        .unwrap_or_default(),
                    mine: card.is_some(),
                    out: slot.stands_out(page.me) && !slot.progress.frozen(),
                    state: match slot.progress {
                        Progress::Waiting => "",
                        Progress::InDiscussion { .. } if page.room.current == Some(slot.id) => "now",
                        Progress::InDiscussion { .. } => "begun",
                        Progress::Finished { .. } => "✓ finished",
                        Progress::Postponed { .. } => "postponed",
                    },
                    now: page.room.current == Some(slot.id),
                }
            })
            .collect()
    })
}

/// Who is here, away, or gone again since this page was opened.
fn here(live: Live) -> Option<impl IntoView> {
    let here = live.here.get();
    (!here.is_empty()).then(|| {
        let gone = live.been.with(|been| {
            let gone = been.iter().filter(|worker| here.iter().all(|here| here.worker != **worker));
            gone.map(|worker| format!("{} (gone)", live.name(*worker))).collect::<Vec<_>>()
        });
        let count = here.len();
        let names = here
            .into_iter()
            .map(|here| format!("{}{}", live.name(here.worker), if here.away { " (away)" } else { "" }));
        view! {
            <details class="cr-here">
                <summary>{format!("{count} here")}</summary>
                <ul>{names.chain(gone).map(|name| view! { <li>{name}</li> }).collect_view()}</ul>
            </details>
        }
    })
}
