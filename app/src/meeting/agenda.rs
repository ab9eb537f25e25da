//! The agenda: one line of families, the way around; and the rest of it with when each is likely to begin.

use chrono::{DateTime, TimeDelta, Utc};
use domain::meeting::Progress;
use domain::{SlotId, dates};
use leptos::prelude::*;

use super::Live;
use super::act::{Act, hidden, nothing};
use super::{beside, controls, open_row, scene};
use crate::parts::erased::view;
use crate::parts::keyed::keyed;

#[derive(Clone, PartialEq)]
struct AgendaPlace {
    id: SlotId,
    label: String,
    mine: bool,
    out: bool,
    state: &'static str,
    /// When it is likely to begin; empty where it has begun or is over.
    when: String,
    now: bool,
}

/// The families in order, and the meeting's own menu.
pub fn line(live: Live) -> impl IntoView {
    let minute = each_minute(live);
    let places = Memo::new(move |_| {
        let _ = minute.get();
        places(live, this_minute(live))
    });
    let order = Memo::new(move |_| places.with(|places| places.iter().map(|place| place.id).collect::<Vec<_>>()));
    let many = Memo::new(move |_| how_many(live));
    let row = NodeRef::new();
    in_sight(row, move || live.shown());
    view! {
        <div class="cr-agenda-line">
            {move || many.get().map(|(here, _)| view! { <p class="cr-agenda-line__count">{here}</p> })}
            <nav aria-label="Families of this meeting">
                <ol class="cr-agenda-line__list" node_ref=row on:focusin=move |event| on_focus(&event)>
                    {keyed(move || order.get(), move |id| place(live, id, places))}
                </ol>
            </nav>
            {move || many.get().map(|(_, all)| view! {
                <a class="govuk-link cr-agenda-line__all" href="#beside" on:click=move |event| beside::show_agenda(live, &event)>{format!("All {all}")}<span class="govuk-visually-hidden">" families, with their times"</span></a>
            })}
            {clock(live, minute)}
            {controls::meeting_menu(live)}
        </div>
    }
}

/// So many families stand in the line as they are.
const FEW: usize = 6;

/// Of a long agenda: "4 of 14" or "14 families", and how many they are.
fn how_many(live: Live) -> Option<(String, usize)> {
    let (at, all) = live.room(|room| {
        let at = room.current.and_then(|id| room.slots.iter().position(|slot| slot.id == id));
        (at, room.slots.len())
    });
    let here = at.map_or_else(|| format!("{all} families"), |at| format!("{} of {all}", at + 1));
    (all > FEW).then_some((here, all))
}

/// Now, to the minute: all that is said of likely times is said of the same moment.
fn this_minute(live: Live) -> DateTime<Utc> {
    let now = live.state.now.get_untracked();
    now - TimeDelta::seconds(now.timestamp() % 60)
}

/// Changes once a minute: often enough for times that are likely. It is read where it is followed: a memo that is only
/// tracked, and never read, never changes.
fn each_minute(live: Live) -> Memo<i64> {
    Memo::new(move |_| live.state.now.get().timestamp() / 60)
}

/// "now 10:09 · 4 minutes late", while the meeting is open.
fn clock(live: Live, minute: Memo<i64>) -> impl IntoView {
    move || {
        let _ = minute.get();
        let now = live.state.now.get_untracked();
        let (open, late) = live.room(|room| (room.is_open(), room.minutes_late(now)));
        open.then(|| {
            let late = if late > 1 { format!(" · {late} minutes late") } else { String::new() };
            view! { <p class="cr-agenda-line__clock">{format!("now {}{late}", dates::clock(now))}</p> }
        })
    }
}

/// One family of the line; its link stays while what stands beside it changes.
fn place(live: Live, id: SlotId, places: Memo<Vec<AgendaPlace>>) -> impl IntoView {
    let meeting = live.page.with_untracked(|page| page.room.id);
    let of = move |at: fn(&AgendaPlace) -> bool| places.with(|all| all.iter().any(|place| place.id == id && at(place)));
    let text = move |at: fn(&AgendaPlace) -> &str| {
        places.with(|all| all.iter().find(|place| place.id == id).map(|place| at(place).to_owned()).unwrap_or_default())
    };
    let label = Memo::new(move |_| text(|place| &place.label));
    let mine = Memo::new(move |_| of(|place| place.mine));
    let out = Memo::new(move |_| of(|place| place.out));
    let (state, when) = (Memo::new(move |_| text(|place| place.state)), Memo::new(move |_| text(|place| &place.when)));
    let shown = Memo::new(move |_| live.shown() == Some(id));
    view! {
        <li class="cr-agenda-line__place" class:cr-agenda-line__place--now=move || of(|place| place.now) class:cr-agenda-line__place--shown=shown>
            {move || if mine.get() {
                view! {
                    <a href=format!("/meetings/{meeting}?slot={id}") aria-current=move || shown.get().then_some("true")
                        on:click=move |event| look(live, id, &event)>{label}</a>
                }
            } else {
                view! { <span class="cr-quiet">{label}</span> }
            }}
            {move || out.get().then(|| view! {
                <span class="cr-agenda-line__mark">"you stepped out"</span>
                <Act act="stand_out" at=id key="in">
                    <button type="submit" class="cr-link-button" name="form[how]" value="in">"Come back"<span class="govuk-visually-hidden">" to "{label}</span></button>
                </Act>
            })}
            {move || [state.get(), when.get()].into_iter().filter(|words| !words.is_empty()).map(|words| view! { " "<span class="cr-agenda-line__mark">{words}</span> }).collect_view()}
        </li>
    }
}

