//! Who the person of an account is at an identity provider: linked by themselves or by an administrator, and taken away.

use super::confirmation::ConfirmedIdentity;
use super::keeping::{By, code_hash, own};
use super::session::Caller;
use super::sign_on::{message, not_for};
use super::trip::Errand;
use crate::ids::random;
use crate::security::{SecurityEvent, tell};
use crate::{Service, ServiceError};
use chrono::TimeDelta;
use domain::WorkerId;
use domain::policy::AccountKeeper;
use domain::sign_on::{Identity, Provider};
use domain::status::AccountAct;
use domain::viewer::Viewer;
use store::Tx;
use store::account::{Account, Invitation};
use store::identity::IdentityRow;

/// The longest name of somebody at a provider, in bytes (OpenID Connect Core 1.0, section 2).
const LONGEST_SUBJECT: usize = 255;

/// So long somebody may take at a provider to link their own account.
const AWAY: TimeDelta = TimeDelta::minutes(10);

impl Service {
    /// What the viewer goes to a provider for to link their own account: a one-time link for themselves, for whoever knows their
    /// password. An open browser alone does not say who its person is elsewhere.
    ///
    /// # Errors
    /// The field's message where the password is not right; a wait after wrong ones.
    pub async fn own_errand(
        &self, viewer: &Viewer, password: &str, caller: Caller<'_>,
    ) -> Result<Errand, ServiceError> {
        self.knows_password(viewer, password, caller).await?;
        let (worker, now) = (viewer.worker, self.inner.clock.now());
        let code = hex::encode(random::<32>());
        let mut tx = self.inner.store.begin().await?;
        tx.invite(&code_hash(&code), &Invitation { worker_id: worker, expires_at: now + AWAY }, now).await?;
        tx.note_account(self.new_uuid(), &own(worker, AccountAct::Linked, now, caller)).await?;
        tx.commit().await?;
        tell(SecurityEvent::Account { by: Some(worker), whose: worker, what: AccountAct::Linked }, caller.address);
        Ok(Errand::Invitation(code))
    }

    /// Links a worker's account to who they are at a provider, as an administrator says it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for whoever is no administrator; the field's message otherwise.
    pub async fn name_identity(
        &self, keeper: AccountKeeper<'_>, confirmed: ConfirmedIdentity, (key, subject): (&str, &str),
        caller: Caller<'_>,
    ) -> Result<(), ServiceError> {
        let (worker, now, subject) = (keeper.worker(), self.inner.clock.now(), subject.trim());
        let account = self.inner.store.account_of(worker).await?.filter(|account| account.ended_at.is_none());
        let guest = self.directory().await?.is_guest(worker);
        let account = account.filter(|_| keeper.says_who_they_are() && !guest).ok_or(ServiceError::NotFound)?;
        let provider = &self.client(key)?.provider;
        if subject.is_empty() || subject.len() > LONGEST_SUBJECT || !subject.bytes().all(|byte| byte.is_ascii_graphic())
        {
            let message = "Give the name that the provider knows them by: the subject, which is no e-mail address.";
            return Err(ServiceError::field("subject", message));
        }
        if !provider.speaks_for(&account.email) {
            return Err(ServiceError::field("subject", not_for(provider, &account.email)));
        }
        let by = By::Keeper(keeper, confirmed);
        by.is_confirmed()?;
        let row = IdentityRow {
            issuer: provider.issuer.clone(),
            subject: subject.to_owned(),
            worker_id: worker,
            linked_by: keeper.viewer().worker,
            linked_at: now,
        };
        let mut tx = self.inner.store.begin().await?;
        self.keeps_administrators(&mut tx, worker).await?;
        if !self.link_account(&mut tx, &account, &row).await? {
            return Err(ServiceError::field("subject", "Another account is linked to this already."));
        }
        tx.note_account(self.new_uuid(), &self.account_note(by, AccountAct::IdentityLinked, caller)).await?;
        tx.commit().await?;
        self.rights_changed_by(by.event(AccountAct::IdentityLinked), caller.address).await
    }

    /// Takes a worker's identity away: they are signed out, and need a link to sign in again.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where there is none, or whoever asks is no administrator.
    pub async fn remove_identity(
        &self, keeper: AccountKeeper<'_>, confirmed: ConfirmedIdentity, caller: Caller<'_>,
    ) -> Result<(), ServiceError> {
        let worker = keeper.worker();
        let by = By::Keeper(keeper, confirmed);
        by.is_confirmed()?;
        let mut tx = self.inner.store.begin().await?;
        if !keeper.says_who_they_are() || !tx.unlink_identity(worker).await? {
            return Err(ServiceError::NotFound);
        }
        self.keeps_administrators(&mut tx, worker).await?;
        tx.end_sessions_of(worker, &[]).await?;
        tx.note_account(self.new_uuid(), &self.account_note(by, AccountAct::IdentityRemoved, caller)).await?;
        tx.commit().await?;
        self.rights_changed_by(by.event(AccountAct::IdentityRemoved), caller.address).await
    }

    /// Who a worker is at a provider; `None` where they sign in with a password.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn identity_of(&self, worker: WorkerId) -> Result<Option<IdentityRow>, ServiceError> {
        Ok(self.inner.store.identity_of(worker).await?)
    }

    /// Links an account to an identity: `false` where that is another account's, or the account was changed or has ended since it
    /// was read. It has no password from then on, and whoever was signed in to it is signed out: an account is signed in to in one
    /// way.
    pub(super) async fn link_account(
        &self, tx: &mut Tx, account: &Account, row: &IdentityRow,
    ) -> Result<bool, ServiceError> {
        let unchanged = tx.set_password(account, "").await?;
        tx.end_invitations(account.worker_id).await?;
        tx.end_sessions_of(account.worker_id, &[]).await?;
        Ok(unchanged && tx.link_identity(row).await?)
    }
}

/// Whether an account may be linked to what the provider says: it speaks for the account's address, and names it.
pub(super) fn may_link(provider: &Provider, account: &Account, identity: &Identity) -> Result<(), ServiceError> {
    if !provider.speaks_for(&account.email) {
        return Err(message(not_for(provider, &account.email)));
    }
    if provider.names(identity, &account.email) {
        return Ok(());
    }
    let name = &provider.name;
    Err(message(match &identity.email {
        Some(email) if !identity.email_unchecked => format!(
            "You are signed in at {name} as {email}, and this is the account of {}. Sign out at {name} and try again, or ask for a link for your own account.",
            account.email
        ),
        _ => format!(
            "{name} does not say which e-mail address is yours, so your account cannot be linked by a link. Ask an administrator to link it."
        ),
    }))
}
