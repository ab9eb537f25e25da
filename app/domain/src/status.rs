//! States that tables and lists carry as one word each. Another word in a table is refused when its row is read.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant),*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in a table.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),*
                }
            }

            /// From the word in a table; `None` for any other.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use words;

words! {
    /// Whether a meeting is still to come.
    MeetingPhase {
        /// To come.
        Planned = "planned",
        /// Now.
        Open = "open",
        /// Over.
        Closed = "closed",
    }
}

words! {
    /// How far a meeting has come with a family.
    SlotProgress {
        /// Not begun.
        Waiting = "waiting",
        /// Now.
        InDiscussion = "in_discussion",
        /// Discussed to its end.
        Finished = "finished",
        /// Put off.
        Postponed = "postponed",
    }
}

words! {
    /// What became of a step.
    StepStatus {
        /// Agreed, not answered.
        Open = "open",
        /// Its owner says that it is not done yet.
        NotDone = "not_done",
        /// A meeting carried it on.
        Carried = "carried",
        /// A meeting let it go.
        Dropped = "dropped",
        /// Done.
        Done = "done",
    }
}

words! {
    /// Where a signed version is on its way to one of the council's systems. In the order in which somebody is needed.
    DeliveryState {
        /// A newer version took its place.
        Withdrawn = "withdrawn",
        /// The system has it.
        Landed = "landed",
        /// It is being handed over.
        Sent = "sent",
        /// It is tried again later.
        Waiting = "waiting",
        /// Nobody can tell whether the system has it.
        Unknown = "unknown",
        /// The system does not take it.
        Failed = "failed",
    }
}

words! {
    /// What kind of plan a child has, as case systems' extracts call it.
    PlanKind {
        /// Child in need (Children Act 1989, section 17).
        InNeed = "cin",
        /// Child protection (section 47).
        Protection = "cp",
        /// Pre-proceedings under the Public Law Outline.
        PreProceedings = "plo",
        /// Looked after by the council (section 22).
        LookedAfter = "cla",
    }
}

words! {
    /// What a case system tells of a child's history.
    CaseEventKind {
        /// Somebody turned to the council about the child.
        Contact = "contact",
        /// Help before or beside social work.
        EarlyHelp = "early_help",
        /// A contact that social work took on, until it was closed.
        Referral = "referral",
        /// A social worker's assessment.
        Assessment = "assessment",
        /// An enquiry whether the child suffers significant harm (Children Act 1989, section 47).
        Enquiry = "enquiry",
        /// The conference that decides on a child protection plan.
        Conference = "conference",
        /// A review of a child protection plan.
        Review = "review",
        /// An order, or another ground on which the child lives where they live.
        LegalStatus = "legal_status",
        /// The child was missing.
        Missing = "missing",
        /// A milestone of pre-proceedings under the Public Law Outline.
        PreProceedings = "pre_proceedings",
    }
}

words! {
    /// What was done with an account.
    AccountAct {
        /// It was given, or given again after it had ended.
        Given = "given",
        /// A one-time link was made to choose a password.
        Linked = "linked",
        /// Its holder chose a password by such a link.
        Chosen = "chosen",
        /// Its holder changed the password.
        Changed = "changed",
        /// It has ended: nobody signs in with it.
        Ended = "ended",
        /// Its address was changed.
        Moved = "moved",
        /// Its holder set up a second factor.
        FactorSet = "factor_set",
        /// Its holder made new recovery codes.
        CodesMade = "codes_made",
        /// Its second factor was removed.
        FactorRemoved = "factor_removed",
        /// It was linked to an identity at a provider: its holder signs in there.
        IdentityLinked = "identity_linked",
        /// It is linked to no identity any more.
        IdentityRemoved = "identity_removed",
        /// A one-time code was made for a guest.
        GuestInvited = "guest_invited",
        /// A guest's invitation was taken back.
        GuestTakenBack = "guest_taken_back",
        /// Its holder signs in with another one of theirs: two entries of one person were merged.
        Merged = "merged",
        /// The two entries were separated again.
        Separated = "separated",
        /// Its holder was given a discipline that comes with rights, or lost one.
        DisciplineChanged = "discipline_changed",
    }
}

words! {
    /// What somebody may do beyond their discipline and their allocations, because somebody gave it to them.
    Role {
        /// Looks after people, accounts, roles and settings; reads no family.
        Administrator = "administrator",
        /// Manages a team for a time.
        Deputy = "deputy",
        /// Works for a time with the families of a colleague who is away.
        Cover = "cover",
        /// Auditor, inspector, information governance: reads what they give a reason for, and changes nothing.
        Reviewer = "reviewer",
        /// Agrees to confidential looks, with another lead, and looks at what was seen.
        Lead = "lead",
    }
}

words! {
    /// As what somebody opened a family that they do not work with.
    OpeningKind {
        /// In an emergency: the manager of the family's team reviews it.
        Emergency = "emergency",
        /// As a reviewer.
        Review = "review",
        /// As who oversees the family's team.
        Oversight = "oversight",
        /// Confidentially, once two leads agreed.
        Confidential = "confidential",
    }
}

