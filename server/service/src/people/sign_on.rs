//! Single sign-on: accounts that are signed in to at an identity provider, by who somebody is there and never by their address.

use super::confirmation::is_recent;
use super::identity::may_link;
use super::keeping::{code_hash, own};
use super::session::{Caller, Session};
use super::trip::{Errand, Trip};
use crate::security::{How, SecurityEvent, tell};
use crate::{Service, ServiceError};
use chrono::Days;
use domain::sign_on::{Identity, Provider, SignOnRefused};
use domain::status::{AccountAct, Role};
use domain::viewer::Viewer;
use domain::{GrantId, WorkerId, dates};
use identity::{Client, IdentityError};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Tx;
use store::identity::IdentityRow;
use store::role::GrantRow;
use tokio::sync::Semaphore;

/// So many answers of one provider are waited for at once.
const AT_ONCE: usize = 16;

/// The turns to ask a provider: one that hangs holds up nobody at the others, and not more threads than this.
pub(crate) fn turns(client: &Arc<Client>) -> (String, Arc<Semaphore>) {
    (client.provider.key.clone(), Arc::new(Semaphore::new(AT_ONCE)))
}

/// A session that was begun at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOn {
    /// Who signed in.
    pub worker: WorkerId,
    /// The session's token.
    pub token: String,
    /// What whoever signed in should know: a role that they have no more, for instance. Empty mostly.
    pub notes: Vec<String>,
}

impl Service {
    /// The identity providers that people sign in with.
    pub fn providers(&self) -> impl Iterator<Item = &Provider> {
        self.inner.outside.providers.iter().map(|client| &client.provider)
    }

    /// The provider that speaks for an address: whoever has it signs in there.
    #[must_use]
    pub fn provider_of(&self, address: &str) -> Option<&Provider> {
        self.providers().find(|provider| provider.speaks_for(address))
    }

    /// A provider's name by its issuer; the issuer where the settings name it no more.
    #[must_use]
    pub fn provider_name<'a>(&'a self, issuer: &'a str) -> &'a str {
        self.providers().find(|provider| provider.issuer == issuer).map_or(issuer, |provider| &provider.name)
    }

    pub(super) fn client(&self, key: &str) -> Result<Arc<Client>, ServiceError> {
        let client = self.inner.outside.providers.iter().find(|client| client.provider.key == key);
        client.cloned().ok_or(ServiceError::NotFound)
    }

    /// The address at which one signs in at a provider, which sends them back to `back`.
    ///
    /// # Errors
    /// A message where the provider does not answer.
    pub async fn provider_address(&self, trip: &Trip, back: &str) -> Result<String, ServiceError> {
        let (away, back, again) = (trip.away.clone(), back.to_owned(), matches!(trip.errand, Errand::Confirmation(_)));
        self.asked(&trip.provider, move |client| client.address(&away, &back, again)).await
    }

    /// The address at which one signs out at a provider and comes back to `back`; `None` where it has none. Nobody is asked.
    #[must_use]
    pub fn provider_sign_out(&self, key: &str, back: &str) -> Option<String> {
        self.client(key).ok()?.sign_out_address(back)
    }

    /// Goes on where a provider has sent somebody back to `back` with a code.
    ///
    /// # Errors
    /// A message for the sign-in page: why they are not signed in, and what to do.
    pub async fn come_back(
        &self, trip: &Trip, code: &str, back: &str, caller: Caller<'_>,
    ) -> Result<SignedOn, ServiceError> {
        let (code, away, back) = (code.to_owned(), trip.away.clone(), back.to_owned());
        let identity = self.asked(&trip.provider, move |client| client.identity(&code, &away, &back)).await?;
        self.sign_on(&identity, &trip.errand, caller).await
    }

