//! A safety plan to be read: whole on the family's page, and beside the meeting.

use domain::page::safety_plan::SafetyPlanCard;
use leptos::prelude::*;

use crate::parts::erased::view;

/// What stands in the plan, part by part. `contact`: how it is safe to reach whom, where nothing else on the page says it.
pub fn safety_plan(plan: &SafetyPlanCard, contact: &str) -> impl IntoView + use<> {
    let contact = Some(("Safe contact".to_owned(), vec![contact.to_owned()])).filter(|(_, lines)| !lines[0].is_empty());
    let parts = contact.into_iter().chain(plan.parts.iter().cloned());
    let lines =
        |lines: Vec<String>| lines.into_iter().map(|line| view! { <dd class="cr-plain">{line}</dd> }).collect_view();
    view! {
        <dl class="cr-safety-plan">{parts.map(|(title, of_part)| view! { <dt>{title}</dt>{lines(of_part)} }).collect_view()}</dl>
        <p class="cr-quiet cr-safety-plan__by">{plan.by.clone()}</p>
    }
}
