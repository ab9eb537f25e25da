//! What was given out of the families of a team: by whom, for whom, when, why.

use domain::dates;
use domain::status::Output;
use leptos::prelude::*;
use service::record::given::{GivenLine, SHOWN};

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

fn line(line: GivenLine) -> impl IntoView {
    let given = line.given;
    let when = format!("{} {}", dates::plain_date(dates::london(given.at).date()), dates::clock(given.at));
    let what = match (given.what, given.format.as_str()) {
        (Output::Preview, _) => "looked at a copy of a record".to_owned(),
        (Output::Copy, format) => format!("made a copy of a record as {format}"),
        (Output::Minutes, "page") => "read minutes".to_owned(),
        (Output::Minutes, format) => format!("made minutes as {format}"),
        (Output::Message, format) => format!("made a message for an adult as {format}"),
        (Output::Archive, _) => "made an archive of one child".to_owned(),
        (Output::Delivery, _) => "signed a record that was handed over".to_owned(),
        (Output::Sent, _) => "noted that a record was sent".to_owned(),
    };
    let whom = (!given.made_for.is_empty() && given.made_for != line.by).then(|| match given.what {
        Output::Delivery | Output::Sent => format!(" to {}", given.made_for),
        _ => format!(" for {}", given.made_for),
    });
    let approved = (!given.approved_by.is_empty()).then(|| format!(", agreed by {}", given.approved_by));
    view! {
        <li>{when}": "<strong>{line.by}</strong>" "{what}{whom}{approved}", "
            <a class="govuk-link" href=format!("/families/{}", given.family_id)>{line.reference}</a>
            <span class="cr-quiet">{format!(" · {}", given.allowed_by)}</span></li>
    }
}
