//! Signed records on their way to the council's systems: queued with the signature, tried until they land, never
//! lost, and never sent twice to a system that would file them twice.

use crate::{Service, ServiceError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::policy::{FamilyReader, RecordKeeper, RecordReader, Staff};
use domain::record::{Record, Sealed};
use domain::status::{AccessKind, DeliveryState, StepStatus};
use domain::{DeliveryId, RecordId};
use interchange::out::{Handed, Parcel, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use store::access::AccessEntry;
pub use store::delivery::DeliveryRow;

/// How long a target that did not take something is left alone, by the number of tries; in seconds.
const BACK_OFF: [i64; 6] = [30, 120, 600, 3600, 3 * 3600, 12 * 3600];
/// How often is looked for what is due.
const LOOK: Duration = Duration::from_secs(20);
/// A handing over that has not ended after this was broken off with its process.
const BROKEN_OFF: TimeDelta = TimeDelta::minutes(3);
/// Said of what a newer version took the place of.
const REPLACED: &str = "replaced by a newer version";
/// Parcels of one look.
const AT_ONCE: i64 = 20;
/// Of what has arrived so many are listed for each team.
const ARRIVED: i64 = 100;

/// A delivery, as people read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryLine {
    /// The row.
    pub row: DeliveryRow,
    /// The child's first name.
    pub child: String,
    /// The family's reference.
    pub reference: String,
}

/// Hands over what is due, for as long as the service lives: to each target by itself, so that one that is gone or does not
/// answer stands in nobody's way.
pub fn keep_delivering(service: &Service) {
    for at in 0..service.inner.outside.targets.len() {
        let service = service.clone();
        tokio::spawn(async move {
            loop {
                if let Err(error) = service.deliver_to(service.inner.outside.targets[at].name()).await {
                    tracing::warn!(%error, "deliveries wait");
                }
                let _ = tokio::time::timeout(LOOK, service.inner.deliveries[at].notified()).await;
            }
        });
    }
}

impl Service {
    /// Hands over what waits, one after the other, twenty for each target at most. Gives how many were tried.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn deliver_due(&self) -> Result<usize, ServiceError> {
        let mut tried = 0;
        for target in &self.inner.outside.targets {
            tried += self.deliver_to(target.name()).await?;
        }
        Ok(tried)
    }

    /// Hands over what is due for one target. Gives how many were tried.
    async fn deliver_to(&self, target: &str) -> Result<usize, ServiceError> {
        let now = self.inner.clock.now();
        let mut broken: Vec<DeliveryRow> = self.inner.store.deliveries_in(DeliveryState::Sent).await?;
        broken.retain(|row| row.target == target && row.changed_at + BROKEN_OFF < now);
        let mut tried = 0;
        for row in broken {
            tried += usize::from(self.hand_over(row, DeliveryState::Sent).await?);
        }
        for row in self.inner.store.due_deliveries(target, now, AT_ONCE).await? {
            tried += usize::from(self.hand_over(row, DeliveryState::Waiting).await?);
        }
        Ok(tried)
    }

    /// There is something to hand over: nobody waits until it is looked for.
    pub(crate) fn deliver_soon(&self) {
        self.inner.deliveries.iter().for_each(tokio::sync::Notify::notify_one);
    }

    /// Hands one over; `false` where another process has it. It is "sent" before anything leaves, so that a power
    /// cut leaves a trace.
    async fn hand_over(&self, mut row: DeliveryRow, from: DeliveryState) -> Result<bool, ServiceError> {
        let Some(target) = self.inner.outside.targets.iter().find(|target| target.name() == row.target).cloned() else {
            return Ok(false);
        };
        let (now, before) = (self.inner.clock.now(), row.attempts);
        (row.state, row.attempts, row.changed_at) = (DeliveryState::Sent, row.attempts + 1, now);
        if !self.moved(&row, (from, before)).await? {
            return Ok(false);
        }
        let parcel = match self.parcel(&row).await {
            Ok(parcel) => parcel,
            Err(error) => {
                self.note_handed(row, Handed::NotYet(error.to_string())).await?;
                return Ok(true);
            }
        };
        let interrupted = from == DeliveryState::Sent;
        let handed = tokio::task::spawn_blocking(move || call(&target, &parcel, interrupted)).await;
        let handed =
            handed.unwrap_or_else(|_| Handed::Unknown("sending failed in Caseround itself; see its log".to_owned()));
        self.note_handed(row, handed).await?;
        Ok(true)
    }

    async fn note_handed(&self, mut row: DeliveryRow, handed: Handed) -> Result<(), ServiceError> {
        let now = self.inner.clock.now();
        let newer = self.inner.store.seal(row.record_id, row.version + 1).await?.is_some();
        let (state, answer) = match handed {
            Handed::NotYet(_) if newer => (DeliveryState::Withdrawn, REPLACED.to_owned()),
            Handed::Landed(answer) => (DeliveryState::Landed, answer),
            Handed::Refused(answer) => (DeliveryState::Failed, answer),
            Handed::Unknown(answer) => (DeliveryState::Unknown, answer),
            Handed::NotYet(answer) => {
                row.next_at = again(now, row.attempts);
                (DeliveryState::Waiting, answer)
            }
        };
        if state != DeliveryState::Landed {
            tracing::warn!(delivery = %row.id, target = %row.target, state = state.word(), "a record has not landed; the records page has the target's words");
        }
        (row.state, row.answer, row.changed_at) = (state, answer, now);
        if state == DeliveryState::Landed {
            self.note_delivered(&row).await?;
        }
        let mut tx = self.inner.store.begin().await?;
        tx.move_delivery(&row, (DeliveryState::Sent, row.attempts)).await?;
        Ok(tx.commit().await?)
    }

    /// Writes down that a record was given to one of the council's systems, by whoever signed it.
    async fn note_delivered(&self, row: &DeliveryRow) -> Result<(), ServiceError> {
        let lost =
            || tracing::error!(record = %row.record_id, row.version, "landed, and its seal or version is not here");
        let Some(seal) = self.inner.store.seal(row.record_id, row.version).await? else {
            lost();
            return Ok(());
        };
        let record = self.inner.store.record(row.record_id.uuid()).await?;
        let versions = record.iter().flat_map(|record| &record.life.versions);
        let Some(signed) = versions.into_iter().find(|version| i64::from(version.number) == row.version) else {
            lost();
            return Ok(());
        };
        let given = AccessEntry {
            at: row.changed_at,
            worker_id: signed.by.worker,
            on_behalf_of: None,
            made_for: row.target.clone(),
            family_id: Some(seal.family_id),
            meeting_id: Some(seal.meeting_id.uuid()),
            record_id: Some(row.record_id.uuid()),
            what: AccessKind::Delivery,
            format: String::new(),
            allowed_by: "signed; the council’s settings".to_owned(),
            approved_by: String::new(),
            address: String::new(),
        };
        self.write_accesses(&[given]).await
    }

    /// Where the newest version of each record of a family is on its way: the state that most needs somebody, where there
    /// are several targets.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn arrived(&self, reader: FamilyReader<'_>) -> Result<BTreeMap<RecordId, DeliveryState>, ServiceError> {
        let mut newest: BTreeMap<RecordId, (i64, DeliveryState)> = BTreeMap::new();
        for row in self.inner.store.deliveries_of_family(reader.family()).await? {
            if row.state == DeliveryState::Withdrawn {
                continue;
            }
            let latest = newest.entry(row.record_id).or_insert((row.version, row.state));
            *latest = (*latest).max((row.version, row.state));
        }
        Ok(newest.into_iter().map(|(record, (_, state))| (record, state)).collect())
    }

    async fn moved(&self, row: &DeliveryRow, from: (DeliveryState, i64)) -> Result<bool, ServiceError> {
        let mut tx = self.inner.store.begin().await?;
        let moved = tx.move_delivery(row, from).await?;
        tx.commit().await?;
        Ok(moved)
    }

    /// What leaves the house by itself: the record without whatever is marked, since nobody is there to say yes.
    async fn parcel(&self, row: &DeliveryRow) -> Result<Parcel, ServiceError> {
        let gone = || ServiceError::Setup(format!("Record {} is queued and not signed.", row.record_id));
        let seal = self.inner.store.seal(row.record_id, row.version).await?.ok_or_else(gone)?;
        let sealed = crate::record::sign::read(&seal)?;
        // A document that cannot be made holds no other form of the record back.
        let pdf = self.pdf_of(&sealed).await.map_err(|error| error.to_string());
        // Targets make forms of their own of it: what is marked goes into none of them.
        let sealed = sealed.unmarked();
        let directory = self.directory().await?;
        let numbers = directory.workers.values().filter_map(|worker| Some((worker.id, worker.source_id.clone()?)));
        let family = self.inner.store.family(seal.family_id).await?;
        let together = self.decided_together(&sealed).await?;
        let steps = self.inner.store.steps_in(seal.family_id.uuid()).await?;
        let done = steps.iter().filter(|step| step.state == StepStatus::Done).map(|step| step.id).collect();
        Ok(Parcel {
            together,
            delivery: row.id,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            pdf,
            done,
            sealed,
            hash: seal.hash,
            staff: numbers.collect(),
            family_number: family.and_then(|family| family.source_id).unwrap_or_default(),
        })
    }

    /// The numbers of the children for whom the same was decided, agreed and added, of those signed in the same
    /// version.
    async fn decided_together(&self, sealed: &Sealed) -> Result<Vec<String>, ServiceError> {
        let same = |record: &Record| {
            let children = record.decision.as_ref().map(|decision| &decision.children);
            record.slot == sealed.record.slot
                && children == sealed.record.decision.as_ref().map(|decision| &decision.children)
                && record.steps == sealed.record.steps
                && record.life.taken() == sealed.addenda
                && record.life.versions.last().is_some_and(|version| version.number == sealed.version)
        };
        let records = self.inner.store.records_of_meeting(sealed.record.meeting).await?;
        let members = self.inner.store.members(sealed.family.uuid()).await?;
        let number = |child| members.iter().find(|member| member.person.id == child)?.person.source_id.clone();
        let mut numbers: Vec<String> =
            records.iter().filter(|record| same(record)).filter_map(|record| number(record.child)).collect();
        numbers.push(sealed.child_number.clone());
        numbers.retain(|number| !number.is_empty());
        numbers.sort();
        numbers.dedup();
        Ok(numbers)
    }

    /// What became of the signed versions of the viewer's teams, newest first: all that are on their way, and of those that have
    /// arrived the last [`ARRIVED`] of each team.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn deliveries(&self, staff: Staff<'_>) -> Result<Vec<DeliveryLine>, ServiceError> {
        let viewer = staff.viewer();
        let mut lines = Vec::new();
        for team in staff.teams() {
            let rows = self.inner.store.recent_deliveries_of_team(team, ARRIVED).await?;
            let families = self.families_of_team(viewer, team).await?;
            let members = self.inner.store.members(team.uuid()).await?;
            // Not of what somebody stood out of, nor of what is not here any more.
            let mut open = BTreeMap::new();
            for id in rows.iter().map(|row| row.record_id).collect::<BTreeSet<_>>() {
                let record = self.inner.store.record(id.uuid()).await?;
                open.insert(id, record.is_some_and(|record| !record.closed_to(viewer)));
            }
            lines.extend(rows.into_iter().filter(|row| open[&row.record_id]).map(|row| {
                let member = members.iter().find(|member| member.person.id == row.child_id);
                let family = member.and_then(|member| families.iter().find(|family| family.id == member.family_id));
                DeliveryLine {
                    child: crate::names::first_name(&members, row.child_id),
                    reference: family.map(|family| family.reference.clone()).unwrap_or_default(),
                    row,
                }
            }));
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.row.queued_at));
        Ok(lines)
    }

    /// The deliveries of one record.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn deliveries_of(&self, reader: RecordReader<'_>) -> Result<Vec<DeliveryRow>, ServiceError> {
        Ok(self.inner.store.deliveries_of_record(reader.record()).await?)
    }

    /// A person looked at the target: it is there, or it is sent again. Only for what is failed or unknown.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is another record's.
    pub async fn settle_delivery(
        &self, keeper: RecordKeeper<'_>, id: DeliveryId, there: bool,
    ) -> Result<(), ServiceError> {
        let row = self.inner.store.delivery(id).await?.filter(|row| row.record_id == keeper.reader().record());
        let mut row = row.ok_or(ServiceError::NotFound)?;
        let from = row.state;
        if !from.needs_somebody() {
            return Ok(());
        }
        let now = self.inner.clock.now();
        let name = self.directory().await?.name(keeper.viewer().worker).to_owned();
        (row.state, row.answer) = if there {
            (DeliveryState::Landed, format!("{name} found it there"))
        } else if self.inner.store.seal(row.record_id, row.version + 1).await?.is_some() {
            (DeliveryState::Withdrawn, REPLACED.to_owned())
        } else {
            (DeliveryState::Waiting, format!("{name} asked for it to be sent again"))
        };
        (row.next_at, row.changed_at) = (now, now);
        if there {
            self.note_delivered(&row).await?;
        }
        let mut tx = self.inner.store.begin().await?;
        tx.move_delivery(&row, (from, row.attempts)).await?;
        tx.commit().await?;
        self.deliver_soon();
        Ok(())
    }
}

fn call(target: &Arc<dyn Target>, parcel: &Parcel, interrupted: bool) -> Handed {
    if interrupted { target.after_a_break(parcel) } else { target.hand_over(parcel) }
}

fn again(now: DateTime<Utc>, attempts: i64) -> DateTime<Utc> {
    let tries = usize::try_from(attempts - 1).unwrap_or_default();
    now + TimeDelta::seconds(BACK_OFF[tries.min(BACK_OFF.len() - 1)])
}
