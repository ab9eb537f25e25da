//! What takes two people takes two persons: not one with two accounts, and nobody who was put in post for it.

use crate::WorkerId;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// Somebody who has a part in what takes two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InPost {
    /// Which worker they are.
    pub worker: WorkerId,
    /// Their number in the council's staff list; empty where there is none.
    pub staff_id: String,
    /// Their name.
    pub name: String,
    /// Since when they hold the right they use.
    pub since: DateTime<Utc>,
    /// Who gave them their account, a link to it, or their role.
    pub put_there_by: BTreeSet<WorkerId>,
}

/// Why somebody is not the second of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTheSecond {
    /// They are the first, perhaps with another account.
    SamePerson,
    /// They came into post after the first had asked.
    InPostSince,
    /// The first gave them their account or their role: they may be nobody else.
    PutThereByTheFirst,
}

impl NotTheSecond {
    /// For the page.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::SamePerson => {
                "This takes two people, and you are the first of them. Ask somebody else who may do it."
            }
            Self::PutThereByTheFirst => {
                "This takes somebody whose account and role the first person did not give. Ask somebody else who may do it."
            }
            Self::InPostSince => {
                "This takes somebody who might do it before it was asked for. Ask somebody who might, or ask for it anew."
            }
        }
    }
}

impl InPost {
    /// Whether both are one person: the same worker, staff number or name. Two people of one name are told to ask a third;
    /// that costs less than one person being two.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        let number = !self.staff_id.is_empty() && self.staff_id == other.staff_id;
        self.worker == other.worker || number || folded(&self.name) == folded(&other.name)
    }

    /// Whether they may be the second, where the first asked at a time.
    ///
    /// # Errors
    /// Why not.
    pub fn seconds(&self, first: &Self, asked_at: DateTime<Utc>) -> Result<(), NotTheSecond> {
        match () {
            () if self.is(first) => Err(NotTheSecond::SamePerson),
            () if self.since > asked_at => Err(NotTheSecond::InPostSince),
            () if self.put_there_by.contains(&first.worker) => Err(NotTheSecond::PutThereByTheFirst),
            () => Ok(()),
        }
    }
}

fn folded(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn person(worker: u128, staff_id: &str, name: &str, since: &str) -> InPost {
        InPost {
            worker: WorkerId::new(Uuid::from_u128(worker)),
            staff_id: staff_id.to_owned(),
            name: name.to_owned(),
            since: since.parse().unwrap(),
            put_there_by: BTreeSet::new(),
        }
    }

    #[test]
    fn one_person_with_two_accounts_is_one_and_a_later_promotion_does_not_count() {
        let asked_at = "2026-11-24T09:00:00Z".parse().unwrap();
        let first = person(1, "7001", "Zara Northlight", "2026-01-01T00:00:00Z");
        for (second, expected) in [
            (person(1, "7001", "Zara Northlight", "2026-01-01T00:00:00Z"), Err(NotTheSecond::SamePerson)),
            (person(2, "7001", "Z. Northlight", "2026-01-01T00:00:00Z"), Err(NotTheSecond::SamePerson)),
            (person(2, "", "zara  northlight", "2026-01-01T00:00:00Z"), Err(NotTheSecond::SamePerson)),
            (person(2, "7002", "Ada Okafor", "2026-11-24T09:00:01Z"), Err(NotTheSecond::InPostSince)),
            (person(2, "7002", "Ada Okafor", "2026-11-24T08:59:59Z"), Ok(())),
            (person(2, "", "Ada Okafor", "2026-01-01T00:00:00Z"), Ok(())),
            (
                InPost { put_there_by: [first.worker].into(), ..person(2, "", "Ann Other", "2026-01-01T00:00:00Z") },
                Err(NotTheSecond::PutThereByTheFirst),
            ),
        ] {
            assert_eq!(second.seconds(&first, asked_at), expected, "{second:?}");
        }
    }
}
