//! Until when records are held here, what has expired, and the page between that and destroying it.

use domain::retention::RetentionState;
use domain::{PersonId, dates};
use leptos::prelude::*;
use service::ServiceError;
use service::record::retention::HeldChild;
use std::collections::BTreeMap;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::form::error_summary;
use crate::visit;

/// `/retention`.
pub fn list() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let staff = visit.service.staff(&visit.viewer)?;
        let held = visit.service.retention(staff).await?;
        let draft = visit::draft().await.unwrap_or_default();
        let rules = visit.service.rules().retention.clone();
        let me = visit.viewer.worker;
        let names = held.names;
        let (expired, kept): (Vec<HeldChild>, Vec<HeldChild>) =
            held.children.into_iter().partition(|line| matches!(line.state, RetentionState::Expired(_)));
        let content = view! {
            {error_summary(&draft)}
            {back("/records", "Records")}
            <h1 class="govuk-heading-l">"How long records are held here"</h1>
            <p class="govuk-body">"The council’s case system keeps the child’s file. What is held here is a working copy: it goes when that system has confirmed every record and the time of the template’s rule is over. Records go only when two people agree. Drafts and keystrokes are reduced by themselves, the template’s days after signing. A legal hold stops both: it is put on a family on the family’s page."</p>
            {held.frozen.map(|why| view! { <p class="govuk-inset-text">"Nothing at all is destroyed or reduced now: "{why}</p> })}
            <h2 class="govuk-heading-m">"Expired"</h2>
            {expired.is_empty().then(|| view! { <p class="govuk-body">"Nothing has expired."</p> })}
            <ul class="govuk-list cr-records">{expired.into_iter().map(|line| can_go(line, me, &names)).collect_view()}</ul>
            <h2 class="govuk-heading-m">"Kept"</h2>
            {kept.is_empty().then(|| view! { <p class="govuk-body">"No records are held."</p> })}
            {(!kept.is_empty()).then(|| view! {
                <table class="govuk-table">
                    <thead><tr>{["Child", "Highest status", "Records", "Kept"].map(|head| view! { <th scope="col" class="govuk-table__header">{head}</th> })}</tr></thead>
                    <tbody>{kept.into_iter().map(kept_row).collect_view()}</tbody>
                </table>
            })}
            <h2 class="govuk-heading-m">"The template’s rules"</h2>
            <ul class="govuk-list govuk-list--bullet">
                {rules.months.iter().map(|(status, months)| view! { <li>{format!("Highest status “{}”: {months} months after the last confirmed delivery and the last discussion.", status.title())}</li> }).collect_view()}
                <li>"Any other status: kept."</li>
                <li>{format!("Drafts and every keystroke: {} days after signing; then who wrote which words.", rules.draft_days)}</li>
                <li>{format!("Who looked at what: {} months.", rules.access_months)}</li>
            </ul>
        };
        Ok(("How long records are held".to_owned(), content))
    })
}

/// `/retention/:child`: what the second person reads before they agree. There is no way back after it.
pub fn agree() -> impl IntoView {
    let child: Option<PersonId> = param("child");
    page(move || async move {
        let visit = visit::visit()?;
        let held = visit.service.retention(visit.service.staff(&visit.viewer)?).await?;
        let line = held.children.into_iter().find(|line| Some(line.child) == child && line.theirs);
        let line = line.ok_or(ServiceError::NotFound)?;
        let expiry = line.proposed.clone().filter(|expiry| expiry.proposed_by != visit.viewer.worker);
        let expiry = expiry.ok_or(ServiceError::NotFound)?;
        let by = held.names.get(&expiry.proposed_by).cloned().unwrap_or_default();
        let heading = format!("Destroy our copy of {}’s records?", line.name);
        let content = view! {
            {back("/retention", "How long records are held here")}
            <h1 class="govuk-heading-l">{heading}</h1>
            <p class="govuk-body">{who(&line)}{format!(", {}, {}.", line.status.title(), records(line.records))}</p>
            <p class="govuk-body">{format!("{by} proposed it on {}: {}.", dates::plain_date(dates::london(expiry.proposed_at).date()), expiry.rule)}</p>
            <div class="govuk-inset-text">
                <p class="govuk-body">"What was written about this child in group supervision is destroyed here, with its drafts and every keystroke. That each record was signed, when and by whom, and its hash stay."</p>
                <p class="govuk-body">"The council’s case system keeps the child’s file. This cannot be undone."</p>
            </div>
            <form action="/api/retention/end" method="post">
                <input type="hidden" name="child" value=line.child.to_string()/>
                <input type="hidden" name="act" value="agree"/>
                <div class="govuk-button-group">
                    <button type="submit" class="govuk-button govuk-button--warning">"Destroy our copy"</button>
                    <a class="govuk-link" href="/retention">"Do not destroy it"</a>
                </div>
            </form>
        };
        Ok(("Destroy our copy".to_owned(), content))
    })
}

