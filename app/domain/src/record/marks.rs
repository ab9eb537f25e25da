//! What marks do to a record: who reads which part of it, and what leaves the house.

use super::{Record, RecordPart, Sealed, Words};
use crate::WorkerId;
use crate::mark::{Mark, Own, Readers};

/// What stands in the place of words that are kept back.
pub const KEPT_BACK: &str = "Kept back in this copy.";

/// What stands in the place of words that their writer keeps for named workers.
const KEPT_FOR_OTHERS: &str = "Kept by its writer for named workers; ask them.";

/// What of a part stays in a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// All of it.
    All,
    /// All but its marked passages.
    WithoutPassages,
    /// Nothing.
    Nothing,
}

impl Record {
    /// Marks a part. `about` is the record it was said on: parts that several children share are marked for all of them.
    pub fn mark(&mut self, about: &Self, part: RecordPart, mark: &Mark) {
        if self.shares(about, part)
            && let Some(current) = self.mark_mut(part)
        {
            current.clone_from(mark);
        }
    }

    /// Whether `worker`, who may answer for the team where `serves`, may set this mark on a part. Words of one writer are
    /// theirs to narrow and to release; those who serve the team may keep them from more people of the family, and mark
    /// what is the whole group's.
    #[must_use]
    pub fn may_mark(&self, part: RecordPart, mark: &Mark, worker: WorkerId, serves: bool) -> bool {
        let Some(before) = self.mark_of(part) else { return false };
        // Nothing becomes hidden again, and somebody besides its writer reads it.
        let sound = (before.hidden_until_reveal || !mark.hidden_until_reveal)
            && !matches!(&mark.readers, Readers::Only { workers } if workers.is_empty());
        sound
            && match self.own(part, worker) {
                Some(Own::Written | Own::Recorded) => true,
                Some(Own::No) => serves && before.readers == mark.readers && before.is_kept_by(mark),
                None => serves && mark.readers == Readers::Team,
            }
    }

    /// Whether somebody who may read the record reads this part of it.
    #[must_use]
    pub fn lets_read(&self, part: RecordPart, reader: WorkerId) -> bool {
        let own = self.own(part, reader).unwrap_or(Own::No);
        self.mark_of(part).is_none_or(|mark| mark.lets_read(reader, own))
    }

    /// The record as `reader` reads it, who may read the record at all.
    #[must_use]
    pub fn read_by(&self, reader: WorkerId) -> Self {
        let mut seen = self.clone();
        let hidden: Vec<RecordPart> = self.parts().into_iter().filter(|part| !self.lets_read(*part, reader)).collect();
        for part in &hidden {
            seen.forget_reason(*part);
            match seen.heard.iter_mut().find(|heard| *part == RecordPart::Heard { worker: heard.who.worker }) {
                // Who misses it can ask its writer; what was never revealed was not given to the record.
                Some(heard) if !heard.unrevealed() => heard.text.content = Words::plain(KEPT_FOR_OTHERS.to_owned()),
                _ => seen.take_out(*part, KEPT_FOR_OTHERS),
            }
        }
        // How words read before they were corrected is kept from others as the words themselves.
        seen.corrected.retain(|corrected| !hidden.contains(&corrected.part));
        seen
    }

    /// Leaves out of each part what `keep` does not keep, with what was corrected in it.
    pub fn leave_out(&mut self, keep: &dyn Fn(RecordPart, &Mark) -> Keep) {
        for part in self.parts() {
            let Some(mark) = self.mark_of(part).cloned() else { continue };
            match keep(part, &mark) {
                Keep::All => {}
                Keep::WithoutPassages => {
                    let marked = self.words_mut(part).is_some_and(|words| !words.passages.is_empty());
                    if let Some(words) = self.words_mut(part) {
                        *words = words.without_passages();
                    }
                    self.corrected.retain(|corrected| corrected.part != part || !marked);
                }
                Keep::Nothing => {
                    self.forget_reason(part);
                    self.take_out(part, KEPT_BACK);
                    self.corrected.retain(|corrected| corrected.part != part);
                }
            }
        }
    }

    /// The words of a part that can hold marked passages.
    #[must_use]
    pub fn words(&self, part: RecordPart) -> Option<&Words> {
        match part {
            RecordPart::Heard { worker } => {
                self.heard.iter().find(|heard| heard.who.worker == worker).map(|heard| &heard.text.content)
            }
            RecordPart::Meaning => Some(&self.meaning),
            RecordPart::Life => Some(&self.life_now),
            _ => None,
        }
    }

    fn words_mut(&mut self, part: RecordPart) -> Option<&mut Words> {
        match part {
            RecordPart::Heard { worker } => {
                self.heard.iter_mut().find(|heard| heard.who.worker == worker).map(|heard| &mut heard.text.content)
            }
            RecordPart::Meaning => Some(&mut self.meaning),
            RecordPart::Life => Some(&mut self.life_now),
            _ => None,
        }
    }

