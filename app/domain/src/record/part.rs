//! The parts of a record that people wrote: what stands in each, how it is marked, whose words it holds, and which parts
//! several children's records share.

use super::{Agreed, Record, RecordStance};
use crate::mark::{Mark, Marked, Own};
use crate::{AddendumId, ContingencyId, ConversationId, CorrectionId, OptionId, PersonId, StepId, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which part of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordPart {
    /// One worker's analysis.
    Heard {
        /// Whose.
        worker: WorkerId,
    },
    /// What it means for the child.
    Meaning,
    /// The child's life now.
    Life,
    /// The question for that day.
    Question,
    /// The decision's reason.
    Why,
    /// The reason of somebody's stance.
    Stance {
        /// Whose.
        worker: WorkerId,
    },
    /// A step's words.
    Step {
        /// Which.
        step: StepId,
    },
    /// An option that was considered.
    Option {
        /// Which.
        option: OptionId,
    },
    /// What is done if something happens.
    Contingency {
        /// Which.
        contingency: ContingencyId,
    },
    /// A conversation to take back.
    Conversation {
        /// Which.
        conversation: ConversationId,
    },
    /// A correction that was asked for.
    Correction {
        /// Which.
        correction: CorrectionId,
    },
    /// What was added since it was signed.
    Addendum {
        /// Which.
        addendum: AddendumId,
    },
    /// Who was there and how, in words: the record says what was corrected.
    Attendance,
    /// Anything else, in words. It is answered, and changes nothing by itself.
    Other,
}

impl RecordPart {
    /// From a form's word.
    #[must_use]
    pub fn chosen(word: &str) -> Option<Self> {
        Some(match word.split_once('-') {
            Some(("heard", worker)) => Self::Heard { worker: worker.parse().ok()? },
            Some(("stance", worker)) => Self::Stance { worker: worker.parse().ok()? },
            Some(("step", step)) => Self::Step { step: step.parse().ok()? },
            Some(("option", option)) => Self::Option { option: option.parse().ok()? },
            Some(("contingency", contingency)) => Self::Contingency { contingency: contingency.parse().ok()? },
            Some(("conversation", conversation)) => Self::Conversation { conversation: conversation.parse().ok()? },
            Some(("correction", correction)) => Self::Correction { correction: correction.parse().ok()? },
            Some(("addendum", addendum)) => Self::Addendum { addendum: addendum.parse().ok()? },
            None if word == "meaning" => Self::Meaning,
            None if word == "life" => Self::Life,
            None if word == "question" => Self::Question,
            None if word == "why" => Self::Why,
            None if word == "attendance" => Self::Attendance,
            None if word == "other" => Self::Other,
            _ => return None,
        })
    }

    /// The form's word.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Heard { worker } => format!("heard-{worker}"),
            Self::Stance { worker } => format!("stance-{worker}"),
            Self::Step { step } => format!("step-{step}"),
            Self::Option { option } => format!("option-{option}"),
            Self::Contingency { contingency } => format!("contingency-{contingency}"),
            Self::Conversation { conversation } => format!("conversation-{conversation}"),
            Self::Correction { correction } => format!("correction-{correction}"),
            Self::Addendum { addendum } => format!("addendum-{addendum}"),
            Self::Meaning => "meaning".to_owned(),
            Self::Life => "life".to_owned(),
            Self::Question => "question".to_owned(),
            Self::Why => "why".to_owned(),
            Self::Attendance => "attendance".to_owned(),
            Self::Other => "other".to_owned(),
        }
    }

    /// What people read.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Heard { .. } => "own analysis",
            Self::Stance { .. } => "why somebody thinks otherwise",
            Self::Step { .. } => "a step’s words",
            Self::Option { .. } => "an option",
            Self::Contingency { .. } => "what is done if something happens",
            Self::Conversation { .. } => "a conversation",
            Self::Correction { .. } => "a correction that was asked for",
            Self::Addendum { .. } => "an addition",
            Self::Meaning => "what it means",
            Self::Life => "the child’s life now",
            Self::Question => "the question we met about",
            Self::Why => "the decision’s reason",
            Self::Attendance => "who was there and how",
            Self::Other => "something else",
        }
    }
}

