//! What happened to the children of a family.

use chrono::Datelike;
use domain::case_note::{CaseNoteContent, LONGEST_CASE_NOTE};
use domain::page::FamilyCard;
use domain::page::chronology::{ChronologyEntry, ChronologyKind};
use domain::policy::FamilyReader;
use domain::status::AccessKind;
use domain::wording::capital;
use domain::{CaseNoteId, FamilyId, PersonId, dates};
use leptos::prelude::*;
use service::{Service, ServiceError};
use std::collections::BTreeSet;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::parts::form::{Draft, TextField, error_summary};
use crate::parts::text_area::TextArea;
use crate::visit::{self, Visit};

/// What of a chronology is asked for.
struct ChronologyChoice {
    child: Option<PersonId>,
    /// A word of [`ChronologyKind`], or [`EVERYTHING`]; significant events where it is none.
    kind: Option<String>,
}

/// Contacts and assessments too.
const EVERYTHING: &str = "all";

impl ChronologyChoice {
    fn now() -> Self {
        Self {
            child: visit::query("child").and_then(|child| child.parse().ok()),
            kind: visit::query("kind").filter(|kind| !kind.is_empty()),
        }
    }

    fn has(&self, entry: &ChronologyEntry) -> bool {
        let of_child = self.child.is_none_or(|child| entry.children.contains(&child));
        let of_kind = match self.kind.as_deref() {
            None => entry.kind.is_significant(),
            Some(EVERYTHING) => true,
            Some(kind) => entry.kind.word() == kind,
        };
        of_child && of_kind
    }
}

/// `/families/:id/chronology`.
pub fn show() -> impl IntoView {
    let id: Option<FamilyId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let reader = visit.looks_at_family(id, AccessKind::Family).await?;
        let (card, entries) = visit.service.chronology(reader).await?;
        let writes = Service::writes_workbook(reader);
        let draft = visit::draft().await.unwrap_or_default();
        if let Some(begun) = begun(&visit, reader).await? {
            let title = format!("Chronology of family {}", card.reference);
            let content = view! {
                {error_summary(&draft)}
                {back(format!("/families/{id}/chronology"), "Chronology")}
                {family_bar(&card)}
                {form(&card, &begun, &draft)}
            };
            return Ok((title, content.into_any()));
        }
        let choice = ChronologyChoice::now();
        let kinds: BTreeSet<ChronologyKind> = entries.iter().map(|entry| entry.kind).collect();
        let shown: Vec<ChronologyEntry> = entries.iter().filter(|entry| choice.has(entry)).cloned().collect();
        let left_out = entries.len() - shown.len();
        let title = format!("Chronology of family {}", card.reference);
        let content = view! {
            {back(format!("/families/{id}"), format!("Family {}", card.reference))}
            {family_bar(&card)}
            <h1 class="govuk-heading-l">"Chronology"</h1>
            {writes.then(|| view! { <p class="govuk-body"><a class="govuk-link" href=format!("/families/{id}/chronology?write=new")>"Write down what happened"</a></p> })}
            {(!entries.is_empty()).then(|| view! {
                {choices(&card, &kinds, &choice)}
                <p class="govuk-body" role="status">{counted(shown.len(), left_out)}</p>
            })}
            {entries.is_empty().then(|| view! { <p class="govuk-body">"Nothing has come from the case system yet, and no group supervision is recorded here."</p> })}
            {years(&shown).into_iter().map(|(year, lines)| view! {
                <section aria-labelledby=format!("year-{year}")>
                    <h2 class="govuk-heading-m" id=format!("year-{year}")>{year}</h2>
                    <ol class="cr-chronology" role="list">{lines.into_iter().map(|line| entry(line, &card, writes)).collect_view()}</ol>
                </section>
            }).collect_view()}
        };
        Ok((title, content.into_any()))
    })
}

/// What a form starts from.
struct CaseNoteBegun {
    id: CaseNoteId,
    /// The revision it rests on; 0 for a new one.
    base: i64,
    content: CaseNoteContent,
}

