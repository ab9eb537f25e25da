//! The parts of a record as its page shows them, each with its way to ask for a correction.

use crate::parts::text_area::TextArea;
use chrono::{DateTime, Utc};
use domain::document::{Block, Section};
use domain::mark::{Mark, Own, Readers};
use domain::record::{Record, RecordPart};
use domain::{PersonId, WorkerId, dates};
use leptos::prelude::*;
use service::markdown::to_html;
use std::collections::BTreeMap;

/// "2 things missing": how much signing still asks for; `None` where it asks for nothing.
pub fn missing_words(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 thing missing".to_owned()),
        count => Some(format!("{count} things missing")),
    }
}

/// Sections of a document, from the second level on; `below` is what stands under the one with its heading.
pub(super) fn sections(sections: Vec<Section>, mut below: BTreeMap<String, Vec<AnyView>>) -> impl IntoView {
    let one = |section: Section| {
        let under = below.remove(&section.heading);
        let blocks = section.blocks.into_iter().map(block).collect_view();
        match section.level {
            2 => view! { <h2 class="govuk-heading-m">{section.heading}</h2>{blocks}{under} }.into_any(),
            _ => view! { <h3 class="govuk-heading-s">{section.heading}</h3>{blocks}{under} }.into_any(),
        }
    };
    sections.into_iter().map(one).collect_view()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Text(words) => view! { <p class="govuk-body">{words}</p> }.into_any(),
        Block::Strong(words) => {
            view! { <p class="govuk-body cr-decided"><strong>{words}</strong></p> }.into_any()
        }
        Block::Prose(words) => view! { <div class="cr-prose" inner_html=to_html(&words)></div> }.into_any(),
        Block::List(items) => view! {
            <ul class="govuk-list govuk-list--bullet">{items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view()}</ul>
        }
        .into_any(),
        Block::Table { caption, headings, rows } => view! {
            <table class="govuk-table cr-stacked">
                <caption class="govuk-visually-hidden">{caption}</caption>
                <thead class="govuk-table__head"><tr class="govuk-table__row">
                    {headings.iter().cloned().map(|heading| view! { <th scope="col" class="govuk-table__header">{heading}</th> }).collect_view()}
                </tr></thead>
                <tbody class="govuk-table__body">
                    {rows.into_iter().map(|row| view! {
                        <tr class="govuk-table__row">{row.into_iter().zip(headings.clone()).map(|(cell, heading)| view! { <td class="govuk-table__cell" data-label=heading>{cell}</td> }).collect_view()}</tr>
                    }).collect_view()}
                </tbody>
            </table>
        }
        .into_any(),
    }
}

/// Whom a part can be kept from, and who can be named to read it.
pub(super) struct Choices {
    /// The adults of the family.
    pub adults: Vec<(PersonId, String)>,
    /// Everybody who took part, by name.
    pub workers: Vec<(WorkerId, String)>,
    /// Who is looking.
    pub me: WorkerId,
    /// What the template asks whoever keeps a part from somebody or shares it again.
    pub question: String,
}

