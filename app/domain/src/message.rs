//! Messages for adults of a family: there is no copy of a record for a parent. Each adult gets a short message
//! written for them, so that one parent's confidence never reaches the other (ICO reprimands, 2022–2023).

use crate::record::Named;
use crate::{MeetingId, MessageId, PersonId, WorkerId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most a message holds, in characters: it is short on purpose.
pub const LIMIT: usize = 2000;

/// One message for one adult.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// After which meeting.
    pub meeting: MeetingId,
    /// For whom.
    pub adult: PersonId,
    /// Plain words.
    pub text: String,
    /// Who wrote it last.
    pub by: Named,
    /// Everybody who wrote on it: none of them reads it together with the others.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub writers: BTreeSet<WorkerId>,
    /// When.
    pub at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub revision: u32,
    /// Who read it together with the others, and said that it may go; a change takes this away from all of them.
    pub checked: Option<Checked>,
    /// When and how it was given.
    pub given: Option<GivenMessage>,
}

/// Somebody's word that messages may go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Whose.
    pub by: Named,
    /// When.
    pub at: DateTime<Utc>,
}

/// That a message was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenMessage {
    /// Who gave it.
    pub by: Named,
    /// When.
    pub at: DateTime<Utc>,
    /// "read out on the phone", "handed over at the home visit".
    pub how: String,
}

/// The messages after one meeting.
pub fn of_meeting(messages: &[Message], meeting: MeetingId) -> impl Iterator<Item = &Message> {
    messages.iter().filter(move |message| message.meeting == meeting)
}

/// Writes or changes a message. What was checked was checked together: after a change all of them are read again,
/// since two harmless messages can give a source away side by side.
pub fn write(messages: &mut Vec<Message>, written: &Message) {
    for other in messages.iter_mut().filter(|other| other.meeting == written.meeting && other.given.is_none()) {
        other.checked = None;
    }
    let mut writers = BTreeSet::from([written.by.worker]);
    let same = |message: &&mut Message| message.meeting == written.meeting && message.adult == written.adult;
    match messages.iter_mut().find(same) {
        Some(message) => {
            let revision = message.revision + 1;
            writers.append(&mut message.writers);
            *message = Message { id: message.id, revision, writers, checked: None, given: None, ..written.clone() };
        }
        None => messages.push(Message { revision: 1, writers, checked: None, given: None, ..written.clone() }),
    }
}

/// Why a message may not go yet; `None` where it may. `careful`: there is domestic abuse in this family.
#[must_use]
pub fn held_back(message: &Message, careful: bool) -> Option<&'static str> {
    (careful && message.checked.is_none()).then_some(
        "There may be domestic abuse in this family: somebody else who works with it, or a manager, reads all messages side by side first.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn message(adult: u128, text: &str) -> Message {
        let who = Named {
            worker: crate::WorkerId::new(Uuid::from_u128(9)),
            name: "R. Lund".into(),
            discipline: "social worker".into(),
        };
        Message {
            id: MessageId::new(Uuid::from_u128(adult)),
            meeting: MeetingId::new(Uuid::from_u128(1)),
            adult: PersonId::new(Uuid::from_u128(adult)),
            text: text.into(),
            at: "2026-11-24T10:00:00Z".parse().unwrap(),
            revision: 0,
            checked: Some(Checked { by: who.clone(), at: "2026-11-24T10:00:00Z".parse().unwrap() }),
            given: None,
            by: who,
            writers: BTreeSet::new(),
        }
    }

    #[test]
    fn a_changed_message_is_read_again_and_so_are_the_others() {
        let mut messages = Vec::new();
        write(&mut messages, &message(1, "for her"));
        write(&mut messages, &message(2, "for him"));
        assert!(messages.iter().all(|message| held_back(message, true).is_some()), "nobody has read them yet");
        let read = message(1, "").checked;
        messages.iter_mut().for_each(|message| message.checked.clone_from(&read));
        assert!(messages.iter().all(|message| held_back(message, true).is_none()));
        write(&mut messages, &message(2, "for him, changed"));
        assert!(messages.iter().all(|message| held_back(message, true).is_some()), "together they are new");
        assert_eq!((messages.len(), messages[1].revision), (2, 2));
        assert!(messages.iter().all(|message| held_back(message, false).is_none()), "no abuse, no second reading");
    }
}
