//! How workers sign in: accounts, links to choose a password, and what was done with them.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::WorkerId;
use domain::status::AccountAct;
use uuid::Uuid;

/// How a worker signs in.
#[derive(Debug, Clone)]
pub struct Account {
    /// Who.
    pub worker_id: WorkerId,
    /// Lower-case e-mail address.
    pub email: String,
    /// argon2id, PHC string; empty until a password is chosen.
    pub password_hash: String,
    /// Present for a guest: what is hashed is a one-time code, which works once until then.
    pub code_until: Option<DateTime<Utc>>,
    /// Since when nobody signs in with it.
    pub ended_at: Option<DateTime<Utc>>,
}

row!(Account { worker_id, email, password_hash, code_until, ended_at });

impl Account {
    /// The account of a worker as it is given: nothing is chosen to sign in with yet.
    #[must_use]
    pub const fn given(worker_id: WorkerId, email: String) -> Self {
        Self { worker_id, email, password_hash: String::new(), code_until: None, ended_at: None }
    }

    /// Whether somebody can sign in with what is hashed here.
    #[must_use]
    pub fn opens(&self, now: DateTime<Utc>) -> bool {
        let in_time = self.code_until.is_none_or(|until| now < until);
        self.ended_at.is_none() && !self.password_hash.is_empty() && in_time
    }
}

/// A link to choose a password.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Whose account.
    pub worker_id: WorkerId,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

row!(Invitation { worker_id, expires_at });

/// One thing that was done with an account.
#[derive(Debug, Clone)]
pub struct AccountNote {
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it; absent for a technician's command.
    pub by_worker: Option<Uuid>,
    /// Whose account.
    pub worker_id: WorkerId,
    /// What.
    pub what: AccountAct,
    /// From where: a network address.
    pub address: String,
}

row!(AccountNote { at, by_worker, worker_id, what, address });

impl Store {
    /// An account by its address.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn account(&self, email: &str) -> Result<Option<Account>, StoreError> {
        const READ: &str =
            "SELECT worker_id, email, password_hash, code_until, ended_at FROM accounts WHERE email = $1";
        Ok(fetch_optional!(self, Account, READ, email)?)
    }

    /// A worker's account.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn account_of(&self, worker: WorkerId) -> Result<Option<Account>, StoreError> {
        const READ: &str =
            "SELECT worker_id, email, password_hash, code_until, ended_at FROM accounts WHERE worker_id = $1";
        Ok(fetch_optional!(self, Account, READ, worker.uuid())?)
    }

    /// Every account's worker and address.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn addresses(&self) -> Result<Vec<(Uuid, String)>, StoreError> {
        Ok(fetch_all!(self, (Uuid, String), "SELECT worker_id, email FROM accounts")?)
    }

    /// A link by the hash of its code.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn invitation(&self, code_hash: &[u8]) -> Result<Option<Invitation>, StoreError> {
        const READ: &str = "SELECT worker_id, expires_at FROM invitations WHERE code_hash = $1";
        Ok(fetch_optional!(self, Invitation, READ, code_hash)?)
    }

    /// What was done with a worker's account, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn account_notes(&self, worker: WorkerId) -> Result<Vec<AccountNote>, StoreError> {
        const READ: &str = "SELECT at, by_worker, worker_id, what, address FROM account_acts \
             WHERE worker_id = $1 ORDER BY at DESC, id DESC";
        Ok(fetch_all!(self, AccountNote, READ, worker.uuid())?)
    }

    /// With whose accounts one thing was done since a time, newest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn account_notes_since(
        &self, what: AccountAct, since: DateTime<Utc>,
    ) -> Result<Vec<AccountNote>, StoreError> {
        const READ: &str = "SELECT at, by_worker, worker_id, what, address FROM account_acts \
             WHERE what = $1 AND at >= $2 ORDER BY at DESC, id DESC";
        Ok(fetch_all!(self, AccountNote, READ, what.word(), since)?)
    }
}

impl Tx {
    /// Gives a worker an account, or keeps what changed of it.
    ///
    /// # Errors
    /// Where the address belongs to somebody else or the database does not answer.
    pub async fn keep_account(&mut self, account: &Account, at: DateTime<Utc>) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO accounts (worker_id, email, password_hash, code_until, created_at, ended_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (worker_id) DO UPDATE SET email = excluded.email, \
             password_hash = excluded.password_hash, code_until = excluded.code_until, ended_at = excluded.ended_at";
        let (email, hash) = (account.email.as_str(), account.password_hash.as_str());
        execute!(self, KEEP, account.worker_id.uuid(), email, hash, account.code_until, at, account.ended_at)?;
        Ok(())
    }

