//! Signed-in browsers.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::WorkerId;
use uuid::Uuid;

/// Somebody's signed-in browser.
#[derive(Debug, Clone)]
pub struct Session {
    /// What it is called; not what it is held by.
    pub id: Uuid,
    /// Who.
    pub worker_id: WorkerId,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub seen_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// The browser in words.
    pub browser: String,
    /// From where it was begun: a network address.
    pub address: String,
}

row!(Session { id, worker_id, created_at, seen_at, expires_at, browser, address });

impl Store {
    /// A session by the hash of its token.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn session(&self, token_hash: &[u8]) -> Result<Option<Session>, StoreError> {
        const READ: &str = "SELECT id, worker_id, created_at, seen_at, expires_at, browser, address FROM sessions \
             WHERE token_hash = $1";
        Ok(fetch_optional!(self, Session, READ, token_hash)?)
    }

    /// Where somebody is signed in, last used first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn sessions_of(&self, worker: WorkerId) -> Result<Vec<Session>, StoreError> {
        const READ: &str = "SELECT id, worker_id, created_at, seen_at, expires_at, browser, address FROM sessions \
             WHERE worker_id = $1 ORDER BY seen_at DESC, id";
        Ok(fetch_all!(self, Session, READ, worker.uuid())?)
    }
}

impl Tx {
    /// Begins a session, where the account has not ended meanwhile and the password is still the one that was checked;
    /// `false` otherwise.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn begin_session(
        &mut self, token_hash: &[u8], session: &Session, password_hash: &str,
    ) -> Result<bool, StoreError> {
        const BEGIN: &str = "INSERT INTO sessions (token_hash, id, browser, address, worker_id, created_at, seen_at, expires_at) \
             SELECT $1, $2, $3, $4, a.worker_id, $5, $6, $7 FROM accounts a \
             WHERE a.worker_id = $8 AND a.ended_at IS NULL AND a.password_hash = $9";
        let Session { id, worker_id, created_at, seen_at, expires_at, browser, address } = session;
        let (browser, address) = (browser.as_str(), address.as_str());
        let (worker, hash) = (worker_id.uuid(), password_hash);
        let begun =
            execute!(self, BEGIN, token_hash, id, browser, address, created_at, seen_at, expires_at, worker, hash)?;
        Ok(begun == 1)
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

    /// Ends one of somebody's sessions by what it is called; whether there was one.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn end_session_of(&mut self, worker: WorkerId, id: Uuid) -> Result<bool, StoreError> {
        Ok(execute!(self, "DELETE FROM sessions WHERE worker_id = $1 AND id = $2", worker.uuid(), id)? == 1)
    }

    /// Ends all sessions of somebody but the one held by `kept`.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn end_sessions_of(&mut self, worker: WorkerId, kept: &[u8]) -> Result<(), StoreError> {
        execute!(self, "DELETE FROM sessions WHERE worker_id = $1 AND token_hash <> $2", worker.uuid(), kept)?;
        Ok(())
    }
}
