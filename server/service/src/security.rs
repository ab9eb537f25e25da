//! The security log: who signs in, who is refused, what changes in accounts, roles and rights. Lines carry ids and network
//! addresses, and no person's name, so that they may go to a council's log collection.

use domain::status::{AccountAct, Role};
use domain::{FamilyId, WorkerId};
use std::fmt::Display;

/// The target by which a subscriber tells these lines from the others.
pub const TARGET: &str = "caseround::security";

/// By what somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// A password alone.
    Password,
    /// A password and a code.
    SecondFactor,
    /// A password and one of the codes for a lost second factor.
    RecoveryCode,
    /// An identity provider.
    Provider,
    /// A guest's one-time code.
    OneTimeCode,
}

impl How {
    /// The one that is written so.
    pub(crate) fn of(word: &str) -> Option<Self> {
        [Self::Password, Self::SecondFactor, Self::RecoveryCode, Self::Provider, Self::OneTimeCode]
            .into_iter()
            .find(|how| how.word() == word)
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::SecondFactor => "second_factor",
            Self::RecoveryCode => "recovery_code",
            Self::Provider => "provider",
            Self::OneTimeCode => "one_time_code",
        }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, Copy)]
pub enum SecurityEvent {
    /// Somebody signed in.
    SignedIn(WorkerId, How),
    /// An identity provider did not answer, or its answer could not be trusted.
    ProviderFailed,
    /// A request that would change something came from another site's page.
    ForeignRequest,
    /// A sign-in that was refused, for an account that is there or for none.
    SignInRefused {
        /// Whose account.
        whose: Option<WorkerId>,
        /// What was not right: "password", "code", or "provider" for what an identity provider said.
        what: &'static str,
    },
    /// A server began with these settings: the beginning of the hash over the settings file and its templates.
    Started([u8; 8]),
    /// A try that has to wait after wrong ones.
    SignInWaits,
    /// A right password, whose second factor is still to come.
    FactorAwaited(WorkerId),
    /// A link of an invitation or for a new password that works no more, or never did.
    LinkRefused,
    /// A page sent something in the name of somebody who is not signed in there any more.
    AnothersPage(WorkerId),
    /// Somebody changed more in a moment than a person can; said once until they are in time again.
    TooManyChanges(WorkerId),
    /// Words came that no page of ours makes.
    HandMadeWords(WorkerId),
    /// Somebody who is signed in asked for something that is not there or not theirs, and is no family's or record's.
    NotShown {
        /// Who.
        by: WorkerId,
        /// Of what kind: the first word of the address.
        what: &'static str,
    },
    /// Somebody who is signed in gave their password again.
    IdentityConfirmed(WorkerId),
    /// Somebody signed out, here or in another of their browsers.
    SignedOut(WorkerId),
    /// Something was done with an account.
    Account {
        /// By whom; none for a technician's command.
        by: Option<WorkerId>,
        /// Whose.
        whose: WorkerId,
        /// What.
        what: AccountAct,
    },
    /// A role was given.
    RoleGiven {
        /// By whom; none for a technician's command or a group at an identity provider.
        by: Option<WorkerId>,
        /// To whom.
        whose: WorkerId,
        /// Which.
        role: Role,
    },
    /// A role was ended.
    RoleEnded {
        /// By whom; none where a group at an identity provider gave it, and is gone.
        by: Option<WorkerId>,
        /// Whose.
        whose: WorkerId,
        /// Which.
        role: Role,
    },
    /// Somebody signed in at an identity provider that was to send their groups, and sent none.
    GroupsMissing(WorkerId),
    /// A worker's name was changed.
    Renamed {
        /// By whom.
        by: WorkerId,
        /// Whose.
        whose: WorkerId,
    },
    /// Somebody was allocated to a family, or an end of it was taken back.
    Allocated {
        /// By whom.
        by: WorkerId,
        /// Whose; none for somebody who is not known here.
        whose: Option<WorkerId>,
        /// To which.
        family: FamilyId,
    },
    /// Somebody's allocation to a family was ended.
    AllocationEnded {
        /// By whom.
        by: WorkerId,
        /// Whose; none for somebody who is not known here.
        whose: Option<WorkerId>,
        /// To which.
        family: FamilyId,
    },
    /// A family was opened with a reason.
    FamilyOpened {
        /// By whom.
        by: WorkerId,
        /// Which.
        family: FamilyId,
    },
    /// Something was done about a confidential look.
    ConfidentialLook {
        /// By whom.
        by: WorkerId,
        /// At which family.
        family: FamilyId,
        /// "asked", "agreed", "refused", "opened", "reviewed".
        what: &'static str,
    },
    /// A family was locked, or its names changed.
    FamilyLocked {
        /// By whom.
        by: WorkerId,
        /// Which.
        family: FamilyId,
    },
    /// A family was unlocked.
    FamilyUnlocked {
        /// By whom; none for a technician's command.
        by: Option<WorkerId>,
        /// Which.
        family: FamilyId,
    },
    /// Somebody tried to give a role that is not theirs to give, to themselves or to somebody else.
    RoleRefused {
        /// Who.
        by: WorkerId,
        /// To whom.
        whose: WorkerId,
        /// Which.
        role: Role,
    },
    /// Somebody asked for a family that is not theirs to see.
    Refused {
        /// Who.
        by: WorkerId,
        /// Which.
        family: FamilyId,
        /// What of it: the page's word, "form" or "opening".
        what: &'static str,
    },
    /// A look in an open meeting could not be written into the access log yet.
    LookWaits {
        /// Whose.
        by: WorkerId,
        /// At which family.
        family: FamilyId,
    },
}

