//! Keystrokes and drafts, reduced to who wrote which words once the records are signed and the template's days are over.

use crate::meeting::room::REWRITTEN;
use crate::{Service, ServiceError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::family::{Workbook, WorkbookEvent};
use domain::meeting::{Entry, Event};
use domain::record::Record;
use domain::retention::{Reduction, Rewritten, reduce_boxes, reduce_workbook};
use domain::{SlotId, WorkerId};
use std::sync::Arc;
use std::time::Duration;
use store::retention::{FamilyPart, Rewrite};

/// How often is looked for what is due. Nobody waits for it.
const LOOK: Duration = Duration::from_hours(6);

/// Reduces what is due, for as long as the service lives.
pub(crate) fn keep_reducing(service: &Service) {
    let weak = Arc::downgrade(&service.inner);
    tokio::spawn(async move {
        while let Some(inner) = weak.upgrade() {
            let service = Service { inner };
            if let Err(error) = service.destroy_old_accesses().await {
                tracing::warn!(%error, "old entries of the access log could not be destroyed");
            }
            if let Err(error) = service.reduce_due().await {
                tracing::warn!(%error, "drafts could not be reduced");
            }
            drop(service);
            tokio::time::sleep(LOOK).await;
        }
    });
}

impl Service {
    /// Reduces everything that is due; gives how many parts of meetings.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn reduce_due(&self) -> Result<usize, ServiceError> {
        if self.inner.outside.hold.is_some() {
            return Ok(0);
        }
        let days = TimeDelta::days(self.inner.rules.retention.draft_days);
        let mut reduced = 0;
        for part in self.inner.store.parts_to_reduce(self.inner.clock.today() - days).await? {
            let records = self.inner.store.records(part.family_id.uuid()).await?;
            if signed_before(&records, part.slot_id, self.inner.clock.now() - days) {
                reduced += usize::from(self.reduce(&part).await?);
            }
        }
        Ok(reduced)
    }

    async fn reduce(&self, part: &FamilyPart) -> Result<bool, ServiceError> {
        let store = &self.inner.store;
        let (meeting, family) = (part.meeting_id, part.family_id);
        let entries: Vec<Entry<Event>> = store.entries(meeting.uuid(), 0).await?;
        let (lines, boxes) = reduce_boxes(&entries, part.slot_id, &crate::seal::hash);
        let pages: Vec<Entry<WorkbookEvent>> = store.entries(family.uuid(), 0).await?;
        let month = domain::dates::month(part.held_on);
        let (drafts, left) = reduce_workbook(&pages, part.slot_id, &month, &crate::seal::hash);
        if Workbook::fold(&pages).hold.is_some() {
            return Ok(false);
        }
        if !reads_the_same(&pages, &drafts) {
            tracing::warn!(family = %family, "a family's drafts are kept: reduced, its workbook would not read the same");
            return Ok(false);
        }
        let body = serde_json::to_string(&Reduction { boxes, drafts: left }).expect("reductions are plain data");
        let (now, nobody) = (self.inner.clock.now(), WorkerId::new(store::Uuid::nil()));
        let gone = Event::Destroyed { slot: part.slot_id };
        let noted = WorkbookEvent::Reduced { slot: part.slot_id };
        let mut tx = store.begin().await?;
        let kept = tx.keep_reduction(part, now, &body).await?
            && tx.rewrite(&Rewrite::of(meeting.uuid(), &entries, lines, (now, nobody, gone))).await?
            && tx.rewrite(&Rewrite::of(family.uuid(), &pages, drafts, (now, nobody, noted))).await?;
        if !kept {
            return Ok(false);
        }
        tx.notify(&format!("{REWRITTEN}{meeting} {family}")).await?;
        tx.commit().await?;
        self.forget_subjects(&[meeting], &[family]);
        Ok(true)
    }

    /// What a reduction left of a slot's boxes.
    pub(crate) async fn reduced(&self, slot: SlotId) -> Result<Option<Reduction>, ServiceError> {
        let body = self.inner.store.reduction(slot).await?;
        Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
    }
}

/// Whether there are records of a part, and all were last signed before a moment.
fn signed_before(records: &[Record], slot: SlotId, moment: DateTime<Utc>) -> bool {
    let mut of_part = records.iter().filter(|record| record.slot == slot).peekable();
    of_part.peek().is_some()
        && of_part.all(|record| record.life.versions.last().is_some_and(|version| version.at <= moment))
}

/// Whether a workbook says the same with other lines: its records, steps, messages, and the words of its chapters.
fn reads_the_same(entries: &[Entry<WorkbookEvent>], lines: &Rewritten<WorkbookEvent>) -> bool {
    let mut after = entries.to_vec();
    for (seq, event) in lines {
        if let Some(entry) = after.iter_mut().find(|entry| entry.seq == *seq) {
            entry.event = event.clone();
        }
    }
    let (before, after) = (Workbook::fold(entries), Workbook::fold(&after));
    let words = |workbook: &Workbook| -> Vec<_> {
        workbook
            .chapters
            .iter()
            .map(|text| (text.worker, text.month.clone(), text.place.clone(), text.prose.text(), text.revision))
            .collect()
    };
    (&before.records, &before.steps, &before.messages) == (&after.records, &after.steps, &after.messages)
        && words(&before) == words(&after)
}
