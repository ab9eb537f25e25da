//! Scores: given alone, hidden until the chair reveals them, then shown as a picture with its text.

use crate::parts::text_area::TextArea;
use domain::PersonId;
use domain::meeting::{ScaleAnswer, Spread};
use domain::template::Scale;
use leptos::prelude::*;
use service::meeting::DiscussionPage;

use super::{act, hidden, no_choice_by_enter, nothing};

/// All questions of the template, for the family or for each child.
pub fn scales(page: &DiscussionPage) -> impl IntoView + use<> {
    let scales = page.room.template.practice.scales.clone();
    if scales.is_empty() {
        return nothing("This template asks no question with a number.").into_any();
    }
    let revealed = page.slot.scales.revealed_at.is_some();
    let asked: Vec<(Scale, Option<PersonId>)> = scales
        .into_iter()
        .flat_map(|scale| {
            let children: Vec<Option<PersonId>> = if scale.per_child {
                page.family.card.children.iter().map(|child| Some(child.id)).collect()
            } else {
                vec![None]
            };
            children.into_iter().map(move |child| (scale.clone(), child))
        })
        .collect();
    let count =
        page.slot.scales.answers.iter().map(|known| known.worker).collect::<std::collections::BTreeSet<_>>().len();
    let people = if count == 1 { "1 person has answered".to_owned() } else { format!("{count} people have answered") };
    view! {
        {(!revealed).then(|| view! { <p class="govuk-body-s cr-quiet">"Nobody sees a number until the chair reveals them all; then everybody in this discussion does. No number goes into the record."</p> })}
        {asked.into_iter().map(|(scale, child)| {
            let spread = page.slot.scales.spread(&scale.key, child);
            match spread {
                Some(spread) => shown(page, &scale, child, &spread).into_any(),
                None if revealed => question(page, &scale, child, "Nobody answered.").into_any(),
                None => ask(page, &scale, child).into_any(),
            }
        }).collect_view()}
        {(!revealed).then(|| view! { <p class="govuk-body-s">{people}</p> })}
        {(!revealed && page.chairs && page.slot.progress.in_discussion() && page.room.is_open()).then(|| {
            act(page, "scales", "reveal_scales", false, view! { <button type="submit" class="cr-small-button">"Reveal the numbers"</button> }.into_any())
        })}
        {revealed.then(|| words(page))}
    }.into_any()
}

fn title(page: &DiscussionPage, scale: &Scale, child: Option<PersonId>) -> String {
    child.map_or_else(
        || scale.question.clone(),
        |child| format!("{}: {}", page.family.card.child_name(child), scale.question),
    )
}

fn question(
    page: &DiscussionPage, scale: &Scale, child: Option<PersonId>, told: &'static str,
) -> impl IntoView + use<> {
    view! { <p class="govuk-body"><strong>{title(page, scale, child)}</strong>" "{told}</p> }
}

fn ask(page: &DiscussionPage, scale: &Scale, child: Option<PersonId>) -> impl IntoView + use<> {
    let mine: Option<ScaleAnswer> = page.slot.scales.answer_of(&scale.key, child, page.me).cloned();
    let id = format!("scale-{}-{}", scale.key, child.map(|child| child.to_string()).unwrap_or_default());
    let title = title(page, scale, child);
    if !page.writes {
        return view! { <p class="govuk-body">{title}</p> }.into_any();
    }
    let given = mine.as_ref().map(|known| {
        known.answer.number().map_or_else(|| "You pass.".to_owned(), |number| format!("You gave {number}."))
    });
    let why = mine.as_ref().map(|given| given.why.clone()).unwrap_or_default();
    let chosen = mine.and_then(|known| known.answer.number());
    let inner = view! {
        {no_choice_by_enter()}
        {hidden("scale", &scale.key)}
        {child.map(|child| hidden("child", child))}
        {hidden("worker", page.me)}
        <fieldset class="govuk-fieldset cr-scale">
            <legend class="govuk-fieldset__legend"><strong>{title}</strong><br/><span class="cr-quiet">{format!("0 {} · 10 {}", scale.low, scale.high)}</span></legend>
            <label for=format!("{id}-why")>"One line why"</label>
            <input class="govuk-input cr-word" id=format!("{id}-why") name="form[why]" value=why/>
            <div class="cr-taps">
                {(0..=10_u8).map(|number| view! {
                    <button type="submit" class="cr-tap" name="form[number]" value=number.to_string() aria-pressed=if chosen == Some(number) { "true" } else { "false" }>{number}</button>
                }).collect_view()}
                <button type="submit" class="cr-tap" name="form[number]" value="pass">"Pass"</button>
            </div>
        </fieldset>
    };
    let phone = on_the_call(page, scale, child, &id);
    view! { {act(page, "scales", "answer_scale", false, inner.into_any())}{phone}{given.map(|words| view! { <p class="govuk-body-s" role="status">{words}</p> })} }.into_any()
}

