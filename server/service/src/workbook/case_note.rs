//! What workers write into a family's chronology.

use crate::form::FormErrors;
use crate::{Service, ServiceError};
use domain::case_note::{CaseNote, CaseNoteContent};
use domain::family::{Workbook, WorkbookEvent};
use domain::policy::FamilyReader;
use domain::{CaseNoteId, PersonId};
use std::collections::BTreeSet;

/// The form of one note, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseNoteForm {
    /// Its id, made with the form: the same form twice is one note.
    pub id: CaseNoteId,
    /// The revision the form was filled from; 0 for a new one.
    pub base: i64,
    /// The children it is about.
    pub children: BTreeSet<PersonId>,
    /// The day, as typed.
    pub happened: String,
    /// What happened.
    pub text: String,
    /// Whether it is significant.
    pub significant: bool,
}

impl Service {
    /// A note, to be changed.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where there is none.
    pub async fn case_note(&self, reader: FamilyReader<'_>, id: CaseNoteId) -> Result<CaseNote, ServiceError> {
        let workbook = self.workbook(reader.family()).await?;
        workbook.case_notes.iter().find(|note| note.id == id).cloned().ok_or(ServiceError::NotFound)
    }

    /// Writes a note, or changes it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not the viewer's to write; form errors by field, also where somebody else changed it
    /// meanwhile.
    pub async fn write_case_note(&self, reader: FamilyReader<'_>, form: &CaseNoteForm) -> Result<(), ServiceError> {
        let members = self.inner.store.members(reader.family().uuid()).await?;
        let is_child = |child| members.iter().any(|member| member.person.id == child && !member.person.adult);
        if !form.children.iter().all(|child| is_child(*child)) {
            return Err(ServiceError::NotFound);
        }
        // Whoever has grown up or left since is not on the form, and stays.
        let before = self.children_of_case_note(reader, form.id).await?;
        let stay = before.into_iter().filter(|child| !is_child(*child));
        let mut errors = FormErrors::default();
        let content = CaseNoteContent {
            children: form.children.iter().copied().chain(stay).collect(),
            on: errors.date("happened", &form.happened),
            text: form.text.clone(),
            significant: form.significant,
        };
        // What cannot be read as a day is said once.
        errors.done()?;
        let checked = content.checked(self.inner.clock.today());
        let content = checked.map_err(|wrong| {
            ServiceError::Form(wrong.into_iter().map(|(field, why)| (field.to_owned(), why.to_string())).collect())
        })?;
        self.change_case_note(reader, form.id, |before| match before {
            None if form.base > 0 => Err(ServiceError::NotFound),
            Some(before) if before.content == content && !before.removed => Ok(None),
            Some(before) if before.revision != form.base => {
                let now = if before.removed {
                    "It is removed.".to_owned()
                } else {
                    format!("It now reads: {}", before.content.text)
                };
                let why = format!("{} changed this meanwhile. {now} Yours is still below.", before.by.name);
                Err(ServiceError::field("text", why))
            }
            _ => Ok(Some((content.clone(), false))),
        })
        .await
    }

    /// The children a note is about; none where there is no such note yet.
    async fn children_of_case_note(
        &self, reader: FamilyReader<'_>, id: CaseNoteId,
    ) -> Result<BTreeSet<PersonId>, ServiceError> {
        let workbook = self.workbook(reader.family()).await?;
        let note = workbook.case_notes.iter().find(|note| note.id == id);
        Ok(note.map(|note| note.content.children.clone()).unwrap_or_default())
    }

    /// Takes a note out of the chronology, or puts it back.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not the viewer's to write, or there is none.
    pub async fn remove_case_note(
        &self, reader: FamilyReader<'_>, id: CaseNoteId, removed: bool,
    ) -> Result<(), ServiceError> {
        self.change_case_note(reader, id, |before| {
            let before = before.ok_or(ServiceError::NotFound)?;
            Ok((before.removed != removed).then(|| (before.content.clone(), removed)))
        })
        .await
    }

    async fn change_case_note(
        &self, reader: FamilyReader<'_>, id: CaseNoteId,
        decide: impl Fn(Option<&CaseNote>) -> Result<Option<(CaseNoteContent, bool)>, ServiceError>,
    ) -> Result<(), ServiceError> {
        let viewer = reader.viewer();
        if !Self::writes_workbook(reader) {
            return Err(ServiceError::NotFound);
        }
        let (by, at) = (self.named(viewer).await?, self.inner.clock.now());
        let decide = |workbook: &Workbook| {
            let before = workbook.case_notes.iter().find(|note| note.id == id);
            let revision = before.map_or(0, |before| before.revision);
            let changed = decide(before)?;
            Ok(changed.map(|(content, removed)| {
                // Who takes it out or puts it back did not write it.
                let writer = before.filter(|before| before.content == content);
                let (by, at) = writer.map_or_else(|| (by.clone(), at), |before| (before.by.clone(), before.at));
                WorkbookEvent::CaseNoteWritten { note: Box::new(CaseNote { id, content, removed, by, at, revision }) }
            }))
        };
        self.write_workbook(viewer, reader.family(), None, decide).await
    }
}
