//! A template as a council writes it: how it holds meetings, and its rules for what outlives them.

use super::{DecisionKind, Discipline, MeetingRules, Mistake, RetentionRules, Stage, Template, WorkbookRules};
use serde::Deserialize;

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "TemplateWords")]
pub struct TemplateFile {
    /// How meetings are held.
    pub template: Template,
    /// What the council does beside them.
    pub rules: CouncilRules,
}

/// What a council does beside its meetings. It is asked of the file as it is today, and stays with no meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouncilRules {
    /// Days in which the manager reviews that somebody opened a family in an emergency.
    pub review_days: u32,
    /// How long what is held here is held.
    pub retention: RetentionRules,
    /// What workbooks hold, and what it is called there.
    pub workbook: WorkbookRules,
}

/// The words of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateWords {
    key: String,
    version: u32,
    title: String,
    minutes: Vec<u32>,
    days_to_send: u32,
    #[serde(default = "five")]
    correction_days: u32,
    #[serde(default = "five")]
    review_days: u32,
    #[serde(default)]
    retention: RetentionRules,
    #[serde(default)]
    meeting: MeetingRules,
    #[serde(default)]
    workbook: WorkbookRules,
    stages: Vec<Stage>,
    kinds: Vec<DecisionKind>,
    disciplines: Vec<Discipline>,
}

const fn five() -> u32 {
    5
}

impl TemplateFile {
    /// Everything that the types do not tell.
    #[must_use]
    pub fn mistakes(&self) -> Vec<Mistake> {
        let mut mistakes = self.template.mistakes();
        mistakes.extend(self.rules.workbook.mistakes(&self.template.disciplines));
        mistakes
    }
}

impl From<TemplateWords> for TemplateFile {
    fn from(written: TemplateWords) -> Self {
        let rules =
            CouncilRules { review_days: written.review_days, retention: written.retention, workbook: written.workbook };
        let template = Template {
            key: written.key,
            version: written.version,
            title: written.title,
            minutes: written.minutes,
            days_to_send: written.days_to_send,
            correction_days: written.correction_days,
            meeting: written.meeting,
            stages: written.stages,
            kinds: written.kinds,
            disciplines: written.disciplines,
        };
        Self { template, rules }
    }
}
