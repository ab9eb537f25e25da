//! The parts of a record as its page shows them, each with its way to ask for a correction.

use crate::parts::text_area::TextArea;
use domain::document::{Block, Section};
use domain::meeting::Mark;
use domain::record::Place;
use leptos::prelude::*;
use service::markdown::to_html;
use std::collections::BTreeMap;

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
        Block::Strong(words) => view! { <p class="govuk-body"><strong>{words}</strong></p> }.into_any(),
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

/// "Keep this from somebody", folded, below the part it is about. `adults` are those of the family.
pub(super) fn keep_from(
    record: &domain::record::Record, place: Place, adults: &[(domain::PersonId, String)], what: &str,
) -> impl IntoView + use<> {
    let people = match record.mark_of(place) {
        Mark::NeverFor { people } => people,
        Mark::None | Mark::OnlyFor { .. } => Default::default(),
    };
    let names = adults.iter().filter(|(id, _)| people.contains(id)).map(|(_, name)| name.as_str());
    let names = names.collect::<Vec<_>>().join(" and ");
    let summary = if names.is_empty() { format!("Keep {what} from somebody") } else { format!("Kept from {names}") };
    let id = format!("keep-{}", place.word());
    let record = record.id.to_string();
    let adults = adults.to_vec();
    view! {
        <details class="cr-fold" id=id.clone()>
            <summary>{summary}</summary>
            <div class="cr-fold__content">
                <form action="/api/record/keep-from" method="post">
                    <input type="hidden" name="record" value=record/>
                    <input type="hidden" name="place" value=place.word()/>
                    <fieldset class="govuk-fieldset">
                        <legend class="govuk-fieldset__legend">"Never in a copy for whom? Whoever makes one is asked first, and nothing leaves by itself with it."</legend>
                        {adults.into_iter().enumerate().map(|(at, (person, name))| {
                            let field = format!("{id}-{person}");
                            let checked = people.contains(&person);
                            view! { <p class="govuk-body"><label for=field.clone()><input type="checkbox" id=field.clone() name=format!("people[{at}]") value=person.to_string() checked=checked/>" "{name}</label></p> }
                        }).collect_view()}
                    </fieldset>
                    <button type="submit" class="cr-small-button">"Save"</button>
                </form>
            </div>
        </details>
    }
}

/// "Ask for a correction", folded, below the part it is about; `text` is what stands there now.
pub(super) fn ask(record: domain::RecordId, place: Place, text: &str, open: bool) -> impl IntoView + use<> {
    let id = format!("ask-{}", place.word());
    let label = match place {
        Place::Other => "What is wrong, and how it should be",
        _ => "How it should read",
    };
    let summary = match place {
        Place::Addendum { .. } | Place::Other => "Ask for something else to be corrected".to_owned(),
        Place::Heard { .. } => "Correct my words".to_owned(),
        Place::Stance { .. } => "Correct the reason of my stance".to_owned(),
        Place::Why => "Ask for the reason to be corrected".to_owned(),
        Place::Meaning | Place::Life => "Ask for this to be corrected".to_owned(),
        Place::Step { .. } => format!("Ask for \"{text}\" to be corrected"),
    };
    view! {
        <details class="cr-fold" open=open>
            <summary>{summary}</summary>
            <div class="cr-fold__content">
                <form action="/api/record/correct" method="post">
                    <input type="hidden" name="record" value=record.to_string()/>
                    <input type="hidden" name="place" value=place.word()/>
                    <label class="govuk-label" for=id.clone()>{label}</label>
                    <TextArea id=id name="text" rows=4 value=text/>
                    <button type="submit" class="cr-small-button">"Ask for this correction"</button>
                </form>
            </div>
        </details>
    }
}
