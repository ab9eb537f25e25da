//! Who belongs to the family's discussion and how they take part: initials in the bar, the list behind them.

use domain::meeting::{Attendance, Slot};
use domain::{SlotId, WorkerId};
use leptos::prelude::*;

use super::Live;
use super::act::{Act, act_button, fields};
use super::bring_in;
use crate::live::Fields;
use crate::parts::erased::view;
use crate::parts::keyed::keyed;

/// How many are there, in words, and where the screen is wide their initials; a press opens the list.
pub fn people(live: Live, shown: Memo<Option<SlotId>>) -> impl IntoView {
    let chips = Memo::new(move |_| shown.get().map(|id| chips(live, id)).unwrap_or_default());
    let words = Memo::new(move |_| in_words(live, shown.get()));
    let briefly = Memo::new(move |_| briefly(live, shown.get()));
    view! {
        <details class="cr-more cr-people">
            <summary>
                <span class="govuk-visually-hidden">"People: "{move || words.get()}</span>
                <span class="cr-people__words" aria-hidden="true">{briefly}</span>
                <span class="cr-people__chips" aria-hidden="true">
                    {move || {
                        let all = chips.get();
                        let (first, more) = (all.iter().take(IN_SIGHT).cloned(), all.len().saturating_sub(IN_SIGHT));
                        view! {
                            {first.map(|(initials, how)| view! { <span class=format!("cr-chip cr-chip--{how}")>{initials}</span> }).collect_view()}
                            {(more > 0).then(|| view! { <span class="cr-chip">{format!("+{more}")}</span> })}
                        }
                    }}
                </span>
            </summary>
            <div class="cr-more__content cr-people__list">
                <p class="cr-quiet">{move || words.get()}</p>
                {move || here(live)}
                {move || shown.get().map(|id| untrack(|| attendance(live, id)))}
            </div>
        </details>
    }
}

/// So many initials stand in the bar.
const IN_SIGHT: usize = 6;

/// "ZN" for Zara Northlight.
pub fn initials(name: &str) -> String {
    name.split_whitespace().filter_map(|part| part.chars().next()).take(2).collect()
}

/// Initials, and how they take part as the chip's look.
fn chips(live: Live, id: SlotId) -> Vec<(String, &'static str)> {
    let away: Vec<WorkerId> =
        live.here.with(|here| here.iter().filter(|here| here.away).map(|here| here.worker).collect());
    let members = live.by_name(live.slot(id, |_, slot| slot.members.keys().copied().collect::<Vec<_>>()));
    let members: Vec<(WorkerId, &'static str)> = live.slot(id, |_, slot| {
        members
            .into_iter()
            .map(|worker| {
                let how = match slot.attendance.get(&worker) {
                    _ if slot.stands_out(worker) => "out",
                    Some(Attendance::Room) => "room",
                    Some(Attendance::Call) => "call",
                    Some(Attendance::SentWords) => "words",
                    Some(Attendance::Apologies) => "apologies",
                    Some(Attendance::Left { .. }) => "left",
                    None => "unknown",
                };
                (worker, how)
            })
            .collect()
    });
    members
        .into_iter()
        .map(|(worker, how)| {
            let name = live.name(worker);
            (initials(&name), if away.contains(&worker) && how == "room" { "away" } else { how })
        })
        .collect()
}

/// "5 in the room · Josephine Slipway on the call".
pub fn in_words(live: Live, id: Option<SlotId>) -> String {
    said(live, id, |people, _| live.names(people))
}

/// The same for the bar: one who is not in the room by first name, "5 in the room · Josephine on the call", several counted.
fn briefly(live: Live, id: Option<SlotId>) -> String {
    if id.is_none() {
        return "People".to_owned();
    }
    said(live, id, |people, others| match people[..] {
        [one] if others == 1 => live.name(one).split(' ').next().unwrap_or_default().to_owned(),
        _ => people.len().to_string(),
    })
}

fn said(live: Live, id: Option<SlotId>, named: impl Fn(Vec<WorkerId>, usize) -> String) -> String {
    let Some(id) = id else { return String::new() };
    let attendance: Vec<(WorkerId, Attendance)> = live.slot(id, |_, slot| {
        slot.attendance
            .iter()
            .filter(|(worker, _)| !slot.stands_out(**worker))
            .map(|(worker, how)| (*worker, *how))
            .collect()
    });
    if attendance.is_empty() {
        return "Attendance not taken yet".to_owned();
    }
    let of = |is: fn(&Attendance) -> bool| {
        attendance.iter().filter(|(_, how)| is(how)).map(|(worker, _)| *worker).collect::<Vec<_>>()
    };
    let room = of(|how| matches!(how, Attendance::Room)).len();
    let not_in_the_room = attendance.len() - room;
    let others = [
        (of(|how| matches!(how, Attendance::Call)), "on the call"),
        (of(|how| matches!(how, Attendance::SentWords)), "sent words"),
        (of(|how| matches!(how, Attendance::Apologies)), "apologies"),
        (of(|how| matches!(how, Attendance::Left { .. })), "left"),
    ];
    let others = others.into_iter().filter(|(people, _)| !people.is_empty());
    let others = others.map(|(people, how)| match how {
        "apologies" => format!("apologies from {}", named(people, not_in_the_room)),
        how => format!("{} {how}", named(people, not_in_the_room)),
    });
    std::iter::once(format!("{room} in the room")).chain(others).collect::<Vec<_>>().join(" · ")
}

