//! Everybody's own steps; a manager sees the team's by family.

use chrono::{NaiveDate, TimeDelta};
use domain::page::StepCard;
use domain::policy::Staff;
use leptos::prelude::*;

use crate::pages::families::show::step_line;
use crate::pages::page;
use crate::parts::form::error_summary;
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
            <p class="govuk-body">"Away when a step is due? "<a class="govuk-link" href="/me#away">"Say when you are away"</a></p>
        };
        Ok(("Steps".to_owned(), content))
    })
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