/// For whoever runs the meeting: a number said on the phone, for somebody on the call who has given none.
fn on_the_call(page: &DiscussionPage, scale: &Scale, child: Option<PersonId>, id: &str) -> Option<AnyView> {
    let gave = |worker: domain::WorkerId| page.slot.scales.answer_of(&scale.key, child, worker).is_some();
    let people: Vec<(domain::WorkerId, String)> = page
        .slot
        .attendance
        .iter()
        .filter(|(worker, how)| **how == domain::meeting::Attendance::Call && **worker != page.me && !gave(**worker))
        .map(|(worker, _)| (*worker, page.name(*worker).to_owned()))
        .collect();
    (page.runs && !people.is_empty()).then(|| {
        let field = format!("{id}-phone");
        let inner = view! {
            {hidden("scale", &scale.key)}
            {child.map(|child| hidden("child", child))}
            <label for=field.clone()>"Said on the call by"</label>" "
            <select class="govuk-select" id=field.clone() name="form[worker]">{people.into_iter().map(|(worker, name)| view! { <option value=worker.to_string()>{name}</option> }).collect_view()}</select>
            <div class="cr-taps">
                {(0..=10_u8).map(|number| view! { <button type="submit" class="cr-tap" name="form[number]" value=number.to_string()>{number}</button> }).collect_view()}
                <button type="submit" class="cr-tap" name="form[number]" value="pass">"Pass"</button>
            </div>
        };
        let form = act(page, "scales", "answer_scale", false, inner.into_any());
        view! { <details class="cr-fold"><summary>"For somebody on the call"</summary>{form}</details> }.into_any()
    })
}

/// The picture, its text beside it, and who is asked first.
pub fn shown(page: &DiscussionPage, scale: &Scale, child: Option<PersonId>, spread: &Spread) -> impl IntoView + use<> {
    let line = |number: &u8, who: &Vec<domain::WorkerId>| {
        format!("{number}: {}", who.iter().map(|worker| page.name(*worker)).collect::<Vec<_>>().join(", "))
    };
    let text: Vec<String> = spread.numbers.iter().map(|(number, who)| line(number, who)).collect();
    let passed = (!spread.passed.is_empty()).then(|| {
        format!("Passed: {}.", spread.passed.iter().map(|worker| page.name(*worker)).collect::<Vec<_>>().join(", "))
    });
    let last =
        page.last_numbers.get(&(scale.key.clone(), child)).filter(|numbers| !numbers.is_empty()).map(|numbers| {
            format!(" Last time: {}.", numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        });
    let first = spread.furthest().map(|(low, high)| {
        format!("Furthest apart: {} and {}. Ask them first what they see.", page.name(low), page.name(high))
    });
    let dots: Vec<(f64, f64)> = spread
        .numbers
        .iter()
        .flat_map(|(number, who)| {
            (0..who.len())
                .map(move |at| (20.0 + f64::from(*number) * 28.0, 40.0 - at as f64 * (36.0 / who.len().max(4) as f64)))
        })
        .collect();
    let whys: Vec<(String, String)> = page
        .slot
        .scales
        .answers
        .iter()
        .filter(|known| known.scale == scale.key && known.child == child && !known.why.is_empty())
        .map(|known| (page.name(known.worker).to_owned(), known.why.clone()))
        .collect();
    view! {
        <section class="cr-spread">
            <h4 class="govuk-heading-s">{title(page, scale, child)}</h4>
            <svg viewBox="0 0 320 66" class="cr-spread__picture" aria-hidden="true" focusable="false">
                <line x1="20" y1="48" x2="300" y2="48" class="cr-spread__line"/>
                {(0..=10).map(|number| view! { <text x=(20 + number * 28).to_string() y="63" text-anchor="middle">{number}</text> }).collect_view()}
                {dots.into_iter().map(|(x, y)| view! { <circle cx=x.to_string() cy=y.to_string() r="5"/> }).collect_view()}
            </svg>
            <p class="govuk-body-s">{text.join(" · ")}" "{passed}{last}</p>
            {first.map(|words| view! { <p class="govuk-body"><strong>{words}</strong></p> })}
            {(!whys.is_empty()).then(|| view! { <ul class="govuk-list">{whys.into_iter().map(|(who, why)| view! { <li>{who}": "{why}</li> }).collect_view()}</ul> })}
        </section>
    }
}

/// What the chair writes of the numbers: that is what the record keeps.
fn words(page: &DiscussionPage) -> impl IntoView + use<> {
    let known = page.slot.scales.words.clone();
    if !(page.runs && page.slot.progress.in_discussion() && page.room.is_open()) {
        return (!known.is_empty()).then(|| view! { <p class="govuk-body cr-plain">{known}</p> }).into_any();
    }
    let inner = view! {
        <label class="govuk-label" for="spread-words">"What the numbers told us. The record keeps these words and no number."</label>
        <TextArea id="spread-words" name="form[text]" rows=2 value=known/>
        <button type="submit" class="cr-small-button">"Keep these words"</button>
    };
    act(page, "scales", "word_scales", false, inner.into_any()).into_any()
}
