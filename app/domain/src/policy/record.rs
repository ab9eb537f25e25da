//! Rights over records.

use super::FamilyReader;
use crate::RecordId;
use crate::record::Record;
use crate::viewer::Viewer;

/// Somebody who reads a child's record. What they may do with it beyond reading is asked of this value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordReader<'v> {
    family: FamilyReader<'v>,
    record: RecordId,
    took_part: bool,
}

impl<'v> RecordReader<'v> {
    /// The right to one record of a family; `None` where it is another family's, or they stood out of its discussion.
    #[must_use]
    pub fn of(family: FamilyReader<'v>, record: &Record) -> Option<Self> {
        let worker = family.viewer().worker;
        let took_part = record.attendance.iter().any(|present| present.who.worker == worker);
        let open = record.family == family.family() && !record.closed_to(family.viewer());
        open.then_some(Self { family, record: record.id, took_part })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.family.viewer()
    }

    /// Their right to the family.
    #[must_use]
    pub const fn family(self) -> FamilyReader<'v> {
        self.family
    }

    /// Which record.
    #[must_use]
    pub const fn record(self) -> RecordId {
        self.record
    }

    /// Whether they may ask for corrections, and after signing for an addendum.
    #[must_use]
    pub fn may_ask(self) -> bool {
        (self.took_part && !self.family.is_confidential()) || self.family.allocated() || self.family.staff().is_some()
    }

    /// Their right to keep the record, where they serve the family's team.
    #[must_use]
    pub fn keeper(self) -> Option<RecordKeeper<'v>> {
        self.family.staff().map(|_| RecordKeeper(self))
    }

    /// Their right to answer for the record, where they manage the family's team.
    #[must_use]
    pub fn manager(self) -> Option<RecordManager<'v>> {
        self.family.manager().map(|_| RecordManager(self))
    }
}

/// Somebody who keeps a record: answers corrections, completes steps and reasons, makes copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordKeeper<'v>(RecordReader<'v>);

impl<'v> RecordKeeper<'v> {
    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.0.family.viewer()
    }

    /// As somebody who reads the record.
    #[must_use]
    pub const fn reader(self) -> RecordReader<'v> {
        self.0
    }
}

/// Somebody who answers for a record: decides what was not decided, answers addenda and dissents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordManager<'v>(RecordReader<'v>);

impl<'v> RecordManager<'v> {
    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.0.family.viewer()
    }

    /// As somebody who reads the record.
    #[must_use]
    pub const fn reader(self) -> RecordReader<'v> {
        self.0
    }
}
