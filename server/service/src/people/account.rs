//! Signing in and out. Nobody is locked out; wrong passwords make the next try wait.

use crate::ids::random;
use crate::{Service, ServiceError};
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use chrono::{DateTime, TimeDelta, Utc};
use domain::WorkerId;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Mutex;
use store::Store;
use store::account::{Account, Session};

/// A session ends this long after signing in: one working day with its evening.
const LONGEST: TimeDelta = TimeDelta::hours(14);
/// A session ends this long after its last use: longer than the longest meeting.
const IDLE: TimeDelta = TimeDelta::hours(5);
/// The longest wait after wrong passwords.
const LONGEST_WAIT: i64 = 60;
/// The shortest password.
pub const SHORTEST_PASSWORD: usize = 12;
/// The password of every account in a demo.
pub const DEMO_PASSWORD: &str = "a quiet colleague";

/// Refuses to mix demo and real: a demo database holds only the shipped sample.
pub(crate) async fn check_demo(store: &Store, demo: bool) -> Result<(), ServiceError> {
    let is_demo = store.setting("demo").await?.as_deref() == Some("yes");
    let has_people = !store.workers().await?.is_empty();
    match (demo, is_demo) {
        (true, false) if has_people => Err(ServiceError::Setup(
            "This database holds real workers, so it does not serve a demo. Start without --demo, or with another --database.".to_owned(),
        )),
        (false, true) => Err(ServiceError::Setup(
            "This database is a demo's. Start with --demo, or with another --database for real work.".to_owned(),
        )),
        _ => Ok(()),
    }
}

/// Sessions in memory, each with the count of changed rights it was read at: ending one counts as a change.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<Vec<u8>, (u64, Session)>>);

/// Sessions remembered at most.
const REMEMBERED: usize = 10_000;

impl Sessions {
    fn cached(&self, hash: &[u8], generation: u64) -> Option<Session> {
        let sessions = self.0.lock().expect("no panic holds it");
        sessions.get(hash).filter(|(read_at, _)| *read_at == generation).map(|(_, session)| session.clone())
    }

    fn note(&self, hash: &[u8], generation: u64, session: &Session) {
        let mut sessions = self.0.lock().expect("no panic holds it");
        if sessions.len() >= REMEMBERED {
            sessions.clear();
        }
        sessions.insert(hash.to_vec(), (generation, session.clone()));
    }
}

impl Service {
    /// Signs in; gives the session's token, 64 hex digits. `from` is the caller's network address.
    ///
    /// # Errors
    /// [`ServiceError::SignIn`] with a message that does not tell whether the account exists.
    pub async fn sign_in(&self, email: &str, password: &str, from: &str) -> Result<String, ServiceError> {
        let email = email.trim().to_lowercase();
        let now = self.inner.clock.now();
        let who = format!("{email}|{from}");
        let delay = self.inner.store.sign_in_delay(&who).await?;
        if let Some((_, until)) = delay
            && until > now
        {
            let seconds = (until - now).num_seconds() + 1;
            return Err(ServiceError::SignIn(format!(
                "That was wrong several times. Wait {seconds} seconds and try again; the account is not locked."
            )));
        }
        let account = self.inner.store.account(&email).await?;
        let hash = account.as_ref().map(|account| account.password_hash.clone());
        let right = self.verify(password.to_owned(), hash).await;
        let mut tx = self.inner.store.begin().await?;
        let Some(account) = account.filter(|_| right) else {
            let failures = delay.map_or(0, |(failures, _)| failures) + 1;
            // The first wrong password costs nothing to a person and the tenth little to anybody.
            let wait = 2_i64.saturating_pow(u32::try_from(failures - 1).unwrap_or(u32::MAX)).min(LONGEST_WAIT);
            tx.delay_sign_in(&who, failures, now + TimeDelta::seconds(wait)).await?;
            tx.commit().await?;
            return Err(ServiceError::SignIn("E-mail or password is not right. Check both and try again.".to_owned()));
        };
        let token = hex::encode(random::<32>());
        let session = Session { worker_id: account.worker_id, seen_at: now, expires_at: now + LONGEST };
        tx.begin_session(&token_hash(&token), &session).await?;
        tx.delay_sign_in(&who, 0, now).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Ends a session. Whatever the token was, it is of no use afterwards.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn sign_out(&self, token: &str) -> Result<(), ServiceError> {
        let mut tx = self.inner.store.begin().await?;
        tx.end_session(&token_hash(token)).await?;
        tx.commit().await?;
        self.rights_changed().await
    }

    /// Who holds this token, if it is good. `active` notes its use, at most once a minute; a stream
    /// is no activity.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn session(&self, token: &str, active: bool) -> Result<Option<WorkerId>, ServiceError> {
        let (hash, now) = (token_hash(token), self.inner.clock.now());
        let generation = self.inner.rights.generation();
        let mut session = match self.inner.sessions.cached(&hash, generation) {
            Some(session) => session,
            None => {
                let Some(session) = self.inner.store.session(&hash).await? else { return Ok(None) };
                self.inner.sessions.note(&hash, generation, &session);
                session
            }
        };
        if session.expires_at <= now || session.seen_at + IDLE <= now {
            return Ok(None);
        }
        if active && now - session.seen_at > TimeDelta::minutes(1) {
            let mut tx = self.inner.store.begin().await?;
            tx.touch_session(&hash, now).await?;
            tx.commit().await?;
            session.seen_at = now;
            self.inner.sessions.note(&hash, generation, &session);
        }
        Ok(Some(session.worker_id))
    }

