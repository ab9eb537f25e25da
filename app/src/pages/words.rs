//! The field's words, for whoever is new to the room. One line each, in our own words; nothing here blames anybody.

use leptos::prelude::*;

use crate::pages::page;
use crate::parts::back::back;
use crate::visit;

/// Words and what they mean.
const WORDS: [(&str, &str); 52] = [
    ("Addition", "What is added to a record after it was signed; the record itself stays as it was."),
    ("Postponed", "A family is left for another day: what was heard is kept, nothing is decided, it stays due."),
    ("Allocated", "Somebody who works with this family, as the council’s case system has it."),
    ("Ambivalence", "Wanting to change and not wanting to, both at once. It is where most people are."),
    ("Carried on", "A step that goes on to next month. Three times is a sign to look at the step, not at its owner."),
    ("Change talk", "A parent’s own words for changing. Sustain talk: their words for leaving things as they are."),
    (
        "Chapter",
        "What one worker writes in a family’s workbook: the monthly summary, and texts about each child and each adult.",
    ),
    (
        "Child in need (CIN)",
        "A child who needs services under section 17 of the Children Act 1989; help is by agreement.",
    ),
    ("Child protection plan", "The agencies’ plan after a conference, reviewed at conferences."),
    ("Core group", "Parents and professionals who carry out a child protection plan between conferences."),
    (
        "Danger statement, safety goal",
        "Signs of Safety: what we fear will happen to the child if nothing changes, and what would show that it will not.",
    ),
    ("DASH", "Domestic abuse, stalking and harassment checklist. The record points to it and never copies it."),
    ("Decided here, recommended to", "The meeting decides some things itself and recommends others to those who can."),
    (
        "Dissent",
        "Somebody thinks otherwise. It stands beside the decision in their own words, and can be taken further.",
    ),
    ("Drift and delay", "Time passes and the child’s life does not get better."),
    ("Early help", "Help without a social worker, by agreement."),
    ("Escalation", "The way a dissent takes, from one person to the next, each with a day to answer by."),
    ("Family Safeguarding", "Adults’ specialists and children’s social workers in one team, for the whole family."),
    ("Group case supervision", "The monthly meeting of everybody who works with a family."),
    (
        "ICPC",
        "Initial child protection conference: family and agencies decide whether a child needs a child protection plan.",
    ),
    (
        "Late contribution",
        "Words that came after a family was finished. Their writer files them, and they stand beside the record.",
    ),
    ("Legal hold", "Nothing of a family is destroyed or reduced while it stands: proceedings, an inquiry."),
    ("Legal planning meeting", "Lawyers and managers decide whether pre-proceedings or court follow."),
    ("Lived experience", "What a day is like for this child."),
    ("Looked after", "A child whom the council cares for."),
    (
        "MAPPA",
        "Multi-agency public protection arrangements: police, probation and prisons manage the risk from people convicted of violent or sexual offences.",
    ),
    (
        "MARAC",
        "Multi-agency risk assessment conference: agencies plan safety for those at highest risk from domestic abuse. Whoever causes the harm is not told.",
    ),
    ("Monthly summary", "A worker’s digest of the month, written before the meeting."),
    (
        "Motivational Interviewing",
        "A way of talking about change: engage, focus, evoke, plan. The reasons are the parent’s own.",
    ),
    ("Pre-proceedings", "The stage before care proceedings, under the Public Law Outline (PLO)."),
    ("Protective factor", "What makes harm less likely."),
    ("Rationale", "Why this decision and not another."),
    ("Read back", "The chair reads decisions and steps aloud, and then confirms what was read."),
    ("Record-taker", "Whoever writes while the others think; also called minute-taker."),
    ("Reservations", "Agreeing, with something that must be heard."),
    ("Review conference (RCPC)", "Where a child protection plan is looked at again, and ends or goes on."),
    ("Running note", "The record-taker’s own lines while people speak, filed into the speakers’ boxes afterwards."),
    (
        "Scale",
        "A number to open talk. It is hidden until the chair shows all of them. No worker’s number goes into the record; a parent’s own may, with their words.",
    ),
    (
        "Hidden",
        "Hidden from everybody but its giver until the chair reveals it; then everybody in the discussion sees it. It is not private for ever.",
    ),
    ("Section 47", "The enquiry where significant harm is suspected."),
    ("Seen alone", "A child was met without their carers."),
    (
        "Signed",
        "The accountable manager’s signature. After it the record never changes; what comes later is added below.",
    ),
    ("Stance", "Where somebody stands on a decision: agree, agree with reservations, disagree."),
    ("Step", "Who does what by when. It stays open until somebody says what became of it."),
    (
        "Step out",
        "Somebody leaves a family’s discussion for a conflict of interest. The record says that, and not why.",
    ),
    ("Step up, step down", "A higher or a lower level of help."),
    ("Strategy discussion", "Agencies decide whether to enquire under section 47, and how."),
    ("Subject access request", "Somebody asks for what is held about them."),
    ("Third-party information", "What is about, or from, somebody other than whoever asks."),
    ("Victim-survivor", "Whoever is subjected to domestic abuse."),
    ("Voice of the child", "What the child says or shows, recorded as such."),
    ("Workbook", "The family’s shared record, kept by all who work with it."),
];

/// `/words`.
pub fn words() -> impl IntoView {
    page(|| async {
        visit::visit()?;
        let mut words = WORDS;
        words.sort_by_key(|(word, _)| word.to_lowercase());
        let content = view! {
            {back("/help", "Help")}
            <h1 class="govuk-heading-l">"Words"</h1>
            <dl class="cr-words">
                {words.into_iter().map(|(word, meaning)| view! { <div><dt>{word}</dt><dd>{meaning}</dd></div> }).collect_view()}
            </dl>
        };
        Ok(("Words".to_owned(), content))
    })
}
