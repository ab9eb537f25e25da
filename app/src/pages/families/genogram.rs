//! A family's genogram: the picture, the same in words, and the forms that change it.

use domain::genogram::{CHILD, Household, KinGraph, KinId, KinInWords, LifeState, Relative, Sex, Tie, TieKind};
use domain::status::AccessKind;
use domain::wording::{capital, listed};
use domain::{FamilyId, HouseholdId, RelativeId, TieId, dates};
use leptos::prelude::*;
use service::workbook::genogram::GenogramPage;
use service::{Service, ServiceError};

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::parts::form::{Draft, SelectField, error_summary};
use crate::visit::{self, Visit};

/// `/families/:id/genogram`.
pub fn show() -> impl IntoView {
    let id: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let reader = visit.looks_at_family(id, AccessKind::Family).await?;
        let shown = visit.service.genogram(reader).await?;
        let draft = visit::draft().await.unwrap_or_default();
        let writes = Service::writes_workbook(reader);
        let form = if writes { form(&visit, &shown, &draft)? } else { None };
        let title = format!("Family {} genogram", shown.card.reference);
        let content = view! {
            {error_summary(&draft)}
            {if form.is_some() { back(format!("/families/{id}/genogram"), "Genogram").into_any() } else { back(format!("/families/{id}"), format!("Family {}", shown.card.reference)).into_any() }}
            {family_bar(&shown.card)}
            {match form {
                Some(form) => form,
                None => view! {
                    <h1 class="govuk-heading-l">"Genogram"</h1>
                    {picture(&shown)}
                    {writes.then(|| change(&visit, &shown, &draft))}
                    {words(&shown.graph)}
                    {writes.then(|| written(&shown))}
                }.into_any(),
            }}
        };
        Ok((title, content))
    })
}

/// The form that the address asks for; none where it asks for none.
fn form(visit: &Visit, shown: &GenogramPage, draft: &Draft) -> Result<Option<AnyView>, ServiceError> {
    let new = |asked: Option<String>| asked.is_some_and(|asked| asked == "relative");
    if let Some(id) = visit::query("relative") {
        let id: RelativeId = visit::id(&id)?;
        let found = shown.genogram.relatives.iter().find(|relative| relative.id == id);
        let relative = found.ok_or(ServiceError::NotFound)?;
        return Ok(Some(relative_form(visit, shown, Some(relative), draft).into_any()));
    }
    if let Some(id) = visit::query("household") {
        // A new household has an id of its own from the start, so that its form is sent once.
        let id: HouseholdId = visit::id(&id)?;
        let household = shown.genogram.households.iter().find(|household| household.id == id);
        return Ok(Some(household_form(shown, id, household, draft).into_any()));
    }
    Ok(new(visit::query("add")).then(|| relative_form(visit, shown, None, draft).into_any()))
}

fn picture(shown: &GenogramPage) -> impl IntoView + use<> {
    let svg = shown.svg.clone();
    view! {
        <div class="cr-genogram" tabindex="0" role="region" aria-label="Picture; the same stands in words below" inner_html=svg></div>
        <p class="govuk-body-s cr-quiet">"○ woman or girl · □ man or boy · ◇ not recorded · △ unborn · crossed out: has died · filled: child of this family · ? not recorded · two strokes: parted · dashed line: not recorded as partners, or half-brothers and half-sisters"</p>
    }
}

/// Everybody in words.
fn words(graph: &KinGraph) -> impl IntoView + use<> {
    let people = graph.in_words().into_iter().map(|KinInWords { title, lines, .. }| {
        let lines = if lines.is_empty() { vec!["Nothing is recorded yet".to_owned()] } else { lines };
        view! { <dt>{title}</dt>{lines.into_iter().map(|line| view! { <dd>{line}</dd> }).collect_view()} }
    });
    view! {
        <h2 class="govuk-heading-m">"In words"</h2>
        <dl class="cr-genogram__words-list">{people.collect_view()}</dl>
    }
}

fn choices(graph: &KinGraph, without: Option<KinId>) -> Vec<(String, String)> {
    let choose = [(String::new(), "Choose".to_owned())].into_iter();
    let people = graph.people.iter().filter(|kin| Some(kin.id) != without);
    choose.chain(people.map(|kin| (kin.id.to_string(), kin.name.clone()))).collect()
}

fn kinds() -> Vec<(String, String)> {
    let child = (CHILD.to_owned(), "is a child of".to_owned());
    let mut kinds: Vec<(String, String)> =
        TieKind::ALL.iter().map(|kind| (kind.word().to_owned(), kind.title().to_owned())).collect();
    kinds.insert(1, child);
    kinds
}

