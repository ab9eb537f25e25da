//! What waits for a signature or an answer.

use crate::names::first_name;
use crate::{Service, ServiceError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::policy::{FamilyReader, Staff};
use domain::record::{Record, missing_in};
use domain::{FamilyId, MeetingId, PersonId, RecordId, dates};
use std::collections::{BTreeMap, BTreeSet};

/// A record that is not signed yet, for the list of those.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsigned {
    /// The meeting.
    pub meeting: MeetingId,
    /// The family.
    pub family: FamilyId,
    /// "FS-3012".
    pub reference: String,
    /// The day of the meeting.
    pub held_on: NaiveDate,
    /// When the discussion began.
    pub began_at: Option<DateTime<Utc>>,
    /// First names, and the record of each.
    pub children: Vec<(String, RecordId)>,
    /// How much signing still asks for.
    pub missing: usize,
    /// Urgent risks that nobody said they had heard: "10:12, Nadia Quoin: …".
    pub unheard: BTreeSet<String>,
}

/// An addition to a signed record that waits for an answer, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingAddition {
    /// The family's reference.
    pub reference: String,
    /// The day of the meeting.
    pub held_on: NaiveDate,
    /// The record and the child's first name; absent for whoever oversees the team: they open the family first.
    pub of: Option<(RecordId, String)>,
}

impl Service {
    /// Records of the viewer's teams that wait for a signature, oldest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn unsigned(&self, staff: Staff<'_>) -> Result<Vec<Unsigned>, ServiceError> {
        let viewer = staff.viewer();
        let mut lines: Vec<Unsigned> = Vec::new();
        for team in staff.teams() {
            let families = self.families_of_team(viewer, team).await?;
            let members = self.inner.store.members(team.uuid()).await?;
            let place = |child: PersonId| members.iter().position(|member| member.person.id == child);
            let mut records = self.inner.store.drafts(team.uuid()).await?;
            records.retain(|record| !record.closed_to(viewer));
            records.sort_by_key(|record| place(record.child));
            let mut discussions: BTreeMap<(MeetingId, FamilyId), Vec<Record>> = BTreeMap::new();
            for record in records {
                discussions.entry((record.meeting, record.family)).or_default().push(record);
            }
            for ((meeting, family), drafts) in discussions {
                let Some(row) = families.iter().find(|row| row.id == family) else { continue };
                lines.push(Unsigned {
                    meeting,
                    family,
                    reference: row.reference.clone(),
                    held_on: drafts[0].held_on,
                    began_at: drafts[0].began_at,
                    children: drafts.iter().map(|draft| (first_name(&members, draft.child), draft.id)).collect(),
                    missing: missing_in(&drafts),
                    unheard: drafts.iter().flat_map(unheard).collect(),
                });
            }
        }
        lines.sort_by(|a, b| (a.held_on, &a.reference, a.began_at).cmp(&(b.held_on, &b.reference, b.began_at)));
        Ok(lines)
    }

    /// Signed records to which somebody asked to add something that the viewer may answer, oldest first: of their teams what
    /// somebody else asked for, of teams they oversee what its manager did, who is not both of the two it takes.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn to_answer(&self, staff: Staff<'_>) -> Result<Vec<WaitingAddition>, ServiceError> {
        let viewer = staff.viewer();
        let mut lines = Vec::new();
        for team in staff.teams().union(&viewer.oversees).copied() {
            let served = viewer.serves(team);
            let families = self.families_of_team(viewer, team).await?;
            let members = self.inner.store.members(team.uuid()).await?;
            for record in self.inner.store.records_that_wait(team.uuid()).await? {
                let mut waits = false;
                for asked in record.life.addenda.iter().filter(|asked| asked.answer.is_none()) {
                    let by = asked.by.worker;
                    waits |= !viewer.is(by) && (served || self.viewer(by).await?.manages_team(team));
                }
                if !waits || record.closed_to(viewer) {
                    continue;
                }
                let family = families.iter().find(|family| family.id == record.family);
                let reference = family.map(|family| family.reference.clone()).unwrap_or_default();
                let of = served.then(|| (record.id, first_name(&members, record.child)));
                lines.push(WaitingAddition { reference, held_on: record.held_on, of });
            }
        }
        lines.sort_by_key(|line| line.held_on);
        Ok(lines)
    }

    /// The drafts of one family's discussion with the children's first names, in the family's order.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the reader stood out of the discussion.
    pub async fn drafts_of(
        &self, reader: FamilyReader<'_>, meeting: MeetingId,
    ) -> Result<Vec<(String, Record)>, ServiceError> {
        let family = reader.family();
        let members = self.inner.store.members(family.uuid()).await?;
        let place = |record: &Record| members.iter().position(|member| member.person.id == record.child);
        let mut records = self.inner.store.records_of_meeting(meeting).await?;
        records.retain(|record| record.family == family && !record.signed());
        if records.iter().any(|record| record.closed_to(reader.viewer())) {
            return Err(ServiceError::NotFound);
        }
        records.sort_by_key(place);
        Ok(records.into_iter().map(|record| (first_name(&members, record.child), record)).collect())
    }
}

fn unheard(record: &Record) -> BTreeSet<String> {
    let unheard = record.risks.iter().filter(|risk| risk.acknowledged.is_none());
    unheard.map(|risk| format!("{}, {}: {}", dates::clock(risk.at), risk.who.name, risk.what)).collect()
}
