//! Late contributions: what somebody wrote and the meeting could not take any more.

use crate::{Service, ServiceError};
use domain::family::WorkbookEvent;
use domain::meeting::Entry;
use domain::prose::{BOX_LIMIT, clean};
use domain::viewer::Viewer;
use domain::{CommandId, MeetingId, SlotId};
use store::late::LateRow;
use store::outcome::Kept;

impl Service {
    /// Files words for a family's workbook that came too late for its meeting. Its author keeps this right
    /// when their allocation has ended meanwhile: the words are theirs. The same id again changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer never took part in this family's discussion.
    pub async fn contribute_late(
        &self, viewer: &Viewer, meeting: MeetingId, slot: SlotId, command: CommandId, text: &str,
    ) -> Result<(), ServiceError> {
        let text = clean(text).trim().to_owned();
        if text.is_empty() {
            return Err(ServiceError::field("text", "Nothing is written in it. Discard it instead."));
        }
        if text.len() > BOX_LIMIT {
            return Err(ServiceError::field("text", "A late contribution holds at most 100 KB. Shorten it."));
        }
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        let (family, held_on) = {
            let state = live.look().await;
            let slot = state.room.slot(slot).ok_or(ServiceError::NotFound)?;
            let theirs = slot.members.contains_key(&viewer.worker) || state.room.reads(viewer, slot);
            if !theirs || viewer.projector {
                return Err(ServiceError::NotFound);
            }
            (slot.family.ok_or(ServiceError::NotFound)?, state.room.held_on)
        };
        let kept =
            Kept { worker: viewer.worker, command, at: self.inner.clock.now(), body: "\"filed_late\"".to_owned() };
        self.write_workbook(viewer, family, Some(kept), |_| {
            Ok(Some(WorkbookEvent::ContributedLate { meeting, held_on, text: text.clone() }))
        })
        .await
    }
}

/// The row of a late contribution; `None` for other events.
pub(crate) fn late_row(family: domain::FamilyId, entry: &Entry<WorkbookEvent>) -> Option<LateRow> {
    let WorkbookEvent::ContributedLate { meeting, held_on, text } = &entry.event else { return None };
    Some(LateRow {
        family_id: family,
        meeting_id: *meeting,
        worker_id: entry.by,
        at: entry.at,
        held_on: *held_on,
        text: text.clone(),
    })
}
