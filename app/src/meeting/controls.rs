//! What moves the room: the chair's bar at the bottom, and the meeting's own menu.

use domain::meeting::{Phase, Progress, Slot};
use domain::page::Here;
use domain::template::Part;
use domain::{SlotId, WorkerId};
use leptos::html;
use leptos::prelude::*;
use std::collections::BTreeSet;

use super::Live;
use super::act::{Act, act_button, fold};
use super::confirm::ToConfirm;
use super::decision::hold_place;
use super::{choices, missing, people, quiet, read_back, short_break};
use crate::parts::erased::view;
use crate::parts::keyed::keyed;

/// What the bar depends on.
#[derive(Clone, PartialEq)]
struct Moves {
    /// The heading the room is at.
    stage: usize,
    /// The name of the next heading; absent at the last one.
    next: Option<String>,
    /// Whether going on leaves a decision open.
    undecided: bool,
    /// Whether the clock runs.
    running: bool,
    chairs: bool,
}

/// Back, next, and what is seldom needed: for whoever runs the meeting, while the family is discussed.
pub fn bar(live: Live, id: SlotId) -> impl IntoView {
    let moves = Memo::new(move |_| {
        let (chairs, runs) = (live.chairs(), live.runs());
        let deciding = live.heading.get().is_none() && part_on_page(live, id) == Some(Part::Decision);
        live.slot(id, |room, slot| match &slot.progress {
            Progress::InDiscussion { stage, running_since, .. }
                if runs && room.is_open() && room.current == Some(id) =>
            {
                Some(Moves {
                    stage: *stage,
                    next: room.template.stages.get(stage + 1).map(|stage| stage.name.clone()),
                    undecided: deciding && slot.decisions.iter().any(|decision| decision.confirmed.is_none()),
                    running: running_since.is_some(),
                    chairs,
                })
            }
            _ => None,
        })
    });
    let confirm = Memo::new(move |_| {
        let deciding = live.chairs() && part_on_page(live, id) == Some(Part::Decision);
        if deciding { ToConfirm::of(live, id) } else { None }
    });
    let confirms = Memo::new(move |_| confirm.with(Option::is_some));
    let reads_back = Memo::new(move |_| part_on_page(live, id) == Some(Part::ReadBack));
    let shown = RwSignal::new(confirm.get_untracked());
    let part: NodeRef<html::Div> = NodeRef::new();
    Effect::new(move |_| {
        let now = confirm.get();
        if now != shown.get_untracked() {
            hold_place(part);
            shown.set(now);
        }
    });
    // The scene's own next act is the one that stands out; the bar's is where the scene lacks nothing.
    // Nor is it while one looks elsewhere: it would move the room, not the page.
    let lacking = Memo::new(move |_| lacks(live, id) || live.heading.get().is_some());
    let writing = Memo::new(move |_| still_writing(live, id));
    move || {
        moves.get().map(|moves| {
            let Moves { stage, next, undecided, running, chairs } = moves;
            let class = move || if lacking.get() { "govuk-button govuk-button--secondary" } else { "govuk-button" };
            let last = next.is_none();
            view! {
                <div class="cr-bar" role="group" aria-label="The room">
                    {(stage > 0).then(|| view! { <div class="cr-bar__back">{to_heading(id, "stage-back", stage - 1, "Back", "cr-small-button")}</div> })}
                    // Another decision's button is another element: whoever presses Enter twice confirms one.
                    <div class="cr-bar__confirm" node_ref=part>
                        {keyed(move || shown.get(), move |confirm: ToConfirm| confirm.button(live, id))}
                        {move || reads_back.get().then(|| untrack(|| read_back::confirm_all(live, id)))}
                    </div>
                    {next.map(|name| view! {
                        <div class="cr-bar__next" class:cr-bar__next--aside=move || confirms.get()><Act act="stage" at=id key="stage-next">
                            <button type="submit" class=move || if undecided { "cr-link-button" } else { class() } id="next-stage" name="form[stage]" value=(stage + 1).to_string()>
                                {if undecided { "Go on without deciding".to_owned() } else { format!("Next: {name}") }}
                            </button>
                        </Act></div>
                    })}
                    {last.then(|| view! { {move || writing.get().map(|words| view! { <p class="cr-bar__note">{words}</p> })} })}
                    {(last && chairs).then(|| view! {
                        // On the other side, so that a second press of "Next" or "Confirm" does not finish.
                        <div class="cr-bar__finish"><Act act="finish" at=id key="finish"><button type="submit" class=class>"Finish this family"</button></Act></div>
                    })}
                    // What is about to be confirmed is said already.
                    {last.then(|| view! { {move || (!confirms.get()).then(|| untrack(|| missing::way_to_list(live, id)))} })}
                    <details class="cr-more cr-more--up">
                        <summary>"More"</summary>
                        <div class="cr-more__content">
                            // A phone's bar is one line: what is not next stands here.
                            {(stage > 0).then(|| view! { <div class="cr-on-phone">{to_heading(id, "stage-back-more", stage - 1, "Back", "cr-more__item")}</div> })}
                            {move || confirms.get().then(|| view! { <div class="cr-on-phone">{to_heading(id, "stage-next-more", stage + 1, "Go on without deciding", "cr-more__item")}</div> })}
                            {if running { act_button("pause", Some(id), "Pause", "cr-more__item") } else { act_button("resume", Some(id), "Resume", "cr-more__item") }}
                            {short_break::offer()}
                            {chairs.then(|| act_button("postpone", Some(id), "Postpone this family", "cr-more__item"))}
                            {(chairs && !last).then(|| act_button("finish", Some(id), "Finish this family", "cr-more__item"))}
                        </div>
                    </details>
                </div>
            }
        })
    }
}

