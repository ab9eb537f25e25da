//! Tries to sign in, counted by key: one account from one network, one account, one network.

use crate::{Store, StoreError, Tx};
use chrono::{DateTime, Utc};

/// What became of counting a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// It counts as this many without a right password.
    Counted(u32),
    /// The key has to wait until then.
    Waits(DateTime<Utc>),
}

impl Store {
    /// When somebody last signed in under a key.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn signed_in_at(&self, key: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        const READ: &str = "SELECT signed_in_at FROM sign_in_tries WHERE key = $1";
        Ok(fetch_optional!(self, (Option<DateTime<Utc>>,), READ, key)?.and_then(|(at,)| at))
    }
}

impl Tx {
    /// Counts a try under `key`, unless the key has to wait. Where its last wait ended before `forgotten`, counting begins
    /// anew. Two tries at once count one after the other: the row is held until this transaction ends.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn count_try(
        &mut self, key: &str, now: DateTime<Utc>, forgotten: DateTime<Utc>,
    ) -> Result<Try, StoreError> {
        const FIRST: &str =
            "INSERT INTO sign_in_tries (key, tries, until) VALUES ($1, 0, $2) ON CONFLICT (key) DO NOTHING";
        const COUNT: &str = "UPDATE sign_in_tries SET tries = CASE WHEN until < $3 THEN 1 ELSE tries + 1 END \
             WHERE key = $1 AND until <= $2 RETURNING tries";
        const UNTIL: &str = "SELECT until FROM sign_in_tries WHERE key = $1";
        execute!(self, FIRST, key, now)?;
        if let Some((tries,)) = fetch_in!(self, (i64,), COUNT, key, now, forgotten)? {
            return Ok(Try::Counted(u32::try_from(tries).unwrap_or(u32::MAX)));
        }
        let until = fetch_in!(self, (DateTime<Utc>,), UNTIL, key)?;
        Ok(Try::Waits(until.map_or(now, |(until,)| until)))
    }

    /// The next try under `key` waits until then.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn wait_for_try(&mut self, key: &str, until: DateTime<Utc>) -> Result<(), StoreError> {
        execute!(self, "UPDATE sign_in_tries SET until = $1 WHERE key = $2", until, key)?;
        Ok(())
    }

    /// The password was right: all tries under `key` are forgotten.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn forget_tries(&mut self, key: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        const FORGET: &str = "UPDATE sign_in_tries SET tries = 0, until = $1, signed_in_at = $1 WHERE key = $2";
        execute!(self, FORGET, now, key)?;
        Ok(())
    }

    /// The password was right: this one try does not count under `key`; others' do.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn take_try_back(&mut self, key: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        const BACK: &str = "UPDATE sign_in_tries SET until = $1, tries = CASE WHEN tries > 0 THEN tries - 1 ELSE 0 END \
             WHERE key = $2";
        execute!(self, BACK, now, key)?;
        Ok(())
    }

    /// Drops what counts no more: waits that ended before `ended`, and networks last signed in from before `signed_in`.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn drop_old_tries(&mut self, ended: DateTime<Utc>, signed_in: DateTime<Utc>) -> Result<(), StoreError> {
        const DROP: &str = "DELETE FROM sign_in_tries WHERE until < $1 AND (signed_in_at IS NULL OR signed_in_at < $2)";
        execute!(self, DROP, ended, signed_in)?;
        Ok(())
    }
}
