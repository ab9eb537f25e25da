//! Boxes of prose: each worker's analysis, and what it means for each child.

use crate::{PersonId, WorkerId, prose::Prose};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, str::FromStr};

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

/// Who a box must be kept from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Everybody allocated may read it.
    #[default]
    None,
    /// Only its writer and the people named.
    OnlyFor {
        /// Who else may read it.
        workers: BTreeSet<WorkerId>,
    },
    /// The team may read it; it never goes into a copy for these people.
    NeverFor {
        /// Whom a copy must not tell.
        people: BTreeSet<PersonId>,
    },
}

impl Mark {
    /// Who may read a marked box besides its writer.
    #[must_use]
    pub fn workers(&self) -> BTreeSet<WorkerId> {
        match self {
            Self::OnlyFor { workers } => workers.clone(),
            Self::None | Self::NeverFor { .. } => BTreeSet::new(),
        }
    }
}

/// A box with its text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BoxText {
    /// The words.
    pub prose: Prose,
    /// Who wrote in it.
    pub writers: BTreeSet<WorkerId>,
    /// Who recorded words here on the owner's behalf.
    pub recorded_by: BTreeSet<WorkerId>,
    /// Whom it is kept from.
    pub mark: Mark,
    /// Hidden from everybody but its writer until the chair reveals it.
    #[serde(default)]
    pub sealed: bool,
    /// Set in views only: something stands here that this viewer may not read.
    #[serde(default)]
    pub withheld: bool,
    /// A line of the journal that changed this box cannot be read: what is here may lack words, so nothing is added.
    #[serde(default)]
    pub damaged: bool,
}

impl BoxText {
    /// Whether this worker may read the box. `area` is where it stands.
    #[must_use]
    pub fn readable_by(&self, area: Area, worker: WorkerId) -> bool {
        if self.sealed {
            return area == Area::Analysis(worker);
        }
        match &self.mark {
            Mark::None | Mark::NeverFor { .. } => true,
            Mark::OnlyFor { workers } => {
                area == Area::Analysis(worker) || self.recorded_by.contains(&worker) || workers.contains(&worker)
            }
        }
    }

    /// Whether the box may stand on the wall and in shared copies.
    #[must_use]
    pub fn unmarked(&self) -> bool {
        self.mark == Mark::None && !self.sealed
    }
}
