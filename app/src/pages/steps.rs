//! Everybody's own steps; a manager sees the team's by family.

use chrono::{NaiveDate, TimeDelta};
use domain::dates;
use domain::page::StepCard;
use domain::policy::Staff;
use leptos::prelude::*;

use crate::pages::families::show::step_line;
use crate::pages::page;
use crate::parts::form::{Draft, error_summary};
use crate::visit;

/// `/steps`.
pub fn list() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let today = visit.service.clock().today();
        let mine = visit.service.my_steps(&visit.viewer).await?;
        let staff = Staff::of(&visit.viewer);
        let team = match staff {
            Some(staff) => visit.service.team_steps(staff).await?,
            None => Vec::new(),
        };
        let draft = visit::draft().await.unwrap_or_default();
        let serves = staff.is_some();
        let none = mine.is_empty();
        let away = visit.service.absences().await?.of(visit.viewer.worker).to_vec();
        let groups = grouped(mine, today);
        let content = view! {
            {error_summary(&draft)}
            <h1 class="govuk-heading-l">"Steps"</h1>
            {none.then(|| view! { <p class="govuk-body">"You have no open steps."</p> })}
            {groups.into_iter().map(|(title, steps)| view! {
                <h2 class="govuk-heading-m">{title}</h2>
                <ul class="govuk-list cr-steps">{steps.into_iter().map(|step| view! { <li>{reference(&step)}{step_line(step, "/steps".to_owned())}</li> }).collect_view()}</ul>
            }).collect_view()}
            {serves.then(|| view! {
                <h2 class="govuk-heading-m">"The team’s, by family"</h2>
                {team.is_empty().then(|| view! { <p class="govuk-body">"No open steps."</p> })}
                <ul class="govuk-list cr-steps">{team.into_iter().map(|step| view! { <li>{reference(&step)}{step_line(step, "/steps".to_owned())}</li> }).collect_view()}</ul>
            })}
            {absence(away, &draft)}
        };
        Ok(("Steps".to_owned(), content))
    })
}

/// When one is away: a step due meanwhile is pointed out in the room.
fn absence(away: Vec<(NaiveDate, NaiveDate)>, draft: &Draft) -> impl IntoView + use<> {
    let open = draft.fields.contains_key("starts");
    view! {
        <h2 class="govuk-heading-m" id="away">"When I am away"</h2>
        <ul class="govuk-list">{away.into_iter().map(|(starts, ends)| view! {
            <li>{format!("{} to {} ", dates::plain_date(starts), dates::plain_date(ends))}
                <form action="/api/worker/away" method="post" class="cr-inline-form">
                    <input type="hidden" name="starts" value=dates::typed(starts)/>
                    <button type="submit" name="back" value="yes" class="cr-link-button">"Take it back"<span class="govuk-visually-hidden">": "{dates::plain_date(starts)}</span></button>
                </form></li>
        }).collect_view()}</ul>
        <details class="cr-fold" open=open>
            <summary>"Say when I am away"</summary>
            <div class="cr-fold__content">
                <form action="/api/worker/away" method="post" class="cr-step__answer">
                    <label for="starts">"From"</label><input class="govuk-input" id="starts" name="starts" value=draft.value("starts", "")/>
                    <label for="ends">"to"</label><input class="govuk-input" id="ends" name="ends" value=draft.value("ends", "")/>
                    <button type="submit" class="cr-small-button">"Save"</button>
                </form>
                <p class="govuk-body-s cr-quiet">"Whoever plans a meeting for one of these days is told, and a step that is due meanwhile is pointed out. Nobody is told why."</p>
            </div>
        </details>
    }
}

fn reference(step: &StepCard) -> impl IntoView + use<> {
    view! { <a class="govuk-link" href=format!("/families/{}", step.family)>{step.reference.clone()}</a> }
}

fn grouped(steps: Vec<StepCard>, today: NaiveDate) -> Vec<(&'static str, Vec<StepCard>)> {
    let week = today + TimeDelta::days(7);
    let mut groups = vec![("Overdue", Vec::new()), ("This week", Vec::new()), ("Later", Vec::new())];
    for step in steps {
        let at = match step.due {
            Some(due) if due < today => 0,
            Some(due) if due <= week => 1,
            _ => 2,
        };
        groups[at].1.push(step);
    }
    groups.retain(|(_, steps)| !steps.is_empty());
    groups
}