/// The note that the address names, or a new one; none where it asks for no form.
async fn begun(visit: &Visit, reader: FamilyReader<'_>) -> Result<Option<CaseNoteBegun>, ServiceError> {
    let (change, new) = (visit::query("change"), visit::query("write"));
    if (change.is_some() || new.is_some()) && !Service::writes_workbook(reader) {
        return Err(ServiceError::NotFound);
    }
    if let Some(id) = change {
        let note = visit.service.case_note(reader, visit::id(&id)?).await?;
        return Ok(Some(CaseNoteBegun { id: note.id, base: note.revision, content: note.content }));
    }
    let content = CaseNoteContent { significant: true, ..CaseNoteContent::default() };
    Ok(new.map(|_| CaseNoteBegun { id: CaseNoteId::new(visit.service.new_uuid()), base: 0, content }))
}

fn form(card: &FamilyCard, note: &CaseNoteBegun, draft: &Draft) -> impl IntoView + use<> {
    let (family, content) = (card.id, &note.content);
    let old = (note.base > 0).then_some(note.id);
    let stands = content.children.iter().map(PersonId::to_string).collect::<Vec<_>>().join(" ");
    let chosen = draft.value("children", &stands);
    let children = card.children.iter().enumerate().map(|(at, child)| {
        let (value, name, field) = (child.id.to_string(), child.name.clone(), format!("child-{at}"));
        let checked = chosen.split_whitespace().any(|chosen| chosen == value);
        view! { <p class="govuk-body cr-tick"><label for=field.clone()><input type="checkbox" id=field.clone() name=format!("children[{at}]") value=value checked=checked/>" "{name}</label></p> }
    });
    let children: Vec<_> = children.collect();
    let of_children = draft.error("children");
    let error = draft.error("text");
    let invalid = error.is_some().then_some("true");
    let significant = draft.value("significant", if content.significant { "yes" } else { "no" }) == "yes";
    view! {
        <h1 class="govuk-heading-l">{if old.is_some() { "Change what happened" } else { "Write down what happened" }}</h1>
        <form action="/api/case-note/write" method="post" class="cr-narrow">
            <input type="hidden" name="family" value=family.to_string()/>
            <input type="hidden" name="id" value=draft.value("id", &note.id.to_string())/>
            <input type="hidden" name="base" value=draft.value("base", &note.base.to_string())/>
            <TextField name="happened" label="The day" hint="Like 8/11/2026" value=draft.value("happened", &content.on.map(dates::typed).unwrap_or_default()) error=draft.error("happened")/>
            <div class="govuk-form-group">
                <label class="govuk-label" for="text">"What happened"</label>
                <div class="govuk-hint" id="text-hint">{format!("What was seen or told, in a few words, and who told it. Up to {LONGEST_CASE_NOTE} characters. What you think of it belongs in your chapter.")}</div>
                {error.map(|error| view! { <p class="govuk-error-message" id="text-error"><span class="govuk-visually-hidden">"Error: "</span>{error}</p> })}
                <TextArea id="text" name="text" rows=4 value=draft.value("text", &content.text) attr:aria-invalid=invalid attr:aria-describedby="text-hint text-error"/>
            </div>
            <fieldset class="govuk-fieldset govuk-form-group" id="children" aria-describedby="children-error">
                <legend class="govuk-fieldset__legend">"Which children it is about"</legend>
                {of_children.map(|error| view! { <p class="govuk-error-message" id="children-error"><span class="govuk-visually-hidden">"Error: "</span>{error}</p> })}
                {children}
            </fieldset>
            <p class="govuk-body cr-tick"><label for="significant"><input type="checkbox" id="significant" name="significant" value="yes" checked=significant/>" It is significant: show it without being asked for"</label></p>
            <div class="govuk-button-group">
                <button type="submit" class="govuk-button">"Save"</button>
                <a class="govuk-link" href=format!("/families/{family}/chronology")>"Do not save"</a>
            </div>
        </form>
        {old.map(|id| view! {
            <form action="/api/case-note/remove" method="post">
                <input type="hidden" name="family" value=family.to_string()/>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="removed" value="yes"/>
                <button type="submit" class="cr-link-button">"Take it out of the chronology"</button>
            </form>
        })}
    }
}

