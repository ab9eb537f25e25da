//! Who may do what, as a table that a page shows: each cell is asked of the policy itself.

use super::{
    AccountHolder, AccountKeeper, DirectoryKeeper, FamilyAccessLogReader, FamilyManager, FamilyReader, GivenRole, Lock,
    RoleKeeper, Ties,
};
use crate::status::OpeningKind;
use crate::viewer::Viewer;
use crate::{FamilyId, TeamId, WorkerId};
use chrono::NaiveDate;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A family of one team, and colleagues of whom nothing is asked but who they are.
#[derive(Debug, Clone, Copy)]
struct Example {
    family: FamilyId,
    team: TeamId,
    me: WorkerId,
    colleague: WorkerId,
    third: WorkerId,
}

fn example() -> Example {
    let id = |n| Uuid::from_u128(n);
    Example {
        family: FamilyId::new(id(1)),
        team: TeamId::new(id(2)),
        me: WorkerId::new(id(3)),
        colleague: WorkerId::new(id(4)),
        third: WorkerId::new(id(5)),
    }
}

/// Somebody as the table has them: what ties them to the family, in words, and with which rights.
type ExamplePerson = (&'static str, Viewer, Ties);

fn people(example: &Example) -> Vec<ExamplePerson> {
    let nobody = || Viewer::without_rights(example.me, NaiveDate::MIN);
    let (family, team) = (|| BTreeSet::from([example.family]), || BTreeSet::from([example.team]));
    let none = Ties::default();
    let locks = [Lock { family: example.family, named: BTreeSet::new() }];
    let manager = Viewer { manages: team(), ..nobody() };
    vec![
        ("Works with the family", Viewer { families: family(), ..nobody() }, none),
        (
            "Covers for somebody who does",
            Viewer { families: family(), covers: [(example.family, example.third)].into(), ..nobody() },
            none,
        ),
        ("Manages the team", manager.clone(), none),
        ("Deputy manager", Viewer { deputy: team(), ..manager.clone() }, none),
        ("Oversees the team (service manager, head)", Viewer { oversees: team(), ..nobody() }, none),
        (
            "Oversees the team, opened it with a reason",
            Viewer { oversees: team(), ..nobody() },
            Ties { opened: Some(OpeningKind::Oversight), ..none },
        ),
        ("Business support", Viewer { records: team(), ..nobody() }, none),
        ("Runs a meeting on the family", nobody(), Ties { runs_meeting: true, ..none }),
        ("Opened it in an emergency", nobody(), Ties { opened: Some(OpeningKind::Emergency), ..none }),
        (
            "Reviewer, with a reason",
            Viewer { reviews: true, ..nobody() },
            Ties { opened: Some(OpeningKind::Review), ..none },
        ),
        (
            "A confidential look that two leads agreed to",
            nobody(),
            Ties { opened: Some(OpeningKind::Confidential), ..none },
        ),
        ("Lead for confidential looks", Viewer { leads: true, ..nobody() }, none),
        ("Administrator", Viewer { administers: true, ..nobody() }, none),
        ("Stepped out of its discussion", manager.clone(), Ties { stands_out: true, ..none }),
        ("Guest from outside", Viewer { guest: true, ..nobody() }, none),
        ("Manager, not named for a locked family", manager.with_locks(&locks), none),
        ("Everybody else", nobody(), none),
    ]
}

/// Something one may do, in words, and the question to the policy.
type Act = (&'static str, fn(&Example, &Viewer, Ties) -> bool);

fn reader<'v>(example: &Example, viewer: &'v Viewer, ties: Ties) -> Option<FamilyReader<'v>> {
    FamilyReader::of(viewer, example.family, Some(example.team), ties)
}

fn manager<'v>(example: &Example, viewer: &'v Viewer, ties: Ties) -> Option<FamilyManager<'v>> {
    reader(example, viewer, ties)?.manager()
}

