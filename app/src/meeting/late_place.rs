//! What words that came too late can be filed for.

use domain::meeting::{Area, Slot};
use domain::{PersonId, SlotId};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::place::Place;

/// A discussion, and the children the words are about; no child where they are about the whole family. As text it is the
/// discussion's id, and the children's after it, with spaces between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatePlace {
    /// The discussion.
    pub slot: SlotId,
    /// The children.
    pub children: BTreeSet<PersonId>,
}

impl LatePlace {
    /// Of the words of a box.
    #[must_use]
    pub fn of_box(place: Place) -> Self {
        let children = match place.area {
            Area::Analysis(_) => BTreeSet::new(),
            Area::Meaning(child) | Area::Life(child) => [child].into(),
        };
        Self { slot: place.slot, children }
    }

    /// Of a form about `slot`; `field` gives a field's text by its name, where it is not empty, and `children` are those
    /// ticked in it.
    #[must_use]
    pub fn of_form(slot: &Slot, field: impl Fn(&str) -> Option<String>, mut children: BTreeSet<PersonId>) -> Self {
        children.extend(field("child").and_then(|child| child.parse::<PersonId>().ok()));
        let of_decision = field("decision").and_then(|id| slot.decision(id.parse().ok()?));
        children.extend(of_decision.iter().flat_map(|decision| decision.children.iter().copied()));
        if let Some(step) = field("step").and_then(|id| id.parse().ok()) {
            let earlier = slot.last_steps.iter().filter(|last| last.step == step);
            children.extend(earlier.flat_map(|last| last.children.iter().copied()));
        }
        Self { slot: slot.id, children }
    }
}

impl fmt::Display for LatePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.slot)?;
        self.children.iter().try_for_each(|child| write!(f, " {child}"))
    }
}

impl FromStr for LatePlace {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (slot, children) = text.split_once(' ').unwrap_or((text, ""));
        let children = children.split_whitespace().map(|child| child.parse().map_err(drop));
        Ok(Self { slot: slot.parse().map_err(drop)?, children: children.collect::<Result<_, ()>>()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(number: u128) -> PersonId {
        PersonId::new(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn words_of_one_childs_box_are_filed_about_that_child_and_an_analysis_about_the_family() {
        let slot = SlotId::new(uuid::Uuid::from_u128(9));
        let own = LatePlace::of_box(Place { slot, area: Area::Meaning(child(1)) });
        assert_eq!(own.children, [child(1)].into());
        assert_eq!(own.to_string().parse(), Ok(own));
        let owner = domain::WorkerId::new(uuid::Uuid::from_u128(3));
        let family = LatePlace::of_box(Place { slot, area: Area::Analysis(owner) });
        assert!(family.children.is_empty());
        assert_eq!(family.to_string(), slot.to_string());
        assert_eq!(format!("{slot} {} {}", child(1), child(2)).parse::<LatePlace>().unwrap().children.len(), 2);
        assert!(format!("{slot} somebody").parse::<LatePlace>().is_err());
    }
}
