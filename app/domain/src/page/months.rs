//! The last weeks and months of a family: which child was met when, what was decided, and what became of steps.

use crate::PersonId;
use chrono::{Datelike, Days, Months, NaiveDate};
use std::collections::BTreeSet;

/// How many weeks are shown of visits.
pub const WEEKS: u64 = 12;
/// How many months are shown.
pub const MONTHS: u32 = 12;
/// From so many days on without a visit it is said loudly: six weeks, the longest that councils leave between visits to children
/// in need.
pub const LONG_UNSEEN: i64 = 42;

/// A visit at which a child was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChildVisit {
    /// Who was seen.
    pub child: PersonId,
    /// The day.
    pub on: NaiveDate,
    /// Whether without their carers.
    pub alone: bool,
}

/// What happened to a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepMoment {
    /// It was agreed.
    Agreed,
    /// It was said to be done.
    Done,
    /// A meeting carried it on.
    Carried,
}

/// How a child was met in one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetInWeek {
    /// Not at all, as far as is known.
    Not,
    /// Seen.
    Seen,
    /// Seen, at least once without their carers.
    Alone,
}

/// One child's weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildWeeks {
    /// Their first name.
    pub name: String,
    /// The weeks, oldest first; the last one runs.
    pub weeks: Vec<MetInWeek>,
    /// The days in them on which the child was seen, oldest first, and whether alone.
    pub days: Vec<(NaiveDate, bool)>,
}

/// One month of a family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthLine {
    /// Its first day.
    pub first: NaiveDate,
    /// On how many days the family was discussed.
    pub discussed: usize,
    /// For how many children something was decided.
    pub decisions: usize,
    /// Steps agreed.
    pub agreed: usize,
    /// Steps done.
    pub done: usize,
    /// Steps that a meeting carried on.
    pub carried: usize,
    /// The most days that a child had not been seen for at its end, or by today; none where no visit is known.
    pub unseen: Option<i64>,
}

impl MonthLine {
    /// "discussed once, decided for 3 children; steps: 2 agreed, 1 done; longest unseen 37 days".
    #[must_use]
    pub fn in_words(&self) -> String {
        let discussed = match (self.discussed, self.decisions) {
            (0, _) => "not discussed".to_owned(),
            (days, decided) => {
                let times = if days == 1 { "once".to_owned() } else { format!("on {days} days") };
                let whom = match decided {
                    0 => "nothing decided".to_owned(),
                    1 => "decided for 1 child".to_owned(),
                    _ => format!("decided for {decided} children"),
                };
                format!("discussed {times}, {whom}")
            }
        };
        let steps = [(self.agreed, "agreed"), (self.done, "done"), (self.carried, "carried on")];
        let steps = steps.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
        let steps = steps.collect::<Vec<_>>().join(", ");
        let steps = Some(steps).filter(|steps| !steps.is_empty()).map(|steps| format!("steps: {steps}"));
        let unseen = match self.unseen {
            None => "no visit known".to_owned(),
            Some(1) => "longest unseen 1 day".to_owned(),
            Some(days) => format!("longest unseen {days} days"),
        };
        [Some(discussed), steps, Some(unseen)].into_iter().flatten().collect::<Vec<_>>().join("; ")
    }
}

/// What happened, to be counted.
#[derive(Debug, Clone, Default)]
pub struct Happened {
    /// Every visit known, in any order.
    pub visits: Vec<ChildVisit>,
    /// The days of group supervisions, one for each child for whom there was one, and whether something was decided.
    pub supervisions: Vec<(NaiveDate, bool)>,
    /// What happened to steps.
    pub steps: Vec<(NaiveDate, StepMoment)>,
}

impl Happened {
    /// The last weeks of children, in the order given.
    #[must_use]
    pub fn weeks(&self, children: &[(PersonId, String)], today: NaiveDate) -> Vec<ChildWeeks> {
        let monday = today - Days::new(today.weekday().num_days_from_monday().into());
        let mondays: Vec<NaiveDate> = (0..WEEKS).rev().map(|back| monday - Days::new(7 * back)).collect();
        let of_child = |(child, name): &(PersonId, String)| {
            let mut days: Vec<(NaiveDate, bool)> = self
                .visits
                .iter()
                .filter(|visit| visit.child == *child && visit.on >= mondays[0] && visit.on <= today)
                .map(|visit| (visit.on, visit.alone))
                .collect();
            days.sort_unstable();
            // Two workers at one visit are one day; alone where one of them was.
            days.dedup_by(|later, earlier| {
                let same = later.0 == earlier.0;
                earlier.1 |= same && later.1;
                same
            });
            let in_week = |monday: &NaiveDate| {
                let mut met = days.iter().filter(|(on, _)| on >= monday && *on < *monday + Days::new(7));
                match (met.clone().next(), met.any(|(_, alone)| *alone)) {
                    (None, _) => MetInWeek::Not,
                    (Some(_), false) => MetInWeek::Seen,
                    (Some(_), true) => MetInWeek::Alone,
                }
            };
            ChildWeeks { name: name.clone(), weeks: mondays.iter().map(in_week).collect(), days }
        };
        children.iter().map(of_child).collect()
    }

