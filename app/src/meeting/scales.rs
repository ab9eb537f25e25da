//! Numbers that everybody gives alone, hidden until the chair reveals them, then shown as a picture with its text.

use domain::meeting::{Attendance, ScaleAnswer, ScaleValue, Slot, Spread};
use domain::template::Scale;
use domain::{PersonId, SlotId, WorkerId};
use leptos::prelude::*;
use std::collections::BTreeMap;

use super::Live;
use super::act::{Act, fold, hidden, no_choice_by_enter, nothing};
use super::choices;
use super::people::initials;
use crate::parts::erased::view;
use crate::parts::text_area::TextArea;

/// One question, about the family or about one child.
type ScaleQuestion = (Scale, Option<PersonId>);

/// All questions of the template, for the family or for each child.
pub fn scales(live: Live, id: SlotId) -> impl IntoView {
    let asked = questions(live, id);
    if asked.is_empty() {
        return nothing("This template asks no question with a number.").into_any();
    }
    let revealed = live.memo(id, |_, slot| slot.scales.revealed_at.is_some());
    let count = live.memo(id, |_, slot| slot.scales.answers.len());
    let questions = asked.len();
    let how_many = live.memo(id, move |_, slot| how_many_answered(slot, questions));
    let reveals = Memo::new(move |_| !revealed.get() && count.get() > 0 && live.chairs() && live.discussed(id));
    view! {
        {move || (!revealed.get()).then(|| view! { <p class="govuk-body cr-quiet">"Nobody sees a number until the chair reveals them all; then everybody in this discussion does. No number goes into the record."</p> })}
        {move || (!revealed.get()).then(|| view! { <p class="govuk-body">{how_many}</p> })}
        {move || reveals.get().then(|| view! {
            <Act act="reveal_scales" at=id key="reveal-scales">
                <button type="submit" class="govuk-button">"Reveal the numbers"</button>
            </Act>
        })}
        {asked.iter().enumerate().map(|(at, question)| {
            let (scale, child) = question;
            let first = at.checked_sub(1).is_none_or(|before| asked[before].0.key != scale.key);
            let above = (first && child.is_some()).then(|| scale.clone());
            view! {
                {above.map(|scale| view! { {move || (!revealed.get()).then(|| view! { <p class="govuk-body cr-scale__asked">{asked_in_words(&scale)}</p> })} })}
                {one(live, id, question.clone(), revealed)}
            }
        }).collect_view()}
        {for_callers(live, id, asked, revealed)}
        {move || revealed.get().then(|| untrack(|| words(live, id)))}
    }
}

/// "3 people have answered all 3 questions, 1 some of them, 2 none", "nobody has answered yet"; where nobody has marked who is here, without the last.
fn how_many_answered(slot: &Slot, questions: usize) -> String {
    let mut counts: BTreeMap<WorkerId, usize> = BTreeMap::new();
    slot.scales.answers.iter().for_each(|answer| *counts.entry(answer.worker).or_default() += 1);
    let whole = counts.values().filter(|count| **count >= questions).count();
    let some = counts.len() - whole;
    let may = |worker: &&WorkerId| !slot.marked_absent(**worker) && !counts.contains_key(*worker);
    let none = if slot.attendance.is_empty() { 0 } else { slot.members.keys().filter(may).count() };
    let all = if questions > 1 { format!(" all {questions} questions") } else { String::new() };
    if counts.is_empty() {
        return "Nobody has answered yet.".to_owned();
    }
    let mut words = match whole {
        1 => format!("1 person has answered{all}"),
        count => format!("{count} people have answered{all}"),
    };
    if some > 0 {
        words.push_str(&format!(", {some} some of them"));
    }
    if none > 0 {
        words.push_str(&if questions > 1 { format!(", {none} none") } else { format!(", {none} not yet") });
    } else if some == 0 && !slot.attendance.is_empty() {
        words.push_str(", nobody is missing");
    }
    words
}