/// Who has the page open, away, or gone again since this page was opened.
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
        view! { <p class="cr-here cr-quiet">{format!("{count} here on this page: {}", names.chain(gone).collect::<Vec<_>>().join(", "))}</p> }
    })
}

/// Everybody who belongs to the family's discussion: one press each.
fn attendance(live: Live, id: SlotId) -> impl IntoView {
    let begun = live.memo(id, |_, slot| slot.progress.in_discussion());
    let members = Memo::new(move |_| {
        let people = live.by_name(live.slot(id, |_, slot| slot.members.keys().copied().collect::<Vec<_>>()));
        let why = |worker: &WorkerId| {
            live.slot(id, |_, slot| slot.members.get(worker).and_then(|member| member.brought_in.clone()))
        };
        people.into_iter().map(|worker| (worker, why(&worker))).collect::<Vec<_>>()
    });
    let runs = Memo::new(move |_| live.runs());
    view! {
        <section class="cr-attendance" aria-labelledby="attendance">
            <h2 class="govuk-heading-s" id="attendance">"Attendance"</h2>
            {everybody(live, id)}
            <ul class="cr-attendance__list">
                {keyed(move || members.get(), move |(worker, why)| row(live, id, worker, why, begun, runs))}
            </ul>
            {move || members.with(Vec::is_empty).then(|| view! { <p class="govuk-body-s cr-quiet">"Shown once the family is started."</p> })}
            {bring_in::bring_in(live, id)}
        </section>
    }
}

/// Whether whoever runs the meeting is asked who is here.
pub fn asks(live: Live, id: SlotId) -> bool {
    live.runs() && live.discussed(id) && live.slot(id, |_, slot| slot.attendance.is_empty())
}

/// Asked at the first heading, until attendance was taken: one press for everybody.
pub fn asked(live: Live, id: SlotId) -> impl IntoView {
    let open = Memo::new(move |_| asks(live, id));
    move || {
        open.get().then(|| {
            view! {
                <div class="cr-ask-attendance">
                    <p class="govuk-body">"Who is here? One press marks everybody. For who is on the call or missing, open the list of who is here."</p>
                    {act_button("everybody_here", Some(id), "Everybody is in the room", "govuk-button")}
                </div>
            }
        })
    }
}

/// One press for all who are not marked yet; whoever is not there is marked afterwards.
fn everybody(live: Live, id: SlotId) -> impl IntoView {
    let unmarked = Memo::new(move |_| {
        let any = |slot: &Slot| slot.members.keys().any(|worker| !slot.attendance.contains_key(worker));
        live.slot(id, |_, slot| any(slot))
    });
    let asks = Memo::new(move |_| live.runs() && live.discussed(id));
    // The list stays where it is under the finger once the last one is marked.
    move || {
        asks.get().then(|| {
            view! {
                <div class="cr-everybody">{move || match unmarked.get() {
                    true => act_button("everybody_here", Some(id), "Everybody is in the room", "cr-small-button").into_any(),
                    false => view! { <p class="cr-quiet">"Everybody is marked."</p> },
                }}</div>
            }
        })
    }
}

/// The act that takes back the mark that is about to be made, so that they are marked as they were; nothing where they were
/// not marked.
fn undo(id: SlotId, worker: WorkerId, how: Option<Attendance>) -> Fields {
    let marked = |how: Attendance| [("worker", worker.to_string()), ("how", how.word().to_owned())];
    how.map(|how| fields("take_back_attendance", id, marked(how))).unwrap_or_default()
}

fn row(
    live: Live, id: SlotId, worker: WorkerId, why: Option<String>, begun: Memo<bool>, runs: Memo<bool>,
) -> impl IntoView {
    let how = Memo::new(move |_| live.slot(id, |_, slot| slot.attendance.get(&worker).copied()));
    let out = Memo::new(move |_| live.slot(id, |_, slot| slot.stands_out(worker)));
    // Beside the name: a button that grew would push the next ones from under the finger.
    let left =
        Memo::new(move |_| how.get().filter(|how| matches!(how, Attendance::Left { .. })).map(Attendance::title));
    let mine = worker == live.me();
    view! {
        <li class="cr-attendance__row">
            <span class="cr-attendance__who"><strong>{if mine { "You".to_owned() } else { live.name(worker) }}</strong>" "<span class="cr-quiet">{live.discipline(worker)}{why.map(|why| format!(" · brought in: {why}"))}{move || out.get().then_some(" · stepped out")}{move || left.get().map(|left| format!(" · {left}"))}</span></span>
            {move || if begun.get() && (mine || runs.get()) {
                let undo = Signal::derive(move || undo(id, worker, how.get()));
                view! {
                    <Act act="attend" at=id key=format!("attend-{worker}") class="cr-taps" undo=undo>
                        <input type="hidden" name="form[worker]" value=worker.to_string()/>
                        {Attendance::CHOICES.into_iter().map(|(word, title)| {
                            // The button stays while what it shows changes, so that focus stays on it.
                            let pressed = Memo::new(move |_| how.get().is_some_and(|now| now.word() == word));
                            view! {
                                <button type="submit" class="cr-tap" name="form[how]" value=word aria-label=format!("{title}: {}", live.name(worker))
                                    aria-pressed=move || if pressed.get() { "true" } else { "false" }>{title}</button>
                            }
                        }).collect_view()}
                    </Act>
                }
            } else {
                view! { <span>{move || how.get().map_or_else(|| "not marked".to_owned(), Attendance::title)}</span> }
            }}
        </li>
    }
}
