//! What the case system tells of children: what happened, and what they need.

use crate::{Store, StoreError, Tx};
use chrono::NaiveDate;
use domain::PersonId;
use domain::case_event::CaseEvent;
use domain::status::CaseEventKind;
use uuid::Uuid;

/// A row of what happened. `outcomes`: one code per line.
#[derive(Debug, Clone, PartialEq)]
struct CaseEventRow {
    child: PersonId,
    kind: CaseEventKind,
    starts: Option<NaiveDate>,
    ends: Option<NaiveDate>,
    due: Option<NaiveDate>,
    about: String,
    come_from: String,
    outcomes: String,
    ended: String,
}

row!(CaseEventRow { child, kind, starts, ends, due, about, come_from, outcomes, ended });

impl Store {
    /// What happened to a scope's people, each once, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn case_events(&self, scope: Uuid) -> Result<Vec<CaseEvent>, StoreError> {
        const READ: &str = "SELECT e.child, e.kind, e.starts, e.ends, e.due, e.about, e.come_from, e.outcomes, e.ended \
             FROM case_events e WHERE e.child IN (SELECT m.person_id FROM scopes s \
             JOIN family_members m ON m.family_id = s.family_id WHERE s.scope_id = $1) \
             ORDER BY COALESCE(e.starts, e.due, e.ends) DESC, e.source_id";
        let rows = fetch_all!(self, CaseEventRow, READ, scope)?;
        Ok(rows.into_iter().map(CaseEventRow::event).collect())
    }

    /// What a scope's people need: the person and the code.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn needs(&self, scope: Uuid) -> Result<Vec<(Uuid, String)>, StoreError> {
        const READ: &str = "SELECT DISTINCT n.person_id, n.code FROM scopes s \
             JOIN family_members m ON m.family_id = s.family_id JOIN needs n ON n.person_id = m.person_id \
             WHERE s.scope_id = $1 ORDER BY n.code";
        Ok(fetch_all!(self, (Uuid, String), READ, scope)?)
    }
}

impl CaseEventRow {
    fn event(self) -> CaseEvent {
        CaseEvent {
            child: self.child,
            kind: self.kind,
            starts: self.starts,
            ends: self.ends,
            due: self.due,
            about: self.about,
            from: self.come_from,
            outcomes: self.outcomes.lines().map(str::to_owned).collect(),
            ended: self.ended,
        }
    }
}

impl Tx {
    /// Takes what happened as it is told now.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_case_event(&mut self, source_id: &str, event: &CaseEvent) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO case_events \
             (source_id, child, kind, starts, ends, due, about, come_from, outcomes, ended) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (source_id) DO UPDATE SET \
             child = excluded.child, starts = excluded.starts, ends = excluded.ends, due = excluded.due, \
             about = excluded.about, come_from = excluded.come_from, outcomes = excluded.outcomes, ended = excluded.ended";
        let (child, kind, outcomes) = (event.child.uuid(), event.kind.word(), event.outcomes.join("\n"));
        let (about, from, ended) = (event.about.as_str(), event.from.as_str(), event.ended.as_str());
        let days = (event.starts, event.ends, event.due);
        execute!(self, KEEP, source_id, child, kind, days.0, days.1, days.2, about, from, outcomes.as_str(), ended)?;
        Ok(())
    }

    /// Takes what a person needs as it is told now.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_need(&mut self, source_id: &str, person: PersonId, code: &str) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO needs (source_id, person_id, code) VALUES ($1, $2, $3) \
             ON CONFLICT (source_id) DO UPDATE SET person_id = excluded.person_id, code = excluded.code";
        execute!(self, KEEP, source_id, person.uuid(), code)?;
        Ok(())
    }
}
