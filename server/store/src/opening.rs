//! Families opened for an hour, with a reason.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::status::OpeningKind;
use domain::{FamilyId, OpeningId, WorkerId};
use uuid::Uuid;

/// One opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Its identifier.
    pub id: OpeningId,
    /// Which family.
    pub family_id: FamilyId,
    /// Who opened it.
    pub worker_id: WorkerId,
    /// As what.
    pub kind: OpeningKind,
    /// Why, in their words.
    pub reason: String,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// Until when it is open.
    pub until: DateTime<Utc>,
    /// Who reviewed it.
    pub reviewed_by: Option<Uuid>,
    /// When.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// What they found; empty until then.
    pub review: String,
}

row!(Opening { id, family_id, worker_id, kind, reason, opened_at, until, reviewed_by, reviewed_at, review });

/// A question for whole openings.
macro_rules! read {
    ($rest:literal) => {
        concat!(
            "SELECT o.id, o.family_id, o.worker_id, o.kind, o.reason, o.opened_at, o.until, o.reviewed_by, o.reviewed_at, ",
            "o.review FROM openings o ",
            $rest
        )
    };
}

impl Store {
    /// What a worker has open at a time.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn open_now(
        &self, worker: WorkerId, family: FamilyId, now: DateTime<Utc>,
    ) -> Result<Option<Opening>, StoreError> {
        const READ: &str =
            read!("WHERE o.worker_id = $1 AND o.family_id = $2 AND o.until > $3 ORDER BY o.opened_at DESC LIMIT 1");
        Ok(fetch_optional!(self, Opening, READ, worker.uuid(), family.uuid(), now)?)
    }

    /// The openings of a family since a time that those on it are told of, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn openings_of_family(&self, family: FamilyId, since: DateTime<Utc>) -> Result<Vec<Opening>, StoreError> {
        const READ: &str = read!(
            "WHERE o.family_id = $1 AND o.opened_at >= $2 AND o.kind <> 'confidential' ORDER BY o.opened_at DESC, o.id"
        );
        Ok(fetch_all!(self, Opening, READ, family.uuid(), since)?)
    }

    /// The openings of a scope's families between two times, newest first, and those in an emergency that nobody has
    /// reviewed, however old. Of confidential ones nobody is told here.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn openings(
        &self, scope: Uuid, (from, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Vec<Opening>, StoreError> {
        const READ: &str = read!(
            "JOIN scopes s ON s.family_id = o.family_id WHERE s.scope_id = $1 \
             AND o.kind <> 'confidential' AND ((o.opened_at >= $2 AND o.opened_at < $3) OR (o.kind = 'emergency' AND o.reviewed_at IS NULL)) \
             ORDER BY o.opened_at DESC, o.id"
        );
        Ok(fetch_all!(self, Opening, READ, scope, from, until)?)
    }

    /// Whether a worker has had a family open confidentially since a time.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn opened_confidentially(
        &self, worker: WorkerId, family: FamilyId, since: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        const READ: &str =
            read!("WHERE o.worker_id = $1 AND o.family_id = $2 AND o.kind = 'confidential' AND o.until > $3 LIMIT 1");
        let found = fetch_optional!(self, Opening, READ, worker.uuid(), family.uuid(), since)?;
        Ok(found.is_some())
    }

    /// One opening.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn opening(&self, id: OpeningId) -> Result<Option<Opening>, StoreError> {
        Ok(fetch_optional!(self, Opening, read!("WHERE o.id = $1"), id.uuid())?)
    }
}

impl Tx {
    /// Opens a family.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn open_family(&mut self, opening: &Opening) -> Result<(), StoreError> {
        const OPEN: &str = "INSERT INTO openings (id, family_id, worker_id, kind, reason, opened_at, until, review) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        execute!(
            self,
            OPEN,
            opening.id.uuid(),
            opening.family_id.uuid(),
            opening.worker_id.uuid(),
            opening.kind.word(),
            opening.reason.as_str(),
            opening.opened_at,
            opening.until,
            opening.review.as_str(),
        )?;
        Ok(())
    }

    /// Writes what somebody found who reviewed an opening: `false` where somebody has.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn review_opening(
        &mut self, id: OpeningId, by: WorkerId, at: DateTime<Utc>, review: &str,
    ) -> Result<bool, StoreError> {
        const REVIEW: &str = "UPDATE openings SET reviewed_by = $2, reviewed_at = $3, review = $4 \
             WHERE id = $1 AND reviewed_at IS NULL";
        Ok(execute!(self, REVIEW, id.uuid(), by.uuid(), at, review)? == 1)
    }

    /// Ends what a worker has open of a family.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn close_openings(
        &mut self, worker: WorkerId, family: FamilyId, now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        const CLOSE: &str = "UPDATE openings SET until = $3 WHERE worker_id = $1 AND family_id = $2 AND until > $3";
        execute!(self, CLOSE, worker.uuid(), family.uuid(), now)?;
        Ok(())
    }
}
