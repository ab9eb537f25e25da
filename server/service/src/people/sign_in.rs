//! Signing in. Nobody is locked out; wrong passwords make the next try wait.

use super::account::{LONGEST_ADDRESS, written_address};
use super::guest::code_as_made;
use super::session::Caller;
use crate::security::{How, SecurityEvent, tell};
use crate::{Service, ServiceError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::WorkerId;
use domain::sign_in::{CountedFor, FORGOTTEN, OWN_NETWORK, network};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Mutex;
use store::Tx;
use store::sign_in::Try;

/// Two presses at once are counted in any order: a wait that ends this soon has ended.
const AT_ONCE: TimeDelta = TimeDelta::milliseconds(500);
/// Waits remembered at most.
const REMEMBERED: usize = 10_000;

/// Until when tries wait, as far as this process knows: whoever goes on guessing costs no write.
#[derive(Debug, Default)]
pub(crate) struct Waits(Mutex<HashMap<String, DateTime<Utc>>>);

impl Waits {
    fn longest(&self, keys: &[(CountedFor, String)], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let waits = self.0.lock().expect("no panic holds it");
        keys.iter().filter_map(|(_, key)| waits.get(key).copied()).filter(|until| *until > now).max()
    }

    fn note(&self, key: &str, until: DateTime<Utc>) {
        let mut waits = self.0.lock().expect("no panic holds it");
        if waits.len() >= REMEMBERED {
            waits.clear();
        }
        waits.insert(key.to_owned(), until);
    }

    fn forget(&self, keys: &[(CountedFor, String)]) {
        let mut waits = self.0.lock().expect("no panic holds it");
        for (_, key) in keys {
            waits.remove(key);
        }
    }
}

/// What a right password leads to. Tokens are 64 hex digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// A session.
    Done(String),
    /// A code of the second factor is asked for.
    NeedsCode(String),
    /// The council asks for a second factor, and it is to be set up first.
    NeedsSetUp(String),
}

impl SignIn {
    /// The session's token; `None` where a second factor is asked for.
    #[must_use]
    pub fn token(self) -> Option<String> {
        match self {
            Self::Done(token) => Some(token),
            Self::NeedsCode(_) | Self::NeedsSetUp(_) => None,
        }
    }
}

impl Service {
    /// Signs in, or asks for the second factor.
    ///
    /// # Errors
    /// [`ServiceError::SignIn`] with a message that does not tell whether the account exists.
    pub async fn sign_in(
        &self, email: &str, password: &str, caller: impl Into<Caller<'_>>,
    ) -> Result<SignIn, ServiceError> {
        let caller = caller.into();
        let email = written_address(email);
        let now = self.inner.clock.now();
        if self.inner.passwords.is_busy() {
            return Err(ServiceError::SignIn(
                "Many people are signing in at this moment. Wait a few seconds and try again.".to_owned(),
            ));
        }
        let keys = self.count_try(&email, caller.address, now).await?;
        let account = if email.len() > LONGEST_ADDRESS { None } else { self.inner.store.account(&email).await? };
        // An account that nobody can sign in with is like one that does not exist.
        let whose = account.as_ref().map(|account| account.worker_id);
        let account = account.filter(|account| account.opens(now));
        let hash = account.as_ref().map(|account| account.password_hash.clone());
        let is_code = account.as_ref().is_some_and(|account| account.code_until.is_some());
        let typed = if is_code { code_as_made(password) } else { password.to_owned() };
        let right = self.inner.passwords.is_right(typed, hash).await;
        let Some(account) = account.filter(|_| right) else {
            tell(
                SecurityEvent::SignInRefused { whose, what: if is_code { "code" } else { "password" } },
                caller.address,
            );
            return Err(wrong());
        };
        // A code comes by another way than the address, works once, and opens one discussion.
        if !is_code && let Some(half) = self.waits_for_factor(&account, &keys, caller).await? {
            return Ok(half);
        }
        let (token, hash, begun) = self.new_session(account.worker_id, caller);
        let mut tx = self.inner.store.begin().await?;
        let begins = tx.begin_session(&hash, &begun, &account.password_hash).await?;
        if !begins || (is_code && !tx.spend_code(&account).await?) {
            return Err(wrong());
        }
        self.forget_tries(&mut tx, &keys, now).await?;
        tx.commit().await?;
        let how = if is_code { How::OneTimeCode } else { How::Password };
        self.note_sign_in(account.worker_id, how, (&hash, caller)).await?;
        Ok(SignIn::Done(token))
    }

