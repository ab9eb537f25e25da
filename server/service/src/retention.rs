//! Retention: legal holds, the reduction of drafts and keystrokes, and the end of our copy, which two people decide.

mod reduce;

pub(crate) use reduce::keep_reducing;

use crate::room::REWRITTEN;
use crate::writer::Row;
use crate::{Service, ServiceError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::family::{Workbook, WorkbookEvent};
use domain::meeting::refusal::short;
use domain::meeting::{Area, Entry, Event, Practised};
use domain::record::Record;
use domain::retention::{Facts, Hold, Reduction, Status, Verdict, destroy_in_meeting, destroy_in_workbook, verdict};
use domain::viewer::Viewer;
use domain::{FamilyId, MeetingId, PersonId, RecordId, StepId, TeamId, dates};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::delivery::DeliveryRow;
use store::export::Export;
use store::family::Family;
use store::retention::{Expiry, Rewrite};

/// A child whose records are held here, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Who.
    pub child: PersonId,
    /// Their first name.
    pub name: String,
    /// One of their families.
    pub family: FamilyId,
    /// Its reference.
    pub reference: String,
    /// The highest status they ever had.
    pub status: Status,
    /// How many records.
    pub records: usize,
    /// What the template's rule says.
    pub verdict: Verdict,
    /// Who proposed that our copy goes, where somebody has.
    pub proposed: Option<Expiry>,
    /// Whether the viewer may propose and agree: they manage the teams of all the child's families.
    pub theirs: bool,
}

/// What a page shows of retention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionPage {
    /// Children of the viewer's teams, by reference.
    pub children: Vec<Held>,
    /// Names of who proposed.
    pub names: BTreeMap<domain::WorkerId, String>,
    /// Why nothing at all is destroyed, where the settings say so.
    pub frozen: Option<String>,
}

impl Service {
    /// A dry run for the teams a viewer manages: what is held, until when, and what has expired. Changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer manages no team.
    pub async fn retention(&self, viewer: &Viewer) -> Result<RetentionPage, ServiceError> {
        if viewer.manages.is_empty() {
            return Err(ServiceError::NotFound);
        }
        let mut families = Vec::new();
        for team in &viewer.manages {
            families.extend(self.inner.store.families_in(team.uuid()).await?);
        }
        let mut children = self.held(&families).await?;
        let mut mine = Vec::new();
        for line in children.drain(..) {
            let records = self.inner.store.records_of_child(line.child).await?;
            if !records.iter().any(|record| record.closed_to(viewer.worker)) {
                let theirs = self.records_to_end(viewer, line.child).await.is_ok();
                mine.push(Held { theirs, ..line });
            }
        }
        let directory = self.directory().await?;
        let by = mine.iter().filter_map(|line| line.proposed.as_ref()).map(|expiry| expiry.proposed_by);
        let names = by.map(|worker| (worker, directory.name(worker).to_owned())).collect();
        Ok(RetentionPage { children: mine, names, frozen: self.inner.outside.hold.clone() })
    }

