//! Whom of the family a part of a record is kept from.

use crate::{Service, ServiceError};
use domain::family::WorkbookEvent;
use domain::record::{KeptFrom, Place};
use domain::viewer::Viewer;
use domain::{PersonId, RecordId};
use std::collections::BTreeSet;

impl Service {
    /// Keeps a part of a draft, or an addition nobody has answered, from people of the family.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to say: others' words are marked by those who serve the team;
    /// a form error where it is signed.
    pub async fn keep_from(
        &self, viewer: &Viewer, id: RecordId, place: Place, people: &BTreeSet<PersonId>,
    ) -> Result<(), ServiceError> {
        let (family, seen) = self.record(viewer, id).await?;
        let rights = self.record_rights(viewer, &family, &seen);
        let added = |addendum| seen.life.addenda.iter().find(|known| known.id == addendum);
        let own = match place {
            Place::Heard { worker } | Place::Stance { worker } => worker == viewer.worker,
            Place::Addendum { addendum } => added(addendum).is_some_and(|known| known.by.worker == viewer.worker),
            Place::Meaning | Place::Life | Place::Why | Place::Step { .. } | Place::Other => false,
        };
        if !(rights.keep || own && rights.ask) || place == Place::Other || seen.reads(place).is_none() {
            return Err(ServiceError::NotFound);
        }
        let members = self.inner.store.members(family.id.uuid()).await?;
        if !people.iter().all(|person| members.iter().any(|member| member.person.id == *person)) {
            return Err(ServiceError::NotFound);
        }
        let kept = KeptFrom { place, people: people.clone() };
        self.write_record(viewer, family.id, |workbook| {
            let record = workbook.record(id).ok_or(ServiceError::NotFound)?;
            let done = match place {
                Place::Addendum { addendum } => {
                    record.life.addenda.iter().any(|known| known.id == addendum && known.answer.is_some())
                }
                _ => record.signed(),
            };
            if done {
                let told = "It is signed, and its marks with it. Whoever makes a copy sees them.";
                return Err(ServiceError::field("", told));
            }
            Ok(Some(WorkbookEvent::KeptFrom { record: id, kept: kept.clone() }))
        })
        .await
    }
}
