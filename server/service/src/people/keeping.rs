//! Keeping accounts: giving and ending them, links to choose a password, choosing and changing one. Each act is noted.

use super::confirmation::ConfirmedIdentity;
use super::password::usable;
use super::session::{Caller, token_hash};
use crate::ids::random;
use crate::security::{SecurityEvent, tell};
use crate::{Service, ServiceError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::WorkerId;
use domain::policy::{AccountHolder, AccountKeeper, may_end_administrator};
use domain::status::{AccountAct, Role};
use domain::viewer::Viewer;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use store::Tx;
use store::account::Invitation;
pub use store::account::{Account, AccountNote};
use store::role::GrantRow;

/// So long a link to choose a password works.
pub const LINK_WORKS: TimeDelta = TimeDelta::days(7);

/// So long somebody is told on their first page what others did with their account, and administrators what technicians did.
pub(crate) const TOLD_FOR: TimeDelta = TimeDelta::days(7);

/// Who does something with an account.
#[derive(Debug, Clone, Copy)]
pub enum By<'v> {
    /// Somebody who keeps it, and has lately shown who they are.
    Keeper(AccountKeeper<'v>, ConfirmedIdentity),
    /// A technician at the command line.
    Technician(WorkerId),
}

impl By<'_> {
    pub(super) const fn worker(self) -> WorkerId {
        match self {
            Self::Keeper(keeper, _) => keeper.worker(),
            Self::Technician(worker) => worker,
        }
    }

    /// # Errors
    /// [`ServiceError::NotFound`] where it was somebody else who has shown who they are.
    pub(super) fn is_confirmed(self) -> Result<(), ServiceError> {
        match self {
            Self::Keeper(keeper, confirmed) => confirmed.is_of(keeper.viewer()),
            Self::Technician(_) => Ok(()),
        }
    }

    pub(super) fn event(self, what: AccountAct) -> SecurityEvent {
        SecurityEvent::Account { by: self.viewer(), whose: self.worker(), what }
    }

    fn viewer(self) -> Option<WorkerId> {
        match self {
            Self::Keeper(keeper, _) => Some(keeper.viewer().worker),
            Self::Technician(_) => None,
        }
    }
}

/// A link that was made: its code is known to whoever made it, and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// 64 hex digits.
    pub code: String,
    /// Until when it works.
    pub until: DateTime<Utc>,
}

/// An account as its keeper sees it.
#[derive(Debug, Clone)]
pub struct KeptAccount {
    /// The account; absent where there is none.
    pub account: Option<Account>,
    /// What was done with it, newest first, each with who did it.
    pub acts: Vec<(AccountNote, String)>,
}

