//! Direct work with the people of a family.

use domain::direct_work::{DirectWork, DirectWorkContent, DirectWorkState};
use domain::page::FamilyCard;
use domain::status::AccessKind;
use domain::wording::capital;
use domain::{DirectWorkId, FamilyId, PersonId, dates};
use leptos::prelude::*;
use service::{Service, ServiceError};

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::direct_work::direct_work;
use crate::parts::family_bar::family_bar;
use crate::parts::form::{Draft, SelectField, TextField, error_summary};
use crate::parts::text_area::TextArea;
use crate::visit::{self, Visit};

/// `/families/:id/direct-work`.
pub fn show() -> impl IntoView {
    let id: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let reader = visit.looks_at_family(id, AccessKind::Family).await?;
        let (card, all) = visit.service.direct_work(reader).await?;
        let writes = Service::writes_workbook(reader);
        let draft = visit::draft().await.unwrap_or_default();
        let begun = if writes { begun(&visit, &card, &all)? } else { None };
        let title = format!("Family {} direct work", card.reference);
        let content = view! {
            {error_summary(&draft)}
            {back(format!("/families/{id}/chapters"), "Chapters")}
            {family_bar(&card)}
            {match begun {
                Some(begun) => write(&visit, &card, &begun, &draft).into_any(),
                None => view! {
                    <h1 class="govuk-heading-l">"Direct work"</h1>
                    <p class="govuk-body">"What workers do with each of them, how far it has come, and what it showed. It stands beside what is written of them in the chapters."</p>
                    {with_each(&card, &all, writes)}
                }.into_any(),
            }}
        };
        Ok((title, content))
    })
}

/// What a form starts from.
struct DirectWorkBegun {
    id: DirectWorkId,
    with: PersonId,
    base: i64,
    content: DirectWorkContent,
}

/// What the form that the address asks for starts from; none where it asks for none.
fn begun(visit: &Visit, card: &FamilyCard, all: &[DirectWork]) -> Result<Option<DirectWorkBegun>, ServiceError> {
    if let Some(id) = visit::query("change") {
        let id: DirectWorkId = visit::id(&id)?;
        let work = all.iter().find(|work| work.id == id).ok_or(ServiceError::NotFound)?;
        return Ok(Some(DirectWorkBegun { id, with: work.with, base: work.revision, content: work.content.clone() }));
    }
    let Some(with) = visit::query("with") else { return Ok(None) };
    let with: PersonId = visit::id(&with)?;
    if card.people().all(|(known, _)| known != with) {
        return Err(ServiceError::NotFound);
    }
    let id = DirectWorkId::new(visit.service.new_uuid());
    Ok(Some(DirectWorkBegun { id, with, base: 0, content: DirectWorkContent::default() }))
}

/// Adults, then children: most direct work is with parents.
fn with_each(card: &FamilyCard, all: &[DirectWork], writes: bool) -> impl IntoView + use<> {
    let family = card.id;
    let adults = card.adults.iter().map(|adult| (adult.id, adult.in_words()));
    let children = card.children.iter().map(|child| (child.id, child.line()));
    let others = all.iter().filter(|work| card.people().all(|(person, _)| person != work.with));
    let left: Vec<DirectWork> = others.cloned().collect();
    let people: Vec<_> =
        adults.chain(children).map(|(person, title)| with_one(card, person, title, all, writes)).collect();
    view! {
        {people}
        {(!left.is_empty()).then(|| view! {
            <section aria-labelledby="others">
                <h2 class="govuk-heading-m" id="others">"People who are not of this family any more"</h2>
                {left.iter().map(|work| one(family, work, false)).collect_view()}
            </section>
        })}
    }
}

fn with_one(
    card: &FamilyCard, person: PersonId, title: String, all: &[DirectWork], writes: bool,
) -> impl IntoView + use<> {
    let (family, name) = (card.id, card.name_of(person).to_owned());
    let mut theirs: Vec<&DirectWork> = all.iter().filter(|work| work.with == person).collect();
    theirs.sort_by_key(|work| work.content.state == DirectWorkState::Mistake);
    let nothing =
        theirs.is_empty().then(|| view! { <p class="govuk-body cr-quiet">"Nothing is written down yet."</p> });
    view! {
        <section aria-labelledby=format!("person-{person}")>
            <h2 class="govuk-heading-m" id=format!("person-{person}")>{title}</h2>
            {nothing}
            {theirs.into_iter().map(|work| one(family, work, writes)).collect_view()}
            {writes.then(|| view! { <p class="govuk-body"><a class="govuk-link" href=format!("/families/{family}/direct-work?with={person}")>{format!("Write down direct work with {name}")}</a></p> })}
        </section>
    }
}

