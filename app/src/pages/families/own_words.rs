//! What the children and adults of a family gave in their own words.

use domain::own_words::{GivenWords, HowGiven, OwnReadiness};
use domain::page::FamilyCard;
use domain::page::own_words::OwnWordsCard;
use domain::status::AccessKind;
use domain::wording::capital;
use domain::{FamilyId, OwnWordsId, PersonId, WorkerId, dates};
use leptos::prelude::*;
use service::{Service, ServiceError};

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::parts::form::{Draft, SelectField, TextField, error_summary};
use crate::parts::own_words::own_words;
use crate::parts::text_area::TextArea;
use crate::visit::{self, Visit};

/// `/families/:id/own-words`.
pub fn show() -> impl IntoView {
    let id: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let reader = visit.looks_at_family(id, AccessKind::Family).await?;
        let (card, all) = visit.service.own_words(reader).await?;
        let writes = Service::writes_workbook(reader);
        let draft = visit::draft().await.unwrap_or_default();
        let form = if writes { form(&visit, &card, &all, &draft)? } else { None };
        let title = format!("Family {} in their own words", card.reference);
        let content = view! {
            {error_summary(&draft)}
            {back(format!("/families/{id}"), format!("Family {}", card.reference))}
            {family_bar(&card)}
            {match form {
                Some(form) => form,
                None => view! {
                    <h1 class="govuk-heading-l">"In their own words"</h1>
                    <p class="govuk-body">"What each of them said, wrote, drew or showed. What workers think of it stands in the summaries."</p>
                    {headed(&card).into_iter().map(|(person, title)| {
                        let name = card.name_of(person).to_owned();
                        of_person(id, person, (title, name), &all, writes)
                    }).collect_view()}
                    {of_others(id, &card, &all)}
                }.into_any(),
            }}
        };
        Ok((title, content))
    })
}

/// Children, eldest first, and adults, each with how they are headed.
fn headed(card: &FamilyCard) -> Vec<(PersonId, String)> {
    let children = card.children.iter().map(|child| (child.id, child.line()));
    children.chain(card.adults.iter().map(|adult| (adult.id, adult.in_words()))).collect()
}

fn of_person(
    family: FamilyId, person: PersonId, (title, name): (String, String), all: &[OwnWordsCard], writes: bool,
) -> impl IntoView + use<> {
    let theirs: Vec<OwnWordsCard> = all.iter().filter(|card| card.person == person).cloned().collect();
    let nothing =
        theirs.is_empty().then(|| view! { <p class="govuk-body cr-quiet">"Nothing is written down yet."</p> });
    let write = writes.then(|| view! {
        <p class="govuk-body"><a class="govuk-link" href=format!("/families/{family}/own-words?person={person}")>{format!("Write down {name}’s words")}</a></p>
    });
    view! {
        <section aria-labelledby=format!("person-{person}")>
            <h2 class="govuk-heading-m" id=format!("person-{person}")>{title}</h2>
            {nothing}
            {theirs.into_iter().map(|card| one(family, card)).collect_view()}
            {write}
        </section>
    }
}

/// Of people who are not of this family any more.
fn of_others(family: FamilyId, card: &FamilyCard, all: &[OwnWordsCard]) -> Option<impl IntoView + use<>> {
    let left = all.iter().filter(|words| card.people().all(|(person, _)| person != words.person));
    let left: Vec<OwnWordsCard> = left.cloned().collect();
    (!left.is_empty()).then(|| {
        view! {
            <section aria-labelledby="others">
                <h2 class="govuk-heading-m" id="others">"People who are not of this family any more"</h2>
                {left.into_iter().map(|card| one(family, card)).collect_view()}
            </section>
        }
    })
}

fn one(family: FamilyId, card: OwnWordsCard) -> impl IntoView + use<> {
    let acts = (card.mine && card.given.is_some()).then(|| {
        let (id, what) = (card.id, card.given.as_ref().map(|given| dates::plain_date(given.on)).unwrap_or_default());
        let here = move |act: &str| format!("/families/{family}/own-words?{act}={id}");
        view! {
            " · "<a class="govuk-link" href=here("change")>"Change"<span class="govuk-visually-hidden">" the words of "{what.clone()}</span></a>
            " · "<a class="govuk-link" href=here("take-back")>"Take back"<span class="govuk-visually-hidden">" the words of "{what}</span></a>
        }
    });
    let below = below(&card);
    view! { <div class="cr-own-words__one">{card.heard(false).map(|heard| own_words(&heard))}<p class="govuk-body-s cr-quiet">{below}{acts}</p></div> }
}

