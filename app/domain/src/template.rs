//! Practice as data: what a meeting asks for. A meeting keeps the template it was planned with.

use serde::{Deserialize, Serialize};

/// Stages, decision kinds and disciplines of one council, in one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Short name, the same in every version.
    pub key: String,
    /// Counts up with every change.
    pub version: u32,
    /// What people call it.
    pub title: String,
    /// Minutes offered for one family, the default first.
    pub minutes: Vec<u32>,
    /// Working days until the actions are expected to be out.
    pub days_to_send: u32,
    /// Days in which everybody who took part can ask for a draft record to be corrected.
    #[serde(default = "correction_days")]
    pub correction_days: u32,
    /// How long what is held here is held.
    #[serde(default)]
    pub retention: crate::retention::Rules,
    /// Headings of the meeting, in order.
    pub stages: Vec<Stage>,
    /// What may be decided.
    pub kinds: Vec<DecisionKind>,
    /// Who may be in the room, as what.
    pub disciplines: Vec<Discipline>,
}

/// One heading of the meeting's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Which part of the page stands under this heading.
    pub part: Part,
    /// The heading.
    pub title: String,
    /// One or two sentences that help the room think.
    pub prompt: String,
}

/// The parts of a family's page that a stage can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Last month's decision and steps.
    LastTime,
    /// Every worker's analysis.
    Analysis,
    /// What it means for each child.
    Meaning,
    /// Decision, stances and next steps.
    Decide,
}

/// One kind of decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionKind {
    /// Short name, kept in records.
    pub key: String,
    /// What the chair reads out.
    pub title: String,
    /// Whom it is recommended to; empty where the meeting itself decides. The meeting cannot put a
    /// child on a plan: it recommends to those who can.
    #[serde(default)]
    pub recommended_to: String,
}

/// One discipline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discipline {
    /// Short name, kept in records.
    pub key: String,
    /// What people read: "recovery worker".
    pub title: String,
    /// Whether this discipline is asked for a stance. Observers, students and record-takers are not.
    #[serde(default = "yes")]
    pub stance: bool,
    /// Whether this discipline leads its team: plans and chairs meetings, sees all its families.
    #[serde(default)]
    pub manages: bool,
    /// Whether this discipline takes its team's records.
    #[serde(default)]
    pub records: bool,
}

const fn correction_days() -> u32 {
    5
}

const fn yes() -> bool {
    true
}

/// Why a template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A list that a meeting cannot do without is empty.
    #[error("The template has no {0}. Add at least one.")]
    Empty(&'static str),
    /// Two entries of a list have the same key.
    #[error("The template names the {list} \"{key}\" twice. Give each its own key.")]
    Twice {
        /// Which list.
        list: &'static str,
        /// The key.
        key: String,
    },
}

impl Template {
    /// Checks what the types do not.
    ///
    /// # Errors
    /// The first thing that is wrong, with the remedy.
    pub fn check(&self) -> Result<(), TemplateError> {
        for (list, empty) in [
            ("stages", self.stages.is_empty()),
            ("decision kinds", self.kinds.is_empty()),
            ("disciplines", self.disciplines.is_empty()),
            ("minutes", self.minutes.is_empty()),
        ] {
            if empty {
                return Err(TemplateError::Empty(list));
            }
        }
        unique("decision kind", self.kinds.iter().map(|kind| kind.key.as_str()))?;
        unique("discipline", self.disciplines.iter().map(|discipline| discipline.key.as_str()))
    }

    /// A decision kind by its key.
    #[must_use]
    pub fn kind(&self, key: &str) -> Option<&DecisionKind> {
        self.kinds.iter().find(|kind| kind.key == key)
    }

    /// A discipline by its key.
    #[must_use]
    pub fn discipline(&self, key: &str) -> Option<&Discipline> {
        self.disciplines.iter().find(|discipline| discipline.key == key)
    }

    /// What people read for a discipline; the key itself where the template has no words for it.
    #[must_use]
    pub fn discipline_title<'a>(&'a self, key: &'a str) -> &'a str {
        self.discipline(key).map_or(key, |discipline| discipline.title.as_str())
    }
}

fn unique<'a>(list: &'static str, keys: impl Iterator<Item = &'a str>) -> Result<(), TemplateError> {
    let mut seen = std::collections::BTreeSet::new();
    for key in keys {
        if !seen.insert(key) {
            return Err(TemplateError::Twice { list, key: key.to_owned() });
        }
    }
    Ok(())
}
