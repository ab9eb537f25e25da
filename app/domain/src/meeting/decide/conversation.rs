//! Conversations that a worker takes to somebody of the family.

use super::{Decided, Decider, Event, Refusal, SlotId, short};
use crate::ConversationId;
use crate::meeting::{ConversationDraft, Removable};

impl Decider<'_> {
    pub(super) fn agree_conversation(
        &self, id: SlotId, conversation: ConversationId, draft: &ConversationDraft,
    ) -> Decided {
        let slot = self.live(id)?;
        Self::is_new(slot, Removable::Conversation(conversation))?;
        if let Some(existing) = slot.conversations.iter().find(|existing| existing.id == conversation) {
            self.self_or_runner(existing.by)?;
        }
        if !slot.members.contains_key(&draft.worker) {
            return Err(Refusal::Stranger);
        }
        let people = slot.family.and_then(|family| self.context.surroundings.people.get(&family));
        if !people.is_some_and(|people| people.contains(&draft.with)) {
            return Err(Refusal::Unusable("Choose with whom, of the family.".to_owned()));
        }
        let explore = short("What they explore", &draft.explore, 500)?;
        if explore.is_empty() {
            return Err(Refusal::empty("What they explore", "One line on what to explore together."));
        }
        let draft = ConversationDraft {
            explore,
            own_words: short("In the parent’s own words", &draft.own_words, 1000)?,
            own_number: short("The parent’s own number", &draft.own_number, 200)?,
            ..draft.clone()
        };
        Ok(vec![Event::ConversationAgreed { slot: id, conversation, draft }])
    }
}
