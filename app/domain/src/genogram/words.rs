//! A genogram in words: the same facts as the picture, person by person.

use super::graph::ordered;
use super::{Kin, KinGraph, KinId, LifeState, Sex};
use crate::wording::{capital, listed};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a genogram says of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KinInWords {
    /// Who.
    pub id: KinId,
    /// "Ottilie, 9 years".
    pub title: String,
    /// "Parent of Juno and Noah", "Partner of Gareth", a line each.
    pub lines: Vec<String>,
}

/// What two children of one recorded parent are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Siblings {
    /// Both parents are the same.
    Full,
    /// One parent is the same and the other is not.
    Half,
    /// One parent is the same; nobody recorded whether the other is.
    NotRecorded,
}

impl KinGraph {
    /// Everybody in words, in the order of the people.
    #[must_use]
    pub fn in_words(&self) -> Vec<KinInWords> {
        self.people.iter().map(|kin| KinInWords { id: kin.id, title: kin.title(), lines: self.lines(kin) }).collect()
    }

    fn lines(&self, kin: &Kin) -> Vec<String> {
        let mut lines = vec![self.parents_in_words(kin)];
        let children: Vec<KinId> = self.children_of(kin.id).collect();
        lines.push(self.line(kin.parent_word(), "of", &children));
        for (together, word) in [(true, "partner"), (false, "former partner")] {
            let of: Vec<KinId> =
                self.partners_of(kin.id).filter(|(_, now)| *now == together).map(|(id, _)| id).collect();
            lines.push(self.line(word, "of", &of));
        }
        lines.extend(self.siblings_in_words(kin));
        for (at, (name, people)) in
            self.households.iter().enumerate().filter(|(_, (_, people))| people.contains(&kin.id))
        {
            let others: Vec<&str> = people.iter().filter(|id| **id != kin.id).map(|id| self.name(*id)).collect();
            let with = if others.is_empty() { String::new() } else { format!(", with {}", listed(&others)) };
            lines.push(format!("Home {}, {name}{with}", Self::letter(at)));
        }
        lines.retain(|line| !line.is_empty());
        lines
    }

    fn line(&self, what: &str, joint: &str, who: &[KinId]) -> String {
        let names: Vec<&str> =
            self.people.iter().map(|kin| kin.id).filter(|id| who.contains(id)).map(|id| self.name(id)).collect();
        if names.is_empty() { String::new() } else { format!("{} {joint} {}", capital(what), listed(&names)) }
    }

    fn parents_in_words(&self, kin: &Kin) -> String {
        let parents: Vec<KinId> = self.parents_of(kin.id).collect();
        match parents[..] {
            [] if kin.child => "Parents not recorded".to_owned(),
            [] => String::new(),
            [one] => format!("Child of {}; {} not recorded", self.name(one), self.other_parent_of(one)),
            _ => self.line("child", "of", &parents),
        }
    }

    /// "father", where the parent who is recorded is the mother.
    fn other_parent_of(&self, recorded: KinId) -> &'static str {
        match self.people.iter().find(|kin| kin.id == recorded).map(|kin| kin.sex) {
            Some(Sex::Female) => "father",
            Some(Sex::Male) => "mother",
            _ => "other parent",
        }
    }

    /// Partners of somebody, and whether they are together now.
    pub(super) fn partners_of(&self, one: KinId) -> impl Iterator<Item = (KinId, bool)> + use<'_> {
        self.partners.iter().filter_map(move |((first, other), now)| match (*first == one, *other == one) {
            (true, _) => Some((*other, *now)),
            (_, true) => Some((*first, *now)),
            _ => None,
        })
    }

    fn siblings_in_words(&self, kin: &Kin) -> Vec<String> {
        let among = |siblings: Siblings, through: Option<KinId>| -> Vec<KinId> {
            let others = self.people.iter().map(|other| other.id).filter(|other| *other != kin.id);
            others.filter(|other| self.siblings(kin.id, *other) == Some((siblings, through))).collect()
        };
        let half = match kin.sex {
            Sex::Female => "half-sister",
            Sex::Male => "half-brother",
            Sex::NotRecorded => "half-brother or half-sister",
        };
        let mut lines = vec![
            self.line("brother or sister", "with the same parents:", &among(Siblings::Full, None)),
            self.line(half, "of", &among(Siblings::Half, None)),
        ];
        for parent in self.parents_of(kin.id).collect::<BTreeSet<_>>() {
            let name = self.name(parent);
            let of_half = self.line(half, "of", &among(Siblings::Half, Some(parent)));
            lines.push(if of_half.is_empty() { of_half } else { format!("{of_half}, through {name}") });
            let open = self.line("brother or sister", "through", &[parent]);
            let names: Vec<&str> =
                among(Siblings::NotRecorded, Some(parent)).into_iter().map(|id| self.name(id)).collect();
            if !names.is_empty() {
                let other = self.other_parent_of(parent);
                lines.push(format!("{open}: {}; whether the {other} is the same is not recorded", listed(&names)));
            }
        }
        lines
    }

    /// What two people are to each other as children of the same parents, and through which parent where it is one.
    fn siblings(&self, one: KinId, other: KinId) -> Option<(Siblings, Option<KinId>)> {
        let [of_one, of_other]: [BTreeSet<KinId>; 2] = [one, other].map(|child| self.parents_of(child).collect());
        let said = self.siblings.get(&ordered(one, other)).copied();
        let shared: Vec<KinId> = of_one.intersection(&of_other).copied().collect();
        match (&shared[..], said) {
            ([], None) => None,
            (_, Some(true)) | ([_, _, ..], _) => Some((Siblings::Full, None)),
            ([], Some(false)) => Some((Siblings::Half, None)),
            ([through], Some(false)) => Some((Siblings::Half, Some(*through))),
            ([through], None) if of_one.len() == 2 && of_other.len() == 2 => Some((Siblings::Half, Some(*through))),
            ([through], None) => Some((Siblings::NotRecorded, Some(*through))),
        }
    }
}

impl Kin {
    fn title(&self) -> String {
        let died = self.life == LifeState::Died && !self.age.contains("died");
        let words = [self.age.clone(), if died { "has died".to_owned() } else { String::new() }];
        let words = words.into_iter().filter(|words| !words.is_empty());
        [self.name.clone()].into_iter().chain(words).collect::<Vec<_>>().join(", ")
    }

    const fn parent_word(&self) -> &'static str {
        match self.sex {
            Sex::Female => "mother",
            Sex::Male => "father",
            Sex::NotRecorded => "parent",
        }
    }
}
