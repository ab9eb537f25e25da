//! Who speaks next, and who has not been heard: shown while it lasts, never stored.

use domain::WorkerId;
use domain::meeting::{Area, Progress, Slot};
use domain::template::Part;
use leptos::prelude::*;
use service::meeting::DiscussionPage;

/// Whether somebody's words are there.
fn heard(slot: &Slot, worker: WorkerId) -> bool {
    slot.boxes
        .get(&Area::Analysis(worker))
        .is_some_and(|text| text.withheld || text.mark.hidden_until_reveal || !text.prose.text().trim().is_empty())
}

/// The round: who was heard and who was not yet, those on the phone among them, with what their discipline is asked.
pub fn round(page: &DiscussionPage) -> impl IntoView + use<> {
    let slot = &page.slot;
    let mut asked: Vec<WorkerId> =
        slot.members.keys().copied().filter(|worker| page.room.asked_for_stance(slot, *worker)).collect();
    // In the template's order of disciplines: who works with the child first, then the specialists.
    let place = |worker: WorkerId| {
        let discipline = slot.members.get(&worker).map(|member| member.discipline.as_str());
        let place = page.room.template.disciplines.iter().position(|known| Some(known.key.as_str()) == discipline);
        (place.unwrap_or(usize::MAX), page.name(worker).to_owned())
    };
    asked.sort_by_key(|worker| place(*worker));
    let (heard, waiting): (Vec<WorkerId>, Vec<WorkerId>) = asked.into_iter().partition(|worker| heard(slot, *worker));
    let there = |worker: &WorkerId| {
        slot.present(*worker) || !(slot.attendance.contains_key(worker) || page.away_today(*worker))
    };
    let next = waiting.iter().copied().find(|worker| there(worker));
    let title = |worker: WorkerId| {
        let discipline = slot.members.get(&worker).map(|member| member.discipline.as_str()).unwrap_or_default();
        format!("{}, {}", page.name(worker), page.room.template.discipline_title(discipline))
    };
    let prompts = |worker: WorkerId| -> Vec<String> {
        let discipline = slot.members.get(&worker).map(|member| member.discipline.as_str()).unwrap_or_default();
        let known = page.room.template.practice.prompts.iter().find(|prompts| prompts.discipline == discipline);
        known.map(|prompts| prompts.ask.clone()).unwrap_or_default()
    };
    if slot.members.is_empty() {
        return ().into_any();
    }
    let mine = prompts(page.me);
    let stage = match slot.progress {
        Progress::InDiscussion { stage, .. } => page.room.template.stages.get(stage),
        _ => None,
    };
    let my_turn =
        next == Some(page.me) && stage.is_some_and(|stage| matches!(stage.part, Part::Round | Part::Analysis));
    let read_in: Vec<(String, String)> = waiting
        .iter()
        .filter(|worker| !there(worker))
        .filter_map(|worker| {
            let summary = page.family.summaries.iter().find(|summary| summary.worker == *worker)?;
            Some((format!("{}’s summary, {}", page.name(*worker), summary.month), summary.html.clone()))
        })
        .collect();
    view! {
        {my_turn.then(|| view! { <p class="govuk-body cr-my-turn" data-say="It is your turn."><strong>"It is your turn: "</strong><a class="govuk-link" href=format!("#text-{}", Area::Analysis(page.me))>"go to my box"</a></p> })}
        {next.filter(|_| !my_turn).map(|worker| view! { <p class="govuk-body"><strong>"Next: "{title(worker)}</strong></p> })}
        {waiting.is_empty().then(|| view! { <p class="govuk-body">"Everybody has been heard."</p> })}
        {(!waiting.is_empty()).then(|| view! {
            <p class="govuk-body-s">"Not yet heard: "{waiting.iter().map(|worker| {
                let summary = page.family.summaries.iter().any(|summary| summary.worker == *worker && summary.current);
                let away = match (there(worker), summary) {
                    (true, _) => "",
                    (false, true) => " (not here; mark “Sent words” and this month’s summary stands in their box)",
                    (false, false) => " (not here)",
                };
                format!("{}{away}", page.name(*worker))
            }).collect::<Vec<_>>().join(", ")}</p>
        })}
        {(!heard.is_empty()).then(|| view! { <p class="govuk-body-s cr-quiet">"Heard: "{heard.iter().map(|worker| page.name(*worker).to_owned()).collect::<Vec<_>>().join(", ")}</p> })}
        {read_in.into_iter().map(|(name, html)| view! {
            <details class="cr-fold"><summary>{name}</summary><div class="cr-fold__content cr-prose" inner_html=html></div></details>
        }).collect_view()}
        {(!mine.is_empty()).then(|| view! {
            <details class="cr-fold"><summary>"What you may be asked"</summary>
                <ul class="govuk-list govuk-list--bullet">{mine.into_iter().map(|ask| view! { <li>{ask}</li> }).collect_view()}</ul>
            </details>
        })}
    }
    .into_any()
}
