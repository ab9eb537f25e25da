//! An allocation by hand.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use store::allocation::FamilyAllocation;

use super::{Allocation, AllocationId, FamilyStaff, Service, ServiceError, WorkerId};
use crate::form::FormErrors;
use crate::security::SecurityEvent;

/// An allocation's form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllocationForm {
    /// Which worker.
    pub worker: String,
    /// First day; empty means today.
    pub starts: String,
    /// Day it ends; may be empty.
    pub ends: String,
}

/// What allocating somebody came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocated {
    /// Whose, by name.
    pub who: String,
    /// Its first day, where that is still to come.
    pub starts: Option<NaiveDate>,
    /// Whether it has ended already.
    pub over: bool,
}

/// An allocation that was ended, as it was before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedAllocation {
    /// Whose, by name.
    pub who: String,
    /// The rows that were ended.
    rows: Vec<EndedRow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct EndedRow {
    id: AllocationId,
    ends: Option<NaiveDate>,
    by_hand: bool,
    /// The day it was made to end.
    ended: NaiveDate,
}

impl Service {
    /// Allocates a worker to a family.
    ///
    /// # Errors
    /// Field by field what cannot be used.
    pub async fn allocate(
        &self, staff: FamilyStaff<'_>, form: &AllocationForm, from: &str,
    ) -> Result<Allocated, ServiceError> {
        let mut errors = FormErrors::default();
        let today = self.inner.clock.today();
        let starts = errors.date("starts", &form.starts).unwrap_or(today);
        let ends = errors.date("ends", &form.ends);
        if ends.is_some_and(|ends| ends < starts) {
            errors.add("ends", "It ends before it starts. Correct one of the dates.");
        }
        let directory = self.directory().await?;
        let worker = form.worker.parse::<WorkerId>().ok().filter(|worker| directory.is_colleague(*worker));
        if worker.is_none() {
            errors.add("worker", "Choose a worker. If they are not in the list, add them first.");
        }
        let lasting = self.inner.store.family(staff.family()).await?.and_then(|family| family.team());
        let viewer = staff.viewer();
        let manages = lasting.is_some_and(|team| viewer.manages_in_post(team));
        if worker == Some(viewer.worker) && !manages {
            errors.add("worker", "Nobody allocates themselves. Ask the team’s manager.");
        }
        errors.done()?;
        let allocation = Allocation {
            id: AllocationId::new(self.new_uuid()),
            source_id: None,
            person_id: None,
            family_id: Some(staff.family().uuid()),
            worker_id: worker.map(WorkerId::uuid),
            unknown_worker: String::new(),
            team_id: None,
            role: String::new(),
            starts,
            ends,
            by_hand: true,
        };
        self.keep_allocations(&[allocation]).await?;
        self.log_change(SecurityEvent::Allocated { by: viewer.worker, whose: worker, family: staff.family() }, from)
            .await;
        let who = worker.map(|worker| directory.name(worker).to_owned()).unwrap_or_default();
        Ok(Allocated { who, starts: (starts > today).then_some(starts), over: ends.is_some_and(|ends| ends <= today) })
    }

    /// Ends every current allocation of a worker to a family today: from now on they see it no more.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is no allocation to the family.
    pub async fn end_allocation(
        &self, staff: FamilyStaff<'_>, id: AllocationId, from: &str,
    ) -> Result<EndedAllocation, ServiceError> {
        let today = self.inner.clock.today();
        let all = self.inner.store.allocations(staff.family().uuid()).await?;
        let one = all.iter().find(|row| row.allocation.id == id).ok_or(ServiceError::NotFound)?;
        let same = |row: &&FamilyAllocation| {
            row.current(today)
                && row.allocation.worker_id == one.allocation.worker_id
                && row.allocation.unknown_worker == one.allocation.unknown_worker
        };
        let before: Vec<Allocation> = all.iter().filter(same).map(|row| row.allocation.clone()).collect();
        let ended: Vec<Allocation> = before
            .iter()
            .map(|row| Allocation { ends: Some(today.max(row.starts)), by_hand: true, ..row.clone() })
            .collect();
        self.keep_allocations(&ended).await?;
        let (by, family) = (staff.viewer().worker, staff.family());
        self.log_change(SecurityEvent::AllocationEnded { by, whose: one.worker(), family }, from).await;
        let who = match one.worker() {
            Some(worker) => self.directory().await?.name(worker).to_owned(),
            None => one.allocation.unknown_worker.clone(),
        };
        let rows = before.iter().zip(&ended).map(|(before, ended)| EndedRow {
            id: before.id,
            ends: before.ends,
            by_hand: before.by_hand,
            ended: ended.ends.unwrap_or(today),
        });
        let rows = rows.collect();
        Ok(EndedAllocation { who, rows })
    }

    /// Takes the ending of an allocation back: each row that still ends by it ends as before.
    ///
    /// # Errors
    /// A form error where none of them does any more.
    pub async fn restore_allocation(
        &self, staff: FamilyStaff<'_>, ended: &EndedAllocation, from: &str,
    ) -> Result<(), ServiceError> {
        let all = self.inner.store.allocations(staff.family().uuid()).await?;
        let restored: Vec<Allocation> = all
            .into_iter()
            .filter_map(|row| {
                let before = ended.rows.iter().find(|before| before.id == row.allocation.id)?;
                let still = row.allocation.by_hand && row.allocation.ends == Some(before.ended);
                still.then_some(Allocation { ends: before.ends, by_hand: before.by_hand, ..row.allocation })
            })
            .collect();
        if restored.is_empty() {
            let message = "This cannot be undone any more: the allocation was changed since. Allocate them again.";
            return Err(ServiceError::field("", message));
        }
        self.keep_allocations(&restored).await?;
        let (by, family) = (staff.viewer().worker, staff.family());
        let whose = restored.first().and_then(|row| row.worker_id).map(WorkerId::new);
        self.log_change(SecurityEvent::Allocated { by, whose, family }, from).await;
        Ok(())
    }

    async fn keep_allocations(&self, allocations: &[Allocation]) -> Result<(), ServiceError> {
        let mut tx = self.inner.store.begin().await?;
        for allocation in allocations {
            tx.keep_allocation(allocation).await?;
        }
        tx.commit().await?;
        self.rights_changed().await
    }
}
