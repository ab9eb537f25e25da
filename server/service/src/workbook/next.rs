//! When a family is discussed next.

use crate::{Service, ServiceError};
use chrono::NaiveDate;
use domain::MeetingId;
use domain::policy::FamilyReader;
use domain::status::{MeetingPhase, SlotProgress};
use store::meeting::FamilySlot;

/// A family's next group supervision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextSupervision {
    /// On the agenda of a meeting.
    Planned {
        /// Which meeting.
        meeting: MeetingId,
        /// Its day.
        on: NaiveDate,
    },
    /// The last meeting agreed a day, and nobody has planned a meeting with it yet.
    Agreed {
        /// The day.
        on: NaiveDate,
    },
}

impl Service {
    /// When a family is discussed next, as far as it is known.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn next_supervision(&self, reader: FamilyReader<'_>) -> Result<Option<NextSupervision>, ServiceError> {
        let today = self.inner.clock.today();
        let stood_out = self.inner.store.stood_out(reader.viewer().worker).await?;
        let slots = self.inner.store.slots_of_since(reader.family(), today).await?;
        let to_come = |slot: &&FamilySlot| {
            let waits = matches!(slot.progress, SlotProgress::Waiting | SlotProgress::InDiscussion);
            waits && slot.phase != MeetingPhase::Closed
        };
        if let Some(slot) = slots.iter().find(to_come) {
            return Ok(Some(NextSupervision::Planned { meeting: slot.meeting_id, on: slot.held_on }));
        }
        // A discussion that the reader stepped out of says nothing to them, and the one before it nothing that still holds.
        let last = self.inner.store.last_discussed(reader.family()).await?;
        let last = last.filter(|slot| !stood_out.contains(&(slot.meeting_id, reader.family())));
        let agreed = last.and_then(|slot| slot.next_on).filter(|on| *on >= today);
        Ok(agreed.map(|on| NextSupervision::Agreed { on }))
    }
}
