//! Urgent risk: at any moment, by anyone. What this does not do is said first.

use domain::meeting::{Phase, Risk, Slot};
use domain::{SlotId, dates};
use leptos::prelude::*;

use super::act::{Act, hidden};
use crate::live::{Line, Live};

/// Words in which a phone rings what is pressed: each number of three digits or more is a link.
fn with_numbers(words: &str) -> Vec<AnyView> {
    parts(words)
        .into_iter()
        .map(|(number, text)| match number {
            true => {
                let digits: String = text.chars().filter(|character| *character != ' ').collect();
                view! { <a class="govuk-link" href=format!("tel:{digits}")>{text}</a> }.into_any()
            }
            false => text.into_any(),
        })
        .collect()
}

/// The parts of words in their order, and whether each is a phone number.
fn parts(words: &str) -> Vec<(bool, String)> {
    let mut parts: Vec<(bool, String)> = Vec::new();
    let mut push = |number: bool, text: &str| match parts.last_mut() {
        _ if text.is_empty() => {}
        Some((false, before)) if !number => before.push_str(text),
        _ => parts.push((number, text.to_owned())),
    };
    let of_number = |character: char| character.is_ascii_digit() || matches!(character, ' ' | '+');
    let mut rest = words;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|character: char| of_number(character) != of_number(first)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        let number = run.trim_matches(' ');
        if number.chars().filter(char::is_ascii_digit).count() >= 3 {
            let (before, behind) = run.split_once(number).unwrap_or_default();
            push(false, before);
            push(true, number);
            push(false, behind);
        } else {
            push(false, run);
        }
        rest = after;
    }
    parts
}

/// The way to raise a risk, always in the bar.
pub fn risk(live: Live, id: SlotId) -> impl IntoView {
    let urgent = live.page.with_untracked(|page| page.room.template.practice.urgent.clone());
    let may = Memo::new(move |_| live.room(|room| !matches!(room.phase, Phase::Closed { .. })));
    move || {
        let urgent = urgent.clone();
        may.get().then(|| view! {
            <details class="cr-more cr-raise" data-closes="yes">
                <summary><span class="cr-raise__sign" aria-hidden="true">"⚠ "</span><span class="cr-raise__words">"Urgent risk"</span></summary>
                <div class="cr-more__content">
                    <p class="govuk-body"><strong>{with_numbers(&urgent)}</strong></p>
                    {move || matches!(live.line.get(), Line::Lost).then(|| view! { <p class="cr-not-sent govuk-body"><strong>"NOT sent: there is no connection. Ring now."</strong></p> })}
                    <Act act="raise_risk" at=id key="raise-risk" reset=true>
                        <label class="govuk-label" for="risk-what">"What is urgent, in one line. It tells the chair and goes into the record with its time."</label>
                        <input class="govuk-input" id="risk-what" name="form[what]"/>
                        <button type="submit" class="cr-small-button">"Tell the chair"</button>
                    </Act>
                </div>
            </details>
        })
    }
}

/// Risks that were raised: of every family until somebody has heard of them, wherever the room is; of the family on the page
/// also afterwards.
pub fn alerts(live: Live, shown: Memo<Option<SlotId>>) -> impl IntoView {
    let risks = Memo::new(move |_| {
        let shown = shown.get();
        live.room(|room| {
            let of_slot = |slot: &Slot| slot.risks.iter().map(|risk| (slot.id, risk.clone())).collect::<Vec<_>>();
            let mut risks: Vec<_> = room.slots.iter().flat_map(of_slot).collect();
            risks.retain(|(slot, risk)| risk.acknowledged.is_none() || Some(*slot) == shown);
            risks
        })
    });
    let hears = Memo::new(move |_| live.runs() || live.page.with(|page| page.manages));
    move || {
        let (hears, shown) = (hears.get(), shown.get());
        let of = |slot: SlotId| if Some(slot) == shown { String::new() } else { live.reference(slot) };
        risks.get().into_iter().map(|(slot, risk)| one(live, slot, &of(slot), &risk, hears)).collect_view()
    }
}

/// One risk; `reference` names its family where that is not the one on the page.
fn one(live: Live, id: SlotId, reference: &str, risk: &Risk, hears: bool) -> impl IntoView + use<> {
    let raised = risk.id;
    let family = if reference.is_empty() { String::new() } else { format!("{reference}, ") };
    let head = format!("{family}{}, {}: {}", dates::clock(risk.at), live.name(risk.by), risk.what);
    match risk.acknowledged {
        Some((who, at)) => {
            let heard = format!("{head} · heard by {} at {}", live.name(who), dates::clock(at));
            view! { <p class="govuk-body cr-risk-heard">{heard}</p> }.into_any()
        }
        None => {
            let urgent = live.page.with_untracked(|page| page.room.template.practice.urgent.clone());
            view! {
                <div class="cr-risk" role="alert"><p class="govuk-body"><strong>"Urgent risk: "</strong>{head}</p>
                    <p class="govuk-body">{urgent}</p>
                    {if hears {
                        view! {
                            <Act act="acknowledge_risk" at=id key=format!("heard-{raised}")>
                                {hidden("risk", raised)}<button type="submit" class="cr-small-button">"I have heard this and will act on it"</button>
                            </Act>
                        }.into_any()
                    } else {
                        view! { <p class="govuk-body">"The chair has not answered yet. Say it aloud, and ring."</p> }.into_any()
                    }}
                </div>
            }
            .into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_phone_number_is_found_among_words() {
        let numbers =
            |words: &str| parts(words).into_iter().filter(|part| part.0).map(|part| part.1).collect::<Vec<_>>();
        assert_eq!(
            numbers("If anyone is in danger, ring 999; the duty team: 01438 555 012."),
            ["999", "01438 555 012"]
        );
        assert_eq!(numbers("Ring +44 1438 555012 within 24 hours"), ["+44 1438 555012"]);
        assert_eq!(numbers("By 10:40, or at 9"), [""; 0]);
        for words in ["ring 999", "999", "", "nothing here", "999 111x", "a 12 b"] {
            assert_eq!(parts(words).into_iter().map(|part| part.1).collect::<String>(), words);
        }
    }
}
