//! The parts of a discussion that people write, each of which can be marked.

use super::{Area, Slot};
use crate::mark::{Mark, Own};
use crate::{ContingencyId, ConversationId, DecisionId, OptionId, StepId, WorkerId};
use serde::{Deserialize, Serialize};

/// Which part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingPart {
    /// A box of prose.
    Box(Area),
    /// A decision's wording and reason.
    Reason(DecisionId),
    /// The reason of somebody's stance.
    Stance(DecisionId, WorkerId),
    /// A next step.
    Step(StepId),
    /// An option that was considered.
    Option(OptionId),
    /// What is done if something happens.
    Contingency(ContingencyId),
    /// A conversation to take back.
    Conversation(ConversationId),
}

impl Slot {
    /// The mark of a part, also of one that was taken off the table; `None` where there is no such part. A box that nobody
    /// wrote in is not marked.
    #[must_use]
    pub fn mark_of(&self, part: MeetingPart) -> Option<&Mark> {
        const OPEN: &Mark = &Mark {
            readers: crate::mark::Readers::Team,
            hidden_until_reveal: false,
            not_in_copies_for: std::collections::BTreeSet::new(),
            reason: String::new(),
        };
        match part {
            MeetingPart::Box(area) => Some(self.boxes.get(&area).map_or(OPEN, |text| &text.mark)),
            MeetingPart::Reason(id) => self.decision(id)?.wording.as_ref().map(|wording| &wording.mark),
            MeetingPart::Stance(id, worker) => Some(&self.decision(id)?.stances.get(&worker)?.reason.mark),
            MeetingPart::Step(id) => {
                let mut steps = self.steps.iter().chain(&self.removed.steps);
                Some(&steps.find(|step| step.id == id)?.draft.mark)
            }
            MeetingPart::Option(id) => {
                let mut options = self.options.iter().chain(&self.removed.options);
                Some(&options.find(|option| option.id == id)?.draft.mark)
            }
            MeetingPart::Contingency(id) => {
                let mut contingencies = self.contingencies.iter().chain(&self.removed.contingencies);
                Some(&contingencies.find(|contingency| contingency.id == id)?.draft.mark)
            }
            MeetingPart::Conversation(id) => {
                let mut conversations = self.conversations.iter().chain(&self.removed.conversations);
                Some(&conversations.find(|conversation| conversation.id == id)?.draft.mark)
            }
        }
    }

    pub(super) fn mark_mut(&mut self, part: MeetingPart) -> Option<&mut Mark> {
        match part {
            MeetingPart::Box(area) => Some(&mut self.boxes.entry(area).or_default().mark),
            MeetingPart::Reason(id) => {
                let decision = self.decisions.iter_mut().find(|decision| decision.id == id)?;
                decision.wording.as_mut().map(|wording| &mut wording.mark)
            }
            MeetingPart::Stance(id, worker) => {
                let decision = self.decisions.iter_mut().find(|decision| decision.id == id)?;
                Some(&mut decision.stances.get_mut(&worker)?.reason.mark)
            }
            MeetingPart::Step(id) => {
                let mut steps = self.steps.iter_mut().chain(&mut self.removed.steps);
                Some(&mut steps.find(|step| step.id == id)?.draft.mark)
            }
            MeetingPart::Option(id) => {
                let mut options = self.options.iter_mut().chain(&mut self.removed.options);
                Some(&mut options.find(|option| option.id == id)?.draft.mark)
            }
            MeetingPart::Contingency(id) => {
                let mut contingencies = self.contingencies.iter_mut().chain(&mut self.removed.contingencies);
                Some(&mut contingencies.find(|contingency| contingency.id == id)?.draft.mark)
            }
            MeetingPart::Conversation(id) => {
                let mut conversations = self.conversations.iter_mut().chain(&mut self.removed.conversations);
                Some(&mut conversations.find(|conversation| conversation.id == id)?.draft.mark)
            }
        }
    }

    /// Whose the words of a part are, for `worker`; `None` where they are the whole group's.
    #[must_use]
    pub fn own(&self, part: MeetingPart, worker: WorkerId) -> Option<Own> {
        let written_by = |by: WorkerId| if by == worker { Own::Written } else { Own::No };
        match part {
            MeetingPart::Box(Area::Analysis(owner)) if owner == worker => Some(Own::Written),
            MeetingPart::Box(area @ Area::Analysis(_)) => {
                let recorded = self.boxes.get(&area).is_some_and(|text| text.recorded_by.contains(&worker));
                Some(if recorded { Own::Recorded } else { Own::No })
            }
            MeetingPart::Box(Area::Meaning(_) | Area::Life(_)) | MeetingPart::Reason(_) | MeetingPart::Step(_) => None,
            MeetingPart::Stance(id, of) => {
                let stance = self.decision(id).and_then(|decision| decision.stances.get(&of));
                Some(stance.map_or_else(|| written_by(of), |stance| stance.own(of, worker)))
            }
            MeetingPart::Option(id) => {
                let mut options = self.options.iter().chain(&self.removed.options);
                options.find(|option| option.id == id).map(|option| written_by(option.by))
            }
            MeetingPart::Contingency(id) => {
                let mut contingencies = self.contingencies.iter().chain(&self.removed.contingencies);
                contingencies.find(|contingency| contingency.id == id).map(|contingency| written_by(contingency.by))
            }
            MeetingPart::Conversation(id) => {
                let mut conversations = self.conversations.iter().chain(&self.removed.conversations);
                conversations.find(|conversation| conversation.id == id).map(|conversation| written_by(conversation.by))
            }
        }
    }
}
