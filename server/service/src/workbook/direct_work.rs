//! Direct work with people of a family: written down by whoever works with the family.

use crate::form::FormErrors;
use crate::{Service, ServiceError};
use domain::direct_work::{DirectWork, DirectWorkContent, DirectWorkState};
use domain::family::{Workbook, WorkbookEvent};
use domain::page::FamilyCard;
use domain::policy::FamilyReader;
use domain::{DirectWorkId, PersonId};

/// The form of one piece of work, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectWorkForm {
    /// Its id, made with the form: the same form twice is one piece of work.
    pub id: DirectWorkId,
    /// With whom.
    pub with: PersonId,
    /// The revision the form was filled from; 0 for a new one.
    pub base: i64,
    /// The module.
    pub module: String,
    /// How far it has come.
    pub state: DirectWorkState,
    /// The day, as typed.
    pub on: String,
    /// What it showed.
    pub finding: String,
}

impl Service {
    /// A family with the direct work with its people, in the order it was written down.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is gone.
    pub async fn direct_work(&self, reader: FamilyReader<'_>) -> Result<(FamilyCard, Vec<DirectWork>), ServiceError> {
        let card = self.family(reader).await?;
        Ok((card, self.workbook(reader.family()).await?.direct_work.clone()))
    }

    /// Writes a piece of work down, or changes it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not the viewer's to write; form errors by field, also where somebody else changed
    /// it meanwhile.
    pub async fn write_direct_work(&self, reader: FamilyReader<'_>, form: &DirectWorkForm) -> Result<(), ServiceError> {
        let (viewer, family) = (reader.viewer(), reader.family());
        let members = self.inner.store.members(family.uuid()).await?;
        let of_family = members.iter().any(|member| member.person.id == form.with);
        if !of_family || !Self::writes_workbook(reader) {
            return Err(ServiceError::NotFound);
        }
        let content = self.direct_work_content(form)?;
        let (by, at) = (self.named(viewer).await?, self.inner.clock.now());
        let decide = |workbook: &Workbook| {
            let before = workbook.direct_work.iter().find(|before| before.id == form.id);
            match before {
                Some(before) if before.with != form.with => Err(ServiceError::NotFound),
                None if form.base > 0 => Err(ServiceError::NotFound),
                Some(before) if before.content == content => Ok(None),
                Some(before) if before.revision != form.base => {
                    let (who, now) = (&before.by.name, &before.content);
                    let why = format!(
                        "{who} changed this meanwhile. It is now {}: {} Yours is still below.",
                        now.state_in_words(),
                        if now.finding.is_empty() { "nothing is written of what it showed." } else { &now.finding }
                    );
                    Err(ServiceError::field("finding", why))
                }
                _ => Ok(Some(WorkbookEvent::DirectWorkWritten {
                    work: Box::new(DirectWork {
                        id: form.id,
                        with: form.with,
                        content: content.clone(),
                        by: by.clone(),
                        at,
                        revision: form.base,
                    }),
                })),
            }
        };
        self.write_workbook(viewer, family, None, decide).await
    }

    fn direct_work_content(&self, form: &DirectWorkForm) -> Result<DirectWorkContent, ServiceError> {
        let mut errors = FormErrors::default();
        let content = DirectWorkContent {
            module: form.module.clone(),
            state: form.state,
            on: errors.date("on", &form.on),
            finding: form.finding.clone(),
        };
        // What cannot be read as a day is said once.
        errors.done()?;
        let mut errors = FormErrors::default();
        let checked = content.checked(self.inner.clock.today());
        let wrong = checked.as_ref().err().into_iter().flatten();
        wrong.for_each(|(field, refusal)| errors.add(field, refusal.to_string()));
        errors.done()?;
        Ok(checked.expect("whatever is wrong was said"))
    }
}
