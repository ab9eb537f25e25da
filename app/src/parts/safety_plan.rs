//! A safety plan to be read: whole on the family's page, and beside the meeting.

use domain::page::TitledText;
use domain::page::safety_plan::SafetyPlanCard;
use leptos::prelude::*;

use crate::parts::erased::view;

/// What stands in the plan, part by part. `contact`: how it is safe to reach whom, where nothing else on the page says it.
pub fn safety_plan(plan: &SafetyPlanCard, contact: &str) -> impl IntoView + use<> {
    let contact = TitledText { title: "Safe contact".to_owned(), text: contact.to_owned() };
    let parts = Some(contact).filter(|part| !part.text.is_empty()).into_iter().chain(plan.parts.iter().cloned());
    view! {
        <dl class="cr-safety-plan">{parts.map(|part| view! { <dt>{part.title}</dt><dd class="cr-plain">{part.text}</dd> }).collect_view()}</dl>
        <p class="cr-quiet cr-safety-plan__by">{plan.by.clone()}</p>
    }
}
