//! Corrections of drafts: asked by whoever took part, answered by those who serve the team.

use super::draft;
use crate::{Service, ServiceError};
use chrono::{NaiveDate, TimeDelta};
use domain::CorrectionId;
use domain::family::WorkbookEvent;
use domain::mark::{Mark, Marked};
use domain::meeting::refusal::short;
use domain::policy::{RecordKeeper, RecordReader};
use domain::prose::{BOX_LIMIT, clean};
use domain::record::{Correction, Record, RecordPart, WishAnswer};
use domain::viewer::Viewer;

impl Service {
    /// The last day on which a draft can still be corrected.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn corrections_until(&self, record: &Record) -> Result<NaiveDate, ServiceError> {
        let drafted = domain::dates::london(record.drafted_at).date();
        let days = self.template_of(record.meeting).await?.correction_days;
        Ok(drafted + TimeDelta::days(i64::from(days)))
    }

    /// Asks for a part of a draft to read otherwise.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the record is not theirs to know; where it is signed or too late.
    pub async fn ask_correction(
        &self, reader: RecordReader<'_>, part: RecordPart, text: &str,
    ) -> Result<(), ServiceError> {
        let (viewer, id) = (reader.viewer(), reader.record());
        let (family, seen) = self.record(reader).await?;
        if !reader.may_ask() {
            return Err(ServiceError::NotFound);
        }
        let text = clean(text).trim().to_owned();
        if text.is_empty() || text.len() > BOX_LIMIT {
            return Err(ServiceError::field("text", "Write how it should read, in at most 100 KB."));
        }
        if let RecordPart::Heard { worker } | RecordPart::Stance { worker } = part
            && worker != viewer.worker
        {
            let message = "Somebody's own words are theirs to correct. Use \"Something else\" to say what is wrong.";
            return Err(ServiceError::field("text", message));
        }
        if matches!(part, RecordPart::Addendum { .. } | RecordPart::Correction { .. }) {
            return Err(ServiceError::NotFound);
        }
        if part != RecordPart::Other && seen.reads(part).is_none() {
            return Err(ServiceError::NotFound);
        }
        let sealed = seen.heard.iter().any(|heard| heard.unrevealed() && heard.who.worker == viewer.worker);
        if seen.reads(part) == Some(text.as_str()) && !(sealed && matches!(part, RecordPart::Heard { .. })) {
            return Err(ServiceError::field(
                "text",
                "That is how it reads already. Change what should read otherwise.",
            ));
        }
        let until = self.corrections_until(&seen).await?;
        if self.inner.clock.today() > until {
            let message = format!(
                "Corrections could be asked for until {}. Ask the manager, or add to the record once it is signed.",
                domain::dates::plain_date(until)
            );
            return Err(ServiceError::field("text", message));
        }
        let by = self.named(viewer).await?;
        let correction = CorrectionId::new(self.new_uuid());
        let at = self.inner.clock.now();
        // How marked words should read is kept from others as the words themselves; what was sealed is given by asking.
        let mark = seen.mark_of(part).map(|mark| Mark { hidden_until_reveal: false, ..mark.clone() });
        let text = Marked { content: text, mark: mark.unwrap_or_default() };
        let asked = Correction { id: correction, at, by, part, text, answer: None };
        self.write_record(viewer, family.id, |workbook| {
            let record = draft(workbook, id)?;
            let same =
                |other: &&Correction| (&other.by, other.part, &other.text) == (&asked.by, asked.part, &asked.text);
            if record.life.corrections.iter().any(|other| same(&other) && other.answer.is_none()) {
                return Ok(None);
            }
            Ok(Some(WorkbookEvent::CorrectionAsked { record: id, correction: Box::new(asked.clone()) }))
        })
        .await
    }

    /// Takes a correction into the draft, or says why not.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where there is no such correction.
    pub async fn answer_correction(
        &self, keeper: RecordKeeper<'_>, correction: CorrectionId, taken: bool, word: &str,
    ) -> Result<(), ServiceError> {
        let (viewer, id) = (keeper.viewer(), keeper.reader().record());
        let answer = self.answer(viewer, taken, word).await?;
        self.write_record(viewer, keeper.reader().family().family(), |workbook| {
            let draft = draft(workbook, id)?;
            let existing = draft.life.corrections.iter().find(|existing| existing.id == correction);
            let existing = existing.ok_or(ServiceError::NotFound)?;
            if taken
                && existing.answer.is_none()
                && let Some(message) = draft.why_not_taken(existing, viewer.worker)
            {
                return Err(ServiceError::field("", message));
            }
            match existing.answer {
                Some(_) => Ok(None),
                None => Ok(Some(WorkbookEvent::CorrectionAnswered { record: id, correction, answer: answer.clone() })),
            }
        })
        .await
    }

    pub(super) async fn answer(&self, viewer: &Viewer, taken: bool, word: &str) -> Result<WishAnswer, ServiceError> {
        let word = short("A word on it", word, 500)?;
        let by = self.named(viewer).await?;
        Ok(WishAnswer { at: self.inner.clock.now(), by, taken, word })
    }
}
