//! One page of a family for the night: for whoever answers the phone, and for a new worker.

use domain::page::{AllocatedCard, ChildCard, EarlierCard};
use domain::safety_plan::IfThen;
use domain::status::AccessKind;
use domain::{FamilyId, dates};
use leptos::prelude::*;
use service::ServiceError;
use service::workbook::tonight::Tonight;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::child::long_not_alone;
use crate::parts::own_words::own_words;
use crate::parts::safety_plan::safety_plan;
use crate::visit;

/// `/families/:id/tonight`.
pub fn show() -> impl IntoView {
    let id: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let reader = visit.looks_at_family(id, AccessKind::Tonight).await?;
        let tonight = visit.service.tonight(reader).await?;
        let template = visit.service.template();
        let now = dates::london(visit.service.clock().now());
        let card = tonight.family.card.clone();
        let whose =
            format!("For {}, for the night of {}. Not to be passed on.", visit.name, dates::plain_date(now.date()));
        let reference = card.reference.clone();
        let plan = tonight.family.safety_plan.clone();
        let content = view! {
            <div class="cr-no-print">{back(format!("/families/{id}"), format!("Family {reference}"))}</div>
            <div class="cr-tonight">
            <h1 class="govuk-heading-l">"Tonight: family "{reference.clone()}</h1>
            <p class="govuk-body"><strong>{whose}</strong></p>
            <p class="govuk-body">{template.meeting.urgent.clone()}</p>
            {card.children.iter().map(child).collect_view()}
            <p class="govuk-body"><strong>"Adults: "</strong>{card.adults.iter().map(domain::page::AdultCard::in_words).collect::<Vec<_>>().join("; ")}</p>
            {match &plan {
                Some(plan) => safety_plan(plan, &card.safe_contact).into_any(),
                None => view! { <p class="govuk-body">"Nobody has written a safety plan: nothing is known here of where it is safe to ring."</p> }.into_any(),
            }}
            {agreed(&tonight.if_then)}
            {heard(&tonight)}
            {decided(&tonight.decided)}
            {workers(&card.allocated)}
            </div>
        };
        Ok((format!("Tonight: family {reference}"), content))
    })
}

fn child(child: &ChildCard) -> impl IntoView + use<> {
    let plan = if child.plan.is_empty() { "no open plan".to_owned() } else { child.plan.clone() };
    let rest = [plan, child.seen.clone(), child.needs.clone()].into_iter().filter(|words| !words.is_empty());
    let rest = rest.collect::<Vec<_>>().join(" · ");
    view! { <p class="govuk-body"><strong>{child.line()}</strong>": "{rest}" "{long_not_alone(child)}</p> }
}

fn agreed(lines: &[IfThen]) -> Option<impl IntoView + use<>> {
    let lines = lines
        .iter()
        .map(|line| {
            let line = line.in_words();
            view! { <li>{line}</li> }
        })
        .collect_view();
    (!lines.is_empty()).then(|| {
        view! {
            <h2 class="govuk-heading-m">"Agreed at the last group supervision"</h2>
            <ul class="cr-plan-lines">{lines}</ul>
        }
    })
}

fn heard(tonight: &Tonight) -> Option<impl IntoView + use<>> {
    let cards = tonight.family.own_words.iter().map(own_words).collect_view();
    (!cards.is_empty()).then(|| view! { <h2 class="govuk-heading-m">"In their own words"</h2>{cards} })
}

fn decided(decided: &[EarlierCard]) -> impl IntoView + use<> {
    let line = |last: &EarlierCard| {
        let why = if last.why.is_empty() { String::new() } else { format!(". Why: {}", last.why) };
        let words = format!("{}, {}: {}{why}", last.child, dates::plain_date(last.held_on), last.decision);
        view! { <li>{words}</li> }
    };
    let lines = decided.iter().map(line).collect_view();
    let none = lines.is_empty().then(|| view! { <p class="govuk-body">"Nothing has been decided here yet."</p> });
    view! { <h2 class="govuk-heading-m">"Decided last"</h2><ul class="cr-plan-lines">{lines}</ul>{none} }
}

fn workers(allocated: &[AllocatedCard]) -> impl IntoView + use<> {
    let line = |who: &AllocatedCard| {
        let parts = [who.name.clone(), who.discipline.clone()].into_iter().filter(|part| !part.is_empty());
        let with = if who.with.is_empty() { String::new() } else { format!(", with {}", who.with) };
        view! { <li>{format!("{}{with}", parts.collect::<Vec<_>>().join(", "))}</li> }
    };
    let lines = allocated.iter().map(line).collect_view();
    view! { <h2 class="govuk-heading-m">"Who works with them by day"</h2><ul class="cr-plan-lines">{lines}</ul> }
}
