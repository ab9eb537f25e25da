//! A safety plan to be read: whole on the family's page, and beside the meeting.

use domain::dates;
use domain::safety_plan::{Helper, IfThen, WrittenSafetyPlan};
use leptos::prelude::*;

use crate::parts::erased::view;

/// What stands in the plan, part by part; parts with nothing in them are left out. `contact`: how it is safe to reach whom,
/// where nothing else on the page says it. `meeting`: what the family's own meeting is called.
pub fn safety_plan(written: &WrittenSafetyPlan, contact: &str, meeting: &str) -> impl IntoView + use<> {
    let plan = &written.plan;
    let text = |title: &'static str, text: &str| {
        let text = text.to_owned();
        (!text.is_empty()).then(|| view! { <dt>{title}</dt><dd class="cr-plain">{text}</dd> })
    };
    let list = |title: &'static str, lines: Vec<String>| {
        let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        (!lines.is_empty()).then(|| view! { <dt>{title}</dt><dd><ul class="cr-plan-lines">{lines}</ul></dd> })
    };
    let meeting = plan.family_meeting.in_words().map(|words| format!("{meeting}: {words}"));
    view! {
        <dl class="cr-safety-plan">
            {text("Safe contact", contact)}
            {text("What worries us", &plan.worries)}
            {text("What helps", &plan.helps)}
            {list("If something happens", plan.if_then.iter().map(IfThen::in_words).collect())}
            {list("Who helps", plan.network.iter().map(Helper::in_words).collect())}
            {text("The family’s own meeting", &meeting.unwrap_or_default())}
        </dl>
        <p class="cr-quiet cr-safety-plan__by">{by(written)}</p>
    }
}

fn by(written: &WrittenSafetyPlan) -> String {
    format!("Changed by {}, {}", written.by.name, dates::plain_date(dates::london(written.at).date()))
}
