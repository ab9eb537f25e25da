//! What the council's case system tells of a child's history: contacts, referrals, enquiries, conferences, orders.
//!
//! Codes are those of the CIN census and of the SSDA903 return; a code that neither has is shown as it is written.

use crate::PersonId;
use crate::status::CaseEventKind;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Something that happened to or for a child, on a day or over a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEvent {
    /// Whose.
    pub child: PersonId,
    /// What kind.
    pub kind: CaseEventKind,
    /// The day, or the first one. A conference that was not held yet has none.
    pub starts: Option<NaiveDate>,
    /// The last day; none where it goes on or is of one day.
    pub ends: Option<NaiveDate>,
    /// By when it was to be held.
    pub due: Option<NaiveDate>,
    /// What it was about, as a code or in words: the need, the order, the milestone.
    pub about: String,
    /// Who made the contact or referral, as a code; the organisation that helped.
    pub from: String,
    /// What came of it, as codes.
    pub outcomes: Vec<String>,
    /// Why it ended, as a code or in words.
    pub ended: String,
}

impl CaseEventKind {
    /// "Section 47 enquiry".
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Contact => "Contact",
            Self::EarlyHelp => "Early help",
            Self::Referral => "Referral",
            Self::Assessment => "Assessment",
            Self::Enquiry => "Section 47 enquiry",
            Self::Conference => "Initial child protection conference",
            Self::Review => "Child protection review",
            Self::LegalStatus => "Legal status",
            Self::Missing => "Missing",
            Self::PreProceedings => "Date in pre-proceedings",
        }
    }

    /// Whether a chronology of significant events has it.
    #[must_use]
    pub const fn is_significant(self) -> bool {
        !matches!(self, Self::Contact | Self::Assessment)
    }
}

impl CaseEvent {
    /// The day it stands at in a chronology; `None` where no date of it is known.
    #[must_use]
    pub fn day(&self) -> Option<NaiveDate> {
        self.starts.or(self.due).or(self.ends)
    }

    /// What is told of it, each as words of its own: "from the police", "came of it: referral".
    #[must_use]
    pub fn details(&self) -> Vec<String> {
        let about = about(self.kind, &self.about);
        let from = match self.kind {
            CaseEventKind::Contact | CaseEventKind::Referral => source(&self.from).map(|from| format!("from {from}")),
            _ => Some(self.from.clone()).filter(|from| !from.is_empty()),
        };
        let ended = (!self.ended.is_empty()).then(|| format!("ended: {}", closing_reason(&self.ended)));
        let (how, came): (Vec<&String>, Vec<&String>) = self.outcomes.iter().partition(|code| is_how(code));
        let came: Vec<String> = came.into_iter().map(|code| outcome(code)).collect();
        let came = (!came.is_empty()).then(|| format!("came of it: {}", came.join(", ")));
        let how = how.into_iter().map(|code| outcome(code));
        [from, about].into_iter().flatten().chain(how).chain([came, ended].into_iter().flatten()).collect()
    }
}

fn about(kind: CaseEventKind, code: &str) -> Option<String> {
    let known = match kind {
        CaseEventKind::Referral => primary_need(code),
        CaseEventKind::LegalStatus => legal_status(code),
        CaseEventKind::Missing => missing(code),
        CaseEventKind::Review => participation(code),
        CaseEventKind::PreProceedings => milestone(code),
        _ => None,
    };
    known.map(str::to_owned).or_else(|| Some(code.to_owned()).filter(|code| !code.is_empty()))
}

/// Who made a contact or a referral. Somebody who wrote as a private person is not told apart from others.
fn source(code: &str) -> Option<&str> {
    Some(match code {
        "" | "10" => return None,
        "1A" | "1B" | "1C" | "1D" | "9" => "an individual",
        "2A" => "a school",
        "2B" => "education services",
        "3A" => "a GP",
        "3B" => "a health visitor",
        "3C" => "a school nurse",
        "3D" => "primary health services",
        "3E" => "accident and emergency",
        "3F" => "health services",
        "4" => "housing",
        "5A" => "social care within the council",
        "5B" => "another service of the council",
        "5C" => "another council",
        "5D" => "early help",
        "6" => "the police",
        "7" => "a court, probation or another legal agency",
        "8" => "another source",
        other => other,
    })
}

