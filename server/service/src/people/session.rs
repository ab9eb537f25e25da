//! Signed-in browsers.

use crate::ids::random;
use crate::{Service, ServiceError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::WorkerId;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Mutex;
use store::session::Session;

/// A session ends this long after signing in: one working day with its evening.
const LONGEST: TimeDelta = TimeDelta::hours(14);
/// A session ends this long after its last use: longer than the longest meeting.
const IDLE: TimeDelta = TimeDelta::hours(5);

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

/// A new session of a worker, and the token that its browser holds: 64 hex digits, of which only the hash is kept.
pub(super) fn begin(worker: WorkerId, now: DateTime<Utc>) -> (String, Vec<u8>, Session) {
    let token = hex::encode(random::<32>());
    let hash = token_hash(&token);
    (token, hash, Session { worker_id: worker, seen_at: now, expires_at: now + LONGEST })
}

impl Service {
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
}

fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
