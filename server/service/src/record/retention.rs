//! Retention: legal holds, the reduction of drafts and keystrokes, and the end of our copy, which two people decide.

mod end;
mod hold;
mod reduce;

use domain::policy::Staff;
use domain::status::{AccessKind, DeliveryState};
use end::first_moment;

pub(crate) use reduce::keep_reducing;

use crate::{Service, ServiceError};
use chrono::NaiveDate;
use domain::record::Record;
use domain::retention::{RetentionFacts, RetentionState, retention_state};
use domain::status::ChildStatus;
use domain::{FamilyId, PersonId, dates};
use std::collections::{BTreeMap, BTreeSet};
use store::access::AccessEntry;
use store::delivery::DeliveryRow;
use store::family::Family;
use store::retention::Expiry;

/// A child whose records are held here, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldChild {
    /// Who.
    pub child: PersonId,
    /// Their first name.
    pub name: String,
    /// One of their families.
    pub family: FamilyId,
    /// Its reference.
    pub reference: String,
    /// The highest status they ever had.
    pub status: ChildStatus,
    /// How many records.
    pub records: usize,
    /// What the template's rule says.
    pub state: RetentionState,
    /// Who proposed that our copy goes, where somebody has.
    pub proposed: Option<Expiry>,
    /// Whether the viewer may propose and agree: they manage the teams of all the child's families.
    pub theirs: bool,
}

/// What a page shows of retention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionPage {
    /// Children of the viewer's teams, by reference.
    pub children: Vec<HeldChild>,
    /// Names of who proposed.
    pub names: BTreeMap<domain::WorkerId, String>,
    /// Why nothing at all is destroyed, where the settings say so.
    pub frozen: Option<String>,
}

impl Service {
    /// A dry run for the teams a viewer manages: what is held, until when, and what has expired. Of the teams they oversee, where
    /// somebody proposed that our copy goes and waits for a second person. Changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the viewer manages no team.
    pub async fn retention(&self, staff: Staff<'_>) -> Result<RetentionPage, ServiceError> {
        let viewer = staff.viewer();
        if !viewer.is_manager() {
            return Err(ServiceError::NotFound);
        }
        let mut families = Vec::new();
        for team in &viewer.manages {
            families.extend(self.families_of_team(viewer, *team).await?);
        }
        let mut children = self.held(&families).await?;
        let mut overseen = Vec::new();
        for team in &viewer.oversees {
            overseen.extend(self.families_of_team(viewer, *team).await?);
        }
        children.extend(self.held(&overseen).await?.into_iter().filter(|line| line.proposed.is_some()));
        let mut mine = Vec::new();
        for line in children.drain(..) {
            let records = self.inner.store.records_of_child(line.child).await?;
            if !records.iter().any(|record| record.closed_to(viewer)) {
                let theirs = self.child_manager(viewer, line.child).await.is_ok();
                mine.push(HeldChild { theirs, ..line });
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
    pub async fn retention_of_all(&self) -> Result<Vec<HeldChild>, ServiceError> {
        self.held(&self.inner.store.families().await?).await
    }

    async fn held(&self, families: &[Family]) -> Result<Vec<HeldChild>, ServiceError> {
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
                let state = retention_state(&self.inner.rules.retention, &facts, self.inner.clock.today());
                // What was proposed on other facts is no proposal any more.
                let fresh = |expiry: &&Expiry| matches!(state, RetentionState::Expired(since) if expiry.proposed_at >= first_moment(since));
                lines.push(HeldChild {
                    child,
                    name: crate::names::first_name(std::slice::from_ref(&member), child),
                    family: family.id,
                    reference: family.reference.clone(),
                    status: facts.status,
                    records: records.len(),
                    proposed: proposals.get(&child).filter(fresh).cloned(),
                    theirs: false,
                    state,
                });
            }
        }
        Ok(lines)
    }

    async fn facts_of_child(&self, child: PersonId, records: &[Record]) -> Result<RetentionFacts, ServiceError> {
        let store = &self.inner.store;
        let kinds = store.plan_kinds(child).await?;
        let status = kinds.into_iter().map(ChildStatus::of_plan).max().unwrap_or(ChildStatus::NoPlan);
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
            let day =
                |row: &DeliveryRow| (row.state == DeliveryState::Landed).then(|| dates::london(row.changed_at).date());
            mine.map(day).collect::<Option<Vec<_>>>()?.into_iter().max()
        };
        let days: Option<Vec<NaiveDate>> = records.iter().map(of).collect();
        let mut only_here = false;
        for record in records {
            only_here |= self.only_here(record).await?;
        }
        Ok(RetentionFacts {
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
        if seal.body.is_empty() || !crate::record::sign::read(&seal)?.anything_marked() {
            return Ok(false);
        }
        let given = self.inner.store.given_of_record(record.id).await?;
        let filed = |given: &AccessEntry| {
            given.what == AccessKind::Copy && given.at >= newest.at && given.made_for == crate::record::copy::CHILD_FILE
        };
        Ok(!given.iter().any(filed))
    }
}
