//! Locked families: open to named people alone.

use super::confirmation::ConfirmedIdentity;
use crate::security::SecurityEvent;
use crate::{Service, ServiceError};
use domain::WorkerId;
use domain::policy::{FamilyLocker, Lock};
use domain::status::MeetingPhase;
use std::collections::BTreeSet;
use store::role::LockRow;

/// A lock as its keeper sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedFamily {
    /// Why, in the words of whoever locked it.
    pub why: String,
    /// Who locked it.
    pub by: String,
    /// For whom it stays open.
    pub named: BTreeSet<WorkerId>,
}

/// A lock's form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockForm {
    /// Why.
    pub why: String,
    /// Whom to name, beside whoever locks it.
    pub named: Vec<String>,
}

impl Service {
    /// The lock of a family; `None` where it is open as others are.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn lock_of(&self, locker: FamilyLocker<'_>) -> Result<Option<LockedFamily>, ServiceError> {
        let family = locker.manager().family();
        let Some(row) = self.inner.store.lock(family).await? else { return Ok(None) };
        let lock = self.inner.store.locks().await?.into_iter().find(|lock| lock.family == family);
        let by = self.directory().await?.name(row.locked_by).to_owned();
        Ok(Some(LockedFamily { why: row.why, by, named: lock.map(|lock| lock.named).unwrap_or_default() }))
    }

    /// Locks a family for all but those named and whoever locks it, or takes other names.
    ///
    /// # Errors
    /// Field by field what cannot be used.
    pub async fn lock_family(
        &self, locker: FamilyLocker<'_>, form: &LockForm, from: &str,
    ) -> Result<usize, ServiceError> {
        let mut errors = crate::form::FormErrors::default();
        let why = errors.text("why", "The reason", &form.why, 500, true);
        errors.done()?;
        let directory = self.directory().await?;
        let named = form.named.iter().map(|worker| worker.parse::<WorkerId>().ok());
        let named: Option<BTreeSet<WorkerId>> =
            named.map(|worker| worker.filter(|worker| directory.is_colleague(*worker))).collect();
        let mut named = named.ok_or_else(|| ServiceError::field("named", "Choose people from the list."))?;
        // Who locks a family can open it.
        named.insert(locker.manager().viewer().worker);
        let lock = Lock { family: locker.manager().family(), named };
        self.nobody_unnamed_chairs(&lock).await?;
        let named: Vec<WorkerId> = lock.named.into_iter().collect();
        let row = LockRow {
            family_id: lock.family,
            why,
            locked_by: locker.manager().viewer().worker,
            locked_at: self.inner.clock.now(),
        };
        let mut tx = self.inner.store.begin().await?;
        tx.lock_family(&row, &named).await?;
        for worker in &named {
            // A link that somebody made before could open what is named to its holder alone.
            tx.end_invitations(*worker).await?;
        }
        tx.commit().await?;
        let locked = SecurityEvent::FamilyLocked { by: row.locked_by, family: row.family_id };
        self.rights_changed_by(locked, from).await?;
        Ok(named.len())
    }

    /// Opens a locked family to all who work with it and serve its team.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn unlock_family(
        &self, locker: FamilyLocker<'_>, confirmed: ConfirmedIdentity, from: &str,
    ) -> Result<(), ServiceError> {
        confirmed.is_of(locker.manager().viewer())?;
        let mut tx = self.inner.store.begin().await?;
        tx.unlock_family(locker.manager().family()).await?;
        tx.commit().await?;
        let manager = locker.manager();
        let unlocked = SecurityEvent::FamilyUnlocked { by: Some(manager.viewer().worker), family: manager.family() };
        self.rights_changed_by(unlocked, from).await
    }

    /// Unlocks a family by its reference, for a technician: where all who were named have left.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where no family of this reference is locked.
    pub async fn unlock_for_technician(&self, reference: &str) -> Result<(), ServiceError> {
        let families = self.inner.store.families().await?;
        let family = families.into_iter().find(|family| family.reference.eq_ignore_ascii_case(reference.trim()));
        let family = family.ok_or(ServiceError::NotFound)?.id;
        self.inner.store.lock(family).await?.ok_or(ServiceError::NotFound)?;
        let mut tx = self.inner.store.begin().await?;
        tx.unlock_family(family).await?;
        tx.commit().await?;
        self.rights_changed_by(SecurityEvent::FamilyUnlocked { by: None, family }, "").await
    }

    /// A family that is being discussed is not locked for who chairs: nobody could finish it.
    async fn nobody_unnamed_chairs(&self, lock: &Lock) -> Result<(), ServiceError> {
        let since = self.inner.clock.today() - chrono::TimeDelta::days(31);
        for meeting in self.inner.store.meetings_since(since).await? {
            if meeting.phase != MeetingPhase::Open || lock.named.contains(&meeting.chair) {
                continue;
            }
            let Some(live) = self.live(meeting.id).await? else { continue };
            let state = live.look().await;
            let now = state.room.slot_of(lock.family).is_some_and(|slot| slot.progress.in_discussion());
            if now && !lock.named.contains(&state.room.chair) {
                return Err(ServiceError::field(
                    "named",
                    "The family is being discussed at this moment. Name who chairs, or lock it afterwards.",
                ));
            }
        }
        Ok(())
    }
}
