//! What people were called when they looked: a name that is changed later changes no entry.

use super::{AccessEntry, rights};
use crate::{Directory, Service, ServiceError};
use chrono::{DateTime, Utc};
use domain::WorkerId;

/// Names that people had before theirs was changed, the one that ended first first.
pub(super) struct FormerNames(Vec<(WorkerId, String, DateTime<Utc>)>);

impl FormerNames {
    /// Who made an entry, by the name they had then.
    pub fn name(&self, directory: &Directory, given: &AccessEntry) -> String {
        if given.worker_id.uuid().is_nil() {
            let technician = given.allowed_by == rights::TECHNICIAN;
            return if technician { "A technician" } else { "An identity provider" }.to_owned();
        }
        let now = directory.name(given.worker_id);
        let then = self.0.iter().find(|(worker, _, until)| *worker == given.worker_id && given.at < *until);
        then.map_or_else(|| now.to_owned(), |(_, then, _)| format!("{then} (now {now})"))
    }
}

impl Service {
    /// What everybody was called before.
    pub(super) async fn former_names(&self) -> Result<FormerNames, ServiceError> {
        Ok(FormerNames(self.inner.store.former_names().await?))
    }
}
