//! What is unsigned and what has not landed, for those who serve a team.

use domain::dates;
use domain::status::DeliveryState;
use leptos::prelude::*;
use service::record::delivery::DeliveryLine;
use service::record::sign::{Unsigned, WaitingAddition, WaitingDissent};

use super::parts;
use crate::pages::page;
use crate::visit;

/// `/records`.
pub fn list() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let staff = visit.service.staff(&visit.viewer)?;
        let unsigned = visit.service.unsigned(staff).await?;
        let deliveries = visit.service.deliveries(staff).await?;
        let (waiting, landed): (Vec<DeliveryLine>, Vec<DeliveryLine>) = deliveries
            .into_iter()
            .partition(|line| !matches!(line.row.state, DeliveryState::Landed | DeliveryState::Withdrawn));
        let asked = visit.service.to_answer(staff).await?;
        let dissents = visit.service.dissents_waiting(staff).await?;
        let unsent = visit.service.unsent(staff).await?;
        let manages = visit.viewer.is_manager();
        let today = visit.service.clock().today();
        let content = view! {
            <h1 class="govuk-heading-l">"Records"</h1>
            <h2 class="govuk-heading-m">"To sign"</h2>
            {unsigned.is_empty().then(|| view! { <p class="govuk-body">"Every record is signed."</p> })}
            <ul class="govuk-list cr-records">{unsigned.into_iter().map(|line| to_sign(line, today)).collect_view()}</ul>
            {(!asked.is_empty()).then(|| view! {
                <h2 class="govuk-heading-m">"Additions to answer"</h2>
                <ul class="govuk-list cr-records">{asked.into_iter().map(addition_line).collect_view()}</ul>
            })}
            {(!dissents.is_empty()).then(|| view! {
                <h2 class="govuk-heading-m">"Disagreements to answer"</h2>
                <ul class="govuk-list cr-records">{dissents.into_iter().map(|line| dissent_line(line, today)).collect_view()}</ul>
            })}
            {(!unsent.is_empty()).then(|| view! {
                <h2 class="govuk-heading-m">"Signed, and not yet sent to anybody"</h2>
                <ul class="govuk-list cr-records">{unsent.into_iter().map(|line| view! {
                    <li><a class="govuk-link" href=format!("/records/{}", line.record)>{line.reference}" · "{line.child}</a>
                        {format!(", since {}", dates::plain_date(dates::london(line.signed_at).date()))}</li>
                }).collect_view()}</ul>
            })}
            {(!waiting.is_empty()).then(|| view! {
                <h2 class="govuk-heading-m">"On their way to the council’s systems"</h2>
                <ul class="govuk-list cr-records">{waiting.into_iter().map(on_its_way).collect_view()}</ul>
            })}
            {(!landed.is_empty()).then(|| view! {
                <h2 class="govuk-heading-m">"Arrived"</h2>
                <ul class="govuk-list cr-records">{landed.into_iter().take(100).map(on_its_way).collect_view()}</ul>
            })}
            <p class="govuk-body"><a class="govuk-link" href="/downloads">"What was given out"</a>
                {manages.then(|| view! { " · "<a class="govuk-link" href="/retention">"How long records are held here"</a> })}</p>
        };
        Ok(("Records".to_owned(), content))
    })
}

fn to_sign(line: Unsigned, today: chrono::NaiveDate) -> impl IntoView {
    let days = (today - line.held_on).num_days();
    let since = match days {
        0 => "today".to_owned(),
        1 => "since yesterday".to_owned(),
        _ => format!("for {days} days"),
    };
    let missing = parts::missing_words(line.missing).unwrap_or_else(|| "ready to sign".to_owned());
    // A family may be discussed twice in a day.
    let from = line.began_at.map(|at| format!(" from {}", dates::clock(at)));
    view! {
        <li>
            <strong>{line.reference}</strong>" · "{dates::plain_date(line.held_on)}{from}", unsigned "{since}" · "{missing}
            <br/>
            {line.children.into_iter().map(|(name, record)| view! {
                <a class="govuk-link" href=format!("/records/{record}")>{name}</a>" "
            }).collect_view()}
        </li>
    }
}

