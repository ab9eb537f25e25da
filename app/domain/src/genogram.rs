//! A family's genogram: who is whose parent, partner, brother or sister, and who lives together. Edited tie by tie; the
//! picture and its words are made from the ties.

pub mod drawing;
mod graph;
mod layout;
mod union;
mod words;

pub use drawing::{Drawing, GenogramLine, LineKind, Symbol};
use graph::ordered;
pub use graph::{Kin, KinGraph};
pub use words::KinInWords;

use crate::meeting::refusal::{Refusal, short};
use crate::record::Named;
use crate::status::words;
use crate::{HouseholdId, PersonId, RelativeId, TieId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// The longest name of a relative or a household, in characters.
pub const LONGEST_NAME: usize = 250;
/// The most relatives, and the most households, of one genogram.
pub const MOST_RELATIVES: usize = 60;
/// The most ties of one genogram.
pub const MOST_TIES: usize = 300;

/// The word of a form for a tie that is [`TieKind::Parent`] seen from the other end.
pub const CHILD: &str = "child";

/// Somebody in a genogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KinId {
    /// A child or an adult of the family.
    Member(PersonId),
    /// Somebody else.
    Relative(RelativeId),
}

impl KinId {
    /// The member; none for somebody else.
    #[must_use]
    pub const fn member(self) -> Option<PersonId> {
        match self {
            Self::Member(person) => Some(person),
            Self::Relative(_) => None,
        }
    }
}

impl fmt::Display for KinId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(person) => write!(f, "member-{person}"),
            Self::Relative(relative) => write!(f, "relative-{relative}"),
        }
    }
}

impl FromStr for KinId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('-') {
            Some(("member", id)) => id.parse().map(Self::Member).map_err(|_| ()),
            Some(("relative", id)) => id.parse().map(Self::Relative).map_err(|_| ()),
            _ => Err(()),
        }
    }
}

words! {
    /// How somebody is drawn: a circle, a square, or a diamond where nobody said.
    #[derive(Default)]
    Sex {
        /// Not recorded.
        #[default]
        NotRecorded = "U",
        /// Female.
        Female = "F",
        /// Male.
        Male = "M",
    }
}

words! {
    /// Whether somebody is alive.
    #[derive(Default)]
    LifeState {
        /// Alive, as far as is known.
        #[default]
        Living = "living",
        /// Still to be born.
        Unborn = "unborn",
        /// Has died.
        Died = "died",
    }
}

words! {
    /// What one person of a genogram is to another.
    TieKind {
        /// The first is a parent of the other.
        Parent = "parent",
        /// They are partners.
        Partner = "partner",
        /// They were partners.
        FormerPartner = "former_partner",
        /// They have the same parents.
        Sibling = "sibling",
        /// They have one parent in common.
        HalfSibling = "half_sibling",
    }
}

impl TieKind {
    /// "is a parent of".
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Parent => "is a parent of",
            Self::Partner => "is the partner of",
            Self::FormerPartner => "is a former partner of",
            Self::Sibling => "has the same parents as",
            Self::HalfSibling => "has one parent in common with",
        }
    }

    /// Of two people at most one tie of a group holds: partners, former partners; the same parents, one in common.
    const fn group(self) -> u8 {
        match self {
            Self::Parent => 0,
            Self::Partner | Self::FormerPartner => 1,
            Self::Sibling | Self::HalfSibling => 2,
        }
    }
}

/// Somebody of a genogram who is no member of the family.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelativeContent {
    /// "Nan", "Gareth"; empty where nobody knows.
    pub name: String,
    /// How they are drawn.
    pub sex: Sex,
    /// Whether they are alive.
    pub life: LifeState,
}

impl RelativeContent {
    /// The content as it is kept: cleaned and within its limits.
    ///
    /// # Errors
    /// Where the name is too long.
    pub fn checked(self) -> Result<Self, Refusal> {
        Ok(Self { name: short("The name", &self.name, LONGEST_NAME)?, ..self })
    }
}