impl Service {
    /// The right over a worker's account.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs.
    pub async fn account_keeper<'v>(
        &self, viewer: &'v Viewer, worker: WorkerId,
    ) -> Result<AccountKeeper<'v>, ServiceError> {
        let holder = self.viewer(worker).await?;
        let directory = self.directory().await?;
        let row = directory.workers.get(&worker).ok_or(ServiceError::NotFound)?;
        let partners = self.inner.store.teams_of_partners(self.inner.clock.today()).await?;
        let works_with: BTreeSet<_> =
            partners.into_iter().filter(|(partner, _)| *partner == worker).map(|(_, team)| team).collect();
        let team = row.team_id.map(domain::TeamId::new);
        // Whoever is named for a locked family that the keeper may not know of is no account for them to open.
        let locks = self.inner.store.locks().await?;
        let knows_more = locks.iter().any(|lock| lock.named.contains(&worker) && !lock.named.contains(&viewer.worker));
        let role = holder.administers || holder.reviews || holder.leads;
        let privileged = holder.is_manager() || role || knows_more;
        AccountKeeper::of(viewer, &AccountHolder { worker, team, works_with, privileged }).ok_or(ServiceError::NotFound)
    }

    /// An account and what was done with it.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn kept_account(&self, keeper: AccountKeeper<'_>) -> Result<KeptAccount, ServiceError> {
        let account = self.inner.store.account_of(keeper.worker()).await?;
        Ok(KeptAccount { account, acts: self.account_acts(keeper.worker()).await? })
    }

    /// What was done with the viewer's own account, newest first, each with who did it.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn my_account_acts(&self, viewer: &Viewer) -> Result<Vec<(AccountNote, String)>, ServiceError> {
        self.account_acts(viewer.worker).await
    }

    /// What others did with the viewer's account lately: its holder is told on their first page.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn done_by_others(&self, viewer: &Viewer) -> Result<Vec<(AccountNote, String)>, ServiceError> {
        let since = self.inner.clock.now() - TOLD_FOR;
        let mut acts = self.account_acts(viewer.worker).await?;
        let mine = |note: &AccountNote| note.by_worker == Some(viewer.worker.uuid());
        // What was done to give them the account they asked for, before they first used it.
        let Some(joined) = acts.iter().filter(|(note, _)| mine(note)).map(|(note, _)| note.at).min() else {
            return Ok(Vec::new());
        };
        acts.retain(|(note, _)| note.at >= since && note.at > joined && !mine(note));
        Ok(acts)
    }

    async fn account_acts(&self, worker: WorkerId) -> Result<Vec<(AccountNote, String)>, ServiceError> {
        let directory = self.directory().await?;
        let by = |note: &AccountNote| match note.by_worker {
            Some(by) => directory.name(WorkerId::new(by)).to_owned(),
            None => "a technician".to_owned(),
        };
        let acts = self.inner.store.account_notes(worker).await?;
        Ok(acts
            .into_iter()
            .map(|note| {
                let by = by(&note);
                (note, by)
            })
            .collect())
    }

    /// Gives a worker an account, or one that has ended anew, with a link to choose its password.
    ///
    /// # Errors
    /// Where the address cannot be used, or they have an account.
    pub async fn invite(&self, by: By<'_>, email: &str, caller: Caller<'_>) -> Result<Link, ServiceError> {
        by.is_confirmed()?;
        let worker = by.worker();
        let email = self.free_address(worker, email).await?;
        if let Some(theirs) = self.inner.store.account_of(worker).await?
            && theirs.ended_at.is_none()
        {
            let message = format!("There is an account already: {} signs in with it. Make a new link.", theirs.email);
            return Err(ServiceError::field("email", message));
        }
        let account = Account::given(worker, email);
        self.link(by, Some(&account), caller).await
    }

    /// A new link to choose a password, for somebody who lost theirs. The password they had works until then.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where there is no account, or it has ended.
    pub async fn new_link(&self, by: By<'_>, caller: Caller<'_>) -> Result<Link, ServiceError> {
        by.is_confirmed()?;
        let account = self.inner.store.account_of(by.worker()).await?;
        account.filter(|account| account.ended_at.is_none()).ok_or(ServiceError::NotFound)?;
        self.link(by, None, caller).await
    }

    async fn link(&self, by: By<'_>, given: Option<&Account>, caller: Caller<'_>) -> Result<Link, ServiceError> {
        self.is_of_a_person(by.worker()).await?;
        if self.directory().await?.is_guest(by.worker()) {
            let message = "They are a guest and sign in with a one-time code. It is made at the meeting, under “Guests from outside”.";
            return Err(ServiceError::field("email", message));
        }
        let now = self.inner.clock.now();
        let link = Link { code: hex::encode(random::<32>()), until: now + LINK_WORKS };
        let invitation = Invitation { worker_id: by.worker(), expires_at: link.until };
        let mut tx = self.inner.store.begin().await?;
        if let Some(account) = given {
            tx.keep_account(account, now).await?;
            // Given anew it is nobody's at a provider until its link is used.
            tx.unlink_identity(account.worker_id).await?;
            tx.note_account(self.new_uuid(), &self.account_note(by, AccountAct::Given, caller)).await?;
        }
        tx.invite(&code_hash(&link.code), &invitation, now).await?;
        tx.note_account(self.new_uuid(), &self.account_note(by, AccountAct::Linked, caller)).await?;
        tx.commit().await?;
        if given.is_some() {
            self.log_change(by.event(AccountAct::Given), caller.address).await;
        }
        self.log_change(by.event(AccountAct::Linked), caller.address).await;
        Ok(link)
    }

    /// Ends an account with every session, stream and link of it, and the roles of its holder: opened again, it is given them
    /// anew.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where there is none, or it has ended.
    pub async fn end_account(&self, by: By<'_>, caller: Caller<'_>) -> Result<(), ServiceError> {
        by.is_confirmed()?;
        let (worker, now) = (by.worker(), self.inner.clock.now());
        let mut tx = self.inner.store.begin().await?;
        if by.viewer().is_some() {
            self.keeps_administrators(&mut tx, worker).await?;
        }
        if !tx.end_account(worker, now).await? {
            return Err(ServiceError::NotFound);
        }
        tx.end_invitations(worker).await?;
        tx.end_sessions_of(worker, &[]).await?;
        let ended_by = by.viewer().map(WorkerId::uuid);
        for role in self.inner.store.grants().await?.into_iter().filter(|role| role.worker_id == worker) {
            tx.end_role(role.id, self.inner.clock.today(), ended_by, now).await?;
        }
        tx.note_account(self.new_uuid(), &self.account_note(by, AccountAct::Ended, caller)).await?;
        tx.commit().await?;
        self.rights_changed_by(by.event(AccountAct::Ended), caller.address).await
    }

    /// Refuses what would leave too few administrators who stay: those whose role has an end, as a group's has, were never
    /// counted among them.
    pub(super) async fn keeps_administrators(&self, tx: &mut Tx, worker: WorkerId) -> Result<(), ServiceError> {
        let today = self.inner.clock.today();
        let lasting = |row: &GrantRow| row.worker_id == worker && row.role == Role::Administrator && row.ends.is_none();
        // Two who end one at once wait for each other here.
        tx.set("roles", &self.new_uuid().to_string()).await?;
        let stays = self.inner.store.grants().await?.iter().any(lasting);
        if stays && !may_end_administrator(tx.holders(Role::Administrator, today).await?) {
            let message = "They are one of the last two administrators. Make another one first.";
            return Err(ServiceError::field("", message));
        }
        Ok(())
    }

    /// Takes back that an account has ended: its password is the one it had.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where there is none that has ended.
    pub async fn reopen_account(&self, by: By<'_>, caller: Caller<'_>) -> Result<(), ServiceError> {
        by.is_confirmed()?;
        self.is_of_a_person(by.worker()).await?;
        let mut tx = self.inner.store.begin().await?;
        if !tx.reopen_account(by.worker()).await? {
            return Err(ServiceError::NotFound);
        }
        tx.note_account(self.new_uuid(), &self.account_note(by, AccountAct::Given, caller)).await?;
        tx.commit().await?;
        self.log_change(by.event(AccountAct::Given), caller.address).await;
        Ok(())
    }

    /// Another address to sign in with.
    ///
    /// # Errors
    /// Where the address cannot be used; [`ServiceError::NotFound`] where there is no account.
    pub async fn move_account(&self, by: By<'_>, email: &str, caller: Caller<'_>) -> Result<(), ServiceError> {
        by.is_confirmed()?;
        let email = self.free_address(by.worker(), email).await?;
        let mut tx = self.inner.store.begin().await?;
        if !tx.set_address(by.worker(), &email).await? {
            return Err(ServiceError::NotFound);
        }
        tx.note_account(self.new_uuid(), &self.account_note(by, AccountAct::Moved, caller)).await?;
        tx.commit().await?;
        self.log_change(by.event(AccountAct::Moved), caller.address).await;
        Ok(())
    }

    /// The account that a link is for, while it works. Looking spends nothing; a link that works no more is a line of the
    /// security log.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn linked_account(&self, code: &str, caller: Caller<'_>) -> Result<Option<Account>, ServiceError> {
        let now = self.inner.clock.now();
        let invitation = self.inner.store.invitation(&code_hash(code)).await?;
        let account = match invitation.filter(|invitation| now < invitation.expires_at) {
            Some(invitation) => self.inner.store.account_of(invitation.worker_id).await?,
            None => None,
        };
        let directory = self.directory().await?;
        // A guest has a code and never a password.
        let account = account.filter(|account| account.ended_at.is_none() && !directory.is_guest(account.worker_id));
        if account.is_none() {
            tell(SecurityEvent::LinkRefused, caller.address);
        }
        Ok(account)
    }

    /// Chooses the password of an account by its link, which is spent. Whoever was signed in with the old one is signed out.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the link works no more; the field's message where the password cannot be used.
    pub async fn choose_password(&self, code: &str, password: &str, caller: Caller<'_>) -> Result<(), ServiceError> {
        let account = self.linked_account(code, caller).await?.ok_or(ServiceError::NotFound)?;
        let (worker, now) = (account.worker_id, self.inner.clock.now());
        if let Some(provider) = self.provider_of(&account.email) {
            let message = format!("{} has no password here: sign in with {}.", account.email, provider.name);
            return Err(ServiceError::field("password", message));
        }
        let password_hash = self.hash_of(&account, password, "password").await?;
        let mut tx = self.inner.store.begin().await?;
        if !tx.spend_invitation(&code_hash(code), now).await? || !tx.set_password(&account, &password_hash).await? {
            return Err(ServiceError::NotFound);
        }
        // An account is signed in to in one way.
        tx.unlink_identity(worker).await?;
        tx.end_invitations(worker).await?;
        tx.end_sessions_of(worker, &[]).await?;
        tx.note_account(self.new_uuid(), &own(worker, AccountAct::Chosen, now, caller)).await?;
        tx.commit().await?;
        let chosen = SecurityEvent::Account { by: Some(worker), whose: worker, what: AccountAct::Chosen };
        tell(chosen, caller.address);
        self.rights_changed().await
    }

    /// Changes the viewer's own password; their other browsers are signed out. `token` is this browser's.
    ///
    /// # Errors
    /// The field's message where the old one is not right or the new one cannot be used; a wait after wrong ones.
    pub async fn change_password(
        &self, viewer: &Viewer, token: &str, (old, new): (&str, &str), caller: Caller<'_>,
    ) -> Result<(), ServiceError> {
        let now = self.inner.clock.now();
        let account = self.inner.store.account_of(viewer.worker).await?.filter(|_| !viewer.guest);
        let account = account.ok_or(ServiceError::NotFound)?;
        // What is wrong with the new one is no wrong try of the old one.
        self.may_use(&account, new, "new").await?;
        // Whoever sits down at somebody's open browser guesses no faster here than at the door.
        let keys = self.count_try(&account.email, caller.address, now).await?;
        if !self.inner.passwords.is_right(old.to_owned(), Some(account.password_hash.clone())).await {
            tell(SecurityEvent::SignInRefused { whose: Some(viewer.worker), what: "password" }, caller.address);
            return Err(ServiceError::field("old", "This is not your password now."));
        }
        let password_hash = self.hash_of(&account, new, "new").await?;
        let mut tx = self.inner.store.begin().await?;
        self.forget_tries(&mut tx, &keys, now).await?;
        if !tx.set_password(&account, &password_hash).await? {
            return Err(ServiceError::field("old", "Your account was changed meanwhile. Load the page again."));
        }
        tx.end_invitations(viewer.worker).await?;
        tx.end_sessions_of(viewer.worker, &token_hash(token)).await?;
        tx.note_account(self.new_uuid(), &own(viewer.worker, AccountAct::Changed, now, caller)).await?;
        tx.commit().await?;
        let whose = viewer.worker;
        tell(SecurityEvent::Account { by: Some(whose), whose, what: AccountAct::Changed }, caller.address);
        self.rights_changed().await
    }

    /// The hash of a password that an account may have; what is wrong with it otherwise, at `field`.
    async fn hash_of(&self, account: &Account, password: &str, field: &str) -> Result<String, ServiceError> {
        self.may_use(account, password, field).await?;
        Ok(self.inner.passwords.hash(password.to_owned()).await)
    }

    /// Whether an account may have a password; what is wrong with it otherwise, at `field`.
    async fn may_use(&self, account: &Account, password: &str, field: &str) -> Result<(), ServiceError> {
        let directory = self.directory().await?;
        let own = [directory.name(account.worker_id), account.email.as_str(), self.inner.outside.council.as_str()];
        usable(password, &own).map_err(|why| ServiceError::field(field, why))
    }

    pub(super) fn account_note(&self, by: By<'_>, what: AccountAct, caller: Caller<'_>) -> AccountNote {
        AccountNote {
            at: self.inner.clock.now(),
            by_worker: by.viewer().map(WorkerId::uuid),
            worker_id: by.worker(),
            what,
            address: caller.address.to_owned(),
        }
    }
}

/// What somebody did with their own account.
pub(super) fn own(worker: WorkerId, what: AccountAct, at: DateTime<Utc>, caller: Caller<'_>) -> AccountNote {
    AccountNote { at, by_worker: Some(worker.uuid()), worker_id: worker, what, address: caller.address.to_owned() }
}

pub(super) fn code_hash(code: &str) -> Vec<u8> {
    Sha256::digest(code.as_bytes()).to_vec()
}