fn questions(live: Live, id: SlotId) -> Vec<ScaleQuestion> {
    let scales = live.page.with_untracked(|page| page.room.template.meeting.scales.clone());
    let children: Vec<PersonId> = live.family(id, |family| family.children.iter().map(|child| child.id).collect());
    scales
        .into_iter()
        .flat_map(|scale| {
            let about = if scale.per_child { children.iter().map(|child| Some(*child)).collect() } else { vec![None] };
            about.into_iter().map(move |child| (scale.clone(), child)).collect::<Vec<_>>()
        })
        .collect()
}

fn title(live: Live, id: SlotId, (scale, child): &ScaleQuestion) -> String {
    child.map_or_else(|| scale.question.clone(), |child| format!("{}: {}", live.child(id, child), scale.question))
}

fn one(live: Live, id: SlotId, question: ScaleQuestion, revealed: Memo<bool>) -> impl IntoView {
    let writes = Memo::new(move |_| live.writable(id));
    move || {
        if revealed.get() {
            let (scale, child) = question.clone();
            match live.slot(id, |_, slot| slot.scales.spread(&scale.key, child)) {
                Some(spread) => untrack(|| shown(live, id, &question, &spread)).into_any(),
                None => {
                    view! { <p class="govuk-body"><strong>{title(live, id, &question)}</strong>" Nobody answered."</p> }
                }
            }
        } else if writes.get() {
            untrack(|| ask(live, id, &question)).into_any()
        } else {
            view! { <p class="govuk-body">{title(live, id, &question)}</p> }
        }
    }
}

/// A question and the ends of its scale.
fn asked_in_words(scale: &Scale) -> impl IntoView + use<> {
    view! { <strong>{scale.question.clone()}</strong><span class="cr-quiet cr-scale__ends">{format!("0: {} · 10: {}", scale.low, scale.high)}</span> }
}

fn ask(live: Live, id: SlotId, question: &ScaleQuestion) -> impl IntoView + use<> {
    let (scale, child) = question.clone();
    let me = live.me();
    let field = field_of(question);
    // What is asked of each child stands once above them all.
    let legend = match child {
        Some(child) => {
            view! { <strong>{live.child(id, child)}</strong><span class="govuk-visually-hidden">": "{scale.question.clone()}</span> }
        }
        None => asked_in_words(&scale).into_any(),
    };
    let key = scale.key.clone();
    let mine: Memo<Option<ScaleAnswer>> = live.memo(id, move |_, slot| slot.scales.answer_of(&key, child, me).cloned());
    let why = mine.get_untracked().map(|given| given.why).unwrap_or_default();
    let given = move || {
        mine.get().map(|given| {
            let why = if given.why.is_empty() { String::new() } else { format!(" You wrote: {}", given.why) };
            match given.answer {
                ScaleValue::Number(number) => format!("You gave {number}.{why}"),
                ScaleValue::Passed | ScaleValue::Hidden => format!("You pass.{why}"),
            }
        })
    };
    let passes = move || mine.get().is_some_and(|given| given.answer.number().is_none());
    let chosen = move || mine.get().and_then(|given| given.answer.number());
    view! {
        <Act act="answer_scale" at=id key=field.clone()>
            {no_choice_by_enter()}
            {hidden("scale", &scale.key)}
            {child.map(|child| hidden("child", child))}
            {hidden("worker", me)}
            <fieldset class="govuk-fieldset cr-scale">
                <legend class="govuk-fieldset__legend">{legend}</legend>
                // Before the number it goes with the number; after it, by itself.
                <p class="cr-scale__why"><label for=format!("{field}-why")>"One line why"</label>
                <input class="govuk-input" id=format!("{field}-why") name="form[why]" value=why autocomplete="off"
                    on:change=move |event| super::act::send_when_left(&event) on:input=move |event| super::act::send_when_quiet(event.as_ref())
                    on:compositionend=move |event| super::act::send_when_quiet(event.as_ref())/></p>
                <div class="cr-numbers" on:change=move |event| super::act::send_when_chosen(&event)>
                    {(0..=10_u8).map(|number| view! {
                        <label class="cr-number"><input type="radio" name="form[number]" value=number.to_string() checked=move || chosen() == Some(number)/>{number}</label>
                    }).collect_view()}
                    <label class="cr-number"><input type="radio" name="form[number]" value="pass" checked=passes/>"Pass"</label>
                </div>
                <button type="submit" class="cr-small-button cr-without-scripts">"Keep my answer"</button>
            </fieldset>
        </Act>
        // Its line is there before the answer, so that nothing moves under the finger.
        <p class="govuk-body cr-given">{given}</p>
    }
}

