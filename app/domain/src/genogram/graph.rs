//! Everybody of a genogram with the ties between them, as one page shows them.

use super::{Genogram, Household, KinId, LifeState, Relative, Sex, TieKind};
use crate::PersonId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody who is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kin {
    /// Who.
    pub id: KinId,
    /// "Ottilie", "unborn", "(name not known)".
    pub name: String,
    /// "9 years", "due 14 February 2027", "died 2019"; may be empty.
    pub age: String,
    /// How they are drawn.
    pub sex: Sex,
    /// Whether they are alive.
    pub life: LifeState,
    /// Whether they are a child of the family.
    pub child: bool,
    /// When they were born or are expected: brothers and sisters are drawn by age.
    pub born: Option<NaiveDate>,
}

/// A genogram as one page shows it: people, and the ties between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KinGraph {
    /// Everybody: children eldest first, adults, then relatives.
    pub people: Vec<Kin>,
    /// Who is whose parent: parent and child.
    pub parents: BTreeSet<(KinId, KinId)>,
    /// Who are or were partners, the smaller id first; `true` while they are.
    pub partners: BTreeMap<(KinId, KinId), bool>,
    /// Who have the same parents or one in common, the smaller id first; `true` for the same parents.
    pub siblings: BTreeMap<(KinId, KinId), bool>,
    /// Who lives together: the household's name, and who.
    pub households: Vec<(String, Vec<KinId>)>,
}

/// Two people, in one order whoever is named first.
pub(super) fn ordered(one: KinId, other: KinId) -> (KinId, KinId) {
    if one <= other { (one, other) } else { (other, one) }
}

impl Kin {
    /// Somebody who is no member of the family.
    #[must_use]
    pub fn of_relative(relative: &Relative) -> Self {
        let name = Some(relative.content.name.clone()).filter(|name| !name.is_empty());
        Self {
            id: KinId::Relative(relative.id),
            name: name.unwrap_or_else(|| "(name not known)".to_owned()),
            age: String::new(),
            sex: relative.content.sex,
            life: relative.content.life,
            child: false,
            born: None,
        }
    }
}

impl KinGraph {
    /// Members and relatives with their ties. `mothers` are told by the council's system: mother and child.
    #[must_use]
    pub fn of(members: Vec<Kin>, mothers: &[(PersonId, PersonId)], genogram: &Genogram) -> Self {
        let relatives = genogram.standing_relatives().map(Kin::of_relative);
        let people: Vec<Kin> = members.into_iter().chain(relatives).collect();
        let known: BTreeSet<KinId> = people.iter().map(|kin| kin.id).collect();
        let both = |one: &KinId, other: &KinId| known.contains(one) && known.contains(other) && one != other;
        let mut graph = Self { people, ..Self::default() };
        let told = mothers.iter().map(|(mother, child)| (KinId::Member(*mother), KinId::Member(*child)));
        graph.parents.extend(told.filter(|(mother, child)| both(mother, child)));
        for tie in genogram.ties.iter().filter(|tie| !tie.removed && both(&tie.from, &tie.to)) {
            let pair = ordered(tie.from, tie.to);
            match tie.kind {
                TieKind::Parent => drop(graph.parents.insert((tie.from, tie.to))),
                TieKind::Partner | TieKind::FormerPartner => {
                    graph.partners.insert(pair, tie.kind == TieKind::Partner);
                }
                TieKind::Sibling | TieKind::HalfSibling => {
                    graph.siblings.insert(pair, tie.kind == TieKind::Sibling);
                }
            }
        }
        graph.share_parents();
        let households = genogram.households.iter().filter(|household| !household.removed);
        let lives = |household: &Household| {
            let people = graph.people.iter().map(|kin| kin.id).filter(|id| household.people.contains(id)).collect();
            (household.name.clone(), people)
        };
        graph.households =
            households.map(lives).filter(|(_, people): &(String, Vec<KinId>)| !people.is_empty()).collect();
        graph
    }

    /// Whoever has the same parents has those that are recorded of any of them, unless that would be more than two.
    fn share_parents(&mut self) {
        let mut groups: Vec<BTreeSet<KinId>> = Vec::new();
        for ((one, other), _) in self.siblings.iter().filter(|(_, same)| **same) {
            let (joined, apart): (Vec<_>, Vec<_>) =
                groups.into_iter().partition(|group| group.contains(one) || group.contains(other));
            groups = apart;
            groups.push(joined.into_iter().flatten().chain([*one, *other]).collect());
        }
        for group in groups {
            let parents: BTreeSet<KinId> = group.iter().flat_map(|child| self.parents_of(*child)).collect();
            let own = |child: &KinId| parents.iter().any(|parent| parent == child || self.is_ancestor(*child, *parent));
            if parents.len() <= 2 && !group.iter().any(own) {
                self.parents.extend(group.iter().flat_map(|child| parents.iter().map(|parent| (*parent, *child))));
            }
        }
    }

    /// The name of somebody; "somebody" where they are not in it.
    #[must_use]
    pub fn name(&self, id: KinId) -> &str {
        self.people.iter().find(|kin| kin.id == id).map_or("somebody", |kin| &kin.name)
    }

    /// The recorded parents of somebody.
    pub fn parents_of(&self, child: KinId) -> impl Iterator<Item = KinId> + use<'_> {
        self.parents.iter().filter(move |(_, of)| *of == child).map(|(parent, _)| *parent)
    }

    /// The recorded children of somebody.
    pub fn children_of(&self, parent: KinId) -> impl Iterator<Item = KinId> + use<'_> {
        self.parents.iter().filter(move |(of, _)| *of == parent).map(|(_, child)| *child)
    }

    /// Whether the first is an ancestor of the other, as far as is recorded.
    #[must_use]
    pub fn is_ancestor(&self, first: KinId, other: KinId) -> bool {
        let (mut found, mut next) = (BTreeSet::from([other]), vec![other]);
        while let Some(one) = next.pop() {
            next.extend(self.parents_of(one).filter(|parent| found.insert(*parent)));
        }
        first != other && found.contains(&first)
    }

    /// Whether anybody is tied to anybody.
    #[must_use]
    pub fn has_ties(&self) -> bool {
        !(self.parents.is_empty() && self.partners.is_empty() && self.siblings.is_empty() && self.households.is_empty())
    }

    /// The letter of a household: A for the first.
    #[must_use]
    pub fn letter(at: usize) -> char {
        u8::try_from(at).ok().and_then(|at| b'A'.checked_add(at)).map_or('?', char::from)
    }
}
