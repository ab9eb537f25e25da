//! What a council calls things in its workbooks.

use serde::{Deserialize, Serialize};

/// Words of a family's workbook that follow law or local practice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkbookRules {
    /// What a meeting is called in which the family makes a plan of its own.
    pub family_meeting: String,
    /// When it is offered, and where that is written.
    pub family_meeting_about: String,
}

impl Default for WorkbookRules {
    fn default() -> Self {
        Self {
            family_meeting: "Family group decision-making meeting".to_owned(),
            family_meeting_about:
                "Offered before an application for a care or supervision order, unless it is not in the \
                children’s interests (Children’s Wellbeing and Schools Act 2026, section 1; check that it is in force)."
                    .to_owned(),
        }
    }
}
