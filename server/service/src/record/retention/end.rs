//! The end of our copy: one person proposes it, another agrees, and it goes everywhere.

use crate::meeting::room::REWRITTEN;
use crate::people::confirmation::ConfirmedIdentity;
use crate::people::second::Post;
use crate::{Service, ServiceError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::family::{Workbook, WorkbookEvent};
use domain::meeting::{Area, Entry, Event};
use domain::policy::ChildManager;
use domain::record::Record;
use domain::retention::{
    Reduction, RetentionFacts, RetentionState, destroy_in_meeting, destroy_in_workbook, ended_children, only_about,
    retention_state,
};
use domain::viewer::Viewer;
use domain::{FamilyId, MeetingId, PersonId, RecordId, StepId, TeamId, WorkerId, dates};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::retention::{Expiry, Rewrite};

impl Service {
    /// Proposes that our copy of a child's records goes.
    ///
    /// # Errors
    /// A form error where its time is not over.
    pub async fn propose_expiry(
        &self, manager: ChildManager<'_>, confirmed: ConfirmedIdentity,
    ) -> Result<(), ServiceError> {
        let (viewer, child) = (manager.viewer(), manager.child());
        confirmed.is_of(viewer)?;
        let (_, facts, since) = self.expired(manager).await?;
        let months = self.inner.rules.retention.months.get(&facts.status).copied().unwrap_or_default();
        let expiry = Expiry {
            child_id: child,
            proposed_at: self.inner.clock.now(),
            proposed_by: viewer.worker,
            rule: format!("{}: {months} months", facts.status.title()),
            agreed_at: None,
        };
        let old = self.inner.store.proposed_expiries().await?;
        let stale = old.iter().any(|proposal| proposal.child_id == child && proposal.proposed_at < first_moment(since));
        let mut tx = self.inner.store.begin().await?;
        if stale {
            tx.withdraw_expiry(child).await?;
        }
        tx.propose_expiry(&expiry).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a proposal back, by whoever manages the team.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn withdraw_expiry(&self, manager: ChildManager<'_>) -> Result<(), ServiceError> {
        let mut tx = self.inner.store.begin().await?;
        tx.withdraw_expiry(manager.child()).await?;
        Ok(tx.commit().await?)
    }

    /// A second person's yes: our copy of the child's records is destroyed, everywhere. What stays is that each was signed
    /// and its hash, under a tombstone that only the holder of the seal key can make.
    ///
    /// # Errors
    /// A form error where nobody else has proposed
    /// it or its time is not over.
    pub async fn agree_expiry(
        &self, manager: ChildManager<'_>, confirmed: ConfirmedIdentity,
    ) -> Result<(), ServiceError> {
        let (viewer, child) = (manager.viewer(), manager.child());
        confirmed.is_of(viewer)?;
        if let Some(proposal) = self.inner.store.proposed_expiries().await?.into_iter().find(|of| of.child_id == child)
        {
            let teams = self.teams_of_child(child).await?;
            self.seconds(viewer, Post::Manages(&teams), (proposal.proposed_by, proposal.proposed_at)).await?;
        }
        for _ in 0..4 {
            let (records, _, since) = self.expired(manager).await?;
            let mut tx = self.inner.store.begin().await?;
            if !tx.agree_expiry(child, viewer.worker, self.inner.clock.now(), first_moment(since)).await? {
                let message = "Somebody else proposes it, and you agree: it takes two people. Nothing was destroyed.";
                return Err(ServiceError::field("", message));
            }
            let Some((meetings, families)) = self.destroy(&mut tx, viewer, child, &records).await? else { continue };
            let ids = meetings.iter().map(MeetingId::to_string).chain(families.iter().map(FamilyId::to_string));
            let ids: Vec<String> = ids.collect();
            for some in ids.chunks(100) {
                tx.notify(&format!("{REWRITTEN}{}", some.join(" "))).await?;
            }
            tx.commit().await?;
            self.forget_subjects(&meetings, &families);
            match self.inner.store.scrub().await {
                Ok(true) => {}
                left => {
                    tracing::warn!(?left, "the database's log still holds what was destroyed; it goes with a restart")
                }
            }
            tracing::info!(%child, records = records.len(), by = %viewer.worker, "our copy of a child's records was destroyed");
            return Ok(());
        }
        Err(ServiceError::Unavailable("other processes were first, again and again".to_owned()))
    }

    async fn teams_of_child(&self, child: PersonId) -> Result<Vec<TeamId>, ServiceError> {
        let mut teams = Vec::new();
        for record in self.inner.store.records_of_child(child).await? {
            teams.extend(self.inner.store.family(record.family).await?.and_then(|family| family.team()));
        }
        Ok(teams)
    }

    async fn expired(
        &self, manager: ChildManager<'_>,
    ) -> Result<(Vec<Record>, RetentionFacts, NaiveDate), ServiceError> {
        let child = manager.child();
        let records = self.inner.store.records_of_child(child).await?;
        let facts = self.facts_of_child(child, &records).await?;
        let why = match retention_state(&self.inner.rules.retention, &facts, self.inner.clock.today()) {
            RetentionState::Expired(since) => return Ok((records, facts, since)),
            RetentionState::Until(day) => format!("it is kept until {}", dates::plain_date(day)),
            RetentionState::Kept(why) => why,
        };
        Err(ServiceError::field("", format!("Our copy of these records stays: {why}.")))
    }

    /// Rewrites journals, empties seals, forgets rows. Gives the meetings and families whose journals changed; `None` where a journal moved.
    async fn destroy(
        &self, tx: &mut Tx, viewer: &Viewer, child: PersonId, records: &[Record],
    ) -> Result<Option<(Vec<MeetingId>, Vec<FamilyId>)>, ServiceError> {
        let store = &self.inner.store;
        let at = self.inner.clock.now();
        let families: BTreeSet<FamilyId> = records.iter().map(|record| record.family).collect();
        let mut changed = families.clone();
        let mut meetings = BTreeMap::<MeetingId, Vec<(domain::SlotId, Option<BTreeSet<PersonId>>)>>::new();
        for family in families.iter().copied() {
            let left = store.records(family.uuid()).await?;
            let last = left.iter().all(|record| record.child == child);
            let entries: Vec<Entry<WorkbookEvent>> = store.entries(family.uuid(), 0).await?;
            let workbook = Workbook::fold(&entries);
            let now: Vec<&Record> = workbook.records.iter().filter(|record| record.child == child).collect();
            let seen = |record: &&Record| records.contains(record);
            let all = records.iter().filter(|record| record.family == family).count() == now.len();
            // Signed or drafted since it was looked at: it is looked at again.
            if !all || !now.iter().all(seen) {
                return Ok(None);
            }
            let gone = ended_children(&entries, child);
            if !self.forget_in_workbook(tx, viewer, family, &entries, (child, last)).await? {
                return Ok(None);
            }
            for (meeting, part) in self.forget_parts(tx, family, child, records, last).await? {
                meetings.entry(meeting).or_default().push((part, (!last).then(|| gone.clone())));
            }
        }
        // Where the child was only in discussions that were put off, there is no record: their words go all the same.
        for family in store.families_of_person(child).await?.into_iter().filter(|family| !families.contains(family)) {
            let entries: Vec<Entry<WorkbookEvent>> = store.entries(family.uuid(), 0).await?;
            if !destroy_in_workbook(&entries, child, false, &crate::seal::hash).is_empty() {
                if !self.forget_in_workbook(tx, viewer, family, &entries, (child, false)).await? {
                    return Ok(None);
                }
                changed.insert(family);
            }
            for (meeting, part) in self.forget_parts(tx, family, child, records, false).await? {
                meetings.entry(meeting).or_default().push((part, Some([child].into())));
            }
        }
        tx.forget_given_for(child).await?;
        for (meeting, slots) in &meetings {
            let entries: Vec<Entry<Event>> = store.entries(meeting.uuid(), 0).await?;
            let lines =
                slots.iter().flat_map(|(slot, ended)| destroy_in_meeting(&entries, *slot, ended.as_ref())).collect();
            let gone = Event::Destroyed { slot: slots[0].0 };
            if !tx.rewrite(&Rewrite::of(meeting.uuid(), &entries, lines, (at, viewer.worker, gone))).await? {
                return Ok(None);
            }
        }
        for record in records {
            for version in &record.life.versions {
                let Some(seal) = store.seal(record.id, i64::from(version.number)).await? else { continue };
                tx.mark_destroyed(child, seal.number, at, &self.inner.outside.seal_key.tombstone(&seal)).await?;
            }
        }
        Ok(Some((meetings.into_keys().collect(), changed.into_iter().collect())))
    }
}

impl Service {
    /// Writes over what a family's workbook holds of one child, or all of it where the child is the last; `false` where the
    /// workbook is held or has changed since its entries were read.
    async fn forget_in_workbook(
        &self, tx: &mut Tx, viewer: &Viewer, family: FamilyId, entries: &[Entry<WorkbookEvent>],
        (child, last): (PersonId, bool),
    ) -> Result<bool, ServiceError> {
        let workbook = Workbook::fold(entries);
        if workbook.hold.is_some() {
            return Ok(false);
        }
        let gone = ended_children(entries, child);
        let own = workbook.steps.iter().filter(|step| only_about(&step.step.children, &gone));
        let own_steps: Vec<StepId> = own.map(|step| step.step.step).collect();
        let own_late = entries.iter().filter(|entry| match &entry.event {
            WorkbookEvent::ContributedLate { children, .. } => only_about(children, &gone),
            _ => false,
        });
        let own_late: Vec<(WorkerId, DateTime<Utc>)> = own_late.map(|entry| (entry.by, entry.at)).collect();
        let lines = destroy_in_workbook(entries, child, last, &crate::seal::hash);
        let note = (self.inner.clock.now(), viewer.worker, WorkbookEvent::CopyEnded { child });
        if !tx.rewrite(&Rewrite::of(family.uuid(), entries, lines, note)).await? {
            return Ok(false);
        }
        tx.forget_rows(family, child, &own_steps, &own_late, last).await?;
        Ok(true)
    }

    /// Forgets a family's running notes, and what reductions of its discussions hold of a child. Gives these discussions.
    async fn forget_parts(
        &self, tx: &mut Tx, family: FamilyId, child: PersonId, records: &[Record], last: bool,
    ) -> Result<Vec<(MeetingId, domain::SlotId)>, ServiceError> {
        let mut parts = Vec::new();
        for part in self.inner.store.parts_of_family(family).await? {
            tx.forget_notes_of(part.slot_id).await?;
            if let (false, Some(body)) = (last, self.inner.store.reduction(part.slot_id).await?) {
                tx.change_reduction(part.slot_id, &without(&body, child, records)).await?;
            }
            parts.push((part.meeting_id, part.slot_id));
        }
        Ok(parts)
    }
}

/// The first moment of a day in London.
pub(super) fn first_moment(day: NaiveDate) -> DateTime<Utc> {
    dates::from_london(day.and_time(chrono::NaiveTime::MIN))
}

/// A reduction without what it holds of one child.
fn without(body: &str, child: PersonId, records: &[Record]) -> String {
    let mut left: Reduction = serde_json::from_str(body).unwrap_or_default();
    let of_child = |id: &RecordId| records.iter().any(|record| record.id == *id);
    left.boxes.retain(|kept| kept.area != Area::Meaning(child) && kept.area != Area::Life(child));
    left.drafts.retain(|draft| !of_child(&draft.record));
    serde_json::to_string(&left).expect("reductions are plain data")
}
