//! One child's record: draft with corrections, or signed with versions and addenda.

use chrono::NaiveDate;
use domain::document::{QUESTION, heard_heading, of_record};
use domain::mark::Own;
use domain::policy::RecordReader;
use domain::record::{Record, RecordPart, Sealed};
use domain::status::AccessKind;
use domain::{RecordId, dates};
use leptos::prelude::*;
use service::ServiceError;
use service::access::AccessEntry;
use service::record::delivery::DeliveryRow;
use std::collections::BTreeMap;

use super::list::state_words;
use super::parts::Choices;
use super::{dissent, fix, parts};
use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::parts::form::{Draft, error_summary};
use crate::parts::text_area::TextArea;
use crate::visit;

/// `/records/:id`.
pub fn show() -> impl IntoView {
    let id: Option<RecordId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let reader = visit.looks_at_record(id, AccessKind::Record).await?;
        let (family, record) = visit.service.record(reader).await?;
        let card = visit.service.family(reader.family()).await?;
        let sealed = match record.life.versions.last() {
            Some(version) => Some(visit.service.version(reader, i64::from(version.number)).await?.0),
            None => None,
        };
        let deliveries = visit.service.deliveries_of(reader).await?;
        let copies = match reader.keeper() {
            Some(keeper) => visit.service.given_of(keeper).await?,
            None => Vec::new(),
        };
        let child = card.child_name(record.child).to_owned();
        let age = card.children.iter().find(|person| person.id == record.child).map(|person| person.age.clone());
        let late = visit.service.late_for(reader, &record).await?;
        let together = visit.service.drafts_of(reader.family(), record.meeting).await?;
        let draft = visit::draft().await.unwrap_or_default();
        let until = visit.service.corrections_until(&record).await?;
        let correcting = reader.may_ask() && !record.signed() && visit.service.clock().today() <= until;
        let template = visit.service.template_of(record.meeting).await?;
        let kinds = template.kinds.iter().map(|kind| (kind.key.clone(), kind.title.clone())).collect();
        let (route, today) = (visit.service.route_of(&record).await?, visit.service.clock().today());
        let me = visit.viewer.worker;
        let document = of_record(&record, &child, &age.unwrap_or_default(), &family.reference, sealed.as_ref());
        let choices = Choices {
            adults: card.adults.iter().map(|adult| (adult.id, adult.in_words())).collect(),
            workers: record.attendance.iter().map(|present| (present.who.worker, present.who.name.clone())).collect(),
            me,
            question: template.meeting.sharing.clone(),
        };
        // A record reads as a document; correcting and restricting is a mode one enters, also by a form that was refused.
        let editing = visit::query("edit").is_some() || !draft.fields.is_empty();
        let written = written_parts(&record);
        let may_mark = |part: RecordPart| reader.may_ask() && !record.signed() && marks(&record, part, reader, me);
        let may_edit = correcting || written.iter().any(|(_, part, _)| may_mark(*part));
        let mut below = if correcting && editing { corrections_to_ask(&record, me, &draft) } else { BTreeMap::new() };
        for (heading, part, what) in written {
            let mark = if editing && may_mark(part) {
                Some(parts::marking(&record, part, &choices, &what).into_any())
            } else {
                parts::kept(&record, part, &choices, &what).map(IntoAny::into_any)
            };
            below.entry(heading).or_default().extend(mark);
        }
        let signs = !record.signed() && reader.manager().is_some();
        let asked = view! {
            {(!record.signed()).then(|| fix::before_signing(&record, reader, me, kinds, &draft))}
            {fix::left_empty(&record, reader, &draft)}
            {signs.then(|| to_sign(id, &together))}
        };
        let aside = signs || (!record.signed() && reader.keeper().is_some());
        let content = view! {
            {error_summary(&draft)}
            {back(format!("/families/{}", family.id), format!("Family {}", family.reference))}
            {family_bar(&card)}
            <h1 class="govuk-heading-l">{child.clone()}", "{dates::plain_date(record.held_on)}</h1>
            {state(&record, sealed.as_ref())}
            <p class="govuk-body">"Chair "{record.chair.name.clone()}{record.record_taker.as_ref().map(|taker| format!(" · record {}", taker.name))}
                <span class="cr-no-print">" · "<a class="govuk-link" href=format!("/meetings/{}/minutes", record.meeting)>"Minutes of the meeting"</a>
                " · "<a class="govuk-link" href=format!("/families/{}/messages/{}", family.id, record.meeting)>"What each adult is told"</a></span></p>
            {parts::came_late(late, &record)}
            {may_edit.then(|| mode(id, editing, correcting.then_some(until)))}
            <div class="cr-document" class:cr-document--beside=aside>
                <div class="cr-document__beside">{asked}</div>
                <div class="cr-document__text">
                    {parts::sections(document.sections, below)}
                    {dissent::dissents(&record, reader, me, &route, today)}
                    {fix::corrections(&record, reader)}
                </div>
            </div>
            {record.signed().then(|| after_signing(&record, reader, &choices, &draft, deliveries))}
            {(record.signed() && reader.keeper().is_some()).then(|| given(id, copies, &draft))}
        };
        Ok(("Record".to_owned(), content))
    })
}

