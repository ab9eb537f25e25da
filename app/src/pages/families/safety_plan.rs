//! A family's safety plan: read by whoever needs it, also at night; written part by part.

use domain::page::FamilyCard;
use domain::page::safety_plan::SafetyPlanCard;
use domain::safety_plan::{FamilyMeetingState, Helper, IfThen, SafetyPlan, WrittenSafetyPlan};
use domain::status::AccessKind;
use domain::wording::capital;
use domain::{FamilyId, dates};
use leptos::prelude::*;
use service::{Service, ServiceError};

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::parts::form::{Draft, SelectField, TextField, error_summary};
use crate::parts::safety_plan::safety_plan;
use crate::parts::text_area::TextArea;
use crate::visit::{self, Visit};

/// Empty lines that a form of a list ends with.
const EMPTY_LINES: usize = 2;

/// `/families/:id/safety-plan`.
pub fn show() -> impl IntoView {
    let id: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let reader = visit.looks_at_family(id, AccessKind::Family).await?;
        let (card, written) = visit.service.safety_plan(reader).await?;
        let draft = visit::draft().await.unwrap_or_default();
        let writes = Service::writes_workbook(reader);
        let writing = writes && visit::query("write").is_some();
        let title = format!("Safety plan of family {}", card.reference);
        let meeting = &visit.service.rules().workbook.family_meeting;
        let content = view! {
            {error_summary(&draft)}
            {back(format!("/families/{id}"), format!("Family {}", card.reference))}
            {family_bar(&card)}
            <h1 class="govuk-heading-l">"Safety plan"</h1>
            {if writing {
                form(&visit, &card, written.as_ref(), &draft).into_any()
            } else {
                view! {
                    {match &written {
                        Some(written) => safety_plan(&SafetyPlanCard::of(written, meeting), "").into_any(),
                        None => view! { <p class="govuk-body">"Nobody has written one yet."</p> }.into_any(),
                    }}
                    {writes.then(|| view! { <a class="govuk-button" role="button" href=format!("/families/{id}/safety-plan?write=yes")>{if written.is_some() { "Change the safety plan" } else { "Write the safety plan" }}</a> })}
                }.into_any()
            }}
        };
        Ok((title, content))
    })
}

fn form(visit: &Visit, card: &FamilyCard, written: Option<&WrittenSafetyPlan>, draft: &Draft) -> impl IntoView + use<> {
    let id = card.id;
    let plan = written.map(|written| written.plan.clone()).unwrap_or_default();
    let revision = written.map_or(0, |written| written.revision);
    view! {
        <p class="govuk-body">"Everybody who works with this family reads this, and whoever must act at night. Short lines."</p>
        <form action="/api/safety-plan/write" method="post" class="cr-safety-form">
            <input type="hidden" name="family" value=id.to_string()/>
            <input type="hidden" name="seen" value=revision.to_string()/>
            <input type="hidden" name="base" value=draft.value("base", &revision.to_string())/>
            {contact(card, &plan, draft)}
            {text("worries", "What worries us, for each child", &plan.worries, draft)}
            {text("helps", "What helps: what keeps each child safe and well", &plan.helps, draft)}
            {if_then(&plan.if_then, draft)}
            {network(&plan.network, draft)}
            {family_meeting(visit, &plan, draft)}
            <div class="govuk-button-group">
                <button type="submit" class="govuk-button">"Save the safety plan"</button>
                <a class="govuk-link" href=format!("/families/{id}/safety-plan")>"Do not save"</a>
            </div>
        </form>
    }
}

fn text(name: &'static str, label: &'static str, stands: &str, draft: &Draft) -> impl IntoView + use<> {
    let value = draft.value(name, stands);
    let error = draft.error(name);
    let invalid = error.is_some().then_some("true");
    let described = format!("{name}-error");
    view! {
        <div class="govuk-form-group">
            <label class="govuk-label" for=name>{label}</label>
            {error.map(|error| view! { <p class="govuk-error-message" id=described.clone()>{error}</p> })}
            <TextArea id=name name=name rows=4 value=value attr:aria-invalid=invalid attr:aria-describedby=described/>
        </div>
    }
}

/// How each adult is reached, and each child who may be old enough to be rung.
fn contact(card: &FamilyCard, plan: &SafetyPlan, draft: &Draft) -> impl IntoView + use<> {
    let people: Vec<_> =
        card.adults.iter().filter(|adult| !adult.has_died).map(|adult| (adult.id, adult.name.clone())).collect();
    let children = card.children.iter().filter(|child| !child.has_died).map(|child| (child.id, child.name.clone()));
    let people: Vec<_> = people.into_iter().chain(children).collect();
    let (draft, contact) = (draft.clone(), plan.contact.clone());
    view! {
        <fieldset class="govuk-fieldset govuk-form-group">
            <legend class="govuk-fieldset__legend">"When and how it is safe to reach them"</legend>
            <div class="govuk-hint">"Like: Tuesdays only, never by text. It stands at the top of every page about this family. No address."</div>
            {people.into_iter().enumerate().map(|(at, (person, name))| {
                let field = format!("contact-{person}");
                let value = draft.value(&field, contact.get(&person).map_or("", String::as_str));
                view! {
                    <input type="hidden" name=format!("person[{at}]") value=person.to_string()/>
                    {lines(&field, &format!("contact[{at}]"), &name, &value, draft.error(&field))}
                }
            }).collect_view()}
        </fieldset>
    }
}

