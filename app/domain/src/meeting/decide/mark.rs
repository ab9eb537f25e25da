//! Whom a part is kept from.

use super::{Area, Decided, Decider, Event, Refusal, SlotId};
use crate::mark::{LONGEST_REASON, Mark, Own, Readers};
use crate::meeting::MeetingPart;
use crate::meeting::refusal::short;
use crate::{PassageId, PersonId};
use std::collections::BTreeSet;

impl Decider<'_> {
    /// Words of one writer are theirs to narrow and to release; whoever runs the meeting may keep them from more people of
    /// the family. What is the whole group's is marked by anybody who takes part, and read by all.
    pub(super) fn mark(
        &self, id: SlotId, part: MeetingPart, readers: &Readers, not_in_copies_for: &BTreeSet<PersonId>, reason: &str,
    ) -> Decided {
        let slot = self.not_finished(id)?;
        if let MeetingPart::Box(area) = part {
            self.writable(id, area)?;
        }
        let before = slot.mark_of(part).ok_or(Refusal::NotFound)?;
        let own = slot.own(part, self.me());
        let wanted = Mark {
            readers: readers.clone(),
            hidden_until_reveal: before.hidden_until_reveal,
            not_in_copies_for: not_in_copies_for.clone(),
            reason: before.reason_once_said(reason, own)?,
        };
        match own {
            Some(Own::Written | Own::Recorded) => {}
            Some(Own::No) => {
                self.runner()?;
                if wanted.readers != before.readers || !before.is_kept_by(&wanted) {
                    return Err(Refusal::NotYours { who: "whoever wrote these words".to_owned() });
                }
            }
            None if *readers != Readers::Team => {
                return Err(Refusal::Unusable(
                    "This is the whole group's. Put what only some may read into your own analysis.".to_owned(),
                ));
            }
            None => {}
        }
        if matches!(readers, Readers::Only { workers } if workers.is_empty()) {
            return Err(Refusal::empty("Only for", "Tick at least one person who may read this."));
        }
        if wanted == *before {
            return Ok(Vec::new());
        }
        let Mark { readers, not_in_copies_for, reason, .. } = wanted;
        Ok(vec![Event::Marked { slot: id, part, readers, not_in_copies_for, reason }])
    }

    /// Marks every place where the words stand in a box that the asker may write in.
    pub(super) fn mark_passage(
        &self, id: SlotId, area: Area, passage: PassageId, words: &str, people: &BTreeSet<PersonId>, reason: &str,
    ) -> Decided {
        let slot = self.writable(id, area)?;
        if people.is_empty() {
            return Err(Refusal::empty("Not in copies for", "Tick at least one person of the family."));
        }
        let words = crate::prose::clean(words);
        let words = words.trim();
        if words.is_empty() {
            return Err(Refusal::empty("The words", "Copy the words here as they stand in the box."));
        }
        let ranges = slot.boxes.get(&area).map(|text| text.prose.find(words)).unwrap_or_default();
        if ranges.is_empty() {
            return Err(Refusal::Unusable(
                "These words do not stand in the box. Copy them as they stand there.".to_owned(),
            ));
        }
        let (not_in_copies_for, reason) = (people.clone(), short("Why", reason, LONGEST_REASON)?);
        Ok(vec![Event::PassageMarked { slot: id, area, passage, ranges, not_in_copies_for, reason }])
    }

    /// Takes the mark of a passage off: by the box's writer, or in a box of the whole group by anybody who takes part.
    pub(super) fn release_passage(&self, id: SlotId, area: Area, passage: PassageId) -> Decided {
        let slot = self.writable(id, area)?;
        if slot.own(MeetingPart::Box(area), self.me()) == Some(Own::No) {
            return Err(Refusal::NotYours { who: "whoever wrote these words".to_owned() });
        }
        let stored = slot.boxes.get(&area).and_then(|text| text.passages.iter().find(|stored| stored.id == passage));
        stored.ok_or(Refusal::NotFound)?;
        Ok(vec![Event::PassageMarked {
            slot: id,
            area,
            passage,
            ranges: Vec::new(),
            not_in_copies_for: BTreeSet::new(),
            reason: String::new(),
        }])
    }
}
