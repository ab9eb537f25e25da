//! Who may do what. A right is a value that only this module makes: a use case that takes one cannot be reached without
//! it. Rights over one thing carry which thing it is, so that the right over one family never serves for another. What
//! is the viewer's own (their steps, absences, lists of what they may see) needs no other value than the viewer. Commands
//! of a meeting are decided under its lock, by `meeting::decide`, with the values made there.

mod account;
mod family;
mod meeting;
mod record;
mod team;

pub use account::{AccountHolder, AccountKeeper};
pub use family::{ChildManager, FamilyManager, FamilyReader, FamilyStaff, Ground, Ties};
pub use meeting::{MeetingChair, MeetingPlanner, MeetingReader, MeetingRunner, NoteKeeper};
pub use record::{RecordKeeper, RecordManager, RecordReader};
pub use team::{Staff, TeamManager, TeamStaff};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::viewer::Viewer;
    use crate::{FamilyId, TeamId, WorkerId};
    use uuid::Uuid;

    fn viewer(allocated: bool, manages: bool, records: bool, projector: bool) -> Viewer {
        let team = |serves: bool| serves.then(|| TeamId::new(Uuid::from_u128(1))).into_iter().collect();
        Viewer {
            worker: WorkerId::new(Uuid::from_u128(2)),
            today: "2026-11-24".parse().unwrap(),
            families: allocated.then(|| FamilyId::new(Uuid::from_u128(3))).into_iter().collect(),
            manages: team(manages),
            records: team(records),
            projector,
        }
    }

    /// Reads, corrects, signs: for each way to be tied to a family, and for none.
    #[test]
    fn a_family_is_read_corrected_and_signed_for_by_whom_the_table_names() {
        let (family, team) = (FamilyId::new(Uuid::from_u128(3)), Some(TeamId::new(Uuid::from_u128(1))));
        let (other, none) = (Some(TeamId::new(Uuid::from_u128(9))), Ties::default());
        let runs = Ties { runs_meeting: true, stands_out: false };
        let out = Ties { runs_meeting: true, stands_out: true };
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
        let holder = |of: u128, team: Option<TeamId>, works_with: &[TeamId], manages: bool| AccountHolder {
            worker: WorkerId::new(Uuid::from_u128(of)),
            team,
            works_with: works_with.iter().copied().collect(),
            manages,
        };
        let (manager, support) = (viewer(false, true, false, false), viewer(false, false, true, false));
        for (who, holder, expected) in [
            (&manager, holder(5, Some(team), &[], false), true),
            (&manager, holder(5, Some(other), &[team], false), false),
            (&manager, holder(5, None, &[team], false), true),
            (&manager, holder(5, None, &[other], false), false),
            (&manager, holder(5, None, &[], false), false),
            (&manager, holder(2, Some(team), &[], false), false),
            (&manager, holder(5, Some(team), &[], true), false),
            (&support, holder(5, Some(team), &[team], false), false),
        ] {
            assert_eq!(AccountKeeper::of(who, &holder).is_some(), expected, "{who:?} {holder:?}");
        }
    }
}
