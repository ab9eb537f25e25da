//! The field's words, for whoever is new to the room. One line each, in our own words; nothing here blames anybody.

use leptos::prelude::*;

use crate::pages::page;
use crate::visit;

/// Words and what they mean, in the order of the alphabet.
const WORDS: [(&str, &str); 38] = [
    ("Ambivalence", "Wanting to change and not wanting to, both at once. It is where most people are."),
    ("Carried on", "A step that goes on to next month. Three times is a sign to look at the step, not at its owner."),
    ("Change talk", "A parent’s own words for changing. Sustain talk: their words for leaving things as they are."),
    ("Child in need", "Help by agreement, under section 17 of the Children Act 1989."),
    ("Child protection plan", "The agencies’ plan after a conference, reviewed at conferences."),
    ("Core group", "The people who carry a child protection plan between conferences."),
    ("DASH", "A checklist for risk in domestic abuse. The record points to it and never copies it."),
    ("Decided here, recommended to", "The meeting decides some things itself and recommends others to those who can."),
    (
        "Dissent",
        "Somebody thinks otherwise. It stands beside the decision in their own words, and can be taken further.",
    ),
    ("Drift and delay", "Time passes and the child’s life does not get better."),
    ("Escalation", "The way a dissent takes, from one person to the next, each with a day to answer by."),
    ("Family Safeguarding", "Adults’ specialists and children’s social workers in one team, for the whole family."),
    ("Group case supervision", "The monthly meeting of everybody who works with a family."),
    ("ICPC", "Initial child protection conference."),
    ("Legal planning meeting", "Lawyers and managers decide whether pre-proceedings or court follow."),
    ("Lived experience", "What a day is like for this child."),
    ("Looked after", "A child whom the council cares for."),
    ("MAPPA", "How agencies manage people who may be dangerous."),
    ("MARAC", "The meeting about domestic abuse with high risk."),
    ("Monthly summary", "A worker’s digest of the month, written before the meeting."),
    (
        "Motivational Interviewing",
        "A way of talking about change: engage, focus, evoke, plan. The reasons are the parent’s own.",
    ),
    ("Pre-proceedings", "The last formal stage before court, also called PLO."),
    ("Protective factor", "What makes harm less likely."),
    ("Rationale", "Why this decision and not another."),
    ("Read back", "The chair reads decisions and steps aloud, and then confirms what was read."),
    (
        "Scale",
        "A number to open talk. It is sealed until the chair shows all of them, and no number goes into the record.",
    ),
    ("Sealed", "Hidden from everybody but its giver until the chair reveals it. Not: private for ever."),
    ("Section 47", "The enquiry where significant harm is suspected."),
    ("Seen alone", "A child was met without their carers."),
    (
        "Signed",
        "The accountable manager’s signature. After it the record never changes; what comes later is added below.",
    ),
    (
        "Stand out",
        "Somebody leaves a family’s discussion for a conflict of interest. The record says that, and not why.",
    ),
    ("Step", "Who does what by when. It stays open until somebody says what became of it."),
    ("Step up, step down", "A higher or a lower level of help."),
    ("Strategy discussion", "Agencies decide whether to enquire under section 47, and how."),
    ("Subject access request", "Somebody asks for what is held about them."),
    ("Third-party information", "What is about, or from, somebody other than whoever asks."),
    ("Voice of the child", "What the child says or shows, recorded as such."),
    ("Workbook", "The family’s shared record, kept by all who work with it."),
];

/// `/words`.
pub fn words() -> impl IntoView {
    page(|| async {
        visit::visit()?;
        let content = view! {
            <h1 class="govuk-heading-l">"Words"</h1>
            <dl class="cr-words">
                {WORDS.into_iter().map(|(word, meaning)| view! { <div><dt>{word}</dt><dd>{meaning}</dd></div> }).collect_view()}
            </dl>
        };
        Ok(("Words".to_owned(), content))
    })
}
