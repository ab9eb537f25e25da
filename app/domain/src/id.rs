//! Identifiers: newtypes over UUIDv7, parsed at the edge.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID made by whoever holds the randomness.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID itself, as the store keeps it.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text.trim()).map(Self)
            }
        }
    )*};
}

ids! {
    /// One meeting: a date, a team, several families.
    MeetingId,
    /// One family's place on one meeting's agenda.
    SlotId,
    /// A family as the team works with it.
    FamilyId,
    /// A child or an adult of a family.
    PersonId,
    /// Somebody who works with families.
    WorkerId,
    /// A team of workers.
    TeamId,
    /// One worker's allocation to one person or family.
    AllocationId,
    /// One role that was given to a worker.
    GrantId,
    /// One family opened for an hour, with a reason.
    OpeningId,
    /// One decision on the table in a slot.
    DecisionId,
    /// One next step.
    StepId,
    /// One option that was considered.
    OptionId,
    /// What is done if something happens.
    ContingencyId,
    /// One conversation that a worker takes to the family.
    ConversationId,
    /// One urgent risk.
    RiskId,
    /// One passage of a box that some copies leave out.
    PassageId,
    /// The record of one meeting for one child.
    RecordId,
    /// A wish to have a draft record corrected.
    CorrectionId,
    /// What somebody adds to a signed record.
    AddendumId,
    /// One record on its way to one of the council's systems.
    DeliveryId,
    /// One message for one adult of a family.
    MessageId,
    /// What somebody of a family gave in their own words on one occasion.
    OwnWordsId,
    /// A piece of direct work.
    DirectWorkId,
    /// What a worker wrote into a chronology.
    CaseNoteId,
    /// Somebody in a family's genogram who is no member of the family.
    RelativeId,
    /// What one person of a genogram is to another.
    TieId,
    /// People of a genogram who live together.
    HouseholdId,
    /// One copy that was made for somebody.
    ExportId,
    /// One command, made by the client so that a retry gets the same answer.
    CommandId,
}