/// Primary needs of the CIN census.
fn primary_need(code: &str) -> Option<&'static str> {
    Some(match code {
        "N1" => "abuse, neglect or exploitation",
        "N2" => "the child’s disability or illness",
        "N3" => "a parent’s disability or illness",
        "N4" => "family in acute stress",
        "N5" => "family dysfunction",
        "N6" => "behaviour that worries others",
        "N7" => "low income",
        "N8" => "absent parenting",
        "N9" => "not a child in need",
        "N0" => "need not stated",
        _ => return None,
    })
}

/// Legal statuses of the SSDA903 return.
fn legal_status(code: &str) -> Option<&'static str> {
    Some(match code {
        "C1" => "interim care order",
        "C2" => "full care order",
        "D1" => "freeing order",
        "E1" => "placement order",
        "J1" => "remanded to council accommodation or youth detention",
        "J2" => "in council accommodation under the Police and Criminal Evidence Act",
        "J3" => "youth rehabilitation order with a residence requirement",
        "L1" => "police protection",
        "L2" => "emergency protection order",
        "L3" => "child assessment order",
        "V2" => "accommodated under section 20",
        "V3" | "V4" => "accommodated for short breaks",
        _ => return None,
    })
}

/// Types of missing of the SSDA903 return.
fn missing(code: &str) -> Option<&'static str> {
    Some(match code {
        "M" => "missing",
        "A" => "away without authorisation",
        _ => return None,
    })
}

/// How a child took part in a review (SSDA903).
fn participation(code: &str) -> Option<&'static str> {
    Some(match code {
        "PN0" => "the child was under 4",
        "PN1" => "the child came and spoke",
        "PN2" => "the child came, an advocate spoke",
        "PN3" => "the child came and gave their views without words",
        "PN4" => "the child came and gave no views",
        "PN5" => "the child did not come, an advocate spoke",
        "PN6" => "the child did not come and sent their views",
        "PN7" => "the child did not come and gave no views",
        _ => return None,
    })
}

/// Milestones of pre-proceedings under the Public Law Outline.
fn milestone(code: &str) -> Option<&'static str> {
    Some(match code {
        "decision" => "decision to begin",
        "letter" => "letter before proceedings",
        "meeting" => "first meeting",
        "care_letter" => "letter of issue of care proceedings",
        "step_down" => "agreed to step down",
        _ => return None,
    })
}

/// Reasons of closure of the CIN census.
fn closing_reason(code: &str) -> &str {
    match code {
        "RC1" => "adopted",
        "RC2" => "died",
        "RC3" => "child arrangements order",
        "RC4" => "special guardianship order",
        "RC5" => "moved to another council",
        "RC6" => "moved to adult care",
        "RC7" => "no longer in need, or another reason",
        "RC8" => "closed after assessment",
        "RC9" => "closed after assessment, on to early help",
        other => other,
    }
}

/// Whether a code tells how something was done, and not what came of it.
fn is_how(code: &str) -> bool {
    matches!(code, "CHILD_SEEN" | "CHILD_NOT_SEEN" | "NOT_QUORATE" | "TRANSFER_IN" | "CONTINUES" | "ENDS")
        || code.starts_with("INTERVIEW")
}