fn who(line: &HeldChild) -> impl IntoView + use<> {
    let (family, reference, name) = (line.family, line.reference.clone(), line.name.clone());
    view! { <a class="govuk-link" href=format!("/families/{family}")>{reference}" · "{name}</a> }
}

fn records(count: usize) -> String {
    if count == 1 { "1 record".to_owned() } else { format!("{count} records") }
}

fn can_go(line: HeldChild, me: domain::WorkerId, names: &BTreeMap<domain::WorkerId, String>) -> impl IntoView + use<> {
    let RetentionState::Expired(since) = line.state else { return ().into_any() };
    let child = line.child.to_string();
    let head = view! {
        {who(&line)}{format!(", {}, {}, since {} ", line.status.title(), records(line.records), dates::plain_date(since))}
    };
    let form = |act: &'static str, inner: AnyView| {
        view! {
            <form action="/api/retention/end" method="post" class="cr-step__answer">
                <input type="hidden" name="child" value=child.clone()/>
                <input type="hidden" name="act" value=act/>
                {inner}
            </form>
        }
    };
    let hidden = |name: String| view! { <span class="govuk-visually-hidden">": "{name}</span> };
    let name = line.name.clone();
    match line.proposed {
        _ if !line.theirs => view! { <li>{head}<br/>"Another team’s manager has to decide with you: the service manager of both teams."</li> }.into_any(),
        None => view! { <li>{head}{form("propose", view! { <button type="submit" class="cr-small-button">"Propose that it goes"{hidden(name)}</button> }.into_any())}</li> }.into_any(),
        Some(expiry) => {
            let by = names.get(&expiry.proposed_by).cloned().unwrap_or_default();
            let day = dates::plain_date(dates::london(expiry.proposed_at).date());
            let back = form("withdraw", view! { <button type="submit" class="cr-small-button">"Take it back"{hidden(name.clone())}</button> }.into_any());
            let agree = (expiry.proposed_by != me).then(|| view! {
                <p class="govuk-body"><a class="govuk-link" href=format!("/retention/{child}")>"Agree that our copy is destroyed"{hidden(name)}</a></p>
            });
            let waits = (expiry.proposed_by == me).then_some(" It waits for a second person.");
            view! { <li>{head}<br/>{format!("Proposed by {by} on {day}, {}.", expiry.rule)}{waits}{agree}{back}</li> }.into_any()
        }
    }
}

fn kept_row(line: HeldChild) -> impl IntoView {
    let why = match &line.state {
        RetentionState::Until(day) => format!("until {}", dates::plain_date(*day)),
        RetentionState::Expired(day) => format!("expired {}", dates::plain_date(*day)),
        RetentionState::Kept(why) => why.clone(),
    };
    view! {
        <tr>
            <td class="govuk-table__cell">{who(&line)}</td>
            <td class="govuk-table__cell">{line.status.title()}</td>
            <td class="govuk-table__cell">{line.records}</td>
            <td class="govuk-table__cell">{why}</td>
        </tr>
    }
}
