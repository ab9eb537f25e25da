//! What stands beside one family's discussion: its workbook, and what the last meeting gave.

use crate::workbook::family::Earlier;
use crate::{Service, ServiceError};
use domain::meeting::{Slot, view};
use domain::page::{Beside, FamilyCard, LastNumbers};
use domain::policy::MeetingReader;
use domain::viewer::Viewer;
use domain::{FamilyId, MeetingId, SlotId, TeamId};

impl Service {
    /// What was given the last time this family's numbers were shown.
    async fn last_numbers(
        &self, viewer: &Viewer, family: FamilyId, now: MeetingId,
    ) -> Result<Vec<LastNumbers>, ServiceError> {
        let mut last: Vec<LastNumbers> = Vec::new();
        let parts = self.inner.store.parts_of_family(family).await?;
        for part in parts.into_iter().rev().filter(|part| part.meeting_id != now) {
            let Some(live) = self.live(part.meeting_id).await? else { continue };
            let state = live.look().await;
            let shown = |slot: &&Slot| slot.scales.revealed_at.is_some() && !slot.stands_out(viewer.worker);
            let Some(slot) = state.room.slot(part.slot_id).filter(shown) else {
                continue;
            };
            for given in &slot.scales.answers {
                let Some(number) = given.answer.number() else { continue };
                match last.iter_mut().find(|known| known.scale == given.scale && known.child == given.child) {
                    Some(known) => known.numbers.push(number),
                    None => {
                        last.push(LastNumbers { scale: given.scale.clone(), child: given.child, numbers: vec![number] })
                    }
                }
            }
            break;
        }
        last.iter_mut().for_each(|known| known.numbers.sort_unstable());
        Ok(last)
    }

    /// What stands beside one family's discussion.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not read that part of the meeting.
    pub async fn beside_discussion(&self, reader: MeetingReader<'_>, slot: SlotId) -> Result<Beside, ServiceError> {
        let (viewer, meeting) = (reader.viewer(), reader.meeting());
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        let (family, closed, revealed, mut workers) = {
            let state = live.look().await;
            let room = view(&state.room, viewer);
            // Of a part that the viewer may not read, the view holds no family.
            let slot = room.slot(slot).ok_or(ServiceError::NotFound)?;
            let family = slot.family.ok_or(ServiceError::NotFound)?;
            (family, room.is_closed(), slot.scales.revealed_at.is_some(), room.people())
        };
        let mut page = self
            .family_pages(family.uuid(), viewer, Earlier::LastYear)
            .await?
            .remove(&family)
            .ok_or(ServiceError::NotFound)?;
        let row = self.inner.store.family(family).await?.ok_or(ServiceError::NotFound)?;
        if closed && !viewer.sees_family(family, row.team_id.map(TeamId::new)) {
            page.reduce();
        }
        let last_numbers = if revealed { self.last_numbers(viewer, family, meeting).await? } else { Vec::new() };
        workers.extend(FamilyCard::workers(&page.card));
        let mut absences = self.absences().await?;
        absences.retain(|worker| workers.contains(&worker));
        Ok(Beside { family: page, last_numbers, absences })
    }
}
