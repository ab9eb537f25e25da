//! Late contributions: what somebody wrote and the meeting could not take any more.

use crate::workbook::step::AFTERWARDS;
use crate::{Service, ServiceError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::family::WorkbookEvent;
use domain::meeting::{Entry, Refusal};
use domain::policy::{LateAuthor, RecordReader};
use domain::prose::{BOX_LIMIT, clean};
use domain::record::Record;
use domain::viewer::Viewer;
use domain::{CommandId, FamilyId, MeetingId, PersonId, SlotId};
use std::collections::BTreeSet;
use store::late::LateRow;
use store::outcome::Kept;

/// What somebody files late.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LateWords {
    /// The children it is about; empty for the whole family.
    pub children: BTreeSet<PersonId>,
    /// Markdown.
    pub text: String,
}

impl From<&str> for LateWords {
    fn from(text: &str) -> Self {
        Self { children: BTreeSet::new(), text: text.to_owned() }
    }
}

impl Service {
    /// The right to file words for one discussion: its author keeps it until the day after their allocation ended, and
    /// whoever was there for the day until the record is signed. The words are theirs.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer never took part in this family's discussion.
    pub async fn late_author<'v>(
        &self, viewer: &'v Viewer, meeting: MeetingId, slot: SlotId,
    ) -> Result<LateAuthor<'v>, ServiceError> {
        let live = self.live(meeting).await?.ok_or(ServiceError::NotFound)?;
        let (family, held_on, reads) = {
            let state = live.look().await;
            let slot = state.room.slot(slot).ok_or(ServiceError::NotFound)?;
            (slot.family.ok_or(ServiceError::NotFound)?, state.room.held_on, state.room.reads(viewer, slot))
        };
        let still_writes = !reads && self.still_writes(viewer, family, meeting, held_on).await?;
        let state = live.look().await;
        let slot = state.room.slot(slot).ok_or(ServiceError::NotFound)?;
        LateAuthor::of(&state.room, slot, viewer, still_writes).ok_or(ServiceError::NotFound)
    }

    /// Files words for a family's workbook that came too late for its meeting. The same id again changes nothing.
    ///
    /// # Errors
    /// A form error for words that are empty or too long; a refusal for children who were not discussed.
    pub async fn contribute_late(
        &self, author: LateAuthor<'_>, command: CommandId, late: &LateWords,
    ) -> Result<(), ServiceError> {
        let (children, text) = (&late.children, clean(&late.text).trim().to_owned());
        if text.is_empty() {
            return Err(ServiceError::field("text", "Nothing is written in it. Discard it instead."));
        }
        if text.len() > BOX_LIMIT {
            return Err(ServiceError::field("text", "A late contribution holds at most 100 KB. Shorten it."));
        }
        if !children.is_subset(author.children()) {
            return Err(Refusal::NotTheirChild.into());
        }
        let (viewer, meeting, held_on) = (author.viewer(), author.meeting(), author.held_on());
        let kept =
            Kept { worker: viewer.worker, command, at: self.inner.clock.now(), body: "\"filed_late\"".to_owned() };
        self.write_workbook(viewer, author.family(), Some(kept), |_| {
            Ok(Some(WorkbookEvent::ContributedLate {
                meeting,
                held_on,
                children: children.clone(),
                text: text.clone(),
            }))
        })
        .await
    }

    /// Who filed words for this record's meeting afterwards, and when, oldest first. The words stand beside the record.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the right is to another record.
    pub async fn late_for(
        &self, reader: RecordReader<'_>, record: &Record,
    ) -> Result<Vec<(String, DateTime<Utc>)>, ServiceError> {
        if reader.record() != record.id {
            return Err(ServiceError::NotFound);
        }
        let mut late = self.inner.store.late_of_meeting(record.meeting).await?;
        late.retain(|late| late.family_id == record.family);
        let directory = self.directory().await?;
        Ok(late.into_iter().map(|late| (directory.name(late.worker_id).to_owned(), late.at)).collect())
    }
}

impl Service {
    /// Whether somebody who took part and does not work with the family now may still file words for its meeting.
    async fn still_writes(
        &self, viewer: &Viewer, family: FamilyId, meeting: MeetingId, held_on: NaiveDate,
    ) -> Result<bool, ServiceError> {
        let lately = self.inner.clock.today() - AFTERWARDS;
        let mut allocations = self.inner.store.allocations(family.uuid()).await?;
        allocations.retain(|row| row.worker() == Some(viewer.worker));
        if !allocations.is_empty() {
            return Ok(allocations.iter().any(|row| row.current(lately)));
        }
        let mut records = self.inner.store.records_of_meeting(meeting).await?;
        records.retain(|record| record.family == family);
        // A discussion that was put off has no record.
        Ok((records.is_empty() && held_on >= lately) || records.iter().any(|record| !record.signed()))
    }
}

/// The row of a late contribution; `None` for other events.
pub(crate) fn late_row(family: domain::FamilyId, entry: &Entry<WorkbookEvent>) -> Option<LateRow> {
    let WorkbookEvent::ContributedLate { meeting, held_on, text, .. } = &entry.event else { return None };
    Some(LateRow {
        family_id: family,
        meeting_id: *meeting,
        worker_id: entry.by,
        at: entry.at,
        held_on: *held_on,
        text: text.clone(),
    })
}
