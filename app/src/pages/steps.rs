//! Everybody's own steps; a manager sees the team's by family.

use chrono::{NaiveDate, TimeDelta};
use domain::dates;
use domain::page::StepCard;
use domain::policy::Staff;
use domain::status::StepStatus;
use leptos::prelude::*;

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
        let (serves, guest) = (staff.is_some(), visit.viewer.guest);
        let none = mine.is_empty();
        let groups = grouped(mine, today);
        let content = view! {
            {error_summary(&draft)}
            <h1 class="govuk-heading-l">"Steps"</h1>
            {none.then(|| view! { <p class="govuk-body">"You have no open steps."</p> })}
            {groups.into_iter().map(|(title, steps)| view! {
                <h2 class="govuk-heading-m">{title}</h2>
                <ul class="govuk-list cr-steps">{steps.into_iter().map(|step| view! { <li>{reference(&step, guest)}{step_line(step, "/steps".to_owned())}</li> }).collect_view()}</ul>
            }).collect_view()}
            {serves.then(|| view! {
                <h2 class="govuk-heading-m">"The team’s, by family"</h2>
                {team.is_empty().then(|| view! { <p class="govuk-body">"No open steps."</p> })}
                <ul class="govuk-list cr-steps">{team.into_iter().map(|step| view! { <li>{reference(&step, false)}{step_line(step, "/steps".to_owned())}</li> }).collect_view()}</ul>
            })}
            {(!guest).then(|| view! { <p class="govuk-body">"Away when a step is due? "<a class="govuk-link" href="/me#away">"Say when you are away"</a></p> })}
        };
        Ok(("Steps".to_owned(), content))
    })
}

/// The family's reference; a guest has no page of the family to go to.
fn reference(step: &StepCard, guest: bool) -> impl IntoView + use<> {
    let reference = step.reference.clone();
    if guest {
        return view! { <strong>{reference}</strong> }.into_any();
    }
    view! { <a class="govuk-link" href=format!("/families/{}", step.family)>{reference}</a> }.into_any()
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

/// One step with its answer form for those who may give it.
pub(crate) fn step_line(step: StepCard, back: String) -> impl IntoView {
    let state = match step.state {
        StepStatus::Done => "done",
        StepStatus::NotDone => "not done yet",
        StepStatus::Carried => "carried on",
        StepStatus::Dropped => "not needed any more",
        StepStatus::Open => "open",
    };
    let id = step.id.to_string();
    view! {
        <div class="cr-step">
            <p class="govuk-body"><strong>{step.what.clone()}</strong>
                <span class="cr-quiet">" · "{step.owner.clone()}{(!step.with.is_empty()).then(|| format!(", with {}", step.with))}
                    " · "{step.due.map_or_else(|| "no date".to_owned(), |due| format!("by {}", dates::plain_date(due)))}{step.first_due.map(|due| format!(", first by {}", dates::plain_date(due)))}
                    " · agreed "{dates::short_date(step.agreed_on)}</span>
                " "<strong class=if step.state == StepStatus::Done { "govuk-tag govuk-tag--green" } else { "govuk-tag govuk-tag--grey" }>{state}</strong>
                {(!step.word.is_empty()).then(|| format!(" {}", step.word))}</p>
            {step.owner_left.then(|| hand_over(&step, back.clone()))}
            {(step.answerable && !step.state.settled()).then(|| view! {
                <form action="/api/step/answer" method="post" class="cr-step__answer">
                    {crate::meeting::act::no_choice_by_enter()}
                    <input type="hidden" name="id" value=id.clone()/>
                    <input type="hidden" name="back" value=back/>
                    <label for=format!("word-{id}")>"Why, in a few words"</label>
                    <input class="govuk-input" id=format!("word-{id}") name="word"/>
                    <button type="submit" name="done" value="yes" class="cr-small-button">"Done"<span class="govuk-visually-hidden">": "{step.what.clone()}</span></button>
                    <button type="submit" name="done" value="no" class="cr-small-button">"Not done"<span class="govuk-visually-hidden">": "{step.what.clone()}</span></button>
                </form>
            })}
        </div>
    }
}

/// A step whose owner does not work with the family any more.
fn hand_over(step: &StepCard, back: String) -> impl IntoView + use<> {
    let (field, owner) = (format!("to-{}", step.id), step.owner.clone());
    let (id, what, heirs) = (step.id.to_string(), step.what.clone(), step.heirs.clone());
    view! {
        <p class="govuk-body cr-hint">{owner}" does not work with this family any more."</p>
        {(!heirs.is_empty()).then(|| view! {
            <form action="/api/step/hand-over" method="post" class="cr-step__answer">
                <input type="hidden" name="id" value=id/>
                <input type="hidden" name="back" value=back/>
                <label for=field.clone()>"Who takes it"<span class="govuk-visually-hidden">": "{what}</span></label>
                <select class="govuk-select" id=field name="to">
                    <option value="">"Choose"</option>
                    {heirs.into_iter().map(|(worker, name)| view! { <option value=worker.to_string()>{name}</option> }).collect_view()}
                </select>
                <button type="submit" class="cr-small-button">"Hand over"</button>
            </form>
        })}
    }
}
