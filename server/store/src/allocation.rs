//! Who works with whom.

use crate::{Store, StoreError, Tx};
use chrono::NaiveDate;
use domain::{AllocationId, FamilyId, TeamId, WorkerId};
use uuid::Uuid;

/// One worker's allocation to a person, or by hand to a family.
#[derive(Debug, Clone, PartialEq)]
pub struct Allocation {
    /// Its id.
    pub id: AllocationId,
    /// Key in the council's extract.
    pub source_id: Option<String>,
    /// The person; absent where made by hand to a family.
    pub person_id: Option<Uuid>,
    /// The family; absent where imported.
    pub family_id: Option<Uuid>,
    /// The worker; absent where unknown or only a team.
    pub worker_id: Option<Uuid>,
    /// The extract's key of a worker it does not contain.
    pub unknown_worker: String,
    /// The team.
    pub team_id: Option<Uuid>,
    /// Role code of the extract; "CW" is the allocated social worker.
    pub role: String,
    /// First day.
    pub starts: NaiveDate,
    /// Day it ended: from that day on it gives no access.
    pub ends: Option<NaiveDate>,
    /// Made or corrected by a person.
    pub by_hand: bool,
}

row!(Allocation {
    id,
    source_id,
    person_id,
    family_id,
    worker_id,
    unknown_worker,
    team_id,
    role,
    starts,
    ends,
    by_hand
});

/// An allocation as one of a family's.
#[derive(Debug, Clone, PartialEq)]
pub struct FamilyAllocation {
    /// Which family it counts for.
    pub to_family: FamilyId,
    /// The allocation.
    pub allocation: Allocation,
}

row!(FamilyAllocation { to_family } + allocation);

impl FamilyAllocation {
    /// The worker, where one is known.
    #[must_use]
    pub fn worker(&self) -> Option<WorkerId> {
        self.allocation.worker_id.map(WorkerId::new)
    }

    /// Whether it counts on a day.
    #[must_use]
    pub fn current(&self, today: NaiveDate) -> bool {
        self.allocation.starts <= today && self.allocation.ends.is_none_or(|ends| ends > today)
    }
}

impl Store {
    /// Families a worker is allocated to on a day, also by another entry of the same person.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn families_of_worker(&self, worker: WorkerId, today: NaiveDate) -> Result<Vec<FamilyId>, StoreError> {
        const READ: &str = "SELECT m.family_id FROM allocations a JOIN family_members m ON m.person_id = a.person_id \
             WHERE a.worker_id IN (SELECT w.id FROM workers w WHERE w.id = $1 OR w.same_as = $1) \
             AND a.starts <= $2 AND (a.ends IS NULL OR a.ends > $2) \
             UNION SELECT a.family_id FROM allocations a \
             WHERE a.worker_id IN (SELECT w.id FROM workers w WHERE w.id = $1 OR w.same_as = $1) \
             AND a.starts <= $2 AND (a.ends IS NULL OR a.ends > $2) AND a.family_id IS NOT NULL";
        let rows = fetch_all!(self, (Uuid,), READ, worker.uuid(), today)?;
        Ok(rows.into_iter().map(|(id,)| FamilyId::new(id)).collect())
    }

    /// Workers of no team with the teams of the families they are allocated to today.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn teams_of_partners(&self, today: NaiveDate) -> Result<Vec<(WorkerId, TeamId)>, StoreError> {
        const READ: &str = "WITH theirs AS (SELECT p.id AS worker_id, a.person_id, a.family_id FROM allocations a \
             JOIN workers w ON w.id = a.worker_id JOIN workers p ON p.id = COALESCE(w.same_as, w.id) \
             WHERE p.team_id IS NULL AND a.starts <= $1 AND (a.ends IS NULL OR a.ends > $1)) \
             SELECT t.worker_id, f.team_id FROM theirs t JOIN family_members m ON m.person_id = t.person_id \
             JOIN families f ON f.id = m.family_id WHERE f.team_id IS NOT NULL \
             UNION SELECT t.worker_id, f.team_id FROM theirs t JOIN families f ON f.id = t.family_id \
             WHERE f.team_id IS NOT NULL";
        let rows = fetch_all!(self, (Uuid, Uuid), READ, today)?;
        Ok(rows.into_iter().map(|(worker, team)| (WorkerId::new(worker), TeamId::new(team))).collect())
    }

    /// Allocations to the families in a scope, current and past, newest first, each of the entry with which its person signs in.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn allocations(&self, scope: Uuid) -> Result<Vec<FamilyAllocation>, StoreError> {
        const READ: &str = "SELECT s.family_id AS to_family, a.id, a.source_id, a.person_id, a.family_id, \
             COALESCE(w.same_as, a.worker_id) AS worker_id, \
             a.unknown_worker, a.team_id, a.role, a.starts, a.ends, a.by_hand FROM scopes s \
             JOIN family_members m ON m.family_id = s.family_id JOIN allocations a ON a.person_id = m.person_id \
             LEFT JOIN workers w ON w.id = a.worker_id WHERE s.scope_id = $1 \
             UNION SELECT s.family_id, a.id, a.source_id, a.person_id, a.family_id, COALESCE(w.same_as, a.worker_id), \
             a.unknown_worker, a.team_id, a.role, a.starts, a.ends, a.by_hand FROM scopes s \
             JOIN allocations a ON a.family_id = s.family_id LEFT JOIN workers w ON w.id = a.worker_id \
             WHERE s.scope_id = $1 ORDER BY 10 DESC, 2";
        Ok(fetch_all!(self, FamilyAllocation, READ, scope)?)
    }

    /// One allocation.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn allocation(&self, id: AllocationId) -> Result<Option<Allocation>, StoreError> {
        const READ: &str = "SELECT id, source_id, person_id, family_id, worker_id, unknown_worker, team_id, role, \
             starts, ends, by_hand FROM allocations WHERE id = $1";
        Ok(fetch_optional!(self, Allocation, READ, id.uuid())?)
    }

    /// Every allocation, for imports.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn all_allocations(&self) -> Result<Vec<Allocation>, StoreError> {
        const READ: &str = "SELECT id, source_id, person_id, family_id, worker_id, unknown_worker, team_id, role, \
             starts, ends, by_hand FROM allocations";
        Ok(fetch_all!(self, Allocation, READ)?)
    }
}

impl Tx {
    /// Adds an allocation or takes its new values.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_allocation(&mut self, allocation: &Allocation) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO allocations (id, source_id, person_id, family_id, worker_id, unknown_worker, \
             team_id, role, starts, ends, by_hand) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT (id) DO UPDATE SET person_id = excluded.person_id, family_id = excluded.family_id, \
             worker_id = excluded.worker_id, unknown_worker = excluded.unknown_worker, team_id = excluded.team_id, \
             role = excluded.role, starts = excluded.starts, ends = excluded.ends, by_hand = excluded.by_hand";
        execute!(
            self,
            KEEP,
            allocation.id.uuid(),
            allocation.source_id.as_deref(),
            allocation.person_id,
            allocation.family_id,
            allocation.worker_id,
            allocation.unknown_worker.as_str(),
            allocation.team_id,
            allocation.role.as_str(),
            allocation.starts,
            allocation.ends,
            allocation.by_hand,
        )?;
        Ok(())
    }
}
