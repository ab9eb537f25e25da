//! Who took minutes away, when, and of whom.

use domain::dates;
use leptos::prelude::*;

use crate::pages::page;
use crate::visit;

/// `/downloads`.
pub fn list() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        if visit.viewer.manages.is_empty() && visit.viewer.records.is_empty() {
            return Err(service::ServiceError::NotFound);
        }
        let exports = visit.service.exports(&visit.viewer).await?;
        let content = view! {
            <h1 class="govuk-heading-l">"Copies of minutes and records"</h1>
            {exports.is_empty().then(|| view! { <p class="govuk-body">"Nobody has opened or made a copy of minutes or records yet."</p> })}
            <ul class="govuk-list">
                {exports.into_iter().map(|(name, export)| view! {
                    <li>{dates::plain_date(dates::london(export.at).date())}" "{dates::clock(export.at)}": "<strong>{name}</strong>" as "{export.format}{(!export.made_for.is_empty()).then(|| format!(", made for {}", export.made_for))}{(!export.approved_by.is_empty()).then(|| format!(", agreed by {}", export.approved_by))}", families "{export.families}" · "<a class="govuk-link" href=format!("/meetings/{}", export.meeting_id)>"the meeting"</a></li>
                }).collect_view()}
            </ul>
        };
        Ok(("Downloads".to_owned(), content))
    })
}