    /// Signs in whoever the provider says it is, once its account is linked as the errand says.
    ///
    /// # Errors
    /// As [`Service::come_back`].
    pub async fn sign_on(
        &self, identity: &Identity, errand: &Errand, caller: Caller<'_>,
    ) -> Result<SignedOn, ServiceError> {
        let provider = self.providers().find(|provider| provider.issuer == identity.issuer);
        let provider = provider.ok_or(ServiceError::NotFound)?;
        let on = self.sign_on_at(provider, identity, errand, caller).await;
        if let Err(ServiceError::SignIn(_)) = &on {
            let linked = self.inner.store.identity(&identity.issuer, &identity.subject).await?;
            let whose = linked.map(|row| row.worker_id);
            tell(SecurityEvent::SignInRefused { whose, what: "provider" }, caller.address);
        }
        on
    }

    async fn sign_on_at(
        &self, provider: &Provider, identity: &Identity, errand: &Errand, caller: Caller<'_>,
    ) -> Result<SignedOn, ServiceError> {
        provider.accepts(identity).map_err(|why| refused(provider, why))?;
        let (worker, linked) = match errand {
            Errand::SignIn | Errand::Confirmation(_) => (self.worker_of(provider, identity).await?, None),
            Errand::Invitation(code) => {
                let account = self.linked_account(code, caller).await?.ok_or_else(|| over(provider))?;
                (account.worker_id, Some(account))
            }
        };
        if let Some(account) = &linked {
            may_link(provider, account, identity)?;
        }
        let (token, hash, mut session) = self.new_session(worker, caller);
        session.confirmed_at = identity.asked_at.map(|at| at.min(session.created_at));
        if let Errand::Confirmation(asked) = errand {
            confirms(provider, (*asked, worker), identity, &session)?;
        }
        session.issuer = Some(identity.issuer.clone());
        session.provider_session.clone_from(&identity.session);
        let mut tx = self.inner.store.begin().await?;
        if let Some(account) = &linked {
            if let Errand::Invitation(code) = errand
                && !tx.spend_invitation(&code_hash(code), self.inner.clock.now()).await?
            {
                return Err(over(provider));
            }
            let now = self.inner.clock.now();
            let row = IdentityRow {
                issuer: identity.issuer.clone(),
                subject: identity.subject.clone(),
                worker_id: worker,
                linked_by: worker,
                linked_at: now,
            };
            if !self.link_account(&mut tx, account, &row).await? {
                return Err(taken());
            }
            tx.note_account(self.new_uuid(), &own(worker, AccountAct::IdentityLinked, now, caller)).await?;
        }
        if !tx.begin_session_at_provider(&hash, &session, &identity.subject).await? {
            return Err(unknown(provider));
        }
        let (notes, changed) = self.keep_roles_of_groups(&mut tx, provider, worker, identity).await?;
        tx.commit().await?;
        self.rights_changed().await?;
        for event in changed {
            self.log_change(event, caller.address).await;
        }
        if linked.is_some() {
            let what = AccountAct::IdentityLinked;
            self.log_change(SecurityEvent::Account { by: Some(worker), whose: worker, what }, caller.address).await;
        }
        self.note_sign_in(worker, How::Provider, (&hash, caller)).await?;
        Ok(SignedOn { worker, token, notes })
    }

    async fn worker_of(&self, provider: &Provider, identity: &Identity) -> Result<WorkerId, ServiceError> {
        let row = self.inner.store.identity(&identity.issuer, &identity.subject).await?;
        let account = match &row {
            Some(row) => self.inner.store.account_of(row.worker_id).await?.filter(|account| account.ended_at.is_none()),
            None => None,
        };
        match account {
            Some(account) if provider.speaks_for(&account.email) => Ok(account.worker_id),
            Some(account) => Err(message(not_for(provider, &account.email))),
            None => Err(unknown(provider)),
        }
    }

