//! Whom a part of a record is kept from.

use crate::{Service, ServiceError};
use domain::family::WorkbookEvent;
use domain::mark::{Mark, Readers};
use domain::policy::RecordReader;
use domain::record::RecordPart;

impl Service {
    /// Marks a part of a draft, or an addition nobody has answered. Its writer narrows and releases their own words; those
    /// who serve the team keep them from more people of the family, and mark what is the whole group's.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to mark; a form error where it is signed.
    pub async fn mark_part(&self, reader: RecordReader<'_>, part: RecordPart, mark: &Mark) -> Result<(), ServiceError> {
        let (viewer, id, keeps) = (reader.viewer(), reader.record(), reader.keeper().is_some());
        let (family, seen) = self.record(reader).await?;
        if !reader.may_ask() || !seen.may_mark(part, mark, viewer.worker, keeps) {
            return Err(ServiceError::NotFound);
        }
        let members = self.inner.store.members(family.id.uuid()).await?;
        let is_member = |person| members.iter().any(|member| member.person.id == person);
        if !mark.not_in_copies_for.iter().all(|person| is_member(*person)) {
            return Err(ServiceError::NotFound);
        }
        if let Readers::Only { workers } = &mark.readers {
            let directory = self.directory().await?;
            if !workers.iter().all(|worker| directory.workers.contains_key(worker)) {
                return Err(ServiceError::NotFound);
            }
        }
        self.write_record(viewer, family.id, |workbook| {
            let record = workbook.record(id).ok_or(ServiceError::NotFound)?;
            let done = match part {
                RecordPart::Addendum { addendum } => {
                    record.life.addenda.iter().any(|existing| existing.id == addendum && existing.answer.is_some())
                }
                _ => record.signed(),
            };
            if done {
                let message = "It is signed, and its marks with it. Whoever makes a copy sees them.";
                return Err(ServiceError::field("", message));
            }
            if !record.may_mark(part, mark, viewer.worker, keeps) {
                return Err(ServiceError::NotFound);
            }
            let before = record.mark_of(part).ok_or(ServiceError::NotFound)?;
            let reason = before.reason_once_said(&mark.reason, record.own(part, viewer.worker))?;
            let mark = Mark { reason, ..mark.clone() };
            if *before == mark {
                return Ok(None);
            }
            Ok(Some(WorkbookEvent::Marked { record: id, part, mark }))
        })
        .await
    }
}
