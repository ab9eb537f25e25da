//! Urgent risk: raised at any moment by anyone who works with the family, acknowledged by whoever can act.

use super::Slot;
use crate::{RiskId, WorkerId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An urgent risk somebody raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    /// Its id.
    pub id: RiskId,
    /// Who raised it.
    pub by: WorkerId,
    /// When.
    pub at: DateTime<Utc>,
    /// In one line.
    pub what: String,
    /// Who acknowledged it first, and when.
    pub acknowledged: Option<(WorkerId, DateTime<Utc>)>,
}

impl Slot {
    pub(super) fn acknowledge_risk(&mut self, id: RiskId, by: WorkerId, at: DateTime<Utc>) {
        let risk = self.risks.iter_mut().find(|risk| risk.id == id && risk.acknowledged.is_none());
        risk.into_iter().for_each(|risk| risk.acknowledged = Some((by, at)));
    }
}