/// Such a person, with their id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relative {
    /// Their id.
    pub id: RelativeId,
    /// What is known of them.
    pub content: RelativeContent,
    /// Whether they were taken out of the genogram.
    pub removed: bool,
    /// Counts the changes, from 1.
    pub revision: i64,
}

/// What one person of a genogram is to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// Its id.
    pub id: TieId,
    /// The parent; one of two otherwise.
    pub from: KinId,
    /// The child; the other of two otherwise.
    pub to: KinId,
    /// What they are.
    pub kind: TieKind,
    /// Whether it was taken out of the genogram.
    pub removed: bool,
    /// Who said so last.
    pub by: Named,
    /// When.
    pub at: DateTime<Utc>,
}

/// People who live together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    /// Its id.
    pub id: HouseholdId,
    /// "Nan’s". Never an address.
    pub name: String,
    /// Who lives there, all or some of the time.
    pub people: BTreeSet<KinId>,
    /// Whether it was taken out of the genogram.
    pub removed: bool,
    /// Counts the changes, from 1.
    pub revision: i64,
}

/// One change of a genogram.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GenogramChange {
    /// A relative was added, changed or removed.
    Relative(Relative),
    /// A tie was added, changed or removed.
    Tie(Tie),
    /// A household was added, renamed or removed.
    Household {
        /// Which.
        id: HouseholdId,
        /// What it is called.
        name: String,
        /// Whether it was removed.
        removed: bool,
    },
    /// Somebody lives in a household, or does not any more.
    Lives {
        /// Which household.
        household: HouseholdId,
        /// Who.
        who: KinId,
        /// Whether they live there.
        there: bool,
    },
}

/// The ties of a family, as people wrote them down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Genogram {
    /// Relatives, in the order they were added; with those who were removed.
    pub relatives: Vec<Relative>,
    /// Ties, in the order they were added; with those that were removed.
    pub ties: Vec<Tie>,
    /// Households, in the order they were added; with those that were removed.
    pub households: Vec<Household>,
}

impl Genogram {
    /// Takes one change.
    pub fn apply(&mut self, change: &GenogramChange) {
        match change {
            GenogramChange::Relative(relative) => match self.relatives.iter_mut().find(|old| old.id == relative.id) {
                Some(old) => *old = Relative { revision: old.revision + 1, ..relative.clone() },
                None => self.relatives.push(Relative { revision: 1, ..relative.clone() }),
            },
            GenogramChange::Tie(tie) => match self.ties.iter_mut().find(|old| old.id == tie.id) {
                Some(old) => old.clone_from(tie),
                None => self.ties.push(tie.clone()),
            },
            GenogramChange::Household { id, name, removed } => {
                let household = self.household(*id);
                name.clone_into(&mut household.name);
                (household.removed, household.revision) = (*removed, household.revision + 1);
            }
            GenogramChange::Lives { household, who, there } => {
                let household = self.household(*household);
                household.revision += 1;
                if *there {
                    household.people.insert(*who)
                } else {
                    household.people.remove(who)
                };
            }
        }
    }

    fn household(&mut self, id: HouseholdId) -> &mut Household {
        let at = self.households.iter().position(|old| old.id == id).unwrap_or_else(|| {
            let (name, people) = (String::new(), BTreeSet::new());
            self.households.push(Household { id, name, people, removed: false, revision: 0 });
            self.households.len() - 1
        });
        &mut self.households[at]
    }

    /// The relatives who are drawn.
    pub fn standing_relatives(&self) -> impl Iterator<Item = &Relative> {
        self.relatives.iter().filter(|relative| !relative.removed)
    }

    /// The relatives who are known for the sake of these children alone: whom their ties lead to, through other relatives, is
    /// nobody else of the family.
    #[must_use]
    pub fn relatives_of_only(&self, children: &BTreeSet<PersonId>) -> BTreeSet<RelativeId> {
        let of_only = |relative: &Relative| {
            let (mut found, mut members) = (BTreeSet::from([KinId::Relative(relative.id)]), BTreeSet::new());
            let mut next: Vec<KinId> = found.iter().copied().collect();
            while let Some(one) = next.pop() {
                for tie in self.ties.iter().filter(|tie| tie.from == one || tie.to == one) {
                    let other = if tie.from == one { tie.to } else { tie.from };
                    match other {
                        KinId::Member(person) => drop(members.insert(person)),
                        KinId::Relative(_) if found.insert(other) => next.push(other),
                        KinId::Relative(_) => {}
                    }
                }
            }
            !members.is_empty() && members.is_subset(children)
        };
        self.relatives.iter().filter(|relative| of_only(relative)).map(|relative| relative.id).collect()
    }

