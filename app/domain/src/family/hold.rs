//! A legal hold on a family.

use crate::record::Named;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A legal hold: nothing of the family is reduced or destroyed while it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Since when.
    pub at: DateTime<Utc>,
    /// Who put it there.
    pub by: Named,
    /// Why: proceedings, an inquiry, a complaint.
    pub reason: String,
}
