//! What was taken off the table. It is kept as it stood, so that "Undo" brings it back under its mark and its author's name.

use super::{ConsideredOption, Contingency, Conversation, MeetingPart, Room, Slot, Step};
use crate::mark::Own;
use crate::{ContingencyId, ConversationId, OptionId, StepId, WorkerId};
use serde::{Deserialize, Serialize};

/// A part that can be taken off the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Removable {
    /// A next step.
    Step(StepId),
    /// An option that was considered.
    Option(OptionId),
    /// What is done if something happens.
    Contingency(ContingencyId),
    /// A conversation to take back.
    Conversation(ConversationId),
}

/// The lists of what can be removed, on the table or off it.
type Lists<'a> = (&'a [Step], &'a [ConsideredOption], &'a [Contingency], &'a [Conversation]);

impl Removable {
    fn is_among(self, (steps, options, contingencies, conversations): Lists<'_>) -> bool {
        match self {
            Self::Step(id) => steps.iter().any(|step| step.id == id),
            Self::Option(id) => options.iter().any(|option| option.id == id),
            Self::Contingency(id) => contingencies.iter().any(|plan| plan.id == id),
            Self::Conversation(id) => conversations.iter().any(|conversation| conversation.id == id),
        }
    }
}

impl From<Removable> for MeetingPart {
    fn from(part: Removable) -> Self {
        match part {
            Removable::Step(id) => Self::Step(id),
            Removable::Option(id) => Self::Option(id),
            Removable::Contingency(id) => Self::Contingency(id),
            Removable::Conversation(id) => Self::Conversation(id),
        }
    }
}

/// Parts that were taken off the table, as they stood.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Removed {
    /// Next steps.
    pub steps: Vec<Step>,
    /// Options.
    pub options: Vec<ConsideredOption>,
    /// What is done if something happens.
    pub contingencies: Vec<Contingency>,
    /// Conversations.
    pub conversations: Vec<Conversation>,
}

impl Removed {
    /// Nothing.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { steps: Vec::new(), options: Vec::new(), contingencies: Vec::new(), conversations: Vec::new() }
    }

    /// Whether a part is among them.
    #[must_use]
    pub fn holds(&self, part: Removable) -> bool {
        part.is_among((&self.steps, &self.options, &self.contingencies, &self.conversations))
    }
}

impl Room {
    /// Whether a worker who takes part may take a part off the table, and put it back: its writer, whoever runs the meeting,
    /// and of a step everybody.
    #[must_use]
    pub fn may_remove(&self, slot: &Slot, part: Removable, worker: WorkerId) -> bool {
        matches!(slot.own(part.into(), worker), None | Some(Own::Written)) || self.runs(worker)
    }
}

/// Moves what `is_it` from one list to the end of the other.
fn take<T>(from: &mut Vec<T>, to: &mut Vec<T>, is_it: impl Fn(&T) -> bool) {
    if let Some(at) = from.iter().position(is_it) {
        to.push(from.remove(at));
    }
}

impl Slot {
    /// Whether a part is on the table.
    pub(super) fn holds(&self, part: Removable) -> bool {
        part.is_among((&self.steps, &self.options, &self.contingencies, &self.conversations))
    }

    /// Takes a part off the table.
    pub(super) fn remove(&mut self, part: Removable) {
        let Self { steps, options, contingencies, conversations, removed, .. } = self;
        match part {
            Removable::Step(id) => take(steps, &mut removed.steps, |step| step.id == id),
            Removable::Option(id) => take(options, &mut removed.options, |option| option.id == id),
            Removable::Contingency(id) => take(contingencies, &mut removed.contingencies, |plan| plan.id == id),
            Removable::Conversation(id) => {
                take(conversations, &mut removed.conversations, |conversation| conversation.id == id);
            }
        }
    }

    /// Puts a part back that was taken off the table, behind the others.
    pub(super) fn bring_back(&mut self, part: Removable) {
        let Self { steps, options, contingencies, conversations, removed, .. } = self;
        match part {
            Removable::Step(id) => take(&mut removed.steps, steps, |step| step.id == id),
            Removable::Option(id) => take(&mut removed.options, options, |option| option.id == id),
            Removable::Contingency(id) => take(&mut removed.contingencies, contingencies, |plan| plan.id == id),
            Removable::Conversation(id) => {
                take(&mut removed.conversations, conversations, |conversation| conversation.id == id);
            }
        }
    }
}