    /// Writes down that somebody has signed in; where that fails, their session is ended again.
    pub(super) async fn note_sign_in(
        &self, worker: WorkerId, how: How, (session, caller): (&[u8], Caller<'_>),
    ) -> Result<(), ServiceError> {
        let written = self.log_sign_in(worker, how, caller.address).await;
        if written.is_err() {
            let mut tx = self.inner.store.begin().await?;
            tx.end_session(session).await?;
            tx.commit().await?;
        }
        written
    }

    /// The password was right: the account's tries from there are forgotten, and this one where others count too.
    pub(super) async fn forget_tries(
        &self, tx: &mut Tx, keys: &[(CountedFor, String)], now: DateTime<Utc>,
    ) -> Result<(), ServiceError> {
        for (counted, key) in keys {
            match counted {
                CountedFor::AccountHere => tx.forget_tries(key, now).await?,
                CountedFor::Account | CountedFor::Network => tx.take_try_back(key, now).await?,
            }
        }
        tx.drop_old_tries(now - TimeDelta::days(1), now - OWN_NETWORK).await?;
        self.inner.waits.forget(keys);
        Ok(())
    }

    /// Counts a try for its account and network before anything else is done with it; gives the keys it counts for.
    ///
    /// # Errors
    /// [`ServiceError::SignIn`] where it has to wait: it does not count then.
    pub(super) async fn count_try(
        &self, email: &str, from: &str, now: DateTime<Utc>,
    ) -> Result<Vec<(CountedFor, String)>, ServiceError> {
        let caller = from;
        let from = from.parse().map_or_else(|_| from.to_owned(), |address| network(address).to_string());
        let here = key("account, network", &[email, &from]);
        let from_own_network = self.inner.store.signed_in_at(&here).await?.is_some_and(|at| at + OWN_NETWORK > now);
        // From where they signed in lately, somebody who guesses elsewhere does not hold them up.
        let account = (!from_own_network).then(|| (CountedFor::Account, key("account", &[email])));
        let network = (CountedFor::Network, key("network", &[&from]));
        let mut keys: Vec<_> = [(CountedFor::AccountHere, here), network].into_iter().chain(account).collect();
        // In one order everywhere: two processes that count the same never wait for each other.
        keys.sort_by(|(_, a), (_, b)| a.cmp(b));
        if let Some(until) = self.inner.waits.longest(&keys, now) {
            tell(SecurityEvent::SignInWaits, caller);
            return Err(waits(until, now));
        }
        let mut tx = self.inner.store.begin().await?;
        let mut later = Vec::new();
        for (counted, key) in &keys {
            match tx.count_try(key, now + AT_ONCE, now - FORGOTTEN).await? {
                Try::Waits(until) => {
                    self.inner.waits.note(key, until);
                    tell(SecurityEvent::SignInWaits, caller);
                    return Err(waits(until, now));
                }
                Try::Counted(tries) => {
                    let until = now + counted.wait(tries);
                    tx.wait_for_try(key, until).await?;
                    later.push((key, until));
                }
            }
        }
        tx.commit().await?;
        for (key, until) in later.into_iter().filter(|(_, until)| *until > now) {
            self.inner.waits.note(key, until);
        }
        Ok(keys)
    }
}

fn wrong() -> ServiceError {
    ServiceError::SignIn("E-mail or password is not right. Check both and try again.".to_owned())
}

/// A hash: what strangers type into the form is not kept.
fn key(kind: &str, parts: &[&str]) -> String {
    hex::encode(Sha256::digest(format!("{kind}\n{}", parts.join("\n"))))
}

fn waits(until: DateTime<Utc>, now: DateTime<Utc>) -> ServiceError {
    let seconds = (until - now).num_seconds() + 1;
    ServiceError::SignIn(format!(
        "That was wrong several times. Wait {seconds} seconds and try again; the account is not locked."
    ))
}