fn if_then(lines: &[IfThen], draft: &Draft) -> impl IntoView + use<> {
    let lines = lines.iter().map(|line| [line.happens.clone(), line.then.clone()]).collect();
    view! {
        <fieldset class="govuk-fieldset govuk-form-group">
            <legend class="govuk-fieldset__legend">"If something happens, who does what"</legend>
            {pairs([("happens", "If"), ("then", "Then")], lines, draft)}
        </fieldset>
    }
}

fn network(lines: &[Helper], draft: &Draft) -> impl IntoView + use<> {
    let lines = lines.iter().map(|line| [line.name.clone(), line.does.clone()]).collect();
    view! {
        <fieldset class="govuk-fieldset govuk-form-group">
            <legend class="govuk-fieldset__legend">"Who of the family and its friends helps"</legend>
            {pairs([("helper", "Who"), ("does", "What they do")], lines, draft)}
        </fieldset>
    }
}

/// Lines of two fields each, with some empty ones behind them.
fn pairs(names: [(&'static str, &'static str); 2], stands: Vec<[String; 2]>, draft: &Draft) -> impl IntoView + use<> {
    let typed = (0..).take_while(|at| draft.fields.contains_key(&format!("{}-{at}", names[0].0))).count();
    let count = if typed > 0 { typed } else { stands.len() + EMPTY_LINES };
    let draft = draft.clone();
    let rows = (0..count).map(move |at| {
        let row = stands.get(at).cloned().unwrap_or_default();
        let [one, other] = [0, 1].map(|half| {
            let (name, label) = names[half];
            let field = format!("{name}-{at}");
            let value = draft.value(&field, &row[half]);
            lines(&field, &format!("{name}[{at}]"), &format!("{label} ({})", at + 1), &value, draft.error(&field))
        });
        view! { <div class="cr-pair">{one}{other}</div> }
    });
    rows.collect_view()
}

/// Two lines to type in, with their label.
fn lines(id: &str, name: &str, label: &str, value: &str, error: Option<String>) -> impl IntoView + use<> {
    let (id, name, label, value) = (id.to_owned(), name.to_owned(), label.to_owned(), value.to_owned());
    let error_id = format!("{id}-error");
    let invalid = error.is_some().then_some("true");
    view! {
        <div class="govuk-form-group">
            <label class="govuk-label" for=id.clone()>{label}</label>
            {error.map(|error| view! { <p class="govuk-error-message" id=error_id.clone()>{error}</p> })}
            <TextArea id=id name=name rows=2 value=value attr:aria-invalid=invalid attr:aria-describedby=error_id/>
        </div>
    }
}

fn family_meeting(visit: &Visit, plan: &SafetyPlan, draft: &Draft) -> impl IntoView + use<> {
    let words = &visit.service.rules().workbook;
    let (title, about) = (words.family_meeting.clone(), words.family_meeting_about.clone());
    let meeting = &plan.family_meeting;
    let states =
        FamilyMeetingState::ALL.iter().map(|state| (state.word().to_owned(), capital(state.title()))).collect();
    let day = draft.value("meeting-on", &meeting.on.map(dates::typed).unwrap_or_default());
    let error = draft.error("meeting");
    view! {
        <fieldset class="govuk-fieldset govuk-form-group">
            <legend class="govuk-fieldset__legend">{title}</legend>
            <div class="govuk-hint">{about}</div>
            {error.map(|error| view! { <p class="govuk-error-message" id="meeting">{error}</p> })}
            <SelectField name="state" label="How far it has come" options=states value=draft.value("state", meeting.state.word()) error=draft.error("state")/>
            {day_of_meeting(day, draft.error("meeting-on"))}
            <TextField name="why" label="A word why, or where" value=draft.value("why", &meeting.why) error=draft.error("why")/>
        </fieldset>
    }
}

fn day_of_meeting(day: String, error: Option<String>) -> impl IntoView {
    let invalid = error.is_some().then_some("true");
    view! {
        <div class="govuk-form-group">
            <label class="govuk-label" for="meeting-on">"The day of that"</label>
            <div class="govuk-hint" id="meeting-on-hint">"Like 8/11/2026"</div>
            {error.map(|error| view! { <p class="govuk-error-message" id="meeting-on-error">{error}</p> })}
            <input class="govuk-input govuk-input--width-10" id="meeting-on" name="on" value=day autocomplete="off" aria-invalid=invalid aria-describedby="meeting-on-hint meeting-on-error"/>
        </div>
    }
}