/// Scrolls a row of links so that the one with the focus is in sight.
pub fn on_focus(event: &leptos::ev::FocusEvent) {
    #[cfg(feature = "hydrate")]
    super::in_sight::show_focused(event);
    #[cfg(not(feature = "hydrate"))]
    let _ = event;
}

/// Scrolls a row of links so that the current one is in sight, each time `current` changes.
pub fn in_sight<T: PartialEq + 'static>(row: NodeRef<leptos::html::Ol>, current: impl Fn() -> T + 'static) {
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        current();
        request_animation_frame(move || {
            // The row may have left the page meanwhile.
            if let Some(row) = row.try_get_untracked().flatten() {
                super::in_sight::show_current(&row);
            }
        });
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = (row, current);
}

fn look(live: Live, id: SlotId, event: &leptos::ev::MouseEvent) {
    event.prevent_default();
    let current = live.page.with_untracked(|page| page.room.current);
    live.visit();
    live.heading.set(None);
    live.around.set(false);
    live.looking.set((current != Some(id)).then_some(id));
    scene::go_on_there();
}

/// Goes to the family that is discussed.
pub fn go_back(live: Live, event: &leptos::ev::MouseEvent) {
    event.prevent_default();
    live.visit();
    live.heading.set(None);
    live.around.set(false);
    live.looking.set(None);
}

/// Where the room is, for whoever looks at another family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Elsewhere {
    /// At a family that the viewer sees.
    Family(SlotId),
    /// At one that they do not see.
    Another {
        /// The reference of the family for which they are needed next, and about when.
        needed: Option<(String, String)>,
    },
}

/// Where the room is, while the viewer looks at another family.
pub fn elsewhere(live: Live) -> Memo<Option<Elsewhere>> {
    let minute = each_minute(live);
    Memo::new(move |_| {
        let _ = minute.get();
        let current = live.room(|room| room.current)?;
        if live.shown() == Some(current) {
            return None;
        }
        let seen = live.room(|room| room.slot(current).is_some_and(|slot| slot.family.is_some()));
        Some(if seen { Elsewhere::Family(current) } else { Elsewhere::Another { needed: needed_next(live) } })
    })
}

/// The family that waits for the viewer next: its reference, and when it is likely to begin.
fn needed_next(live: Live) -> Option<(String, String)> {
    let coming = live.room(|room| room.to_come(this_minute(live)));
    let next = coming.into_iter().find(|next| next.likely.is_some() && live.takes_part(next.slot))?;
    Some((live.reference(next.slot), dates::clock(next.likely?)))
}

fn places(live: Live, now: DateTime<Utc>) -> Vec<AgendaPlace> {
    live.page.with(|page| {
        let coming = page.room.to_come(now);
        let open = page.room.is_open();
        let when = |id: SlotId| {
            let coming = coming.iter().find(|coming| coming.slot == id)?;
            let likely = coming.likely?;
            Some(if open { format!("about {}", dates::clock(likely)) } else { dates::clock(coming.planned) })
        };
        page.room
            .slots
            .iter()
            .map(|slot| {
                let card = slot.family.and_then(|family| page.agenda.get(&family));
                AgendaPlace {
                    id: slot.id,
                    label: card.map_or_else(
                        || format!("another family · {} min", slot.minutes),
                        |card| card.reference.clone(),
                    ),
                    mine: card.is_some(),
                    out: slot.stands_out(page.me) && !slot.progress.frozen(),
                    when: card.and_then(|_| when(slot.id)).unwrap_or_default(),
                    state: match slot.progress {
                        Progress::Waiting => "",
                        Progress::InDiscussion { .. } if page.room.current == Some(slot.id) => "now",
                        Progress::InDiscussion { .. } => "begun",
                        Progress::Finished { .. } => "finished",
                        Progress::Postponed { .. } => "postponed",
                    },
                    now: page.room.current == Some(slot.id),
                }
            })
            .collect()
    })
}