    /// Gives the roles of somebody's groups until the day after their session, and ends those whose group is gone. Gives what
    /// they should know of it, and what both logs are to say once it is committed.
    async fn keep_roles_of_groups(
        &self, tx: &mut Tx, provider: &Provider, worker: WorkerId, identity: &Identity,
    ) -> Result<(Vec<String>, Vec<SecurityEvent>), ServiceError> {
        let (now, today) = (self.inner.clock.now(), self.inner.clock.today());
        let last = dates::london(now + self.inner.outside.sessions.longest).date();
        let ends =
            last.checked_add_days(Days::new(1)).ok_or_else(|| ServiceError::Setup("The clock is wrong.".to_owned()))?;
        let (given, silent) = (provider.roles(identity), provider.is_silent(identity));
        let (mut missing, mut ended) = (given.clone(), BTreeSet::new());
        let held = self.inner.store.grants().await?;
        let held = held.into_iter().filter(|row| row.worker_id == worker);
        let (by_group, by_hand): (Vec<_>, Vec<_>) = held
            .filter(|row| row.grant().is_some_and(|grant| !grant.over(today)))
            .partition(|row| row.issuer.is_some());
        for row in by_group {
            if row.issuer.as_deref() == Some(&provider.issuer) && given.contains(&row.role) {
                missing.remove(&row.role);
                tx.renew_role(row.id, ends).await?;
            } else {
                tx.end_role(row.id, today, None, now).await?;
                ended.insert(row.role);
            }
        }
        // What a colleague gave is theirs to end, and is not given twice.
        for row in by_hand.iter().filter(|row| row.grant().is_some_and(|grant| grant.counts(today))) {
            missing.remove(&row.role);
            ended.remove(&row.role);
        }
        if !missing.is_empty() {
            // A link that was made before by somebody who may not keep this account any more.
            tx.end_invitations(worker).await?;
        }
        for role in &missing {
            let row = GrantRow {
                id: GrantId::new(self.new_uuid()),
                worker_id: worker,
                role: *role,
                team_id: None,
                for_worker: None,
                starts: today,
                ends: Some(ends),
                given_by: None,
                issuer: Some(provider.issuer.clone()),
                given_at: now,
                ended_by: None,
                ended_at: None,
            };
            tx.give_role(&row).await?;
        }
        let given = missing.iter().map(|role| SecurityEvent::RoleGiven { by: None, whose: worker, role: *role });
        let gone = ended.iter().map(|role| SecurityEvent::RoleEnded { by: None, whose: worker, role: *role });
        let silence = silent.then_some(SecurityEvent::GroupsMissing(worker));
        let changed = given.chain(gone).chain(silence).collect();
        Ok((notes(provider, &ended, silent), changed))
    }

    /// Ends the sessions of somebody who signed out at a provider, which says so by itself.
    ///
    /// # Errors
    /// A message where the token is not the provider's.
    pub async fn signed_out_at_provider(&self, key: &str, token: String) -> Result<(), ServiceError> {
        let issuer = self.client(key)?.provider.issuer.clone();
        let gone = match self.word_of(key, move |client| client.signed_out(&token)).await? {
            Ok(gone) => gone,
            // It may say so again.
            Err(IdentityError::Unreachable(why)) => return Err(ServiceError::Unavailable(why)),
            Err(IdentityError::Untrusted(why)) => return Err(message(why)),
        };
        // Whoever is not linked has no session here.
        let Some(row) = self.inner.store.identity(&issuer, &gone.subject).await? else { return Ok(()) };
        let mut tx = self.inner.store.begin().await?;
        let ended = tx.end_sessions_at_provider(row.worker_id, &issuer, gone.session.as_deref()).await?;
        tx.commit().await?;
        if ended > 0 {
            tell(SecurityEvent::SignedOut(row.worker_id), "");
        }
        self.rights_changed().await
    }

    /// The address that the viewer signs in with.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where they have no account.
    pub async fn my_address(&self, viewer: &Viewer) -> Result<String, ServiceError> {
        Ok(self.inner.store.account_of(viewer.worker).await?.ok_or(ServiceError::NotFound)?.email)
    }

