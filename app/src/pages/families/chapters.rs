//! The chapters of a family's workbook, read worker by worker or, for one child or adult, as one assessment.

use domain::direct_work::DirectWork;
use domain::page::chapter::{ChapterTextCard, Chapters};
use domain::page::own_words::OwnWordsCard;
use domain::page::{FamilyCard, TitledText};
use domain::status::AccessKind;
use domain::{FamilyId, PersonId, dates};
use leptos::prelude::*;
use service::ServiceError;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::direct_work::direct_work;
use crate::parts::family_bar::family_bar;
use crate::parts::own_words::own_words;
use crate::visit;

/// `/families/:id/chapters`.
pub fn show() -> impl IntoView {
    let id: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let reader = visit.looks_at_family(id, AccessKind::Family).await?;
        let given = |name: &str| visit::query(name).filter(|value| !value.is_empty());
        let (card, chapters) = visit.service.chapters(reader, given("month").as_deref()).await?;
        let person = given("person").map(|person| visit::id::<PersonId>(&person)).transpose()?;
        if person.is_some_and(|person| card.people().all(|(known, _)| known != person)) {
            return Err(ServiceError::NotFound);
        }
        let title = format!("Family {} chapters", card.reference);
        let shown = match person {
            Some(person) => {
                let heard = heard(visit.service.own_words(reader).await?.1, person, &chapters.month);
                let works = visit.service.direct_work(reader).await?.1;
                view! { {heard}{done_with(&works, person, &chapters.month)}{assessment(&chapters, person, &card)} }
                    .into_any()
            }
            None => by_worker(&chapters, &card).into_any(),
        };
        let content = view! {
            {back(format!("/families/{id}"), format!("Family {}", card.reference))}
            {family_bar(&card)}
            <h1 class="govuk-heading-l">"Chapters"</h1>
            {choices(&card, &chapters, person)}
            {chapters.texts.is_empty().then(|| view! { <p class="govuk-body">"Nobody has written anything yet."</p> })}
            {shown}
            <nav class="cr-parts" aria-label="What is written beside the chapters">
                {reader.allocated().then(|| view! { <a class="govuk-link" href=format!("/families/{id}/chapter")>"Write my summary"</a> })}
                <a class="govuk-link" href=format!("/families/{id}/direct-work")>"Direct work"</a>
                <a class="govuk-link" href=format!("/families/{id}/own-words")>"In their own words"</a>
            </nav>
        };
        Ok((title, content))
    })
}

fn choices(card: &FamilyCard, chapters: &Chapters, person: Option<PersonId>) -> impl IntoView + use<> {
    let people: Vec<(PersonId, String)> = card.people().map(|(id, name)| (id, name.to_owned())).collect();
    let month = chapters.month.clone();
    let months = chapters.months.clone();
    view! {
        <form method="get" class="cr-filter">
            <div class="govuk-form-group">
                <label class="govuk-label" for="person">"Read"</label>
                <select class="govuk-select" id="person" name="person">
                    <option value="">"Each worker’s chapter"</option>
                    {people.into_iter().map(|(id, name)| view! { <option value=id.to_string() selected=person == Some(id)>{format!("All that concerns {name}")}</option> }).collect_view()}
                </select>
            </div>
            <div class="govuk-form-group">
                <label class="govuk-label" for="month">"As it stood in"</label>
                <select class="govuk-select" id="month" name="month">
                    {months.into_iter().map(|known| { let chosen = known == month; view! { <option value=known.clone() selected=chosen>{dates::month_name(&known)}</option> } }).collect_view()}
                </select>
            </div>
            <button type="submit" class="govuk-button govuk-button--secondary">"Show"</button>
        </form>
    }
}

fn by_worker(chapters: &Chapters, card: &FamilyCard) -> impl IntoView + use<> {
    let of_worker = |texts: &[ChapterTextCard]| {
        let (worker, who) = (texts[0].worker, who(&texts[0]));
        let texts = texts.iter().map(|text| {
            let whose = text.place.person.map(|person| format!(" · {}", card.name_of(person)));
            let title = format!("{}{}", text.title, whose.unwrap_or_default());
            passage(title, text, &chapters.month)
        });
        view! {
            <section class="cr-summary" aria-labelledby=format!("worker-{worker}")>
                <h2 class="govuk-heading-m" id=format!("worker-{worker}")>{who}</h2>
                {texts.collect_view()}
            </section>
        }
    };
    chapters.by_worker().map(of_worker).collect_view()
}

/// What concerns one child or adult, section by section: each worker's words beside the others'.
fn assessment(chapters: &Chapters, person: PersonId, card: &FamilyCard) -> impl IntoView + use<> {
    let sections = chapters.about(person).into_iter().map(|(title, texts)| {
        let of_person = texts[0].place.person.map(|_| format!(" · {}", card.name_of(person)));
        let key = texts[0].place.section.clone();
        let title = format!("{title}{}", of_person.unwrap_or_default());
        view! {
            <section class="cr-summary" aria-labelledby=format!("section-{key}")>
                <h2 class="govuk-heading-m" id=format!("section-{key}")>{title}</h2>
                {texts.into_iter().map(|text| passage(who(text), text, &chapters.month)).collect_view()}
            </section>
        }
    });
    sections.collect_view()
}

/// What the person gave in their own words up to that month, newest first.
fn heard(all: Vec<OwnWordsCard>, person: PersonId, month: &str) -> Option<impl IntoView + use<>> {
    let theirs = |card: &OwnWordsCard| {
        card.person == person && card.given.as_ref().is_some_and(|given| dates::month(given.on).as_str() <= month)
    };
    let heard: Vec<TitledText> = all.iter().filter(|card| theirs(card)).filter_map(|card| card.heard(false)).collect();
    (!heard.is_empty()).then(|| {
        view! {
            <section aria-labelledby="own-words">
                <h2 class="govuk-heading-m" id="own-words">"In their own words"</h2>
                {heard.iter().map(own_words).collect_view()}
            </section>
        }
    })
}

/// Direct work with the person that was begun or planned up to that month.
fn done_with(all: &[DirectWork], person: PersonId, month: &str) -> Option<impl IntoView + use<>> {
    let up_to_then = |work: &&DirectWork| {
        let day = work.content.on.unwrap_or_else(|| dates::london(work.at).date());
        work.with == person && work.content.counts() && dates::month(day).as_str() <= month
    };
    let theirs: Vec<&DirectWork> = all.iter().filter(up_to_then).collect();
    (!theirs.is_empty()).then(|| {
        view! {
            <section aria-labelledby="direct-work">
                <h2 class="govuk-heading-m" id="direct-work">"Direct work"</h2>
                {theirs.into_iter().map(direct_work).collect_view()}
            </section>
        }
    })
}

fn who(text: &ChapterTextCard) -> String {
    [text.name.as_str(), text.discipline.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// One text under its heading, with the month where it was written in an earlier one.
fn passage(heading: String, text: &ChapterTextCard, month: &str) -> impl IntoView + use<> {
    let earlier = (text.month != month).then(|| format!(" from {}", dates::month_name(&text.month)));
    let html = text.html.clone();
    view! {
        <h3 class="govuk-heading-s">{heading}<span class="cr-quiet">{earlier}</span></h3>
        <div class="cr-prose" inner_html=html></div>
    }
}