    /// Gives a worker an account.
    ///
    /// # Errors
    /// Where address or password cannot be used, or the address is another worker's.
    pub async fn give_account(&self, worker: WorkerId, email: &str, password: &str) -> Result<(), ServiceError> {
        let email = email.trim().to_lowercase();
        if !email.contains('@') || email.len() > 254 || email.contains(char::is_whitespace) {
            return Err(ServiceError::field("email", format!("\"{email}\" is not an e-mail address.")));
        }
        if password.chars().count() < SHORTEST_PASSWORD {
            return Err(ServiceError::field(
                "password",
                format!(
                    "The password has {} characters; use {SHORTEST_PASSWORD} or more. Three or four words do well.",
                    password.chars().count()
                ),
            ));
        }
        if let Some(other) = self.inner.store.account(&email).await?
            && other.worker_id != worker
        {
            return Err(ServiceError::field("email", format!("{email} belongs to another worker.")));
        }
        let password_hash = self.hash(password.to_owned()).await;
        self.keep_accounts(&[Account { worker_id: worker, email, password_hash }], self.inner.clock.now()).await
    }

    /// Gives every worker without one a demo account, all with [`DEMO_PASSWORD`].
    ///
    /// # Errors
    /// Where this is no demo or the database does not answer.
    pub async fn give_demo_accounts(&self) -> Result<usize, ServiceError> {
        if !self.inner.demo {
            return Err(ServiceError::Setup("Demo accounts are only made in a demo.".to_owned()));
        }
        let emails = self.inner.store.addresses().await?;
        let directory = self.directory().await?;
        let missing: Vec<_> =
            directory.workers.values().filter(|worker| emails.iter().all(|(id, _)| *id != worker.id.uuid())).collect();
        if missing.is_empty() {
            return Ok(0);
        }
        let password_hash = self.hash(DEMO_PASSWORD.to_owned()).await;
        let accounts: Vec<Account> = missing
            .iter()
            .map(|worker| Account {
                worker_id: worker.id,
                email: demo_address(worker),
                password_hash: password_hash.clone(),
            })
            .collect();
        self.keep_accounts(&accounts, self.inner.clock.now()).await?;
        Ok(accounts.len())
    }

    async fn keep_accounts(&self, accounts: &[Account], at: DateTime<Utc>) -> Result<(), ServiceError> {
        let mut tx = self.inner.store.begin().await?;
        for account in accounts {
            tx.keep_account(account, at).await?;
        }
        tx.commit().await?;
        self.rights_changed().await
    }

    /// Two at a time, off the async threads: hashing is meant to be slow.
    async fn hash(&self, password: String) -> String {
        let _permit = self.inner.hashing.acquire().await.expect("the semaphore is never closed");
        tokio::task::spawn_blocking(move || hash(&password)).await.expect("hashing does not panic")
    }

    async fn verify(&self, password: String, hash: Option<String>) -> bool {
        let _permit = self.inner.hashing.acquire().await.expect("the semaphore is never closed");
        tokio::task::spawn_blocking(move || verify(&password, hash.as_deref())).await.unwrap_or(false)
    }
}

fn demo_address(worker: &store::worker::Worker) -> String {
    let name: String =
        worker.name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '.' }).collect();
    let name = name.split('.').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
    format!("{name}.{}@example.invalid", worker.source_id.as_deref().unwrap_or("x").to_lowercase())
}

fn argon() -> Argon2<'static> {
    // OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
    let params = Params::new(19 * 1024, 2, 1, None).expect("these parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str) -> String {
    let salt = SaltString::encode_b64(&random::<16>()).expect("sixteen bytes are a salt");
    argon().hash_password(password.as_bytes(), &salt).expect("a salt and parameters in range").to_string()
}

/// An unknown name costs as much time as a known one.
fn verify(password: &str, kept: Option<&str>) -> bool {
    let dummy;
    let against = match kept {
        Some(kept) => kept,
        None => {
            dummy = hash("nobody's password");
            &dummy
        }
    };
    let right =
        PasswordHash::new(against).is_ok_and(|parsed| argon().verify_password(password.as_bytes(), &parsed).is_ok());
    right && kept.is_some()
}

fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_only_its_own_account() {
        let kept = hash("correct horse battery");
        assert!(verify("correct horse battery", Some(&kept)));
        assert!(!verify("correct horse", Some(&kept)));
        assert!(!verify("nobody's password", None));
    }
}
