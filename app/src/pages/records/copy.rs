//! A copy for somebody: for whom, what is in it, what is left out, what is flagged.

use domain::RecordId;
use domain::document::copy::{Made, Recipient};
use domain::status::AccessKind;
use leptos::prelude::*;
use service::ServiceError;
use service::markdown::to_html;
use service::record::copy::{Choice, FORMATS};

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::visit;

/// `/records/:id/copy`.
pub fn show() -> impl IntoView {
    let id: Option<RecordId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let keeper = visit.service.record_keeper(&visit.viewer, id).await?;
        let choices = visit.service.copy_choices(keeper).await?;
        let card = visit.service.family(keeper.reader().family()).await?;
        let signs = keeper.reader().manager().is_some();
        let word = visit::query("for").unwrap_or_default();
        let made = match Recipient::chosen(&word) {
            Some(recipient) => Some(visit.service.preview_copy(keeper.reader(), &visit::from(), recipient).await?),
            None => {
                visit.looks_at_family(keeper.reader().family().family(), AccessKind::Family).await?;
                None
            }
        };
        let unknown = !word.is_empty() && made.is_none();
        let preview = made.map(|made| {
            let html = visit.service.printer().html(&made.document);
            preview(id, &word, &made, html, signs)
        });
        let content = view! {
            {back(format!("/records/{id}"), "The record")}
            {family_bar(&card)}
            <h1 class="govuk-heading-l">"A copy for somebody"</h1>
            <p class="govuk-body">"There is no copy for a parent: each adult gets a message written for them. Anything more goes by subject access."</p>
            {unknown.then(|| view! { <p class="govuk-error-message">"No copy can be made for that reader. Choose one from the list."</p> })}
            {choose(id, choices, &word)}
            {preview}
        };
        Ok(("A copy".to_owned(), content))
    })
}

fn choose(id: RecordId, choices: Vec<Choice>, chosen: &str) -> impl IntoView + use<> {
    let chosen = chosen.to_owned();
    view! {
        <form action=format!("/records/{id}/copy") method="get" class="cr-fix">
            <label class="govuk-label" for="for">"For whom"</label>
            <select class="govuk-select" id="for" name="for">
                {choices.into_iter().map(|choice| { let selected = choice.word == chosen; view! { <option value=choice.word selected=selected>{choice.title}</option> } }).collect_view()}
            </select>
            <button type="submit" class="cr-small-button">"Preview"</button>
        </form>
    }
}

fn preview(id: RecordId, word: &str, made: &Made, html: String, signs: bool) -> impl IntoView + use<> {
    let questions = made.questions.clone();
    let flagged = !questions.is_empty();
    let word = word.to_owned();
    let links = FORMATS.map(|(format, _)| {
        let name = match format {
            "pdf" => "PDF",
            "docx" => "Word",
            "html" => "HTML",
            "md" => "Markdown",
            _ => "JSON",
        };
        (format, name)
    });
    view! {
        {flagged.then(|| view! {
            <section class="cr-unready" aria-labelledby="flagged">
                <h2 class="govuk-heading-m" id="flagged">"Flagged: read this first"</h2>
                {questions.into_iter().map(|asked| view! {
                    <section class="cr-summary"><h3 class="govuk-heading-s">{asked.part}": "{asked.why}</h3><div class="cr-prose" inner_html=to_html(&asked.text)></div></section>
                }).collect_view()}
            </section>
        })}
        {if flagged && !signs {
            view! { <p class="govuk-body">"The team manager reads what is flagged and gives the copy."</p> }.into_any()
        } else if flagged {
            view! {
                {links.map(|(format, name)| view! {
                    <form action=format!("/records/{id}/files/{format}") method="post" class="cr-inline-form">
                        <input type="hidden" name="for" value=word.clone()/>
                        <button type="submit" name="agreed" value="yes" class="cr-small-button">"I have read it and it may go: "{name}</button>
                    </form>
                }).into_iter().collect_view()}
            }.into_any()
        } else {
            view! {
                <p class="govuk-body">{links.map(|(format, name)| view! {
                    <a class="govuk-link" href=format!("/records/{id}/files/{format}?for={word}")>{name}</a>" "
                }).into_iter().collect_view()}</p>
            }.into_any()
        }}
        <h2 class="govuk-heading-m">"Preview"</h2>
        <p class="govuk-body">"Read it before it goes: nobody has searched the typed words for addresses."</p>
        <article class="cr-minutes cr-copy" inner_html=html.replace("<h1 ", "<p ").replace("</h1>", "</p>")></article>
    }
}
