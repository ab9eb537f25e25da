//! What signing asks for, with the way to say it beside; corrections and additions with their answers; the press
//! that signs.

use domain::policy::RecordReader;
use domain::record::{Addendum, Record, RecordPart, Unready, WishAnswer};
use domain::{RecordId, WorkerId, dates};
use leptos::prelude::*;
use service::markdown::to_html;

use crate::parts::form::Draft;
use crate::parts::text_area::TextArea;

/// What is still asked for, each with its form for those who can say it.
pub(super) fn before_signing(
    record: &Record, reader: RecordReader<'_>, me: WorkerId, kinds: Vec<(String, String)>, draft: &Draft,
) -> Option<impl IntoView + use<>> {
    let unready = record.unready();
    (!unready.is_empty()).then(|| {
        let items = unready.into_iter().map(|missing| {
            let words = missing.words();
            let form = form(record, &missing, reader, me, &kinds, draft);
            view! { <li><p class="govuk-body">{words}</p>{form}</li> }
        });
        view! {
            <section class="cr-unready" aria-labelledby="unready">
                <h2 class="govuk-heading-m" id="unready">"Before it can be signed"</h2>
                <ul class="govuk-list">{items.collect_view()}</ul>
            </section>
        }
    })
}

fn form(
    record: &Record, missing: &Unready, reader: RecordReader<'_>, me: WorkerId, kinds: &[(String, String)],
    draft: &Draft,
) -> Option<AnyView> {
    let id = record.id;
    match missing {
        Unready::Decision if reader.manager().is_some() => Some(decision(id, kinds, draft).into_any()),
        Unready::Why if reader.manager().is_some() => Some(why(id, draft).into_any()),
        Unready::Reason(who, _) if reader.keeper().is_some() || who.worker == me => {
            Some(reason(id, who.worker, &who.name, reader.keeper().is_some()).into_any())
        }
        Unready::Step { step, .. } if reader.keeper().is_some() => {
            let agreed = record.steps.iter().find(|agreed| agreed.step == *step)?;
            let people = record.attendance.iter().map(|present| (present.who.worker, present.who.in_words()));
            let mut people: Vec<(WorkerId, String)> = people.collect();
            for who in std::iter::once(&record.chair).chain(&record.record_taker) {
                if people.iter().all(|(worker, _)| *worker != who.worker) {
                    people.push((who.worker, who.in_words()));
                }
            }
            Some(step_form(id, agreed, people).into_any())
        }
        Unready::Attendance if reader.keeper().is_some() => Some(attendance(record).into_any()),
        Unready::Correction(correction) => Some(
            view! { <a class="govuk-link" href=format!("#correction-{correction}")>"To the correction"</a> }.into_any(),
        ),
        _ => None,
    }
}

/// One press for who was there; whoever was not is unticked first.
fn attendance(record: &Record) -> impl IntoView + use<> {
    let id = record.id;
    let people: Vec<(WorkerId, String)> =
        record.attendance.iter().map(|present| (present.who.worker, present.who.in_words())).collect();
    view! {
        <form action="/api/record/attendance" method="post" class="cr-fix" id=format!("attendance-{id}")>
            <input type="hidden" name="record" value=id.to_string()/>
            <fieldset class="cr-ticks"><legend>"Who was there? Untick whoever was not."</legend>
                {people.into_iter().enumerate().map(|(at, (worker, words))| view! {
                    <label><input type="checkbox" name=format!("present[{at}]") value=worker.to_string() checked=true/>" "{words}</label>
                }).collect_view()}
            </fieldset>
            <button type="submit" class="cr-small-button">"They were there"</button>
        </form>
    }
}

/// What nothing was written about: named before signing, which goes on without it.
pub(super) fn left_empty(record: &Record, reader: RecordReader<'_>, draft: &Draft) -> Option<impl IntoView + use<>> {
    let empty = record.left_empty();
    let (id, text) = (record.id, draft.value("meaning", ""));
    (!record.signed() && !empty.is_empty()).then(|| {
        view! {
            <section class="cr-unready" aria-labelledby="left-empty">
                <h2 class="govuk-heading-m" id="left-empty">"Left empty"</h2>
                <p class="govuk-body">{format!("{}. It can be signed like this.", empty.join("; "))}</p>
                {reader.keeper().is_some().then(|| view! {
                    <form action="/api/record/meaning" method="post" class="cr-fix">
                        <input type="hidden" name="record" value=id.to_string()/>
                        <label class="govuk-label" for="meaning">"What it means for this child"</label>
                        <TextArea id="meaning" name="text" rows=3 value=text/>
                        <button type="submit" class="cr-small-button">"Add this"</button>
                    </form>
                })}
            </section>
        }
    })
}

