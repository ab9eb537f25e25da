//! Boxes of prose: each worker's analysis, and what it means for each child.

use crate::mark::{Mark, Own};
use crate::prose::{Prose, TextRange};
use crate::{PassageId, PersonId, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::{fmt, str::FromStr};

/// Which box of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Area {
    /// One worker's analysis.
    Analysis(WorkerId),
    /// What it means for one child; everybody's.
    Meaning(PersonId),
    /// One child's life now; everybody's.
    Life(PersonId),
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Analysis(worker) => write!(f, "analysis-{worker}"),
            Self::Meaning(child) => write!(f, "meaning-{child}"),
            Self::Life(child) => write!(f, "life-{child}"),
        }
    }
}

impl FromStr for Area {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{}\" is no box of this meeting", text.chars().take(60).collect::<String>());
        let (kind, id) = text.split_once('-').ok_or_else(wrong)?;
        match kind {
            "analysis" => id.parse().map(Self::Analysis).map_err(|_| wrong()),
            "meaning" => id.parse().map(Self::Meaning).map_err(|_| wrong()),
            "life" => id.parse().map(Self::Life).map_err(|_| wrong()),
            _ => Err(wrong()),
        }
    }
}

impl From<Area> for String {
    fn from(area: Area) -> Self {
        area.to_string()
    }
}

impl TryFrom<String> for Area {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// A passage of a box that copies for some people leave out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Its id.
    pub id: PassageId,
    /// Where the words stand.
    pub ranges: Vec<TextRange>,
    /// Whom of the family a copy with it must not reach; never empty.
    pub not_in_copies_for: BTreeSet<PersonId>,
    /// Why, in one line; empty where nobody said it.
    #[serde(default)]
    pub reason: String,
}

/// A box with its text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BoxText {
    /// The words.
    pub prose: Prose,
    /// Who wrote in it, by the author ids of their pages; whoever only took words out is none of them.
    pub writers: BTreeMap<u64, WorkerId>,
    /// Who recorded words here on the owner's behalf.
    pub recorded_by: BTreeSet<WorkerId>,
    /// Whom it is kept from.
    pub mark: Mark,
    /// Passages that some copies leave out.
    pub passages: Vec<Passage>,
    /// Set in views only: something stands here that this viewer may not read.
    #[serde(default)]
    pub withheld: bool,
    /// A line of the journal that changed this box cannot be read: what is here may lack words, so nothing is added.
    #[serde(default)]
    pub damaged: bool,
}

impl BoxText {
    /// Those of whom a letter still stands in it.
    #[must_use]
    pub fn authors(&self) -> BTreeSet<WorkerId> {
        let standing: BTreeSet<u64> = self.prose.letters().into_iter().map(|(_, author, _)| author).collect();
        standing.iter().filter_map(|author| self.writers.get(author).copied()).collect()
    }

    /// Whether this worker may read the box. `area` is where it stands.
    #[must_use]
    pub fn readable_by(&self, area: Area, worker: WorkerId) -> bool {
        let own = if area == Area::Analysis(worker) {
            Own::Written
        } else if self.recorded_by.contains(&worker) {
            Own::Recorded
        } else {
            Own::No
        };
        self.mark.lets_read(worker, own)
    }

    /// Marks a passage, or one that is marked anew; one that is kept from nobody is released.
    pub(super) fn mark_passage(&mut self, passage: Passage) {
        self.passages.retain(|marked| marked.id != passage.id);
        if !passage.not_in_copies_for.is_empty() {
            self.passages.push(passage);
        }
    }
}
