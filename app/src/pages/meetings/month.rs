//! The team's month, and the one question afterwards.

use domain::TeamId;
use leptos::prelude::*;
use service::month::{ANSWERS, DriftingFamilies, LOOKED_BACK, MonthsOpinion, TeamMonth};

/// What is planned, open, to sign and overdue, and where families drift.
pub fn month(month: TeamMonth) -> impl IntoView {
    let counted = |count: usize, one: &'static str, several: &'static str| {
        (count > 0).then(|| (count.to_string(), if count == 1 { one } else { several }))
    };
    let figures = [
        counted(month.planned, "meeting planned or open", "meetings planned or open"),
        counted(month.to_sign, "family with records to sign", "families with records to sign"),
        counted(month.open_steps, "open step", "open steps"),
        counted(month.overdue_steps, "overdue step", "overdue steps"),
    ];
    // Whoever oversees the team sees how many; who serves it sees which, below.
    let drifting = [
        counted(month.undiscussed, "family not discussed for 35 days", "families not discussed for 35 days"),
        counted(month.carried_often, "step carried on three times or more", "steps carried on three times or more"),
        counted(
            month.same_decision,
            "child with the same decision for three months or more",
            "children with the same decision for three months or more",
        ),
    ];
    let only_figures = month.families.is_none();
    let figures = figures.into_iter().chain(drifting.into_iter().filter(move |_| only_figures)).flatten();
    let all_well = month.undiscussed + month.carried_often + month.same_decision == 0;
    let families = month.families.map(|families| families_behind(families).into_any());
    view! {
        <section class="cr-month">
            <h2 class="govuk-heading-m">"The month of "{month.team}</h2>
            <dl class="cr-figures">{figures.map(|(count, words)| view! { <div><dt>{words}</dt><dd>{count}</dd></div> }).collect_view()}</dl>
            {all_well.then(|| view! { <p class="govuk-body">"No family has gone undiscussed for more than 35 days since its last meeting, and no step or decision has come three times."</p> })}
            {families}
            {(!month.opinions.is_empty()).then(|| opinions(month.opinions))}
        </section>
    }
}

/// Which families drift.
fn families_behind(families: DriftingFamilies) -> impl IntoView {
    let link = |family: domain::FamilyId, reference: String| view! { <a class="govuk-link" href=format!("/families/{family}")>{reference}</a> };
    let DriftingFamilies { overdue, carried, same_decision } = families;
    view! {
        {(!overdue.is_empty()).then(|| view! {
            <p class="govuk-body"><strong>"Not discussed for 35 days: "</strong>{overdue.into_iter().take(20).map(|(family, reference, words)| view! { <span>{link(family, reference)}" "<span class="cr-quiet">{words}</span>" "</span> }).collect_view()}</p>
        })}
        {(!carried.is_empty()).then(|| view! {
            <p class="govuk-body"><strong>"Carried on three times or more"</strong></p>
            <ul class="govuk-list">{carried.into_iter().map(|(family, reference, what, times)| view! { <li>{link(family, reference)}{format!(": {what}, {times} times")}</li> }).collect_view()}</ul>
        })}
        {(!same_decision.is_empty()).then(|| view! {
            <p class="govuk-body"><strong>"The same decision again: is anything changing for the child?"</strong></p>
            <ul class="govuk-list">{same_decision.into_iter().map(|(family, reference, child, title, times)| view! { <li>{link(family, reference)}{format!(", {child}: {title}, {}", in_a_row(times))}</li> }).collect_view()}</ul>
        })}
    }
}

/// The team's answers over time as a picture with its table; the published evaluation's 97 % beside them.
fn opinions(months: Vec<MonthsOpinion>) -> impl IntoView {
    let bars: Vec<(usize, i64)> = months.iter().map(|month| month.yes).enumerate().collect();
    let width = 20 + bars.len() * 30;
    view! {
        <h3 class="govuk-heading-s">"“Did we reach the right decisions?”"</h3>
        <svg viewBox=format!("0 0 {width} 110") class="cr-spread__picture" aria-hidden="true" focusable="false">
            <line x1="0" y1="8" x2=width.to_string() y2="8" class="cr-spread__line"/>
            {bars.into_iter().map(|(at, yes)| view! { <rect x=(10 + at * 30).to_string() y=(105 - yes).to_string() width="20" height=yes.to_string()/> }).collect_view()}
        </svg>
        <table class="govuk-table"><caption class="govuk-visually-hidden">"Answers by month"</caption>
            <thead><tr>{["Month", "Yes", "Answers"].map(|head| view! { <th scope="col" class="govuk-table__header">{head}</th> })}</tr></thead>
            <tbody>{months.into_iter().map(|month| view! { <tr><td class="govuk-table__cell">{month.month}</td><td class="govuk-table__cell">{format!("{}%", month.yes)}</td><td class="govuk-table__cell">{month.answers}</td></tr> }).collect_view()}</tbody>
        </table>
        <p class="govuk-body-s cr-quiet">"The line is the 97% of staff who said in Hertfordshire’s published evaluation that group supervision leads to the right decisions. It is not a target. Only “Yes” is counted. Months that still run, or have fewer than five answers, are not shown."</p>
    }
}

/// Asked once a month of whoever took part.
pub fn question(team: TeamId, name: String) -> impl IntoView {
    view! {
        <form action="/api/team/opinion" method="post" class="cr-question">
            <input type="hidden" name="team" value=team.to_string()/>
            <fieldset class="govuk-fieldset"><legend class="govuk-fieldset__legend"><strong>"Did we reach the right decisions this month? "</strong><span class="cr-quiet">{name}". Once a month, anonymous. You can skip this."</span></legend>
                {ANSWERS.into_iter().map(|(word, title)| view! { <button type="submit" class="cr-small-button" name="answer" value=word>{title}</button>" " }).collect_view()}
            </fieldset>
        </form>
    }
}

fn in_a_row(times: usize) -> String {
    if times < LOOKED_BACK.into() {
        format!("{times} times in a row")
    } else {
        format!("{times} times or more in a row")
    }
}