    /// Homes in which nobody ever lived but these children, and relatives known for their sake alone. `changes`: all of them.
    #[must_use]
    pub fn homes_of_only<'c>(
        changes: impl Iterator<Item = &'c GenogramChange>, children: &BTreeSet<PersonId>, alone: &BTreeSet<RelativeId>,
    ) -> BTreeSet<HouseholdId> {
        let mut ever: BTreeMap<HouseholdId, bool> = BTreeMap::new();
        for change in changes {
            if let GenogramChange::Lives { household, who, .. } = change {
                let goes = match who {
                    KinId::Member(person) => children.contains(person),
                    KinId::Relative(relative) => alone.contains(relative),
                };
                *ever.entry(*household).or_insert(true) &= goes;
            }
        }
        ever.into_iter().filter(|(_, goes)| *goes).map(|(household, _)| household).collect()
    }

    /// Whether what was changed is about these children alone, `alone` being the relatives known for their sake alone, and the
    /// homes in which nobody else ever lived.
    #[must_use]
    pub fn change_is_only_about(
        change: &GenogramChange, children: &BTreeSet<PersonId>, alone: &(BTreeSet<RelativeId>, BTreeSet<HouseholdId>),
    ) -> bool {
        let (alone, homes) = alone;
        let goes = |who: &KinId| match who {
            KinId::Member(person) => children.contains(person),
            KinId::Relative(relative) => alone.contains(relative),
        };
        match change {
            GenogramChange::Relative(relative) => alone.contains(&relative.id),
            GenogramChange::Tie(tie) => goes(&tie.from) || goes(&tie.to),
            GenogramChange::Household { id, .. } => homes.contains(id),
            GenogramChange::Lives { who, .. } => goes(who),
        }
    }

    /// The change that adds a tie, or nothing where it stands already. Partners who become former partners change their tie.
    ///
    /// # Errors
    /// Where the tie cannot be: of somebody to themselves, a third parent, somebody their own ancestor.
    pub fn add_tie(&self, graph: &KinGraph, tie: Tie) -> Result<Option<GenogramChange>, Refusal> {
        let wrong = |why: String| Err(Refusal::Unusable(why));
        if tie.from == tie.to {
            return wrong("Choose two different people.".to_owned());
        }
        if tie.kind == TieKind::Parent {
            if graph.parents.contains(&(tie.from, tie.to)) {
                return Ok(None);
            }
            let parents: Vec<&str> = graph.parents_of(tie.to).map(|parent| graph.name(parent)).collect();
            if let [one, other, ..] = parents[..] {
                let child = graph.name(tie.to);
                return wrong(format!(
                    "{child} has two parents here already: {one} and {other}. Remove one of them first."
                ));
            }
            if graph.is_ancestor(tie.to, tie.from) {
                return wrong(format!("{} would be their own ancestor.", graph.name(tie.to)));
            }
        }
        let pair = ordered(tie.from, tie.to);
        let same = |old: &&Tie| {
            let parents = old.kind == TieKind::Parent && (old.from, old.to) != (tie.from, tie.to);
            !old.removed && old.kind.group() == tie.kind.group() && ordered(old.from, old.to) == pair && !parents
        };
        match self.ties.iter().find(same) {
            Some(old) if old.kind == tie.kind => Ok(None),
            Some(old) => Ok(Some(GenogramChange::Tie(Tie { id: old.id, ..tie }))),
            None if self.ties.iter().filter(|old| !old.removed && old.id != tie.id).count() >= MOST_TIES => {
                wrong("This genogram is full.".to_owned())
            }
            None => Ok(Some(GenogramChange::Tie(tie))),
        }
    }
}

#[cfg(test)]
mod tests;
