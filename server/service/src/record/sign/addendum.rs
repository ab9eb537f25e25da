//! What is added to a signed record: accepted, it makes a new signed version.

use crate::people::second::Post;
use crate::{Service, ServiceError};
use domain::AddendumId;
use domain::family::WorkbookEvent;
use domain::meeting::refusal::short;
use domain::policy::{RecordManager, RecordReader};
use domain::prose::{BOX_LIMIT, clean};
use domain::record::{Addendum, RecordPart};

impl Service {
    /// Asks for something to be added to a signed record.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the record is not theirs to know.
    pub async fn ask_addendum(&self, reader: RecordReader<'_>, reason: &str, text: &str) -> Result<(), ServiceError> {
        let (viewer, id) = (reader.viewer(), reader.record());
        if !reader.may_ask() {
            return Err(ServiceError::NotFound);
        }
        let (reason, text) = (short("Why it is added", reason, 500)?, clean(text).trim().to_owned());
        if reason.is_empty() {
            return Err(ServiceError::field("reason", "Write why the record needs it."));
        }
        if text.is_empty() || text.len() > BOX_LIMIT {
            return Err(ServiceError::field("addendum", "Write what is added, in at most 100 KB."));
        }
        let by = self.named(viewer).await?;
        let asked = Addendum {
            id: AddendumId::new(self.new_uuid()),
            at: self.inner.clock.now(),
            by,
            reason,
            text: domain::mark::Marked::open(text),
            answer: None,
        };
        self.write_record(viewer, reader.family().family(), |workbook| {
            let record = workbook.record(id).ok_or(ServiceError::NotFound)?;
            if !record.signed() {
                return Err(ServiceError::field("addendum", "It is not signed yet: ask for a correction instead."));
            }
            let same =
                |other: &Addendum| (&other.by, &other.text) == (&asked.by, &asked.text) && other.answer.is_none();
            if record.life.addenda.iter().any(same) {
                return Ok(None);
            }
            Ok(Some(WorkbookEvent::AddendumAsked { record: id, addendum: Box::new(asked.clone()) }))
        })
        .await
    }

    /// Accepts an addendum, which makes a new signed version, or says why not.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where there is no such addendum; a form error for whoever asked for it: it takes two people.
    pub async fn answer_addendum(
        &self, manager: RecordManager<'_>, addendum: AddendumId, taken: bool, word: &str,
    ) -> Result<(), ServiceError> {
        let (viewer, id, family) = (manager.viewer(), manager.reader().record(), manager.reader().family().family());
        if taken {
            let record = self.workbook(family).await?.record(id).cloned().ok_or(ServiceError::NotFound)?;
            let asked = record.life.addenda.iter().find(|asked| asked.id == addendum).ok_or(ServiceError::NotFound)?;
            let team = self.inner.store.family(family).await?.and_then(|family| family.team());
            self.seconds(viewer, Post::Manages(team.as_slice()), (asked.by.worker, asked.at)).await?;
        }
        let answer = self.answer(viewer, taken, word).await?;
        let signing = self.signing(viewer, family).await?;
        self.seal_and_write(
            viewer,
            family,
            |workbook| {
                let mut record = workbook.record(id).cloned().ok_or(ServiceError::NotFound)?;
                let reads = record.lets_read(RecordPart::Addendum { addendum }, viewer.worker);
                let existing = record.life.addenda.iter_mut().find(|existing| existing.id == addendum);
                let existing = existing.ok_or(ServiceError::NotFound)?;
                if existing.answer.is_some() {
                    return Ok((Vec::new(), Vec::new()));
                }
                if taken && !reads {
                    let message = "It is kept for others, and nobody accepts what they have not read. Ask its writer, \
                        or answer with a word.";
                    return Err(ServiceError::field("", message));
                }
                existing.answer = Some(answer.clone());
                let event = WorkbookEvent::AddendumAnswered { record: id, addendum, answer: answer.clone() };
                Ok((vec![event], if taken { vec![record] } else { Vec::new() }))
            },
            &signing,
        )
        .await
    }
}
