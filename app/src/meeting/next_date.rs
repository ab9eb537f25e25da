//! What may follow from a decision, and when the family is discussed next.

use chrono::TimeDelta;
use domain::{calendar, dates};
use leptos::prelude::*;
use service::meeting::DiscussionPage;

use super::act;

/// Dates that may follow, each a hint with its source, what is said of due dates, and the next supervision.
pub fn follows(page: &DiscussionPage) -> impl IntoView + use<> {
    let held = page.room.held_on;
    let kinds: Vec<String> = page
        .slot
        .decisions
        .iter()
        .filter_map(|decision| decision.wording.as_ref())
        .map(|wording| wording.kind.clone())
        .collect();
    let hints: Vec<String> = page
        .room
        .template
        .practice
        .follows
        .iter()
        .filter(|follows| kinds.contains(&follows.kind))
        .map(|follows| {
            let (by, within) = if follows.weeks > 0 {
                (held + TimeDelta::weeks(i64::from(follows.weeks)), format!("{} weeks", follows.weeks))
            } else {
                (calendar::after(held, follows.working_days), format!("{} working days", follows.working_days))
            };
            format!(
                "May follow: {}, by {} if it starts today ({within}; {}). Check it.",
                follows.what,
                dates::long_date(by),
                follows.source
            )
        })
        .collect();
    let closed: Vec<String> = page
        .slot
        .steps
        .iter()
        .filter_map(|step| {
            Some(format!("“{}” is due on a day off: {}.", step.draft.what, calendar::closed(step.draft.due?)?))
        })
        .collect();
    let away: Vec<String> = page
        .slot
        .steps
        .iter()
        .filter_map(|step| {
            let (owner, due) = (step.draft.owner.worker()?, step.draft.due?);
            let (name, until) = (page.name(owner), dates::plain_date(page.absences.until(owner, due)?));
            Some(format!("“{}” is due while {name} is away, until {until}.", step.draft.what))
        })
        .collect();
    let live = page.runs && page.slot.progress.in_discussion() && page.room.is_open();
    let next = page.slot.next_date;
    let usual = next_supervision(page);
    view! {
        {hints.into_iter().map(|hint| view! { <p class="govuk-body-s cr-hint">{hint}</p> }).collect_view()}
        {away.into_iter().map(|hint| view! { <p class="govuk-body-s cr-hint">{hint}</p> }).collect_view()}
        {closed.into_iter().map(|hint| view! { <p class="govuk-body-s cr-hint">{hint}</p> }).collect_view()}
        {live.then(|| act(page, "follows", "agree_next_date", false, view! {
            <label for="next-on">{if next.is_some() { "Next supervision" } else { "Next supervision, suggested and not kept yet" }}</label>" "
            <input class="govuk-input govuk-input--width-10" id="next-on" name="form[due]" value=dates::typed(next.unwrap_or(usual))/>" "
            <button type="submit" class="cr-small-button">{if next.is_some() { "Change the date" } else { "Keep this date" }}</button>
        }.into_any()))}
        {next.map(|day| view! { <p class="govuk-body-s">"Next supervision: "{dates::long_date(day)}</p> })}
    }
}

/// Four weeks on, on a day on which offices work.
pub fn next_supervision(page: &DiscussionPage) -> chrono::NaiveDate {
    let day = page.room.held_on + TimeDelta::days(page.room.template.practice.next_in_days);
    if calendar::works(day) { day } else { calendar::after(day, 1) }
}