    /// The last months, oldest first; the last one runs. `children`: those whose visits count.
    #[must_use]
    pub fn months(&self, children: &[PersonId], today: NaiveDate) -> Vec<MonthLine> {
        let first_of = |day: NaiveDate| day.with_day(1).unwrap_or(day);
        let this = first_of(today);
        let firsts = (0..MONTHS).rev().filter_map(|back| this.checked_sub_months(Months::new(back)));
        let line = |first: NaiveDate| {
            let ends = first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(today);
            let ends = ends.min(today);
            let held: Vec<(NaiveDate, bool)> =
                self.supervisions.iter().copied().filter(|(on, _)| first_of(*on) == first).collect();
            let steps = |wanted: StepMoment| {
                self.steps.iter().filter(|(on, moment)| first_of(*on) == first && *moment == wanted).count()
            };
            let unseen = children.iter().filter_map(|child| {
                let seen = self.visits.iter().filter(|visit| visit.child == *child && visit.on <= ends);
                seen.map(|visit| (ends - visit.on).num_days()).min()
            });
            MonthLine {
                first,
                discussed: held.iter().map(|(on, _)| on).collect::<BTreeSet<_>>().len(),
                decisions: held.iter().filter(|(_, decided)| *decided).count(),
                agreed: steps(StepMoment::Agreed),
                done: steps(StepMoment::Done),
                carried: steps(StepMoment::Carried),
                unseen: unseen.max(),
            }
        };
        firsts.map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn child(n: u128) -> PersonId {
        PersonId::new(Uuid::from_u128(n))
    }

    fn visit(n: u128, on: NaiveDate, alone: bool) -> ChildVisit {
        ChildVisit { child: child(n), on, alone }
    }

    #[test]
    fn a_week_is_from_monday_and_alone_counts_once_it_was() {
        // 24 November 2026 is a Tuesday.
        let today = day(11, 24);
        let happened = Happened {
            visits: vec![
                visit(1, day(11, 23), false),
                visit(1, day(11, 23), true),
                visit(1, day(11, 22), false),
                visit(1, day(9, 7), false),
                visit(1, day(9, 6), false),
                visit(1, day(11, 25), false),
                visit(2, day(11, 9), true),
            ],
            ..Happened::default()
        };
        let weeks = happened.weeks(&[(child(1), "Ivy".into()), (child(2), "Noah".into())], today);
        assert_eq!(weeks[0].days, [(day(9, 7), false), (day(11, 22), false), (day(11, 23), true)]);
        assert_eq!(weeks[0].weeks.len(), 12);
        assert_eq!(weeks[0].weeks[0], MetInWeek::Seen, "7 September is the Monday of the first week");
        assert_eq!(weeks[0].weeks[10..], [MetInWeek::Seen, MetInWeek::Alone]);
        assert_eq!(weeks[1].weeks.iter().filter(|week| **week != MetInWeek::Not).count(), 1);
    }

    #[test]
    fn a_month_counts_what_happened_in_it_and_who_waited_longest_at_its_end() {
        let today = day(11, 24);
        let happened = Happened {
            visits: vec![visit(1, day(10, 1), false), visit(1, day(11, 20), false), visit(2, day(9, 30), true)],
            supervisions: vec![(day(10, 27), true), (day(10, 27), false), (day(11, 24), true)],
            steps: vec![
                (day(10, 27), StepMoment::Agreed),
                (day(10, 27), StepMoment::Agreed),
                (day(11, 3), StepMoment::Done),
                (day(11, 24), StepMoment::Carried),
            ],
        };
        let months = happened.months(&[child(1), child(2)], today);
        assert_eq!(months.len(), 12);
        assert_eq!(months[0].first, NaiveDate::from_ymd_opt(2025, 12, 1).unwrap());
        let (october, november) = (&months[10], &months[11]);
        assert_eq!((october.discussed, october.decisions, october.agreed, october.unseen), (1, 1, 2, Some(31)));
        assert_eq!((november.done, november.carried), (1, 1));
        assert_eq!(november.unseen, Some(55), "the younger waits since 30 September");
        assert_eq!(months[8].unseen, None, "nothing is known up to August");
        assert_eq!(october.in_words(), "discussed once, decided for 1 child; steps: 2 agreed; longest unseen 31 days");
        assert_eq!(months[8].in_words(), "not discussed; no visit known");
        assert_eq!(happened.months(&[], today)[11].unseen, None);
    }
}
