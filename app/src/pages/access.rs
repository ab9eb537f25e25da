//! Who looked at a family, and what somebody looked at: for those who manage the family's team, and reviewers. It is there to answer whoever
//! asks who has seen a child's file, and measures nobody's work.

use chrono::{DateTime, Utc};
use domain::status::AccessKind;
use domain::wording::capital;
use domain::{FamilyId, WorkerId, dates};
use leptos::prelude::*;
use service::ServiceError;
use service::access::{AccessEntry, AccessLine, SHOWN};

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::parts::form::SelectField;
use crate::visit;

/// `/families/:id/access`.
pub fn of_family() -> impl IntoView {
    let id: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let log = visit.service.family_access_log(&visit.viewer, id).await?;
        let lines = visit.service.accesses_of_family(log, before(&visit)).await?;
        let reader = visit.looks_at_family(id, AccessKind::AccessLog).await?;
        let card = visit.service.family(reader).await?;
        let content = view! {
            {back(format!("/families/{id}"), format!("Family {}", card.reference))}
            {family_bar(&card)}
            <h1 class="govuk-heading-l">"Who looked at this family"</h1>
            <p class="govuk-body">"Whoever opens something about this family is written down before they see it, and so is whoever opens this page."</p>
            {table(lines, format!("/families/{id}/access"), false)}
        };
        Ok(("Who looked".to_owned(), content))
    })
}

/// `/access`, and `/access?of=…`.
pub fn of_worker() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let log = visit.service.access_log(&visit.viewer)?;
        let directory = visit.service.directory().await?;
        let asked = match visit::query("of") {
            Some(worker) => {
                let worker: WorkerId = worker.parse().map_err(|_| ServiceError::NotFound)?;
                let named = directory.names.get(&worker).ok_or(ServiceError::NotFound)?;
                let lines = visit.service.accesses_of_worker(log, worker, before(&visit), &visit::from()).await?;
                Some((worker, named.name.clone(), lines))
            }
            None => None,
        };
        let whose = if visit.viewer.reviews {
            "Of every team’s families, with when they signed in and whose rights they changed."
        } else {
            "Of the families of your team; of your team’s people also when they signed in and whose rights they changed."
        };
        let chosen = asked.as_ref().map(|(worker, ..)| worker.to_string()).unwrap_or_default();
        let mut workers: Vec<(String, String)> =
            directory.names.iter().map(|(worker, named)| (worker.to_string(), named.in_words())).collect();
        workers.sort_by(|one, other| one.1.cmp(&other.1));
        let heading = match &asked {
            Some((_, name, _)) => format!("What {name} looked at"),
            None => "What somebody looked at".to_owned(),
        };
        let no_error: Option<String> = None;
        let content = view! {
            {back("/openings", "Families opened by others")}
            <h1 class="govuk-heading-l">{heading}</h1>
            <p class="govuk-body">{whose}" It answers who has seen a family, and is no measure of anybody’s work."</p>
            <form action="/access" method="get" class="cr-narrow">
                <SelectField name="of" label="Who" options=workers value=chosen error=no_error/>
                <button type="submit" class="govuk-button govuk-button--secondary">"Show"</button>
            </form>
            {asked.map(|(worker, _, lines)| table(lines, format!("/access?of={worker}"), true))}
        };
        Ok(("What somebody looked at".to_owned(), content))
    })
}

/// The time before which entries are asked for: now, or what the link to earlier ones says.
fn before(visit: &visit::Visit) -> DateTime<Utc> {
    let asked = visit::query("before").and_then(|before| before.parse().ok());
    // Now itself counts too.
    asked.unwrap_or_else(|| visit.service.clock().now() + chrono::TimeDelta::minutes(1))
}

fn table(lines: Vec<AccessLine>, here: String, of_worker: bool) -> impl IntoView {
    if lines.is_empty() {
        return view! { <p class="govuk-body">"Nothing is written down for this time."</p> }.into_any();
    }
    let whole = i64::try_from(lines.len()).unwrap_or(i64::MAX) >= SHOWN;
    let earlier = lines.last().map(|line| line.given.at).filter(|_| whole).map(|at| {
        let at = at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        view! { <p class="govuk-body"><a class="govuk-link" href=format!("{here}{}before={at}", if of_worker { '&' } else { '?' })>"Earlier"</a></p> }
    });
    let rows = lines.into_iter().map(|line| row(line, of_worker)).collect_view();
    view! {
        <table class="govuk-table cr-stacked">
            <caption class="govuk-visually-hidden">"Newest first"</caption>
            <thead class="govuk-table__head"><tr class="govuk-table__row">
                <th scope="col" class="govuk-table__header">"When"</th>
                <th scope="col" class="govuk-table__header">{if of_worker { "Family" } else { "Who" }}</th>
                <th scope="col" class="govuk-table__header">"What"</th>
                <th scope="col" class="govuk-table__header">"Why they may"</th>
                <th scope="col" class="govuk-table__header">"From"</th>
            </tr></thead>
            <tbody class="govuk-table__body">{rows}</tbody>
        </table>
        {earlier}
    }
    .into_any()
}