fn decision(id: RecordId, kinds: &[(String, String)], draft: &Draft) -> impl IntoView + use<> {
    let chosen = draft.value("kind", "");
    let kinds = kinds.to_vec();
    view! {
        <form action="/api/record/decide" method="post" class="cr-fix">
            <input type="hidden" name="record" value=id.to_string()/>
            <label class="govuk-label" for="kind">"What you decide for this child now"</label>
            <select class="govuk-select" id="kind" name="kind">
                <option value="">"Choose"</option>
                {kinds.into_iter().map(|(key, title)| { let selected = key == chosen; view! { <option value=key selected=selected>{title}</option> } }).collect_view()}
            </select>
            <label class="govuk-label" for=format!("why-{id}")>"Why"</label>
            <TextArea id=format!("why-{id}") name="why" rows=3 value=draft.value("why", "")/>
            <button type="submit" class="cr-small-button">"Record this decision"</button>
        </form>
    }
}

fn why(id: RecordId, draft: &Draft) -> impl IntoView + use<> {
    view! {
        <form action="/api/record/why" method="post" class="cr-fix">
            <input type="hidden" name="record" value=id.to_string()/>
            <label class="govuk-label" for=format!("why-{id}")>"The reason of the decision"</label>
            <TextArea id=format!("why-{id}") name="why" rows=3 value=draft.value("why", "")/>
            <button type="submit" class="cr-small-button">"Record this reason"</button>
        </form>
    }
}

fn reason(id: RecordId, worker: WorkerId, name: &str, keep: bool) -> impl IntoView + use<> {
    let field = format!("reason-{worker}");
    let label = format!("The reason in {name}’s words");
    view! {
        <form action="/api/record/reason" method="post" class="cr-fix">
            <input type="hidden" name="record" value=id.to_string()/>
            <input type="hidden" name="worker" value=worker.to_string()/>
            <label class="govuk-label" for=field.clone()>{label}</label>
            <TextArea id=field name="reason" rows=2 value=""/>
            <button type="submit" class="cr-small-button">"Record this reason"</button>
            // It ends the question for good: not beside the button that answers it.
            {keep.then(|| view! {
                <details class="cr-fold"><summary>"They gave no reason"</summary>
                    <div class="cr-fold__content">
                        <p class="govuk-body">{format!("The record then says that {name} gave no reason. {name} is not asked again.")}</p>
                        <button type="submit" name="none" value="yes" class="cr-small-button">{format!("Record that {name} gave no reason")}</button>
                    </div>
                </details>
            })}
        </form>
    }
}

fn step_form(id: RecordId, step: &domain::record::Agreed, people: Vec<(WorkerId, String)>) -> impl IntoView + use<> {
    let owner = step.owner.as_ref().map(|owner| owner.worker);
    let due = step.due.map(dates::typed).unwrap_or_default();
    let step = step.step;
    view! {
        <form action="/api/record/step" method="post" class="cr-fix" id=format!("step-{step}")>
            <input type="hidden" name="record" value=id.to_string()/>
            <input type="hidden" name="step" value=step.to_string()/>
            <label class="govuk-label" for=format!("owner-{step}")>"Who"</label>
            <select class="govuk-select" id=format!("owner-{step}") name="owner">
                <option value="">"Choose"</option>
                {people.into_iter().map(|(worker, words)| view! { <option value=worker.to_string() selected={Some(worker) == owner}>{words}</option> }).collect_view()}
            </select>
            <label class="govuk-label" for=format!("due-{step}")>"By when (day first)"</label>
            <input class="govuk-input govuk-input--width-10" id=format!("due-{step}") name="due" value=due/>
            <button type="submit" class="cr-small-button">"Save"</button>
        </form>
    }
}

