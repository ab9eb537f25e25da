//! Refused forms, and what forms did, kept for their sender until a page has shown them.

use crate::{Service, ServiceError};
use domain::WorkerId;
use store::Uuid;

impl Service {
    /// Keeps what a refused form held, or what a form did, as JSON. `worker` is none where nobody is signed in.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_draft(&self, worker: Option<WorkerId>, body: &str) -> Result<Uuid, ServiceError> {
        let id = self.new_uuid();
        let mut tx = self.inner.store.begin().await?;
        tx.keep_draft(id, worker, body, self.inner.clock.now()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Forgets what was kept for a worker.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn forget_draft(&self, id: Uuid, worker: WorkerId) -> Result<(), ServiceError> {
        let mut tx = self.inner.store.begin().await?;
        tx.forget_draft(id, worker).await?;
        Ok(tx.commit().await?)
    }

    /// What a refused form held; `None` where it is another's, or gone.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn draft(&self, id: Uuid, worker: Option<WorkerId>) -> Result<Option<String>, ServiceError> {
        Ok(self.inner.store.draft(id, worker).await?)
    }
}
