//! What a council calls things in its workbooks, and what its workers write there.

use super::{Discipline, Mistake, twice};
use crate::chapter::SUMMARY;
use crate::direct_work::LONGEST_MODULE;
use crate::status::words;
use serde::{Deserialize, Serialize};

/// Words of a family's workbook that follow law or local practice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkbookRules {
    /// What a meeting is called in which the family makes a plan of its own.
    pub family_meeting: String,
    /// When it is offered, and where that is written.
    pub family_meeting_about: String,
    /// The modules of direct work with parents, as the council calls them; empty where workers name the work themselves.
    pub modules: Vec<String>,
    /// What each worker writes of a family, in this order.
    pub sections: Vec<ChapterSection>,
}

/// One section of the workers' chapters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChapterSection {
    /// Short name, kept with what is written. Lower-case letters and "_".
    pub key: String,
    /// What people read.
    pub title: String,
    /// What is asked.
    pub prompt: String,
    /// Whether the last month's text is what a month begins with.
    #[serde(default)]
    pub carried: bool,
    /// Who has a text of their own.
    #[serde(default)]
    pub each: Each,
    /// Whose chapters have it, by the keys of their disciplines; empty for all.
    #[serde(default)]
    pub disciplines: Vec<String>,
}

words! {
    /// Who has a text of their own in a section.
    #[derive(Default)]
    Each {
        /// The family has one text.
        #[default]
        Family = "family",
        /// Each child.
        Child = "child",
        /// Each adult: parents and others who care for the children.
        Adult = "adult",
    }
}

impl WorkbookRules {
    /// The sections of a discipline's chapter.
    pub fn sections_of(&self, discipline: &str) -> impl Iterator<Item = &ChapterSection> {
        let has = move |section: &&ChapterSection| {
            section.disciplines.is_empty() || section.disciplines.iter().any(|key| key == discipline)
        };
        self.sections.iter().filter(has)
    }

    /// Everything that the types do not tell.
    #[must_use]
    pub fn mistakes(&self, disciplines: &[Discipline]) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        let mut wrong = |named: &str, message: String| mistakes.push(Mistake { named: named.to_owned(), message });
        let summary = self.sections.iter().find(|section| section.key == SUMMARY);
        if !summary.is_some_and(|section| section.each == Each::Family && section.disciplines.is_empty()) {
            let message = "Every chapter has a section \"summary\", one for the family and for all disciplines: meetings \
                           read it in. Add it.";
            wrong("sections", message.to_owned());
        }
        for key in twice(self.sections.iter().map(|section| section.key.as_str())) {
            wrong(key, format!("The section \"{key}\" is there twice. Each has its own."));
        }
        for module in twice(self.modules.iter().map(String::as_str)) {
            wrong(module, format!("The module \"{module}\" is there twice."));
        }
        let named = |module: &str| !module.trim().is_empty() && module.chars().count() <= LONGEST_MODULE;
        for module in self.modules.iter().filter(|module| !named(module)) {
            wrong(module, format!("A module has a name of {LONGEST_MODULE} characters at most."));
        }
        for section in &self.sections {
            let key = &section.key;
            if key.is_empty() || !key.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_') {
                wrong(key, format!("\"{key}\" cannot be the key of a section. Use lower-case letters and \"_\"."));
            }
            let unknown = |key: &&String| disciplines.iter().all(|discipline| discipline.key != **key);
            for discipline in section.disciplines.iter().filter(unknown) {
                wrong(discipline, format!("\"{discipline}\" has a section and is no discipline here."));
            }
        }
        mistakes
    }
}

impl Default for WorkbookRules {
    fn default() -> Self {
        Self {
            family_meeting: "Family group decision-making meeting".to_owned(),
            family_meeting_about:
                "Offered before an application for a care or supervision order, unless it is not in the \
                children’s interests (Children’s Wellbeing and Schools Act 2026, section 1; check that it is in force)."
                    .to_owned(),
            modules: Vec::new(),
            sections: sections(),
        }
    }
}

/// The sections where a template names none.
fn sections() -> Vec<ChapterSection> {
    let section = |key: &str, title: &str, prompt: &str| ChapterSection {
        key: key.to_owned(),
        title: title.to_owned(),
        prompt: prompt.to_owned(),
        carried: false,
        each: Each::Family,
        disciplines: Vec::new(),
    };
    let summary = "What is going well, what worries you, what has changed for each child this month.";
    let work = "Visits, sessions and calls that mattered: what you did, with whom, what came of it.";
    let analysis = "What does all this mean for this child? What keeps them safe, what does not, what do you not know?";
    let attendance = "What was offered, what was kept, what got in the way.";
    let strengths = "What they do well as a parent, and since when.";
    let needs = "What they need to keep their children safe and well.";
    let capacity = "What they can change, how far they have come, and what is left in the children’s time.";
    let evidence = "What this rests on, and where each thing comes from: seen by you, told by whom, a report.";
    let plan = "What you will do with them next, and what they said they want to do.";
    vec![
        ChapterSection { carried: true, ..section(SUMMARY, "Monthly summary", summary) },
        section("work", "Work done this month", work),
        ChapterSection { carried: true, each: Each::Child, ..section("analysis", "Analysis", analysis) },
        section("attendance", "Attendance", attendance),
        ChapterSection { carried: true, each: Each::Adult, ..section("strengths", "Strengths as a parent", strengths) },
        ChapterSection { carried: true, each: Each::Adult, ..section("needs", "Needs as a parent", needs) },
        ChapterSection { carried: true, each: Each::Adult, ..section("capacity", "Capacity to change", capacity) },
        ChapterSection { carried: true, each: Each::Adult, ..section("evidence", "Evidence and its source", evidence) },
        ChapterSection { carried: true, ..section("plan", "Plan", plan) },
    ]
}
