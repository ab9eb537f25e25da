//! What was given out: what, of which family, by whom, for whom, why they may, from where.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::status::Output;
use domain::{FamilyId, PersonId, TeamId, WorkerId};
use uuid::Uuid;

/// One output of one family. What holds several families, as minutes do, is one row for each of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenOut {
    /// When.
    pub at: DateTime<Utc>,
    /// Who made it; for a delivery who signed the record.
    pub worker_id: WorkerId,
    /// In whose place, where somebody acts for somebody else.
    pub on_behalf_of: Option<Uuid>,
    /// For whom: a name, a role, a system.
    pub made_for: String,
    /// Which family is in it.
    pub family_id: FamilyId,
    /// Which meeting's, where it is one meeting's.
    pub meeting_id: Option<Uuid>,
    /// Which record, where it is one record's.
    pub record_id: Option<Uuid>,
    /// What it is.
    pub what: Output,
    /// "page", "pdf", "docx", "html", "md", "json", "zip"; empty where Caseround made no document.
    pub format: String,
    /// Which right allowed it, in words.
    pub allowed_by: String,
    /// Who answered yes to its questions; empty where there were none.
    pub approved_by: String,
    /// The address it was asked for from; empty for what the program does by itself.
    pub address: String,
}

row!(GivenOut {
    at,
    worker_id,
    on_behalf_of,
    made_for,
    family_id,
    meeting_id,
    record_id,
    what,
    format,
    allowed_by,
    approved_by,
    address,
});

/// A question for whole rows.
macro_rules! read {
    ($rest:literal) => {
        concat!(
            "SELECT g.at, g.worker_id, g.on_behalf_of, g.made_for, g.family_id, g.meeting_id, g.record_id, g.what, ",
            "g.format, g.allowed_by, g.approved_by, g.address FROM given_out g ",
            $rest
        )
    };
}

impl Store {
    /// The latest that was given out of a team's families, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn given_of_team(&self, team: TeamId, limit: i64) -> Result<Vec<GivenOut>, StoreError> {
        const READ: &str =
            read!("JOIN families f ON f.id = g.family_id WHERE f.team_id = $1 ORDER BY g.at DESC, g.id LIMIT $2");
        Ok(fetch_all!(self, GivenOut, READ, team.uuid(), limit)?)
    }

    /// What was given out of the records of the families in a scope, oldest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn given_of_records(&self, scope: Uuid) -> Result<Vec<GivenOut>, StoreError> {
        const READ: &str = read!(
            "JOIN scopes s ON s.family_id = g.family_id WHERE s.scope_id = $1 AND g.record_id IS NOT NULL \
             ORDER BY g.at, g.id"
        );
        Ok(fetch_all!(self, GivenOut, READ, scope)?)
    }
}

impl Tx {
    /// Writes down that something was given out.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_given(&mut self, id: Uuid, given: &GivenOut) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO given_out (id, at, worker_id, on_behalf_of, made_for, family_id, meeting_id, \
             record_id, what, format, allowed_by, approved_by, address) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        execute!(
            self,
            KEEP,
            id,
            given.at,
            given.worker_id.uuid(),
            given.on_behalf_of,
            given.made_for.as_str(),
            given.family_id.uuid(),
            given.meeting_id,
            given.record_id,
            given.what.word(),
            given.format.as_str(),
            given.allowed_by.as_str(),
            given.approved_by.as_str(),
            given.address.as_str(),
        )?;
        Ok(())
    }

    /// Takes out of what was given out of a child's records for whom it was: those are words about this child.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn forget_given_for(&mut self, child: PersonId) -> Result<(), StoreError> {
        const FORGET: &str = "UPDATE given_out SET made_for = '' WHERE what = 'sent' AND record_id IN \
             (SELECT record_id FROM seals WHERE child_id = $1)";
        execute!(self, FORGET, child.uuid())?;
        Ok(())
    }
}