impl Record {
    /// Every part that holds somebody's words and can be marked, in reading order.
    #[must_use]
    pub fn parts(&self) -> Vec<RecordPart> {
        let mut parts = vec![RecordPart::Life];
        parts.extend(self.heard.iter().map(|heard| RecordPart::Heard { worker: heard.who.worker }));
        parts.push(RecordPart::Meaning);
        parts.extend(self.options.iter().map(|option| RecordPart::Option { option: option.option }));
        if let Some(decision) = &self.decision {
            parts.push(RecordPart::Why);
            parts.extend(decision.stances.iter().map(|stance| RecordPart::Stance { worker: stance.who.worker }));
        }
        parts.extend(self.steps.iter().map(|step| RecordPart::Step { step: step.step }));
        let contingency = |contingency: &Marked<super::RecordContingency>| contingency.contingency;
        parts.extend(
            self.contingencies.iter().map(contingency).map(|contingency| RecordPart::Contingency { contingency }),
        );
        let conversation = |conversation: &Marked<super::RecordConversation>| conversation.conversation;
        parts.extend(
            self.conversations.iter().map(conversation).map(|conversation| RecordPart::Conversation { conversation }),
        );
        parts.extend(
            self.life.corrections.iter().map(|correction| RecordPart::Correction { correction: correction.id }),
        );
        parts.extend(self.life.addenda.iter().map(|addendum| RecordPart::Addendum { addendum: addendum.id }));
        parts
    }

    /// What stands in a part; `None` where the record has no such part.
    #[must_use]
    pub fn reads(&self, part: RecordPart) -> Option<&str> {
        match part {
            RecordPart::Heard { worker } => {
                Some(self.heard.iter().find(|heard| heard.who.worker == worker).map_or("", |heard| &heard.text.text))
            }
            RecordPart::Meaning => Some(&self.meaning.text),
            RecordPart::Life => Some(&self.life_now.text),
            RecordPart::Question => Some(&self.question),
            RecordPart::Why => self.decision.as_ref().map(|decision| decision.why.as_str()),
            RecordPart::Stance { worker } => self.stance(worker).map(|stance| stance.reason.as_str()),
            RecordPart::Step { step } => self.step(step).map(|step| step.what.as_str()),
            RecordPart::Option { option: id } => {
                self.options.iter().find(|option| option.option == id).map(|option| option.what.as_str())
            }
            RecordPart::Contingency { contingency: id } => self
                .contingencies
                .iter()
                .find(|contingency| contingency.contingency == id)
                .map(|contingency| contingency.then.as_str()),
            RecordPart::Conversation { conversation: id } => self
                .conversations
                .iter()
                .find(|conversation| conversation.conversation == id)
                .map(|conversation| conversation.explore.as_str()),
            RecordPart::Correction { correction: id } => self
                .life
                .corrections
                .iter()
                .find(|correction| correction.id == id)
                .map(|correction| correction.text.as_str()),
            RecordPart::Addendum { addendum: id } => {
                self.life.addenda.iter().find(|addendum| addendum.id == id).map(|addendum| addendum.text.as_str())
            }
            RecordPart::Attendance => Some(""),
            RecordPart::Other => None,
        }
    }

    fn stance(&self, worker: WorkerId) -> Option<&RecordStance> {
        self.decision.as_ref()?.stances.iter().find(|stance| stance.who.worker == worker)
    }

    fn step(&self, id: StepId) -> Option<&Marked<Agreed>> {
        self.steps.iter().find(|step| step.step == id)
    }

    /// How a part is marked; `None` where there is no such part, or none that can be marked.
    #[must_use]
    pub fn mark_of(&self, part: RecordPart) -> Option<&Mark> {
        match part {
            RecordPart::Heard { worker } => {
                self.heard.iter().find(|heard| heard.who.worker == worker).map(|heard| &heard.text.mark)
            }
            RecordPart::Meaning => Some(&self.meaning.mark),
            RecordPart::Life => Some(&self.life_now.mark),
            RecordPart::Why => self.decision.as_ref().map(|decision| &decision.why.mark),
            RecordPart::Stance { worker } => self.stance(worker).map(|stance| &stance.reason.mark),
            RecordPart::Step { step } => self.step(step).map(|step| &step.mark),
            RecordPart::Option { option: id } => {
                self.options.iter().find(|option| option.option == id).map(|option| &option.mark)
            }
            RecordPart::Contingency { contingency: id } => self
                .contingencies
                .iter()
                .find(|contingency| contingency.contingency == id)
                .map(|contingency| &contingency.mark),
            RecordPart::Conversation { conversation: id } => self
                .conversations
                .iter()
                .find(|conversation| conversation.conversation == id)
                .map(|conversation| &conversation.mark),
            RecordPart::Correction { correction: id } => self
                .life
                .corrections
                .iter()
                .find(|correction| correction.id == id)
                .map(|correction| &correction.text.mark),
            RecordPart::Addendum { addendum: id } => {
                self.life.addenda.iter().find(|addendum| addendum.id == id).map(|addendum| &addendum.text.mark)
            }
            RecordPart::Question | RecordPart::Attendance | RecordPart::Other => None,
        }
    }

