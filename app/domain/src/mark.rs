//! One mark for whatever may be kept from somebody. Its three parts are independent: who reads a part now, whether it
//! waits for the chair's reveal, and whom of the family a copy must not tell.

use crate::meeting::refusal::{Refusal, short};
use crate::prose::clean;
use crate::{PersonId, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

/// Who reads a part, of those who may read the discussion or the record it stands in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Readers {
    /// All of them.
    #[default]
    Team,
    /// Its writer and the people named.
    Only {
        /// Who else.
        workers: BTreeSet<WorkerId>,
    },
}

/// The mark of one part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Who reads it.
    pub readers: Readers,
    /// Whether only its writer reads it until the chair reveals it. Never revealed, it stays its writer's.
    pub hidden_until_reveal: bool,
    /// Whom of the family a copy with it must not reach.
    pub not_in_copies_for: BTreeSet<PersonId>,
    /// Why it is kept from somebody, or shared again, in one line; empty where nobody said it. It is read by those who read
    /// the part, and leaves with no copy.
    #[serde(default)]
    pub reason: String,
}

/// The longest reason of a mark, in characters.
pub const LONGEST_REASON: usize = 200;

/// The longest that the reasons of several people come to.
const LONGEST_TOGETHER: usize = 5 * LONGEST_REASON;

/// Whose the words of a part are, for one reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// The reader wrote them.
    Written,
    /// The reader recorded them for somebody else.
    Recorded,
    /// Others', or the whole group's.
    No,
}

impl Mark {
    /// The mark that stands in a view for words that its viewer may not read, whatever their own mark says.
    #[must_use]
    pub fn withheld() -> Self {
        Self { readers: Readers::Only { workers: BTreeSet::new() }, ..Self::default() }
    }

    /// Whether nothing is kept from anybody.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.readers == Readers::Team && !self.hidden_until_reveal && self.not_in_copies_for.is_empty()
    }

    /// The reason that stands once somebody has said one. Whose words they are says it anew; what somebody else says is added
    /// to what stands there. What stands there already may be longer than one reason.
    ///
    /// # Errors
    /// Where it is too long.
    pub fn reason_once_said(&self, reason: &str, own: Option<Own>) -> Result<String, Refusal> {
        let said = clean(reason);
        if said.trim() == self.reason {
            return Ok(self.reason.clone());
        }
        let said = short("Why", &said, LONGEST_REASON)?;
        if own == Some(Own::No) { short("Why", &joined(&self.reason, &said), LONGEST_TOGETHER) } else { Ok(said) }
    }

    /// Whether somebody who may read the discussion or record reads this part of it. The only place that decides it.
    #[must_use]
    pub fn lets_read(&self, reader: WorkerId, own: Own) -> bool {
        if own == Own::Written {
            return true;
        }
        let among = match &self.readers {
            Readers::Team => true,
            Readers::Only { workers } => own == Own::Recorded || workers.contains(&reader),
        };
        among && !self.hidden_until_reveal
    }

    /// A mark that keeps everything from everybody that either of two keeps from them.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let readers = match (&self.readers, &other.readers) {
            (Readers::Team, readers) | (readers, Readers::Team) => readers.clone(),
            (Readers::Only { workers }, Readers::Only { workers: others }) => {
                Readers::Only { workers: workers.intersection(others).copied().collect() }
            }
        };
        Self {
            readers,
            hidden_until_reveal: self.hidden_until_reveal || other.hidden_until_reveal,
            not_in_copies_for: self.not_in_copies_for.union(&other.not_in_copies_for).copied().collect(),
            reason: joined(&self.reason, &other.reason),
        }
    }

    /// The workers it names.
    #[must_use]
    pub fn named(&self) -> BTreeSet<WorkerId> {
        match &self.readers {
            Readers::Team => BTreeSet::new(),
            Readers::Only { workers } => workers.clone(),
        }
    }

    /// Whether `new` keeps everything from everybody that this mark keeps from them.
    #[must_use]
    pub fn is_kept_by(&self, new: &Self) -> bool {
        let readers = match (&self.readers, &new.readers) {
            (Readers::Team, _) => true,
            (Readers::Only { .. }, Readers::Team) => false,
            (Readers::Only { workers }, Readers::Only { workers: now }) => now.is_subset(workers),
        };
        readers
            && (!self.hidden_until_reveal || new.hidden_until_reveal)
            && self.not_in_copies_for.is_subset(&new.not_in_copies_for)
    }
}

