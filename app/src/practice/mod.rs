//! The practice on the meeting's page, as HTML from the server: each part a function of one family's part of a meeting.
//! With scripts `parts.js` puts it in its place and its forms are sent like all others; without, they post.

mod before;
mod bring_in;
mod conversation;
mod decide;
mod options;
mod read_back;
mod risk;
mod round;
mod scales;
mod turn;
mod wall;

use domain::viewer::Viewer;
use domain::{MeetingId, SlotId};
use leptos::prelude::*;
use service::meeting::DiscussionPage;
use service::{Service, ServiceError};

use crate::live::part::Parts;

/// The parts a page may have places for, in no order.
const ALL: [&str; 18] = [
    "seen",
    "before",
    "rest",
    "last-time",
    "workbook",
    "risk",
    "turn",
    "missing",
    "tags",
    "bring-in",
    "round",
    "scales",
    "options",
    "follows",
    "contingency",
    "conversation",
    "read-back",
    "wall",
];

/// Some parts as HTML for a viewer, each in a `<template>` that names it, so that a page asks once for all it shows.
///
/// # Errors
/// [`ServiceError::NotFound`] where they may not read that family's part of the meeting, or none of these is a part.
pub async fn some(
    service: &Service, viewer: &Viewer, meeting: MeetingId, slot: SlotId, names: &str,
) -> Result<String, ServiceError> {
    let page = service.discussion(service.meeting_reader(viewer, meeting).await?, slot).await?;
    let known = ALL.into_iter().filter(|known| names.split(',').any(|name| name == *known));
    let told: String =
        known.map(|name| format!("<template data-name=\"{name}\">{}</template>", html(&page, name))).collect();
    if told.is_empty() { Err(ServiceError::NotFound) } else { Ok(told) }
}

/// All parts of a slot, for the page that is rendered with them.
///
/// # Errors
/// Where the database does not answer.
pub async fn parts(
    service: &Service, viewer: &Viewer, meeting: MeetingId, slot: SlotId,
) -> Result<Parts, ServiceError> {
    let page = match service.discussion(service.meeting_reader(viewer, meeting).await?, slot).await {
        Ok(page) => page,
        Err(ServiceError::NotFound) => return Ok(Parts::default()),
        Err(error) => return Err(error),
    };
    // The wall's own part is asked for by the wall.
    let shown = ALL.into_iter().filter(|name| *name != "wall");
    Ok(Parts(shown.map(|name| ((slot, name.to_owned()), html(&page, name))).collect()))
}

fn html(page: &DiscussionPage, name: &str) -> String {
    let view = match name {
        "last-time" => before::last_time(page).into_any(),
        "seen" => before::seen(page).into_any(),
        "before" => before::before(page).into_any(),
        "rest" => before::rest(page).into_any(),
        "workbook" => before::workbook(page).into_any(),
        "risk" => risk::risk(page).into_any(),
        "turn" => turn::turn(page).into_any(),
        "missing" => turn::missing(page).into_any(),
        "tags" => turn::tags(page).into_any(),
        "bring-in" => bring_in::bring_in(page).into_any(),
        "round" => round::round(page).into_any(),
        "scales" => scales::scales(page).into_any(),
        "options" => options::options(page).into_any(),
        "contingency" => options::contingency(page).into_any(),
        "conversation" => conversation::conversations(page).into_any(),
        "read-back" => read_back::read_back(page).into_any(),
        "wall" => wall::wall(page).into_any(),
        "follows" => decide::follows(page).into_any(),
        _ => ().into_any(),
    };
    // Of its own, so that it reads the same wherever it is made.
    Owner::new().with(|| view.to_html())
}

/// A form for one act of the practice. `reset` empties it once applied.
fn act(page: &DiscussionPage, part: &str, act: &'static str, reset: bool, inner: AnyView) -> impl IntoView + use<> {
    let (meeting, slot) = (page.room.id.to_string(), page.slot.id.to_string());
    // Moves with the meeting: pressed twice it is one act, pressed again later another.
    let seed = page.seq.to_string();
    view! {
        <form class="cr-act" method="post" action="/api/meeting/act" data-key=format!("part-{part}") data-reset=reset.then_some("yes") data-urgent=(act == "raise_risk").then_some("yes")>
            <input type="hidden" name="form[meeting]" value=meeting/>
            <input type="hidden" name="form[command]" value=seed/>
            <input type="hidden" name="form[act]" value=act/>
            <input type="hidden" name="form[slot]" value=slot/>
            {inner}
        </form>
    }
}

/// Before several buttons that each say something else: Enter in a field of theirs presses none of them. A browser
/// presses the first button of a form, and this one cannot be pressed.
pub fn no_choice_by_enter() -> AnyView {
    view! { <button type="submit" disabled hidden></button> }.into_any()
}

fn hidden(name: &'static str, value: impl ToString) -> AnyView {
    view! { <input type="hidden" name=format!("form[{name}]") value=value.to_string()/> }.into_any()
}

/// The question, quietly, where a part is there and nothing was done of it.
fn nothing(words: &'static str) -> impl IntoView {
    view! { <p class="govuk-body-s cr-quiet">{words}</p> }
}
