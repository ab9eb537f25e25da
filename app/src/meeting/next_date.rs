//! What may follow from a decision, and when the family is discussed next.

use chrono::{NaiveDate, TimeDelta};
use domain::{SlotId, calendar, dates};
use leptos::prelude::*;

use super::Live;
use super::act::Act;
use crate::parts::erased::view;

/// Dates that may follow from what is proposed, each a hint with its source.
pub fn follows(live: Live, id: SlotId) -> impl IntoView {
    let lines = live.memo(id, |room, slot| {
        let worded = slot.decisions.iter().filter_map(|decision| decision.wording.as_ref());
        let kinds: Vec<&str> = worded.map(|wording| wording.kind.as_str()).collect();
        let follows = room.template.meeting.follows.iter().filter(|follows| kinds.contains(&follows.kind.as_str()));
        follows
            .map(|follows| {
                let (by, within) = if follows.weeks > 0 {
                    (room.held_on + TimeDelta::weeks(i64::from(follows.weeks)), format!("{} weeks", follows.weeks))
                } else {
                    let by = calendar::after(room.held_on, follows.working_days);
                    (by, format!("{} working days", follows.working_days))
                };
                format!(
                    "May follow: {}, by {} if it starts today ({within}; {}). Check it.",
                    follows.what,
                    dates::long_date(by),
                    follows.source
                )
            })
            .collect::<Vec<_>>()
    });
    lines_of(lines)
}

/// What is said of due dates: a day off, an owner who is away then.
pub fn hints(live: Live, id: SlotId) -> impl IntoView {
    let lines = Memo::new(move |_| {
        let steps = live.slot(id, |_, slot| {
            let dated = |step: &domain::meeting::Step| {
                Some((step.draft.what.clone(), step.draft.owner.worker(), step.draft.due?))
            };
            slot.steps.iter().filter_map(dated).collect::<Vec<_>>()
        });
        let mut lines = Vec::new();
        for (what, owner, due) in steps {
            if let Some(closed) = calendar::closed(due) {
                lines.push(format!("“{what}” is due on a day off: {closed}."));
            }
            let until = owner.and_then(|owner| live.beside(id, |beside| beside.absences.until(owner, due)));
            if let (Some(owner), Some(until)) = (owner, until) {
                let (name, until) = (live.name(owner), dates::plain_date(until));
                lines.push(format!("“{what}” is due while {name} is away, until {until}."));
            }
        }
        lines
    });
    lines_of(lines)
}

/// What becomes of a finished family for which no date was agreed.
pub fn without_date(live: Live, id: SlotId) -> impl IntoView {
    let lines = live.memo(id, |_, slot| {
        let words = "Planning lists this family when it is due again: no date was agreed.".to_owned();
        slot.next_date.is_none().then_some(words).into_iter().collect::<Vec<_>>()
    });
    lines_of(lines)
}

fn lines_of(lines: Memo<Vec<String>>) -> impl IntoView {
    move || lines.get().into_iter().map(|line| view! { <p class="govuk-body cr-hint">{line}</p> }).collect_view()
}

/// The next supervision: suggested, kept, changed.
pub fn next_date(live: Live, id: SlotId) -> impl IntoView {
    let kept = live.memo(id, |_, slot| slot.next_date);
    let runs = Memo::new(move |_| live.runs() && live.discussed(id));
    view! {
        {move || runs.get().then(|| {
            let start = Memo::new(move |_| agreed_or_usual(live, id));
            view! {
                <Act act="agree_next_date" at=id key="next" class="cr-act--row">
                    <input type="hidden" name="form[seen]" value=move || kept.get().map(dates::typed).unwrap_or_default()/>
                    <label for="next-on">{move || if kept.get().is_some() { "Next supervision" } else { "Next supervision (suggested)" }}</label>" "
                    <input class="govuk-input govuk-input--width-10" id="next-on" name="form[due]" value=move || dates::typed(start.get())/>" "
                    <button type="submit" class="cr-small-button">{move || if kept.get().is_some() { "Change this date" } else { "Agree this date" }}</button>
                </Act>
            }
        })}
        {move || kept.get().map(|day| view! { <p class="govuk-body">"Next supervision: "{dates::long_date(day)}</p> })}
    }
}

/// The next supervision as it was agreed, else the template's usual time on, on a day on which offices work.
pub fn agreed_or_usual(live: Live, id: SlotId) -> NaiveDate {
    live.slot(id, |room, slot| {
        let usual = || {
            let day = room.held_on + TimeDelta::days(room.template.meeting.next_in_days);
            if calendar::works(day) { day } else { calendar::after(day, 1) }
        };
        Some(slot.next_date.unwrap_or_else(usual))
    })
    .unwrap_or_else(|| live.today())
}