impl SecurityEvent {
    /// The word a rule of a log collection looks for.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SignedIn(..) => "signed_in",
            Self::ProviderFailed => "provider_failed",
            Self::ForeignRequest => "request_of_another_site",
            Self::SignInRefused { .. } => "sign_in_refused",
            Self::SignInWaits => "sign_in_waits",
            Self::FactorAwaited(_) => "second_factor_awaited",
            Self::LinkRefused => "link_refused",
            Self::AnothersPage(_) => "page_of_another_person",
            Self::TooManyChanges(_) => "too_many_changes",
            Self::HandMadeWords(_) => "hand_made_words",
            Self::NotShown { .. } => "not_shown",
            Self::IdentityConfirmed(_) => "identity_confirmed",
            Self::SignedOut(_) => "signed_out",
            Self::Account { what, .. } => match what {
                AccountAct::Given => "account_given",
                AccountAct::Linked => "account_link_made",
                AccountAct::Chosen => "password_chosen",
                AccountAct::Changed => "password_changed",
                AccountAct::Ended => "account_ended",
                AccountAct::Moved => "account_address_changed",
                AccountAct::FactorSet => "second_factor_set",
                AccountAct::CodesMade => "recovery_codes_made",
                AccountAct::FactorRemoved => "second_factor_removed",
                AccountAct::IdentityLinked => "identity_linked",
                AccountAct::IdentityRemoved => "identity_removed",
                AccountAct::GuestInvited => "guest_code_made",
                AccountAct::GuestTakenBack => "guest_invitation_taken_back",
                AccountAct::Merged => "account_merged",
                AccountAct::Separated => "account_separated",
                AccountAct::DisciplineChanged => "discipline_with_rights_changed",
            },
            Self::RoleGiven { .. } => "role_given",
            Self::RoleEnded { .. } => "role_ended",
            Self::GroupsMissing(_) => "provider_sent_no_groups",
            Self::Renamed { .. } => "name_changed",
            Self::Allocated { .. } => "allocated",
            Self::AllocationEnded { .. } => "allocation_ended",
            Self::FamilyOpened { .. } => "family_opened_with_reason",
            Self::ConfidentialLook { .. } => "confidential_look",
            Self::FamilyLocked { .. } => "family_locked",
            Self::FamilyUnlocked { .. } => "family_unlocked",
            Self::Refused { .. } => "family_refused",
            Self::RoleRefused { .. } => "role_refused",
            Self::Started(_) => "started",
            Self::LookWaits { .. } => "look_not_written_yet",
        }
    }

    /// Whether somebody should look: a refusal, or what could not be written.
    const fn warns(self) -> bool {
        matches!(
            self,
            Self::SignInRefused { .. }
                | Self::SignInWaits
                | Self::LinkRefused
                | Self::AnothersPage(_)
                | Self::TooManyChanges(_)
                | Self::HandMadeWords(_)
                | Self::NotShown { .. }
                | Self::GroupsMissing(_)
                | Self::ProviderFailed
                | Self::ForeignRequest
                | Self::Refused { .. }
                | Self::RoleRefused { .. }
                | Self::LookWaits { .. }
        )
    }
}

