//! Steps: everybody's own list, and what became of them.

use crate::family::step_card;
use crate::{Service, ServiceError};
use domain::family::WorkbookEvent;
use domain::meeting::refusal::short;
use domain::page::StepCard;
use domain::viewer::Viewer;
use domain::{StepId, TeamId, WorkerId};

impl Service {
    /// The viewer's open steps, soonest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn my_steps(&self, viewer: &Viewer) -> Result<Vec<StepCard>, ServiceError> {
        let directory = self.directory().await?;
        let mut cards = Vec::new();
        for step in self.inner.store.steps_of(viewer.worker).await? {
            if let Some(family) = self.inner.store.family(step.family_id).await? {
                cards.push(step_card(&step, &family, &directory, viewer));
            }
        }
        Ok(cards)
    }

    /// The open steps of the teams a viewer serves, by family.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn team_steps(&self, viewer: &Viewer) -> Result<Vec<StepCard>, ServiceError> {
        let directory = self.directory().await?;
        let mut cards = Vec::new();
        for team in viewer.manages.union(&viewer.records) {
            let families = self.inner.store.families_in(team.uuid()).await?;
            for step in self
                .inner
                .store
                .steps_in(team.uuid())
                .await?
                .iter()
                .filter(|step| !matches!(step.state.as_str(), "done" | "dropped"))
            {
                if let Some(family) = families.iter().find(|family| family.id == step.family_id) {
                    cards.push(step_card(step, family, &directory, viewer));
                }
            }
        }
        cards.sort_by(|a, b| a.reference.cmp(&b.reference).then_with(|| a.due.cmp(&b.due)));
        Ok(cards)
    }

    /// Says what became of a step: its owner, or who serves the family's team.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs to know or answer.
    pub async fn answer_step(&self, viewer: &Viewer, id: StepId, done: bool, word: &str) -> Result<(), ServiceError> {
        let word = short("A word why", word, 500)?;
        let step = self.inner.store.step(id).await?.ok_or(ServiceError::NotFound)?;
        let family = self.inner.store.family(step.family_id).await?.ok_or(ServiceError::NotFound)?;
        let owner = step.owner.map(WorkerId::new);
        if owner != Some(viewer.worker) && !family.team_id.map(TeamId::new).is_some_and(|team| viewer.serves(team)) {
            return Err(ServiceError::NotFound);
        }
        self.write_workbook(viewer, family.id, None, |workbook| {
            let known = workbook.steps.iter().any(|known| known.step.step == id);
            let event = WorkbookEvent::StepAnswered { step: id, done, word: word.clone(), said: None };
            if known { Ok(Some(event)) } else { Err(ServiceError::NotFound) }
        })
        .await
    }
}
