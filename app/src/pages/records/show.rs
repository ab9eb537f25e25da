//! One child's record: draft with corrections, or signed with versions and addenda.

use domain::document::{heard_heading, of_record};
use domain::record::{Place, Record, Sealed};
use domain::{RecordId, dates};
use leptos::prelude::*;
use service::ServiceError;
use service::sign::RecordRights;
use service::store::delivery::DeliveryRow;
use service::store::export::Export;
use std::collections::BTreeMap;

use super::list::state_words;
use super::{dissent, fix, parts};
use crate::pages::{page, param};
use crate::parts::form::{Draft, error_summary};
use crate::parts::text_area::TextArea;
use crate::visit;

/// `/records/:id`.
pub fn show() -> impl IntoView {
    let id: Option<RecordId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let (family, record) = visit.service.record(&visit.viewer, id).await?;
        let card = visit.service.family(&visit.viewer, family.id).await?;
        let rights = visit.service.record_rights(&visit.viewer, &family, &record);
        let sealed = match record.life.versions.last() {
            Some(version) => Some(visit.service.version(&visit.viewer, id, i64::from(version.number)).await?.0),
            None => None,
        };
        let deliveries = visit.service.deliveries_of(family.id, id).await?;
        let copies = if rights.keep { visit.service.copies_of(family.id, id).await? } else { Vec::new() };
        let child = card.child_name(record.child).to_owned();
        let age = card.children.iter().find(|known| known.id == record.child).map(|known| known.age.clone());
        let together = visit.service.drafts_of(&visit.viewer, record.meeting, family.id).await?;
        let draft = visit::draft().await.unwrap_or_default();
        let until = visit.service.corrections_until(&record).await?;
        let correcting = rights.ask && !record.signed() && visit.service.clock().today() <= until;
        let kinds = visit
            .service
            .template_of(record.meeting)
            .await?
            .kinds
            .iter()
            .map(|kind| (kind.key.clone(), kind.title.clone()))
            .collect();
        let (route, today) = (visit.service.route_of(&record).await?, visit.service.clock().today());
        let just_signed = visit::query("signed").is_some();
        let me = visit.viewer.worker;
        let document = of_record(&record, &child, &age.unwrap_or_default(), &family.reference, sealed.as_ref());
        let adults: Vec<_> = card.adults.iter().map(|adult| (adult.id, adult.name.clone())).collect();
        let mut below = if correcting { corrections_to_ask(&record, me, &draft) } else { BTreeMap::new() };
        if rights.ask && !record.signed() && !adults.is_empty() {
            for (heading, place, what) in parts_to_keep(&record, rights, me) {
                below.entry(heading).or_default().push(parts::keep_from(&record, place, &adults, &what).into_any());
            }
        }
        let content = view! {
            {error_summary(&draft)}
            {just_signed.then(|| view! { <div class="cr-saved" role="status">"The records are signed. Nothing in them changes any more."</div> })}
            <h1 class="govuk-heading-l">{child.clone()}", "{dates::plain_date(record.held_on)}</h1>
            {state(&record, sealed.as_ref())}
            <p class="govuk-body">"Family "<a class="govuk-link" href=format!("/families/{}", family.id)>{family.reference.clone()}</a>
                " · chair "{record.chair.name.clone()}{record.record_taker.as_ref().map(|taker| format!(" · record {}", taker.name))}
                " · "<a class="govuk-link" href=format!("/meetings/{}/minutes", record.meeting)>"Minutes of the meeting"</a>
                " · "<a class="govuk-link" href=format!("/families/{}/messages/{}", family.id, record.meeting)>"What each adult is told"</a></p>
            {(!record.signed()).then(|| fix::before_signing(&record, rights, me, kinds, &draft))}
            {(!record.signed() && rights.sign).then(|| fix::sign(&record, &together))}
            {correcting.then(|| view! { <p class="govuk-body cr-quiet">{format!("Corrections can be asked for until {}.", dates::plain_date(until))}</p> })}
            {parts::sections(document.sections, below)}
            {dissent::dissents(&record, rights, me, &route, today)}
            {fix::corrections(&record, rights)}
            {record.signed().then(|| after_signing(&record, rights, me, &adults, &draft, deliveries))}
            {(record.signed() && rights.keep).then(|| given(id, copies, &draft))}
        };
        Ok(("Record".to_owned(), content))
    })
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

