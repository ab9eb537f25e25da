//! Signed-in browsers.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::WorkerId;

/// Somebody's signed-in browser.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who.
    pub worker_id: WorkerId,
    /// When it was last used.
    pub seen_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
}

row!(Session { worker_id, seen_at, expires_at });

impl Store {
    /// A session by the hash of its token.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn session(&self, token_hash: &[u8]) -> Result<Option<Session>, StoreError> {
        const READ: &str = "SELECT worker_id, seen_at, expires_at FROM sessions WHERE token_hash = $1";
        Ok(fetch_optional!(self, Session, READ, token_hash)?)
    }
}

impl Tx {
    /// Begins a session.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn begin_session(&mut self, token_hash: &[u8], session: &Session) -> Result<(), StoreError> {
        const BEGIN: &str = "INSERT INTO sessions (token_hash, worker_id, created_at, seen_at, expires_at) \
             VALUES ($1, $2, $3, $3, $4)";
        execute!(self, BEGIN, token_hash, session.worker_id.uuid(), session.seen_at, session.expires_at)?;
        Ok(())
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn touch_session(&mut self, token_hash: &[u8], at: DateTime<Utc>) -> Result<(), StoreError> {
        execute!(self, "UPDATE sessions SET seen_at = $1 WHERE token_hash = $2", at, token_hash)?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn end_session(&mut self, token_hash: &[u8]) -> Result<(), StoreError> {
        execute!(self, "DELETE FROM sessions WHERE token_hash = $1", token_hash)?;
        Ok(())
    }
}
