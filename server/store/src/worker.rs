//! Teams and workers.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::{TeamId, WorkerId};
use uuid::Uuid;

/// A team.
#[derive(Debug, Clone, PartialEq)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Key in the council's extract.
    pub source_id: Option<String>,
    /// Its name.
    pub name: String,
    /// Key of the department above it, in the extract.
    pub parent: String,
}

row!(Team { id, source_id, name, parent });

/// Somebody who works with families.
#[derive(Debug, Clone, PartialEq)]
pub struct Worker {
    /// Their id.
    pub id: WorkerId,
    /// Key in the council's extract.
    pub source_id: Option<String>,
    /// Staff number.
    pub staff_id: String,
    /// Their name.
    pub name: String,
    /// Job title as the extract has it.
    pub job_title: String,
    /// Key of their discipline; empty where it must be asked.
    pub discipline: String,
    /// Their team.
    pub team_id: Option<Uuid>,
    /// Added or corrected by a person: imports leave it alone.
    pub by_hand: bool,
    /// Since when they have this discipline in this team; as it is kept, whatever a change of the rest says.
    pub in_post_since: DateTime<Utc>,
}

row!(Worker { id, source_id, staff_id, name, job_title, discipline, team_id, by_hand, in_post_since });

impl Store {
    /// Every team, by name.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn teams(&self) -> Result<Vec<Team>, StoreError> {
        Ok(fetch_all!(self, Team, "SELECT id, source_id, name, parent FROM teams ORDER BY name, id")?)
    }

    /// Names that workers had before theirs was changed, with until when, the earliest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn former_names(&self) -> Result<Vec<(WorkerId, String, DateTime<Utc>)>, StoreError> {
        const READ: &str = "SELECT worker_id, name, until FROM former_names ORDER BY until";
        let rows = fetch_all!(self, (Uuid, String, DateTime<Utc>), READ)?;
        Ok(rows.into_iter().map(|(worker, name, until)| (WorkerId::new(worker), name, until)).collect())
    }

    /// Every worker, by name.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn workers(&self) -> Result<Vec<Worker>, StoreError> {
        const READ: &str = "SELECT id, source_id, staff_id, name, job_title, discipline, team_id, by_hand, in_post_since \
             FROM workers ORDER BY name, id";
        Ok(fetch_all!(self, Worker, READ)?)
    }
}

impl Store {
    /// Entries of people who have another one, with which they sign in: this one and that one.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn merged_workers(&self) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
        const READ: &str = "SELECT id, same_as AS into_id FROM workers WHERE same_as IS NOT NULL";
        Ok(fetch_all!(self, (Uuid, Uuid), READ)?)
    }
}

impl Tx {
    /// Keeps the name that a worker had until now.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_former_name(
        &mut self, worker: WorkerId, name: &str, until: DateTime<Utc>, changed_by: WorkerId,
    ) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO former_names (worker_id, name, until, changed_by) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (worker_id, until) DO NOTHING";
        execute!(self, KEEP, worker.uuid(), name, until, changed_by.uuid())?;
        Ok(())
    }

    /// Notes that an entry is of the same person as another, or no more: whether that is new.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn merge_worker(&mut self, worker: WorkerId, into: Option<WorkerId>) -> Result<bool, StoreError> {
        const MERGE: &str = "UPDATE workers SET same_as = $2 WHERE id = $1 AND same_as IS DISTINCT FROM $2";
        Ok(execute!(self, MERGE, worker.uuid(), into.map(WorkerId::uuid))? == 1)
    }

    /// Adds a team or takes its new values.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_team(&mut self, team: &Team) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO teams (id, source_id, name, parent) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, parent = excluded.parent";
        let (source, name, parent) = (team.source_id.as_deref(), team.name.as_str(), team.parent.as_str());
        execute!(self, KEEP, team.id.uuid(), source, name, parent)?;
        Ok(())
    }

    /// Adds a worker or takes their new values.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_worker(&mut self, worker: &Worker) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO workers (id, source_id, staff_id, name, job_title, discipline, team_id, by_hand, \
             in_post_since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET \
             in_post_since = CASE WHEN workers.discipline = excluded.discipline \
             AND workers.team_id IS NOT DISTINCT FROM excluded.team_id \
             THEN workers.in_post_since ELSE excluded.in_post_since END, \
             staff_id = excluded.staff_id, name = excluded.name, job_title = excluded.job_title, \
             discipline = excluded.discipline, team_id = excluded.team_id, by_hand = excluded.by_hand";
        execute!(
            self,
            KEEP,
            worker.id.uuid(),
            worker.source_id.as_deref(),
            worker.staff_id.as_str(),
            worker.name.as_str(),
            worker.job_title.as_str(),
            worker.discipline.as_str(),
            worker.team_id,
            worker.by_hand,
            worker.in_post_since,
        )?;
        Ok(())
    }
}