/// For whoever runs the meeting: numbers said on the phone, for those on the call who have given none.
fn for_callers(live: Live, id: SlotId, asked: Vec<ScaleQuestion>, revealed: Memo<bool>) -> impl IntoView {
    let lacking = {
        let asked = asked.clone();
        Memo::new(move |_| {
            let some = |question: &ScaleQuestion| !callers(live, id, question).is_empty();
            live.runs() && live.writable(id) && !revealed.get() && asked.iter().any(some)
        })
    };
    move || {
        let asked = asked.clone();
        lacking.get().then(|| {
            fold(
                "For somebody on the call",
                asked.into_iter().map(|question| on_the_call(live, id, question)).collect_view(),
            )
        })
    }
}

/// Those on the call who have given no number to a question.
fn callers(live: Live, id: SlotId, (scale, child): &ScaleQuestion) -> Vec<WorkerId> {
    let me = live.me();
    live.slot(id, |_, slot| {
        let gave = |worker: WorkerId| slot.scales.answer_of(&scale.key, *child, worker).is_some();
        let call = slot.attendance.iter().filter(|(_, how)| **how == Attendance::Call);
        call.map(|(worker, _)| *worker).filter(|worker| *worker != me && !gave(*worker)).collect()
    })
}

fn on_the_call(live: Live, id: SlotId, question: ScaleQuestion) -> impl IntoView {
    let (scale, child) = question.clone();
    let field = format!("{}-phone", field_of(&question));
    let title = title(live, id, &question);
    let people = Memo::new(move |_| live.to_choose(callers(live, id, &question)));
    let some = Memo::new(move |_| !people.with(Vec::is_empty));
    move || {
        let (field, scale, title) = (field.clone(), scale.clone(), title.clone());
        some.get().then(|| view! {
            <Act act="answer_scale" at=id key=field.clone()>
                {hidden("scale", &scale.key)}
                {child.map(|child| hidden("child", child))}
                <fieldset class="govuk-fieldset">
                    <legend class="govuk-fieldset__legend">{title}</legend>
                    <label for=field.clone()>"Said on the call by"</label>" "
                    <select class="govuk-select" id=field.clone() name="form[worker]">
                        <option value="">"Choose"</option>
                        {choices::people(move || people.get(), None)}
                    </select>
                    <label for=format!("{field}-number")>"Their number"</label>
                    <select class="govuk-select" id=format!("{field}-number") name="form[number]">
                        <option value="">"Choose"</option>
                        {(0..=10_u8).map(|number| view! { <option value=number.to_string()>{number}</option> }).collect_view()}
                        <option value="pass">"Pass"</option>
                    </select>
                    <button type="submit" class="cr-small-button">"Keep their number"</button>
                </fieldset>
            </Act>
        })
    }
}

/// The name of a question's field.
fn field_of((scale, child): &ScaleQuestion) -> String {
    format!("scale-{}-{}", scale.key, child.map(|child| child.to_string()).unwrap_or_default())
}

/// The spreads of all questions that were answered, for the wall; how many have answered, until they are revealed.
pub fn spreads(live: Live, id: SlotId) -> impl IntoView {
    let asked = questions(live, id);
    let revealed = live.memo(id, |_, slot| slot.scales.revealed_at.is_some());
    let questions = asked.len();
    let how_many = live.memo(id, move |_, slot| how_many_answered(slot, questions));
    move || {
        if !revealed.get() {
            return vec![view! { <p>{how_many.get()}</p> }];
        }
        let shown_ = asked.iter().filter_map(|question| {
            let (scale, child) = question;
            let spread = live.slot(id, |_, slot| slot.scales.spread(&scale.key, *child))?;
            Some(untrack(|| shown(live, id, question, &spread)).into_any())
        });
        shown_.collect::<Vec<_>>()
    }
}