/// "Julian Yardarm is still writing.": finishing would cut them off.
fn still_writing(live: Live, id: SlotId) -> Option<String> {
    let me = live.me();
    let writes = |here: &Here| here.worker != me && here.writing.is_some_and(|(slot, _)| slot == id);
    let who: BTreeSet<WorkerId> =
        live.here.with(|here| here.iter().filter(|here| writes(here)).map(|here| here.worker).collect());
    match who.len() {
        0 => None,
        1 => Some(format!("{} is still writing.", live.names(who))),
        _ => Some(format!("{} are still writing.", live.names(who))),
    }
}

/// The button that takes the room to another heading.
fn to_heading(id: SlotId, key: &'static str, stage: usize, label: &'static str, class: &'static str) -> impl IntoView {
    view! {
        <Act act="stage" at=id key=key><button type="submit" class=class name="form[stage]" value=stage.to_string()>{label}</button></Act>
    }
}

/// What the heading on the page is about.
pub fn part_on_page(live: Live, id: SlotId) -> Option<Part> {
    let at = super::headings::on_page(live, id)?;
    live.room(|room| room.template.stages.get(at).map(|stage| stage.part))
}

/// Whether the scene on the page has a next act of its own.
fn lacks(live: Live, id: SlotId) -> bool {
    let part = part_on_page(live, id);
    live.slot(id, |_, slot| {
        let open = slot.decisions.iter().any(|decision| decision.confirmed.is_none());
        let proposed = slot.decisions.iter().any(|decision| decision.confirmed.is_none() && decision.wording.is_some());
        match part {
            Some(Part::CheckIn | Part::LastSteps) => people::asks(live, id),
            Some(Part::Decision) => open || asks_for_step(live, id),
            Some(Part::Steps) => asks_for_step(live, id),
            Some(Part::ReadBack) => proposed,
            Some(Part::Scales) => slot.scales.revealed_at.is_none() && !slot.scales.answers.is_empty(),
            _ => false,
        }
    })
}

/// Whether the first step is what the heading on the page lacks: every decision there is made, and no step is agreed.
pub fn asks_for_step(live: Live, id: SlotId) -> bool {
    let own = live.room(|room| room.template.stages.iter().any(|stage| stage.part == Part::Steps));
    let here = match part_on_page(live, id) {
        Some(Part::Steps) => true,
        Some(Part::Decision) => !own,
        _ => false,
    };
    let undecided = |slot: &Slot| slot.decisions.iter().any(|decision| decision.confirmed.is_none());
    here && live.takes_part(id) && live.slot(id, |_, slot| slot.steps.is_empty() && (own || !undecided(slot)))
}