/// The way into the mode in which one corrects and restricts, and back.
fn mode(id: RecordId, editing: bool, until: Option<NaiveDate>) -> impl IntoView + use<> {
    let until = until.map(|until| format!(" Corrections can be asked for until {}.", dates::plain_date(until)));
    let way = if editing {
        view! { <a class="govuk-link" href=format!("/records/{id}")>"Read it as a document"</a> }
    } else {
        view! { <a class="govuk-link" href=format!("/records/{id}?edit=yes")>"Correct something, or restrict who reads it"</a> }
    };
    view! { <p class="govuk-body cr-no-print">{way}<span class="cr-quiet">{until}</span></p> }
}

/// The way to the page that signs all of a family's records.
fn to_sign(id: RecordId, together: &[(String, Record)]) -> impl IntoView + use<> {
    let title =
        if together.len() == 1 { "Sign this record".to_owned() } else { format!("Sign {} records", together.len()) };
    // While something is missing, that is what comes first.
    let ready = together.iter().all(|(_, record)| record.unready().is_empty());
    let class = if ready { "govuk-button" } else { "govuk-button govuk-button--secondary" };
    let others = together.iter().filter(|(_, record)| record.id != id).map(|(name, record)| {
        let state = parts::missing_words(record.unready().len()).unwrap_or_else(|| "ready to sign".to_owned());
        view! { <li><a class="govuk-link" href=format!("/records/{}", record.id)>{name.clone()}</a>", "{state}</li> }
    });
    view! {
        {(together.len() > 1).then(|| view! { <h2 class="govuk-heading-s">"Signed together with this one"</h2><ul class="govuk-list">{others.collect_view()}</ul> })}
        <a class=class role="button" href=format!("/records/{id}/sign")>{title}</a>
    }
}

fn state(record: &Record, sealed: Option<&Sealed>) -> impl IntoView + use<> {
    match (record.life.versions.last(), sealed) {
        (Some(version), Some(sealed)) => {
            let words = format!(
                "version {}, {} by {}",
                version.number,
                dates::plain_date(dates::london(sealed.signed_at).date()),
                sealed.signed_by.in_words()
            );
            view! { <p class="govuk-body"><strong class="govuk-tag govuk-tag--green">"Signed"</strong>" "{words}</p> }
                .into_any()
        }
        _ => view! { <p class="govuk-body"><strong class="govuk-tag">"DRAFT"</strong></p> }.into_any(),
    }
}

/// The heading a part stands under in the record's document.
fn heading_of(record: &Record, part: RecordPart) -> String {
    let fixed = match part {
        RecordPart::Heard { worker } => {
            let heard = record.heard.iter().find(|heard| heard.who.worker == worker);
            return heard.map_or_else(|| "What we heard".to_owned(), heard_heading);
        }
        RecordPart::Life => "The child’s life now",
        RecordPart::Question => QUESTION,
        RecordPart::Attendance => "Attendance",
        RecordPart::Meaning => "What we think it means",
        RecordPart::Why | RecordPart::Stance { .. } => "Decision and why",
        RecordPart::Option { .. } => "Other options we considered",
        RecordPart::Contingency { .. } => "If something happens",
        RecordPart::Conversation { .. } => "Conversations to have",
        RecordPart::Step { .. } | RecordPart::Correction { .. } | RecordPart::Addendum { .. } | RecordPart::Other => {
            "Next steps"
        }
    };
    fixed.to_owned()
}

