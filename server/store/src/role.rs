//! Roles that were given, and locked families.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use domain::policy::{GivenRole, Grant, Lock};
use domain::status::Role;
use domain::{FamilyId, GrantId, TeamId, WorkerId};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A role as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRow {
    /// Its identifier.
    pub id: GrantId,
    /// To whom.
    pub worker_id: WorkerId,
    /// Which role.
    pub role: Role,
    /// For which team.
    pub team_id: Option<Uuid>,
    /// In whose place.
    pub for_worker: Option<Uuid>,
    /// First day.
    pub starts: NaiveDate,
    /// The day from which it counts no more.
    pub ends: Option<NaiveDate>,
    /// Who gave it; absent for a technician's command.
    pub given_by: Option<Uuid>,
    /// The identity provider whose group gives it.
    pub issuer: Option<String>,
    /// When.
    pub given_at: DateTime<Utc>,
    /// Who ended it before its time; absent for a technician's command.
    pub ended_by: Option<Uuid>,
    /// When.
    pub ended_at: Option<DateTime<Utc>>,
}

row!(GrantRow {
    id,
    worker_id,
    role,
    team_id,
    for_worker,
    starts,
    ends,
    given_by,
    issuer,
    given_at,
    ended_by,
    ended_at
});

impl GrantRow {
    /// What the rules know of it; `None` where a role lacks what it is for.
    #[must_use]
    pub fn grant(&self) -> Option<Grant> {
        let team = self.team_id.map(TeamId::new);
        let given = match self.role {
            Role::Administrator => GivenRole::Administrator,
            Role::Reviewer => GivenRole::Reviewer,
            Role::Lead => GivenRole::Lead,
            Role::Deputy => GivenRole::Deputy { team: team? },
            Role::Cover => GivenRole::Cover { of: WorkerId::new(self.for_worker?), team: team? },
        };
        Some(Grant { worker: self.worker_id, given, starts: self.starts, ends: self.ends })
    }
}

/// Why a family is locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockRow {
    /// Which family.
    pub family_id: FamilyId,
    /// Why, in its keeper's words.
    pub why: String,
    /// Who locked it.
    pub locked_by: WorkerId,
    /// When.
    pub locked_at: DateTime<Utc>,
}

row!(LockRow { family_id, why, locked_by, locked_at });

impl Store {
    /// Every role that was ever given, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn grants(&self) -> Result<Vec<GrantRow>, StoreError> {
        const READ: &str = "SELECT id, worker_id, role, team_id, for_worker, starts, ends, given_by, issuer, given_at, \
             ended_by, ended_at FROM grants ORDER BY given_at DESC, id";
        Ok(fetch_all!(self, GrantRow, READ)?)
    }

    /// The families of a team that a worker is allocated to on a day.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn families_of_worker_in(
        &self, worker: WorkerId, team: TeamId, today: NaiveDate,
    ) -> Result<Vec<FamilyId>, StoreError> {
        const READ: &str = "SELECT f.id FROM families f WHERE f.team_id = $3 AND f.id IN ( \
             SELECT m.family_id FROM allocations a JOIN family_members m ON m.person_id = a.person_id \
             WHERE a.worker_id IN (SELECT w.id FROM workers w WHERE w.id = $1 OR w.same_as = $1) \
             AND a.starts <= $2 AND (a.ends IS NULL OR a.ends > $2) \
             UNION SELECT a.family_id FROM allocations a \
             WHERE a.worker_id IN (SELECT w.id FROM workers w WHERE w.id = $1 OR w.same_as = $1) \
             AND a.starts <= $2 AND (a.ends IS NULL OR a.ends > $2) AND a.family_id IS NOT NULL)";
        let rows = fetch_all!(self, (Uuid,), READ, worker.uuid(), today, team.uuid())?;
        Ok(rows.into_iter().map(|(id,)| FamilyId::new(id)).collect())
    }

    /// Every locked family, with those who are named.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn locks(&self) -> Result<Vec<Lock>, StoreError> {
        const READ: &str = "SELECT l.family_id, COALESCE(w.same_as, n.worker_id) AS worker_id FROM locks l \
             LEFT JOIN lock_names n ON n.family_id = l.family_id LEFT JOIN workers w ON w.id = n.worker_id";
        let rows = fetch_all!(self, (Uuid, Option<Uuid>), READ)?;
        let mut locks: BTreeMap<FamilyId, Lock> = BTreeMap::new();
        for (family, named) in rows {
            let family = FamilyId::new(family);
            let lock = locks.entry(family).or_insert_with(|| Lock { family, named: Default::default() });
            lock.named.extend(named.map(WorkerId::new));
        }
        Ok(locks.into_values().collect())
    }

    /// Why a family is locked; `None` where it is not.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn lock(&self, family: FamilyId) -> Result<Option<LockRow>, StoreError> {
        const READ: &str = "SELECT family_id, why, locked_by, locked_at FROM locks WHERE family_id = $1";
        Ok(fetch_optional!(self, LockRow, READ, family.uuid())?)
    }
}