    /// Asks a provider, off the async threads; in words for the sign-in page where it gives nothing.
    async fn asked<T: Send + 'static>(
        &self, key: &str, ask: impl FnOnce(&Client) -> Result<T, IdentityError> + Send + 'static,
    ) -> Result<T, ServiceError> {
        let name = self.client(key)?.provider.name.clone();
        self.word_of(key, ask).await?.map_err(|error| {
            message(match error {
                IdentityError::Unreachable(_) => format!("{name} cannot be reached at this moment. Try again in a minute."),
                IdentityError::Untrusted(_) => format!(
                    "{name} gave an answer that Caseround could not check. Try again. If that does not help, tell your technician: the log says why."
                ),
            })
        })
    }

    async fn word_of<T: Send + 'static>(
        &self, key: &str, ask: impl FnOnce(&Client) -> Result<T, IdentityError> + Send + 'static,
    ) -> Result<Result<T, IdentityError>, ServiceError> {
        let client = self.client(key)?;
        let turns = self.inner.asking.get(key).ok_or(ServiceError::NotFound)?;
        // Given back by the thread that asks, also where nobody waits for the answer any more.
        let Ok(turn) = Arc::clone(turns).try_acquire_owned() else {
            return Ok(Err(IdentityError::Unreachable("many ask it at once".to_owned())));
        };
        let asked = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            ask(&client)
        });
        let failed = |_| IdentityError::Untrusted("reading it failed".to_owned());
        let answer = asked.await.map_err(failed).and_then(|answer| answer);
        if let Err(error) = &answer {
            tracing::warn!(provider = key, "An identity provider's answer could not be used: {error}");
            tell(SecurityEvent::ProviderFailed, "");
        }
        Ok(answer)
    }
}

pub(super) fn not_for(provider: &Provider, address: &str) -> String {
    format!("{} does not speak for {address}. Its domains are in the settings.", provider.name)
}

pub(super) fn message(words: impl Into<String>) -> ServiceError {
    ServiceError::SignIn(words.into())
}

/// Whether somebody has shown at a provider that it is still them.
fn confirms(
    provider: &Provider, (asked, answered): (WorkerId, WorkerId), identity: &Identity, session: &Session,
) -> Result<(), ServiceError> {
    let name = &provider.name;
    if asked != answered {
        return Err(message(format!("Somebody else is signed in at {name}. Sign out there, and confirm as yourself.")));
    }
    if is_recent(session.confirmed_at, session.created_at) {
        return Ok(());
    }
    if identity.asked_at.is_none() {
        tracing::warn!(provider = provider.key, "An identity provider does not say when it asked somebody (auth_time)");
        return Err(message(format!(
            "{name} does not say when it asked you who you are. Tell your technician: docs/security.md, auth_time."
        )));
    }
    Err(message(format!(
        "{name} did not ask you again who you are. Sign out there, sign in again, and then try again here."
    )))
}

fn unknown(provider: &Provider) -> ServiceError {
    message(format!(
        "{} knows you, but no account in Caseround is linked to you there. Open the link you were given, or ask your manager for a new one.",
        provider.name
    ))
}

fn over(provider: &Provider) -> ServiceError {
    message(format!(
        "The link you came with works no more. Ask for a new one. If your account is linked already, choose “Sign in with {}”.",
        provider.name
    ))
}

fn taken() -> ServiceError {
    message("Another account in Caseround is linked to you there. Tell an administrator: one of the two is wrong.")
}

fn refused(provider: &Provider, why: SignOnRefused) -> ServiceError {
    let name = &provider.name;
    message(match why {
        SignOnRefused::NoSecondFactor => format!(
            "{name} did not ask you for a second factor, and your council needs one. Sign out there and sign in again with it, or tell your technician."
        ),
        SignOnRefused::ForeignAddress => format!(
            "{name} named an e-mail address that it may not speak for. Tell your technician: the provider’s domains are in the settings."
        ),
    })
}

fn notes(provider: &Provider, ended: &BTreeSet<Role>, silent: bool) -> Vec<String> {
    let name = &provider.name;
    let why = if silent { "sends no groups any more" } else { "does not name you in its group any more" };
    ended.iter().map(|role| format!("You are {} no more: {name} {why}.", role.title())).collect()
}
