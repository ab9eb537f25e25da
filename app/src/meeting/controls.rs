//! What moves the whole meeting: open, close, hand over.

use domain::meeting::{Phase, Progress};
use domain::{WorkerId, dates};
use leptos::prelude::*;

use super::Live;
use super::form::{Act, fold, press};

/// Few, and only for those who may.
pub fn meeting_controls(live: Live) -> impl IntoView {
    let what = Memo::new(move |_| {
        live.page.with(|page| {
            (page.room.phase, page.room.chair, page.room.record_taker, page.manages, page.room.handovers.len())
        })
    });
    let content = move || {
        let (phase, chair, taker, manages, _) = what.get();
        let meeting = live.page.with_untracked(|page| page.room.id);
        let (chairs, runs) = untrack(|| (live.chairs(), live.runs()));
        view! {
                {match phase {
                    Phase::Planned if chairs => press("open", None, "Open meeting", "govuk-button").into_any(),
                    Phase::Planned => view! { <p class="govuk-body">{format!("Not open yet. {} opens it.", live.name(chair))}</p> }.into_any(),
                    Phase::Open { .. } => ().into_any(),
                    Phase::Closed { at } => view! { <p class="govuk-body">{format!("Closed at {}. ", dates::clock(at))}{manages.then(|| view! { <a class="govuk-link" href="/records">"Sign the records"</a> })}</p> }.into_any(),
                }}
                <p class="govuk-body-s cr-controls__links">
                    <a class="govuk-link" href=format!("/meetings/{meeting}/minutes")>"Minutes"</a>" "
                    {runs.then(|| view! { <a class="govuk-link" href=format!("/meetings/{meeting}?view=room") target="_blank" rel="noopener">"Wall display"</a>" "<a class="govuk-link" href=format!("/meetings/{meeting}/notes") target="_blank" rel="noopener">"Running note"</a>" " })}
                    {((runs || manages) && !matches!(phase, Phase::Closed { .. })).then(|| view! { <a class="govuk-link" href=format!("/meetings/{meeting}/plan")>"Change the plan"</a> })}
                </p>
                {(!matches!(phase, Phase::Closed { .. }) && (runs || manages)).then(|| fold("Hand over, close", view! {
                    {chairs.then(|| hand_over(live, "hand_over_chair", "Hand chairing to", chair, false))}
                    {runs.then(|| hand_over(live, "hand_over_record", "Hand record-taking to", taker.unwrap_or(chair), taker.is_some()))}
                    {(manages && !chairs).then(|| press("take_over", None, format!("Take over chairing from {}", live.name(chair)), "govuk-button govuk-button--secondary"))}
                    {(chairs && matches!(phase, Phase::Open { .. })).then(|| view! {
                        <a class="govuk-button govuk-button--secondary" role="button" href=format!("/meetings/{meeting}/close")>"Close meeting"</a>
                    })}
                }))}
        }
    };
    view! { <div class="cr-controls" role="group" aria-label="The meeting">{content}</div> }
}

fn hand_over(live: Live, act: &'static str, label: &'static str, now: WorkerId, can_end: bool) -> impl IntoView {
    // Those who are here first: it is nearly always one of them.
    let here = live.here.get_untracked();
    let people = live.page.with_untracked(|page| {
        let named = |worker: &WorkerId| Some((page.names.get(worker)?.in_words(), *worker));
        let others = page.offered.iter().filter(|worker| **worker != now).filter_map(named);
        let (near, far): (Vec<_>, Vec<_>) =
            others.partition(|(_, worker)| here.iter().any(|here| here.worker == *worker));
        near.into_iter().chain(far).collect::<Vec<_>>()
    });
    view! {
        <Act act=act key=act.to_owned() class="cr-act--row">
            <label>{label}" "
                <select class="govuk-select" name="form[to]">
                    <option value="">{if can_end { "the chair" } else { "Choose" }}</option>
                    {people.into_iter().map(|(name, worker)| view! { <option value=worker.to_string()>{name}</option> }).collect_view()}
                </select>
            </label>
            <button type="submit" class="cr-small-button">"Hand over"</button>
        </Act>
    }
}

/// Start, pause, finish: for the family on the page.
pub fn slot_controls(live: Live, id: domain::SlotId) -> impl IntoView {
    let what = Memo::new(move |_| {
        live.slot(id, |room, slot| {
            let running = if let Progress::InDiscussion { running_since, stage, .. } = &slot.progress {
                Some((running_since.is_some(), stage + 1 < room.template.stages.len()))
            } else {
                None
            };
            Some((
                room.is_open(),
                running,
                slot.progress.frozen(),
                matches!(slot.progress, Progress::Postponed { .. }),
                room.current == Some(id),
                room.chair,
                room.record_taker,
            ))
        })
    });
    move || {
        let Some((open, running, frozen, postponed, current, ..)) = what.get() else { return ().into_any() };
        let (chairs, runs) = untrack(|| (live.chairs(), live.runs()));
        if !runs || !open {
            return ().into_any();
        }
        if frozen && !postponed {
            return chairs.then(|| press("reopen", Some(id), "Reopen this family", "cr-small-button")).into_any();
        }
        let begun = running.is_some();
        view! {
            <div class="cr-slot-controls">
                {(!current && (!frozen || postponed)).then(|| press("start", Some(id), if begun { "Back to this family" } else { "Start" }, "govuk-button"))}
                {running.map(|(running, _)| view! {
                    {current.then(|| if running { press("pause", Some(id), "Pause", "cr-small-button") } else { press("resume", Some(id), "Resume", "cr-small-button") })}
                })}
                {(chairs && begun).then(|| view! {
                    // The way on is green: the next heading until the last one is reached.
                    {press("finish", Some(id), "Finish this family", if running.is_some_and(|(_, more)| more) { "govuk-button govuk-button--secondary" } else { "govuk-button" })}
                    {press("postpone", Some(id), "Postpone this family", "cr-small-button")}
                })}
            </div>
        }.into_any()
    }
}
