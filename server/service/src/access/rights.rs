//! What stands in both logs: that somebody signed in, and whose rights were changed.

use super::AccessEntry;
use crate::security::{How, SecurityEvent, tell};
use crate::{Service, ServiceError};
use chrono::{DateTime, Utc};
use domain::status::AccessKind;
use domain::viewer::Viewer;
use domain::{FamilyId, WorkerId};

/// Where a technician's commands come from.
pub const COMMAND_LINE: &str = "command line";
/// Why they are allowed.
pub(super) const TECHNICIAN: &str = "a technician, at the command line";

/// How many of their sign-ins somebody sees.
pub const SIGN_INS: i64 = 10;

/// One time that somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInLine {
    /// When.
    pub at: DateTime<Utc>,
    /// By what; absent for a word of another version.
    pub how: Option<How>,
    /// The address it was asked for from.
    pub from: String,
}

/// One line of the access log that is no look.
struct RightsLine {
    /// Who did it; none for a technician's command or a group at an identity provider.
    by: Option<WorkerId>,
    /// Whose rights.
    whose: Option<WorkerId>,
    /// Over which family.
    family: Option<FamilyId>,
    /// What was done, in words.
    words: String,
}

impl Service {
    /// When the viewer signed in last, how and from where, newest first, [`SIGN_INS`] at most.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn my_sign_ins(&self, viewer: &Viewer) -> Result<Vec<SignInLine>, ServiceError> {
        let entries = self.inner.store.sign_ins_of(viewer.worker, SIGN_INS).await?;
        let line = |entry: AccessEntry| SignInLine { at: entry.at, how: How::of(&entry.format), from: entry.address };
        Ok(entries.into_iter().map(line).collect())
    }

    /// For administrators: whose rights technicians changed at the command line lately, and that they took out the access log,
    /// newest first. Empty for others.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn done_by_technicians(&self, viewer: &Viewer) -> Result<Vec<AccessEntry>, ServiceError> {
        if !viewer.administers {
            return Ok(Vec::new());
        }
        let since = self.inner.clock.now() - crate::people::keeping::TOLD_FOR;
        let mut entries = self.inner.store.accesses_by_nobody(since).await?;
        entries.retain(|entry| entry.allowed_by == TECHNICIAN);
        Ok(entries)
    }

    /// Writes into both logs that somebody signed in.
    ///
    /// # Errors
    /// Where it cannot be written down: nobody is signed in then.
    pub(crate) async fn log_sign_in(&self, worker: WorkerId, how: How, from: &str) -> Result<(), ServiceError> {
        let entry = AccessEntry {
            allowed_by: "their own account".to_owned(),
            ..self.entry_of_no_family(worker, from, (AccessKind::SignedIn, how.word()))
        };
        self.write_accesses(&[entry]).await?;
        tell(SecurityEvent::SignedIn(worker, how), from);
        Ok(())
    }

    /// The rights that an event changed count at once, everywhere; then both logs have it.
    ///
    /// # Errors
    /// As [`Service::rights_changed`].
    pub(crate) async fn rights_changed_by(&self, event: SecurityEvent, from: &str) -> Result<(), ServiceError> {
        let counts = self.rights_changed().await;
        self.log_change(event, from).await;
        counts
    }

    /// Writes a change of rights into both logs. It has happened: what cannot be written into the access log is held and written
    /// with the next entry, and whoever waits for the answer does not hold it up.
    pub(crate) async fn log_change(&self, event: SecurityEvent, from: &str) {
        tell(event, from);
        let Some(line) = line_of(event) else { return };
        let (service, from) = (self.clone(), from.to_owned());
        let written = tokio::spawn(async move {
            let entry = service.rights_entry(&line, &from).await;
            if let Err(error) = service.write_accesses(std::slice::from_ref(&entry)).await {
                tracing::error!(%error, "a change of rights could not be written into the access log yet");
                service.inner.looks.hold(vec![entry]);
            }
        });
        let _ = written.await;
    }

    /// Writes down that somebody read when a person signed in and whose rights that person changed.
    pub(super) async fn note_person_read(
        &self, viewer: &Viewer, worker: WorkerId, allowed_by: &str, from: &str,
    ) -> Result<(), ServiceError> {
        let entry = AccessEntry {
            made_for: self.directory().await?.name(worker).to_owned(),
            allowed_by: allowed_by.to_owned(),
            ..self.entry_of_no_family(viewer.worker, from, (AccessKind::AccessLog, "sign-ins and rights"))
        };
        self.write_accesses(&[entry]).await
    }

    /// Writes down that a technician takes the whole access log out.
    pub(super) async fn note_access_log_exported(&self) -> Result<(), ServiceError> {
        let nobody = WorkerId::new(store::Uuid::nil());
        let entry = AccessEntry {
            allowed_by: TECHNICIAN.to_owned(),
            ..self.entry_of_no_family(nobody, COMMAND_LINE, (AccessKind::AccessLog, "csv"))
        };
        self.write_accesses(&[entry]).await
    }

    async fn rights_entry(&self, line: &RightsLine, from: &str) -> AccessEntry {
        let named = match (line.whose, self.directory().await) {
            (Some(whose), Ok(directory)) => directory.name(whose).to_owned(),
            (Some(whose), Err(_)) => whose.to_string(),
            (None, _) => String::new(),
        };
        let allowed_by = match line.by {
            None if from.is_empty() || from == COMMAND_LINE => TECHNICIAN,
            None => "a group at an identity provider",
            Some(by) => self.ground_of(by, line.family.is_some()).await,
        };
        // A technician and a group are nobody here.
        let worker = line.by.unwrap_or_else(|| WorkerId::new(store::Uuid::nil()));
        AccessEntry {
            made_for: named,
            family_id: line.family,
            allowed_by: allowed_by.to_owned(),
            ..self.entry_of_no_family(worker, from, (AccessKind::Rights, &line.words))
        }
    }

    /// Why somebody may change rights: over a family as who serves its team, over people also as administrator.
    async fn ground_of(&self, by: WorkerId, over_family: bool) -> &'static str {
        match self.viewer(by).await {
            Ok(viewer) if viewer.administers && !over_family => "is administrator",
            Ok(viewer) if viewer.is_manager() => "manages a team",
            Ok(_) => "serves a team",
            Err(_) => "",
        }
    }

    fn entry_of_no_family(&self, worker: WorkerId, from: &str, (what, format): (AccessKind, &str)) -> AccessEntry {
        AccessEntry {
            at: self.inner.clock.now(),
            worker_id: worker,
            on_behalf_of: None,
            made_for: String::new(),
            family_id: None,
            meeting_id: None,
            record_id: None,
            what,
            format: format.to_owned(),
            allowed_by: String::new(),
            approved_by: String::new(),
            address: from.to_owned(),
        }
    }
}

