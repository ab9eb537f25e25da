//! Urgent risk: at any moment, by anyone. What this does not do is said first.

use domain::meeting::{Phase, Risk, Room, Slot};
use domain::{SlotId, dates};
use leptos::prelude::*;

use super::Live;
use super::act::{Act, hidden};
use crate::live::Line;
use crate::parts::erased::view;

/// Words whose phone numbers are links, so that a phone can ring them.
fn with_numbers(words: &str) -> Vec<AnyView> {
    let part = |(text, number): (&str, Option<String>)| match number {
        Some(number) => view! { <a class="govuk-link" href=format!("tel:{number}")>{text.to_owned()}</a> },
        None => text.to_owned().into_any(),
    };
    parts(words).into_iter().map(part).collect()
}

/// The parts of words in their order; of a phone number also what is dialled.
fn parts(words: &str) -> Vec<(&str, Option<String>)> {
    let of_number = |character: char| character.is_ascii_digit() || " +-()".contains(character);
    let (mut parts, mut plain, mut at) = (Vec::new(), 0, 0);
    while let Some(first) = words[at..].chars().next() {
        let end = words[at..].find(|character: char| of_number(character) != of_number(first));
        let end = end.map_or(words.len(), |end| at + end);
        let text = words[at..end].split(" - ").next().unwrap_or_default().trim_matches([' ', '-']);
        // A bracket after the digits is the next thing said, but for the 0 that is not dialled from abroad.
        let bracket = text.rfind(" (").filter(|open| !text[*open..].contains("(0)"));
        let text = text[..bracket.unwrap_or(text.len())].trim_end_matches(['(', ' ']);
        if let Some(number) = dialled(text) {
            let begins = at + words[at..end].find(text).unwrap_or_default();
            parts.extend([(&words[plain..begins], None), (text, Some(number))]);
            plain = begins + text.len();
        }
        at = end;
    }
    parts.push((&words[plain..], None));
    parts.retain(|(text, _)| !text.is_empty());
    parts
}

/// What is dialled where a text is a British or international phone number: 999, (01438) 555 012, +44 (0)1438 555012.
fn dialled(text: &str) -> Option<String> {
    let international = text.starts_with('+');
    let text = if international { text.replace("(0)", "") } else { text.to_owned() };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = match digits.len() {
        3 => matches!(text.as_str(), "999" | "112" | "101" | "111"),
        8 => digits == "08001111",
        10..=11 => international || digits.starts_with('0'),
        9 | 12..=15 => international,
        _ => false,
    };
    number.then(|| if international { format!("+{digits}") } else { digits })
}

/// The way to raise a risk, always in the bar.
pub fn risk(live: Live, id: SlotId) -> impl IntoView {
    let urgent = live.page.with_untracked(|page| page.room.template.meeting.urgent.clone());
    let may = Memo::new(move |_| live.room(|room| !matches!(room.phase, Phase::Closed { .. })));
    move || {
        let urgent = urgent.clone();
        may.get().then(|| view! {
            <details class="cr-more cr-raise" data-closes="yes">
                <summary><span class="cr-raise__sign" aria-hidden="true">"⚠ "</span><span class="cr-raise__words">"Urgent risk"</span></summary>
                <div class="cr-more__content">
                    <p class="govuk-body"><strong>{with_numbers(&urgent)}</strong></p>
                    {move || matches!(live.state.line.get(), Line::Lost).then(|| view! { <p class="cr-not-sent govuk-body"><strong>"NOT sent: there is no connection. Ring now."</strong></p> })}
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
    let may_acknowledge = Memo::new(move |_| live.runs() || live.page.with(|page| page.manages));
    let closed = Memo::new(move |_| live.room(Room::is_closed));
    move || {
        let (may_acknowledge, shown) = (Some(may_acknowledge.get()).filter(|_| !closed.get()), shown.get());
        let of = |slot: SlotId| if Some(slot) == shown { String::new() } else { live.reference(slot) };
        risks.get().into_iter().map(|(slot, risk)| one(live, slot, &of(slot), &risk, may_acknowledge)).collect_view()
    }
}

/// One risk; `reference` names its family where that is not the one on the page. `may_acknowledge` is whether the viewer
/// may say that they heard it; nobody can once the meeting is closed.
fn one(live: Live, id: SlotId, reference: &str, risk: &Risk, may_acknowledge: Option<bool>) -> impl IntoView + use<> {
    let raised = risk.id;
    let family = if reference.is_empty() { String::new() } else { format!("{reference}, ") };
    let head = format!("{family}{}, {}: {}", dates::clock(risk.at), live.name(risk.by), risk.what);
    match risk.acknowledged {
        Some((who, at)) => {
            let sentence = format!("{head} · heard by {} at {}", live.name(who), dates::clock(at));
            view! { <p class="govuk-body cr-risk-heard">{sentence}</p> }
        }
        None => {
            let urgent = live.page.with_untracked(|page| page.room.template.meeting.urgent.clone());
            view! {
                <div class="cr-risk" role="alert"><p class="govuk-body"><strong>"Urgent risk: "</strong>{head}</p>
                    <p class="govuk-body">{with_numbers(&urgent)}</p>
                    {match may_acknowledge {
                        Some(true) => view! {
                            <Act act="acknowledge_risk" at=id key=format!("heard-{raised}")>
                                {hidden("risk", raised)}<button type="submit" class="cr-small-button">"I have heard this and will act on it"</button>
                            </Act>
                        },
                        Some(false) => view! { <p class="govuk-body">"The chair has not answered yet. Say it aloud, and ring."</p> },
                        None => view! { <p class="govuk-body">"Nobody said in the meeting that they heard it. Make sure that it was acted on."</p> },
                    }}
                </div>
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_phone_number_among_words_can_be_dialled() {
        let table = [
            (
                "If anyone is in danger, ring 999; the duty team: 01438 555 012.",
                vec![("999", "999"), ("01438 555 012", "01438555012")],
            ),
            ("ring (01438) 555012", vec![("(01438) 555012", "01438555012")]),
            ("ring 01438-555012 - now", vec![("01438-555012", "01438555012")]),
            ("ring 01438 555 012 (24 hours)", vec![("01438 555 012", "01438555012")]),
            ("ring 01438 555 012 - 24 hours", vec![("01438 555 012", "01438555012")]),
            (
                "+44 (0)1438 555012 (24 h), Childline 0800 1111",
                vec![("+44 (0)1438 555012", "+441438555012"), ("0800 1111", "08001111")],
            ),
            ("Ring +44 (0)1438 555012 within 24 hours", vec![("+44 (0)1438 555012", "+441438555012")]),
            ("By 10:40 or 9, in 2026, house 123, 999 112", vec![]),
            ("999", vec![("999", "999")]),
            ("", vec![]),
        ];
        for (words, numbers) in table {
            let parts = parts(words);
            let found: Vec<_> = parts.iter().filter_map(|(text, number)| Some((*text, number.as_deref()?))).collect();
            assert_eq!(found, numbers, "{words}");
            assert_eq!(parts.iter().map(|(text, _)| *text).collect::<String>(), words);
            assert!(parts.len() <= 2 * numbers.len() + 1, "words between numbers are one part");
        }
    }
}
