//! Deliveries: signed versions on their way to the council's systems.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::status::DeliveryState;
use domain::{DeliveryId, FamilyId, PersonId, RecordId, TeamId};

/// One version for one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Its id; targets receive it, so that they can notice a repetition.
    pub id: DeliveryId,
    /// About whom.
    pub child_id: PersonId,
    /// Which record.
    pub record_id: RecordId,
    /// Which version.
    pub version: i64,
    /// The target's name in the settings.
    pub target: String,
    /// Where it is.
    pub state: DeliveryState,
    /// Tries so far.
    pub attempts: i64,
    /// When it is tried next.
    pub next_at: DateTime<Utc>,
    /// What the target said last.
    pub answer: String,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// When its state changed.
    pub changed_at: DateTime<Utc>,
}

row!(DeliveryRow { id, child_id, record_id, version, target, state, attempts, next_at, answer, queued_at, changed_at });

/// A question for whole deliveries.
macro_rules! read {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.child_id, d.record_id, d.version, d.target, d.state, d.attempts, d.next_at, d.answer, ",
            "d.queued_at, d.changed_at FROM deliveries d ",
            $rest
        )
    };
}

impl Store {
    /// Deliveries to one target that are due, longest waiting first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn due_deliveries(
        &self, target: &str, now: DateTime<Utc>, limit: i64,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        const READ: &str =
            read!("WHERE d.target = $1 AND d.state = 'waiting' AND d.next_at <= $2 ORDER BY d.next_at, d.id LIMIT $3");
        Ok(fetch_all!(self, DeliveryRow, READ, target, now, limit)?)
    }

    /// Deliveries in one state.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn deliveries_in(&self, state: DeliveryState) -> Result<Vec<DeliveryRow>, StoreError> {
        const READ: &str = read!("WHERE d.state = $1 ORDER BY d.queued_at, d.id");
        Ok(fetch_all!(self, DeliveryRow, READ, state.word())?)
    }

    /// All deliveries of a family, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn deliveries_of_family(&self, family: FamilyId) -> Result<Vec<DeliveryRow>, StoreError> {
        const READ: &str = read!(
            "JOIN seals l ON l.record_id = d.record_id AND l.version = d.version \
             JOIN scopes s ON s.family_id = l.family_id WHERE s.scope_id = $1 ORDER BY d.queued_at DESC, d.id"
        );
        Ok(fetch_all!(self, DeliveryRow, READ, family.uuid())?)
    }

    /// Deliveries of a team’s families that have not arrived, and the last `limit` of the others, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn recent_deliveries_of_team(&self, team: TeamId, limit: i64) -> Result<Vec<DeliveryRow>, StoreError> {
        const ON_THEIR_WAY: &str = read!(
            "JOIN seals l ON l.record_id = d.record_id AND l.version = d.version \
             JOIN scopes s ON s.family_id = l.family_id WHERE s.scope_id = $1 \
             AND d.state NOT IN ('landed', 'withdrawn') ORDER BY d.queued_at DESC, d.id"
        );
        const OVER: &str = read!(
            "JOIN seals l ON l.record_id = d.record_id AND l.version = d.version \
             JOIN scopes s ON s.family_id = l.family_id WHERE s.scope_id = $1 \
             AND d.state IN ('landed', 'withdrawn') ORDER BY d.queued_at DESC, d.id LIMIT $2"
        );
        let mut rows = fetch_all!(self, DeliveryRow, ON_THEIR_WAY, team.uuid())?;
        rows.extend(fetch_all!(self, DeliveryRow, OVER, team.uuid(), limit)?);
        rows.sort_by_key(|row| (std::cmp::Reverse(row.queued_at), row.id));
        Ok(rows)
    }

    /// The deliveries of one record, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn deliveries_of_record(&self, record: RecordId) -> Result<Vec<DeliveryRow>, StoreError> {
        const READ: &str = read!("WHERE d.record_id = $1 ORDER BY d.queued_at DESC, d.id");
        Ok(fetch_all!(self, DeliveryRow, READ, record.uuid())?)
    }

    /// One delivery.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn delivery(&self, id: DeliveryId) -> Result<Option<DeliveryRow>, StoreError> {
        Ok(fetch_optional!(self, DeliveryRow, read!("WHERE d.id = $1"), id.uuid())?)
    }
}

impl Tx {
    /// Queues a delivery; the same version for the same target once. Earlier versions that have not gone are
    /// withdrawn: the new one replaces them.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn queue_delivery(&mut self, row: &DeliveryRow) -> Result<(), StoreError> {
        const WITHDRAW: &str = "UPDATE deliveries SET state = 'withdrawn', answer = 'replaced by a newer version', \
             changed_at = $1 WHERE record_id = $2 AND target = $3 AND version < $4 AND state IN ('waiting', 'failed')";
        const QUEUE: &str = "INSERT INTO deliveries (id, child_id, record_id, version, target, state, attempts, next_at, \
             answer, queued_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
        let (record, target) = (row.record_id.uuid(), row.target.as_str());
        execute!(self, WITHDRAW, row.queued_at, record, target, row.version)?;
        execute!(
            self,
            QUEUE,
            row.id.uuid(),
            row.child_id.uuid(),
            record,
            row.version,
            target,
            row.state.word(),
            row.attempts,
            row.next_at,
            row.answer.as_str(),
            row.queued_at,
            row.changed_at,
        )?;
        Ok(())
    }

    /// Moves a delivery from one state, after so many tries, to another; `false` where it is not there any more.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn move_delivery(&mut self, row: &DeliveryRow, from: (DeliveryState, i64)) -> Result<bool, StoreError> {
        const MOVE: &str = "UPDATE deliveries SET state = $1, attempts = $2, next_at = $3, answer = $4, changed_at = $5 \
             WHERE id = $6 AND state = $7 AND attempts = $8";
        let moved = execute!(
            self,
            MOVE,
            row.state.word(),
            row.attempts,
            row.next_at,
            row.answer.as_str(),
            row.changed_at,
            row.id.uuid(),
            from.0.word(),
            from.1,
        )?;
        Ok(moved == 1)
    }
}
