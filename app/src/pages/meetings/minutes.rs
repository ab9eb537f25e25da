//! Minutes, made for print.

use domain::MeetingId;
use domain::document::of_minutes;
use leptos::prelude::*;
use service::ServiceError;

use crate::pages::{page, param};
use crate::visit;

/// `/meetings/:id/minutes`.
pub fn minutes() -> impl IntoView {
    let id: Option<MeetingId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let minutes = visit.service.minutes(&visit.viewer, id, "html").await?;
        let html = visit.service.printer().html(&of_minutes(&minutes));
        let families: Vec<String> = minutes.families.iter().map(|family| family.reference.clone()).collect();
        let several = families.len() > 1;
        let content = view! {
            <article class="cr-minutes" inner_html=html></article>
            <p class="govuk-body cr-no-print">
                <a class="govuk-link" href=format!("/meetings/{id}/files/pdf")>"PDF"</a>" · "
                <a class="govuk-link" href=format!("/meetings/{id}/files/docx")>"Word"</a>" · "
                <a class="govuk-link" href=format!("/meetings/{id}/files/md")>"Markdown"</a>" · "
                <a class="govuk-link" href=format!("/meetings/{id}/files/json")>"JSON"</a>" · "
                <a class="govuk-link" href=format!("/meetings/{id}")>"Back to the meeting"</a>
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
