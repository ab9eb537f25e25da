//! Who looked at what of which family, and what was given out: written down before it leaves, read by those who manage or
//! serve the team.

mod export;
mod former;
mod meeting;
pub mod refusals;
pub mod rights;

pub use crate::access_chain::{LogCheck, verify};
use former::FormerNames;
pub(crate) use meeting::Looks;

use crate::security::{SecurityEvent, tell};
use crate::writer::Write;
use crate::{Directory, Service, ServiceError};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use domain::policy::{AccessLogReader, FamilyAccessLogReader, FamilyReader, Ground, RecordKeeper, RecordReader, Staff};
use domain::status::{AccessKind, OpeningKind};
use domain::viewer::Viewer;
use domain::{FamilyId, MeetingId, RecordId, TeamId, WorkerId, dates};
use std::collections::BTreeMap;
use std::sync::Arc;
pub use store::access::AccessEntry;
use store::opening::Opening;
use uuid::Uuid;

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLine {
    /// The entry.
    pub given: AccessEntry,
    /// Who made it.
    pub by: String,
    /// The reference of its family.
    pub reference: String,
    /// In whose place they worked with it; empty where in nobody's.
    pub in_place_of: String,
}

/// How many lines a list shows, of what was given out for each team.
pub const SHOWN: i64 = 200;

/// Why a confidential look is allowed. Its entries are read by the leads who agreed to it, and by nobody who reads what others
/// looked at.
pub(crate) const CONFIDENTIAL: &str = Ground::Opened(OpeningKind::Confidential).in_words();

impl Service {
    /// What a viewer who asks from `address` does now with one family, in a format.
    pub(crate) fn access_entry(
        &self, viewer: &Viewer, address: &str, family: FamilyId, (what, format): (AccessKind, &str),
    ) -> AccessEntry {
        AccessEntry {
            at: self.inner.clock.now(),
            worker_id: viewer.worker,
            on_behalf_of: viewer.covers.get(&family).map(|of| of.uuid()),
            made_for: String::new(),
            family_id: Some(family),
            meeting_id: None,
            record_id: None,
            what,
            format: format.to_owned(),
            allowed_by: String::new(),
            approved_by: String::new(),
            address: address.to_owned(),
        }
    }

    /// Writes entries into the access log, in the commit that the writer makes next.
    pub(crate) async fn write_accesses(&self, entries: &[AccessEntry]) -> Result<(), ServiceError> {
        if entries.is_empty() {
            return Ok(());
        }
        let held = self.inner.looks.take_held();
        let accesses = held.iter().chain(entries).cloned().collect();
        let written = self.inner.writer.write(Write { accesses, ..Write::default() }).await;
        if written.is_err() {
            self.inner.looks.hold(held);
        }
        written?;
        Ok(())
    }

