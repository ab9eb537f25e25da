//! Accounts, sessions, and slowing down after wrong passwords.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::WorkerId;
use uuid::Uuid;

/// How a worker signs in.
#[derive(Debug, Clone)]
pub struct Account {
    /// Who.
    pub worker_id: WorkerId,
    /// Lower-case e-mail address.
    pub email: String,
    /// argon2id, PHC string.
    pub password_hash: String,
}

row!(Account { worker_id, email, password_hash });

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
    /// An account by its address.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn account(&self, email: &str) -> Result<Option<Account>, StoreError> {
        const READ: &str = "SELECT worker_id, email, password_hash FROM accounts WHERE email = $1";
        Ok(fetch_optional!(self, Account, READ, email)?)
    }

    /// Every account's worker and address, for the demo's list and the workers' page.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn addresses(&self) -> Result<Vec<(Uuid, String)>, StoreError> {
        Ok(fetch_all!(self, (Uuid, String), "SELECT worker_id, email FROM accounts")?)
    }

    /// A session by the hash of its token.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn session(&self, token_hash: &[u8]) -> Result<Option<Session>, StoreError> {
        const READ: &str = "SELECT worker_id, seen_at, expires_at FROM sessions WHERE token_hash = $1";
        Ok(fetch_optional!(self, Session, READ, token_hash)?)
    }

    /// Failures of one account-and-address pair, and until when it waits.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn sign_in_delay(&self, who: &str) -> Result<Option<(i64, DateTime<Utc>)>, StoreError> {
        const READ: &str = "SELECT failures, until FROM sign_in_delays WHERE who = $1";
        Ok(fetch_optional!(self, (i64, DateTime<Utc>), READ, who)?)
    }
}

impl Tx {
    /// Gives a worker an account, or a new address and password.
    ///
    /// # Errors
    /// Where the address belongs to somebody else or the database does not answer.
    pub async fn keep_account(&mut self, account: &Account, at: DateTime<Utc>) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO accounts (worker_id, email, password_hash, created_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (worker_id) \
             DO UPDATE SET email = excluded.email, password_hash = excluded.password_hash";
        let (email, hash) = (account.email.as_str(), account.password_hash.as_str());
        execute!(self, KEEP, account.worker_id.uuid(), email, hash, at)?;
        Ok(())
    }

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

    /// Notes a wrong password, or forgets them all with `failures` 0. Waits that ended a day ago are forgotten.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn delay_sign_in(&mut self, who: &str, failures: i64, until: DateTime<Utc>) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO sign_in_delays (who, failures, until) VALUES ($1, $2, $3) \
             ON CONFLICT (who) DO UPDATE SET failures = excluded.failures, until = excluded.until";
        execute!(self, "DELETE FROM sign_in_delays WHERE until < $1", until - chrono::TimeDelta::days(1))?;
        execute!(self, KEEP, who, failures, until)?;
        Ok(())
    }
}
