//! Seals: signed versions of records, chained by child. Only added to.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::{FamilyId, MeetingId, PersonId, RecordId};

/// One signed version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Whose chain.
    pub child_id: PersonId,
    /// Place in it, from 1.
    pub number: i64,
    /// Which record.
    pub record_id: RecordId,
    /// Which version of it, from 1.
    pub version: i64,
    /// Which family.
    pub family_id: FamilyId,
    /// Which meeting.
    pub meeting_id: MeetingId,
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
    /// Canonical JSON; empty once retention has destroyed it.
    pub body: String,
    /// SHA-256 of the body, in hex.
    pub hash: String,
    /// The hash before it in the chain; empty for the first.
    pub before: String,
    /// The code of the tombstone, where retention has destroyed the body.
    pub tombstone: Option<String>,
}

row!(Seal { child_id, number, record_id, version, family_id, meeting_id, signed_at, body, hash, before, tombstone });

/// Where a child's chain ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Whose chain.
    pub child_id: PersonId,
    /// The last place.
    pub number: i64,
    /// The hash there.
    pub hash: String,
    /// HMAC-SHA-256 of child, number and hash under the seal key, in hex.
    pub code: String,
}

row!(Head { child_id, number, hash, code });

impl Store {
    /// The next seals of all chains after a place, by child and number.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn seals_after(&self, child: PersonId, number: i64, limit: i64) -> Result<Vec<Seal>, StoreError> {
        const READ: &str = "SELECT s.child_id, s.number, s.record_id, s.version, s.family_id, s.meeting_id, s.signed_at, \
             s.body, s.hash, s.before, t.code AS tombstone FROM seals s LEFT JOIN tombstones t \
             ON t.child_id = s.child_id AND t.number = s.number \
             WHERE s.child_id = $1 AND s.number > $2 OR s.child_id > $1 ORDER BY s.child_id, s.number LIMIT $3";
        Ok(fetch_all!(self, Seal, READ, child.uuid(), number, limit)?)
    }

    /// One signed version of a record.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn seal(&self, record: RecordId, version: i64) -> Result<Option<Seal>, StoreError> {
        const READ: &str = "SELECT child_id, number, record_id, version, family_id, meeting_id, signed_at, body, hash, \
             before, NULL AS tombstone FROM seals WHERE record_id = $1 AND version = $2";
        Ok(fetch_optional!(self, Seal, READ, record.uuid(), version)?)
    }

    /// Where a child's chain ends; `None` where nothing is signed.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn head(&self, child: PersonId) -> Result<Option<Head>, StoreError> {
        const READ: &str = "SELECT child_id, number, hash, code FROM heads WHERE child_id = $1";
        Ok(fetch_optional!(self, Head, READ, child.uuid())?)
    }

    /// The heads of the children after one, by child.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn heads_after(&self, child: PersonId, limit: i64) -> Result<Vec<Head>, StoreError> {
        const READ: &str =
            "SELECT child_id, number, hash, code FROM heads WHERE child_id > $1 ORDER BY child_id LIMIT $2";
        Ok(fetch_all!(self, Head, READ, child.uuid(), limit)?)
    }

    /// Whether a hash stands anywhere among the seals.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn sealed(&self, hash: &str) -> Result<bool, StoreError> {
        let row = fetch_optional!(self, (i64,), "SELECT number FROM seals WHERE hash = $1", hash)?;
        Ok(row.is_some())
    }
}

impl Tx {
    /// Adds a seal and moves its chain's head; `false` where another process was first, and the transaction must be
    /// given up.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_seal(&mut self, seal: &Seal, code: &str) -> Result<bool, StoreError> {
        const KEEP: &str = "INSERT INTO seals (child_id, number, record_id, version, family_id, meeting_id, signed_at, \
             body, hash, before) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
        const MOVE: &str = "INSERT INTO heads (child_id, number, hash, code) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (child_id) DO UPDATE SET number = excluded.number, hash = excluded.hash, code = excluded.code \
             WHERE heads.number = excluded.number - 1";
        let (child, record) = (seal.child_id.uuid(), seal.record_id.uuid());
        let (family, meeting) = (seal.family_id.uuid(), seal.meeting_id.uuid());
        let (body, hash, before) = (seal.body.as_str(), seal.hash.as_str(), seal.before.as_str());
        let kept = execute!(
            self,
            KEEP,
            child,
            seal.number,
            record,
            seal.version,
            family,
            meeting,
            seal.signed_at,
            body,
            hash,
            before
        )?;
        if kept != 1 {
            return Ok(false);
        }
        Ok(execute!(self, MOVE, child, seal.number, hash, code)? == 1)
    }

    /// Puts another code to a chain's head.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn reseal_head(&mut self, child: PersonId, code: &str) -> Result<(), StoreError> {
        execute!(self, "UPDATE heads SET code = $1 WHERE child_id = $2", code, child.uuid())?;
        Ok(())
    }

    /// Puts another code to a tombstone.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn reseal_tombstone(&mut self, child: PersonId, number: i64, code: &str) -> Result<(), StoreError> {
        const RESEAL: &str = "UPDATE tombstones SET code = $1 WHERE child_id = $2 AND number = $3";
        execute!(self, RESEAL, code, child.uuid(), number)?;
        Ok(())
    }
}
