//! Accounts: who may sign in, and with which address.

use super::password::usable;
use crate::security::SecurityEvent;
use crate::{Service, ServiceError};
use chrono::{DateTime, Utc};
use domain::prose::clean;
use domain::status::AccountAct;
use domain::{TeamId, WorkerId};
use store::Store;
use store::account::{Account, AccountNote};
use store::worker::{Team, Worker};

/// The password of every account in a demo.
pub const DEMO_PASSWORD: &str = "a quiet colleague";

/// The longest address an account can have.
pub(super) const LONGEST_ADDRESS: usize = 254;

/// An e-mail address as accounts are found by: without what cannot stand in text, in small letters.
pub(super) fn written_address(email: &str) -> String {
    clean(email).trim().to_lowercase()
}

/// A worker whom a technician adds.
#[derive(Debug, Clone)]
pub struct NewWorker {
    /// Their name.
    pub name: String,
    /// Key of the discipline.
    pub discipline: String,
    /// The team's name; empty for none.
    pub team: String,
}

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

impl Service {
    /// Gives a worker who has none an account.
    ///
    /// # Errors
    /// Where address or password cannot be used, the address is another worker's, or they have an account already.
    pub async fn give_account(&self, worker: WorkerId, email: &str, password: &str) -> Result<(), ServiceError> {
        let directory = self.directory().await?;
        let account = self.new_account(worker, directory.name(worker), email, password).await?;
        let now = self.inner.clock.now();
        let mut tx = self.inner.store.begin().await?;
        tx.keep_account(&account, now).await?;
        tx.note_account(self.new_uuid(), &by_technician(worker, now)).await?;
        tx.commit().await?;
        self.rights_changed_by(SecurityEvent::Account { by: None, whose: worker, what: AccountAct::Given }, "").await?;
        Ok(())
    }

    /// Adds a worker with an account, for a technician: all or nothing. A team of that name is made where there is none.
    ///
    /// # Errors
    /// Where the discipline is not in the template, or address or password cannot be used.
    pub async fn add_worker_with_account(
        &self, new: &NewWorker, email: &str, password: &str,
    ) -> Result<WorkerId, ServiceError> {
        let NewWorker { name, discipline, team } = new;
        if self.inner.template.discipline(discipline).is_none() {
            let keys: Vec<&str> = self.inner.template.disciplines.iter().map(|entry| entry.key.as_str()).collect();
            let message = format!("\"{discipline}\" is not a discipline. Known are: {}.", keys.join(", "));
            return Err(ServiceError::field("discipline", message));
        }
        let id = WorkerId::new(self.new_uuid());
        let account = self.new_account(id, name, email, password).await?;
        let directory = self.directory().await?;
        let existing = directory.teams.values().find(|stored| stored.name == *team).cloned();
        let made = (existing.is_none() && !team.is_empty()).then(|| Team {
            id: TeamId::new(self.new_uuid()),
            source_id: None,
            name: team.clone(),
            parent: String::new(),
        });
        let worker = Worker {
            id,
            source_id: None,
            staff_id: String::new(),
            name: name.clone(),
            job_title: String::new(),
            discipline: discipline.clone(),
            team_id: existing.as_ref().or(made.as_ref()).map(|team| team.id.uuid()),
            by_hand: true,
            in_post_since: self.inner.clock.now(),
        };
        let mut tx = self.inner.store.begin().await?;
        if let Some(team) = &made {
            tx.keep_team(team).await?;
        }
        tx.keep_worker(&worker).await?;
        let now = self.inner.clock.now();
        tx.keep_account(&account, now).await?;
        tx.note_account(self.new_uuid(), &by_technician(id, now)).await?;
        tx.commit().await?;
        self.rights_changed_by(SecurityEvent::Account { by: None, whose: id, what: AccountAct::Given }, "").await?;
        Ok(id)
    }

    /// The account as it would be kept; nothing is written yet. `name` is the worker's.
    ///
    /// # Errors
    /// As [`Service::give_account`].
    async fn new_account(
        &self, worker: WorkerId, name: &str, email: &str, password: &str,
    ) -> Result<Account, ServiceError> {
        let email = self.free_address(worker, email).await?;
        if let Some(theirs) = self.inner.store.account_of(worker).await? {
            let message = format!("{name} has an account already and signs in with {}.", theirs.email);
            return Err(ServiceError::field("email", message));
        }
        usable(password, &[name, &email, &self.inner.outside.council])
            .map_err(|why| ServiceError::field("password", why))?;
        let password_hash = self.inner.passwords.hash(password.to_owned()).await;
        Ok(Account { password_hash, ..Account::given(worker, email) })
    }

    /// An address as it is kept, where it can be this worker's.
    ///
    /// # Errors
    /// The field's message where it is no address, or another worker's.
    pub(super) async fn free_address(&self, worker: WorkerId, email: &str) -> Result<String, ServiceError> {
        let email = written_address(email);
        if !email.contains('@') || email.len() > LONGEST_ADDRESS || email.contains(char::is_whitespace) {
            return Err(ServiceError::field("email", format!("\"{email}\" is not an e-mail address.")));
        }
        match self.inner.store.account(&email).await? {
            Some(other) if other.worker_id != worker => {
                Err(ServiceError::field("email", format!("{email} belongs to another worker.")))
            }
            _ => Ok(email),
        }
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
        let password_hash = self.inner.passwords.hash(DEMO_PASSWORD.to_owned()).await;
        let accounts: Vec<Account> = missing
            .iter()
            .map(|worker| Account {
                password_hash: password_hash.clone(),
                ..Account::given(worker.id, demo_address(worker))
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
}

fn by_technician(worker: WorkerId, at: DateTime<Utc>) -> AccountNote {
    AccountNote { at, by_worker: None, worker_id: worker, what: AccountAct::Given, address: String::new() }
}

fn demo_address(worker: &store::worker::Worker) -> String {
    let name: String =
        worker.name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '.' }).collect();
    let name = name.split('.').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
    format!("{name}.{}@example.invalid", worker.source_id.as_deref().unwrap_or("x").to_lowercase())
}
