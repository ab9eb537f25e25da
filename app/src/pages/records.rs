//! A child's draft record.

use domain::{RecordId, dates};
use leptos::prelude::*;
use service::ServiceError;
use service::markdown::to_html;

use crate::pages::{page, param};
use crate::visit;

/// `/records/:id`.
pub fn show() -> impl IntoView {
    let id: Option<RecordId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let (family, record) = visit.service.record(&visit.viewer, id).await?;
        let card = visit.service.family(&visit.viewer, family.id).await?;
        let child = card.child_name(record.child).to_owned();
        let decision = record.decision.clone();
        let content = view! {
            <h1 class="govuk-heading-l">{child.clone()}", "{dates::plain_date(record.held_on)}</h1>
            <p class="govuk-body"><strong class="govuk-tag">"DRAFT"</strong>" Family "<a class="govuk-link" href=format!("/families/{}", family.id)>{family.reference}</a>
                " · chair "{record.chair.name.clone()}{record.record_taker.as_ref().map(|taker| format!(" · record {}", taker.name))}
                " · "<a class="govuk-link" href=format!("/meetings/{}/minutes", record.meeting)>"Minutes of the meeting"</a></p>
            <h2 class="govuk-heading-m">"Present"</h2>
            <ul class="govuk-list">
                {record.attendance.iter().map(|present| view! {
                    <li>{present.who.name.clone()}", "{present.who.discipline.clone()}": "{present.how.map_or_else(|| "attendance not marked".to_owned(), domain::meeting::Attendance::title)}</li>
                }).collect_view()}
            </ul>
            <h2 class="govuk-heading-m">"What we heard"</h2>
            {record.heard.iter().map(|heard| view! {
                <section class="cr-summary"><h3 class="govuk-heading-s">{heard.who.name.clone()}", "{heard.who.discipline.clone()}{(!heard.recorded_by.is_empty()).then(|| format!(", recorded by {}", heard.recorded_by.join(" and ")))}
                    {(heard.mark != domain::meeting::Mark::None).then(|| view! { " "<strong class="govuk-tag govuk-tag--grey">"kept from some"</strong> })}</h3>
                <div class="cr-prose" inner_html=to_html(&heard.text)></div></section>
            }).collect_view()}
            {record.heard.is_empty().then(|| view! { <p class="govuk-body">"Nothing was written."</p> })}
            <h2 class="govuk-heading-m">"What it means for "{child}</h2>
            <div class="cr-prose" inner_html=to_html(&record.meaning)></div>
            <h2 class="govuk-heading-m">"Decision"</h2>
            {match decision {
                None => view! { <p class="govuk-body">"No decision is recorded."</p> }.into_any(),
                Some(decision) => view! {
                    <p class="govuk-body"><strong>{decision.title}</strong>". "{decision.route}". "{decision.what}</p>
                    <p class="govuk-body">"Why: "{if decision.why.is_empty() { "to follow".to_owned() } else { decision.why }}</p>
                    <ul class="govuk-list">
                        {decision.stances.into_iter().map(|stance| view! {
                            <li>{stance.who.name.clone()}": "{stance.position.title()}{(!stance.reason.is_empty()).then(|| format!(". {}", stance.reason))}{stance.earlier_wording.then_some(" (on an earlier wording)")}{stance.asked_round.then_some(" (asked by the chair)")}</li>
                        }).collect_view()}
                        {decision.unanswered.into_iter().map(|who| view! { <li>{who.name}": did not answer"</li> }).collect_view()}
                    </ul>
                }.into_any(),
            }}
            <h2 class="govuk-heading-m">"Next steps"</h2>
            <ul class="govuk-list govuk-list--bullet">
                {record.steps.iter().map(|step| view! {
                    <li>{step.what.clone()}" · "{step.owner.as_ref().map_or_else(|| "nobody yet".to_owned(), |owner| owner.name.clone())}" · "{step.due.map_or_else(|| "no date yet".to_owned(), dates::plain_date)}</li>
                }).collect_view()}
            </ul>
        };
        Ok(("Record".to_owned(), content))
    })
}
