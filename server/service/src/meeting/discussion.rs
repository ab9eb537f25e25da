//! One family's discussion, with its workbook and what the last meeting gave.

use crate::workbook::family::Earlier;
use crate::{Service, ServiceError};
use domain::meeting::{Room, Slot, view};
use domain::page::{Beside, Discussion, LastNumbers, Whole};
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
            let shown = |slot: &&Slot| slot.scales.revealed_at.is_some() && !slot.is_stood_out_by(viewer);
            let Some(slot) = state.room.slot(part.slot_id).filter(shown) else {
                continue;
            };
            for given in &slot.scales.answers {
                let Some(number) = given.answer.number() else { continue };
                match last.iter_mut().find(|row| row.scale == given.scale && row.child == given.child) {
                    Some(row) => row.numbers.push(number),
                    None => {
                        last.push(LastNumbers { scale: given.scale.clone(), child: given.child, numbers: vec![number] })
                    }
                }
            }
            break;
        }
        last.iter_mut().for_each(|row| row.numbers.sort_unstable());
        Ok(last)
    }

    /// One family's discussion, for a page that turns to it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not read that part of the meeting.
    pub async fn discussion(&self, reader: MeetingReader<'_>, slot: SlotId) -> Result<Discussion, ServiceError> {
        let viewer = reader.viewer();
        let live = self.live(reader.meeting()).await?.ok_or(ServiceError::NotFound)?;
        let (room, cursor) = {
            let state = live.look().await;
            (view(&state.room, viewer), state.seq)
        };
        self.discussion_in(viewer, &room, cursor, slot).await
    }

    /// One family's discussion out of a room as the viewer may see it.
    pub(super) async fn discussion_in(
        &self, viewer: &Viewer, room: &Room, cursor: i64, slot: SlotId,
    ) -> Result<Discussion, ServiceError> {
        let slot = room.slot(slot).ok_or(ServiceError::NotFound)?;
        // Of a part that the viewer may not read, the view holds no family.
        let family = slot.family.ok_or(ServiceError::NotFound)?;
        let pages = self.family_pages(family.uuid(), viewer, Earlier::LastYear).await?;
        let mut page = pages.into_values().next().ok_or(ServiceError::NotFound)?;
        page.genogram = self.genogram_picture(family).await?;
        if room.is_closed() {
            // A closed meeting stays readable as it was held; today's workbook is for those who work with the family today.
            let row = self.inner.store.family(family).await?.ok_or(ServiceError::NotFound)?;
            if !viewer.sees_family(family, row.team_id.map(TeamId::new)) {
                page.reduce();
            }
        }
        // The wall is everybody's, and a guest is there for what is said: they get who the family is, and nothing of the workbook.
        if viewer.projector || viewer.guest {
            page.reduce();
        }
        let revealed = slot.scales.revealed_at.is_some() && !viewer.projector;
        let last_numbers = if revealed { self.last_numbers(viewer, family, room.id).await? } else { Vec::new() };
        let mut workers = room.people();
        workers.extend(page.card.workers());
        let mut absences = self.absences().await?;
        absences.retain(|worker| workers.contains(&worker) && !viewer.projector);
        workers.extend(page.summaries.iter().map(|summary| summary.worker));
        let mut names = self.directory().await?.names.clone();
        names.retain(|worker, _| workers.contains(worker));
        let beside = Beside { family: page, last_numbers, absences };
        Ok(Discussion { slot: slot.clone(), whole: Whole { cursor, beside }, names })
    }
}
