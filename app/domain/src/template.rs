//! Practice as data: what a meeting asks for. A meeting keeps the template it was planned with.

mod file;
mod meeting;
mod retention;
mod workbook;

pub use file::{CouncilRules, TemplateFile};
pub use meeting::{Escalation, Follows, MeetingRules, Prompts, Scale};
pub use retention::RetentionRules;
pub use workbook::{ChapterSection, Each, WorkbookRules};

use serde::{Deserialize, Serialize};

/// The key of no discipline of any template: a worker of an extract who is no person.
pub const STAND_IN: &str = "stand_in";
/// What people read of it.
pub const STAND_IN_TITLE: &str = "no person: holds children only";
/// The key of no discipline of any template: somebody of another organisation who is invited for one family's discussion.
pub const GUEST: &str = "guest";
/// What people read of it.
pub const GUEST_TITLE: &str = "guest from outside: one family’s discussion";

/// How a council holds its meetings, in one version: stages, decision kinds and disciplines. It stays with each meeting that
/// was planned with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    pub correction_days: u32,
    /// What else is done: scales, escalation, prompts, phone numbers.
    pub meeting: MeetingRules,
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
    /// The heading in a word or two, for the list of headings.
    pub name: String,
    /// The heading on the page: what one does there.
    pub title: String,
    /// One or two sentences that help the room think.
    pub prompt: String,
    /// Minutes, for each of the template's minutes in their order; empty where nobody counts.
    #[serde(default)]
    pub minutes: Vec<u32>,
}

/// The parts of a family's page that a stage can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Last month's decision and steps.
    LastSteps,
    /// Every worker's analysis.
    Analysis,
    /// What it means for each child.
    Meaning,
    /// Decision and stances; with the next steps, unless these have a stage of their own.
    Decision,
    /// Each child's life now.
    Life,
    /// Who speaks next, and who has not been heard; with every worker's analysis, unless that has a stage of its own.
    Round,
    /// Numbers, sealed until the chair reveals them.
    Scales,
    /// The conversation to take back to the family.
    Conversation,
    /// All children's decisions and steps in large type, and one press.
    ReadBack,
    /// Who is here, alerts, the question for today.
    CheckIn,
    /// Next steps, what is done if something happens, and the conversation to take back: together, after deciding.
    Steps,
}

impl Part {
    /// Its word in a template.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::LastSteps => "last_steps",
            Self::Analysis => "analysis",
            Self::Meaning => "meaning",
            Self::Decision => "decision",
            Self::Life => "life",
            Self::Round => "round",
            Self::Scales => "scales",
            Self::Conversation => "conversation",
            Self::ReadBack => "read_back",
            Self::CheckIn => "check_in",
            Self::Steps => "steps",
        }
    }
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
    /// Whether this discipline is asked for a stance. Observers, students and business support are not.
    #[serde(default = "yes")]
    pub stance: bool,
    /// Whether this discipline leads its team: plans and chairs meetings, sees all its families.
    #[serde(default)]
    pub manages: bool,
    /// Whether this discipline takes its team's records.
    #[serde(default)]
    pub records: bool,
}

const fn yes() -> bool {
    true
}

/// What is wrong in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The word it is about, as it stands in the file.
    pub named: String,
    /// What is wrong, and the remedy.
    pub message: String,
}

impl Template {
    /// Everything that the types do not tell.
    #[must_use]
    pub fn mistakes(&self) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        let mut wrong = |named: &str, message: String| mistakes.push(Mistake { named: named.to_owned(), message });
        for (list, empty) in [
            ("stages", self.stages.is_empty()),
            ("kinds", self.kinds.is_empty()),
            ("disciplines", self.disciplines.is_empty()),
            ("minutes", self.minutes.is_empty()),
        ] {
            if empty {
                wrong(list, format!("There are no {list}. Add at least one."));
            }
        }
        if !self.has(Part::Decision) {
            wrong("stages", "No stage has the part \"decision\": nothing could be decided. Add one.".to_owned());
        }
        if self.has(Part::Steps) && self.has(Part::Conversation) {
            let message = "The part \"steps\" holds the next conversation too. Take the stage \"conversation\" away.";
            wrong("conversation", message.to_owned());
        }
        for stage in &self.stages {
            if !stage.minutes.is_empty() && stage.minutes.len() != self.minutes.len() {
                let (has, wants) = (stage.minutes.len(), self.minutes.len());
                wrong(
                    &stage.title,
                    format!(
                        "\"{}\" has {has} minutes; give {wants}, one for each of the template's, or none.",
                        stage.title
                    ),
                );
            }
        }
        let parts = self.stages.iter().map(|stage| stage.part.word());
        let meeting = &self.meeting;
        for (list, twice) in [
            ("part", twice(parts)),
            ("decision kind", twice(self.kinds.iter().map(|kind| kind.key.as_str()))),
            ("discipline", twice(self.disciplines.iter().map(|discipline| discipline.key.as_str()))),
            ("scale", twice(meeting.scales.iter().map(|scale| scale.key.as_str()))),
        ] {
            for key in twice {
                wrong(key, format!("The {list} \"{key}\" is there twice. Each has its own."));
            }
        }
        for follows in &meeting.follows {
            if self.kind(&follows.kind).is_none() {
                wrong(
                    &follows.kind,
                    format!("A date follows from \"{}\", which is no decision kind here.", follows.kind),
                );
            }
        }
        for prompts in &meeting.prompts {
            if self.discipline(&prompts.discipline).is_none() {
                wrong(
                    &prompts.discipline,
                    format!("\"{}\" is asked something and is no discipline here.", prompts.discipline),
                );
            }
        }
        mistakes
    }

    /// Whether a part has a stage of its own.
    #[must_use]
    pub fn has(&self, part: Part) -> bool {
        self.stages.iter().any(|stage| stage.part == part)
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

/// The keys that come again.
fn twice<'a>(keys: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = std::collections::BTreeSet::new();
    keys.filter(|key| !seen.insert(*key)).collect()
}