/// Who wrote it down, and who reads it or whom to ask.
fn below(card: &OwnWordsCard) -> String {
    let by = &card.by;
    let names =
        |readers: &[(WorkerId, String)]| readers.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
    match (&card.taken_back, &card.given, &card.only_for) {
        (Some(why), ..) => format!("{by} took back what they had written down: {why}"),
        (None, None, _) => format!("{by} keeps something for some of those who work with the family. Ask them."),
        (None, Some(_), None) => format!("Written down by {by}"),
        (None, Some(_), Some(readers)) if readers.is_empty() => format!("Written down by {by}, who alone reads it"),
        (None, Some(_), Some(readers)) => format!("Written down by {by}; else only {} read it", names(readers)),
    }
}

/// The form that the address asks for; none where it asks for none.
fn form(
    visit: &Visit, card: &FamilyCard, all: &[OwnWordsCard], draft: &Draft,
) -> Result<Option<AnyView>, ServiceError> {
    let mine = |id: OwnWordsId| all.iter().find(|words| words.id == id && words.mine && words.given.is_some());
    if let Some(id) = visit::query("take-back") {
        let words = mine(visit::id(&id)?).ok_or(ServiceError::NotFound)?;
        return Ok(Some(take_back(card.id, words, draft).into_any()));
    }
    if let Some(id) = visit::query("change") {
        let words = mine(visit::id(&id)?).ok_or(ServiceError::NotFound)?;
        let given = words.given.clone().ok_or(ServiceError::NotFound)?;
        let readers = words.only_for.as_ref().map(|readers| readers.iter().map(|(worker, _)| *worker).collect());
        let begun = Begun { id: words.id, person: words.person, base: words.revision, given, readers };
        return Ok(Some(write(visit, card, &begun, draft).into_any()));
    }
    let Some(person) = visit::query("person") else { return Ok(None) };
    let person: PersonId = visit::id(&person)?;
    if card.people().all(|(known, _)| known != person) {
        return Err(ServiceError::NotFound);
    }
    let given = GivenWords {
        on: visit.service.clock().today(),
        how: HowGiven::Said,
        to: visit.name.to_string(),
        words: String::new(),
        readiness: OwnReadiness::default(),
    };
    let id = OwnWordsId::new(visit.service.new_uuid());
    Ok(Some(write(visit, card, &Begun { id, person, base: 0, given, readers: None }, draft).into_any()))
}

/// What a form starts from.
struct Begun {
    id: OwnWordsId,
    person: PersonId,
    base: i64,
    given: GivenWords,
    readers: Option<Vec<WorkerId>>,
}

fn write(visit: &Visit, card: &FamilyCard, begun: &Begun, draft: &Draft) -> impl IntoView + use<> {
    let (family, name) = (card.id, card.name_of(begun.person).to_owned());
    let adult = card.adults.iter().any(|adult| adult.id == begun.person);
    let given = &begun.given;
    let text = draft.value("words", &given.words);
    let error = draft.error("words");
    let invalid = error.is_some().then_some("true");
    let how = draft.value("how", given.how.word());
    let ways = HowGiven::ALL.iter().map(|how| (how.word().to_owned(), capital(how.title()))).collect();
    view! {
        <h1 class="govuk-heading-l">{format!("{name}’s own words")}</h1>
        <form action="/api/own-words/write" method="post" class="cr-narrow">
            <input type="hidden" name="family" value=family.to_string()/>
            <input type="hidden" name="id" value=draft.value("id", &begun.id.to_string())/>
            <input type="hidden" name="person" value=begun.person.to_string()/>
            <input type="hidden" name="base" value=draft.value("base", &begun.base.to_string())/>
            <div class="govuk-form-group">
                <label class="govuk-label" for="words">{format!("What {name} said, wrote, drew or showed")}</label>
                <div class="govuk-hint" id="words-hint">"As it was given. They may read this one day. No address."</div>
                {error.map(|error| view! { <p class="govuk-error-message" id="words-error">{error}</p> })}
                <TextArea id="words" name="words" rows=5 value=text attr:aria-invalid=invalid attr:aria-describedby="words-hint words-error"/>
            </div>
            <SelectField name="how" label="How it was given" options=ways value=how error=draft.error("how")/>
            <TextField name="on" label="The day" hint="Like 8/11/2026" value=draft.value("on", &dates::typed(given.on)) error=draft.error("on")/>
            <TextField name="to" label="To whom" hint="You, or somebody else: their teacher" value=draft.value("to", &given.to) error=draft.error("to")/>
            {adult.then(|| numbers(given.readiness, draft))}
            {readers(visit, card, begun, draft)}
            <div class="govuk-button-group">
                <button type="submit" class="govuk-button">"Keep these words"</button>
                <a class="govuk-link" href=format!("/families/{family}/own-words")>"Do not keep them"</a>
            </div>
        </form>
    }
}

