//! What was given out of the families of a team: by whom, for whom, when, why.

use domain::dates;
use leptos::prelude::*;
use service::access::{AccessLine, SHOWN};

use super::access::in_words;
use crate::pages::page;
use crate::parts::back::back;
use crate::visit;

/// `/downloads`.
pub fn list() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let staff = visit.service.staff(&visit.viewer)?;
        let lines = visit.service.given_out(staff).await?;
        let content = view! {
            {back("/records", "Records")}
            <h1 class="govuk-heading-l">"What was given out"</h1>
            <p class="govuk-body">{format!("Copies, minutes, messages, archives and deliveries, newest first: the last {SHOWN} of each team.")}</p>
            {lines.is_empty().then(|| view! { <p class="govuk-body">"Nothing has been given out yet."</p> })}
            <ul class="govuk-list">{lines.into_iter().map(line).collect_view()}</ul>
        };
        Ok(("What was given out".to_owned(), content))
    })
}

fn line(line: AccessLine) -> impl IntoView {
    let given = line.given;
    let when = format!("{} {}", dates::plain_date(dates::london(given.at).date()), dates::clock(given.at));
    let what = in_words(&given, &line.by);
    view! {
        <li>{when}": "<strong>{line.by}</strong>" "{what}", "
            {given.family_id.map(|family| view! { <a class="govuk-link" href=format!("/families/{family}")>{line.reference}</a> })}
            <span class="cr-quiet">{format!(" · {}", given.allowed_by)}</span></li>
    }
}