fn counted(shown: usize, left_out: usize) -> String {
    let shown = if shown == 1 { "1 entry".to_owned() } else { format!("{shown} entries") };
    if left_out == 0 { format!("{shown}.") } else { format!("{shown}; {left_out} not shown.") }
}

fn choices(card: &FamilyCard, kinds: &BTreeSet<ChronologyKind>, choice: &ChronologyChoice) -> impl IntoView + use<> {
    let (child, kind) = (choice.child, choice.kind.clone());
    let children: Vec<(PersonId, String)> = card.children.iter().map(|child| (child.id, child.name.clone())).collect();
    let kinds: Vec<(&str, &str)> = kinds.iter().map(|kind| (kind.word(), kind.title())).collect();
    view! {
        <form method="get" class="cr-filter">
            <div class="govuk-form-group">
                <label class="govuk-label" for="child">"Child"</label>
                <select class="govuk-select" id="child" name="child">
                    <option value="">"All children"</option>
                    {children.into_iter().map(|(id, name)| view! { <option value=id.to_string() selected=child == Some(id)>{name}</option> }).collect_view()}
                </select>
            </div>
            <div class="govuk-form-group">
                <label class="govuk-label" for="kind">"What"</label>
                <select class="govuk-select" id="kind" name="kind">
                    <option value="">"Significant events"</option>
                    <option value=EVERYTHING selected=kind.as_deref() == Some(EVERYTHING)>"Everything"</option>
                    {kinds.into_iter().map(|(word, title)| { let chosen = kind.as_deref() == Some(word); view! { <option value=word selected=chosen>{title}</option> } }).collect_view()}
                </select>
            </div>
            <button type="submit" class="govuk-button govuk-button--secondary">"Show"</button>
        </form>
    }
}

/// Lines by their year, as they are ordered.
fn years(lines: &[ChronologyEntry]) -> Vec<(i32, Vec<ChronologyEntry>)> {
    let mut years: Vec<(i32, Vec<ChronologyEntry>)> = Vec::new();
    for line in lines {
        let year = line.day.year();
        match years.last_mut().filter(|(last, _)| *last == year) {
            Some((_, of_year)) => of_year.push(line.clone()),
            None => years.push((year, vec![line.clone()])),
        }
    }
    years
}

fn entry(line: ChronologyEntry, card: &FamilyCard, writes: bool) -> impl IntoView + use<> {
    let children = line.children.iter().map(|child| card.child_name(*child)).collect::<Vec<_>>();
    let whose = if children.len() > 1 && children.len() == card.children.len() {
        "all children".to_owned()
    } else {
        children.join(", ")
    };
    let until = line.until.map(|until| format!(", until {}", dates::plain_date(until)));
    let title = line.kind.title();
    let (family, words) = (card.id, dates::short_date(line.day));
    let change = line.note.filter(|_| writes);
    // What somebody typed keeps its lines.
    let between = if line.note.is_some() { "\n" } else { "; " };
    let details = capital(&line.details.join(between));
    view! {
        <li class="cr-chronology__line">
            <span class="cr-chronology__day">{dates::short_date(line.day)}</span>
            <span><strong>{match line.record {
                Some(record) => view! { <a class="govuk-link" href=format!("/records/{record}")>{title}</a> }.into_any(),
                None => title.into_any(),
            }}</strong>", "{whose}<span class="cr-quiet">{until}</span>{(!details.is_empty()).then(|| view! { <br/><span class="cr-plain">{details}</span> })}{change.map(|note| view! { " "<a class="govuk-link" href=format!("/families/{family}/chronology?change={note}")>"Change"<span class="govuk-visually-hidden">{format!(" what happened on {words}")}</span></a> })}</span>
        </li>
    }
}