/// The ways to ask for a correction, by the heading they stand under.
fn corrections_to_ask(record: &Record, me: domain::WorkerId, draft: &Draft) -> BTreeMap<String, Vec<AnyView>> {
    let mut ways: Vec<RecordPart> = Vec::new();
    if record.attendance.iter().any(|present| present.who.worker == me) {
        ways.push(RecordPart::Heard { worker: me });
    }
    ways.extend([RecordPart::Life, RecordPart::Meaning]);
    ways.extend((!record.question.is_empty()).then_some(RecordPart::Question));
    ways.extend(record.parts().into_iter().filter(|part| match part {
        RecordPart::Why
        | RecordPart::Step { .. }
        | RecordPart::Option { .. }
        | RecordPart::Contingency { .. }
        | RecordPart::Conversation { .. } => true,
        RecordPart::Stance { worker } => *worker == me,
        RecordPart::Heard { .. }
        | RecordPart::Meaning
        | RecordPart::Life
        | RecordPart::Question
        | RecordPart::Attendance
        | RecordPart::Correction { .. }
        | RecordPart::Addendum { .. }
        | RecordPart::Other => false,
    }));
    ways.extend([RecordPart::Attendance, RecordPart::Other]);
    let typed = draft.fields.get("part").and_then(|word| RecordPart::chosen(word));
    let mut below: BTreeMap<String, Vec<AnyView>> = BTreeMap::new();
    for part in ways {
        let stands = record.reads(part).unwrap_or_default();
        let again = typed == Some(part);
        let text = if again { draft.value("text", stands) } else { stands.to_owned() };
        below.entry(heading_of(record, part)).or_default().push(parts::ask(record.id, part, &text, again).into_any());
    }
    below
}

/// The parts that hold words, by the heading they stand under, each with what it is called.
fn written_parts(record: &Record) -> Vec<(String, RecordPart, String)> {
    let what = |part: RecordPart| match part {
        RecordPart::Heard { .. } => "these words".to_owned(),
        RecordPart::Life => "the child’s life now".to_owned(),
        RecordPart::Meaning => "what we think it means".to_owned(),
        RecordPart::Question => "the question we met about".to_owned(),
        RecordPart::Why => "the decision’s reason".to_owned(),
        RecordPart::Stance { worker } => {
            let stances = record.decision.iter().flat_map(|decision| &decision.stances);
            let who =
                stances.filter(|stance| stance.who.worker == worker).map(|stance| stance.who.name.as_str()).next();
            format!("the reason of {}", who.unwrap_or_default())
        }
        other => format!("“{}”", record.reads(other).unwrap_or_default()),
    };
    let here = |part: &RecordPart| !matches!(part, RecordPart::Correction { .. } | RecordPart::Addendum { .. });
    let written = |part: &RecordPart| {
        !matches!(part, RecordPart::Stance { .. }) || record.reads(*part).is_some_and(|words| !words.is_empty())
    };
    let parts = record.parts().into_iter().filter(|part| here(part) && written(part));
    parts.map(|part| (heading_of(record, part), part, what(part))).collect()
}

/// Whether this reader may say whom a part is kept from: of their own words, or of any where they keep the records.
fn marks(record: &Record, part: RecordPart, reader: RecordReader<'_>, me: domain::WorkerId) -> bool {
    match record.own(part, me) {
        Some(Own::Written | Own::Recorded) => true,
        Some(Own::No) | None => reader.keeper().is_some(),
    }
}

