//! The next conversation with the family, in the spirit of Motivational Interviewing (DOMAIN: the spirit of MI is
//! partnership, acceptance, compassion, empowerment).

use super::Slot;
use crate::mark::Marked;
use crate::{ConversationId, WorkerId};
use serde::{Deserialize, Serialize};

/// Where the conversation is, in the four processes of Motivational Interviewing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Process {
    /// Getting to know each other.
    Engage,
    /// What to talk about.
    Focus,
    /// Their own reasons.
    Evoke,
    /// How they will do it.
    Plan,
}

impl Process {
    /// All four, in their order, with the words people choose by.
    pub const CHOICES: [(Self, &'static str); 4] = [
        (Self::Engage, "Engage: getting to know each other"),
        (Self::Focus, "Focus: what to talk about"),
        (Self::Evoke, "Evoke: their own reasons"),
        (Self::Plan, "Plan: how they will do it"),
    ];

    /// The form's word, which people read too.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Engage => "engage",
            Self::Focus => "focus",
            Self::Evoke => "evoke",
            Self::Plan => "plan",
        }
    }

    /// From a form's word.
    #[must_use]
    pub fn chosen(word: &str) -> Option<Self> {
        Self::CHOICES.into_iter().map(|(process, _)| process).find(|process| process.word() == word)
    }
}

/// What is said of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationDraft {
    /// Who has it.
    pub worker: WorkerId,
    /// With whom of the family, by name.
    pub with: String,
    /// Where it is, where somebody chose.
    pub process: Option<Process>,
    /// What they explore together; never empty.
    pub explore: String,
    /// What the person wants and why, in their own words. May be empty.
    pub own_words: String,
    /// The person's own number on importance, confidence or readiness, with the day and their words; never a worker's
    /// guess. May be empty.
    pub own_number: String,
}

/// A conversation that one worker takes to one person of the family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// What it says.
    pub draft: Marked<ConversationDraft>,
    /// Who wrote it down.
    pub by: WorkerId,
}

impl Slot {
    /// Puts a conversation on the table, or words it anew under its mark.
    pub(super) fn agree_conversation(&mut self, id: ConversationId, draft: ConversationDraft, by: WorkerId) {
        match self.conversations.iter_mut().find(|conversation| conversation.id == id) {
            Some(conversation) => conversation.draft.content = draft,
            None => self.conversations.push(Conversation { id, draft: Marked::open(draft), by }),
        }
    }
}
