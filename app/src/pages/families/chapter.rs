//! One's own chapter of a family's workbook, this month's.

use domain::FamilyId;
use domain::chapter::ChapterPlace;
use domain::dates;
use domain::status::AccessKind;
use leptos::prelude::*;
use service::ServiceError;
use service::markdown::to_html;
use service::workbook::chapter::{ChapterBox, ChapterForm, field};

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::parts::form::{Draft, error_summary};
use crate::parts::text_area::TextArea;
use crate::visit;

/// `/families/:id/chapter`.
pub fn show() -> impl IntoView {
    let id: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let reader = visit.looks_at_family(id, AccessKind::Family).await?;
        // Whoever is not allocated to the family has no chapter in its workbook.
        let form = visit.service.chapter_form(reader).await?.ok_or(ServiceError::NotFound)?;
        let card = visit.service.family(reader).await?;
        let draft = visit::draft().await.unwrap_or_default();
        let title = format!("My summary of family {}", card.reference);
        let content = view! {
            {error_summary(&draft)}
            {back(format!("/families/{id}"), format!("Family {}", card.reference))}
            {family_bar(&card)}
            <h1 class="govuk-heading-l">"My monthly summary, "{dates::month_name(&form.month)}</h1>
            {draft.fields.contains_key("preview").then(|| preview(&form, &draft))}
            {write(id, &form, &draft)}
        };
        Ok((title, content))
    })
}

/// What a text holds as the form is shown: as it was typed, as it stands, or as it was last carried on.
fn shown(text: &ChapterBox, draft: &Draft) -> String {
    let stands = if text.revision == 0 { text.before.as_deref().unwrap_or_default() } else { &text.text };
    draft.value(&field(&text.place), stands)
}

fn preview(form: &ChapterForm, draft: &Draft) -> impl IntoView + use<> {
    let texts = form.texts.iter().map(|text| (text.title.clone(), shown(text, draft)));
    let written: Vec<(String, String)> = texts.filter(|(_, text)| !text.trim().is_empty()).collect();
    view! {
        <div class="cr-preview">
            <h2 class="govuk-heading-s">"Preview, not saved yet"</h2>
            {written.into_iter().map(|(title, text)| view! { <h3 class="govuk-heading-s">{title}</h3><div class="cr-prose" inner_html=to_html(&text)></div> }).collect_view()}
        </div>
    }
}

fn write(family: FamilyId, form: &ChapterForm, draft: &Draft) -> impl IntoView + use<> {
    // Lines of one list for the server, counted through all sections.
    let texts: Vec<(usize, ChapterBox)> = form.texts.iter().cloned().enumerate().collect();
    let sections = texts.chunk_by(|(_, one), (_, other)| one.place.section == other.place.section);
    view! {
        <form action="/api/chapter/save" method="post">
            <input type="hidden" name="family" value=family.to_string()/>
            {sections.map(|texts| match texts {
                [(at, text)] if text.place.is_summary() => text_box(*at, text, draft).into_any(),
                texts => section(texts, draft).into_any(),
            }).collect_view()}
            <div class="govuk-button-group">
                <button type="submit" class="govuk-button">"Save my summary"</button>
                <button type="submit" name="preview" value="yes" class="govuk-button govuk-button--secondary">"Preview"</button>
                <a class="govuk-link" href=format!("/families/{family}")>"Do not save"</a>
            </div>
        </form>
    }
}

/// A section beside the summary: closed while there is nothing new in it.
fn section(texts: &[(usize, ChapterBox)], draft: &Draft) -> impl IntoView + use<> {
    let boxes = || texts.iter().map(|(_, text)| text);
    let typed = |text: &ChapterBox| {
        let stands = if text.revision == 0 { text.before.as_deref().unwrap_or_default() } else { &text.text };
        draft.fields.get(&field(&text.place)).is_some_and(|typed| typed != stands)
    };
    let written = boxes().any(|text| !text.text.trim().is_empty());
    let open = written || boxes().any(|text| typed(text) || draft.error(&field(&text.place)).is_some());
    let note = match boxes().any(|text| text.before.is_some() && text.revision == 0) {
        _ if written => " · written",
        true => " · carried on from before",
        false => "",
    };
    let title = texts[0].1.section.clone();
    view! {
        <details class="cr-fold" open=open>
            <summary>{title}<span class="cr-quiet">{note}</span></summary>
            <div class="cr-fold__content">{texts.iter().map(|(at, text)| text_box(*at, text, draft)).collect_view()}</div>
        </details>
    }
}

fn text_box(at: usize, text: &ChapterBox, draft: &Draft) -> impl IntoView + use<> {
    let id = field(&text.place);
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let error = draft.error(&id);
    let invalid = error.is_some().then_some("true");
    let described = if error.is_some() { format!("{hint_id} {error_id}") } else { hint_id.clone() };
    let base = draft.value(&format!("base-{}", text.place), &text.revision.to_string());
    let carried = text.revision == 0 && text.before.is_some() && !draft.fields.contains_key(&id);
    let group = if error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" };
    let rules = text.place.is_summary().then_some(
        " Everybody who works with this family reads this, and the child may ask to read it one day. A line can begin with Seen:, Told: or I think:. **bold**, lists with - and > quotes work. No clinical detail, no addresses.",
    );
    let rows = if text.place.is_summary() { 8 } else { 4 };
    let (title, prompt, value) = (text.title.clone(), text.prompt.clone(), shown(text, draft));
    view! {
        <div class=group>
            <label class="govuk-label" for=id.clone()>{title}</label>
            <div class="govuk-hint" id=hint_id>{prompt}{rules}</div>
            {carried.then(|| view! { <p class="govuk-inset-text">"This was written before and is carried on. Change what has changed, then save."</p> })}
            {error.map(|error| view! { <p class="govuk-error-message" id=error_id><span class="govuk-visually-hidden">"Error: "</span>{error}</p> })}
            <input type="hidden" name=format!("place[{at}]") value=text.place.to_string()/>
            <input type="hidden" name=format!("base[{at}]") value=base/>
            <TextArea id=id name=format!("text[{at}]") rows=rows value=value attr:aria-invalid=invalid attr:aria-describedby=described/>
        </div>
    }
}

/// Where one writes one's summary.
#[must_use]
pub fn summary_box(family: FamilyId) -> String {
    format!("/families/{family}/chapter#{}", field(&ChapterPlace::summary()))
}