/// What one is to another, in one line; and the ways to the other forms.
fn change(visit: &Visit, shown: &GenogramPage, draft: &Draft) -> impl IntoView + use<> {
    let (family, graph) = (shown.card.id, &shown.graph);
    let id = TieId::new(visit.service.new_uuid());
    let household = HouseholdId::new(visit.service.new_uuid());
    let choices = choices(graph, None);
    view! {
        <form action="/api/genogram/tie" method="post" class="cr-genogram__form">
            <h2 class="govuk-heading-m">"Add who belongs to whom"</h2>
            <input type="hidden" name="family" value=family.to_string()/>
            <input type="hidden" name="id" value=draft.value("id", &id.to_string())/>
            <div class="cr-genogram__fields">
                <SelectField name="from" label="Who" options=choices.clone() value=draft.value("from", "") error=draft.error("from")/>
                <SelectField name="kind" label="What they are" options=kinds() value=draft.value("kind", "") error=draft.error("kind")/>
                <SelectField name="to" label="To whom" options=choices value=draft.value("to", "") error=draft.error("to")/>
                <button type="submit" class="govuk-button">"Add"</button>
            </div>
        </form>
        <p class="govuk-body"><a class="govuk-link" href=format!("/families/{family}/genogram?add=relative")>"Add somebody who is not listed"</a>" · "<a class="govuk-link" href=format!("/families/{family}/genogram?household={household}")>"Add who lives together"</a></p>
    }
}

fn relative_form(
    visit: &Visit, shown: &GenogramPage, relative: Option<&Relative>, draft: &Draft,
) -> impl IntoView + use<> {
    let family = shown.card.id;
    let id = relative.map_or_else(|| RelativeId::new(visit.service.new_uuid()), |relative| relative.id);
    let tie = TieId::new(visit.service.new_uuid());
    let base = relative.map_or(0, |relative| relative.revision);
    let content = relative.map(|relative| relative.content.clone()).unwrap_or_default();
    let heading = if relative.is_some() { "Change somebody in the genogram" } else { "Add somebody to the genogram" };
    let sexes = [(Sex::Female, "Woman or girl"), (Sex::Male, "Man or boy"), (Sex::NotRecorded, "Not recorded")];
    let lives = [
        (LifeState::Living, "Living, as far as is known"),
        (LifeState::Died, "Has died"),
        (LifeState::Unborn, "Still to be born"),
    ];
    let sexes = sexes.map(|(sex, title)| (sex.word().to_owned(), title.to_owned())).into();
    let lives = lives.map(|(life, title)| (life.word().to_owned(), title.to_owned())).into();
    let tied = relative.is_none().then(|| {
        view! {
            <SelectField name="kind" label="What they are" options=kinds() value=draft.value("kind", "") error=draft.error("kind")/>
            <SelectField name="to" label="To whom" options=choices(&shown.graph, None) value=draft.value("to", "") error=draft.error("to")/>
        }
    });
    view! {
        <h1 class="govuk-heading-l">{heading}</h1>
        <p class="govuk-body">"For whoever is not listed as a child or adult of this family. Somebody the team works with belongs under People."</p>
        <form action="/api/genogram/relative" method="post" class="cr-narrow">
            <input type="hidden" name="family" value=family.to_string()/>
            <input type="hidden" name="id" value=draft.value("id", &id.to_string())/>
            <input type="hidden" name="tie" value=draft.value("tie", &tie.to_string())/>
            <input type="hidden" name="base" value=draft.value("base", &base.to_string())/>
            {name_field("relative-name", "Name", "First name, or what the family calls them. Leave it empty where nobody knows.", &draft.value("relative-name", &content.name), draft.error("relative-name"))}
            <SelectField name="sex" label="How they are drawn" options=sexes value=draft.value("sex", content.sex.word()) error=draft.error("sex")/>
            <SelectField name="life" label="Whether they are alive" options=lives value=draft.value("life", content.life.word()) error=draft.error("life")/>
            {tied}
            <div class="govuk-button-group">
                <button type="submit" class="govuk-button">"Save"</button>
                <a class="govuk-link" href=format!("/families/{family}/genogram")>"Do not save"</a>
            </div>
        </form>
    }
}

/// A name, under an id of its own: a page may hold other names.
fn name_field(
    id: &'static str, label: &'static str, hint: &'static str, value: &str, error: Option<String>,
) -> impl IntoView + use<> {
    let value = value.to_owned();
    let invalid = error.is_some().then_some("true");
    let group = if error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" };
    let [hint_id, error_id] = ["hint", "error"].map(|part| format!("{id}-{part}"));
    view! {
        <div class=group>
            <label class="govuk-label" for=id>{label}</label>
            <div class="govuk-hint" id=hint_id.clone()>{hint}</div>
            {error.map(|error| view! { <p class="govuk-error-message" id=error_id.clone()><span class="govuk-visually-hidden">"Error: "</span>{error}</p> })}
            <input class="govuk-input" id=id name="name" value=value autocomplete="off" aria-invalid=invalid aria-describedby=format!("{hint_id} {error_id}")/>
        </div>
    }
}

