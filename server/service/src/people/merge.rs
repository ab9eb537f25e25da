//! One person with two entries, as the council's and a partner's extract each have one: merged into one, and separated again.

use super::keeping::By;
use super::session::Caller;
use crate::{Service, ServiceError};
use chrono::TimeDelta;
use domain::WorkerId;
use domain::meeting::Slot;
use domain::policy::AccountKeeper;
use domain::status::{AccountAct, MeetingPhase};
use store::worker::Worker;

/// Other entries of what may be the same person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OtherEntries {
    /// The entry into which this one is merged, with its name.
    pub merged_into: Option<(WorkerId, String)>,
    /// Entries that are merged into this one: id, name, discipline.
    pub merged: Vec<(WorkerId, String)>,
    /// Entries of the same name or staff number.
    pub alike: Vec<(WorkerId, String)>,
}

impl Service {
    /// Other entries of what may be the person of an account.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn other_entries(&self, worker: WorkerId) -> Result<OtherEntries, ServiceError> {
        let directory = self.directory().await?;
        let Some(row) = directory.workers.get(&worker) else { return Ok(OtherEntries::default()) };
        let named =
            |id: &WorkerId| (*id, directory.names.get(id).map(domain::record::Named::in_words).unwrap_or_default());
        let alike = directory
            .workers
            .values()
            .filter(|other| other.id != worker && directory.is_colleague(other.id) && same_person(row, other));
        Ok(OtherEntries {
            merged_into: directory.merged.get(&worker).map(named),
            merged: directory.entries_of(worker).map(|id| named(&id)).collect(),
            alike: alike.map(|other| named(&other.id)).collect(),
        })
    }

    /// Merges an entry into the one whose account is kept: what it is allocated to, its steps and what it is locked for or stood
    /// out of count as the kept one's; its account and its roles end. The words it wrote stay under it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the keeper is no administrator, or one of them is no colleague or merged; the message where
    /// they are not one person by name or number, or the entry is in a meeting.
    pub async fn merge_worker(
        &self, kept: AccountKeeper<'_>, by: By<'_>, caller: Caller<'_>,
    ) -> Result<(), ServiceError> {
        by.is_confirmed()?;
        let (directory, worker, into) = (self.directory().await?, by.worker(), kept.worker());
        let one = |id: WorkerId| directory.workers.get(&id).filter(|_| directory.is_colleague(id));
        let (Some(from), Some(to)) = (one(worker), one(into)) else { return Err(ServiceError::NotFound) };
        let holds_others = directory.merged.values().any(|holder| *holder == worker);
        if !kept.says_who_they_are() || worker == into || holds_others {
            return Err(ServiceError::NotFound);
        }
        if !same_person(from, to) {
            let message =
                "They have neither name nor staff number in common. Correct one of them first, if they are one person.";
            return Err(ServiceError::field("other", message));
        }
        if self.is_in_a_meeting(worker).await? {
            let message = "That entry runs a meeting that is not over, or takes part in it. Merge them after it.";
            return Err(ServiceError::field("other", message));
        }
        let (now, today) = (self.inner.clock.now(), self.inner.clock.today());
        let ended_by = Some(kept.viewer().worker.uuid());
        let mut tx = self.inner.store.begin().await?;
        self.keeps_administrators(&mut tx, worker).await?;
        tx.merge_worker(worker, Some(into)).await?;
        tx.end_account(worker, now).await?;
        tx.end_invitations(worker).await?;
        tx.unlink_identity(worker).await?;
        tx.end_sessions_of(worker, &[]).await?;
        for grant in self.inner.store.grants().await?.into_iter().filter(|grant| grant.worker_id == worker) {
            tx.end_role(grant.id, today, ended_by, now).await?;
        }
        tx.note_account(self.new_uuid(), &self.account_note(by, AccountAct::Merged, caller)).await?;
        tx.commit().await?;
        self.rights_changed_by(by.event(AccountAct::Merged), caller.address).await
    }

    /// Separates a merged entry again. Its account and roles have ended, and are given anew.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not merged, or the keeper is no administrator.
    pub async fn separate_worker(
        &self, keeper: AccountKeeper<'_>, by: By<'_>, caller: Caller<'_>,
    ) -> Result<(), ServiceError> {
        by.is_confirmed()?;
        if !keeper.says_who_they_are() {
            return Err(ServiceError::NotFound);
        }
        let mut tx = self.inner.store.begin().await?;
        if !tx.merge_worker(by.worker(), None).await? {
            return Err(ServiceError::NotFound);
        }
        tx.note_account(self.new_uuid(), &self.account_note(by, AccountAct::Separated, caller)).await?;
        tx.commit().await?;
        self.rights_changed_by(by.event(AccountAct::Separated), caller.address).await
    }

    /// # Errors
    /// The message where the entry is merged: its person signs in with another one.
    pub(super) async fn is_of_a_person(&self, worker: WorkerId) -> Result<(), ServiceError> {
        let directory = self.directory().await?;
        match directory.merged.get(&worker) {
            Some(into) => {
                let message = format!("They sign in with their other entry, {}.", directory.name(*into));
                Err(ServiceError::field("email", message))
            }
            None => Ok(()),
        }
    }

    /// Whether an entry runs a meeting that is not over, or belongs to a discussion of one or stands out of it: what it does there
    /// is its own.
    async fn is_in_a_meeting(&self, worker: WorkerId) -> Result<bool, ServiceError> {
        let since = self.inner.clock.today() - TimeDelta::days(31);
        let meetings = self.inner.store.meetings_since(since).await?;
        for row in meetings.into_iter().filter(|row| row.phase != MeetingPhase::Closed) {
            if row.chair == worker || row.record_taker == Some(worker.uuid()) {
                return Ok(true);
            }
            if let Some(live) = self.live(row.id).await? {
                let there = |slot: &Slot| slot.members.contains_key(&worker) || slot.standing_out.contains_key(&worker);
                if live.look().await.room.slots.iter().any(there) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// The same staff number, or the same name.
fn same_person(one: &Worker, other: &Worker) -> bool {
    let folded = |name: &str| name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    let number = !one.staff_id.is_empty() && one.staff_id == other.staff_id;
    number || folded(&one.name) == folded(&other.name)
}