words! {
    /// What a lead says of a confidential look.
    LookAnswer {
        /// That it may be opened.
        Agreed = "agreed",
        /// That it may not.
        Refused = "refused",
        /// What they found, once it was.
        Reviewed = "reviewed",
    }
}

words! {
    /// What of a family somebody looked at, or took out; that they signed in; whose rights they changed.
    AccessKind {
        /// The family's workbook.
        Family = "family",
        /// The record of a child.
        Record = "record",
        /// An earlier version of a record.
        Version = "version",
        /// The family's part of a meeting, on its page.
        Meeting = "meeting",
        /// The family's part of a meeting, as it happens.
        Stream = "stream",
        /// Who looked at the family.
        AccessLog = "access_log",
        /// They opened the family for an hour, with a reason.
        Opened = "opened",
        /// They asked for something of the family and were not shown it.
        Refused = "refused",
        /// They signed in.
        SignedIn = "signed_in",
        /// They changed what somebody may do.
        Rights = "rights",
        /// One page of a family for the night.
        Tonight = "tonight",
        /// A copy of a record, looked at before it is made.
        Preview = "preview",
        /// A copy of a record.
        Copy = "copy",
        /// Minutes of a meeting.
        Minutes = "minutes",
        /// A message for an adult of the family.
        Message = "message",
        /// Everything about one child.
        Archive = "archive",
        /// A record, handed over to one of the council's systems.
        Delivery = "delivery",
        /// Somebody noted that they sent a record to somebody who is no user.
        Sent = "sent",
    }
}

/// The highest status a child ever had, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChildStatus {
    /// Known, without a plan.
    NoPlan,
    /// Child in need (Children Act 1989, section 17).
    InNeed,
    /// On a child protection plan (section 47).
    Protection,
    /// In pre-proceedings under the Public Law Outline.
    PreProceedings,
    /// Looked after by the council (section 22).
    LookedAfter,
}

impl ChildStatus {
    /// From the kind of a plan in a case system's extract.
    #[must_use]
    pub const fn of_plan(kind: PlanKind) -> Self {
        match kind {
            PlanKind::InNeed => Self::InNeed,
            PlanKind::Protection => Self::Protection,
            PlanKind::PreProceedings => Self::PreProceedings,
            PlanKind::LookedAfter => Self::LookedAfter,
        }
    }

    /// What people read.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NoPlan => "no plan",
            Self::InNeed => "child in need",
            Self::Protection => "child protection",
            Self::PreProceedings => "pre-proceedings",
            Self::LookedAfter => "looked after",
        }
    }
}

impl Role {
    /// "deputy manager".
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Deputy => "deputy manager",
            Self::Cover => "cover",
            Self::Reviewer => "reviewer",
            Self::Lead => "lead for confidential looks",
        }
    }
}

impl StepStatus {
    /// Whether nobody has to do anything about it any more.
    #[must_use]
    pub const fn settled(self) -> bool {
        matches!(self, Self::Done | Self::Dropped)
    }
}

impl AccessKind {
    /// Those that give something out: the others are looked at where they are.
    pub const OUTPUTS: [Self; 8] = [
        Self::Tonight,
        Self::Preview,
        Self::Copy,
        Self::Minutes,
        Self::Message,
        Self::Archive,
        Self::Delivery,
        Self::Sent,
    ];

    /// Whether something was given out.
    #[must_use]
    pub fn is_output(self) -> bool {
        Self::OUTPUTS.contains(&self)
    }

    /// Whether somebody outside Caseround may have it since.
    #[must_use]
    pub fn left_the_house(self) -> bool {
        self.is_output() && self != Self::Preview
    }
}

impl DeliveryState {
    /// Whether a person has to look.
    #[must_use]
    pub const fn needs_somebody(self) -> bool {
        matches!(self, Self::Failed | Self::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_comes_back_as_what_it_was_and_another_as_nothing() {
        fn holds<T: Copy + PartialEq + std::fmt::Debug>(
            all: &[T], word: fn(T) -> &'static str, from: fn(&str) -> Option<T>,
        ) {
            for one in all {
                assert_eq!(from(word(*one)), Some(*one));
            }
            assert_eq!(from("landet"), None);
            assert_eq!(from(""), None);
        }
        holds(MeetingPhase::ALL, MeetingPhase::word, MeetingPhase::from_word);
        holds(SlotProgress::ALL, SlotProgress::word, SlotProgress::from_word);
        holds(StepStatus::ALL, StepStatus::word, StepStatus::from_word);
        holds(DeliveryState::ALL, DeliveryState::word, DeliveryState::from_word);
        holds(PlanKind::ALL, PlanKind::word, PlanKind::from_word);
        holds(Role::ALL, Role::word, Role::from_word);
        holds(OpeningKind::ALL, OpeningKind::word, OpeningKind::from_word);
        holds(AccessKind::ALL, AccessKind::word, AccessKind::from_word);
    }
}