fn household_form(
    shown: &GenogramPage, id: HouseholdId, household: Option<&Household>, draft: &Draft,
) -> impl IntoView + use<> {
    let family = shown.card.id;
    let name = household.map(|household| household.name.clone()).unwrap_or_default();
    let base = household.map_or(0, |household| household.revision);
    let stands = household.map(|household| household.people.iter().map(KinId::to_string).collect::<Vec<_>>().join(" "));
    let chosen = draft.value("people", &stands.unwrap_or_default());
    let chosen: Vec<&str> = chosen.split_whitespace().collect();
    let error = draft.error("people");
    let people = shown.graph.people.iter().enumerate().map(|(at, kin)| {
        let (value, name, field) = (kin.id.to_string(), kin.name.clone(), format!("lives-{at}"));
        let checked = chosen.contains(&value.as_str());
        view! { <p class="govuk-body cr-tick"><label for=field.clone()><input type="checkbox" id=field.clone() name=format!("people[{at}]") value=value checked=checked/>" "{name}</label></p> }
    });
    view! {
        <h1 class="govuk-heading-l">"Who lives together"</h1>
        <form action="/api/genogram/household" method="post" class="cr-narrow">
            <input type="hidden" name="family" value=family.to_string()/>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="base" value=draft.value("base", &base.to_string())/>
            {name_field("household-name", "Name of the home", "Like: Nan’s. No address.", &draft.value("household-name", &name), draft.error("household-name"))}
            <fieldset class="govuk-fieldset govuk-form-group" id="people" aria-describedby="people-hint people-error">
                <legend class="govuk-fieldset__legend">"Who lives there"</legend>
                <div class="govuk-hint" id="people-hint">"All of the time or some of it. Somebody can live in two homes."</div>
                {error.map(|error| view! { <p class="govuk-error-message" id="people-error"><span class="govuk-visually-hidden">"Error: "</span>{error}</p> })}
                {people.collect_view()}
            </fieldset>
            <div class="govuk-button-group">
                <button type="submit" class="govuk-button">"Save"</button>
                <a class="govuk-link" href=format!("/families/{family}/genogram")>"Do not save"</a>
            </div>
        </form>
    }
}

/// What was written down here, each line with the way to change or remove it.
fn written(shown: &GenogramPage) -> impl IntoView + use<> {
    let (family, graph, genogram) = (shown.card.id, &shown.graph, &shown.genogram);
    let relatives = genogram.standing_relatives().map(|relative| {
        let name = graph.name(KinId::Relative(relative.id)).to_owned();
        let change = Some(format!("/families/{family}/genogram?relative={}", relative.id));
        line(family, name, change, ("relative", relative.id.to_string()))
    });
    let known =
        |tie: &&Tie| !tie.removed && [tie.from, tie.to].iter().all(|id| graph.people.iter().any(|kin| kin.id == *id));
    let ties = genogram.ties.iter().filter(known).map(|tie| {
        let by = format!("{}, {}", tie.by.name, dates::plain_date(dates::london(tie.at).date()));
        let words = format!("{} {} {} ({by})", graph.name(tie.from), tie.kind.title(), graph.name(tie.to));
        line(family, words, None, ("tie", tie.id.to_string()))
    });
    let homes = genogram.households.iter().filter(|household| !household.removed).map(|household| {
        let people: Vec<&str> = household.people.iter().map(|id| graph.name(*id)).collect();
        let words = format!("{}: {}", capital(&household.name), listed(&people));
        let change = Some(format!("/families/{family}/genogram?household={}", household.id));
        line(family, words, change, ("household", household.id.to_string()))
    });
    let all: Vec<_> = relatives.chain(ties).chain(homes).collect();
    (!all.is_empty()).then(|| {
        view! {
            <details class="cr-fold">
                <summary>"Change or remove"</summary>
                <ul class="govuk-list cr-fold__content">{all}</ul>
            </details>
            <p class="govuk-body-s cr-quiet">"Who a child’s mother is may come from the council’s system. What is wrong there is corrected there."</p>
        }
    })
}

fn line(
    family: FamilyId, words: String, change: Option<String>, (what, id): (&'static str, String),
) -> impl IntoView + use<> {
    let [of_change, of_remove] = [0, 1].map(|_| words.clone());
    view! {
        <li class="cr-genogram__line-of-list">
            <span>{words}</span>
            {change.map(|change| view! { <a class="govuk-link" href=change>"Change"<span class="govuk-visually-hidden">": "{of_change}</span></a> })}
            <form action="/api/genogram/remove" method="post">
                <input type="hidden" name="family" value=family.to_string()/>
                <input type="hidden" name="what" value=what/>
                <input type="hidden" name="id" value=id/>
                <input type="hidden" name="removed" value="yes"/>
                <button type="submit" class="cr-link-button">"Remove"<span class="govuk-visually-hidden">": "{of_remove}</span></button>
            </form>
        </li>
    }
}
