//! Everyone's view: who speaks next, one's own box first, what the others wrote, and who has not written yet.

use domain::meeting::{Area, Progress, Slot};
use domain::template::Part;
use domain::{SlotId, WorkerId};
use leptos::prelude::*;

use super::Live;
use super::act::{act_button, fold};
use super::{mark, text_box};
use crate::parts::erased::view;
use crate::parts::keyed::keyed;

/// Who speaks next and who has not been heard, those on the phone among them, with what one's own discipline is asked.
pub fn round(live: Live, id: SlotId) -> impl IntoView {
    let round = Memo::new(move |_| Speaking::of(live, id));
    let my_turn = Memo::new(move |_| round.with(|round| round.next == Some(live.me())) && at_the_round(live, id));
    #[cfg(feature = "hydrate")]
    Effect::new(move |before: Option<bool>| {
        let now = my_turn.get();
        if now && before != Some(true) {
            crate::live::announce::say(live.state, "It is your turn.");
        }
        now
    });
    let prompts = prompts(live, id);
    view! {
        {move || my_turn.get().then(|| view! { <p class="govuk-body cr-my-turn"><strong>"It is your turn to speak."</strong></p> })}
        {move || round.get().in_words(live, id, my_turn.get()).map(|words| view! { <p class="govuk-body cr-round">{words}</p> })}
        {move || {
            let summaries = round.get().read_in(live, id);
            let title = if summaries.len() == 1 { summaries[0].0.clone() } else { format!("Summaries of those who are not here ({})", summaries.len()) };
            (!summaries.is_empty()).then(|| fold(title, summaries.into_iter().map(|(name, html)| view! {
                <section><h4 class="govuk-heading-s">{name}</h4><div class="cr-prose" inner_html=html></div></section>
            }).collect_view()))
        }}
        {(!prompts.is_empty()).then(|| fold("What you may be asked", view! {
            <ul class="govuk-list govuk-list--bullet">{prompts.into_iter().map(|ask| view! { <li>{ask}</li> }).collect_view()}</ul>
        }))}
    }
}

/// For the wall, who speaks next and what else is to say of the order: "Julian Yardarm, social worker" and "Then Nadia,
/// Josephine. Not here: Damian."
pub fn order_of_speaking(live: Live, id: SlotId) -> (Option<String>, Option<String>) {
    let speaking = Speaking::of(live, id);
    match speaking.next.filter(|_| speaking.begun) {
        Some(next) => {
            let next = format!("{}, {}", live.name(next), live.discipline(next));
            let rest: Vec<String> =
                speaking.then_in_words(live).into_iter().chain(speaking.not_here(live, id)).collect();
            (Some(next), Some(rest.join(" ")).filter(|rest| !rest.is_empty()))
        }
        None => (None, speaking.in_words(live, id, false)),
    }
}

fn at_the_round(live: Live, id: SlotId) -> bool {
    live.slot(id, |room, slot| match slot.progress {
        Progress::InDiscussion { stage, .. } => {
            room.template.stages.get(stage).is_some_and(|stage| matches!(stage.part, Part::Round | Part::Analysis))
        }
        _ => false,
    })
}

/// The round as it stands.
#[derive(Debug, Clone, Default, PartialEq)]
struct Speaking {
    next: Option<WorkerId>,
    /// Not heard, and there or expected.
    then: Vec<WorkerId>,
    /// Not heard, and not there.
    absent: Vec<WorkerId>,
    heard: Vec<WorkerId>,
    begun: bool,
}

impl Speaking {
    fn of(live: Live, id: SlotId) -> Self {
        let round = live.slot(id, |room, slot| room.round(slot, |worker| live.name(worker)));
        let absent = |worker: &WorkerId| {
            let marked: bool = live.slot(id, |_, slot: &Slot| slot.attendance.contains_key(worker));
            let present: bool = live.slot(id, |_, slot: &Slot| slot.present(*worker));
            !present && (marked || live.away_today(id, *worker))
        };
        let (absent, mut then): (Vec<_>, Vec<_>) = round.waiting.into_iter().partition(absent);
        let next = (!then.is_empty()).then(|| then.remove(0));
        let begun = live.slot(id, |_, slot| !slot.members.is_empty());
        Self { next, then, absent, heard: round.heard, begun }
    }

