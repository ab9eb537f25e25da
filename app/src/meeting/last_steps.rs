//! Last month's decisions, and what became of its steps: said with one press each.

use domain::meeting::{Became, LastStep};
use domain::page::{EarlierCard, StepCard};
use domain::status::StepStatus;
use domain::{SlotId, StepId, dates};
use leptos::prelude::*;

use super::Live;
use super::act::{Act, fields, hidden, no_choice_by_enter, nothing};
use super::{beside, next_date, open_row};
use crate::live::Fields;
use crate::parts::erased::view;
use crate::parts::keyed::keyed;

/// Last month's decisions and the steps of then.
pub fn last_steps(live: Live, id: SlotId) -> impl IntoView {
    let steps = Memo::new(move |_| {
        live.beside(id, |beside| beside.family.steps.iter().map(|step| step.id).collect::<Vec<_>>())
    });
    let asked = Memo::new(move |_| asked_now(live, id));
    view! {
        {decided(live, id)}
        <ul class="govuk-list cr-last-steps" aria-label="Last month’s steps">
            {keyed(move || steps.get(), move |step| one(live, id, step, asked))}
        </ul>
    }
}

/// Last month's decisions; what was decided for several children alike is said once.
pub fn decided(live: Live, id: SlotId) -> impl IntoView {
    let decided = Memo::new(move |_| {
        live.beside(id, |beside| {
            let earlier = &beside.family.earlier;
            let last = earlier.first().map(|record| record.held_on);
            let mut lines: Vec<(Vec<String>, EarlierCard)> = Vec::new();
            for record in earlier.iter().filter(|record| Some(record.held_on) == last) {
                let same = |(_, card): &&mut (Vec<String>, EarlierCard)| {
                    (&card.decision, &card.why) == (&record.decision, &record.why)
                };
                match lines.iter_mut().find(same) {
                    Some((children, _)) => children.push(record.child.clone()),
                    None => lines.push((vec![record.child.clone()], record.clone())),
                }
            }
            lines
        })
    });
    let kept = Memo::new(move |_| live.beside(id, |beside| beside.family.reduced));
    view! {
        {move || decided.with(Vec::is_empty).then(|| nothing(if kept.get() { beside::KEPT } else { "No earlier group supervision is recorded here." }))}
        <ul class="govuk-list">
            {move || decided.get().into_iter().map(|(children, record)| view! {
                <li><strong>{children.join(", ")}</strong>", "{dates::short_date(record.held_on)}": "{record.decision}{(!record.why.is_empty()).then(|| format!(". Why: {}", record.why))}</li>
            }).collect_view()}
        </ul>
    }
}

/// A step as the workbook has it, with what this meeting said of it.
fn step_now(live: Live, id: SlotId, step: StepId) -> Option<(StepCard, Option<LastStep>)> {
    let card = live.beside(id, |beside| beside.family.steps.iter().find(|card| card.id == step).cloned())?;
    let said = live.slot(id, |_, slot| slot.last_steps.iter().find(|said| said.step == step).cloned());
    Some((card, said))
}

fn row_of(step: StepId) -> String {
    format!("last-{step}")
}

/// The step that is asked for: the one that was opened, else the viewer's own first that nothing is said of, else the first
/// of anybody's.
fn asked_now(live: Live, id: SlotId) -> Option<StepId> {
    let said = live.slot(id, |_, slot| slot.last_steps.iter().map(|said| said.step).collect::<Vec<_>>());
    let may = live.writable(id);
    live.beside(id, |beside| {
        let steps = &beside.family.steps;
        let opened = steps.iter().find(|step| open_row::is_open(live, &row_of(step.id)));
        let mut waiting = steps.iter().filter(|step| !said.contains(&step.id) && !step.state.settled());
        let mine = waiting.clone().find(|step| step.mine);
        opened.or(mine).or_else(|| waiting.next()).map(|step| step.id)
    })
    .filter(|_| may)
}

