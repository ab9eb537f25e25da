//! Who may do what. A right is a value that only this module makes: a use case that takes one cannot be reached without
//! it. Rights over one thing carry which thing it is, so that the right over one family never serves for another. What
//! is the viewer's own (their steps, absences, lists of what they may see) needs no other value than the viewer. Commands
//! of a meeting are decided under its lock, by `meeting::decide`, with the values made there.

mod access_log;
mod account;
mod confidential;
mod family;
mod lock;
mod meeting;
mod opening;
mod record;
mod role;
mod second;
pub mod table;
mod team;

pub use access_log::{AccessLogReader, FamilyAccessLogReader};
pub use account::{AccountHolder, AccountKeeper};
pub use confidential::{LEADS, Lead, LookState, OPENS_WITHIN};
pub use family::{ChildManager, FamilyLocker, FamilyManager, FamilyReader, FamilyStaff, Ground, Ties};
pub use lock::Lock;
pub use meeting::{LateAuthor, MeetingChair, MeetingPlanner, MeetingReader, MeetingRunner, NoteKeeper};
pub use opening::{LONGEST_REASON, OPEN_FOR, Opener};
pub use record::{RecordKeeper, RecordManager, RecordReader};
pub use role::{ADMINISTRATORS, GivenRole, Grant, RoleEnder, RoleKeeper, RoleReader, may_end_administrator};
pub use second::{InPost, NotTheSecond};
pub use team::{DirectoryKeeper, Staff, TeamManager, TeamStaff};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::viewer::Viewer;
    use crate::{FamilyId, TeamId, WorkerId};
    use uuid::Uuid;

    fn viewer(allocated: bool, manages: bool, records: bool, projector: bool) -> Viewer {
        let team = |serves: bool| serves.then(|| TeamId::new(Uuid::from_u128(1))).into_iter().collect();
        Viewer {
            families: allocated.then(|| FamilyId::new(Uuid::from_u128(3))).into_iter().collect(),
            manages: team(manages),
            records: team(records),
            projector,
            ..Viewer::without_rights(WorkerId::new(Uuid::from_u128(2)), "2026-11-24".parse().unwrap())
        }
    }

    /// Reads, corrects, signs: for each way to be tied to a family, and for none.
    #[test]
    fn a_family_is_read_corrected_and_signed_for_by_whom_the_table_names() {
        let (family, team) = (FamilyId::new(Uuid::from_u128(3)), Some(TeamId::new(Uuid::from_u128(1))));
        let (other, none) = (Some(TeamId::new(Uuid::from_u128(9))), Ties::default());
        let runs = Ties { runs_meeting: true, ..none };
        let out = Ties { runs_meeting: true, stands_out: true, opened: None };
        for (viewer, team, ties, expected) in [
            (viewer(false, false, false, false), team, none, (false, false, false)),
            (viewer(true, false, false, false), team, none, (true, false, false)),
            (viewer(true, false, false, false), None, none, (true, false, false)),
            (viewer(false, false, true, false), team, none, (true, true, false)),
            (viewer(false, true, false, false), team, none, (true, true, true)),
            (viewer(false, true, true, false), other, none, (false, false, false)),
            (viewer(false, true, false, false), None, none, (false, false, false)),
            (viewer(false, false, false, false), team, runs, (true, false, false)),
            (viewer(true, true, true, false), team, out, (false, false, false)),
            (viewer(true, true, true, true), team, runs, (false, false, false)),
        ] {
            let reader = FamilyReader::of(&viewer, family, team, ties);
            let staff = reader.and_then(FamilyReader::staff).is_some();
            let manager = reader.and_then(FamilyReader::manager).is_some();
            assert_eq!((reader.is_some(), staff, manager), expected, "{viewer:?} {team:?} {ties:?}");
        }
    }

    /// Gives, ends, makes links: a manager of the team, for others who manage nothing.
    #[test]
    fn an_account_is_kept_by_a_manager_of_its_holders_team_and_never_by_an_equal() {
        let (team, other) = (TeamId::new(Uuid::from_u128(1)), TeamId::new(Uuid::from_u128(9)));
        let holder = |of: u128, team: Option<TeamId>, works_with: &[TeamId], privileged: bool| AccountHolder {
            worker: WorkerId::new(Uuid::from_u128(of)),
            team,
            works_with: works_with.iter().copied().collect(),
            privileged,
        };
        let (manager, support) = (viewer(false, true, false, false), viewer(false, false, true, false));
        let administrator = Viewer { administers: true, ..viewer(false, false, false, false) };
        for (who, holder, expected) in [
            (&manager, holder(5, Some(team), &[], false), true),
            (&manager, holder(5, Some(other), &[team], false), false),
            (&manager, holder(5, None, &[team], false), true),
            (&manager, holder(5, None, &[other], false), false),
            (&manager, holder(5, None, &[], false), false),
            (&manager, holder(2, Some(team), &[], false), false),
            (&manager, holder(5, Some(team), &[], true), false),
            (&support, holder(5, Some(team), &[team], false), false),
            (&administrator, holder(5, Some(other), &[], true), true),
            (&administrator, holder(2, Some(other), &[], false), false),
        ] {
            assert_eq!(AccountKeeper::of(who, &holder).is_some(), expected, "{who:?} {holder:?}");
        }
    }

    fn person(n: u128) -> Viewer {
        Viewer::without_rights(WorkerId::new(Uuid::from_u128(n)), "2026-11-24".parse().unwrap())
    }

    fn family(n: u128) -> FamilyId {
        FamilyId::new(Uuid::from_u128(n))
    }

    /// Each role, by who may give it: the table that a page shows.
    #[test]
    fn a_role_is_given_by_whom_the_table_names_and_to_nobody_by_themselves() {
        let (team, other) = (TeamId::new(Uuid::from_u128(1)), TeamId::new(Uuid::from_u128(9)));
        let (colleague, third) = (WorkerId::new(Uuid::from_u128(5)), WorkerId::new(Uuid::from_u128(6)));
        let manager = viewer(false, true, false, false);
        let deputy = Viewer { deputy: manager.manages.clone(), ..manager.clone() };
        let administrator = Viewer { administers: true, ..person(2) };
        let worker = viewer(true, false, false, false);
        let deputises = GivenRole::Deputy { team };
        let covers = GivenRole::Cover { of: third, team };
        for (who, given, expected) in [
            (&administrator, GivenRole::Administrator, true),
            (&administrator, GivenRole::Reviewer, true),
            (&administrator, deputises, false),
            (&administrator, covers, false),
            (&manager, GivenRole::Administrator, false),
            (&manager, GivenRole::Reviewer, false),
            (&manager, deputises, true),
            (&manager, GivenRole::Deputy { team: other }, false),
            (&manager, covers, true),
            (&manager, GivenRole::Cover { of: third, team: other }, false),
            (&manager, GivenRole::Cover { of: colleague, team }, false),
            (&deputy, deputises, false),
            (&deputy, covers, true),
            (&worker, covers, false),
        ] {
            assert_eq!(RoleKeeper::of(who, colleague, given).is_some(), expected, "{who:?} {given:?}");
            assert!(RoleKeeper::of(who, who.worker, given).is_none(), "to oneself: {given:?}");
        }
    }

    #[test]
    fn a_role_counts_from_its_first_day_until_the_day_it_ends_and_is_not_given_for_ever() {
        let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
        let team = TeamId::new(Uuid::from_u128(1));
        let grant = |given, ends: Option<&str>| Grant {
            worker: person(5).worker,
            given,
            starts: day("2026-11-24"),
            ends: ends.map(day),
        };
        let deputy = grant(GivenRole::Deputy { team }, Some("2026-12-01"));
        let counts: Vec<bool> =
            ["2026-11-23", "2026-11-24", "2026-11-30", "2026-12-01"].map(|on| deputy.counts(day(on))).into();
        assert_eq!(counts, [false, true, true, false]);
        let today = day("2026-11-24");
        assert_eq!(deputy.days_wrong(today), None);
        assert_eq!(grant(GivenRole::Administrator, None).days_wrong(today), None);
        assert!(grant(GivenRole::Deputy { team }, None).days_wrong(today).unwrap().contains("until when"));
        assert!(grant(GivenRole::Reviewer, Some("2028-01-01")).days_wrong(today).unwrap().contains("longer"));
        assert!(deputy.days_wrong(day("2026-12-05")).unwrap().contains("over already"));
    }

    #[test]
    fn cover_reaches_the_colleagues_families_in_one_team_and_says_in_whose_place() {
        let (team, of) = (TeamId::new(Uuid::from_u128(1)), person(6).worker);
        let grants = [Grant {
            worker: person(5).worker,
            given: GivenRole::Cover { of, team },
            starts: "2026-11-24".parse().unwrap(),
            ends: "2026-12-01".parse().ok(),
        }];
        let families_of = |who: WorkerId, whose: TeamId| {
            if (who, whose) == (of, team) { [family(3), family(4)].into() } else { Default::default() }
        };
        let own = Viewer { families: [family(3)].into(), ..person(5) };
        let covering = own.clone().with_roles(&grants, families_of);
        assert_eq!(covering.families, [family(3), family(4)].into());
        assert_eq!(covering.covers, [(family(4), of)].into());
        let ground =
            |family| FamilyReader::of(&covering, family, Some(team), Ties::default()).map(FamilyReader::ground);
        assert_eq!((ground(family(3)), ground(family(4))), (Some(Ground::Allocated), Some(Ground::Covers)));
        assert_eq!(person(7).with_roles(&grants, families_of), person(7), "another's");
        let later = Viewer { today: "2026-12-01".parse().unwrap(), ..own };
        assert_eq!(later.clone().with_roles(&grants, families_of), later, "over");
    }

    /// Whatever else ties somebody to a family: while it is locked and they are not named, it is not there.
    #[test]
    fn a_locked_family_is_there_for_those_named_alone() {
        let (family, team) = (family(3), Some(TeamId::new(Uuid::from_u128(1))));
        let named = viewer(true, true, true, false);
        let locks = [Lock { family, named: [named.worker].into() }];
        let out = Viewer { worker: WorkerId::new(Uuid::from_u128(8)), ..named.clone() }.with_locks(&locks);
        let ties = Ties { runs_meeting: true, stands_out: false, opened: Some(crate::status::OpeningKind::Review) };
        assert!(FamilyReader::of(&named.clone().with_locks(&locks), family, team, Ties::default()).is_some());
        assert!(FamilyReader::of(&out, family, team, ties).is_none());
        assert!(FamilyStaff::of(&out, family, team).is_none());
        assert!(!out.sees_family(family, team) && out.families.is_empty());
    }

    #[test]
    fn whoever_opened_a_family_reads_it_and_changes_nothing() {
        let (family, team) = (family(3), Some(TeamId::new(Uuid::from_u128(9))));
        for kind in [crate::status::OpeningKind::Emergency, crate::status::OpeningKind::Review] {
            let viewer = Viewer { reviews: true, ..viewer(false, true, true, false) };
            let ties = Ties { opened: Some(kind), ..Ties::default() };
            let reader = FamilyReader::of(&viewer, family, team, ties).unwrap();
            assert_eq!(reader.ground(), Ground::Opened(kind));
            assert!(reader.staff().is_none() && reader.manager().is_none() && !reader.allocated());
        }
        let review = Ties { opened: Some(crate::status::OpeningKind::Review), ..Ties::default() };
        assert!(FamilyReader::of(&person(2), family, team, review).is_none(), "it closes with the role");
        let kind = |viewer: &Viewer| Opener::of(viewer).map(|opener| opener.kind(team));
        assert_eq!(kind(&person(2)), Some(crate::status::OpeningKind::Emergency));
        assert!(Opener::of(&Viewer { administers: true, ..person(2) }).is_none(), "people and settings, no families");
        let reviewer = Viewer { reviews: true, ..person(2) };
        assert_eq!(kind(&reviewer), Some(crate::status::OpeningKind::Review));
        assert!(Opener::of(&person(2).on_the_wall()).is_none());
    }

    /// Who oversees a team reads none of its families without a reason, and with one is their manager for an hour.
    #[test]
    fn whoever_oversees_a_team_opens_its_families_with_a_reason() {
        use crate::status::OpeningKind::{Emergency, Oversight};
        let (family, theirs, other) = (family(3), TeamId::new(Uuid::from_u128(9)), TeamId::new(Uuid::from_u128(8)));
        let above = Viewer { oversees: [theirs].into(), ..viewer(false, true, false, false) };
        let reader =
            |viewer, team, opened| FamilyReader::of(viewer, family, Some(team), Ties { opened, ..Ties::default() });
        assert!(reader(&above, theirs, None).is_none() && !above.sees_family(family, Some(theirs)));
        let opener = Opener::of(&above).unwrap();
        assert_eq!((opener.kind(Some(theirs)), opener.kind(Some(other))), (Oversight, Emergency));
        let opened = reader(&above, theirs, Some(Oversight)).unwrap();
        assert_eq!(opened.ground(), Ground::Opened(Oversight));
        assert!(opened.manager().is_some() && opened.staff().is_none() && !opened.allocated());
        assert!(reader(&above, other, Some(Oversight)).is_none(), "it closes when the team is theirs no more");
        assert!(reader(&above, theirs, Some(Emergency)).unwrap().manager().is_none());
        let (someone, given) = (WorkerId::new(Uuid::from_u128(5)), GivenRole::Deputy { team: theirs });
        assert!(RoleKeeper::of(&above, someone, given).is_some(), "somebody manages it while its manager is away");
        assert!(RoleKeeper::of(&above, above.worker, given).is_none());
        assert!(TeamStaff::of(&above, Some(theirs)).is_none() && TeamManager::of(&above, Some(theirs)).is_none());
    }
}