    /// "Next to speak: Julian Yardarm, social worker. Then Nadia. Written: Josephine. Not here: Damian."
    fn in_words(&self, live: Live, id: SlotId, mine: bool) -> Option<String> {
        if !self.begun {
            return None;
        }
        if self.next.is_none() && self.absent.is_empty() {
            return Some("Everybody’s view is written.".to_owned());
        }
        let next = self.next.map(|next| match mine {
            true => "Next to speak: you, now.".to_owned(),
            false => format!("Next to speak: {}, {}.", live.name(next), live.discipline(next)),
        });
        // Who writes ahead is still somebody to ask.
        let written = (!self.heard.is_empty()).then(|| format!("Written: {}.", called(live, &self.heard)));
        let rest = self.then_in_words(live).into_iter().chain(written).chain(self.not_here(live, id));
        Some(next.into_iter().chain(rest).collect::<Vec<_>>().join(" "))
    }

    fn then_in_words(&self, live: Live) -> Option<String> {
        (!self.then.is_empty()).then(|| format!("Then {}.", called(live, &self.then)))
    }

    fn not_here(&self, live: Live, id: SlotId) -> Option<String> {
        (!self.absent.is_empty()).then(|| format!("Not here: {}.", self.absent_in_words(live, id)))
    }

    fn absent_in_words(&self, live: Live, id: SlotId) -> String {
        let current: Vec<WorkerId> = live.beside(id, |beside| {
            let current = beside.family.summaries.iter().filter(|summary| summary.current);
            current.map(|summary| summary.worker).collect()
        });
        let absent = self.absent.iter().map(|worker| {
            let sent = current.contains(worker);
            let way = if sent { " (mark “Sent words” and this month’s summary stands in their box)" } else { "" };
            format!("{}{way}", live.name(*worker))
        });
        absent.collect::<Vec<_>>().join(", ")
    }

    /// The last summaries of those who are not there, to be read out.
    fn read_in(&self, live: Live, id: SlotId) -> Vec<(String, String)> {
        live.beside(id, |beside| {
            let of = |worker: &WorkerId| {
                let summary = beside.family.summaries.iter().find(|summary| summary.worker == *worker)?;
                Some((format!("{}’s summary, {}", summary.name, summary.month), summary.html.clone()))
            };
            self.absent.iter().filter_map(of).collect()
        })
    }
}