/// The rest of the agenda as it stands now, who waits for which family, and two ways to make room.
pub fn rest(live: Live, id: SlotId) -> impl IntoView {
    let minute = each_minute(live);
    let coming = Memo::new(move |_| {
        let _ = minute.get();
        let now = this_minute(live);
        live.room(|room| room.to_come(now).into_iter().map(|coming| AgendaRow::of(live, coming)).collect::<Vec<_>>())
    });
    let state = Memo::new(move |_| (live.runs(), live.room(|room| (room.is_open(), room.plan_revision))));
    view! {
        {move || coming.with(Vec::is_empty).then(|| nothing("Every family of this agenda is done."))}
        <ol class="govuk-list cr-rest" aria-label="The rest of the agenda">
            {move || {
                let (runs, (open, revision)) = state.get();
                coming.get().into_iter().map(|row| row.view(live, id, runs, open, revision)).collect_view()
            }}
        </ol>
        {handovers(live)}
    }
}

/// Postpones a family that has not begun, where one looks at it.
pub fn postpone(live: Live, id: SlotId) -> impl IntoView {
    let revision = Memo::new(move |_| live.room(|room| room.plan_revision));
    view! {
        <Act act="postpone_waiting" at=id key="postpone-waiting">
            {hidden("to", id)}<input type="hidden" name="form[plan]" value=move || revision.get().to_string()/>
            <button type="submit" class="cr-link-button">"Postpone this family"</button>
        </Act>
    }
}

#[derive(Clone, PartialEq)]
struct AgendaRow {
    slot: SlotId,
    name: String,
    /// Whether the viewer may look at it.
    seen: bool,
    planned: String,
    likely: Option<String>,
    minutes: u32,
    movable: bool,
    waiting: Vec<String>,
}

impl AgendaRow {
    fn of(live: Live, coming: domain::meeting::ToCome) -> Self {
        let (name, waiting) = live.in_agenda(coming.slot, |family| {
            let names: Vec<String> = family.allocated.iter().map(|(_, name)| name.clone()).collect();
            (family.reference.clone(), names)
        });
        Self {
            slot: coming.slot,
            seen: !name.is_empty(),
            name: if name.is_empty() { "another family".to_owned() } else { name },
            planned: dates::clock(coming.planned),
            likely: coming.likely.map(dates::clock),
            minutes: coming.minutes,
            movable: coming.movable,
            waiting,
        }
    }

    fn view(self, live: Live, id: SlotId, runs: bool, open: bool, revision: u32) -> impl IntoView {
        let meeting = live.page.with_untracked(|page| page.room.id);
        let Self { slot, name, seen, planned, likely, minutes, movable, waiting } = self;
        let when = match likely {
            None => "now".to_owned(),
            Some(likely) if open && likely != planned => format!("planned {planned}, likely {likely}"),
            Some(_) => format!("planned {planned}"),
        };
        let waits = if waiting.is_empty() { String::new() } else { format!(" · {}", waiting.join(", ")) };
        let called = name.clone();
        let press = |act: &'static str, label: &'static str| {
            let called = called.clone();
            view! {
                <Act act=act at=id key=format!("{act}-{slot}")>
                    {hidden("to", slot)}{hidden("plan", revision)}
                    <button type="submit" class="cr-small-button">{label}<span class="govuk-visually-hidden">": "{called}</span></button>
                </Act>
            }
        };
        let row = format!("agenda-{slot}");
        let ways = (runs && movable).then(|| {
            let open = open_row::is_open(live, &row);
            let forms = open.then(|| {
                let (later, postpone) = (press("later", "Move one later"), press("postpone_waiting", "Postpone"));
                view! { <span class="cr-ways" data-row=row.clone()>{later}{postpone}</span> }
            });
            view! { " "{open_row::way(live, id, row.clone(), "Make room", called.clone())}{forms} }
        });
        let more = (runs && slot == id).then(|| press("more_time", "Add ten minutes"));
        let name = match seen {
            true => {
                view! { <a class="govuk-link" href=format!("/meetings/{meeting}?slot={slot}") on:click=move |event| look(live, slot, &event)>{name}</a> }
            }
            false => name.into_any(),
        };
        view! { <li><strong>{name}</strong>{format!(" · {when} · {minutes} min{waits}")}{ways}{more}</li> }
    }
}

/// Who handed what to whom in this meeting.
fn handovers(live: Live) -> impl IntoView {
    let changes = Memo::new(move |_| live.room(|room| room.handovers.clone()));
    move || {
        let lines = changes.get().into_iter().map(|change| {
            let (at, by) = (dates::clock(change.at), live.name(change.by));
            let line = match change.to {
                Some(to) if change.taken => format!("{at}: {} took over {}", live.name(to), change.what.title()),
                Some(to) => format!("{at}: {by} handed {} to {}", change.what.title(), live.name(to)),
                None => format!("{at}: {} back to the chair", change.what.title()),
            };
            view! { <li>{line}</li> }
        });
        (changes.with(|changes| !changes.is_empty()))
            .then(|| view! { <ul class="govuk-list govuk-body-s">{lines.collect_view()}</ul> })
    }
}