    /// The dry run over the whole house, for the command line.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn retention_of_all(&self) -> Result<Vec<Held>, ServiceError> {
        self.held(&self.inner.store.families().await?).await
    }

    async fn held(&self, families: &[Family]) -> Result<Vec<Held>, ServiceError> {
        let mut proposals: BTreeMap<PersonId, Expiry> = BTreeMap::new();
        for expiry in self.inner.store.proposed_expiries().await? {
            proposals.insert(expiry.child_id, expiry);
        }
        let (mut lines, mut seen) = (Vec::new(), BTreeSet::new());
        for family in families {
            for member in self.inner.store.members(family.id.uuid()).await? {
                // Grown up meanwhile or not: records are a child's.
                if !seen.insert(member.person.id) {
                    continue;
                }
                let child = member.person.id;
                let records = self.inner.store.records_of_child(child).await?;
                if records.is_empty() {
                    continue;
                }
                let facts = self.facts_of_child(child, &records).await?;
                let verdict = verdict(&self.inner.template.retention, &facts, self.inner.clock.today());
                // What was proposed on other facts is no proposal any more.
                let fresh = |expiry: &&Expiry| matches!(verdict, Verdict::Expired(since) if expiry.proposed_at >= first_moment(since));
                lines.push(Held {
                    child,
                    name: crate::sign::first_name(std::slice::from_ref(&member), child),
                    family: family.id,
                    reference: family.reference.clone(),
                    status: facts.status,
                    records: records.len(),
                    proposed: proposals.get(&child).filter(fresh).cloned(),
                    theirs: false,
                    verdict,
                });
            }
        }
        Ok(lines)
    }

    async fn facts_of_child(&self, child: PersonId, records: &[Record]) -> Result<Facts, ServiceError> {
        let store = &self.inner.store;
        let kinds = store.plan_kinds(child).await?;
        let status = kinds.iter().map(|kind| Status::of_plan(kind)).max().unwrap_or(Status::NoPlan);
        let mut families: BTreeSet<FamilyId> = store.families_of_person(child).await?.into_iter().collect();
        families.extend(records.iter().map(|record| record.family));
        let mut discussed: Option<NaiveDate> = records.iter().map(|record| record.held_on).max();
        let mut hold = self.inner.outside.hold.clone();
        for family in families {
            discussed = discussed.max(store.parts_of_family(family).await?.last().map(|part| part.held_on));
            discussed = discussed.max(store.family(family).await?.and_then(|family| family.discussed_on));
            hold = hold.or(store.hold(family).await?);
        }
        let sent = store.deliveries_of_child(child).await?;
        // Everywhere it was sent to, not only in the first place that took it.
        let of = |record: &Record| {
            let newest = record.life.versions.last().map(|version| i64::from(version.number))?;
            let mine = sent.iter().filter(|row| row.record_id == record.id && row.version == newest);
            let day = |row: &DeliveryRow| (row.state == "landed").then(|| dates::london(row.changed_at).date());
            mine.map(day).collect::<Option<Vec<_>>>()?.into_iter().max()
        };
        let days: Option<Vec<NaiveDate>> = records.iter().map(of).collect();
        let mut only_here = false;
        for record in records {
            only_here |= self.only_here(record).await?;
        }
        Ok(Facts {
            status,
            discussed: discussed.unwrap_or_default(),
            unsigned: records.iter().any(|record| !record.signed()),
            landed: days.and_then(|days| days.into_iter().max()),
            only_here,
            hold,
        })
    }

    /// Whether a record has parts that leave by themselves to nowhere, and no copy for the child's own file has been made of
    /// its newest version.
    async fn only_here(&self, record: &Record) -> Result<bool, ServiceError> {
        let Some(newest) = record.life.versions.last() else { return Ok(false) };
        let Some(seal) = self.inner.store.seal(record.id, i64::from(newest.number)).await? else { return Ok(false) };
        if seal.body.is_empty() || !crate::sign::read(&seal)?.anything_marked() {
            return Ok(false);
        }
        let copies = self.inner.store.copies(record.family.uuid()).await?;
        let filed = |copy: &Export| {
            copy.record_id == Some(record.id.uuid()) && copy.at >= newest.at && copy.made_for == crate::copy::CHILD_FILE
        };
        Ok(!copies.iter().any(filed))
    }

    /// Proposes that our copy of a child's records goes.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the child is not of the viewer's teams; a form error where its time is not over.
    pub async fn propose_expiry(&self, viewer: &Viewer, child: PersonId) -> Result<(), ServiceError> {
        let (_, facts, since) = self.expired(viewer, child).await?;
        let months = self.inner.template.retention.months.get(&facts.status).copied().unwrap_or_default();
        let expiry = Expiry {
            child_id: child,
            proposed_at: self.inner.clock.now(),
            proposed_by: viewer.worker,
            rule: format!("{}: {months} months", facts.status.title()),
            agreed_at: None,
        };
        let old = self.inner.store.proposed_expiries().await?;
        let stale = old.iter().any(|known| known.child_id == child && known.proposed_at < first_moment(since));
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
    /// [`ServiceError::NotFound`] where the child is not of the viewer's teams.
    pub async fn withdraw_expiry(&self, viewer: &Viewer, child: PersonId) -> Result<(), ServiceError> {
        self.records_to_end(viewer, child).await?;
        let mut tx = self.inner.store.begin().await?;
        tx.withdraw_expiry(child).await?;
        Ok(tx.commit().await?)
    }

    /// A second person's yes: our copy of the child's records is destroyed, everywhere. What stays is that each was signed
    /// and its hash, under a tombstone that only the holder of the seal key can make.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the child is not of the viewer's teams; a form error where nobody else has proposed
    /// it or its time is not over.
    pub async fn agree_expiry(&self, viewer: &Viewer, child: PersonId) -> Result<(), ServiceError> {
        for _ in 0..4 {
            let (records, _, since) = self.expired(viewer, child).await?;
            let mut tx = self.inner.store.begin().await?;
            if !tx.agree_expiry(child, viewer.worker, self.inner.clock.now(), first_moment(since)).await? {
                let told = "Somebody else proposes it, and you agree: it takes two people. Nothing was destroyed.";
                return Err(ServiceError::field("", told));
            }
            let Some(meetings) = self.destroy(&mut tx, viewer, child, &records).await? else { continue };
            let told: Vec<String> = meetings.iter().map(MeetingId::to_string).collect();
            for some in told.chunks(100) {
                tx.notify(&format!("{REWRITTEN}{}", some.join(" "))).await?;
            }
            tx.commit().await?;
            self.inner.rooms.forget(&meetings);
            match self.inner.store.scrub().await {
                Ok(true) => {}
                left => {
                    tracing::warn!(?left, "the database's log still holds what was destroyed; it goes with a restart")
                }
            }
            tracing::info!(%child, records = records.len(), by = %viewer.worker, "our copy of a child's records was destroyed");
            return Ok(());
        }
        Err(ServiceError::Setup("The database is too busy to do this now. Nothing was destroyed.".to_owned()))
    }

    /// The child's records, where the viewer may end our copy of them.
    async fn records_to_end(&self, viewer: &Viewer, child: PersonId) -> Result<Vec<Record>, ServiceError> {
        let records = self.inner.store.records_of_child(child).await?;
        let families: BTreeSet<FamilyId> = records.iter().map(|record| record.family).collect();
        let mut manages = !records.is_empty() && !records.iter().any(|record| record.closed_to(viewer.worker));
        for family in families {
            let team = self.inner.store.family(family).await?.and_then(|family| family.team_id).map(TeamId::new);
            manages &= team.is_some_and(|team| viewer.manages.contains(&team));
        }
        if manages { Ok(records) } else { Err(ServiceError::NotFound) }
    }

    async fn expired(&self, viewer: &Viewer, child: PersonId) -> Result<(Vec<Record>, Facts, NaiveDate), ServiceError> {
        let records = self.records_to_end(viewer, child).await?;
        let facts = self.facts_of_child(child, &records).await?;
        let why = match verdict(&self.inner.template.retention, &facts, self.inner.clock.today()) {
            Verdict::Expired(since) => return Ok((records, facts, since)),
            Verdict::Until(day) => format!("it is kept until {}", dates::plain_date(day)),
            Verdict::Kept(why) => why,
        };
        Err(ServiceError::field("", format!("Our copy of these records stays: {why}.")))
    }

    /// Rewrites journals, empties seals, forgets rows. Gives the meetings that changed; `None` where a journal moved.
    async fn destroy(
        &self, tx: &mut Tx, viewer: &Viewer, child: PersonId, records: &[Record],
    ) -> Result<Option<Vec<MeetingId>>, ServiceError> {
        let store = &self.inner.store;
        let at = self.inner.clock.now();
        let families: BTreeSet<FamilyId> = records.iter().map(|record| record.family).collect();
        let mut meetings = BTreeMap::<MeetingId, Vec<(domain::SlotId, bool)>>::new();
        for family in families {
            let left = store.records(family.uuid()).await?;
            let last = left.iter().all(|record| record.child == child);
            let entries: Vec<Entry<WorkbookEvent>> = store.entries(family.uuid(), 0).await?;
            let workbook = Workbook::fold(&entries);
            let now: Vec<&Record> = workbook.records.iter().filter(|record| record.child == child).collect();
            let seen = |record: &&Record| records.contains(record);
            let all = records.iter().filter(|record| record.family == family).count() == now.len();
            // Held, signed or drafted since it was looked at: it is looked at again.
            if workbook.hold.is_some() || !all || !now.iter().all(seen) {
                return Ok(None);
            }
            let own = workbook.steps.iter().filter(|step| step.step.children.iter().eq([&child]));
            let own_steps: Vec<StepId> = own.map(|step| step.step.step).collect();
            let lines = destroy_in_workbook(&entries, child, last, &crate::seal::hash);
            let note = (at, viewer.worker, WorkbookEvent::CopyEnded { child });
            if !tx.rewrite(&Rewrite::of(family.uuid(), &entries, lines, note)).await? {
                return Ok(None);
            }
            for part in store.parts_of_family(family).await? {
                meetings.entry(part.meeting_id).or_default().push((part.slot_id, last));
                tx.forget_notes_of(part.slot_id).await?;
                if let (false, Some(body)) = (last, store.reduction(part.slot_id).await?) {
                    tx.change_reduction(part.slot_id, &without(&body, child, records)).await?;
                }
            }
            tx.forget_rows(family, child, &own_steps, last).await?;
        }
        for (meeting, slots) in &meetings {
            let entries: Vec<Entry<Event>> = store.entries(meeting.uuid(), 0).await?;
            let ended =
                |(slot, last): &(domain::SlotId, bool)| destroy_in_meeting(&entries, *slot, (!last).then_some(child));
            let lines = slots.iter().flat_map(ended).collect();
            let gone = Event::Practised { slot: slots[0].0, what: Box::new(Practised::Gone) };
            if !tx.rewrite(&Rewrite::of(meeting.uuid(), &entries, lines, (at, viewer.worker, gone))).await? {
                return Ok(None);
            }
        }
        for record in records {
            for version in &record.life.versions {
                let Some(seal) = store.seal(record.id, i64::from(version.number)).await? else { continue };
                tx.entomb(child, seal.number, at, &self.inner.outside.seal_key.tombstone(&seal)).await?;
            }
        }
        Ok(Some(meetings.into_keys().collect()))
    }

    /// Puts a legal hold on a family.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not manage the team; a form error without a reason.
    pub async fn hold(&self, viewer: &Viewer, family: FamilyId, reason: &str) -> Result<(), ServiceError> {
        self.manages_family(viewer, family).await?;
        let reason = short("Why it is held", reason, 500)?;
        if reason.is_empty() {
            return Err(ServiceError::field("hold", "Write why nothing may be destroyed: proceedings, an inquiry."));
        }
        let hold = Hold { at: self.inner.clock.now(), by: self.named(viewer).await?, reason };
        self.write_hold(viewer, family, |workbook| {
            workbook.hold.is_none().then(|| WorkbookEvent::Held { hold: hold.clone() })
        })
        .await?;
        // What was proposed before is proposed anew, should the hold end.
        let mut tx = self.inner.store.begin().await?;
        for child in self.recorded(family).await? {
            tx.withdraw_expiry(child).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Ends a legal hold.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not manage the team.
    pub async fn release(&self, viewer: &Viewer, family: FamilyId, word: &str) -> Result<(), ServiceError> {
        self.manages_family(viewer, family).await?;
        let (by, word) = (self.named(viewer).await?, short("Why it ends", word, 500)?);
        self.write_hold(viewer, family, |workbook| {
            workbook.hold.is_some().then(|| WorkbookEvent::Released { by: by.clone(), word: word.clone() })
        })
        .await
    }

    /// The hold on a family, for whoever manages its team.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer does not.
    pub async fn hold_of(&self, viewer: &Viewer, family: FamilyId) -> Result<Option<Hold>, ServiceError> {
        self.manages_family(viewer, family).await?;
        if self.inner.store.hold(family).await?.is_none() {
            return Ok(None);
        }
        let entries: Vec<Entry<WorkbookEvent>> = self.inner.store.entries(family.uuid(), 0).await?;
        Ok(Workbook::fold(&entries).hold)
    }

    async fn manages_family(&self, viewer: &Viewer, family: FamilyId) -> Result<(), ServiceError> {
        let row = self.may_see_family(viewer, family).await?;
        let manages = row.team_id.map(TeamId::new).is_some_and(|team| viewer.manages.contains(&team));
        if manages { Ok(()) } else { Err(ServiceError::NotFound) }
    }

    async fn write_hold(
        &self, viewer: &Viewer, family: FamilyId, decide: impl Fn(&Workbook) -> Option<WorkbookEvent>,
    ) -> Result<(), ServiceError> {
        let row = |workbook: &Workbook, _: &Entry<WorkbookEvent>| {
            vec![Row::Hold(family, workbook.hold.as_ref().map(|hold| hold.reason.clone()))]
        };
        self.write_workbook(viewer, family, None, |workbook, _| Ok(decide(workbook)), row).await
    }
}

/// The first moment of a day in London.
fn first_moment(day: NaiveDate) -> DateTime<Utc> {
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
