//! Who thought otherwise, and where their dissent is.

use crate::parts::text_area::TextArea;
use domain::meeting::Position;
use domain::policy::RecordReader;
use domain::record::{Dissent, Record};
use domain::template::Escalation;
use domain::{WorkerId, dates};
use leptos::prelude::*;

/// "reservations": what a dissent is called in a sentence.
const fn what_was_said(position: Position) -> &'static str {
    match position {
        Position::Reservations => "reservations",
        Position::Agree | Position::Disagree => "disagreement",
    }
}

/// Each dissent with its way so far, the next place, and the form for its answer.
pub(super) fn dissents(
    record: &Record, reader: RecordReader<'_>, me: WorkerId, route: &[Escalation], today: chrono::NaiveDate,
) -> Option<impl IntoView + use<>> {
    let stances = record.decision.iter().flat_map(|decision| &decision.stances);
    let who: Vec<(WorkerId, String, &'static str)> = stances
        .filter(|stance| record.dissents(stance.who.worker) && stance.earlier_wording.is_none())
        .map(|stance| (stance.who.worker, stance.who.name.clone(), what_was_said(stance.position)))
        .collect();
    if who.is_empty() {
        return None;
    }
    let chair = record.chair.worker;
    let lines = who.into_iter().map(|(worker, name, said)| {
        let taken: Vec<Dissent> = record.taken(worker).cloned().collect();
        let waits = taken.iter().any(|dissent| dissent.answer.is_none());
        let next = record.next_for(worker, route, today).filter(|_| reader.keeper().is_some() || worker == me);
        let id = record.id.to_string();
        let whose = if worker == me { "my".to_owned() } else { format!("{name}’s") };
        let take = next.map(|next| view! {
            <form action="/api/record/take-dissent" method="post" class="cr-step__answer">
                <input type="hidden" name="record" value=id.clone()/>
                <input type="hidden" name="worker" value=worker.to_string()/>
                <button type="submit" class="cr-small-button">{format!("Take {whose} {said} to {}", next.to)}</button>
                <span class="cr-quiet">{format!("to be answered by {}", dates::plain_date(next.until))}</span>
            </form>
        });
        let answer = (waits && reader.manager().is_some() && worker != me && chair != me).then(|| view! {
            <form action="/api/record/answer-dissent" method="post" class="cr-fix">
                <input type="hidden" name="record" value=id.clone()/>
                <input type="hidden" name="worker" value=worker.to_string()/>
                <label class="govuk-label" for=format!("dissent-{worker}")>"What was answered, and why"</label>
                <TextArea id=format!("dissent-{worker}") name="text" rows=3 value=""/>
                <button type="submit" class="cr-small-button">"Record this answer"</button>
            </form>
        });
        view! {
            <li><strong>{name}</strong>
                {taken.is_empty().then_some(": recorded beside the decision. It can be taken further.")}
                <ul class="govuk-list govuk-list--bullet">{taken.into_iter().map(|dissent| way(dissent, today)).collect_view()}</ul>
                {answer}{take}
            </li>
        }
    });
    Some(view! {
        <section id="dissents" aria-labelledby="dissents-title">
            <h2 class="govuk-heading-m" id="dissents-title">"Reservations and disagreement"</h2>
            <ul class="govuk-list">{lines.collect_view()}</ul>
        </section>
    })
}

fn way(dissent: Dissent, today: chrono::NaiveDate) -> impl IntoView {
    let taken = format!(
        "Taken to {} on {} by {}",
        dissent.to,
        dates::plain_date(dates::london(dissent.at).date()),
        dissent.by.name
    );
    match dissent.answer {
        Some(answer) => {
            let day = dates::plain_date(dates::london(answer.at).date());
            view! { <li>{taken}". Answered on "{day}" by "{answer.by.name}": "{answer.text}</li> }.into_any()
        }
        None if dissent.until < today => view! { <li>{taken}". "<strong>{format!("To be answered by {}, which has passed.", dates::plain_date(dissent.until))}</strong></li> }.into_any(),
        None => view! { <li>{taken}{format!(". To be answered by {}.", dates::plain_date(dissent.until))}</li> }.into_any(),
    }
}
