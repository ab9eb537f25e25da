//! Minutes, made for print.

use domain::document::of_minutes;
use domain::{MeetingId, dates};
use leptos::prelude::*;
use service::ServiceError;
use service::markdown::to_html;
use service::record::minutes::OwnPart;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::visit;

/// `/meetings/:id/minutes`.
pub fn minutes() -> impl IntoView {
    let id: Option<MeetingId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let reader = visit.service.meeting_reader(&visit.viewer, id).await?;
        let minutes = visit.service.minutes(reader, &visit::from(), None, "page").await?;
        let own = visit.service.own_parts(reader).await?;
        let html = visit.service.printer().html(&of_minutes(&minutes));
        let families: Vec<String> = minutes.families.iter().map(|family| family.reference.clone()).collect();
        let several = families.len() > 1;
        let content = view! {
            {back(format!("/meetings/{id}"), "Back to the meeting")}
            <article class="cr-minutes" inner_html=html></article>
            {(!own.is_empty()).then(|| own_parts(own))}
            <p class="govuk-body cr-no-print">
                <a class="govuk-link" href=format!("/meetings/{id}/files/pdf")>"PDF"</a>" · "
                <a class="govuk-link" href=format!("/meetings/{id}/files/docx")>"Word"</a>" · "
                <a class="govuk-link" href=format!("/meetings/{id}/files/md")>"Markdown"</a>" · "
                <a class="govuk-link" href=format!("/meetings/{id}/files/json")>"JSON"</a>
            </p>
            {several.then(|| view! {
                <ul class="govuk-list cr-no-print">
                    {families.into_iter().map(|reference| {
                        let file = |format: &str| format!("/meetings/{id}/files/{format}?family={reference}");
                        let (pdf, word) = (file("pdf"), file("docx"));
                        view! { <li>"Family "{reference}" alone: "<a class="govuk-link" href=pdf>"PDF"</a>" · "<a class="govuk-link" href=word>"Word"</a></li> }
                    }).collect_view()}
                </ul>
            })}
        };
        Ok(("Minutes".to_owned(), content))
    })
}

/// For somebody who was there for the day only.
fn own_parts(parts: Vec<OwnPart>) -> impl IntoView {
    view! {
        <h2 class="govuk-heading-m">"What is yours"</h2>
        <p class="govuk-body">"You took part for the day. Your own words and steps stay here until the record is signed."</p>
        {parts.into_iter().map(|part| view! {
            <section>
                <h3 class="govuk-heading-s">"Family "{part.reference}</h3>
                <div class="cr-prose" inner_html=to_html(&part.words)></div>
                <ul class="govuk-list govuk-list--bullet">
                    {part.steps.into_iter().map(|(what, due)| {
                        let due = due.map(|due| format!(", by {}", dates::plain_date(due)));
                        view! { <li>{what}{due}</li> }
                    }).collect_view()}
                </ul>
            </section>
        }).collect_view()}
    }
}
