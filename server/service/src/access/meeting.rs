//! Looks at a family within a meeting. Nothing holds an open meeting up: where a look cannot be written down, it is held and
//! written when that is possible again.

use super::AccessEntry;
use crate::security::{SecurityEvent, tell};
use crate::{Service, ServiceError};
use domain::page::{Discussion, MeetingPage};
use domain::policy::Ground;
use domain::status::AccessKind;
use domain::viewer::Viewer;
use domain::{FamilyId, MeetingId, TeamId, WorkerId};
use std::collections::HashSet;
use std::sync::Mutex;

/// So many looks of open meetings are remembered as written down; then they are written again.
const REMEMBERED: usize = 20_000;

/// What this process knows of looks in meetings.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    /// Whose look at which family of which meeting is written down.
    noted: Mutex<HashSet<(MeetingId, WorkerId, FamilyId)>>,
    /// What could not be written down yet.
    held: Mutex<Vec<AccessEntry>>,
}

impl Looks {
    pub(super) fn take_held(&self) -> Vec<AccessEntry> {
        std::mem::take(&mut *self.held.lock().expect("no panic holds it"))
    }

    pub(super) fn hold(&self, entries: Vec<AccessEntry>) {
        self.held.lock().expect("no panic holds it").extend(entries);
    }

    /// Whether a look is the first of its kind; it is remembered.
    fn is_first(&self, look: (MeetingId, WorkerId, FamilyId)) -> bool {
        let mut noted = self.noted.lock().expect("no panic holds it");
        if noted.len() >= REMEMBERED {
            noted.clear();
        }
        noted.insert(look)
    }
}

impl Service {
    /// Writes down that somebody opens a meeting's page with one family's part of it.
    ///
    /// # Errors
    /// Where it cannot be written down; the page is not shown then.
    pub async fn note_meeting_page(
        &self, viewer: &Viewer, page: &MeetingPage, address: &str,
    ) -> Result<(), ServiceError> {
        let families: Vec<FamilyId> = page.whole.keys().filter_map(|slot| page.room.slot(*slot)?.family).collect();
        self.note_meeting_parts(viewer, (page.room.id, page.room.team), &families, address).await
    }

    /// Writes down that somebody opens families' parts of a meeting.
    ///
    /// # Errors
    /// Where it cannot be written down; the page is not shown then.
    pub async fn note_meeting_parts(
        &self, viewer: &Viewer, (meeting, team): (MeetingId, TeamId), families: &[FamilyId], address: &str,
    ) -> Result<(), ServiceError> {
        let look = |family: &FamilyId| self.meeting_look(viewer, (meeting, team), *family, address);
        self.write_accesses(&families.iter().map(look).collect::<Vec<_>>()).await?;
        for family in families {
            self.inner.looks.is_first((meeting, viewer.worker, *family));
        }
        Ok(())
    }

    /// Writes down that somebody's page turns to a family's part of a meeting: once for each person, family and meeting.
    pub async fn note_turn(
        &self, viewer: &Viewer, (meeting, team): (MeetingId, TeamId), discussion: &Discussion, address: &str,
    ) {
        let Some(family) = discussion.slot.family else { return };
        self.note_stream(viewer, (meeting, team), family, address).await;
    }

    pub(crate) async fn note_stream(
        &self, viewer: &Viewer, (meeting, team): (MeetingId, TeamId), family: FamilyId, address: &str,
    ) {
        if !self.inner.looks.is_first((meeting, viewer.worker, family)) {
            return;
        }
        let look =
            AccessEntry { what: AccessKind::Stream, ..self.meeting_look(viewer, (meeting, team), family, address) };
        if let Err(error) = self.write_accesses(std::slice::from_ref(&look)).await {
            tracing::error!(%error, "a look in an open meeting waits for the access log");
            tell(SecurityEvent::LookWaits { by: viewer.worker, family }, address);
            self.inner.looks.hold(vec![look]);
        }
    }

    fn meeting_look(
        &self, viewer: &Viewer, (meeting, team): (MeetingId, TeamId), family: FamilyId, address: &str,
    ) -> AccessEntry {
        let allowed_by = match () {
            () if viewer.projector => "shows the meeting on the wall",
            () if viewer.covers.contains_key(&family) => Ground::Covers.in_words(),
            () if viewer.families.contains(&family) => Ground::Allocated.in_words(),
            () if viewer.manages_team(team) => "manages the meeting’s team",
            () if viewer.serves(team) => "serves the meeting’s team",
            () => "takes part in the meeting",
        };
        AccessEntry {
            meeting_id: Some(meeting.uuid()),
            allowed_by: allowed_by.to_owned(),
            ..self.access_entry(viewer, address, family, (AccessKind::Meeting, "page"))
        }
    }
}
