//! Chapters: what each worker writes of a family month by month, in the sections that the council's template names.

use crate::PersonId;
use crate::WorkerId;
use crate::prose::Prose;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The section that every chapter has: it is asked for before a meeting and can be read in there.
pub const SUMMARY: &str = "summary";

/// Which text of a chapter: its section, and whom it is about where each child or each adult has a text of their own. In words
/// "summary" or "analysis/0197…".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChapterPlace {
    /// The key of the section.
    pub section: String,
    /// The child or adult that the text is about; none for the whole family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
}

/// What one worker wrote in one place in one month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChapterText {
    /// Whose.
    pub worker: WorkerId,
    /// Which month: "2026-11".
    pub month: String,
    /// Where in the chapter.
    pub place: ChapterPlace,
    /// What the section was called when it was last written.
    pub title: String,
    /// Markdown.
    pub prose: Prose,
    /// When it was last changed.
    pub at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub revision: i64,
    /// A line of the journal that changed this text cannot be read: it may lack words.
    #[serde(default)]
    pub damaged: bool,
}

impl ChapterPlace {
    /// The text of a section for the whole family.
    #[must_use]
    pub fn whole(section: &str) -> Self {
        Self { section: section.to_owned(), person: None }
    }

    /// The monthly summary.
    #[must_use]
    pub fn summary() -> Self {
        Self::whole(SUMMARY)
    }

    /// Whether it is the monthly summary.
    #[must_use]
    pub fn is_summary(&self) -> bool {
        self.section == SUMMARY && self.person.is_none()
    }
}

impl fmt::Display for ChapterPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.person {
            Some(person) => write!(f, "{}/{person}", self.section),
            None => f.write_str(&self.section),
        }
    }
}

impl FromStr for ChapterPlace {
    type Err = uuid::Error;

    fn from_str(words: &str) -> Result<Self, Self::Err> {
        let (section, person) = match words.split_once('/') {
            Some((section, person)) => (section, Some(person.parse()?)),
            None => (words, None),
        };
        Ok(Self { section: section.to_owned(), person })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let child = PersonId::new(uuid::Uuid::from_u128(7));
        for place in [ChapterPlace::summary(), ChapterPlace { section: "analysis".into(), person: Some(child) }] {
            assert_eq!(place.to_string().parse::<ChapterPlace>().unwrap(), place);
        }
        assert!("analysis/nobody".parse::<ChapterPlace>().is_err());
    }
}