/// Three numbers for a change that an adult spoke of.
fn numbers(readiness: OwnReadiness, draft: &Draft) -> impl IntoView + use<> {
    let draft = draft.clone();
    let label = |name: &str| match name {
        "importance" => "How important the change is to them",
        "confidence" => "How confident they are that they can make it",
        _ => "How ready they are to begin",
    };
    view! {
        <fieldset class="govuk-fieldset govuk-form-group">
            <legend class="govuk-fieldset__legend">"Their own numbers for a change they spoke of"</legend>
            <div class="govuk-hint">"From 0 to 10, only where they named one. Leave the others empty."</div>
            <div class="cr-own-numbers">{readiness.all().into_iter().map(|(name, number)| view! {
                <TextField name=name label=label(name) value=draft.value(name, &number.map(|number| number.to_string()).unwrap_or_default()) error=draft.error(name)/>
            }).collect_view()}</div>
        </fieldset>
    }
}

/// Everybody who works with the family, or only some of them.
fn readers(visit: &Visit, card: &FamilyCard, begun: &Begun, draft: &Draft) -> impl IntoView + use<> {
    let me = visit.viewer.worker;
    let mut workers: Vec<(WorkerId, String)> = Vec::new();
    for (worker, name) in card.allocated.iter().filter_map(|who| Some((who.worker?, who.name.clone()))) {
        if worker != me && workers.iter().all(|(known, _)| *known != worker) {
            workers.push((worker, name));
        }
    }
    let team = draft.fields.get("readers").map_or(begun.readers.is_none(), |readers| readers != "only");
    let chosen: Vec<String> = match draft.fields.get("who") {
        Some(typed) => typed.split(' ').map(str::to_owned).collect(),
        None => begun.readers.iter().flatten().map(ToString::to_string).collect(),
    };
    view! {
        <fieldset class="govuk-fieldset govuk-form-group">
            <legend class="govuk-fieldset__legend">"Who reads it"</legend>
            <p class="govuk-body"><label for="readers-team"><input type="radio" id="readers-team" name="readers" value="team" checked=team/>" Everybody who works with this family"</label></p>
            <p class="govuk-body"><label for="readers-only"><input type="radio" id="readers-only" name="readers" value="only" checked=!team/>" Only I and those ticked here"</label></p>
            {workers.into_iter().enumerate().map(|(at, (worker, name))| {
                let (field, checked) = (format!("who-{worker}"), chosen.contains(&worker.to_string()));
                view! { <p class="govuk-body cr-indent"><label for=field.clone()><input type="checkbox" id=field.clone() name=format!("who[{at}]") value=worker.to_string() checked=checked/>" "{name}</label></p> }
            }).collect_view()}
        </fieldset>
    }
}

fn take_back(family: FamilyId, words: &OwnWordsCard, draft: &Draft) -> impl IntoView + use<> {
    view! {
        <h1 class="govuk-heading-l">{format!("Take back words of {}", words.name)}</h1>
        {words.heard(true).map(|heard| own_words(&heard))}
        <p class="govuk-body">"Nobody sees the words any more. That you wrote them down and took them back stays, with your reason. They are held, and shown where somebody asks for all that is held about them."</p>
        <form action="/api/own-words/take-back" method="post" class="cr-narrow">
            <input type="hidden" name="family" value=family.to_string()/>
            <input type="hidden" name="id" value=words.id.to_string()/>
            <TextField name="why" label="Why" hint="Like: it was written for another child" value=draft.value("why", "") error=draft.error("why")/>
            <div class="govuk-button-group">
                <button type="submit" class="govuk-button govuk-button--warning">"Take these words back"</button>
                <a class="govuk-link" href=format!("/families/{family}/own-words")>"Leave them"</a>
            </div>
        </form>
    }
}