/// "Julian Yardarm, you".
fn called(live: Live, workers: &[WorkerId]) -> String {
    let name = |worker: &WorkerId| if *worker == live.me() { "you".to_owned() } else { live.name(*worker) };
    workers.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// What the viewer's own discipline is asked.
fn prompts(live: Live, id: SlotId) -> Vec<String> {
    let me = live.me();
    untrack(|| {
        live.slot(id, |room, slot| {
            let discipline = slot.discipline_of(me);
            let prompts = room.template.meeting.prompts.iter().find(|prompts| prompts.discipline == discipline);
            prompts.map(|prompts| prompts.ask.clone()).unwrap_or_default()
        })
    })
}

/// Whether the viewer has a box of their own in this discussion.
pub fn has_own_box(live: Live, id: SlotId) -> bool {
    owners(live, id).contains(&live.me())
}

/// The viewer's own box.
pub fn own_box(live: Live, id: SlotId) -> impl IntoView {
    text_box::text_box(live, id, Area::Analysis(live.me()), true)
}

/// One's own box, whose turn it is where they speak `in_turn` here, the others' words, and who has not written.
pub fn views(live: Live, id: SlotId, in_turn: bool) -> impl IntoView {
    let me = live.me();
    let owners = Memo::new(move |_| owners(live, id));
    let mine = Memo::new(move |_| owners.with(|owners| owners.contains(&me)));
    // Whoever has written stays on the page, also when their box is emptied again.
    let written = Memo::new(move |before: Option<&Vec<WorkerId>>| {
        let before = before.cloned().unwrap_or_default();
        let others = owners.get().into_iter().filter(|worker| *worker != me);
        others
            .filter(|worker| {
                before.contains(worker)
                    || live.slot(id, |_, slot| slot.has_words_of(*worker))
                    || writes_now(live, id, *worker)
            })
            .collect::<Vec<_>>()
    });
    let silent = Memo::new(move |_| {
        let written = written.get();
        let others = owners.get().into_iter().filter(|worker| *worker != me && !written.contains(worker));
        others.collect::<Vec<_>>()
    });
    let hidden = Memo::new(move |_| {
        live.slot(id, |room, slot| {
            let may = room.chair == live.me() && slot.progress.in_discussion();
            if may { slot.boxes.values().filter(|text| text.mark.hidden_until_reveal).count() } else { 0 }
        })
    });
    // A phone shows one's own box first; the others' are a press away, and so are those of many.
    let unfolded = RwSignal::new(false);
    let folds = Memo::new(move |_| written.with(|written| !written.is_empty() && (mine.get() || written.len() > FEW)));
    // What stands open for somebody else's words stays, too, until whoever records them leaves it.
    let typing = RwSignal::new(false);
    let runs = Memo::new(move |_| live.runs() && (live.writable(id) || typing.get()));
    let named = live.memo(id, move |_, slot| in_turn && !slot.members.is_empty());
    view! {
        {move || mine.get().then(|| untrack(|| own_box(live, id)))}
        {in_turn.then(|| round(live, id))}
        {move || Some(hidden.get()).filter(|count| *count > 0).map(|count| act_button("reveal", Some(id), format!("Reveal what is hidden ({count})"), "cr-small-button"))}
        {move || Some(written.with(Vec::len)).filter(|_| folds.get()).map(|count| view! {
            <button type="button" class="cr-others cr-link-button" aria-expanded=move || if unfolded.get() { "true" } else { "false" }
                on:click=move |_| unfolded.update(|open| *open = !*open)>{format!("{} ({count})", if mine.get() { "Others" } else { "What they wrote" })}</button>
        })}
        <ul class="cr-boxes cr-boxes--others" class:cr-boxes--folded=move || folds.get() && !unfolded.get() aria-label="What the others wrote">
            {keyed(move || written.get(), move |worker| view! { <li>{text_box::text_box(live, id, Area::Analysis(worker), false)}</li> })}
        </ul>
        // The order of speaking names them already.
        {move || Some(silent.get()).filter(|silent| !named.get() && !silent.is_empty()).map(|silent| view! { <p class="govuk-body cr-quiet">{format!("Not written yet: {}.", live.names(silent))}</p> })}
        {move || runs.get().then(|| untrack(|| view! {
            <div on:focusin=move |_| typing.set(true) on:focusout=move |_| { typing.try_set(false); }>{for_somebody(live, id, owners)}</div>
        }))}
    }
}

/// So many boxes are read on a phone without a press.
const FEW: usize = 4;

/// Those who have a box: who belongs to the discussion or works with the family, by name.
fn owners(live: Live, id: SlotId) -> Vec<WorkerId> {
    let mut owners: Vec<WorkerId> = live.slot(id, |_, slot| {
        let boxes =
            slot.boxes.keys().filter_map(|area| if let Area::Analysis(worker) = area { Some(*worker) } else { None });
        slot.members.keys().copied().chain(boxes).collect()
    });
    owners.extend(live.family(id, |family| family.workers().collect::<Vec<_>>()));
    live.by_name(owners)
}

fn writes_now(live: Live, id: SlotId, worker: WorkerId) -> bool {
    live.here.with(|here| {
        here.iter().any(|here| here.worker == worker && here.writing == Some((id, Area::Analysis(worker))))
    })
}

/// For whoever runs the meeting: to record somebody's words for them, and to restrict who reads them.
fn for_somebody(live: Live, id: SlotId, owners: Memo<Vec<WorkerId>>) -> impl IntoView {
    let me = live.me();
    let others = move || owners.get().into_iter().filter(|worker| *worker != me).collect::<Vec<_>>();
    view! {
        {fold("Record somebody’s words for them", view! {
            <ul class="govuk-list">
                {keyed(others, move |worker| view! { <li>{fold(format!("Record for {}", live.name(worker)), text_box::recorded(live, id, worker))}</li> })}
            </ul>
        })}
        {fold("Restrict who can read what somebody writes", view! {
            <ul class="govuk-list">
                {keyed(others, move |worker| view! { <li>{fold(live.name(worker), mark::marking(live, id, Area::Analysis(worker)))}</li> })}
            </ul>
        })}
    }
}
