//! The live page: the room's island, and around it what needs no browser.

use domain::MeetingId;
use leptos::prelude::*;
use service::ServiceError;

use crate::meeting::Asked;
use crate::meeting::{LiveMeeting, Rendered};
use crate::pages::{page, param};
use crate::parts::form::error_summary;
use crate::visit;

/// `/meetings/:id`.
pub fn live() -> impl IntoView {
    let id: Option<MeetingId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let projector = visit::query("view").as_deref() == Some("room");
        let viewer = visit.service.viewer_as(visit.viewer.worker, projector).await?;
        let reader = visit.service.meeting_reader(&viewer, id).await?;
        let asked = Asked {
            slot: visit::query("slot").and_then(|slot| slot.parse().ok()),
            heading: visit::query("heading").and_then(|heading| heading.parse().ok()),
            quiet: visit::query("quiet").is_some(),
            row: visit::query("row"),
        };
        let page = visit.service.meeting_page(reader, asked.slot).await?;
        visit.service.note_meeting_page(&viewer, &page, &visit::from()).await?;
        let draft = visit::draft().await;
        let title = format!("Meeting of {}", domain::dates::long_date(page.room.held_on));
        let content = view! {
            {draft.as_ref().and_then(error_summary)}
            <LiveMeeting page=Rendered(page) asked=asked draft=draft/>
        };
        Ok((title, content))
    })
}