/// An addition that waits. Whoever oversees the team opens the family first.
fn addition_line(line: WaitingAddition) -> impl IntoView {
    let (href, name) = match line.of {
        Some((record, child)) => (format!("/records/{record}#addenda"), format!("{} · {child}", line.reference)),
        None => {
            let href = format!("/families/open?reference={}&for=addition", line.reference);
            (href, format!("Open {} to answer an addition", line.reference))
        }
    };
    view! { <li><a class="govuk-link" href=href>{name}</a>{format!(", {}", dates::plain_date(line.held_on))}</li> }
}

/// A disagreement that waits. Whoever oversees the team opens the family first: what it says stands in the record.
fn dissent_line(line: WaitingDissent, today: chrono::NaiveDate) -> impl IntoView {
    let by = format!("with {}, to be answered by {}", line.to, dates::plain_date(line.until));
    let passed =
        (line.until < today).then(|| view! { " "<strong class="govuk-tag govuk-tag--yellow">"passed"</strong> });
    let (href, name, about) = match line.record {
        Some((record, dissent)) => {
            let decision = record.decision.as_ref().map(|decision| decision.title.as_str()).unwrap_or_default();
            let about = format!(": {} on “{decision}”; {by}", who_dissents(&record, dissent.worker));
            let name = format!("{}, {}", line.reference, dates::plain_date(record.held_on));
            (format!("/records/{}#dissents", record.id), name, about)
        }
        None => {
            let href = format!("/families/open?reference={}&for=dissent", line.reference);
            (href, format!("Open {} to answer a disagreement", line.reference), format!(": {by}"))
        }
    };
    view! { <li><a class="govuk-link" href=href>{name}</a>{about}{passed}</li> }
}

fn on_its_way(line: DeliveryLine) -> impl IntoView {
    let row = line.row;
    let (tag, words) = state_words(row.state);
    let ask = row.state.needs_somebody();
    view! {
        <li>
            <a class="govuk-link" href=format!("/records/{}", row.record_id)>{line.reference}" · "{line.child}</a>
            {format!(", version {}, to {} ", row.version, row.target)}
            <strong class=format!("govuk-tag {tag}")>{words}</strong>
            <span class="cr-quiet">{format!(" {} {}", dates::plain_date(dates::london(row.changed_at).date()), dates::clock(row.changed_at))}
                {(!row.answer.is_empty()).then(|| format!(" · {}", row.answer))}</span>
            {ask.then(|| view! {
                <form action="/api/delivery/settle" method="post" class="cr-step__answer">
                    <input type="hidden" name="id" value=row.id.to_string()/>
                    <button type="submit" name="there" value="yes" class="cr-small-button">"I looked: it is there"</button>
                    <button type="submit" name="there" value="no" class="cr-small-button">"It is not there: send it again"</button>
                </form>
            })}
        </li>
    }
}

fn who_dissents(record: &domain::record::Record, worker: domain::WorkerId) -> String {
    let mut stances = record.decision.iter().flat_map(|decision| &decision.stances);
    stances.find(|stance| stance.who.worker == worker).map(|stance| stance.who.name.clone()).unwrap_or_default()
}

/// A delivery's state: the tag's class, and what people read.
pub const fn state_words(state: DeliveryState) -> (&'static str, &'static str) {
    match state {
        DeliveryState::Landed => ("govuk-tag--green", "arrived"),
        DeliveryState::Sent => ("govuk-tag--grey", "being sent"),
        DeliveryState::Failed => ("govuk-tag--yellow", "not accepted"),
        DeliveryState::Unknown => ("govuk-tag--yellow", "look in the council’s system"),
        DeliveryState::Withdrawn => ("govuk-tag--grey", "replaced by a newer version"),
        DeliveryState::Waiting => ("govuk-tag--grey", "waiting"),
    }
}
