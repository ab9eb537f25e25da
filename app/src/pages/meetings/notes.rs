//! The record-taker's running note: one line after the other, by key, filed into the workers' boxes in two presses. Never
//! on the wall.

use domain::{MeetingId, WorkerId, dates};
use leptos::prelude::*;
use service::ServiceError;
use service::meeting::note::NoteRow;
use service::meeting::note::NotesPage;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::family_bar::family_bar_in_meeting;
use crate::parts::form::error_summary;
use crate::visit;

/// `/meetings/:id/notes`.
pub fn notes() -> impl IntoView {
    let id: Option<MeetingId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let meeting = id.ok_or(ServiceError::NotFound)?;
        let slot = visit::query("family").and_then(|slot| slot.parse().ok());
        let keeper = visit.service.note_keeper(&visit.viewer, meeting).await?;
        let notes = visit.service.notes(keeper, slot).await?;
        let runs = visit.service.meeting_runner(&visit.viewer, meeting).await.is_ok();
        let draft = visit::draft().await.unwrap_or_default();
        let fileable = notes.lines.iter().filter(|line| line.speaker.is_some() && !line.check_later).count();
        let abbreviations: Vec<String> =
            visit.service.template_of(meeting).await?.meeting.abbreviations.keys().cloned().collect();
        let slot = notes.slot.to_string();
        let content = view! {
            {error_summary(&draft)}
            {back(format!("/meetings/{meeting}?slot={slot}"), "Back to the meeting")}
            {family_bar_in_meeting(&notes.family)}
            <h1 class="govuk-heading-l">"Running note"</h1>
            <p class="govuk-body">"Only you see these here, and the screen of the room never does; they may have to be shown to a court."</p>
            <form action="/api/meeting/note" method="post" class="cr-fix">
                <input type="hidden" name="meeting" value=meeting.to_string()/>
                <input type="hidden" name="slot" value=slot.clone()/>
                <label class="govuk-label" for="text">"What was said"</label>
                <div class="govuk-hint" id="text-hint">{format!("Begin with the speaker’s initials and a colon, end with ? to check it later. Written out: {}.", abbreviations.join(", "))}</div>
                <input class="govuk-input" id="text" name="text" aria-describedby="text-hint" autofocus value=draft.value("text", "")/>
                <button type="submit" class="cr-small-button">"Note it"</button>
            </form>
            <p class="govuk-body-s">{notes.speakers.iter().map(|(key, _, name)| format!("{key}: {name}")).collect::<Vec<_>>().join(" · ")}</p>
            <ul class="govuk-list cr-records">{notes.lines.iter().map(|line| note(&notes, meeting, line)).collect_view()}</ul>
            {(fileable > 0 && !runs).then(|| view! { <p class="govuk-body">"You do not take the record any more: read your lines to whoever does, then remove them."</p> })}
            {(fileable > 0 && runs).then(|| view! {
                <form action="/api/meeting/note" method="post" class="cr-fix">
                    <input type="hidden" name="meeting" value=meeting.to_string()/>
                    <input type="hidden" name="slot" value=slot.clone()/>
                    <button type="submit" name="act" value="file" class="govuk-button">{format!("File {fileable} into the speakers’ boxes")}</button>
                </form>
            })}
            {(!notes.to_check.is_empty()).then(|| view! {
                <h2 class="govuk-heading-m">"To check later"</h2>
                <ul class="govuk-list cr-records">{notes.to_check.iter().map(|line| note(&notes, meeting, line)).collect_view()}</ul>
            })}
        };
        Ok(("Running note".to_owned(), content))
    })
}

fn note(page: &NotesPage, meeting: MeetingId, line: &NoteRow) -> impl IntoView + use<> {
    let name = line.speaker.and_then(|speaker| page.named.get(&WorkerId::new(speaker)));
    let name = name.cloned().unwrap_or_else(|| "somebody".to_owned());
    let text = line.text.clone();
    view! {
        <li>{dates::clock(line.at)}" "<strong>{name}</strong>": "{text.clone()}{line.check_later.then(|| view! { " "<strong class="govuk-tag govuk-tag--yellow">"check"</strong> })}
            <form action="/api/meeting/note" method="post" class="cr-inline-form">
                <input type="hidden" name="meeting" value=meeting.to_string()/>
                <input type="hidden" name="slot" value=line.slot_id.to_string()/>
                <input type="hidden" name="note" value=line.id.to_string()/>
                {line.check_later.then(|| view! { <button type="submit" name="act" value="checked" class="cr-link-button">"It is right"<span class="govuk-visually-hidden">": "{text.clone()}</span></button>" " })}
                <button type="submit" name="act" value="forget" class="cr-link-button">"Remove"<span class="govuk-visually-hidden">": "{text.clone()}</span></button>
            </form>
        </li>
    }
}