    /// Takes out why a part is kept or shared: that is for those who read the part.
    fn forget_reason(&mut self, part: RecordPart) {
        self.mark_mut(part).into_iter().for_each(|mark| mark.reason.clear());
    }

    /// Takes the words of a part out; where something else stands beside them, `instead` says so.
    fn take_out(&mut self, part: RecordPart, instead: &str) {
        match part {
            RecordPart::Heard { worker } => self.heard.retain(|heard| heard.who.worker != worker),
            RecordPart::Meaning => self.meaning.content = Words::default(),
            RecordPart::Life => self.life_now.content = Words::default(),
            RecordPart::Question => self.question.clear(),
            RecordPart::Why => {
                if let Some(decision) = &mut self.decision {
                    instead.clone_into(&mut decision.why.content);
                    // An earlier wording may say the same.
                    let earlier = decision.stances.iter_mut().filter_map(|stance| stance.earlier_wording.as_mut());
                    earlier.for_each(|wording| instead.clone_into(wording));
                }
                // Options repeat what speaks for the decision and against it.
                self.options.clear();
            }
            RecordPart::Stance { worker } => {
                let stances = self.decision.iter_mut().flat_map(|decision| &mut decision.stances);
                for stance in stances.filter(|stance| stance.who.worker == worker) {
                    if !stance.reason.is_empty() {
                        instead.clone_into(&mut stance.reason.content);
                    }
                    stance.before.iter_mut().for_each(|said| said.reason.clear());
                }
                let earlier = self.decision.iter_mut().flat_map(|decision| &mut decision.confirmed_before);
                let theirs = earlier.flat_map(|confirmed| &mut confirmed.objections);
                theirs.filter(|said| said.who.worker == worker).for_each(|said| said.reason.clear());
            }
            RecordPart::Step { step: id } => self.steps.retain(|step| step.step != id),
            RecordPart::Option { option: id } => self.options.retain(|option| option.option != id),
            RecordPart::Contingency { contingency: id } => {
                self.contingencies.retain(|contingency| contingency.contingency != id);
            }
            RecordPart::Conversation { conversation: id } => {
                self.conversations.retain(|conversation| conversation.conversation != id);
            }
            RecordPart::Correction { correction: id } => {
                let correction = self.life.corrections.iter_mut().find(|correction| correction.id == id);
                correction.into_iter().for_each(|correction| instead.clone_into(&mut correction.text.content));
            }
            RecordPart::Addendum { addendum: id } => {
                let addendum = self.life.addenda.iter_mut().find(|addendum| addendum.id == id);
                addendum.into_iter().for_each(|addendum| instead.clone_into(&mut addendum.text.content));
            }
            RecordPart::Attendance | RecordPart::Other => {}
        }
    }

    /// Whether any part of it, or a passage of one, is kept from somebody.
    #[must_use]
    pub fn anything_marked(&self) -> bool {
        self.parts().into_iter().any(|part| {
            self.mark_of(part).is_some_and(|mark| !mark.is_open())
                || self.words(part).is_some_and(|words| !words.passages.is_empty())
        })
    }

    /// Without anything that is marked, nor why something is shared that was.
    pub fn leave_out_marked(&mut self) {
        self.leave_out(&|_, mark| if mark.is_open() { Keep::WithoutPassages } else { Keep::Nothing });
        self.parts().into_iter().for_each(|part| self.forget_reason(part));
    }
}

impl Sealed {
    /// The signed record as `reader` reads it, who may read the record at all.
    #[must_use]
    pub fn read_by(&self, reader: WorkerId) -> Self {
        let mut seen = Self { record: self.record.read_by(reader), ..self.clone() };
        seen.addenda.retain(|added| {
            let own = if added.by.worker == reader { Own::Written } else { Own::No };
            added.text.mark.lets_read(reader, own)
        });
        seen
    }

    /// What may leave the house by itself: nobody is there to say yes, so nothing that is marked goes, and nothing that
    /// was added later where something is: additions may repeat it.
    #[must_use]
    pub fn unmarked(mut self) -> Self {
        if self.anything_marked() {
            self.addenda.clear();
        }
        self.addenda.iter_mut().for_each(|added| added.text.mark.reason.clear());
        let record = &mut self.record;
        record.leave_out_marked();
        // About the adults of the family.
        record.contingencies.clear();
        record.conversations.clear();
        record.risks.clear();
        self
    }

    /// Whether any part of it is kept from somebody.
    #[must_use]
    pub fn anything_marked(&self) -> bool {
        self.record.anything_marked() || self.addenda.iter().any(|addendum| !addendum.text.mark.is_open())
    }
}
