//! One family's part of a meeting with the practice, for the parts of the page that come as HTML.

use crate::{Service, ServiceError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::meeting::{Practice, Room, Slot, view};
use domain::page::FamilyCard;
use domain::record::Names;
use domain::viewer::Viewer;
use domain::{MeetingId, SlotId, TeamId, WorkerId};

/// What a part may show.
#[derive(Debug, Clone)]
pub struct PracticePage {
    /// The room as the viewer may see it.
    pub room: Room,
    /// The slot as the viewer may see it.
    pub slot: Slot,
    /// What was done of the practice. Sealed numbers are told by [`Practice::shown`] and [`Practice::spread`] alone.
    pub practice: Practice,
    /// The family.
    pub card: FamilyCard,
    /// Everybody's names.
    pub names: Names,
    /// Who looks.
    pub me: WorkerId,
    /// Whether they chair.
    pub chairs: bool,
    /// Whether they chair or take the record.
    pub runs: bool,
    /// Whether they can acknowledge an urgent risk.
    pub hears: bool,
    /// Whether they take part, and it can still be written in.
    pub writes: bool,
    /// Today.
    pub today: NaiveDate,
    /// Now.
    pub now: DateTime<Utc>,
}

impl PracticePage {
    /// A worker's name.
    #[must_use]
    pub fn name(&self, worker: WorkerId) -> &str {
        self.names.get(&worker).map_or("unknown worker", |named| named.name.as_str())
    }
}

impl Service {
    /// A family's part of a meeting with the practice.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not read it.
    pub async fn practice(
        &self, viewer: &Viewer, meeting: MeetingId, slot: SlotId,
    ) -> Result<PracticePage, ServiceError> {
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        let (room, practice) = {
            let state = live.look().await;
            let known = state.room.slot(slot).filter(|known| state.room.reads(viewer, known));
            let practice = known.map(|known| known.practice.0.clone()).ok_or(ServiceError::NotFound)?;
            (view(&state.room, viewer), practice)
        };
        let slot = room.slot(slot).cloned().ok_or(ServiceError::NotFound)?;
        let family = slot.family.ok_or(ServiceError::NotFound)?;
        let mut card = self.cards(family.uuid(), viewer).await?.remove(&family).ok_or(ServiceError::NotFound)?;
        let row = self.inner.store.family(family).await?.ok_or(ServiceError::NotFound)?;
        let closed = matches!(room.phase, domain::meeting::Phase::Closed { .. });
        if closed && !viewer.sees_family(family, row.team_id.map(TeamId::new)) {
            card.reduce();
        }
        let me = viewer.worker;
        let runs = room.runs(me);
        let part = runs || slot.members.contains_key(&me) || viewer.families.contains(&family);
        Ok(PracticePage {
            chairs: room.chair == me,
            runs,
            hears: runs || viewer.manages.contains(&room.team),
            writes: part && !slot.progress.frozen() && !closed,
            names: self.directory().await?.names.clone(),
            today: self.inner.clock.today(),
            now: self.inner.clock.now(),
            me,
            card,
            practice,
            slot,
            room,
        })
    }
}
