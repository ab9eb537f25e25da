//! A signed version as it stands, with its receipt.

use domain::document::of_record;
use domain::status::AccessKind;
use domain::{RecordId, dates};
use leptos::prelude::*;
use service::ServiceError;

use super::parts;
use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::visit;

/// `/records/:id/versions/:number`.
pub fn show() -> impl IntoView {
    let (id, number): (Option<RecordId>, Option<i64>) = (param("id"), param("number"));
    page(move || async move {
        let visit = visit::visit()?;
        let (id, number) = id.zip(number).ok_or(ServiceError::NotFound)?;
        let reader = visit.looks_at_record(id, AccessKind::Version).await?;
        let card = visit.service.family(reader.family()).await?;
        let (sealed, seal, head) = visit.service.version(reader, number).await?;
        let document =
            of_record(&sealed.record, &sealed.child_name, &sealed.child_age, &sealed.reference, Some(&sealed));
        let content = view! {
            {back(format!("/records/{id}"), "The record now")}
            {family_bar(&card)}
            <h1 class="govuk-heading-l">{sealed.child_name.clone()}", "{dates::plain_date(sealed.record.held_on)}</h1>
            <p class="govuk-body"><strong class="govuk-tag govuk-tag--green">{document.status.clone()}</strong></p>
            <ul class="govuk-list">{document.facts.iter().cloned().map(|fact| view! { <li>{fact}</li> }).collect_view()}</ul>
            {parts::sections(document.sections, Default::default())}
            <h2 class="govuk-heading-m">"Receipt"</h2>
            <p class="govuk-body">{format!("Number {} of this child’s signed records.", seal.number)}</p>
            <dl class="cr-receipt">
                <dt>"SHA-256 of the signed form"</dt><dd><code>{seal.hash}</code></dd>
                <dt>"What stands before it"</dt><dd><code>{if seal.before.is_empty() { "nothing".to_owned() } else { seal.before }}</code></dd>
                {head.map(|head| view! {
                    <dt>{format!("Where the chain ends now: number {}", head.number)}</dt><dd><code>{head.hash}</code></dd>
                    <dt>"Its code"</dt><dd><code>{head.code}</code></dd>
                })}
            </dl>
            <p class="govuk-body cr-quiet">"Keep this apart from the database: \"caseround verify --head\" with it tells later whether anything was changed or is missing."</p>
        };
        Ok(("Signed version".to_owned(), content))
    })
}
