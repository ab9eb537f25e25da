//! The last weeks and months of a family as pictures, with their tables.

use domain::dates;
use domain::page::FamilyCard;
use domain::page::months::{ChildWeeks, Happened, LONG_UNSEEN, MetInWeek, MonthLine};
use domain::{PersonId, dates::short_date};
use leptos::prelude::*;

use chrono::NaiveDate;

/// Both pictures; a picture of nothing is left out.
pub(super) fn months(card: &FamilyCard, happened: &Happened, today: NaiveDate) -> impl IntoView + use<> {
    let living = card.children.iter().filter(|child| !child.has_died);
    let children: Vec<(PersonId, String)> = living.map(|child| (child.id, child.name.clone())).collect();
    let ids: Vec<PersonId> = children.iter().map(|(id, _)| *id).collect();
    let weeks = (!happened.visits.is_empty()).then(|| seen(happened.weeks(&children, today)));
    let any = !happened.supervisions.is_empty() || !happened.visits.is_empty() || !happened.steps.is_empty();
    let year = any.then(|| year(happened.months(&ids, today)));
    any.then(|| view! { {weeks}{year} })
}

/// Twelve weeks: a mark for each in which a child was seen, with a ring where it was without carers.
fn seen(children: Vec<ChildWeeks>) -> impl IntoView {
    let strips = children.iter().map(|child| {
        let marks = child.weeks.iter().enumerate().map(|(at, met)| {
            let x = (10 + at * 20).to_string();
            match met {
                MetInWeek::Not => view! { <line x1=(7 + at * 20).to_string() x2=(13 + at * 20).to_string() y1="10" y2="10" class="cr-spread__line"/> }.into_any(),
                MetInWeek::Seen => view! { <circle cx=x cy="10" r="5"/> }.into_any(),
                MetInWeek::Alone => view! { <circle cx=x.clone() cy="10" r="5"/><circle cx=x cy="10" r="8.5" class="cr-spread__ring"/> }.into_any(),
            }
        });
        view! {
            <span class="cr-seen__name">{child.name.clone()}</span>
            <svg viewBox="0 0 240 20" class="cr-spread__picture" focusable="false">{marks.collect_view()}</svg>
        }
    });
    let rows = children.iter().map(|child| {
        let day = |(on, alone): &(NaiveDate, bool)| if *alone { format!("{}, alone", short_date(*on)) } else { short_date(*on) };
        let days: Vec<String> = child.days.iter().map(day).collect();
        let days = if days.is_empty() { "not seen, as far as is known".to_owned() } else { days.join("; ") };
        view! { <tr><th scope="row" class="govuk-table__header">{child.name.clone()}</th><td class="govuk-table__cell">{days}</td></tr> }
    });
    view! {
        <section aria-labelledby="seen">
            <h2 class="govuk-heading-s" id="seen">"Seen in the last 12 weeks"</h2>
            <div class="cr-seen" aria-hidden="true">{strips.collect_view()}</div>
            <p class="govuk-body-s cr-quiet" aria-hidden="true">"● seen · ◉ seen alone · this week is on the right"</p>
            <details class="cr-fold">
                <summary>"The days"</summary>
                <div class="cr-fold__content"><table class="govuk-table"><caption class="govuk-visually-hidden">"When each child was seen"</caption><tbody>{rows.collect_view()}</tbody></table></div>
            </details>
        </section>
    }
}

/// Twelve months: decisions, steps done and carried on, and who waited longest for a visit.
fn year(months: Vec<MonthLine>) -> impl IntoView {
    let column = |at: usize| 100 + at * 24;
    let number = |at: usize, y: u32, number: usize| {
        (number > 0)
            .then(|| view! { <text x=column(at).to_string() y=y.to_string() text-anchor="middle">{number}</text> })
    };
    let marks = months.iter().enumerate().map(|(at, month)| {
        let x = column(at);
        let unseen = month.unseen.filter(|days| *days >= LONG_UNSEEN);
        let radius = if month.decisions > 0 { "8" } else { "4" };
        let initial: String = month.first.format("%b").to_string().chars().take(1).collect();
        view! {
            <text x=x.to_string() y="14" text-anchor="middle">{initial}</text>
            {(month.discussed > 0).then(|| view! { <circle cx=x.to_string() cy="32" r=radius/> })}
            {number(at, 60, month.done)}
            {number(at, 82, month.carried)}
            {unseen.map(|days| view! { <rect x=(x - 11).to_string() y="90" width="22" height="18" class="cr-spread__long"/><text x=x.to_string() y="104" text-anchor="middle" class="cr-spread__who">{days}</text> })}
        }
    });
    let rows = months.iter().rev().map(|month| {
        let name = dates::month_name(&dates::month(month.first));
        view! { <tr><th scope="row" class="govuk-table__header">{name}</th><td class="govuk-table__cell">{month.in_words()}</td></tr> }
    });
    view! {
        <section aria-labelledby="months">
            <h2 class="govuk-heading-s" id="months">"The last 12 months"</h2>
            <svg viewBox="0 0 384 112" class="cr-spread__picture" aria-hidden="true" focusable="false">
                {[(37, "Decisions"), (60, "Steps done"), (82, "Carried on"), (104, "Days unseen")].map(|(y, name)| view! { <text x="0" y=y.to_string()>{name}</text> })}
                {marks.collect_view()}
            </svg>
            <p class="govuk-body-s cr-quiet" aria-hidden="true">{format!("● decided · • discussed, nothing decided · days unseen from {LONG_UNSEEN} on, at the month’s end")}</p>
            <details class="cr-fold">
                <summary>"As a table"</summary>
                <div class="cr-fold__content"><table class="govuk-table"><caption class="govuk-visually-hidden">"The last 12 months, newest first"</caption><tbody>{rows.collect_view()}</tbody></table></div>
            </details>
        </section>
    }
}