/// The picture with everybody's initials, its text beside it, and who is asked first.
fn shown(live: Live, id: SlotId, question: &ScaleQuestion, spread: &Spread) -> impl IntoView + use<> {
    let (scale, child) = question;
    let line = |number: &u8, who: &Vec<WorkerId>| format!("{number}: {}", live.names(who.iter().copied()));
    let passed = (!spread.passed.is_empty()).then(|| format!("Passed: {}", live.names(spread.passed.iter().copied())));
    let text: Vec<String> = spread.numbers.iter().map(|(number, who)| line(number, who)).chain(passed).collect();
    let last = live.beside(id, |beside| {
        let last = beside.last_numbers.iter().find(|last| last.scale == scale.key && last.child == *child);
        last.map(|last| last.numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
    });
    let last = last.map(|numbers| format!(" Last time: {numbers}."));
    let first = spread.furthest().map(|(low, high)| {
        format!("Furthest apart: {} and {}. Ask them first what they see.", live.name(low), live.name(high))
    });
    // Initials stand above their number, one above the other.
    let standing = spread.numbers.iter().flat_map(|(number, who)| {
        let x = 20 + i32::from(*number) * 28;
        who.iter().zip(0..).map(move |(worker, at)| (x, 42 - at * 15, initials(&live.name(*worker))))
    });
    let standing: Vec<(i32, i32, String)> = standing.collect();
    let top = standing.iter().map(|(_, y, _)| y - 14).min().unwrap_or_default();
    let whys: Vec<(String, String)> = live.slot(id, |_, slot| {
        let of = slot
            .scales
            .answers
            .iter()
            .filter(|given| given.scale == scale.key && given.child == *child && !given.why.is_empty());
        of.map(|given| (live.name(given.worker), given.why.clone())).collect()
    });
    view! {
        <section class="cr-spread">
            <h3 class="govuk-heading-s">{title(live, id, question)}</h3>
            <svg viewBox=format!("0 {top} 320 {}", 66 - top) class="cr-spread__picture" aria-hidden="true" focusable="false">
                <line x1="20" y1="48" x2="300" y2="48" class="cr-spread__line"/>
                {(0..=10).map(|number| view! { <text x=(20 + number * 28).to_string() y="63" text-anchor="middle">{number}</text> }).collect_view()}
                {standing.into_iter().map(|(x, y, who)| view! { <text x=x.to_string() y=y.to_string() text-anchor="middle" class="cr-spread__who">{who}</text> }).collect_view()}
            </svg>
            <p class="govuk-body">{(!text.is_empty()).then(|| format!("{}.", text.join(" · ")))}{last}</p>
            {first.map(|words| view! { <p class="govuk-body"><strong>{words}</strong></p> })}
            {(!whys.is_empty()).then(|| view! { <ul class="govuk-list">{whys.into_iter().map(|(who, why)| view! { <li>{who}": "{why}</li> }).collect_view()}</ul> })}
        </section>
    }
}

/// What the chair writes of the numbers: that is what the record keeps.
fn words(live: Live, id: SlotId) -> impl IntoView {
    let words = live.memo(id, |_, slot| slot.scales.words.clone());
    let writes = Memo::new(move |_| live.runs() && live.discussed(id));
    move || {
        if writes.get() {
            let start = words.get_untracked();
            view! {
                <Act act="word_scales" at=id key="word-scales">
                    <label class="govuk-label" for="spread-words">"What the numbers told us. The record keeps these words and no number."</label>
                    <div on:change=move |event| super::act::send_when_left(&event)><TextArea id="spread-words" name="form[text]" rows=2 value=start/></div>
                    <button type="submit" class="cr-small-button">"Keep these words"</button>
                </Act>
            }
        } else {
            (!words.with(String::is_empty))
                .then(|| view! { <p class="govuk-body cr-plain">{words.get()}</p> })
                .into_any()
        }
    }
}