fn one(live: Live, id: SlotId, step: StepId, asked: Memo<Option<StepId>>) -> impl IntoView {
    let step_now = Memo::new(move |_| step_now(live, id, step));
    let open = Memo::new(move |_| live.writable(id) && live.discussed(id));
    let here = Memo::new(move |_| asked.get() == Some(step));
    // Said in this meeting already it can still be said otherwise.
    let settled = Memo::new(move |_| {
        step_now.with(|now| now.as_ref().is_some_and(|(card, said)| said.is_some() || card.state.settled()))
    });
    let what = step_now.with_untracked(|now| now.as_ref().map(|(card, _)| card.what.clone()).unwrap_or_default());
    view! {
        <li>
            {move || step_now.get().map(|(card, said)| line(live, &card, said.as_ref()))}
            {move || open.get().then(|| {
                let label = if settled.get() { "Say otherwise" } else { "Say what became of it" };
                view! {
                    {(!here.get()).then(|| { let what = what.clone(); view! { " "{untrack(|| open_row::way(live, id, row_of(step), label, what))} } })}
                    {here.get().then(|| untrack(|| view! { <div data-row=row_of(step) on:input=move |_| open_row::keep_open(live, &row_of(step))>{answer(live, id, step, &what)}</div> }))}
                }
            })}
        </li>
    }
}

fn line(live: Live, card: &StepCard, said: Option<&LastStep>) -> impl IntoView + use<> {
    let state = match (said.map(|said| said.became), card.state) {
        (Some(Became::Done), _) | (None, StepStatus::Done) => "✓ done".to_owned(),
        (Some(Became::NotDone), _) | (None, StepStatus::NotDone) => "○ not done".to_owned(),
        (Some(Became::Carried), StepStatus::Carried) | (None, StepStatus::Carried) => {
            format!("→ carried on, {}", times(card.carried))
        }
        (Some(Became::Carried), _) => "→ carried on".to_owned(),
        (Some(Became::Dropped), _) | (None, StepStatus::Dropped) => "– not needed any more".to_owned(),
        (None, StepStatus::Open) => "○ open".to_owned(),
    };
    let due = said.and_then(|said| said.due).or(card.due);
    let settled = said.is_some() || card.state.settled();
    let overdue = due.is_some_and(|due| due < live.today()) && !settled;
    let details = format!(
        " · {}{}{}{}",
        card.owner,
        due.map(|due| format!(" · by {}", dates::short_date(due))).unwrap_or_default(),
        card.first_due.map(|due| format!(", first by {}", dates::short_date(due))).unwrap_or_default(),
        if overdue { ", overdue" } else { "" }
    );
    let word = said.map_or(card.word.clone(), |said| said.word.clone());
    view! { <span>{state}" · "{card.what.clone()}<span class="cr-quiet">{details}</span>{(!word.is_empty()).then(|| format!(" · {word}"))}</span> }
}

fn times(count: i64) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

/// The act that brings back what was said of a step before: this meeting's own word, else what the workbook has.
fn as_before(live: Live, id: SlotId, step: StepId) -> Fields {
    let said = live.slot(id, |_, slot| slot.last_steps.iter().find(|said| said.step == step).cloned());
    match said {
        None => fields("take_back_last_step", id, [("step", step.to_string())]),
        Some(LastStep { became, due, word, .. }) => {
            let due = due.map(dates::typed).unwrap_or_default();
            let how = became.word().to_owned();
            fields("answer_last_step", id, [("step", step.to_string()), ("how", how), ("due", due), ("why", word)])
        }
    }
}

fn answer(live: Live, id: SlotId, step: StepId, what: &str) -> impl IntoView + use<> {
    let (field, due) = (format!("said-{step}"), format!("due-{step}"));
    // The next supervision, agreed or usual.
    let next = untrack(|| next_date::agreed_or_usual(live, id));
    let what = what.to_owned();
    let undo = Signal::derive(move || as_before(live, id, step));
    view! {
        <Act act="answer_last_step" at=id key=format!("answer-{step}") reset=true class="cr-answer" undo=undo>
            {no_choice_by_enter()}
            {hidden("step", step)}
            <label class="govuk-visually-hidden" for=field.clone()>"Why, in a few words: "{what.clone()}</label>
            <input class="govuk-input cr-word" id=field.clone() name="form[why]" placeholder="why, in a few words"/>
            <label for=due.clone()>"Carry on until"<span class="govuk-visually-hidden">": "{what.clone()}</span></label>
            <input class="govuk-input cr-date" id=due name="form[due]" value=dates::typed(next) autocomplete="off"/>
            {Became::ALL.into_iter().map(|became| view! {
                <button type="submit" class="cr-tap" name="form[how]" value=became.word()>{became.title()}<span class="govuk-visually-hidden">": "{what.clone()}</span></button>
            }).collect_view()}
        </Act>
    }
}
