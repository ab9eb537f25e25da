//! The messages to the adults of a family after a meeting: one for each adult, side by side.

use domain::message::{self, Message};
use domain::page::FamilyCard;
use domain::status::AccessKind;
use domain::{FamilyId, MeetingId, PersonId, WorkerId, dates};
use leptos::prelude::*;
use service::ServiceError;
use service::workbook::message::Messages;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::parts::form::{Draft, error_summary};
use crate::parts::text_area::TextArea;
use crate::visit;

/// `/families/:id/messages/:meeting`.
pub fn show() -> impl IntoView {
    let (family, meeting): (Option<FamilyId>, Option<MeetingId>) = (param("id"), param("meeting"));
    page(move || async move {
        let visit = visit::visit()?;
        let (family, meeting) = family.zip(meeting).ok_or(ServiceError::NotFound)?;
        let reader = visit.looks_at_family(family, AccessKind::Family).await?;
        let messages = visit.service.messages(reader, meeting).await?;
        let card = visit.service.family(reader).await?;
        let draft = visit::draft().await.unwrap_or_default();
        let careful = messages.careful;
        let content = view! {
            {error_summary(&draft)}
            {back(format!("/families/{family}"), format!("Family {}", messages.family.reference))}
            {family_bar(&card)}
            <h1 class="govuk-heading-l">"What each adult is told"</h1>
            <p class="govuk-body">"One short message for each, in words they can keep. You write them, and nothing is taken out for you: leave out other adults, any address, and what a child or a worker said in confidence. Is it safe for them to have this on paper or on their phone?"</p>
            {careful.then(|| view! {
                <div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">"!"</span><strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">"Warning"</span>"There may be domestic abuse in this family. Somebody else who works with it, or a manager, reads all messages side by side first: each may be harmless, and together they could show who told us what."</strong></div>
            })}
            {messages.adults.is_empty().then(|| view! { <p class="govuk-body">"No adult is recorded in this family."</p> })}
            <div class="cr-cards cr-messages">
                {messages.adults.iter().map(|(adult, name, message)| one(&messages, &card, meeting, (*adult, name), message.as_ref(), &draft)).collect_view()}
            </div>
            {check(&messages, visit.viewer.worker, family, meeting)}
        };
        Ok(("Messages".to_owned(), content))
    })
}

fn one(
    messages: &Messages, card: &FamilyCard, meeting: MeetingId, (adult, name): (PersonId, &str),
    message: Option<&Message>, draft: &Draft,
) -> impl IntoView + use<> {
    let family = card.id;
    let contact = card.adults.iter().find(|one| one.id == adult).map(|one| one.contact.clone());
    let contact = contact.filter(|how| !how.is_empty());
    let again = draft.fields.get("adult").is_some_and(|typed| *typed == adult.to_string());
    let stands = message.map(|message| message.text.clone()).unwrap_or_default();
    let text = if again { draft.value("text", &stands) } else { stands.clone() };
    let open = messages.writes && message.is_none_or(|message| message.given.is_none());
    let revision = message.map_or(0, |message| message.revision);
    let field = format!("text-{adult}");
    let name = name.to_owned();
    let state = message.map(|message| state(message, messages.careful));
    let give = message
        .filter(|message| {
            messages.writes && message.given.is_none() && message::held_back(message, messages.careful).is_none()
        })
        .map(|message| give(family, meeting, message));
    view! {
        <section class="cr-card" aria-label=format!("For {name}")>
            <h2 class="govuk-heading-s">"For "{name.clone()}</h2>
            {contact.map(|how| view! { <p class="govuk-body"><strong>"Safe contact: "</strong>{how}</p> })}
            {if open {
                view! {
                    <form action="/api/message/write" method="post">
                        <input type="hidden" name="family" value=family.to_string()/>
                        <input type="hidden" name="meeting" value=meeting.to_string()/>
                        <input type="hidden" name="adult" value=adult.to_string()/>
                        <input type="hidden" name="base" value=revision.to_string()/>
                        <label class="govuk-label" for=field.clone()>"The message"<span class="govuk-visually-hidden">" for "{name.clone()}</span></label>
                        <TextArea id=field name="text" rows=6 value=text/>
                        <button type="submit" class="cr-small-button">"Save this message"</button>
                    </form>
                }.into_any()
            } else {
                view! { <p class="cr-plain">{if stands.is_empty() { "No message is written.".to_owned() } else { stands }}</p> }.into_any()
            }}
            {state.map(|words| view! { <p class="govuk-body cr-quiet">{words}</p> })}
            {give}
        </section>
    }
}

fn state(message: &Message, careful: bool) -> String {
    if let Some(given) = &message.given {
        let day = dates::plain_date(dates::london(given.at).date());
        return format!("Given by {} on {day}: {}", given.by.name, given.how);
    }
    match (&message.checked, message::held_back(message, careful)) {
        (_, Some(_)) => format!("Written by {}. Waits to be read together with the others.", message.by.name),
        (Some(checked), None) => format!("Read together by {}; may go.", checked.by.name),
        (None, None) => format!("Written by {}; may go.", message.by.name),
    }
}

fn give(family: FamilyId, meeting: MeetingId, message: &Message) -> impl IntoView + use<> {
    let id = message.id;
    view! {
        <p class="govuk-body"><a class="govuk-link" href=format!("/families/{family}/messages/{meeting}/{id}/pdf")>"Print it"</a></p>
        <form action="/api/message/give" method="post" class="cr-step__answer">
            <input type="hidden" name="family" value=family.to_string()/>
            <input type="hidden" name="meeting" value=meeting.to_string()/>
            <input type="hidden" name="message" value=id.to_string()/>
            <label for=format!("how-{id}")>"How it was given"</label>
            <input class="govuk-input" id=format!("how-{id}") name="how"/>
            <button type="submit" class="cr-small-button">"It was given"</button>
        </form>
    }
}

fn check(messages: &Messages, me: WorkerId, family: FamilyId, meeting: MeetingId) -> Option<impl IntoView + use<>> {
    let waiting: Vec<String> = messages
        .adults
        .iter()
        .filter_map(|(.., message)| message.as_ref())
        .map(|message| format!("{}:{}", message.id, message.revision))
        .collect();
    let open = messages
        .adults
        .iter()
        .filter_map(|(.., message)| message.as_ref())
        .any(|message| message.given.is_none() && message::held_back(message, messages.careful).is_some());
    let ask = messages.wrote(me);
    (messages.checks && open).then(|| if ask { view! {
        <p class="govuk-body" id="check">"Somebody else who works with the family, or a manager, reads them together before they go."</p>
    }.into_any() } else { view! {
        <form action="/api/message/check" method="post" class="cr-fix" id="check">
            <input type="hidden" name="family" value=family.to_string()/>
            <input type="hidden" name="meeting" value=meeting.to_string()/>
            {waiting.into_iter().enumerate().map(|(at, pair)| view! { <input type="hidden" name=format!("read[{at}]") value=pair/> }).collect_view()}
            <button type="submit" class="govuk-button">"I have read all of them together: none says where it comes from"</button>
        </form>
    }.into_any() })
}
