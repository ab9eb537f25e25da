//! Re-authentication: before some acts whoever is signed in shows again who they are. These are roles, accounts, families opened
//! or unlocked, archives, the end of our copy, and signing out another browser.

use super::session::{Caller, token_hash};
use crate::security::{SecurityEvent, tell};
use crate::{Service, ServiceError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::WorkerId;
use domain::viewer::Viewer;

/// How long a confirmation is valid.
const VALID_FOR: TimeDelta = TimeDelta::minutes(15);

/// Somebody has lately shown who they are; only [`Service::confirmed`] says so.
#[derive(Debug, Clone, Copy)]
pub struct ConfirmedIdentity(WorkerId);

impl ConfirmedIdentity {
    /// # Errors
    /// [`ServiceError::NotFound`] where it was somebody else.
    pub(crate) fn is_of(self, viewer: &Viewer) -> Result<(), ServiceError> {
        if self.0 == viewer.worker { Ok(()) } else { Err(ServiceError::NotFound) }
    }
}

impl Service {
    /// That the viewer has lately shown who they are in the session that holds `token`.
    ///
    /// # Errors
    /// [`ServiceError::Unconfirmed`] where that was too long ago: they are asked again.
    pub async fn confirmed(&self, viewer: &Viewer, token: &str) -> Result<ConfirmedIdentity, ServiceError> {
        let session = self.inner.store.session(&token_hash(token)).await?;
        let session = session.filter(|session| session.worker_id == viewer.worker).ok_or(ServiceError::NotFound)?;
        if is_recent(session.confirmed_at, self.inner.clock.now()) {
            Ok(ConfirmedIdentity(viewer.worker))
        } else {
            Err(ServiceError::Unconfirmed)
        }
    }

    /// The viewer shows by their password that it is still them.
    ///
    /// # Errors
    /// The field's message where the password is not right; a wait after wrong ones.
    pub async fn confirm_identity(
        &self, viewer: &Viewer, token: &str, password: &str, caller: Caller<'_>,
    ) -> Result<(), ServiceError> {
        self.knows_password(viewer, password, caller).await?;
        let mut tx = self.inner.store.begin().await?;
        tx.confirm_session(&token_hash(token), self.inner.clock.now()).await?;
        tx.commit().await?;
        tell(SecurityEvent::IdentityConfirmed(viewer.worker), caller.address);
        Ok(())
    }
}

/// Whether it still counts at `now` that somebody has shown who they are.
pub(super) fn is_recent(confirmed_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    confirmed_at.is_some_and(|at| now - at < VALID_FOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_has_shown_counts_for_a_quarter_of_an_hour() {
        let now: DateTime<Utc> = "2026-11-24T09:25:00Z".parse().unwrap();
        for (minutes, recent) in [(0, true), (14, true), (15, false), (600, false)] {
            assert_eq!(is_recent(Some(now - TimeDelta::minutes(minutes)), now), recent, "{minutes} minutes");
        }
        assert!(!is_recent(None, now), "a provider that does not say when it asked");
    }
}
