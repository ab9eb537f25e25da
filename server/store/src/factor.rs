//! Second factors, recovery codes, and sign-ins that wait for one of them.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use domain::WorkerId;

/// The second factor of an account.
#[derive(Clone)]
pub struct SecondFactor {
    /// Whose.
    pub worker_id: WorkerId,
    /// 20 random bytes, shared with an app.
    pub secret: Vec<u8>,
    /// Since when a code is asked for; absent until its holder has typed one.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The time step of the last code that was taken.
    pub last_step: i64,
}

row!(SecondFactor { worker_id, secret, confirmed_at, last_step });

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondFactor").field("worker_id", &self.worker_id).finish_non_exhaustive()
    }
}

/// A right password that waits for the second factor.
#[derive(Debug, Clone)]
pub struct HalfSignIn {
    /// Whose.
    pub worker_id: WorkerId,
    /// The hash of the password that was right.
    pub password_hash: String,
    /// Until when it waits.
    pub expires_at: DateTime<Utc>,
}

row!(HalfSignIn { worker_id, password_hash, expires_at });

impl Store {
    /// A worker's second factor.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn second_factor(&self, worker: WorkerId) -> Result<Option<SecondFactor>, StoreError> {
        const READ: &str = "SELECT worker_id, secret, confirmed_at, last_step FROM second_factors WHERE worker_id = $1";
        Ok(fetch_optional!(self, SecondFactor, READ, worker.uuid())?)
    }

    /// How many recovery codes a worker has left.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn recovery_codes(&self, worker: WorkerId) -> Result<usize, StoreError> {
        const READ: &str = "SELECT code_hash FROM recovery_codes WHERE worker_id = $1";
        Ok(fetch_all!(self, (Vec<u8>,), READ, worker.uuid())?.len())
    }

    /// A sign-in that waits, by the hash of its token.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn half_sign_in(&self, token_hash: &[u8]) -> Result<Option<HalfSignIn>, StoreError> {
        const READ: &str = "SELECT worker_id, password_hash, expires_at FROM half_sign_ins WHERE token_hash = $1";
        Ok(fetch_optional!(self, HalfSignIn, READ, token_hash)?)
    }
}

impl Tx {
    /// Keeps a secret that is not confirmed yet, where none is confirmed; `false` where one is.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn offer_factor(&mut self, worker: WorkerId, secret: &[u8]) -> Result<bool, StoreError> {
        const OFFER: &str = "INSERT INTO second_factors (worker_id, secret, last_step) VALUES ($1, $2, 0) \
             ON CONFLICT (worker_id) DO UPDATE SET secret = excluded.secret WHERE second_factors.confirmed_at IS NULL";
        Ok(execute!(self, OFFER, worker.uuid(), secret)? == 1)
    }

    /// Confirms a secret with a code of a time step: `false` where one is confirmed already.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn confirm_factor(&mut self, worker: WorkerId, at: DateTime<Utc>, step: i64) -> Result<bool, StoreError> {
        const CONFIRM: &str = "UPDATE second_factors SET confirmed_at = $2, last_step = $3 \
             WHERE worker_id = $1 AND confirmed_at IS NULL";
        Ok(execute!(self, CONFIRM, worker.uuid(), at, step)? == 1)
    }

    /// Takes a code of a time step: `false` where it, or a later one, was taken before.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn take_code(&mut self, worker: WorkerId, step: i64) -> Result<bool, StoreError> {
        const TAKE: &str = "UPDATE second_factors SET last_step = $2 \
             WHERE worker_id = $1 AND confirmed_at IS NOT NULL AND last_step < $2";
        Ok(execute!(self, TAKE, worker.uuid(), step)? == 1)
    }

    /// Takes a recovery code: `false` where there is none such.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn take_recovery_code(&mut self, worker: WorkerId, code_hash: &[u8]) -> Result<bool, StoreError> {
        const TAKE: &str = "DELETE FROM recovery_codes WHERE worker_id = $1 AND code_hash = $2";
        Ok(execute!(self, TAKE, worker.uuid(), code_hash)? == 1)
    }

    /// Keeps new recovery codes in place of the old ones.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_recovery_codes(&mut self, worker: WorkerId, hashes: &[Vec<u8>]) -> Result<(), StoreError> {
        execute!(self, "DELETE FROM recovery_codes WHERE worker_id = $1", worker.uuid())?;
        for hash in hashes {
            const KEEP: &str = "INSERT INTO recovery_codes (worker_id, code_hash) VALUES ($1, $2)";
            execute!(self, KEEP, worker.uuid(), hash.as_slice())?;
        }
        Ok(())
    }

    /// Removes a worker's second factor with its recovery codes: `false` where there is none.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn remove_factor(&mut self, worker: WorkerId) -> Result<bool, StoreError> {
        execute!(self, "DELETE FROM recovery_codes WHERE worker_id = $1", worker.uuid())?;
        Ok(execute!(self, "DELETE FROM second_factors WHERE worker_id = $1", worker.uuid())? == 1)
    }

    /// Notes a right password that waits for the second factor; those whose time is over go.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn begin_half(
        &mut self, token_hash: &[u8], half: &HalfSignIn, now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        const BEGIN: &str = "INSERT INTO half_sign_ins (token_hash, worker_id, password_hash, expires_at) \
             VALUES ($1, $2, $3, $4)";
        execute!(self, "DELETE FROM half_sign_ins WHERE expires_at < $1", now)?;
        execute!(self, BEGIN, token_hash, half.worker_id.uuid(), half.password_hash.as_str(), half.expires_at)?;
        Ok(())
    }

    /// Counts a wrong code; with the last of `allowed` the sign-in waits no more.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn count_code(&mut self, token_hash: &[u8], allowed: i64) -> Result<(), StoreError> {
        execute!(self, "UPDATE half_sign_ins SET tries = tries + 1 WHERE token_hash = $1", token_hash)?;
        execute!(self, "DELETE FROM half_sign_ins WHERE token_hash = $1 AND tries >= $2", token_hash, allowed)?;
        Ok(())
    }

    /// Ends a sign-in that waits: `false` where there is none.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn end_half(&mut self, token_hash: &[u8]) -> Result<bool, StoreError> {
        Ok(execute!(self, "DELETE FROM half_sign_ins WHERE token_hash = $1", token_hash)? == 1)
    }
}