/// "Keep this from somebody", folded, below the part it is about. Whose words they are chooses too who reads them.
pub(super) fn marking(record: &Record, part: RecordPart, choices: &Choices, what: &str) -> impl IntoView + use<> {
    let mark = record.mark_of(part).cloned().unwrap_or_default();
    let own = !matches!(record.own(part, choices.me), None | Some(Own::No));
    // Whoever else marks it adds their reason to the one that stands there.
    let theirs = record.own(part, choices.me) != Some(Own::No);
    let reason = if theirs { mark.reason.clone() } else { String::new() };
    let id = place_of(part);
    let summary = summary_of(&mark, choices, what);
    let workers = choices.workers.iter().filter(|(worker, _)| *worker != choices.me).cloned().collect();
    let adults = choices.adults.clone();
    let hidden = mark.hidden_until_reveal;
    let record = record.id.to_string();
    let (why, question) = (format!("{id}-why"), choices.question.clone());
    view! {
        <details class="cr-fold" id=id.clone()>
            <summary>{summary}</summary>
            <div class="cr-fold__content">
                <form action="/api/record/mark" method="post">
                    <input type="hidden" name="record" value=record/>
                    <input type="hidden" name="part" value=part.word()/>
                    {if own { readers_to_choose(&id, &mark, workers).into_any() } else { readers_as_now(&mark).into_any() }}
                    <fieldset class="govuk-fieldset">
                        <legend class="govuk-fieldset__legend">"Never in a copy for whom? Whoever makes one is asked first, and nothing leaves by itself with it."</legend>
                        {adults.into_iter().enumerate().map(|(at, (person, name))| {
                            let field = format!("{id}-{person}");
                            let checked = mark.not_in_copies_for.contains(&person);
                            view! { <p class="govuk-body"><label for=field.clone()><input type="checkbox" id=field.clone() name=format!("people[{at}]") value=person.to_string() checked=checked/>" "{name}</label></p> }
                        }).collect_view()}
                    </fieldset>
                    <label class="govuk-label" for=why.clone()>{question}</label>
                    <input class="govuk-input" id=why name="reason" value=reason autocomplete="off"/>
                    {if own && hidden {
                        view! {
                            <button type="submit" class="cr-small-button">"Give these words to the record"</button>
                            <button type="submit" name="hidden" value="yes" class="cr-small-button">"Keep them mine alone"</button>
                        }.into_any()
                    } else {
                        view! { <button type="submit" class="cr-small-button">"Save"</button> }.into_any()
                    }}
                </form>
            </div>
        </details>
    }
}

/// Where on the page a part is restricted, while one corrects and restricts.
fn place_of(part: RecordPart) -> String {
    format!("mark-{}", part.word())
}

/// Whom a part is kept from, in words, for everybody who reads it; absent where it is kept from nobody. What was hidden and never revealed leads to where
/// its writer decides about it.
pub(super) fn kept(record: &Record, part: RecordPart, choices: &Choices, what: &str) -> Option<impl IntoView + use<>> {
    let mark = record.mark_of(part).filter(|mark| **mark != Mark::default())?;
    let summary = summary_of(mark, choices, what);
    if mark.hidden_until_reveal && record.signed() {
        return None;
    }
    Some(if mark.hidden_until_reveal {
        let there = format!("/records/{}?edit=yes#{}", record.id, place_of(part));
        view! { <p class="govuk-body"><a class="govuk-link" href=there>{summary}</a></p> }.into_any()
    } else {
        view! { <p class="govuk-body cr-quiet">{kept_in_words(mark, choices, what)}</p> }.into_any()
    })
}

fn summary_of(mark: &Mark, choices: &Choices, what: &str) -> String {
    let named = |people: Vec<&str>| people.join(" and ");
    let adults = choices.adults.iter().filter(|(id, _)| mark.not_in_copies_for.contains(id));
    let adults = named(adults.map(|(_, name)| name.as_str()).collect());
    let readers = match &mark.readers {
        Readers::Team => String::new(),
        Readers::Only { workers } => {
            let chosen = choices.workers.iter().filter(|(id, _)| workers.contains(id));
            format!("Only for {}", named(chosen.map(|(_, name)| name.as_str()).collect()))
        }
    };
    match (readers.is_empty(), adults.is_empty()) {
        _ if mark.hidden_until_reveal => format!("Hidden and not revealed: decide about {what}"),
        (true, true) => format!("Keep {what} from somebody"),
        (true, false) => format!("Kept from {adults}"),
        (false, true) => readers,
        (false, false) => format!("{readers}. Kept from {adults}"),
    }
}

/// Whom a part is kept from and why, or why it is shared again, for everybody who reads it.
fn kept_in_words(mark: &Mark, choices: &Choices, what: &str) -> String {
    let why = if mark.reason.is_empty() { String::new() } else { format!(". Why: {}", mark.reason) };
    if mark.is_open() {
        format!("Shared again: {what}{why}")
    } else {
        format!("{}: {what}{why}", summary_of(mark, choices, what))
    }
}

