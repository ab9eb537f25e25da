//! The live page: the room's island, and around it what needs no browser.

use domain::{MeetingId, SlotId};
use leptos::prelude::*;
use service::ServiceError;

use crate::live::{LiveMeeting, Rendered};
use crate::pages::{page, param};
use crate::parts::form::error_summary;
use crate::visit;

/// The slot whose parts the page is rendered with: the one looked at, else the one the page will show.
fn shown(page: &domain::page::MeetingPage, looking: Option<SlotId>) -> Option<SlotId> {
    let room = &page.room;
    let readable = |id: SlotId| room.slot(id).is_some_and(|slot| slot.family.is_some());
    let first = |frozen: bool| {
        let known = room.slots.iter().find(|slot| slot.family.is_some() && (frozen || !slot.progress.frozen()));
        known.map(|slot| slot.id)
    };
    looking.or(room.current.filter(|id| readable(*id))).or_else(|| first(false)).or_else(|| first(true))
}

/// `/meetings/:id`.
pub fn live() -> impl IntoView {
    let id: Option<MeetingId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let projector = visit::query("view").as_deref() == Some("room");
        let viewer = visit.service.viewer_as(visit.viewer.worker, projector).await?;
        let told = visit.service.meeting_page(&viewer, id).await?;
        let looking: Option<SlotId> = visit::query("slot").and_then(|slot| slot.parse().ok());
        let draft = visit::draft().await;
        if !projector && let Some(slot) = shown(&told, looking) {
            provide_context(crate::practice::parts(&visit.service, &viewer, id, slot).await?);
        }
        let title = format!("Meeting of {}", domain::dates::long_date(told.room.held_on));
        let content = view! {
            {draft.as_ref().and_then(error_summary)}
            <LiveMeeting page=Rendered(told) looking=looking draft=draft/>
        };
        Ok((title, content))
    })
}
