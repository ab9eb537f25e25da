//! History in one box, as it stands or stood.

use domain::meeting::Area;
use domain::{MeetingId, SlotId, dates};
use leptos::prelude::*;
use service::ServiceError;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar_in_meeting;
use crate::visit;

/// `/meetings/:id/boxes/:slot/:area`, with `?at=` a line of the journal.
pub fn history() -> impl IntoView {
    let (id, slot, area): (Option<MeetingId>, Option<SlotId>, Option<Area>) =
        (param("id"), param("slot"), param("area"));
    page(move || async move {
        let visit = visit::visit()?;
        let missing = || ServiceError::NotFound;
        let (id, slot, area) = (id.ok_or_else(missing)?, slot.ok_or_else(missing)?, area.ok_or_else(missing)?);
        let at = visit::query("at").and_then(|at| at.parse().ok());
        let reader = visit.service.meeting_reader(&visit.viewer, id).await?;
        let history = visit.service.box_history(reader, slot, area, at).await?;
        let family = visit.service.family_of_slot(reader, slot).await?;
        let families: Vec<_> = family.iter().map(|(family, _)| *family).collect();
        let part = (id, reader.team());
        visit.service.note_meeting_parts(&visit.viewer, part, &families, &visit::from()).await?;
        let here = format!("/meetings/{id}/boxes/{slot}/{area}");
        let content = view! {
            {back(format!("/meetings/{id}?slot={slot}"), "Back to the meeting")}
            {family.as_ref().map(|(_, family)| family_bar_in_meeting(family))}
            <h1 class="govuk-heading-l">{history.title}</h1>
            {history.runs.is_empty().then(|| view! { <p class="govuk-body">"Nothing stands here."</p> })}
            <ol class="govuk-list">
                {history.runs.into_iter().map(|(text, who, at)| view! {
                    <li class="cr-summary">
                        <p class="govuk-body-s cr-quiet">{who}" · "{dates::clock(at)}</p>
                        <p class="govuk-body cr-plain">{text}</p>
                    </li>
                }).collect_view()}
            </ol>
            <h2 class="govuk-heading-m">"As it stood"</h2>
            <ul class="govuk-list">
                {history.moments.into_iter().map(|(seq, words)| view! {
                    <li><a class="govuk-link" href=format!("{here}?at={seq}") aria-current=(seq == history.at).then_some("true")>{words}</a></li>
                }).collect_view()}
            </ul>
        };
        Ok(("History".to_owned(), content))
    })
}
