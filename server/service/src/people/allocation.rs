//! An allocation by hand.

use super::{Allocation, AllocationId, Errors, FamilyStaff, Service, ServiceError, WorkerId};

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

impl Service {
    /// Allocates a worker to a family.
    ///
    /// # Errors
    /// Field by field what cannot be used.
    pub async fn allocate(&self, staff: FamilyStaff<'_>, form: &AllocationForm) -> Result<(), ServiceError> {
        let mut errors = Errors::default();
        let today = self.inner.clock.today();
        let starts = errors.date("starts", &form.starts).unwrap_or(today);
        let ends = errors.date("ends", &form.ends);
        if ends.is_some_and(|ends| ends < starts) {
            errors.0.push(("ends".to_owned(), "It ends before it starts. Correct one of the dates.".to_owned()));
        }
        let directory = self.directory().await?;
        let worker = form.worker.parse::<WorkerId>().ok().filter(|worker| directory.is_person(*worker));
        if worker.is_none() {
            errors.0.push((
                "worker".to_owned(),
                "Choose a worker. If they are not in the list, add them first.".to_owned(),
            ));
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
        self.keep_allocations(&[allocation]).await
    }

    /// Ends every current allocation of a worker to a family today: from now on they see it no more.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is no allocation to the family.
    pub async fn end_allocation(&self, staff: FamilyStaff<'_>, id: AllocationId) -> Result<(), ServiceError> {
        let today = self.inner.clock.today();
        let all = self.inner.store.allocations(staff.family().uuid()).await?;
        let one = all.iter().find(|row| row.allocation.id == id).ok_or(ServiceError::NotFound)?;
        let ended: Vec<Allocation> = all
            .iter()
            .filter(|row| row.current(today) && row.allocation.worker_id == one.allocation.worker_id)
            .filter(|row| row.allocation.unknown_worker == one.allocation.unknown_worker)
            .map(|row| Allocation {
                ends: Some(today.max(row.allocation.starts)),
                by_hand: true,
                ..row.allocation.clone()
            })
            .collect();
        self.keep_allocations(&ended).await
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
