//! What an extract brings beside people and allocations, and what was read before.

use crate::family::ChildPlan;
use crate::{Store, StoreError, Tx};
use chrono::NaiveDate;
use domain::PersonId;

impl Store {
    /// What each row of earlier loads looked like: file, key, content.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn import_rows(&self) -> Result<Vec<(String, String, String)>, StoreError> {
        Ok(fetch_all!(self, (String, String, String), "SELECT file, source_id, content FROM import_rows")?)
    }
}

impl Tx {
    /// Remembers what a row looks like.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_import_row(&mut self, file: &str, source_id: &str, content: &str) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO import_rows (file, source_id, content) VALUES ($1, $2, $3) \
             ON CONFLICT (file, source_id) DO UPDATE SET content = excluded.content";
        execute!(self, KEEP, file, source_id, content)?;
        Ok(())
    }

    /// Gives what was read under one key another key, and remembers what the row looks like now.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn rename_import_row(
        &mut self, kind: &str, old: &str, new: &str, content: &str,
    ) -> Result<(), StoreError> {
        let table = match kind {
            "allocation" => Some("UPDATE allocations SET source_id = $1 WHERE source_id = $2"),
            "episode" => Some("UPDATE episodes SET source_id = $1 WHERE source_id = $2"),
            "plan" => Some("UPDATE plans SET source_id = $1 WHERE source_id = $2"),
            "event" => Some("UPDATE case_events SET source_id = $1 WHERE source_id = $2"),
            "need" => Some("UPDATE needs SET source_id = $1 WHERE source_id = $2"),
            "visit" => Some("UPDATE visits SET source_id = $1 WHERE source_id = $2"),
            _ => None,
        };
        if let Some(rename) = table {
            execute!(self, rename, new, old)?;
        }
        execute!(self, "DELETE FROM import_rows WHERE file = $1 AND source_id = $2", kind, old)?;
        self.keep_import_row(kind, new, content).await
    }

    /// Takes an episode of social work as it is now.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_episode(
        &mut self, source_id: &str, person: PersonId, opened: Option<NaiveDate>, closed: Option<NaiveDate>,
    ) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO episodes (source_id, person_id, opened, closed) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (source_id) DO UPDATE SET opened = excluded.opened, closed = excluded.closed";
        execute!(self, KEEP, source_id, person.uuid(), opened, closed)?;
        Ok(())
    }

    /// Takes a plan as it is now.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_plan(&mut self, source_id: &str, plan: &ChildPlan) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO plans (source_id, person_id, kind, starts, ends, categories) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (source_id) DO UPDATE SET starts = excluded.starts, \
             ends = excluded.ends, categories = excluded.categories";
        let (kind, categories) = (plan.kind.word(), plan.categories.as_str());
        execute!(self, KEEP, source_id, plan.person_id.uuid(), kind, plan.starts, plan.ends, categories)?;
        Ok(())
    }

    /// Takes the factors of a person's latest assessment in place of earlier ones.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_factors(
        &mut self, person: PersonId, codes: &[String], assessed_on: Option<NaiveDate>,
    ) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO factors (person_id, code, assessed_on) VALUES ($1, $2, $3) \
             ON CONFLICT (person_id, code) DO UPDATE SET assessed_on = excluded.assessed_on";
        execute!(self, "DELETE FROM factors WHERE person_id = $1", person.uuid())?;
        for code in codes {
            execute!(self, KEEP, person.uuid(), code.as_str(), assessed_on)?;
        }
        Ok(())
    }

    /// Takes a visit as it is now.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_visit(
        &mut self, source_id: &str, person: PersonId, visited_on: NaiveDate, seen: bool, alone: bool,
    ) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO visits (source_id, person_id, visited_on, seen, alone) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (source_id) DO UPDATE SET visited_on = excluded.visited_on, seen = excluded.seen, \
             alone = excluded.alone";
        execute!(self, KEEP, source_id, person.uuid(), visited_on, seen, alone)?;
        Ok(())
    }
}