    /// Another password of an account, where it has not ended and its password has not changed since it was read; `false`
    /// otherwise.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn set_password(&mut self, read: &Account, password_hash: &str) -> Result<bool, StoreError> {
        const SET: &str = "UPDATE accounts SET password_hash = $2, code_until = NULL \
             WHERE worker_id = $1 AND ended_at IS NULL AND password_hash = $3";
        let before = read.password_hash.as_str();
        Ok(execute!(self, SET, read.worker_id.uuid(), password_hash, before)? == 1)
    }

    /// Spends the one-time code of a guest's account; `false` where it was spent or replaced since it was read.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn spend_code(&mut self, read: &Account) -> Result<bool, StoreError> {
        const SPEND: &str = "UPDATE accounts SET password_hash = '', code_until = NULL \
             WHERE worker_id = $1 AND ended_at IS NULL AND password_hash = $2 AND code_until IS NOT NULL";
        Ok(execute!(self, SPEND, read.worker_id.uuid(), read.password_hash.as_str())? == 1)
    }

    /// Another one-time code of a guest's account, where it has not ended; `false` otherwise.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn set_code(&mut self, worker: WorkerId, hash: &str, until: DateTime<Utc>) -> Result<bool, StoreError> {
        const SET: &str = "UPDATE accounts SET password_hash = $2, code_until = $3 \
             WHERE worker_id = $1 AND ended_at IS NULL";
        Ok(execute!(self, SET, worker.uuid(), hash, until)? == 1)
    }

    /// Ends the one-time code of a guest's account.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn end_code(&mut self, worker: WorkerId) -> Result<(), StoreError> {
        const END: &str = "UPDATE accounts SET password_hash = '', code_until = NULL \
             WHERE worker_id = $1 AND code_until IS NOT NULL";
        execute!(self, END, worker.uuid())?;
        Ok(())
    }

    /// Ends an account: whether it was open.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn end_account(&mut self, worker: WorkerId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        const END: &str = "UPDATE accounts SET ended_at = $2 WHERE worker_id = $1 AND ended_at IS NULL";
        Ok(execute!(self, END, worker.uuid(), at)? == 1)
    }

    /// Opens an account that has ended: whether it had.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn reopen_account(&mut self, worker: WorkerId) -> Result<bool, StoreError> {
        const REOPEN: &str = "UPDATE accounts SET ended_at = NULL WHERE worker_id = $1 AND ended_at IS NOT NULL";
        Ok(execute!(self, REOPEN, worker.uuid())? == 1)
    }

    /// Another address of an account: whether there is one.
    ///
    /// # Errors
    /// Where the address belongs to somebody else or the database does not answer.
    pub async fn set_address(&mut self, worker: WorkerId, email: &str) -> Result<bool, StoreError> {
        Ok(execute!(self, "UPDATE accounts SET email = $2 WHERE worker_id = $1", worker.uuid(), email)? == 1)
    }

    /// Makes a link to choose a password; earlier ones of the same account work no more.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn invite(
        &mut self, code_hash: &[u8], invitation: &Invitation, at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        const MAKE: &str =
            "INSERT INTO invitations (code_hash, worker_id, made_at, expires_at) VALUES ($1, $2, $3, $4)";
        self.end_invitations(invitation.worker_id).await?;
        execute!(self, MAKE, code_hash, invitation.worker_id.uuid(), at, invitation.expires_at)?;
        Ok(())
    }

    /// Spends a link: `false` where it works no more.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn spend_invitation(&mut self, code_hash: &[u8], at: DateTime<Utc>) -> Result<bool, StoreError> {
        const SPEND: &str = "DELETE FROM invitations WHERE code_hash = $1 AND expires_at > $2";
        Ok(execute!(self, SPEND, code_hash, at)? == 1)
    }

    /// Ends all links of an account.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn end_invitations(&mut self, worker: WorkerId) -> Result<(), StoreError> {
        execute!(self, "DELETE FROM invitations WHERE worker_id = $1", worker.uuid())?;
        Ok(())
    }

    /// Notes what was done with an account.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn note_account(&mut self, id: Uuid, note: &AccountNote) -> Result<(), StoreError> {
        const NOTE: &str = "INSERT INTO account_acts (id, at, by_worker, worker_id, what, address) \
             VALUES ($1, $2, $3, $4, $5, $6)";
        let (what, address) = (note.what.word(), note.address.as_str());
        execute!(self, NOTE, id, note.at, note.by_worker, note.worker_id.uuid(), what, address)?;
        Ok(())
    }
}
