//! Who was there for one family, and how.

use super::Slot;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How somebody took part in one family's discussion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    /// In the room.
    Room,
    /// On the call.
    Call,
    /// Absent, but sent words that were read in.
    SentWords,
    /// Absent with apologies.
    Apologies,
    /// Was there and left.
    Left {
        /// When they left.
        at: DateTime<Utc>,
    },
}

/// What changed of somebody's presence in one family's discussion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// How they take part was marked.
    Attends(Attendance),
    /// They stepped out for a conflict of interest.
    SteppedOut,
    /// They came back from that.
    CameBack,
}

/// One change of somebody's presence, for the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceChange {
    /// Whose.
    pub worker: crate::WorkerId,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// What.
    pub what: Presence,
}

impl Attendance {
    /// The one-tap choices, with the word used in forms and the word people read.
    pub const CHOICES: [(&'static str, &'static str); 5] = [
        ("room", "In the room"),
        ("call", "On the call"),
        ("sent_words", "Sent words"),
        ("apologies", "Apologies"),
        ("left", "Left"),
    ];

    /// The choice behind a form's word; `now` is when "left" was tapped.
    #[must_use]
    pub fn chosen(word: &str, now: DateTime<Utc>) -> Option<Self> {
        match word {
            "room" => Some(Self::Room),
            "call" => Some(Self::Call),
            "sent_words" => Some(Self::SentWords),
            "apologies" => Some(Self::Apologies),
            "left" => Some(Self::Left { at: now }),
            _ => None,
        }
    }

    /// The form's word for this choice.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Call => "call",
            Self::SentWords => "sent_words",
            Self::Apologies => "apologies",
            Self::Left { .. } => "left",
        }
    }

    /// What people read: "in the room", "left at 10:40".
    #[must_use]
    pub fn title(self) -> String {
        match self {
            Self::Room => "in the room".to_owned(),
            Self::Call => "on the call".to_owned(),
            Self::SentWords => "sent words".to_owned(),
            Self::Apologies => "apologies".to_owned(),
            Self::Left { at } => format!("left at {}", crate::dates::clock(at)),
        }
    }

    /// Whether they are there now and can be asked.
    #[must_use]
    pub const fn present(self) -> bool {
        matches!(self, Self::Room | Self::Call)
    }
}

impl Slot {
    pub(super) fn attend(&mut self, worker: crate::WorkerId, how: Attendance, at: DateTime<Utc>) {
        self.attendance.insert(worker, how);
        self.presence.push(PresenceChange { worker, at, what: Presence::Attends(how) });
    }

    /// How somebody's marks were made, the last one first.
    fn marks(&self, worker: crate::WorkerId) -> impl Iterator<Item = Attendance> + '_ {
        self.presence.iter().rev().filter(move |change| change.worker == worker).filter_map(|change| {
            match change.what {
                Presence::Attends(how) => Some(how),
                Presence::SteppedOut | Presence::CameBack => None,
            }
        })
    }

    /// The mark before the last one.
    pub(super) fn mark_before(&self, worker: crate::WorkerId) -> Option<Attendance> {
        self.marks(worker).nth(1)
    }

    /// The mark before the last one counts again: the record does not say that somebody left who never did.
    pub(super) fn take_back_attendance(&mut self, worker: crate::WorkerId) {
        let mark = |change: &PresenceChange| change.worker == worker && matches!(change.what, Presence::Attends(_));
        if let Some(last) = self.presence.iter().rposition(mark) {
            self.presence.remove(last);
        }
        let before = self.marks(worker).next();
        match before {
            Some(how) => self.attendance.insert(worker, how),
            None => self.attendance.remove(&worker),
        };
    }
}