/// The team, or only some: whose words they are decides it.
fn readers_to_choose(id: &str, mark: &Mark, workers: Vec<(WorkerId, String)>) -> impl IntoView + use<> {
    let (team, only) = (format!("{id}-team"), format!("{id}-only"));
    let (all, named) = (mark.readers == Readers::Team, mark.named());
    let id = id.to_owned();
    view! {
        <fieldset class="govuk-fieldset">
            <legend class="govuk-fieldset__legend">"Who reads it?"</legend>
            <p class="govuk-body"><label for=team.clone()><input type="radio" id=team.clone() name="readers" value="team" checked=all/>" Everybody who may read the record"</label></p>
            <p class="govuk-body"><label for=only.clone()><input type="radio" id=only.clone() name="readers" value="only" checked=!all/>" Only I and those ticked here"</label></p>
            {workers.into_iter().enumerate().map(|(at, (worker, name))| {
                let field = format!("{id}-{worker}");
                let checked = named.contains(&worker);
                view! { <p class="govuk-body cr-indent"><label for=field.clone()><input type="checkbox" id=field.clone() name=format!("who[{at}]") value=worker.to_string() checked=checked/>" "{name}</label></p> }
            }).collect_view()}
        </fieldset>
    }
}

fn readers_as_now(mark: &Mark) -> impl IntoView + use<> {
    let workers = mark.named();
    view! {
        <input type="hidden" name="readers" value=if mark.readers == Readers::Team { "team" } else { "only" }/>
        {workers.into_iter().enumerate().map(|(at, worker)| view! { <input type="hidden" name=format!("who[{at}]") value=worker.to_string()/> }).collect_view()}
        {mark.hidden_until_reveal.then(|| view! { <input type="hidden" name="hidden" value="yes"/> })}
    }
}

/// "Ask for a correction", folded, below the part it is about; `text` is what stands there now.
pub(super) fn ask(record: domain::RecordId, part: RecordPart, text: &str, open: bool) -> impl IntoView + use<> {
    let id = format!("ask-{}", part.word());
    let label = match part {
        RecordPart::Attendance => "Who was there, when and how",
        RecordPart::Other => "What is wrong, and how it should be",
        _ => "How it should read",
    };
    let summary = match part {
        RecordPart::Addendum { .. } | RecordPart::Correction { .. } | RecordPart::Other => {
            "Say that something else is wrong".to_owned()
        }
        RecordPart::Attendance => "Correct who was there".to_owned(),
        RecordPart::Heard { .. } => "Correct my words".to_owned(),
        RecordPart::Stance { .. } => "Correct the reason of my stance".to_owned(),
        RecordPart::Why => "Ask for the reason to be corrected".to_owned(),
        RecordPart::Meaning | RecordPart::Life | RecordPart::Question => "Ask for this to be corrected".to_owned(),
        RecordPart::Step { .. }
        | RecordPart::Option { .. }
        | RecordPart::Contingency { .. }
        | RecordPart::Conversation { .. } => format!("Ask for \"{text}\" to be corrected"),
    };
    view! {
        <details class="cr-fold" open=open>
            <summary>{summary}</summary>
            <div class="cr-fold__content">
                <form action="/api/record/correct" method="post">
                    <input type="hidden" name="record" value=record.to_string()/>
                    <input type="hidden" name="part" value=part.word()/>
                    <label class="govuk-label" for=id.clone()>{label}</label>
                    <TextArea id=id name="text" rows=4 value=text/>
                    <button type="submit" class="cr-small-button">"Ask for this correction"</button>
                </form>
            </div>
        </details>
    }
}

/// Words that came after the meeting stand beside the record: who signs knows of them.
pub(super) fn came_late(late: Vec<(String, DateTime<Utc>)>, record: &Record) -> Option<impl IntoView + use<>> {
    let lines = late.into_iter().map(|(who, at)| {
        format!("{who} sent a late contribution on {}. ", dates::plain_date(dates::london(at).date()))
    });
    let lines: String = lines.collect();
    let href = format!("/meetings/{}/minutes", record.meeting);
    (!lines.is_empty()).then(|| {
        view! { <p class="govuk-body">{lines}"It is not in this record: it stands in "<a class="govuk-link" href=href>"the minutes"</a>" and on the family’s page."</p> }
    })
}
