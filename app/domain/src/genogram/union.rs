//! Who of a genogram belongs together: parents with their children, and the generation of everybody.

use super::graph::ordered;
use super::{KinGraph, KinId, LineKind};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Parents and the children they have together; parents without children, and brothers and sisters whose parents nobody
/// recorded, are such a group too.
#[derive(Debug, Clone, Default)]
pub(super) struct Union {
    /// None to two, by place among the people.
    pub parents: Vec<usize>,
    pub children: Vec<usize>,
    pub kind: Option<LineKind>,
}

impl KinGraph {
    fn place(&self, id: KinId) -> usize {
        self.people.iter().position(|kin| kin.id == id).expect("ties are between people who are there")
    }

    pub(super) fn unions(&self) -> Vec<Union> {
        let full = groups(
            self.people.len(),
            self.siblings
                .iter()
                .filter(|(_, same)| **same)
                .map(|((one, other), _)| (self.place(*one), self.place(*other))),
        );
        // Whoever has one recorded parent, or none, is alone in a group unless somebody said whose brother or sister it is.
        let mut by_parents: BTreeMap<(Vec<usize>, usize), Vec<usize>> = BTreeMap::new();
        for (child, kin) in self.people.iter().enumerate() {
            let parents: BTreeSet<usize> = self.parents_of(kin.id).map(|parent| self.place(parent)).collect();
            let parents: Vec<usize> = parents.into_iter().collect();
            let group = if parents.len() < 2 { full[child] } else { usize::MAX };
            by_parents.entry((parents, group)).or_default().push(child);
        }
        let named = |(parents, children): (Vec<usize>, Vec<usize>)| {
            let kind = match parents[..] {
                [one, other] => self.partnership(one, other),
                _ => None,
            };
            Union { parents, children, kind }
        };
        let mut unions: Vec<Union> = by_parents
            .into_iter()
            .filter(|((parents, _), children)| !parents.is_empty() || children.len() > 1)
            .map(|((parents, _), children)| named((parents, children)))
            .collect();
        for (one, other) in self.partners.keys() {
            let (one, other) = (self.place(*one), self.place(*other));
            let parents = vec![one.min(other), one.max(other)];
            if unions.iter().all(|union| union.parents != parents) {
                unions.push(named((parents, Vec::new())));
            }
        }
        // What is seen from the parents needs no line of its own.
        let half = self.siblings.iter().filter(|((one, other), same)| {
            !**same && self.parents_of(*one).all(|parent| self.parents_of(*other).all(|other| other != parent))
        });
        for ((one, other), _) in half {
            let children = vec![self.place(*one), self.place(*other)];
            unions.push(Union { parents: Vec::new(), children, kind: Some(LineKind::Half) });
        }
        for union in &mut unions {
            union.children.sort_by_key(|child| self.by_age(*child));
        }
        unions
    }

    /// Eldest first; whoever's age nobody recorded last.
    pub(super) fn by_age(&self, at: usize) -> (bool, Option<NaiveDate>, usize) {
        (self.people[at].born.is_none(), self.people[at].born, at)
    }

    fn partnership(&self, one: usize, other: usize) -> Option<LineKind> {
        let pair = ordered(self.people[one].id, self.people[other].id);
        Some(match self.partners.get(&pair) {
            Some(true) => LineKind::Together,
            Some(false) => LineKind::Parted,
            None => LineKind::Parents,
        })
    }
}

/// Who belongs to whom: for each of `count` the smallest of their group.
fn groups(count: usize, pairs: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
    let mut group: Vec<usize> = (0..count).collect();
    for (one, other) in pairs {
        let (one, other) = (group[one], group[other]);
        let (small, large) = (one.min(other), one.max(other));
        group.iter_mut().filter(|group| **group == large).for_each(|group| *group = small);
    }
    group
}

/// The generation of everybody, 0 for the eldest. Partners, and brothers and sisters, are of one generation where their
/// parents and children allow it.
pub(super) fn generations(graph: &KinGraph, unions: &[Union]) -> Vec<usize> {
    let count = graph.people.len();
    let born: Vec<(usize, usize)> =
        graph.parents.iter().map(|(one, other)| (graph.place(*one), graph.place(*other))).collect();
    let of_union = unions.iter().flat_map(|union| [&union.parents, &union.children]);
    let beside = of_union.flat_map(|of_one| of_one.windows(2).map(|pair| (pair[0], pair[1])));
    let half = graph.siblings.keys().map(|(one, other)| (graph.place(*one), graph.place(*other)));
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for pair in beside.chain(half) {
        let group = groups(count, joined.iter().copied().chain([pair]));
        if ranks(count, &group, &born).is_some() {
            joined.push(pair);
        }
    }
    let group = groups(count, joined.into_iter());
    let mut rank = ranks(count, &group, &born).unwrap_or_else(|| vec![0; count]);
    // Somebody without parents stands right above their children, not at the top.
    for at in (0..count).rev() {
        let members: Vec<usize> = (0..count).filter(|other| group[*other] == group[at]).collect();
        let has_parents = born.iter().any(|(_, child)| members.contains(child));
        let below = born.iter().filter(|(parent, _)| members.contains(parent)).map(|(_, child)| rank[*child]).min();
        if let (false, Some(below)) = (has_parents, below) {
            members.into_iter().for_each(|member| rank[member] = below.saturating_sub(1));
        }
    }
    let children = (0..count).filter(|at| graph.people[*at].child).map(|at| rank[at]).max();
    let lowest = children.unwrap_or_else(|| rank.iter().copied().max().unwrap_or(0)).max(1);
    // Whoever has no ties stands with the children, or with the adults right above them.
    let tied = |at: usize| {
        born.iter().any(|(one, other)| *one == at || *other == at)
            || group.iter().filter(|other| **other == group[at]).count() > 1
    };
    for at in (0..count).filter(|at| !tied(*at)) {
        rank[at] = if graph.people[at].child { lowest } else { lowest - 1 };
    }
    let highest = rank.iter().copied().min().unwrap_or(0);
    rank.into_iter().map(|rank| rank - highest).collect()
}

/// How far below the eldest each is, where groups are of one generation; none where that cannot be.
fn ranks(count: usize, group: &[usize], born: &[(usize, usize)]) -> Option<Vec<usize>> {
    let mut rank = vec![0; count];
    for _ in 0..=count {
        let mut moved = false;
        for (parent, child) in born {
            let (above, below) = (rank[group[*parent]], rank[group[*child]]);
            if below <= above {
                rank[group[*child]] = above + 1;
                moved = true;
            }
        }
        if !moved {
            return Some(group.iter().map(|group| rank[*group]).collect());
        }
    }
    None
}