/// What concerns the whole meeting: minutes, wall, plan, who chairs, the end. Opened, it stays open whoever is handed a role.
pub fn meeting_menu(live: Live) -> impl IntoView {
    let phase = Memo::new(move |_| live.room(|room| room.phase));
    let over = Memo::new(move |_| matches!(phase.get(), Phase::Closed { .. }));
    let manages = Memo::new(move |_| live.page.with(|page| page.manages));
    let (chairs, runs) = (Memo::new(move |_| live.chairs()), Memo::new(move |_| live.runs()));
    let chair = Memo::new(move |_| live.room(|room| room.chair));
    let taker = Memo::new(move |_| live.room(|room| room.record_taker));
    let hands_over = Memo::new(move |_| !over.get() && (runs.get() || manages.get()));
    let who = move || {
        let taker = taker.get().map(|taker| format!(" · record {}", live.name(taker)));
        format!("Chair {}{}", live.name(chair.get()), taker.unwrap_or_default())
    };
    let meeting = live.page.with_untracked(|page| page.room.id);
    let roles = move || {
        let (chair, taker) = (chair.get(), taker.get());
        view! {
            {chairs.get().then(|| untrack(|| hand_over(live, "hand_over_chair", "Hand chairing to", chair, false)))}
            {runs.get().then(|| untrack(|| hand_over(live, "hand_over_record", "Hand record-taking to", taker.unwrap_or(chair), taker.is_some())))}
            {(manages.get() && !chairs.get()).then(|| act_button("take_over", None, format!("Take over chairing from {}", live.name(chair)), "govuk-button govuk-button--secondary"))}
        }
    };
    view! {
        <details class="cr-more cr-more--menu">
            <summary>"Meeting"</summary>
            <div class="cr-more__content">
                <p class="cr-quiet cr-more__line">{who}</p>
                // A phone has no room for the header of every page.
                <p class="cr-quiet cr-more__line cr-on-phone">{format!("You are {}", live.name(live.me()))}</p>
                <a class="cr-on-phone" href="/meetings">"All meetings"</a>
                <form class="cr-on-phone" action="/api/sign-out" method="post" data-worker=live.me().to_string()>
                    <button type="submit" class="cr-more__item">"Sign out"</button>
                </form>
                <a class="cr-on-phone" href="/step-out">"I need to step out"</a>
                {quiet::switch(live)}
                <a href=format!("/meetings/{meeting}/minutes")>"Minutes"</a>
                {move || runs.get().then(|| view! { <a href=format!("/meetings/{meeting}?view=room") target="_blank" rel="noopener">"Wall display"</a><a href=format!("/meetings/{meeting}/notes") target="_blank" rel="noopener">"Running note"</a> })}
                {move || hands_over.get().then(|| view! { <a href=format!("/meetings/{meeting}/plan")>"Change the plan"</a><a href=format!("/meetings/{meeting}/guests")>"Guests from outside"</a> })}
                {move || (chairs.get() && matches!(phase.get(), Phase::Open { .. })).then(|| view! { <a href=format!("/meetings/{meeting}/close")>"Close meeting"</a> })}
                {move || hands_over.get().then(|| untrack(|| fold("Hand over", roles)))}
            </div>
        </details>
    }
}

/// Hands on what `now` has. Once it has changed hands the form is another one: a browser would choose whoever comes to stand
/// at the same place of the list.
fn hand_over(live: Live, act: &'static str, label: &'static str, now: WorkerId, can_end: bool) -> impl IntoView {
    keyed(move || [now], move |now| hand_over_form(live, act, label, now, can_end))
}

fn hand_over_form(live: Live, act: &'static str, label: &'static str, now: WorkerId, can_end: bool) -> impl IntoView {
    // Those who are here first: it is nearly always one of them.
    let here = live.here.get_untracked();
    let people = live.page.with_untracked(|page| {
        let named = |worker: &WorkerId| Some((page.names.get(worker)?.in_words(), *worker));
        let others = page.offered.iter().filter(|worker| **worker != now).filter_map(named);
        let (near, far): (Vec<_>, Vec<_>) =
            others.partition(|(_, worker)| here.iter().any(|here| here.worker == *worker));
        near.into_iter().chain(far).collect::<Vec<_>>()
    });
    let unfiled = move || live.page.with(|page| page.noted.values().sum::<usize>());
    let warns = act == "hand_over_record";
    view! {
        {move || Some(unfiled()).filter(|lines| warns && *lines > 0).map(|lines| view! {
            <p class="govuk-body cr-hint">{format!("{} of your running note {} in no box. File first: whoever takes over cannot read or file your note.",
                if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") }, if lines == 1 { "is" } else { "are" })}</p>
        })}
        <Act act=act key=act.to_owned() class="cr-act--row">
            <label>{label}" "
                <select class="govuk-select" name="form[to]">
                    <option value="">{if can_end { "the chair" } else { "Choose" }}</option>
                    {choices::people(move || people.clone(), None)}
                </select>
            </label>
            <button type="submit" class="cr-small-button">"Hand over"</button>
        </Act>
    }
}
