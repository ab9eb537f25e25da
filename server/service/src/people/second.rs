//! The second of two people.

use crate::{Service, ServiceError};
use chrono::{DateTime, NaiveTime, Utc};
use domain::policy::{GivenRole, InPost};
use domain::status::AccountAct;
use domain::viewer::Viewer;
use domain::{TeamId, WorkerId, dates};
use std::collections::BTreeSet;
use store::account::AccountNote;

/// By what somebody has a part in what takes two.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Post<'a> {
    /// They manage these teams.
    Manages(&'a [TeamId]),
    /// They lead confidential looks.
    Leads,
}

impl Post<'_> {
    /// Whether a role that was given is what they have it by.
    fn is_by(self, given: GivenRole) -> bool {
        match (self, given) {
            (Self::Manages(teams), GivenRole::Deputy { team }) => teams.contains(&team),
            (Self::Leads, GivenRole::Lead) => true,
            _ => false,
        }
    }

    /// Whether they have it by a role that was given, and not by their discipline.
    fn is_given(self, viewer: &Viewer) -> bool {
        match self {
            Self::Manages(teams) => teams.iter().any(|team| viewer.deputy.contains(team)),
            Self::Leads => true,
        }
    }
}

impl Service {
    /// Whether the viewer may be the second of two in this post, where the first asked at a time.
    ///
    /// # Errors
    /// The message why not.
    pub(crate) async fn seconds(
        &self, viewer: &Viewer, post: Post<'_>, (first, asked_at): (WorkerId, DateTime<Utc>),
    ) -> Result<(), ServiceError> {
        let first = self.in_post(first, Post::Manages(&[])).await?;
        let second = self.in_post(viewer.worker, post).await?;
        second.seconds(&first, asked_at).map_err(|why| ServiceError::field("", why.in_words()))
    }

    /// Whether two leads are two persons, of whom neither put the other there, and both were named before a time.
    ///
    /// # Errors
    /// The message why not.
    pub(crate) async fn leads_apart(
        &self, (one, other): (WorkerId, WorkerId), asked_at: DateTime<Utc>,
    ) -> Result<(), ServiceError> {
        let (one, other) = (self.in_post(one, Post::Leads).await?, self.in_post(other, Post::Leads).await?);
        let apart = one.seconds(&other, asked_at).and_then(|()| other.seconds(&one, asked_at));
        apart.map_err(|why| ServiceError::field("", why.in_words()))
    }

    /// Somebody with the moment since which they are in this post: by what they were given, or by their discipline.
    async fn in_post(&self, worker: WorkerId, post: Post<'_>) -> Result<InPost, ServiceError> {
        let (directory, today) = (self.directory().await?, self.inner.clock.today());
        let worker = directory.person(worker);
        let row = directory.workers.get(&worker).ok_or(ServiceError::NotFound)?;
        let viewer = self.viewer(worker).await?;
        let mut since = row.in_post_since;
        if post.is_given(&viewer) {
            for row in self.inner.store.grants().await?.into_iter().filter(|row| row.worker_id == worker) {
                let Some(grant) = row.grant().filter(|grant| grant.counts(today)) else { continue };
                if post.is_by(grant.given) {
                    since = since.max(row.given_at).max(dates::from_london(grant.starts.and_time(NaiveTime::MIN)));
                }
            }
        }
        let given = |note: &AccountNote| {
            matches!(
                note.what,
                AccountAct::Given | AccountAct::Linked | AccountAct::IdentityLinked | AccountAct::GuestInvited
            )
        };
        let accounts = self.inner.store.account_notes(worker).await?;
        let mut put_there_by: BTreeSet<WorkerId> =
            accounts.iter().filter(|note| given(note)).filter_map(|note| note.by_worker.map(WorkerId::new)).collect();
        let grants = self.inner.store.grants().await?;
        let roles = grants.iter().filter(|grant| grant.worker_id == worker);
        put_there_by.extend(roles.filter_map(|grant| grant.given_by.map(WorkerId::new)));
        let put_there_by = put_there_by.into_iter().map(|by| directory.person(by)).collect();
        Ok(InPost { worker, staff_id: row.staff_id.clone(), name: row.name.clone(), since, put_there_by })
    }
}
