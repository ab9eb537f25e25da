//! What was given out, by whom, for whom: written down for every output, read by those who serve the team.

use crate::{Service, ServiceError};
use domain::policy::{RecordKeeper, Staff};
use domain::status::Output;
use domain::viewer::Viewer;
use domain::{FamilyId, MeetingId};
use std::collections::BTreeMap;
pub use store::given::GivenOut;

/// One line of the list of what was given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenLine {
    /// What was given.
    pub given: GivenOut,
    /// Who made it.
    pub by: String,
    /// The reference of its family.
    pub reference: String,
}

/// How many lines of each team the list of what was given out shows.
pub const SHOWN: i64 = 200;

impl Service {
    /// An output of one family that is made now, as a format, by a viewer who asks from `address`.
    pub(crate) fn gives(
        &self, viewer: &Viewer, address: &str, family: FamilyId, (what, format): (Output, &str),
    ) -> GivenOut {
        GivenOut {
            at: self.inner.clock.now(),
            worker_id: viewer.worker,
            on_behalf_of: None,
            made_for: String::new(),
            family_id: family,
            meeting_id: None,
            record_id: None,
            what,
            format: format.to_owned(),
            allowed_by: String::new(),
            approved_by: String::new(),
            address: address.to_owned(),
        }
    }

    /// Writes down what is given out.
    pub(crate) async fn note_given(&self, outputs: &[GivenOut]) -> Result<(), ServiceError> {
        let mut tx = self.inner.store.begin().await?;
        for given in outputs {
            tx.keep_given(self.new_uuid(), given).await?;
        }
        Ok(tx.commit().await?)
    }

    /// What was given out last of the families of the viewer's teams, newest first, [`SHOWN`] of each team at most; of
    /// discussions the viewer stood out of nothing.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn given_out(&self, staff: Staff<'_>) -> Result<Vec<GivenLine>, ServiceError> {
        let viewer = staff.viewer();
        let directory = self.directory().await?;
        let stood_out = self.inner.store.stood_out(viewer.worker).await?;
        let mut lines = Vec::new();
        for team in staff.teams() {
            let families = self.inner.store.families_in(team.uuid()).await?;
            let references: BTreeMap<FamilyId, String> =
                families.into_iter().map(|family| (family.id, family.reference)).collect();
            let of_team = self.inner.store.given_of_team(team, SHOWN).await?;
            let closed = |given: &GivenOut, meeting| stood_out.contains(&(MeetingId::new(meeting), given.family_id));
            let theirs = |given: &GivenOut| !given.meeting_id.is_some_and(|meeting| closed(given, meeting));
            lines.extend(of_team.into_iter().filter(theirs).map(|given| GivenLine {
                by: directory.name(given.worker_id).to_owned(),
                reference: references.get(&given.family_id).cloned().unwrap_or_default(),
                given,
            }));
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.given.at));
        Ok(lines)
    }

    /// What was given out of one record, with who made each.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn given_of(&self, keeper: RecordKeeper<'_>) -> Result<Vec<(String, GivenOut)>, ServiceError> {
        let directory = self.directory().await?;
        let record = keeper.reader();
        let given = self.inner.store.given_of_records(record.family().family().uuid()).await?;
        let of_record = given.into_iter().filter(|given| given.record_id == Some(record.record().uuid()));
        Ok(of_record.map(|given| (directory.name(given.worker_id).to_owned(), given)).collect())
    }
}
