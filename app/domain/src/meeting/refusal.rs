//! Why a command changes nothing. Each message tells the value, the rule and the remedy.

use crate::prose::{ProseError, clean};
use serde::{Deserialize, Serialize};

/// A named refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Not known, or not theirs to know.
    #[error("Page not found. If you should have access, ask your team manager.")]
    NotFound,
    /// Known, but not theirs to do.
    #[error("Only {who} can do that.")]
    NotYours {
        /// Who can: "the chair", "the chair or the record-taker".
        who: String,
    },
    /// The meeting is not open.
    #[error("The meeting is not open. The chair opens it with \"Open meeting\".")]
    NotOpen,
    /// The meeting is closed.
    #[error(
        "The meeting is closed and nothing more goes into it. Send it as a late contribution, or ask for a correction on the record."
    )]
    Closed,
    /// The family is not being discussed.
    #[error("This family has not been started. The chair or the record-taker starts it; your own box is open already.")]
    NotStarted,
    /// The family's part is frozen.
    #[error(
        "This family is finished and its record is drafted; nothing more goes into it. Send it as a late contribution, or ask for a correction on the record."
    )]
    Frozen,
    /// The meeting or family is already there.
    #[error("That has been done already. Reload the page if you do not see it.")]
    Already,
    /// A date, time or number that cannot be used.
    #[error("{0}")]
    Unusable(String),
    /// A field that must not be empty.
    #[error("{field} is empty. {remedy}")]
    Empty {
        /// The field's label.
        field: String,
        /// What to do.
        remedy: String,
    },
    /// A field that is too long.
    #[error("{field} has {length} characters; {limit} fit. Shorten it.")]
    TooLong {
        /// The field's label.
        field: String,
        /// What was sent.
        length: usize,
        /// What fits.
        limit: usize,
    },
    /// A worker who does not work with this family.
    #[error("Nobody of that name works with this family. Choose somebody allocated or bring them in first.")]
    Stranger,
    /// A child who is not of this family.
    #[error("That child is not in this family. Reload the page and choose again.")]
    NotTheirChild,
    /// The decision has not been worded.
    #[error("There is no decision to answer yet. Choose what is decided first.")]
    NotWorded,
    /// The decision is confirmed.
    #[error(
        "The chair has confirmed this decision. To add a view, ask the chair to reopen it by changing the wording."
    )]
    Confirmed,
    /// The wording changed meanwhile.
    #[error("The wording changed meanwhile. It now reads: {now}. Answer or confirm again.")]
    Reworded {
        /// The wording on the table.
        now: String,
    },
    /// A removed step that the confirmation of an earlier wording had made.
    #[error(
        "The decision was reworded since this step was made. Its next confirmation makes the step that belongs to it."
    )]
    StepOfEarlierWording,
    /// Somebody else changed the same field meanwhile.
    #[error("Somebody changed this meanwhile. It now reads: {now}. Yours: {yours}. Send yours again to replace it.")]
    Stale {
        /// What stands there.
        now: String,
        /// What was sent.
        yours: String,
    },
    /// The room or a role was moved by somebody else since the sender saw the page.
    #[error("{0} meanwhile. Look at the page, and press again if it is still meant.")]
    Meanwhile(Moved),
    /// No stance is asked of this person.
    #[error(
        "No stance is asked of the chair, of students and observers, and of whoever is not part of this discussion."
    )]
    NotAsked,
    /// Asked round with nobody there.
    #[error("Nobody is marked as present. Mark attendance first, then ask round.")]
    NobodyPresent,
    /// The text cannot be taken.
    #[error("{0}")]
    Text(ProseError),
}

/// What somebody else moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Moved {
    /// Which family is discussed.
    #[error("The meeting has gone on to another family")]
    Family,
    /// The heading the room is at.
    #[error("The room has gone to another heading")]
    Heading,
    /// Who takes the record.
    #[error("Record-taking was handed over")]
    RecordTaker,
    /// Who chairs.
    #[error("Somebody else took over chairing")]
    Chair,
}

impl Refusal {
    /// The refusal as it is kept for a retry: without words of the family, which would outlive their record there.
    #[must_use]
    pub fn without_words(&self) -> Self {
        let (now, yours) = ("what stands on the page".to_owned(), "what you sent".to_owned());
        match self {
            Self::Reworded { .. } => Self::Reworded { now },
            Self::Stale { .. } => Self::Stale { now, yours },
            other => other.clone(),
        }
    }

    /// The chair alone.
    #[must_use]
    pub fn chair_only() -> Self {
        Self::NotYours { who: "the chair".to_owned() }
    }

    /// Those who run the page.
    #[must_use]
    pub fn runners_only() -> Self {
        Self::NotYours { who: "the chair or the record-taker".to_owned() }
    }

    /// An empty field.
    #[must_use]
    pub fn empty(field: &str, remedy: &str) -> Self {
        Self::Empty { field: field.to_owned(), remedy: remedy.to_owned() }
    }
}

/// Trims `text` and refuses more than `limit` characters. What cannot stand in a text is left out.
///
/// # Errors
/// [`Refusal::TooLong`] naming `field`.
pub fn short(field: &str, text: &str, limit: usize) -> Result<String, Refusal> {
    let text = clean(text).trim().to_owned();
    let length = text.chars().count();
    if length > limit {
        return Err(Refusal::TooLong { field: field.to_owned(), length, limit });
    }
    Ok(text)
}
