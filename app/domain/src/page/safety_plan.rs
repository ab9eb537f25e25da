//! A safety plan as a page shows it.

use super::TitledText;
use crate::dates::{london, plain_date};
use crate::safety_plan::{Helper, IfThen, WrittenSafetyPlan};
use serde::{Deserialize, Serialize};

/// What stands in a plan, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafetyPlanCard {
    /// The parts that hold something.
    pub parts: Vec<TitledText>,
    /// "Changed by Julian Yardarm, 24 November 2026".
    pub by: String,
}

impl SafetyPlanCard {
    /// A plan in words; `meeting` is what the family's own meeting is called.
    #[must_use]
    pub fn of(written: &WrittenSafetyPlan, meeting: &str) -> Self {
        let plan = &written.plan;
        let parts = [
            ("What worries us", vec![plan.worries.clone()]),
            ("What helps", vec![plan.helps.clone()]),
            ("If something happens", plan.if_then.iter().map(IfThen::in_words).collect()),
            ("Who helps", plan.network.iter().map(Helper::in_words).collect()),
            (meeting, plan.family_meeting.in_words().into_iter().collect()),
        ];
        let filled = parts.into_iter().filter(|(_, lines)| lines.iter().any(|line| !line.is_empty()));
        Self {
            parts: filled
                .map(|(title, lines)| TitledText { title: title.to_owned(), text: lines.join("\n") })
                .collect(),
            by: format!("Changed by {}, {}", written.by.name, plain_date(london(written.at).date())),
        }
    }
}