/// Writes a line. `from`: the network address; empty where there is none.
pub fn tell(event: SecurityEvent, from: &str) {
    let (mut by, mut whose, mut family, mut role, mut how, mut what) = (None, None, None, None, None, None);
    let mut settings = None;
    match event {
        SecurityEvent::SignedIn(worker, by_what) => (by, how) = (Some(worker), Some(by_what.word())),
        SecurityEvent::IdentityConfirmed(worker)
        | SecurityEvent::SignedOut(worker)
        | SecurityEvent::FactorAwaited(worker)
        | SecurityEvent::AnothersPage(worker)
        | SecurityEvent::TooManyChanges(worker)
        | SecurityEvent::HandMadeWords(worker)
        | SecurityEvent::GroupsMissing(worker) => by = Some(worker),
        SecurityEvent::NotShown { by: who, what: kind } => (by, what) = (Some(who), Some(kind)),
        SecurityEvent::SignInRefused { whose: of, what: wrong } => (whose, what) = (of, Some(wrong)),
        SecurityEvent::Started(hash) => settings = Some(hex::encode(hash)),
        SecurityEvent::SignInWaits
        | SecurityEvent::LinkRefused
        | SecurityEvent::ProviderFailed
        | SecurityEvent::ForeignRequest => {}
        SecurityEvent::Account { by: who, whose: of, .. } => (by, whose) = (who, Some(of)),
        SecurityEvent::RoleGiven { by: who, whose: of, role: which }
        | SecurityEvent::RoleEnded { by: who, whose: of, role: which } => {
            (by, whose, role) = (who, Some(of), Some(which.word()));
        }
        SecurityEvent::RoleRefused { by: who, whose: of, role: which } => {
            (by, whose, role) = (Some(who), Some(of), Some(which.word()));
        }
        SecurityEvent::Allocated { by: who, whose: of, family: which }
        | SecurityEvent::AllocationEnded { by: who, whose: of, family: which } => {
            (by, whose, family) = (Some(who), of, Some(which));
        }
        SecurityEvent::ConfidentialLook { by: who, family: which, what: did } => {
            (by, family, what) = (Some(who), Some(which), Some(did));
        }
        SecurityEvent::FamilyUnlocked { by: who, family: which } => (by, family) = (who, Some(which)),
        SecurityEvent::Renamed { by: who, whose: of } => (by, whose) = (Some(who), Some(of)),
        SecurityEvent::FamilyOpened { by: who, family: which }
        | SecurityEvent::FamilyLocked { by: who, family: which }
        | SecurityEvent::LookWaits { by: who, family: which } => (by, family) = (Some(who), Some(which)),
        SecurityEvent::Refused { by: who, family: which, what: part } => {
            (by, family, what) = (Some(who), Some(which), Some(part));
        }
    }
    let shown = |id: Option<&dyn Display>| id.map(ToString::to_string);
    let by = shown(by.as_ref().map(|id| id as &dyn Display));
    let whose = shown(whose.as_ref().map(|id| id as &dyn Display));
    let family = shown(family.as_ref().map(|id| id as &dyn Display));
    let from = (!from.is_empty()).then_some(from);
    let word = event.word();
    if event.warns() {
        tracing::warn!(target: TARGET, event = word, by, whose, family, role, how, what, settings, from);
    } else {
        tracing::info!(target: TARGET, event = word, by, whose, family, role, how, what, settings, from);
    }
}