/// Two reasons in one line; what is said already is not said again.
fn joined(one: &str, other: &str) -> String {
    match (one, other) {
        (one, "") => one.to_owned(),
        ("", other) => other.to_owned(),
        (one, other) if one == other || one.ends_with(&format!("; {other}")) => one.to_owned(),
        (one, other) => format!("{one}; {other}"),
    }
}

/// A part with its mark.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked<T> {
    /// The part.
    pub content: T,
    /// Whom it is kept from.
    pub mark: Mark,
}

impl<T> Marked<T> {
    /// A part that is kept from nobody.
    #[must_use]
    pub fn open(content: T) -> Self {
        Self { content, mark: Mark::default() }
    }

    /// Other content under the same mark.
    #[must_use]
    pub fn map<U>(&self, change: impl FnOnce(&T) -> U) -> Marked<U> {
        Marked { content: change(&self.content), mark: self.mark.clone() }
    }
}

impl<T> Deref for Marked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.content
    }
}

impl<T> DerefMut for Marked<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.content
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn worker(n: u128) -> WorkerId {
        WorkerId::new(Uuid::from_u128(n))
    }

    #[test]
    fn the_three_parts_of_a_mark_do_not_touch_each_other() {
        let only = Mark { readers: Readers::Only { workers: [worker(2)].into() }, ..Mark::default() };
        assert!(only.lets_read(worker(2), Own::No) && !only.lets_read(worker(3), Own::No));
        assert!(only.lets_read(worker(3), Own::Recorded) && only.lets_read(worker(3), Own::Written));
        let hidden = Mark { hidden_until_reveal: true, ..only.clone() };
        assert!(!hidden.lets_read(worker(2), Own::No) && !hidden.lets_read(worker(2), Own::Recorded));
        assert!(hidden.lets_read(worker(1), Own::Written));
        let revealed = Mark { hidden_until_reveal: false, ..hidden.clone() };
        assert_eq!(revealed, only, "a reveal changes only what was hidden");
        let person = PersonId::new(Uuid::from_u128(9));
        let in_copies = Mark { not_in_copies_for: [person].into(), ..Mark::default() };
        assert!(in_copies.lets_read(worker(7), Own::No) && !in_copies.is_open(), "it is about copies alone");
        for (wide, narrow) in [(&Mark::default(), &only), (&only, &hidden), (&Mark::default(), &in_copies)] {
            assert!(wide.is_kept_by(narrow) && !narrow.is_kept_by(wide));
        }
    }

    #[test]
    fn a_reason_keeps_nothing_from_anybody_and_another_persons_is_added_to_it() {
        let said = |reason: &str| Mark { reason: reason.to_owned(), ..Mark::default() };
        assert!(said("The school has to know.").is_open());
        let own = [Some(Own::Written), Some(Own::Recorded), None];
        for own in own {
            assert_eq!(said("before").reason_once_said("now", own).unwrap(), "now");
            assert_eq!(said("before").reason_once_said("", own).unwrap(), "");
        }
        // Two reasons that stand there are no reason to refuse what is pressed next; one that is too long is.
        let long =
            said(&"x".repeat(LONGEST_REASON)).reason_once_said(&"y".repeat(LONGEST_REASON), Some(Own::No)).unwrap();
        assert_eq!(said(&long).reason_once_said(&long, Some(Own::Written)).unwrap(), long);
        assert!(said("").reason_once_said(&long, Some(Own::Written)).is_err());
        let full = said(&"x".repeat(LONGEST_TOGETHER));
        assert!(full.reason_once_said("and so on", Some(Own::No)).is_err());
        for (reason, stands) in [("now", "before; now"), ("", "before"), ("before", "before")] {
            assert_eq!(said("before").reason_once_said(reason, Some(Own::No)).unwrap(), stands);
        }
        assert_eq!(said("one").with(&said("two")).reason, "one; two");
        assert_eq!(said("one; two").with(&said("two")).reason, "one; two");
    }
}
