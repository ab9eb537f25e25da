//! How workers sign in.

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
}
