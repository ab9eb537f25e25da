//! The page between reading and signing: what is signed, what is missing, and what signing does.

use chrono::{DateTime, Utc};
use domain::record::{Record, Unready, missing_in};
use domain::status::AccessKind;
use domain::{RecordId, dates};
use leptos::prelude::*;
use service::ServiceError;
use service::record::sign::digest;

use super::parts;
use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::visit;

/// `/records/:id/sign`.
pub fn sign() -> impl IntoView {
    let id: Option<RecordId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let manager = visit.service.record_manager(&visit.viewer, id).await?;
        visit.looks_at_family(manager.reader().family().family(), AccessKind::Family).await?;
        let (family, record) = visit.service.record(manager.reader()).await?;
        let card = visit.service.family(manager.reader().family()).await?;
        let together = visit.service.drafts_of(manager.reader().family(), record.meeting).await?;
        if together.is_empty() {
            let heading = "These records are signed already".to_owned();
            let content = view! {
                {back(format!("/records/{id}"), "Back to the record")}
                {family_bar(&card)}
                <h1 class="govuk-heading-l">{heading.clone()}</h1>
                <p class="govuk-body">"Nothing waits for a signature here. What comes later can be added below the record."</p>
            };
            return Ok((heading, content.into_any()));
        }
        let targets = visit.service.targets();
        let notes = visit.service.unfiled_notes_of(manager, &record).await?;
        let late = visit.service.late_for(manager.reader(), &record).await?;
        let until = visit.service.corrections_until(&record).await?;
        let open_until = (visit.service.clock().today() <= until).then_some(until);
        let missing = missing_in(together.iter().map(|(_, record)| record));
        let heading = match together.len() {
            1 => format!("Sign the record of {}", together[0].0),
            count => format!("Sign {count} records"),
        };
        let seen = visit.service.records_read(&visit.viewer, record.meeting).await?;
        let read = digest(&together.iter().map(|(_, record)| record.clone()).collect::<Vec<_>>());
        let (meeting, family_id) = (record.meeting, family.id);
        let content = view! {
            {back(format!("/records/{id}"), "Back to the record")}
            {family_bar(&card)}
            <h1 class="govuk-heading-l">{heading.clone()}</h1>
            <p class="govuk-body">"Discussed "{dates::long_date(record.held_on)}</p>
            <dl class="govuk-summary-list">{together.into_iter().map(|(name, record)| { let seen = seen.get(&record.id).copied(); child(name, &record, seen) }).collect_view()}</dl>
            {parts::came_late(late, &record)}
            {parts::missing_words(missing).map(|missing| view! {
                <p class="govuk-body"><strong>{missing}" before you can sign. Open the records to add what is missing."</strong></p>
            })}
            {(missing == 0).then(|| view! {
                <div class="govuk-inset-text">
                    <p class="govuk-body">"Once signed, a record cannot be changed. More can be added below it."</p>
                    {open_until.map(|until| view! { <p class="govuk-body">{format!("Everybody who took part can ask for corrections until {}. Signing now ends that.", dates::long_date(until))}</p> })}
                    {notes.into_iter().map(|(who, lines)| view! { <p class="govuk-body">{note_words(&who.name, lines)}</p> }).collect_view()}
                    <p class="govuk-body">{sent_to(&targets)}" Messages for adults and copies for others are separate steps."</p>
                </div>
                <form action="/api/record/sign" method="post">
                    <input type="hidden" name="meeting" value=meeting.to_string()/>
                    <input type="hidden" name="family" value=family_id.to_string()/>
                    <input type="hidden" name="record" value=id.to_string()/>
                    <input type="hidden" name="read" value=read/>
                    <div class="govuk-button-group">
                        <button type="submit" class="govuk-button">{heading.clone()}</button>
                        <a class="govuk-link" href=format!("/records/{id}")>"Do not sign yet"</a>
                    </div>
                </form>
            })}
        };
        Ok(("Sign".to_owned(), content.into_any()))
    })
}

/// One child's row: the decision as it will be signed, when whoever signs read it last, and what is missing.
fn child(name: String, record: &Record, seen: Option<DateTime<Utc>>) -> impl IntoView + use<> {
    let read =
        seen.map_or_else(|| "You have not read it yet.".to_owned(), |at| format!("You read it at {}.", when(at)));
    let decided = record.decision.as_ref().map_or_else(|| "No decision".to_owned(), |decision| decision.title.clone());
    let missing: Vec<String> = record.unready().iter().map(Unready::words).collect();
    let empty = record.left_empty().join("; ");
    let href = format!("/records/{}", record.id);
    view! {
        <div class="govuk-summary-list__row">
            <dt class="govuk-summary-list__key">{name.clone()}</dt>
            <dd class="govuk-summary-list__value">{decided}
                <p class="govuk-body-s cr-quiet">{read}</p>
                {missing.into_iter().map(|what| view! { <p class="govuk-body-s cr-missing">{what}</p> }).collect_view()}
                {(!empty.is_empty()).then(|| view! { <p class="govuk-body-s cr-quiet">{format!("Nothing is written: {empty}. It can be signed like this.")}</p> })}</dd>
            <dd class="govuk-summary-list__actions"><a class="govuk-link" href=href>"Read"<span class="govuk-visually-hidden">" the record of "{name}</span></a></dd>
        </div>
    }
}

/// "09:25 on 24 November 2026".
fn when(at: DateTime<Utc>) -> String {
    format!("{} on {}", dates::clock(at), dates::plain_date(dates::london(at).date()))
}

/// What of a running note signing deletes.
fn note_words(name: &str, lines: usize) -> String {
    let (lines, them) = match lines {
        1 => ("1 line that is in no box".to_owned(), "it"),
        _ => (format!("{lines} lines that are in no box"), "them"),
    };
    format!(
        "{name}’s running note holds {lines}. Signing deletes {them}. Ask {name} first whether something is missing here."
    )
}

/// Where signed records go by themselves.
fn sent_to(targets: &[String]) -> String {
    match targets.split_last() {
        None => "Nothing is sent by signing.".to_owned(),
        Some((only, [])) => format!("Signing sends the records to {only}."),
        Some((last, rest)) => format!("Signing sends the records to {} and {last}.", rest.join(", ")),
    }
}