/// What was asked to be corrected, and what became of it.
pub(super) fn corrections(record: &Record, reader: RecordReader<'_>) -> Option<impl IntoView + use<>> {
    let id = record.id;
    let open = !record.signed();
    (!record.life.corrections.is_empty()).then(|| view! {
        <section id="corrections" aria-labelledby="corrections-title">
            <h2 class="govuk-heading-m" id="corrections-title">"Corrections asked for"</h2>
            {record.life.corrections.iter().map(|correction| {
                let day = dates::plain_date(dates::london(correction.at).date());
                let ask = (reader.keeper().is_some() && open && correction.answer.is_none())
                    .then(|| {
                        // What names no part of the record can only be answered: taking it would change nothing.
                        let take = (correction.part != RecordPart::Other).then_some("Take it");
                        let leave = if take.is_some() { "Leave it as it is" } else { "Answer it" };
                        answer_form("/api/record/answer-correction", id, "correction", correction.id.to_string(), take, leave)
                    });
                view! {
                    <section class="cr-summary" id=format!("correction-{}", correction.id)>
                        <h3 class="govuk-heading-s">{correction.by.in_words()}": "{correction.part.title()}" "<span class="cr-quiet">{day}</span></h3>
                        {correction.answer.is_none().then(|| record.reads(correction.part).filter(|now| !now.trim().is_empty()).map(|now| view! {
                            <p class="govuk-body cr-quiet">"It reads now:"</p><blockquote class="cr-prose" inner_html=to_html(now)></blockquote>
                            <p class="govuk-body cr-quiet">"It should read:"</p>
                        }))}
                        <div class="cr-prose" inner_html=to_html(&correction.text)></div>
                        {correction.answer.as_ref().map(|answer| answered(answer, "taken into the draft", if correction.part == RecordPart::Other { "answered" } else { "left as it was" }))}
                        {ask}
                    </section>
                }
            }).collect_view()}
        </section>
    })
}

/// One addition to a signed record.
pub(super) fn addendum(id: RecordId, addendum: &Addendum, reader: RecordReader<'_>) -> impl IntoView + use<> {
    let day = dates::plain_date(dates::london(addendum.at).date());
    let mine = addendum.by.worker == reader.viewer().worker;
    let open = reader.manager().is_some() && addendum.answer.is_none();
    let another = (open && mine)
        .then(|| view! { <p class="govuk-body cr-quiet">"Somebody else who manages the team accepts it."</p> });
    let ask = (open && !mine).then(|| {
        answer_form(
            "/api/record/answer-addendum",
            id,
            "addendum",
            addendum.id.to_string(),
            Some("Accept and sign the new version"),
            "Do not accept",
        )
    });
    view! {
        <section class="cr-summary">
            <h3 class="govuk-heading-s">{addendum.by.in_words()}" "<span class="cr-quiet">{day}</span></h3>
            <p class="govuk-body">"Why: "{addendum.reason.clone()}</p>
            <div class="cr-prose" inner_html=to_html(&addendum.text)></div>
            {addendum.answer.as_ref().map(|answer| answered(answer, "accepted", "not accepted"))}
            {another}{ask}
        </section>
    }
}

fn answered(answer: &WishAnswer, yes: &str, no: &str) -> impl IntoView + use<> {
    let words = format!(
        "{} by {}, {}{}",
        if answer.taken { yes } else { no },
        answer.by.name,
        dates::plain_date(dates::london(answer.at).date()),
        if answer.word.is_empty() { String::new() } else { format!(": {}", answer.word) }
    );
    view! { <p class="govuk-body cr-quiet">{words}</p> }
}

fn answer_form(
    action: &'static str, record: RecordId, name: &'static str, id: String, yes: Option<&'static str>, no: &'static str,
) -> impl IntoView {
    let field = format!("word-{id}");
    view! {
        <form action=action method="post" class="cr-step__answer">
            <input type="hidden" name="record" value=record.to_string()/>
            <input type="hidden" name=name value=id/>
            <label for=field.clone()>"A word on it"</label>
            <input class="govuk-input" id=field name="word"/>
            {yes.map(|yes| view! { <button type="submit" name="taken" value="yes" class="cr-small-button">{yes}</button> })}
            <button type="submit" name="taken" value="no" class="cr-small-button">{no}</button>
        </form>
    }
}
