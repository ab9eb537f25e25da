//! Where the room is among the headings, and the way to each of them: nobody scrolls in search of the next thing.

use domain::meeting::{Missing, Progress};
use domain::{calendar, dates};
use leptos::prelude::*;
use service::meeting::DiscussionPage;

use super::act;

/// The heading the room is at, as the way there; for those who run the meeting the next one, and any other, in any order
/// and without a reason: what is left out is left out.
pub fn turn(page: &DiscussionPage) -> impl IntoView + use<> {
    let Progress::InDiscussion { stage: now, .. } = page.slot.progress else { return ().into_any() };
    let stages = &page.room.template.stages;
    let Some(here) = stages.get(now) else { return ().into_any() };
    let planned = page.room.template.minutes.iter().position(|known| *known == page.slot.minutes);
    let minutes = planned.and_then(|at| here.minutes.get(at)).map(|minutes| format!(", about {minutes} min"));
    let leads = page.runs && page.room.is_open();
    let next = stages.get(now + 1).map(|next| next.name.clone()).filter(|_| leads);
    let titles: Vec<(usize, String)> = stages.iter().map(|stage| stage.name.clone()).enumerate().collect();
    view! {
        <p class="cr-turn__now"><a class="govuk-link" href=format!("#stage-{now}")>{here.title.clone()}</a><span class="cr-quiet">{format!(" {} of {}{}", now + 1, stages.len(), minutes.unwrap_or_default())}</span></p>
        {next.map(|title| act(page, "turn", "stage", false, view! {
            <button type="submit" class="govuk-button" id="next-stage" name="form[stage]" value=(now + 1).to_string()>"Next: "{title}</button>
        }.into_any()))}
        <p class="cr-turn__there"><a class="govuk-link" href="#attendance">"Attendance"</a></p>
        <details class="cr-fold"><summary>"All headings"</summary>
            {if leads { turns(page, now, titles).into_any() } else { view! { <ol class="govuk-list cr-turn__all">{titles.into_iter().map(|(at, title)| view! { <li><a class="govuk-link" href=format!("#stage-{at}")>{title}</a></li> }).collect_view()}</ol> }.into_any() }}
        </details>
    }
    .into_any()
}

fn turns(page: &DiscussionPage, now: usize, titles: Vec<(usize, String)>) -> impl IntoView + use<> {
    let inner = view! {
        <ol class="govuk-list cr-turn__all">{titles.into_iter().map(|(at, title)| view! {
            <li><button type="submit" class="cr-link-button" name="form[stage]" value=at.to_string() aria-current=(at == now).then_some("step")><span class="govuk-visually-hidden">"Turn to "</span>{title}</button></li>
        }).collect_view()}</ol>
    };
    act(page, "turn", "stage", false, inner.into_any())
}

/// What signing will ask for, of whom and by when the template expects it; it holds nothing up.
pub fn missing(page: &DiscussionPage) -> Option<impl IntoView + use<>> {
    let missing = page.slot.missing();
    (page.chairs && page.slot.progress.in_discussion() && !missing.is_empty()).then(|| {
        let by = dates::short_date(calendar::after(page.room.held_on, page.room.template.days_to_send));
        let lines: Vec<String> = missing
            .into_iter()
            .map(|missing| match missing {
                Missing::Attendance => "Attendance (you)".to_owned(),
                Missing::Decision { children } => format!("Confirmed decision for {} of the children (you)", children.len()),
                Missing::Hidden { count } => format!("{count} hidden, not revealed (you)"),
                Missing::Reason { .. } => "Why this decision (you)".to_owned(),
                Missing::StanceReason { worker } => format!("Reason to follow ({})", page.name(worker)),
                Missing::Owner { what } => format!("Who does “{what}” (you)"),
                Missing::Due { what, owner } => format!("By when “{what}” ({})", owner.map_or("you", |owner| page.name(owner))),
            })
            .collect();
        view! {
            <details class="cr-fold cr-missing">
                <summary>{match lines.len() {
                    1 => format!("1 thing missing before you can sign, by {by}"),
                    count => format!("{count} things missing before you can sign, by {by}"),
                }}</summary>
                <ul class="govuk-list govuk-list--bullet govuk-body-s">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
            </details>
        }
    })
}

/// Beginnings that tell apart what was seen, what was told and what one thinks: pressed, one stands in the box one
/// writes in.
pub fn tags(page: &DiscussionPage) -> Option<impl IntoView + use<>> {
    page.writes.then(|| {
        view! {
            <div class="cr-tags" role="group" aria-labelledby="tags">
                <span id="tags">"Begin a passage with"</span>
                {domain::document::TAGS.map(|tag| view! { <button type="button" class="cr-tap" data-insert=tag>{tag}</button> })}
            </div>
        }
    })
}