    pub(super) fn mark_mut(&mut self, part: RecordPart) -> Option<&mut Mark> {
        match part {
            RecordPart::Heard { worker } => {
                self.heard.iter_mut().find(|heard| heard.who.worker == worker).map(|heard| &mut heard.text.mark)
            }
            RecordPart::Meaning => Some(&mut self.meaning.mark),
            RecordPart::Life => Some(&mut self.life_now.mark),
            RecordPart::Why => self.decision.as_mut().map(|decision| &mut decision.why.mark),
            RecordPart::Stance { worker } => {
                let stances = self.decision.as_mut()?.stances.iter_mut();
                stances.filter(|stance| stance.who.worker == worker).map(|stance| &mut stance.reason.mark).next()
            }
            RecordPart::Step { step: id } => {
                self.steps.iter_mut().find(|step| step.step == id).map(|step| &mut step.mark)
            }
            RecordPart::Option { option: id } => {
                self.options.iter_mut().find(|option| option.option == id).map(|option| &mut option.mark)
            }
            RecordPart::Contingency { contingency: id } => self
                .contingencies
                .iter_mut()
                .find(|contingency| contingency.contingency == id)
                .map(|contingency| &mut contingency.mark),
            RecordPart::Conversation { conversation: id } => self
                .conversations
                .iter_mut()
                .find(|conversation| conversation.conversation == id)
                .map(|conversation| &mut conversation.mark),
            RecordPart::Correction { correction: id } => self
                .life
                .corrections
                .iter_mut()
                .find(|correction| correction.id == id)
                .map(|correction| &mut correction.text.mark),
            RecordPart::Addendum { addendum: id } => {
                self.life.addenda.iter_mut().find(|addendum| addendum.id == id).map(|addendum| &mut addendum.text.mark)
            }
            RecordPart::Question | RecordPart::Attendance | RecordPart::Other => None,
        }
    }

    /// Whose the words of a part are, for `worker`; `None` where they are the whole group's.
    #[must_use]
    pub fn own(&self, part: RecordPart, worker: WorkerId) -> Option<Own> {
        let by = |by: Option<WorkerId>, recorded: bool| {
            Some(match (by == Some(worker), recorded) {
                (true, _) => Own::Written,
                (false, true) => Own::Recorded,
                (false, false) => Own::No,
            })
        };
        match part {
            RecordPart::Heard { worker: of } => {
                let heard = self.heard.iter().find(|heard| heard.who.worker == of);
                by(Some(of), heard.is_some_and(|heard| heard.recorded_by.iter().any(|who| who.worker == worker)))
            }
            RecordPart::Stance { worker: of } => {
                let recorded = self.stance(of).and_then(|stance| stance.recorded_by.as_ref());
                by(Some(of), recorded.is_some_and(|who| who.worker == worker))
            }
            RecordPart::Option { option: id } => {
                let option = self.options.iter().find(|option| option.option == id);
                by(option.map(|option| option.by.worker), false)
            }
            RecordPart::Contingency { contingency: id } => {
                let contingency = self.contingencies.iter().find(|contingency| contingency.contingency == id);
                by(contingency.map(|contingency| contingency.by.worker), false)
            }
            RecordPart::Conversation { conversation: id } => {
                let conversation = self.conversations.iter().find(|conversation| conversation.conversation == id);
                by(conversation.map(|conversation| conversation.by.worker), false)
            }
            RecordPart::Correction { correction: id } => {
                let correction = self.life.corrections.iter().find(|correction| correction.id == id);
                by(correction.map(|correction| correction.by.worker), false)
            }
            RecordPart::Addendum { addendum: id } => {
                let addendum = self.life.addenda.iter().find(|addendum| addendum.id == id);
                by(addendum.map(|addendum| addendum.by.worker), false)
            }
            RecordPart::Meaning
            | RecordPart::Life
            | RecordPart::Question
            | RecordPart::Why
            | RecordPart::Step { .. }
            | RecordPart::Attendance
            | RecordPart::Other => None,
        }
    }

    /// Whether a part of `about` is the same part of this record: what workers said, steps and what was agreed with the
    /// family are the family's, a decision is that of the children it was made for, what it means is each child's own.
    pub(crate) fn shares(&self, about: &Self, part: RecordPart) -> bool {
        if self.id == about.id {
            return true;
        }
        let together = || {
            let children = |record: &Self| -> BTreeSet<PersonId> {
                record.decision.as_ref().map(|decision| decision.children.clone()).unwrap_or_default()
            };
            children(about).contains(&self.child) && children(self).contains(&about.child)
        };
        self.slot == about.slot
            && match part {
                RecordPart::Heard { .. }
                | RecordPart::Step { .. }
                | RecordPart::Question
                | RecordPart::Attendance
                | RecordPart::Option { .. }
                | RecordPart::Contingency { .. }
                | RecordPart::Conversation { .. } => true,
                RecordPart::Why | RecordPart::Stance { .. } => together(),
                RecordPart::Meaning
                | RecordPart::Life
                | RecordPart::Correction { .. }
                | RecordPart::Addendum { .. }
                | RecordPart::Other => false,
            }
    }
}