fn after_signing(
    record: &Record, reader: RecordReader<'_>, choices: &Choices, draft: &Draft, deliveries: Vec<DeliveryRow>,
) -> impl IntoView + use<> {
    let id = record.id;
    view! {
        <h2 class="govuk-heading-m" id="addenda">"Additions"</h2>
        {record.life.addenda.iter().map(|addendum| {
            let own = reader.keeper().is_some() || addendum.by.worker == choices.me;
            let keep = (own && addendum.answer.is_none()).then(|| {
                parts::marking(record, RecordPart::Addendum { addendum: addendum.id }, choices, "this addition")
            });
            view! { {fix::addendum(id, addendum, reader)}{keep} }
        }).collect_view()}
        {record.life.addenda.is_empty().then(|| view! { <p class="govuk-body">"Nothing has been added since it was signed."</p> })}
        {reader.may_ask().then(|| view! {
            <details class="cr-fold" open=draft.fields.contains_key("addendum")>
                <summary>"Add something"</summary>
                <div class="cr-fold__content">
                    <p class="govuk-body">"A signed record never changes. What is added stands below it, with your name and why. The manager accepts it; then it is part of a new signed version."</p>
                    <form action="/api/record/addendum" method="post">
                        <input type="hidden" name="record" value=id.to_string()/>
                        <label class="govuk-label" for="reason">"Why the record needs it"</label>
                        <input class="govuk-input" id="reason" name="reason" value=draft.value("reason", "")/>
                        <label class="govuk-label" for="addendum">"What is added"</label>
                        <TextArea id="addendum" name="addendum" rows=5 value=draft.value("addendum", "")/>
                        <button type="submit" class="cr-small-button">"Ask for it to be added"</button>
                    </form>
                </div>
            </details>
        })}
        <h2 class="govuk-heading-m">"Versions"</h2>
        <ul class="govuk-list">
            {record.life.versions.iter().map(|version| view! {
                <li><a class="govuk-link" href=format!("/records/{id}/versions/{}", version.number)>{format!("Version {}", version.number)}</a>
                    {format!(", {} {}, by {}", dates::plain_date(dates::london(version.at).date()), dates::clock(version.at), version.by.name)}</li>
            }).collect_view()}
        </ul>
        {(!deliveries.is_empty()).then(|| view! {
            <h2 class="govuk-heading-m">"In the council’s systems"</h2>
            <ul class="govuk-list">
                {deliveries.into_iter().map(|row| {
                    let (tag, words) = state_words(row.state);
                    view! { <li>{format!("{}, version {} ", row.target, row.version)}<strong class=format!("govuk-tag {tag}")>{words}</strong>" "<span class="cr-quiet">{row.answer}</span></li> }
                }).collect_view()}
            </ul>
        })}
    }
}

/// Who has it: copies that were made, and what was sent to people who are no users.
fn given(id: RecordId, copies: Vec<(String, AccessEntry)>, draft: &Draft) -> impl IntoView + use<> {
    view! {
        <h2 class="govuk-heading-m">"Who has it"</h2>
        {copies.is_empty().then(|| view! { <p class="govuk-body">"No copy has been made yet."</p> })}
        <ul class="govuk-list">
            {copies.into_iter().map(|(by, copy)| {
                let what = match copy.what {
                    AccessKind::Preview => "looked at before it is made, for".to_owned(),
                    AccessKind::Sent => "sent to".to_owned(),
                    AccessKind::Delivery => "handed over to".to_owned(),
                    _ => format!("copy as {} for", copy.format),
                };
                let when = format!("{} {}", dates::plain_date(dates::london(copy.at).date()), dates::clock(copy.at));
                let agreed = (!copy.approved_by.is_empty()).then(|| format!(", agreed by {}", copy.approved_by));
                view! { <li>{when}": "{what}" "<strong>{copy.made_for}</strong>", by "{by}{agreed}</li> }
            }).collect_view()}
        </ul>
        <p class="govuk-body"><a class="govuk-link" href=format!("/records/{id}/copy")>"Make a copy for somebody"</a></p>
        <form action="/api/record/sent" method="post" class="cr-step__answer">
            <input type="hidden" name="record" value=id.to_string()/>
            <label for="to">"Sent to somebody else (a GP, a school), and how"</label>
            <input class="govuk-input" id="to" name="to" value=draft.value("to", "")/>
            <button type="submit" class="cr-small-button">"Note it"</button>
        </form>
    }
}