impl Tx {
    /// Gives a role.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn give_role(&mut self, row: &GrantRow) -> Result<(), StoreError> {
        const GIVE: &str = "INSERT INTO grants (id, worker_id, role, team_id, for_worker, starts, ends, given_by, issuer, \
             given_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        execute!(
            self,
            GIVE,
            row.id.uuid(),
            row.worker_id.uuid(),
            row.role.word(),
            row.team_id,
            row.for_worker,
            row.starts,
            row.ends,
            row.given_by,
            row.issuer.as_deref(),
            row.given_at,
        )?;
        Ok(())
    }

    /// Ends a role on a day: `false` where it had ended.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn end_role(
        &mut self, id: GrantId, today: NaiveDate, by: Option<Uuid>, at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        const END: &str = "UPDATE grants SET ends = $2, ended_by = $3, ended_at = $4 \
             WHERE id = $1 AND (ends IS NULL OR ends > $2)";
        Ok(execute!(self, END, id.uuid(), today, by, at)? == 1)
    }

    /// Another last day for a role.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn renew_role(&mut self, id: GrantId, ends: NaiveDate) -> Result<(), StoreError> {
        execute!(self, "UPDATE grants SET ends = $2 WHERE id = $1", id.uuid(), ends)?;
        Ok(())
    }

    /// How many hold a role on a day, without an end and with an open account.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn holders(&mut self, role: Role, today: NaiveDate) -> Result<usize, StoreError> {
        const COUNT: &str = "SELECT COUNT(DISTINCT g.worker_id) FROM grants g \
             JOIN accounts a ON a.worker_id = g.worker_id AND a.ended_at IS NULL \
             WHERE g.role = $1 AND g.starts <= $2 AND g.ends IS NULL";
        let (count,) = fetch_in!(self, (i64,), COUNT, role.word(), today)?.unwrap_or_default();
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Locks a family for all but those named, or takes other names.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn lock_family(&mut self, row: &LockRow, named: &[WorkerId]) -> Result<(), StoreError> {
        const LOCK: &str = "INSERT INTO locks (family_id, why, locked_by, locked_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (family_id) DO UPDATE SET why = excluded.why, locked_by = excluded.locked_by, \
             locked_at = excluded.locked_at";
        let family = row.family_id.uuid();
        execute!(self, LOCK, family, row.why.as_str(), row.locked_by.uuid(), row.locked_at)?;
        execute!(self, "DELETE FROM lock_names WHERE family_id = $1", family)?;
        for worker in named {
            execute!(self, "INSERT INTO lock_names (family_id, worker_id) VALUES ($1, $2)", family, worker.uuid())?;
        }
        Ok(())
    }

    /// Unlocks a family.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn unlock_family(&mut self, family: FamilyId) -> Result<(), StoreError> {
        execute!(self, "DELETE FROM lock_names WHERE family_id = $1", family.uuid())?;
        execute!(self, "DELETE FROM locks WHERE family_id = $1", family.uuid())?;
        Ok(())
    }
}
