//! Legal holds: while one stands, nothing of a family is reduced or destroyed.

use crate::people::second::Post;
use crate::{Service, ServiceError};
use domain::family::Hold;
use domain::family::{Workbook, WorkbookEvent};
use domain::meeting::refusal::short;
use domain::policy::FamilyManager;

impl Service {
    /// Puts a legal hold on a family.
    ///
    /// # Errors
    /// A form error without a reason.
    pub async fn hold(&self, manager: FamilyManager<'_>, reason: &str) -> Result<(), ServiceError> {
        let reason = short("Why it is held", reason, 500)?;
        if reason.is_empty() {
            return Err(ServiceError::field("hold", "Write why nothing may be destroyed: proceedings, an inquiry."));
        }
        let hold = Hold { at: self.inner.clock.now(), by: self.named(manager.viewer()).await?, reason };
        self.write_hold(manager, |workbook| {
            workbook.hold.is_none().then(|| WorkbookEvent::Held { hold: hold.clone() })
        })
        .await?;
        // What was proposed before is proposed anew, should the hold end.
        let mut tx = self.inner.store.begin().await?;
        for child in self.recorded(manager.reader()).await? {
            tx.withdraw_expiry(child).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Ends a legal hold that somebody else put there.
    ///
    /// # Errors
    /// A form error for whoever put it there: it takes two people.
    pub async fn release(&self, manager: FamilyManager<'_>, word: &str) -> Result<(), ServiceError> {
        if let Some(hold) = self.hold_of(manager).await? {
            // Holds stand for years: whoever ends one may have come since.
            self.seconds(manager.viewer(), Post::Manages(&[]), (hold.by.worker, self.inner.clock.now())).await?;
        }
        let (by, word) = (self.named(manager.viewer()).await?, short("Why it ends", word, 500)?);
        self.write_hold(manager, |workbook| {
            workbook.hold.is_some().then(|| WorkbookEvent::Released { by: by.clone(), word: word.clone() })
        })
        .await
    }

    /// The hold on a family.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn hold_of(&self, manager: FamilyManager<'_>) -> Result<Option<Hold>, ServiceError> {
        let family = manager.family();
        if self.inner.store.hold(family).await?.is_none() {
            return Ok(None);
        }
        Ok(self.workbook(family).await?.hold.clone())
    }

    async fn write_hold(
        &self, manager: FamilyManager<'_>, decide: impl Fn(&Workbook) -> Option<WorkbookEvent>,
    ) -> Result<(), ServiceError> {
        self.write_workbook(manager.viewer(), manager.family(), None, |workbook| Ok(decide(workbook))).await
    }
}
