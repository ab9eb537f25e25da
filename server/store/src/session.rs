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
    /// The identity provider at which it was begun; absent where a password began it.
    pub issuer: Option<String>,
    /// What the session there is called.
    pub provider_session: Option<String>,
    /// When its person last showed who they are, by their password or at the provider; absent where a provider did not say when.
    pub confirmed_at: Option<DateTime<Utc>>,
}

row!(Session {
    id,
    worker_id,
    created_at,
    seen_at,
    expires_at,
    browser,
    address,
    issuer,
    provider_session,
    confirmed_at
});

impl Store {
    /// A session by the hash of its token.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn session(&self, token_hash: &[u8]) -> Result<Option<Session>, StoreError> {
        const READ: &str = "SELECT id, worker_id, created_at, seen_at, expires_at, browser, address, issuer, \
             provider_session, confirmed_at FROM sessions \
             WHERE token_hash = $1";
        Ok(fetch_optional!(self, Session, READ, token_hash)?)
    }

    /// Where somebody is signed in, last used first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn sessions_of(&self, worker: WorkerId) -> Result<Vec<Session>, StoreError> {
        const READ: &str = "SELECT id, worker_id, created_at, seen_at, expires_at, browser, address, issuer, \
             provider_session, confirmed_at FROM sessions \
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
        const BEGIN: &str = "INSERT INTO sessions (token_hash, id, browser, address, worker_id, created_at, seen_at, \
             expires_at, confirmed_at) \
             SELECT $1, $2, $3, $4, a.worker_id, $5, $6, $7, $8 FROM accounts a \
             WHERE a.worker_id = $9 AND a.ended_at IS NULL AND a.password_hash = $10";
        let begun = execute!(
            self,
            BEGIN,
            token_hash,
            session.id,
            session.browser.as_str(),
            session.address.as_str(),
            session.created_at,
            session.seen_at,
            session.expires_at,
            session.confirmed_at,
            session.worker_id.uuid(),
            password_hash,
        )?;
        Ok(begun == 1)
    }

    /// Begins a session of whoever signed in at the session's issuer as `subject`, where that is still theirs and the account has
    /// not ended meanwhile; `false` otherwise.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn begin_session_at_provider(
        &mut self, token_hash: &[u8], session: &Session, subject: &str,
    ) -> Result<bool, StoreError> {
        const BEGIN: &str = "INSERT INTO sessions (token_hash, id, browser, address, worker_id, created_at, seen_at, \
             expires_at, issuer, provider_session, confirmed_at) \
             SELECT $1, $2, $3, $4, a.worker_id, $5, $6, $7, i.issuer, $8, $9 FROM accounts a \
             JOIN identities i ON i.worker_id = a.worker_id \
             WHERE a.worker_id = $10 AND a.ended_at IS NULL AND i.issuer = $11 AND i.subject = $12";
        let begun = execute!(
            self,
            BEGIN,
            token_hash,
            session.id,
            session.browser.as_str(),
            session.address.as_str(),
            session.created_at,
            session.seen_at,
            session.expires_at,
            session.provider_session.as_deref(),
            session.confirmed_at,
            session.worker_id.uuid(),
            session.issuer.as_deref(),
            subject,
        )?;
        Ok(begun == 1)
    }

    /// Ends somebody's sessions that were begun at a provider: the one called `session` there, or all of them.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn end_sessions_at_provider(
        &mut self, worker: WorkerId, issuer: &str, session: Option<&str>,
    ) -> Result<u64, StoreError> {
        const END: &str = "DELETE FROM sessions WHERE worker_id = $1 AND issuer = $2 \
             AND (CAST($3 AS TEXT) IS NULL OR provider_session IS NULL OR provider_session = $3)";
        Ok(execute!(self, END, worker.uuid(), issuer, session)?)
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn touch_session(&mut self, token_hash: &[u8], at: DateTime<Utc>) -> Result<(), StoreError> {
        execute!(self, "UPDATE sessions SET seen_at = $1 WHERE token_hash = $2", at, token_hash)?;
        Ok(())
    }

    /// Notes that the person of a session has shown who they are.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn confirm_session(&mut self, token_hash: &[u8], at: DateTime<Utc>) -> Result<(), StoreError> {
        execute!(self, "UPDATE sessions SET confirmed_at = $1 WHERE token_hash = $2", at, token_hash)?;
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