fn row(line: AccessLine, of_worker: bool) -> impl IntoView {
    let given = line.given;
    let when = format!("{} {}", dates::plain_date(dates::london(given.at).date()), dates::clock(given.at));
    let what = capital(&in_words(&given, &line.by));
    let place = (!line.in_place_of.is_empty()).then(|| format!(", of {}", line.in_place_of));
    let why = format!("{}{}", given.allowed_by, place.unwrap_or_default());
    let who = if of_worker {
        given
            .family_id
            .map(|family| view! { <a class="govuk-link" href=format!("/families/{family}")>{line.reference}</a> })
            .into_any()
    } else {
        view! { <a class="govuk-link" href=format!("/access?of={}", given.worker_id)>{line.by}</a> }.into_any()
    };
    view! {
        <tr class="govuk-table__row">
            <td class="govuk-table__cell" data-label="When">{when}</td>
            <td class="govuk-table__cell" data-label="Who">{who}</td>
            <td class="govuk-table__cell" data-label="What">{what}</td>
            <td class="govuk-table__cell" data-label="Why they may">{why}</td>
            <td class="govuk-table__cell" data-label="From">{given.address}</td>
        </tr>
    }
}

/// What somebody, called `by`, did, after their name: "made a copy of a record as pdf for Ada Okafor".
pub(in crate::pages) fn in_words(given: &AccessEntry, by: &str) -> String {
    let what = match (given.what, given.format.as_str()) {
        (AccessKind::Family, _) => "opened the workbook".to_owned(),
        (AccessKind::Record, _) => "read a record".to_owned(),
        (AccessKind::Version, _) => "read an earlier version of a record".to_owned(),
        (AccessKind::Meeting, _) => "opened the family’s part of a meeting".to_owned(),
        (AccessKind::Stream, _) => "was in the meeting while the family was shown".to_owned(),
        (AccessKind::AccessLog, "csv") => "took the whole access log out as CSV".to_owned(),
        (AccessKind::AccessLog, "sign-ins and rights") => "looked at sign-ins and changes of rights".to_owned(),
        (AccessKind::AccessLog, _) => "looked at who looked".to_owned(),
        (AccessKind::Opened, _) => "opened the family for an hour".to_owned(),
        (AccessKind::Refused, "opening") => "tried to open it with a reason and was not let in".to_owned(),
        (AccessKind::Refused, "form") => "sent a form of it, which was not taken".to_owned(),
        (AccessKind::Refused, "page") => "asked for it and was not shown it".to_owned(),
        (AccessKind::Refused, part) => format!("asked for it ({part}) and was not shown it"),
        (AccessKind::SignedIn, how) => format!("signed in ({})", how.replace('_', " ")),
        (AccessKind::Rights, what) => what.to_owned(),
        (AccessKind::Tonight, _) => "opened the page for the night".to_owned(),
        (AccessKind::Preview, _) => "looked at a copy of a record".to_owned(),
        (AccessKind::Copy, format) => format!("made a copy of a record as {format}"),
        (AccessKind::Minutes, "page") => "read minutes".to_owned(),
        (AccessKind::Minutes, format) => format!("made minutes as {format}"),
        (AccessKind::Message, format) => format!("made a message for an adult as {format}"),
        (AccessKind::Archive, _) => "made an archive of one child".to_owned(),
        (AccessKind::Delivery, _) => "signed a record that was handed over".to_owned(),
        (AccessKind::Sent, _) => "noted that a record was sent".to_owned(),
    };
    let whom = (!given.made_for.is_empty() && given.made_for != by).then(|| match given.what {
        AccessKind::Delivery | AccessKind::Sent => format!(" to {}", given.made_for),
        AccessKind::Rights => format!(": {}", given.made_for),
        AccessKind::Opened => format!(": “{}”", given.made_for),
        AccessKind::AccessLog => format!(" of {}", given.made_for),
        _ => format!(" for {}", given.made_for),
    });
    let approved = (!given.approved_by.is_empty()).then(|| format!(", agreed by {}", given.approved_by));
    format!("{what}{}{}", whom.unwrap_or_default(), approved.unwrap_or_default())
}