fn one(family: FamilyId, work: &DirectWork, writes: bool) -> impl IntoView + use<> {
    let by = format!("Written down by {}, {}", work.by.name, dates::plain_date(dates::london(work.at).date()));
    let (id, module) = (work.id, work.content.module.clone());
    view! {
        <div class="cr-own-words__one">
            {direct_work(work)}
            <p class="govuk-body-s cr-quiet">{by}{writes.then(|| view! { " · "<a class="govuk-link" href=format!("/families/{family}/direct-work?change={id}")>"Change"<span class="govuk-visually-hidden">" direct work: "{module}</span></a> })}</p>
        </div>
    }
}

fn write(visit: &Visit, card: &FamilyCard, begun: &DirectWorkBegun, draft: &Draft) -> impl IntoView + use<> {
    let (family, name, content) = (card.id, card.name_of(begun.with).to_owned(), &begun.content);
    let text = draft.value("finding", &content.finding);
    let error = draft.error("finding");
    let invalid = error.is_some().then_some("true");
    let states = DirectWorkState::ALL.iter().map(|state| (state.word().to_owned(), capital(state.title()))).collect();
    let group = if error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" };
    view! {
        <h1 class="govuk-heading-l">{format!("Direct work with {name}")}</h1>
        <form action="/api/direct-work/write" method="post" class="cr-narrow">
            <input type="hidden" name="family" value=family.to_string()/>
            <input type="hidden" name="id" value=draft.value("id", &begun.id.to_string())/>
            <input type="hidden" name="with" value=begun.with.to_string()/>
            <input type="hidden" name="base" value=draft.value("base", &begun.base.to_string())/>
            {module(visit, &draft.value("module", &content.module), draft.error("module"))}
            <SelectField name="state" label="How far it has come" options=states value=draft.value("state", content.state.word()) error=draft.error("state")/>
            <TextField name="on" label="The day" hint="When it began, ended or stopped, or is planned for. Like 8/11/2026" value=draft.value("on", &content.on.map(dates::typed).unwrap_or_default()) error=draft.error("on")/>
            <div class=group>
                <label class="govuk-label" for="finding">"What it showed"</label>
                <div class="govuk-hint" id="finding-hint">{format!("What {name} can do now, what is still hard, and how you know. No clinical detail.")}</div>
                {error.map(|error| view! { <p class="govuk-error-message" id="finding-error"><span class="govuk-visually-hidden">"Error: "</span>{error}</p> })}
                <TextArea id="finding" name="finding" rows=5 value=text attr:aria-invalid=invalid attr:aria-describedby="finding-hint finding-error"/>
            </div>
            <div class="govuk-button-group">
                <button type="submit" class="govuk-button">"Save"</button>
                <a class="govuk-link" href=format!("/families/{family}/direct-work")>"Do not save"</a>
            </div>
        </form>
    }
}

/// The council's modules to choose from; a line to name the work where it has none.
fn module(visit: &Visit, chosen: &str, error: Option<String>) -> impl IntoView + use<> {
    let modules = &visit.service.rules().workbook.modules;
    if modules.is_empty() {
        return view! {
            <TextField name="module" label="What the work is about" hint="The module or the programme" value=chosen error=error/>
        }
        .into_any();
    }
    // A module that the council does not name any more stays what it was.
    let kept = Some(chosen.to_owned()).filter(|chosen| !chosen.is_empty() && !modules.contains(chosen));
    let choose = [(String::new(), "Choose a module".to_owned())].into_iter();
    let named = modules.iter().cloned().chain(kept).map(|module| (module.clone(), module));
    let options = choose.chain(named).collect();
    view! { <SelectField name="module" label="Module" options=options value=chosen error=error/> }.into_any()
}
