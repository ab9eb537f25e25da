//! Before anything is said: who is here, the question for today, whose summary is there, when each child was seen.

use domain::{SlotId, WorkerId};
use leptos::prelude::*;
use std::collections::BTreeMap;

use super::Live;
use super::act::Act;
use super::people;
use crate::parts::erased::view;

/// What the chair sees first, and goes on regardless.
pub fn check_in(live: Live, id: SlotId) -> impl IntoView {
    let question = live.memo(id, |_, slot| slot.question.clone());
    let asks = Memo::new(move |_| live.writable(id));
    let ready = Memo::new(move |_| live.runs().then(|| summaries(live, id)));
    view! {
        // A phone has no room for the people in its bar.
        <p class="govuk-body cr-on-phone">{move || people::in_words(live, Some(id))}</p>
        {people::asked(live, id)}
        {warnings(live, id)}
        {move || Some(question.get()).filter(|question| !question.is_empty()).map(|question| view! { <p class="govuk-body"><strong>"Today’s question: "</strong>{question}</p> })}
        {move || ready.get().map(|words| view! { <p class="govuk-body cr-quiet">{words}</p> })}
        {move || asks.get().then(|| untrack(|| ask(id, question)))}
    }
}

fn ask(id: SlotId, question: Memo<String>) -> impl IntoView {
    let none = Memo::new(move |_| question.with(String::is_empty));
    view! {
        <details class="cr-fold" data-closes="yes">
            <summary>{move || if none.get() { "Ask one question for today" } else { "Change the question" }}</summary>
            <Act act="ask_question" at=id key="question" reset=true>
                <input type="hidden" name="form[seen]" value=move || question.get()/>
                <label class="govuk-visually-hidden" for="ask-today">"The question for today"</label>
                <input class="govuk-input cr-ask-today" id="ask-today" name="form[what]" value=move || question.get() placeholder="The one question for today"/>
                <button type="submit" class="cr-small-button">{move || if none.get() { "Ask it" } else { "Change it" }}</button>
            </Act>
        </details>
    }
}

/// Whose summary of this month is there, who is away, how many steps are overdue.
fn summaries(live: Live, id: SlotId) -> String {
    let workers: BTreeMap<WorkerId, String> = live
        .family(id, |family| family.allocated.iter().filter_map(|who| Some((who.worker?, who.name.clone()))).collect());
    let today = live.today();
    let (current, overdue) = live.beside(id, |beside| {
        let summaries = beside.family.summaries.iter();
        let current: Vec<WorkerId> =
            summaries.filter(|summary| summary.current).map(|summary| summary.worker).collect();
        let late = |step: &&domain::page::StepCard| step.due.is_some_and(|due| due < today) && !step.state.settled();
        (current, beside.family.steps.iter().filter(late).count())
    });
    let names = |there: bool| {
        let of = workers.iter().filter(|(worker, _)| current.contains(worker) == there);
        of.map(|(_, name)| name.clone()).collect::<Vec<_>>().join(", ")
    };
    let (ready, late) = (names(true), names(false));
    let away: Vec<String> =
        workers.iter().filter(|(worker, _)| live.away_today(id, **worker)).map(|(_, name)| name.clone()).collect();
    let mut words = match (ready.is_empty(), late.is_empty()) {
        (true, _) => "No summary is written for this month. You can go on.".to_owned(),
        (false, true) => format!("Summaries of this month: {ready}."),
        (false, false) => format!("Summaries of this month: {ready}. Still to come: {late}."),
    };
    if !away.is_empty() {
        words.push_str(&format!(" Away today: {}.", away.join(", ")));
    }
    match overdue {
        0 => {}
        1 => words.push_str(" 1 step is overdue."),
        _ => words.push_str(&format!(" {overdue} steps are overdue.")),
    }
    words
}

/// What somebody should look at: no social worker, a date passed.
fn warnings(live: Live, id: SlotId) -> impl IntoView {
    let warnings = live.family(id, |family| family.warnings.clone());
    warnings.into_iter().map(|warning| view! { <p class="govuk-body cr-overdue">{warning}</p> }).collect_view()
}
