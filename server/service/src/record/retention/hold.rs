//! Legal holds: while one stands, nothing of a family is reduced or destroyed.

use crate::{Service, ServiceError};
use domain::FamilyId;
use domain::family::{Workbook, WorkbookEvent};
use domain::meeting::refusal::short;
use domain::policy::TeamManager;
use domain::retention::Hold;
use domain::viewer::Viewer;

impl Service {
    /// Puts a legal hold on a family.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not manage the team; a form error without a reason.
    pub async fn hold(&self, viewer: &Viewer, family: FamilyId, reason: &str) -> Result<(), ServiceError> {
        let manager = self.manager_of(viewer, family).await?;
        let reason = short("Why it is held", reason, 500)?;
        if reason.is_empty() {
            return Err(ServiceError::field("hold", "Write why nothing may be destroyed: proceedings, an inquiry."));
        }
        let hold = Hold { at: self.inner.clock.now(), by: self.named(viewer).await?, reason };
        self.write_hold(manager, family, |workbook| {
            workbook.hold.is_none().then(|| WorkbookEvent::Held { hold: hold.clone() })
        })
        .await?;
        // What was proposed before is proposed anew, should the hold end.
        let mut tx = self.inner.store.begin().await?;
        for child in self.recorded(family).await? {
            tx.withdraw_expiry(child).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Ends a legal hold.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not manage the team.
    pub async fn release(&self, viewer: &Viewer, family: FamilyId, word: &str) -> Result<(), ServiceError> {
        let manager = self.manager_of(viewer, family).await?;
        let (by, word) = (self.named(viewer).await?, short("Why it ends", word, 500)?);
        self.write_hold(manager, family, |workbook| {
            workbook.hold.is_some().then(|| WorkbookEvent::Released { by: by.clone(), word: word.clone() })
        })
        .await
    }

    /// The hold on a family, for whoever manages its team.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not.
    pub async fn hold_of(&self, viewer: &Viewer, family: FamilyId) -> Result<Option<Hold>, ServiceError> {
        self.manager_of(viewer, family).await?;
        if self.inner.store.hold(family).await?.is_none() {
            return Ok(None);
        }
        Ok(self.workbook(family).await?.hold.clone())
    }

    async fn manager_of<'v>(&self, viewer: &'v Viewer, family: FamilyId) -> Result<TeamManager<'v>, ServiceError> {
        let row = self.may_see_family(viewer, family).await?;
        TeamManager::of(viewer, row.team()).ok_or(ServiceError::NotFound)
    }

    async fn write_hold(
        &self, manager: TeamManager<'_>, family: FamilyId, decide: impl Fn(&Workbook) -> Option<WorkbookEvent>,
    ) -> Result<(), ServiceError> {
        self.write_workbook(manager.viewer(), family, None, |workbook| Ok(decide(workbook))).await
    }
}
