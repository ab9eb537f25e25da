//! What happened to the children of a family.

use chrono::Datelike;
use domain::page::FamilyCard;
use domain::page::chronology::{ChronologyEntry, ChronologyKind};
use domain::status::AccessKind;
use domain::wording::capital;
use domain::{FamilyId, PersonId, dates};
use leptos::prelude::*;
use service::ServiceError;
use std::collections::BTreeSet;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar;
use crate::visit;

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
        let choice = ChronologyChoice::now();
        let kinds: BTreeSet<ChronologyKind> = entries.iter().map(|entry| entry.kind).collect();
        let shown: Vec<ChronologyEntry> = entries.iter().filter(|entry| choice.has(entry)).cloned().collect();
        let left_out = entries.len() - shown.len();
        let title = format!("Chronology of family {}", card.reference);
        let content = view! {
            {back(format!("/families/{id}"), format!("Family {}", card.reference))}
            {family_bar(&card)}
            <h1 class="govuk-heading-l">"Chronology"</h1>
            {(!entries.is_empty()).then(|| view! {
                {choices(&card, &kinds, &choice)}
                <p class="govuk-body" role="status">{counted(shown.len(), left_out)}</p>
            })}
            {entries.is_empty().then(|| view! { <p class="govuk-body">"Nothing has come from the case system yet, and no group supervision is recorded here."</p> })}
            {years(&shown).into_iter().map(|(year, lines)| view! {
                <section aria-labelledby=format!("year-{year}")>
                    <h2 class="govuk-heading-m" id=format!("year-{year}")>{year}</h2>
                    <ol class="cr-chronology" role="list">{lines.into_iter().map(|line| entry(line, &card)).collect_view()}</ol>
                </section>
            }).collect_view()}
        };
        Ok((title, content))
    })
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

fn entry(line: ChronologyEntry, card: &FamilyCard) -> impl IntoView + use<> {
    let children = line.children.iter().map(|child| card.child_name(*child)).collect::<Vec<_>>();
    let whose = if children.len() > 1 && children.len() == card.children.len() {
        "all children".to_owned()
    } else {
        children.join(", ")
    };
    let until = line.until.map(|until| format!(", until {}", dates::plain_date(until)));
    let title = line.kind.title();
    let details = capital(&line.details.join("; "));
    view! {
        <li class="cr-chronology__line">
            <span class="cr-chronology__day">{dates::short_date(line.day)}</span>
            <span><strong>{match line.record {
                Some(record) => view! { <a class="govuk-link" href=format!("/records/{record}")>{title}</a> }.into_any(),
                None => title.into_any(),
            }}</strong>", "{whose}<span class="cr-quiet">{until}</span>{(!details.is_empty()).then(|| view! { <br/>{details} })}</span>
        </li>
    }
}