/// The ways to ask for a correction, by the heading they stand under.
fn corrections_to_ask(record: &Record, me: domain::WorkerId, draft: &Draft) -> BTreeMap<String, Vec<AnyView>> {
    let mut places = Vec::new();
    if record.attendance.iter().any(|present| present.who.worker == me) {
        let mine = record.heard.iter().find(|heard| heard.who.worker == me);
        places.push((mine.map_or_else(|| "What we heard".to_owned(), heard_heading), Place::Heard { worker: me }));
    }
    places.push(("The child’s life now".to_owned(), Place::Life));
    places.push(("What we think it means".to_owned(), Place::Meaning));
    if let Some(decision) = &record.decision {
        places.push(("Decision and why".to_owned(), Place::Why));
        let mine = |stance: &&domain::record::Stood| stance.who.worker == me && !stance.earlier_wording;
        let stance = decision.stances.iter().find(mine);
        places.extend(stance.map(|_| ("Decision and why".to_owned(), Place::Stance { worker: me })));
    }
    places.extend(record.steps.iter().map(|step| ("Next steps".to_owned(), Place::Step { step: step.step })));
    places.push(("Next steps".to_owned(), Place::Other));
    let typed = draft.fields.get("place").and_then(|word| Place::chosen(word));
    let mut below: BTreeMap<String, Vec<AnyView>> = BTreeMap::new();
    for (heading, place) in places {
        let stands = record.reads(place).unwrap_or_default();
        let again = typed == Some(place);
        let unrevealed = record.heard.iter().any(|heard| heard.unrevealed() && heard.who.worker == me);
        if unrevealed && matches!(place, Place::Heard { .. }) {
            let told = "You sealed these words and they were not revealed: only you read them. Ask for them below, and they come into the record once the manager takes them.";
            below.entry(heading.clone()).or_default().push(view! { <p class="govuk-inset-text">{told}</p> }.into_any());
        }
        let text = if again { draft.value("text", stands) } else { stands.to_owned() };
        below.entry(heading).or_default().push(parts::ask(record.id, place, &text, again).into_any());
    }
    below
}

/// The parts somebody may keep from people of the family, by the heading they stand under.
fn parts_to_keep(record: &Record, rights: RecordRights, me: domain::WorkerId) -> Vec<(String, Place, String)> {
    let mut places = Vec::new();
    let mine = |worker| rights.keep || worker == me;
    for heard in record.heard.iter().filter(|heard| mine(heard.who.worker)) {
        let place = Place::Heard { worker: heard.who.worker };
        places.push((heard_heading(heard), place, "these words".to_owned()));
    }
    if rights.keep {
        places.push(("The child’s life now".to_owned(), Place::Life, "this".to_owned()));
        places.push(("What we think it means".to_owned(), Place::Meaning, "this".to_owned()));
    }
    if let Some(decision) = &record.decision {
        let heading = || "Decision and why".to_owned();
        if rights.keep {
            places.push((heading(), Place::Why, "the decision’s reason".to_owned()));
        }
        let stances = decision.stances.iter().filter(|stance| mine(stance.who.worker) && !stance.reason.is_empty());
        places.extend(stances.map(|stance| {
            (heading(), Place::Stance { worker: stance.who.worker }, format!("the reason of {}", stance.who.name))
        }));
    }
    if rights.keep {
        places.extend(
            record
                .steps
                .iter()
                .map(|step| ("Next steps".to_owned(), Place::Step { step: step.step }, format!("“{}”", step.what))),
        );
    }
    places
}

fn after_signing(
    record: &Record, rights: RecordRights, me: domain::WorkerId, adults: &[(domain::PersonId, String)], draft: &Draft,
    deliveries: Vec<DeliveryRow>,
) -> impl IntoView + use<> {
    let id = record.id;
    view! {
        <h2 class="govuk-heading-m" id="addenda">"Additions"</h2>
        {record.life.addenda.iter().map(|addendum| {
            let own = rights.keep || addendum.by.worker == me;
            let keep = (own && addendum.answer.is_none() && !adults.is_empty()).then(|| {
                parts::keep_from(record, Place::Addendum { addendum: addendum.id }, adults, "this addition")
            });
            view! { {fix::addendum(id, addendum, rights)}{keep} }
        }).collect_view()}
        {record.life.addenda.is_empty().then(|| view! { <p class="govuk-body">"Nothing has been added since it was signed."</p> })}
        {rights.ask.then(|| view! {
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
                    let (tag, words) = state_words(&row.state);
                    view! { <li>{format!("{}, version {} ", row.target, row.version)}<strong class=format!("govuk-tag {tag}")>{words}</strong>" "<span class="cr-quiet">{row.told}</span></li> }
                }).collect_view()}
            </ul>
        })}
    }
}

/// Who has it: copies that were made, and what was sent to people who are no users.
fn given(id: RecordId, copies: Vec<(String, Export)>, draft: &Draft) -> impl IntoView + use<> {
    view! {
        <h2 class="govuk-heading-m">"Who has it"</h2>
        {copies.is_empty().then(|| view! { <p class="govuk-body">"No copy has been made yet."</p> })}
        <ul class="govuk-list">
            {copies.into_iter().map(|(by, copy)| {
                let what = if copy.format == "sent" { "sent to".to_owned() } else { format!("copy as {} for", copy.format) };
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