fn keeps_account(example: &Example, viewer: &Viewer, privileged: bool) -> bool {
    let holder =
        AccountHolder { worker: example.colleague, team: Some(example.team), works_with: BTreeSet::new(), privileged };
    AccountKeeper::of(viewer, &holder).is_some()
}

const ACTS: [Act; 12] = [
    ("Read the workbook and the records", |example, viewer, ties| reader(example, viewer, ties).is_some()),
    ("Write a chapter of their own", |example, viewer, ties| {
        reader(example, viewer, ties).is_some_and(FamilyReader::allocated)
    }),
    ("Plan meetings, correct people and allocations", |example, viewer, ties| {
        reader(example, viewer, ties).is_some_and(|reader| reader.staff().is_some())
    }),
    ("Sign records", |example, viewer, ties| manager(example, viewer, ties).is_some()),
    ("Read who looked at it", |example, viewer, ties| {
        reader(example, viewer, ties).and_then(FamilyAccessLogReader::of).is_some()
    }),
    ("Lock the family", |example, viewer, ties| {
        manager(example, viewer, ties).is_some_and(|manager| manager.locker().is_some())
    }),
    ("Add and correct workers", |_, viewer, _| DirectoryKeeper::of(viewer).is_some()),
    ("Give and end accounts of colleagues", |example, viewer, _| keeps_account(example, viewer, false)),
    ("Give and end accounts of managers", |example, viewer, _| keeps_account(example, viewer, true)),
    ("Name a deputy manager", |example, viewer, _| {
        RoleKeeper::of(viewer, example.colleague, GivenRole::Deputy { team: example.team }).is_some()
    }),
    ("Agree cover for a colleague", |example, viewer, _| {
        let cover = GivenRole::Cover { of: example.third, team: example.team };
        RoleKeeper::of(viewer, example.colleague, cover).is_some()
    }),
    ("Name administrators and reviewers", |example, viewer, _| {
        RoleKeeper::of(viewer, example.colleague, GivenRole::Administrator).is_some()
    }),
];

/// The acts, the heads of the columns.
#[must_use]
pub fn acts() -> Vec<&'static str> {
    ACTS.iter().map(|(act, _)| *act).collect()
}

/// One row for each tie to a family or role: in words, and for each of [`acts`] whether it is allowed.
#[must_use]
pub fn rows() -> Vec<(&'static str, Vec<bool>)> {
    let example = example();
    let row =
        |(who, viewer, ties): ExamplePerson| (who, ACTS.iter().map(|(_, may)| may(&example, &viewer, ties)).collect());
    people(&example).into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a council's officer reads. A change of the policy changes this on purpose or not at all.
    #[test]
    fn the_table_says_what_the_policy_decides() {
        let read = |(who, may): (&str, Vec<bool>)| {
            let marks: String = may.iter().map(|may| if *may { 'y' } else { '-' }).collect();
            format!("{marks} {who}")
        };
        let table: Vec<String> = rows().into_iter().map(read).collect();
        assert_eq!(
            table,
            [
                "yy---------- Works with the family",
                "yy---------- Covers for somebody who does",
                "y-yyyyyy-yy- Manages the team",
                "y-yyy-yy--y- Deputy manager",
                "------yy-y-- Oversees the team (service manager, head)",
                "y--yyyyy-y-- Oversees the team, opened it with a reason",
                "y-y---y----- Business support",
                "y----------- Runs a meeting on the family",
                "y----------- Opened it in an emergency",
                "y---y------- Reviewer, with a reason",
                "y----------- A confidential look that two leads agreed to",
                "------------ Lead for confidential looks",
                "------yyy--y Administrator",
                "------yy-yy- Stepped out of its discussion",
                "------------ Guest from outside",
                "------yy-yy- Manager, not named for a locked family",
                "------------ Everybody else",
            ]
        );
        assert_eq!(acts().len(), 12);
    }
}
