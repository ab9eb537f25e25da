//! How long what is held here is held. The council's case system keeps the child's file for as long as the law asks
//! (a looked-after child's until their 75th birthday: Care Planning Regulations 2010, regulation 50); ours is a
//! working copy. It goes when that file surely has the record, by the template's rule for the highest status the child
//! ever had, and never while a legal hold stands.

mod destroy;
mod reduce;

pub use destroy::{destroy_in_meeting, destroy_in_workbook, ended_children, only_about};
pub use reduce::{ReducedBox, ReducedDraft, Reduction, reduce_boxes, reduce_workbook};

use crate::status::ChildStatus;
use crate::template::RetentionRules;
use chrono::{Months, NaiveDate};

/// Lines of a journal as they will read: sequence and event.
pub type Rewritten<E> = Vec<(i64, E)>;

/// An update that brings no words.
fn no_keys() -> Vec<u8> {
    crate::prose::Prose::new().state()
}

/// What decides whether our copy of a child's records may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionFacts {
    /// The highest status the child ever had.
    pub status: ChildStatus,
    /// The last day one of the child's families was discussed, or will be.
    pub discussed: NaiveDate,
    /// Whether one of the child's records is not signed.
    pub unsigned: bool,
    /// The day the newest version of the last record had landed everywhere; absent while one has not.
    pub landed: Option<NaiveDate>,
    /// Whether parts of a record are marked, which leave by themselves to nowhere, and no copy for the child's own file was
    /// made of it.
    pub only_here: bool,
    /// Why something is held, where it is.
    pub hold: Option<String>,
}

/// Whether our copy may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetentionState {
    /// Since this day.
    Expired(NaiveDate),
    /// Not before this day.
    Until(NaiveDate),
    /// Kept, and why.
    Kept(String),
}

/// The template's rule, applied.
#[must_use]
pub fn retention_state(rules: &RetentionRules, facts: &RetentionFacts, today: NaiveDate) -> RetentionState {
    if let Some(reason) = &facts.hold {
        return RetentionState::Kept(format!("held: {reason}"));
    }
    let Some(months) = rules.months.get(&facts.status) else {
        return RetentionState::Kept(format!("the template has no rule for \"{}\"", facts.status.title()));
    };
    if facts.unsigned {
        return RetentionState::Kept("a record is not signed yet".to_owned());
    }
    let Some(landed) = facts.landed else {
        return RetentionState::Kept("the council’s system has not confirmed every record".to_owned());
    };
    if facts.only_here {
        let why = "parts that are marked are in no other file; make a copy for the child’s own file";
        return RetentionState::Kept(why.to_owned());
    }
    let from = landed.max(facts.discussed).checked_add_months(Months::new(*months)).unwrap_or(NaiveDate::MAX);
    if from <= today { RetentionState::Expired(from) } else { RetentionState::Until(from) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::PlanKind;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn facts() -> RetentionFacts {
        RetentionFacts {
            status: ChildStatus::Protection,
            discussed: day("2026-11-24"),
            unsigned: false,
            landed: Some(day("2026-12-01")),
            only_here: false,
            hold: None,
        }
    }

    #[test]
    fn our_copy_goes_by_the_rule_of_the_highest_status_and_only_when_the_council_has_it() {
        let rules = RetentionRules {
            draft_days: 90,
            access_months: 12,
            months: [(ChildStatus::Protection, 24), (ChildStatus::InNeed, 6)].into(),
        };
        let on = |facts: &RetentionFacts, today: &str| retention_state(&rules, facts, day(today));
        assert_eq!(on(&facts(), "2028-11-30"), RetentionState::Until(day("2028-12-01")));
        assert_eq!(on(&facts(), "2028-12-01"), RetentionState::Expired(day("2028-12-01")));
        let still = RetentionFacts { discussed: day("2028-10-01"), ..facts() };
        assert_eq!(on(&still, "2028-12-01"), RetentionState::Until(day("2030-10-01")), "a family still met keeps all");
        for (kept, why) in [
            (RetentionFacts { hold: Some("proceedings".into()), ..facts() }, "held: proceedings"),
            (RetentionFacts { status: ChildStatus::LookedAfter, ..facts() }, "no rule"),
            (RetentionFacts { unsigned: true, ..facts() }, "not signed"),
            (RetentionFacts { landed: None, ..facts() }, "not confirmed"),
            (RetentionFacts { only_here: true, ..facts() }, "no other file"),
        ] {
            let state = on(&kept, "2099-01-01");
            assert!(matches!(&state, RetentionState::Kept(words) if words.contains(why)), "{state:?}");
        }
        assert_eq!(PlanKind::ALL.iter().map(|kind| ChildStatus::of_plan(*kind)).max(), Some(ChildStatus::LookedAfter));
    }
}
