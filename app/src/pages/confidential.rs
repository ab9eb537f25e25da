//! Confidential looks: what one asked for, and what one answers as a lead.

use domain::dates;
use domain::policy::{LEADS, LookState};
use domain::status::LookAnswer;
use leptos::prelude::*;
use service::workbook::confidential::LookLine;

use super::access;
use crate::pages::page;
use crate::parts::back::back;
use crate::parts::form::{Draft, error_summary};
use crate::visit;

/// `/confidential`.
pub fn list() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let leads = visit.viewer.leads;
        if !leads {
            visit.service.opener(&visit.viewer)?;
        }
        let looks = visit.service.my_looks(&visit.viewer).await?;
        let draft = visit::draft().await.unwrap_or_default();
        let none = (looks.asked.is_empty() && looks.to_answer.is_empty()).then_some("There are none.");
        let content = view! {
            {error_summary(&draft)}
            {back("/families/open", "Open a family you do not work with")}
            <h1 class="govuk-heading-l">"Confidential looks"</h1>
            <p class="govuk-body">"Nobody who works with the family is told of a confidential look, and neither is its manager. Two leads agree before it opens, and look afterwards at what was seen."</p>
            {none.map(|words| view! { <p class="govuk-body">{words}</p> })}
            {looks.asked.into_iter().map(asked).collect_view()}
            {(!looks.to_answer.is_empty()).then(|| view! { <h2 class="govuk-heading-m">"As a lead"</h2> })}
            {looks.to_answer.into_iter().map(|line| to_answer(line, &draft)).collect_view()}
        };
        Ok(("Confidential looks".to_owned(), content))
    })
}

fn at(time: chrono::DateTime<chrono::Utc>) -> String {
    format!("{} {}", dates::plain_date(dates::london(time).date()), dates::clock(time))
}

fn state_in_words(state: LookState) -> String {
    match state {
        LookState::Asked { agreed } => format!("Waits for the leads: {agreed} of {LEADS} agreed."),
        LookState::Refused => "A lead said no.".to_owned(),
        LookState::Agreed => format!("{LEADS} leads agreed."),
        LookState::Lapsed => "Its time is over: ask anew.".to_owned(),
        LookState::Opened { reviewed } => {
            format!("It was opened. {reviewed} of {LEADS} leads looked at what was seen.")
        }
    }
}

/// The viewer's own, with the button that opens it.
fn asked(line: LookLine) -> impl IntoView {
    let opens = line.state == LookState::Agreed;
    view! {
        <section class="cr-summary">
            <h2 class="govuk-heading-s"><span class="cr-reference">{line.reference}</span>", asked "{at(line.look.asked_at)}</h2>
            <p class="govuk-body">{line.look.reason}</p>
            <p class="govuk-body">{state_in_words(line.state)}</p>
            {opens.then(|| view! {
                <form action="/api/confidential/open" method="post">
                    <input type="hidden" name="id" value=line.look.id.to_string()/>
                    <button type="submit" class="govuk-button">"Open for one hour"</button>
                </form>
            })}
        </section>
    }
}

fn to_answer(line: LookLine, draft: &Draft) -> impl IntoView + use<> {
    let id = line.look.id.to_string();
    let mine = draft.value("id", "") == id;
    let typed = if mine { draft.value("words", "") } else { String::new() };
    let afterwards = matches!(line.state, LookState::Opened { .. });
    let field = format!("words-{id}");
    let about = format!("{}, {}", line.who, line.reference);
    let said = line.answers.into_iter().map(|(who, answer)| {
        let what = match answer.answer {
            LookAnswer::Agreed => "agreed",
            LookAnswer::Refused => "said no",
            LookAnswer::Reviewed => "looked at what was seen",
        };
        let words = if answer.words.is_empty() { String::new() } else { format!(": {}", answer.words) };
        view! { <li>{format!("{who} {what}, {}{words}", at(answer.at))}</li> }
    });
    let seen = line.seen.into_iter().map(|entry| {
        view! { <li>{format!("{} {}", dates::clock(entry.at), access::in_words(&entry, ""))}</li> }
    });
    let form = line.asks.then(|| {
        let (action, label) = match afterwards {
            true => ("/api/confidential/review", "What you found"),
            false => ("/api/confidential/answer", "What you say to it"),
        };
        view! {
            <form action=action method="post" class="cr-step__answer">
                <input type="hidden" name="id" value=id.clone()/>
                <label for=field.clone()>{label}<span class="govuk-visually-hidden">{format!(": {about}")}</span></label>
                <input class="govuk-input" id=field.clone() name="words" value=typed/>
                {if afterwards { view! {
                    <button type="submit" class="cr-small-button">"Save my review"</button>
                }.into_any() } else { view! {
                    <button type="submit" class="cr-small-button" name="answer" value="agreed">"Agree"</button>
                    <button type="submit" class="cr-small-button" name="answer" value="refused">"Say no"</button>
                }.into_any() }}
            </form>
        }
    });
    view! {
        <section class="cr-summary">
            <h3 class="govuk-heading-s"><span class="cr-reference">{line.reference}</span>" "{line.who}", "{at(line.look.asked_at)}</h3>
            <p class="govuk-body">{line.look.reason}</p>
            <p class="govuk-body">{state_in_words(line.state)}</p>
            <ul class="govuk-list">{said.collect_view()}</ul>
            {afterwards.then(|| view! { <p class="govuk-body">"What was looked at:"</p><ul class="govuk-list">{seen.collect_view()}</ul> })}
            {form}
        </section>
    }
}