    /// The right to read a family's workbook, for somebody who looks at `what` of it now: the look is written down first.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not know it exists; where the look cannot be written down.
    pub async fn looks_at_family<'v>(
        &self, viewer: &'v Viewer, family: FamilyId, (what, address): (AccessKind, &str),
    ) -> Result<FamilyReader<'v>, ServiceError> {
        let reader = self.family_reader(viewer, family).await?;
        self.write_accesses(&[self.look(reader, (what, address))]).await?;
        Ok(reader)
    }

    /// The right to read a child's record, for somebody who looks at `what` of it now: the look is written down first.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer may not know it exists; where the look cannot be written down.
    pub async fn looks_at_record<'v>(
        &self, viewer: &'v Viewer, id: RecordId, (what, address): (AccessKind, &str),
    ) -> Result<RecordReader<'v>, ServiceError> {
        let record = self.inner.store.record(id.uuid()).await?.ok_or(ServiceError::NotFound)?;
        let reader = self.record_reader(viewer, id).await?;
        let look = AccessEntry {
            meeting_id: Some(record.meeting.uuid()),
            record_id: Some(id.uuid()),
            ..self.look(reader.family(), (what, address))
        };
        self.write_accesses(&[look]).await?;
        Ok(reader)
    }

    /// Writes down that somebody was refused `what` on the page at `path`, where that is a page of a family or a record that is
    /// there. Beside the answer, and not before it: how long an answer takes tells nobody that a family exists.
    pub fn note_refused_on(&self, viewer: Arc<Viewer>, path: &str, what: &'static str, address: &str) {
        let mut parts = path.split(['/', '?']).skip(1);
        let kind_and_id = (parts.next(), parts.next().and_then(|id| id.parse::<Uuid>().ok()));
        let (of_record, id) = match kind_and_id {
            (Some("families"), Some(id)) => (false, id),
            (Some("records"), Some(id)) => (true, id),
            _ => return,
        };
        let (service, address) = (self.clone(), address.to_owned());
        tokio::spawn(async move {
            let family = if of_record {
                match service.inner.store.record(id).await {
                    Ok(Some(record)) => record.family,
                    Ok(None) | Err(_) => return,
                }
            } else {
                FamilyId::new(id)
            };
            // Whoever may read it has asked for something that is there no more: that is no refusal.
            if matches!(service.family_reader(&viewer, family).await, Err(ServiceError::NotFound)) {
                service.note_refusal(&viewer, family, what, &address);
            }
        });
    }

    /// Writes down that somebody opens a family and with which reason, before they see anything of it. The reason stands where
    /// what an entry is made for does: it is chained, and can be taken out with the words it is about.
    pub(crate) async fn note_opening(
        &self, viewer: &Viewer, opening: &Opening, from: &str,
    ) -> Result<(), ServiceError> {
        let entry = AccessEntry {
            made_for: opening.reason.clone(),
            allowed_by: Ground::Opened(opening.kind).in_words().to_owned(),
            ..self.access_entry(viewer, from, opening.family_id, (AccessKind::Opened, opening.kind.word()))
        };
        self.write_accesses(&[entry]).await
    }

    fn look(&self, reader: FamilyReader<'_>, (what, address): (AccessKind, &str)) -> AccessEntry {
        AccessEntry {
            allowed_by: reader.ground().in_words().to_owned(),
            ..self.access_entry(reader.viewer(), address, reader.family(), (what, "page"))
        }
    }

    /// Writes down that somebody was not shown `what` of a family, beside the answer.
    pub(crate) fn note_refusal(&self, viewer: &Viewer, family: FamilyId, what: &'static str, address: &str) {
        let refused = self.access_entry(viewer, address, family, (AccessKind::Refused, what));
        let service = self.clone();
        tokio::spawn(async move {
            let existing = service.inner.store.family(family).await;
            if !matches!(existing, Ok(Some(_))) {
                return;
            }
            tell(SecurityEvent::Refused { by: refused.worker_id, family, what }, &refused.address);
            // Their page was open until just now: the refusal is no more for others to read than the look was.
            let lately = refused.at - TimeDelta::days(1);
            let looked = service.inner.store.opened_confidentially(refused.worker_id, family, lately).await;
            let refused = match looked {
                Ok(true) => AccessEntry { allowed_by: CONFIDENTIAL.to_owned(), ..refused },
                Ok(false) | Err(_) => refused,
            };
            if let Err(error) = service.write_accesses(&[refused]).await {
                tracing::error!(%error, "a refusal could not be written into the access log");
            }
        });
    }

    /// Who looked at a family before a time, newest first, [`SHOWN`] at most.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn accesses_of_family(
        &self, log: FamilyAccessLogReader<'_>, before: DateTime<Utc>,
    ) -> Result<Vec<AccessLine>, ServiceError> {
        let entries = self.inner.store.accesses_of_family(log.family(), before, SHOWN, CONFIDENTIAL).await?;
        let entries = self.open_to(log.viewer(), entries).await?;
        self.in_lines(entries, &BTreeMap::new()).await
    }

    /// What somebody looked at before a time of the families whose log the reader reads, and, where the reader reads that of the
    /// person, when they signed in and whose rights they changed: newest first, [`SHOWN`] at most of each team. Looking is an
    /// entry for each family in it, and one for the person.
    ///
    /// # Errors
    /// Where the database does not answer, or the look cannot be written down.
    pub async fn accesses_of_worker(
        &self, log: AccessLogReader<'_>, worker: WorkerId, before: DateTime<Utc>, address: &str,
    ) -> Result<Vec<AccessLine>, ServiceError> {
        let mut lines = Vec::new();
        // Where a list is full, others go on before its end only on the next page: nothing between the two is passed over.
        let mut from = DateTime::<Utc>::MIN_UTC;
        let full_until = |entries: &[AccessEntry]| {
            let full = i64::try_from(entries.len()).is_ok_and(|count| count >= SHOWN);
            entries.last().filter(|_| full).map_or(DateTime::<Utc>::MIN_UTC, |entry| entry.at)
        };
        for (team, allowed_by) in self.logs_of(log).await? {
            let entries = self.inner.store.accesses_of_worker(worker, team, before, SHOWN, CONFIDENTIAL).await?;
            from = from.max(full_until(&entries));
            let entries = self.open_to(log.viewer(), entries).await?;
            let families = self.families_of_team(log.viewer(), team).await?;
            let references = families.into_iter().map(|family| (family.id, family.reference)).collect();
            let looked = entries.iter().filter_map(|entry| Some((entry.family_id?, allowed_by))).collect();
            self.note_log_read(log.viewer(), looked, address).await?;
            lines.extend(self.in_lines(entries, &references).await?);
        }
        let team = self.directory().await?.workers.get(&worker).and_then(|row| row.team_id).map(TeamId::new);
        if let Some(allowed_by) = log.allowed_by_person(team) {
            let entries = self.inner.store.sign_ins_and_rights_of(worker, before, SHOWN).await?;
            from = from.max(full_until(&entries));
            self.note_person_read(log.viewer(), worker, allowed_by, address).await?;
            lines.extend(self.in_lines(entries, &BTreeMap::new()).await?);
        }
        lines.retain(|line| line.given.at >= from);
        lines.sort_by_key(|line| std::cmp::Reverse(line.given.at));
        Ok(lines)
    }

    /// The teams whose log the reader reads, with why.
    pub(crate) async fn logs_of(&self, log: AccessLogReader<'_>) -> Result<Vec<(TeamId, &'static str)>, ServiceError> {
        let teams = self.inner.store.teams().await?;
        Ok(teams.into_iter().filter_map(|team| log.allowed_by(team.id).map(|why| (team.id, why))).collect())
    }

    /// Notes that somebody read the log of families, and why they may.
    async fn note_log_read(
        &self, viewer: &Viewer, families: BTreeMap<FamilyId, &str>, address: &str,
    ) -> Result<(), ServiceError> {
        let looks = families.into_iter().map(|(family, allowed_by)| AccessEntry {
            allowed_by: allowed_by.to_owned(),
            ..self.access_entry(viewer, address, family, (AccessKind::AccessLog, "page"))
        });
        self.write_accesses(&looks.collect::<Vec<_>>()).await
    }

    /// Entries without those about discussions that the viewer stood out of: these are closed to them everywhere.
    async fn open_to(&self, viewer: &Viewer, mut entries: Vec<AccessEntry>) -> Result<Vec<AccessEntry>, ServiceError> {
        let now_out = self.closed_to(viewer).await?;
        let stood_out = self.inner.store.stood_out(viewer.worker).await?;
        entries.retain(|entry| {
            let meeting = entry.meeting_id.map(MeetingId::new);
            let out = meeting.zip(entry.family_id).is_some_and(|discussion| stood_out.contains(&discussion));
            !out && entry.family_id.is_none_or(|family| !now_out.contains(&family))
        });
        Ok(entries)
    }

    async fn in_lines(
        &self, entries: Vec<AccessEntry>, references: &BTreeMap<FamilyId, String>,
    ) -> Result<Vec<AccessLine>, ServiceError> {
        let (directory, former) = (self.directory().await?, self.former_names().await?);
        let reference = |given: &AccessEntry| given.family_id.and_then(|family| references.get(&family).cloned());
        let line = |given: AccessEntry| {
            let reference = reference(&given).unwrap_or_default();
            line(&directory, &former, given, reference)
        };
        Ok(entries.into_iter().map(line).collect())
    }

    /// Destroys the months of the access log that are over by the template's rule, unless a legal hold stands on anything.
    /// Gives how many entries they had.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn destroy_old_accesses(&self) -> Result<u64, ServiceError> {
        if self.inner.outside.hold.is_some() || self.inner.store.any_hold().await? {
            return Ok(0);
        }
        let first = self.inner.rules.retention.accesses_kept_from(self.inner.clock.today());
        let mut tx = self.inner.store.begin().await?;
        let gone = tx.destroy_accesses(dates::from_london(first.and_time(NaiveTime::MIN))).await?;
        tx.destroy_refusal_answers(first).await?;
        tx.commit().await?;
        Ok(gone)
    }

    /// When the viewer last read each record of a meeting.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn records_read(
        &self, viewer: &Viewer, meeting: MeetingId,
    ) -> Result<BTreeMap<RecordId, DateTime<Utc>>, ServiceError> {
        Ok(self.inner.store.records_read(viewer.worker, meeting.uuid()).await?)
    }

    /// What was given out last of the families of the viewer's teams, newest first, [`SHOWN`] of each team at most; of
    /// discussions the viewer stood out of nothing.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn given_out(&self, staff: Staff<'_>) -> Result<Vec<AccessLine>, ServiceError> {
        let viewer = staff.viewer();
        let (directory, former) = (self.directory().await?, self.former_names().await?);
        let stood_out = self.inner.store.stood_out(viewer.worker).await?;
        let mut lines = Vec::new();
        for team in staff.teams() {
            let families = self.families_of_team(viewer, team).await?;
            let references: BTreeMap<FamilyId, String> =
                families.into_iter().map(|family| (family.id, family.reference)).collect();
            let of_team = self.inner.store.given_of_team(team, SHOWN).await?;
            lines.extend(of_team.into_iter().filter_map(|given| {
                let family = given.family_id?;
                let reference = references.get(&family)?.clone();
                let closed = |meeting| stood_out.contains(&(MeetingId::new(meeting), family));
                (!given.meeting_id.is_some_and(closed)).then(|| line(&directory, &former, given, reference))
            }));
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.given.at));
        Ok(lines)
    }

    /// What was given out of one record, with who made each.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn given_of(&self, keeper: RecordKeeper<'_>) -> Result<Vec<(String, AccessEntry)>, ServiceError> {
        let (directory, former) = (self.directory().await?, self.former_names().await?);
        let given = self.inner.store.given_of_record(keeper.reader().record()).await?;
        Ok(given.into_iter().map(|given| (former.name(&directory, &given), given)).collect())
    }
}

fn line(directory: &Directory, former: &FormerNames, given: AccessEntry, reference: String) -> AccessLine {
    let in_place_of = given.on_behalf_of.map(|of| directory.name(WorkerId::new(of)).to_owned());
    AccessLine { by: former.name(directory, &given), reference, in_place_of: in_place_of.unwrap_or_default(), given }
}