/// The line of an event that changes rights; `None` for the others.
fn line_of(event: SecurityEvent) -> Option<RightsLine> {
    let line = |by, whose, family, words: String| Some(RightsLine { by, whose, family, words });
    match event {
        SecurityEvent::RoleGiven { by, whose, role } => {
            line(by, Some(whose), None, format!("gave the role {}", role.title()))
        }
        SecurityEvent::RoleEnded { by, whose, role } => {
            line(by, Some(whose), None, format!("ended the role {}", role.title()))
        }
        SecurityEvent::Account { by, whose, what } => {
            line(by, Some(whose), None, format!("account: {}", what.word().replace('_', " ")))
        }
        SecurityEvent::Renamed { by, whose } => line(Some(by), Some(whose), None, "changed the name of".to_owned()),
        SecurityEvent::Allocated { by, whose, family } => line(Some(by), whose, Some(family), "allocated".to_owned()),
        SecurityEvent::AllocationEnded { by, whose, family } => {
            line(Some(by), whose, Some(family), "ended the allocation of".to_owned())
        }
        SecurityEvent::FamilyLocked { by, family } => {
            line(Some(by), None, Some(family), "locked the family, or changed for whom it is open".to_owned())
        }
        SecurityEvent::FamilyUnlocked { by, family } => line(by, None, Some(family), "unlocked the family".to_owned()),
        SecurityEvent::SignedIn(..)
        | SecurityEvent::SignedOut(_)
        | SecurityEvent::IdentityConfirmed(_)
        | SecurityEvent::ProviderFailed
        | SecurityEvent::ForeignRequest
        | SecurityEvent::SignInRefused { .. }
        | SecurityEvent::RoleRefused { .. }
        | SecurityEvent::Started(_)
        | SecurityEvent::SignInWaits
        | SecurityEvent::FactorAwaited(_)
        | SecurityEvent::LinkRefused
        | SecurityEvent::AnothersPage(_)
        | SecurityEvent::TooManyChanges(_)
        | SecurityEvent::HandMadeWords(_)
        | SecurityEvent::NotShown { .. }
        | SecurityEvent::GroupsMissing(_)
        | SecurityEvent::FamilyOpened { .. }
        | SecurityEvent::ConfidentialLook { .. }
        | SecurityEvent::Refused { .. }
        | SecurityEvent::LookWaits { .. } => None,
    }
}
