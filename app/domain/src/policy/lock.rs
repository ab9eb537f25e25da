//! Families that are locked: nobody but those named knows of them.

use crate::viewer::Viewer;
use crate::{FamilyId, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A family that only named people know of: a relative works here, for instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// Which.
    pub family: FamilyId,
    /// For whom it stays open.
    pub named: BTreeSet<WorkerId>,
}

impl Viewer {
    /// The same person, without the locked families for which they are not named.
    #[must_use]
    pub fn with_locks(mut self, locks: &[Lock]) -> Self {
        let out = locks.iter().filter(|lock| !lock.named.contains(&self.worker)).map(|lock| lock.family);
        self.locked_out = out.collect();
        self.families.retain(|family| !self.locked_out.contains(family));
        self.covers.retain(|family, _| !self.locked_out.contains(family));
        self
    }
}