/// What came of something: a flag of the dataset as words, "CP_CONFERENCE_FLAG" as "child protection conference".
fn outcome(code: &str) -> String {
    let known = match code.trim_end_matches("_FLAG") {
        "NEW_REFERRAL" => "referral",
        "EXISTING_REFERRAL" => "taken into an open referral",
        "CP_ENQUIRY" => "child protection enquiry",
        "NFA" => "no further action",
        "NON_AGENCY_ADOPTION" => "adoption outside an agency",
        "PRIVATE_FOSTERING" => "private fostering",
        "ADVICE" => "advice",
        "MISSING" => "missing",
        "OLA_CP" => "child protection of another council",
        "SINGLE_ASSESSMENT" => "assessment",
        "STRATEGY_DISCUSSION" => "strategy discussion",
        "CLA_REQUEST" => "request to look after the child",
        "CP_TRANSFER_IN" => "child protection plan taken over",
        "CP_CONFERENCE" => "child protection conference",
        "CARE_LEAVER" => "leaving care",
        "NFA_S47_END" => "enquiry ended, no further action",
        "LEGAL_ACTION" => "legal action",
        "PROV_OF_SERVICES" => "services",
        "PROV_OF_SB_CARE" => "short breaks",
        "SPECIALIST_ASSESSMENT" => "specialist assessment",
        "REFERRAL_TO_OTHER_AGENCY" => "on to another agency",
        "OTHER_ACTIONS" | "OTHER_OUTCOMES_EXIST" => "other actions",
        "NFA_CONTINUE_SINGLE" => "assessment goes on",
        "MONITOR" => "monitoring",
        "CP" => "child protection plan",
        "NO_CP" => "no child protection plan",
        "CONTINUES" => "the plan continues",
        "ENDS" => "the plan ends",
        "NOT_QUORATE" => "not quorate",
        "TRANSFER_IN" => "taken over from another council",
        "INTERVIEW_OFFERED" => "return interview offered",
        "INTERVIEW_NOT_OFFERED" => "no return interview offered",
        "INTERVIEW_ACCEPTED" => "accepted by the child",
        "INTERVIEW_NOT_ACCEPTED" => "not accepted by the child",
        "CHILD_SEEN" => "the child was seen",
        "CHILD_NOT_SEEN" => "the child was not seen",
        other => return other.replace('_', " ").to_lowercase(),
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: CaseEventKind) -> CaseEvent {
        CaseEvent {
            child: PersonId::new(uuid::Uuid::nil()),
            kind,
            starts: None,
            ends: None,
            due: None,
            about: String::new(),
            from: String::new(),
            outcomes: Vec::new(),
            ended: String::new(),
        }
    }

    #[test]
    fn codes_become_words_and_others_stay_as_written() {
        let referral = CaseEvent {
            about: "N1".to_owned(),
            from: "6".to_owned(),
            outcomes: vec!["SINGLE_ASSESSMENT_FLAG".to_owned(), "STRATEGY_DISCUSSION_FLAG".to_owned()],
            ended: "RC7".to_owned(),
            ..event(CaseEventKind::Referral)
        };
        assert_eq!(
            referral.details(),
            [
                "from the police",
                "abuse, neglect or exploitation",
                "came of it: assessment, strategy discussion",
                "ended: no longer in need, or another reason"
            ]
        );
        let order = |code: &str| CaseEvent { about: code.to_owned(), ..event(CaseEventKind::LegalStatus) }.details();
        assert_eq!(order("L2"), ["emergency protection order"]);
        assert_eq!(order("local code 7"), ["local code 7"]);
        let seen = ["PROV_OF_SERVICES", "CHILD_SEEN"].map(str::to_owned).to_vec();
        let assessment = CaseEvent { outcomes: seen, ..event(CaseEventKind::Assessment) };
        assert_eq!(assessment.details(), ["the child was seen", "came of it: services"]);
        let local = CaseEvent { outcomes: vec!["SEEN_BY_GP_FLAG".to_owned()], ..event(CaseEventKind::Contact) };
        assert_eq!(local.details(), ["came of it: seen by gp"]);
    }

    #[test]
    fn nobody_who_reported_as_a_private_person_is_told_apart() {
        for code in ["1A", "1D", "9"] {
            let contact = CaseEvent { from: code.to_owned(), ..event(CaseEventKind::Contact) };
            assert_eq!(contact.details(), ["from an individual"], "{code}");
        }
    }

    #[test]
    fn what_was_not_held_stands_at_the_day_it_was_due() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 4);
        assert_eq!(CaseEvent { due: day, ..event(CaseEventKind::Conference) }.day(), day);
    }
}
