//! Signed-in browsers.

use super::confirmation::ConfirmedIdentity;
use crate::ids::random;
use crate::security::{SecurityEvent, tell};
use crate::{Service, ServiceError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::WorkerId;
use domain::viewer::Viewer;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Mutex;
pub use store::session::Session;
use uuid::Uuid;

/// How long sessions last, as the council sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// From signing in.
    pub longest: TimeDelta,
    /// From its last use. Whoever has the page of an open meeting in sight uses it.
    pub idle: TimeDelta,
}

impl Default for SessionLimits {
    /// One working day with its evening; longer than the longest meeting.
    fn default() -> Self {
        Self { longest: TimeDelta::hours(14), idle: TimeDelta::hours(5) }
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

/// Where a request comes from.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// The network address.
    pub address: &'a str,
    /// The browser in words.
    pub browser: &'a str,
}

impl<'a> From<&'a str> for Caller<'a> {
    fn from(address: &'a str) -> Self {
        Self { address, browser: "a browser" }
    }
}

impl Service {
    /// A new session of a worker, and the token that its browser holds: 64 hex digits, of which only the hash is kept.
    pub(super) fn new_session(&self, worker: WorkerId, caller: Caller<'_>) -> (String, Vec<u8>, Session) {
        let (token, now) = (hex::encode(random::<32>()), self.inner.clock.now());
        let hash = token_hash(&token);
        let session = Session {
            id: self.new_uuid(),
            worker_id: worker,
            created_at: now,
            seen_at: now,
            expires_at: now + self.inner.outside.sessions.longest,
            browser: caller.browser.to_owned(),
            address: caller.address.to_owned(),
            issuer: None,
            provider_session: None,
            confirmed_at: Some(now),
        };
        (token, hash, session)
    }

    /// Where the viewer is signed in, last used first, and which of these is the one that holds `token`.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn my_sessions(&self, viewer: &Viewer, token: &str) -> Result<Vec<(Session, bool)>, ServiceError> {
        let (now, this) = (self.inner.clock.now(), self.inner.store.session(&token_hash(token)).await?);
        let all = self.inner.store.sessions_of(viewer.worker).await?;
        let good = all.into_iter().filter(|session| self.is_good(session, now));
        Ok(good
            .map(|session| {
                let here = this.as_ref().is_some_and(|this| this.id == session.id);
                (session, here)
            })
            .collect())
    }

    pub(super) fn is_good(&self, session: &Session, now: DateTime<Utc>) -> bool {
        session.expires_at > now && session.seen_at + self.inner.outside.sessions.idle > now
    }

    /// Ends one of the viewer's own sessions.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is none of theirs; [`ServiceError::Unconfirmed`] where nobody has shown who they are.
    pub async fn end_my_session(
        &self, viewer: &Viewer, confirmed: Option<ConfirmedIdentity>, id: Uuid,
    ) -> Result<(), ServiceError> {
        match confirmed {
            Some(confirmed) => confirmed.is_of(viewer)?,
            // Not every provider can ask again, and a lost phone does not wait for it.
            None if self.identity_of(viewer.worker).await?.is_some() => {}
            None => return Err(ServiceError::Unconfirmed),
        }
        let mut tx = self.inner.store.begin().await?;
        if !tx.end_session_of(viewer.worker, id).await? {
            return Err(ServiceError::NotFound);
        }
        tx.commit().await?;
        tell(SecurityEvent::SignedOut(viewer.worker), "");
        self.rights_changed().await
    }

    /// Ends a session. Whatever the token was, it is of no use afterwards. Gives the identity provider at which it was begun, by
    /// its key.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn sign_out(&self, token: &str) -> Result<Option<String>, ServiceError> {
        let hash = token_hash(token);
        let ended = self.inner.store.session(&hash).await?;
        let mut tx = self.inner.store.begin().await?;
        tx.end_session(&hash).await?;
        tx.commit().await?;
        if let Some(session) = &ended {
            tell(SecurityEvent::SignedOut(session.worker_id), &session.address);
        }
        self.rights_changed().await?;
        let issuer = ended.and_then(|session| session.issuer);
        Ok(self.providers().find(|provider| Some(&provider.issuer) == issuer.as_ref()).map(|found| found.key.clone()))
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
        if !self.is_good(&session, now) {
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

pub(super) fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
