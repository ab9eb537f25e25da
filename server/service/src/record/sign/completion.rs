//! What signing asks for and the room did not say.

use super::draft;
use crate::{Service, ServiceError};
use chrono::NaiveDate;
use domain::family::WorkbookEvent;
use domain::meeting::refusal::short;
use domain::policy::RecordReader;
use domain::record::Completion;
use domain::template::Template;
use domain::{StepId, WorkerId};

impl Service {
    /// Adds what signing asks for. Steps and reasons: who serves the team, a reason also whoever gave the stance;
    /// decision and its reason: the manager.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to say.
    pub async fn complete(&self, reader: RecordReader<'_>, completion: Completion) -> Result<(), ServiceError> {
        let (viewer, id) = (reader.viewer(), reader.record());
        let (keeps, manages) = (reader.keeper().is_some(), reader.manager().is_some());
        let (family, seen) = self.record(reader).await?;
        let allowed = match &completion {
            Completion::Decision { .. } | Completion::Why { .. } => manages,
            Completion::Step { .. } | Completion::Attendance { .. } | Completion::Meaning { .. } => keeps,
            Completion::Reason { worker, given } => keeps || (*worker == viewer.worker && given.is_some()),
        };
        if !allowed {
            return Err(ServiceError::NotFound);
        }
        if let Completion::Step { step, due, .. } = &completion
            && *due < seen.held_on
        {
            let message =
                format!("By when: {} is before the meeting. Give a day after it.", domain::dates::plain_date(*due));
            return Err(ServiceError::field(&format!("due-{step}"), message));
        }
        let completion = checked(completion, &self.template_of(seen.meeting).await?)?;
        let by = self.named(viewer).await?;
        self.write_record(viewer, family.id, |workbook| {
            // What was said stays said: this only fills in what is missing.
            if !draft(workbook, id)?.lacks(&completion) {
                let message = "That has been said already. Ask for a correction where it is not right.";
                return Err(ServiceError::field("", message));
            }
            let completion = Box::new(completion.clone());
            Ok(Some(WorkbookEvent::Completed { record: id, by: by.clone(), completion }))
        })
        .await
    }

    /// A step's completion from a form: who and by when.
    ///
    /// # Errors
    /// Where the owner is nobody of the team's directory.
    pub async fn step_completion(
        &self, step: StepId, owner: WorkerId, due: NaiveDate,
    ) -> Result<Completion, ServiceError> {
        let directory = self.directory().await?;
        let owner = directory.names.get(&owner).cloned();
        let owner = owner.ok_or_else(|| ServiceError::field("owner", "Choose who does it."))?;
        Ok(Completion::Step { step, owner, due })
    }
}

fn checked(completion: Completion, template: &Template) -> Result<Completion, ServiceError> {
    let words = |field: &str, text: &str| {
        let text = short("The reason", text, 4000)?;
        if text.is_empty() { Err(ServiceError::field(field, "Write the reason.")) } else { Ok(text) }
    };
    Ok(match completion {
        Completion::Decision { kind, why, .. } => {
            let chosen = template.kind(&kind);
            let chosen = chosen.ok_or_else(|| ServiceError::field("kind", "Choose what was decided from the list."))?;
            let route = if chosen.recommended_to.is_empty() {
                "Decided here".to_owned()
            } else {
                format!("Recommended to {}", chosen.recommended_to)
            };
            Completion::Decision { kind, title: chosen.title.clone(), route, why: words("why", &why)? }
        }
        Completion::Why { text } => Completion::Why { text: words("why", &text)? },
        Completion::Reason { worker, given: Some(text) } => {
            Completion::Reason { worker, given: Some(words("reason", &text)?) }
        }
        Completion::Attendance { present } if present.is_empty() => {
            return Err(ServiceError::field("attendance", "Tick who was there."));
        }
        Completion::Meaning { text } => {
            let text = domain::prose::clean(&text).trim().to_owned();
            if text.is_empty() || text.len() > domain::prose::BOX_LIMIT {
                return Err(ServiceError::field("meaning", "Write what it means, in at most 100 KB."));
            }
            Completion::Meaning { text }
        }
        other @ (Completion::Reason { .. } | Completion::Step { .. } | Completion::Attendance { .. }) => other,
    })
}
