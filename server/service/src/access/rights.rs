//! What stands in both logs: that somebody signed in, and whose rights were changed.

use super::AccessEntry;
use crate::security::{SecurityEvent, tell};
use crate::{Service, ServiceError};
use domain::status::AccessKind;
use domain::{FamilyId, WorkerId};

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
    /// Writes a sign-in or a change of rights into the security log and the access log. A change that cannot be written into the
    /// access log has happened all the same: it is held and written later.
    ///
    /// # Errors
    /// Where a sign-in cannot be written down: nobody is signed in then.
    pub(crate) async fn log(&self, event: SecurityEvent, from: &str) -> Result<(), ServiceError> {
        tell(event, from);
        let entry = match event {
            SecurityEvent::SignedIn(worker, how) => AccessEntry {
                allowed_by: "their own account".to_owned(),
                ..self.entry_of_no_family(worker, from, (AccessKind::SignedIn, how.word()))
            },
            event => match line_of(event) {
                Some(line) => self.rights_entry(&line, from).await?,
                None => return Ok(()),
            },
        };
        let signs_in = entry.what == AccessKind::SignedIn;
        let written = self.write_accesses(std::slice::from_ref(&entry)).await;
        if !signs_in && let Err(error) = &written {
            tracing::error!(%error, "a change of rights could not be written into the access log yet");
            self.inner.looks.hold(vec![entry]);
            return Ok(());
        }
        written
    }

    async fn rights_entry(&self, line: &RightsLine, from: &str) -> Result<AccessEntry, ServiceError> {
        let directory = self.directory().await?;
        let name =
            |worker: Option<WorkerId>| worker.map(|worker| directory.name(worker).to_owned()).unwrap_or_default();
        let allowed_by = match line.by {
            None => "a technician, or a group at an identity provider".to_owned(),
            Some(by) if line.whose == Some(by) => "their own".to_owned(),
            Some(by) => {
                let viewer = self.viewer(by).await?;
                let standing = match (viewer.administers, viewer.is_manager()) {
                    (true, _) => "is administrator",
                    (false, true) => "manages a team",
                    (false, false) => "serves a team",
                };
                standing.to_owned()
            }
        };
        // What a technician or a group has done stands beside whose it is.
        let worker = line.by.or(line.whose).ok_or_else(|| ServiceError::Setup("nobody changed rights".to_owned()))?;
        Ok(AccessEntry {
            made_for: name(line.whose),
            family_id: line.family,
            allowed_by,
            ..self.entry_of_no_family(worker, from, (AccessKind::Rights, &line.words))
        })
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
        SecurityEvent::DisciplineChanged { by, whose } => {
            line(Some(by), Some(whose), None, "changed to or from a discipline that comes with rights".to_owned())
        }
        SecurityEvent::Allocated { by, whose, family } => line(Some(by), whose, Some(family), "allocated".to_owned()),
        SecurityEvent::AllocationEnded { by, whose, family } => {
            line(Some(by), whose, Some(family), "ended the allocation of".to_owned())
        }
        SecurityEvent::FamilyLocked { by, family } => {
            line(Some(by), None, Some(family), "locked the family, or changed for whom it is open".to_owned())
        }
        SecurityEvent::FamilyUnlocked { by: Some(by), family } => {
            line(Some(by), None, Some(family), "unlocked the family".to_owned())
        }
        // A technician is no worker: the security log has it.
        SecurityEvent::FamilyUnlocked { by: None, .. } => None,
        SecurityEvent::SignedIn(..)
        | SecurityEvent::SignedOut(_)
        | SecurityEvent::IdentityConfirmed(_)
        | SecurityEvent::ProviderFailed
        | SecurityEvent::ForeignRequest
        | SecurityEvent::SignInRefused(_)
        | SecurityEvent::SignInWaits
        | SecurityEvent::GroupsMissing(_)
        | SecurityEvent::FamilyOpened { .. }
        | SecurityEvent::Refused { .. }
        | SecurityEvent::LookWaits { .. } => None,
    }
}
