//! A family's safety plan: where it is safe to reach whom, what worries, what helps, what is done if something happens, and
//! who of the family and its friends helps. One plan for each family, for everybody who works with it: it must be found at night.

use crate::PersonId;
use crate::dates::plain_date;
use crate::meeting::refusal::{Refusal, short};
use crate::record::Named;
use crate::status::words;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest text of a part, in characters.
pub const LONGEST_PART: usize = 2000;
/// The longest line of a list, in characters.
pub const LONGEST_LINE: usize = 300;
/// The most lines of a list.
pub const MOST_LINES: usize = 12;

words! {
    /// How far a meeting has come in which a family makes a plan of its own.
    #[derive(Default)]
    FamilyMeetingState {
        /// Nobody has offered it.
        #[default]
        NotOffered = "not_offered",
        /// It was offered.
        Offered = "offered",
        /// The family wants it.
        Accepted = "accepted",
        /// The family does not want it.
        Declined = "declined",
        /// It was held.
        Held = "held",
        /// It would not be in the children's interests.
        NotInInterests = "not_in_interests",
    }
}

impl FamilyMeetingState {
    /// "not offered yet", "held".
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NotOffered => "not offered yet",
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Declined => "declined by the family",
            Self::Held => "held",
            Self::NotInInterests => "not in the children’s interests",
        }
    }

    /// Whether its day has come: it was offered, answered or held then.
    #[must_use]
    pub const fn has_been(self) -> bool {
        !matches!(self, Self::NotOffered)
    }
}

/// What stands in the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafetyPlan {
    /// Where, when and how it is safe to reach whom.
    pub contact: BTreeMap<PersonId, String>,
    /// What worries.
    pub worries: String,
    /// What helps: protective factors.
    pub helps: String,
    /// What is done if something happens.
    pub if_then: Vec<IfThen>,
    /// Who of the family and its friends helps.
    pub network: Vec<Helper>,
    /// Whether the family was offered a meeting of its own, and what came of it.
    pub family_meeting: FamilyMeeting,
}

/// What is done if something happens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IfThen {
    /// "she does not come to nursery".
    pub happens: String,
    /// "nursery rings Josephine, and Nan fetches her".
    pub then: String,
}

/// Somebody of the family's network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Helper {
    /// "Nan", "Mrs Bramble next door".
    pub name: String,
    /// What they do. May be empty.
    pub does: String,
}

/// A meeting in which the family makes a plan of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyMeeting {
    /// How far it has come.
    pub state: FamilyMeetingState,
    /// The day of that.
    pub on: Option<NaiveDate>,
    /// A word why. May be empty.
    pub why: String,
}

/// The plan as it stands, and who wrote it last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenSafetyPlan {
    /// What stands in it.
    pub plan: SafetyPlan,
    /// Who changed it last.
    pub by: Named,
    /// When.
    pub at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub revision: i64,
}

impl IfThen {
    /// "If she does not come to nursery: nursery rings Josephine".
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("If {}: {}", self.happens, self.then)
    }
}

impl Helper {
    /// "Nan: fetches the children on Fridays".
    #[must_use]
    pub fn in_words(&self) -> String {
        if self.does.is_empty() { self.name.clone() } else { format!("{}: {}", self.name, self.does) }
    }
}

impl FamilyMeeting {
    /// "accepted on 3 November 2026: Nan hosts it"; none where nobody has said anything.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        let on = self.on.map(|on| format!(" on {}", plain_date(on))).unwrap_or_default();
        let why = if self.why.is_empty() { String::new() } else { format!(": {}", self.why) };
        (*self != Self::default()).then(|| format!("{}{on}{why}", self.state.title()))
    }
}

impl SafetyPlan {
    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The plan as it is kept: cleaned, without empty lines, within its limits.
    ///
    /// # Errors
    /// What is wrong, by field of the form: "worries", "happens-2".
    pub fn checked(self, today: NaiveDate) -> Result<Self, Vec<(String, Refusal)>> {
        let mut wrong = Vec::new();
        let mut line = |field: String, label: &str, text: &str, limit: usize| {
            short(label, text, limit).map_err(|refusal| wrong.push((field, refusal))).unwrap_or_default()
        };
        let worries = line("worries".to_owned(), "What worries", &self.worries, LONGEST_PART);
        let helps = line("helps".to_owned(), "What helps", &self.helps, LONGEST_PART);
        let contact = self.contact.iter().map(|(person, text)| {
            (*person, line(format!("contact-{person}"), "How to reach them", text, LONGEST_LINE))
        });
        let contact: BTreeMap<_, _> = contact.filter(|(_, text)| !text.is_empty()).collect();
        let if_then = self.if_then.iter().enumerate().map(|(at, row)| IfThen {
            happens: line(format!("happens-{at}"), "If", &row.happens, LONGEST_LINE),
            then: line(format!("then-{at}"), "Then", &row.then, LONGEST_LINE),
        });
        let if_then: Vec<IfThen> = if_then.collect();
        let network = self.network.iter().enumerate().map(|(at, row)| Helper {
            name: line(format!("helper-{at}"), "Who helps", &row.name, LONGEST_LINE),
            does: line(format!("does-{at}"), "What they do", &row.does, LONGEST_LINE),
        });
        let network: Vec<Helper> = network.collect();
        let why = line("why".to_owned(), "Why", &self.family_meeting.why, LONGEST_LINE);
        for (at, row) in if_then.iter().enumerate().filter(|(_, row)| row.happens.is_empty() != row.then.is_empty()) {
            let (field, missing) = if row.happens.is_empty() { ("happens", "If") } else { ("then", "Then") };
            wrong.push((format!("{field}-{at}"), Refusal::empty(missing, "Fill it in, or empty the other half.")));
        }
        for (at, _) in network.iter().enumerate().filter(|(_, row)| row.name.is_empty() && !row.does.is_empty()) {
            wrong.push((format!("helper-{at}"), Refusal::empty("Who helps", "Write who does this.")));
        }
        let family_meeting = FamilyMeeting { why, ..self.family_meeting };
        if let Some(on) = family_meeting.on.filter(|on| family_meeting.state.has_been() && *on > today) {
            wrong.push(("meeting-on".to_owned(), Refusal::Unusable(format!("{} is still to come.", plain_date(on)))));
        }
        let (if_then, network): (Vec<IfThen>, Vec<Helper>) = (
            if_then.into_iter().filter(|row| !row.happens.is_empty()).collect(),
            network.into_iter().filter(|row| !row.name.is_empty()).collect(),
        );
        for (field, lines) in [("happens-0", if_then.len()), ("helper-0", network.len())] {
            if lines > MOST_LINES {
                let message = format!("{lines} lines are too many to read at night; {MOST_LINES} fit.");
                wrong.push((field.to_owned(), Refusal::Unusable(message)));
            }
        }
        let plan = Self { contact, worries, helps, if_then, network, family_meeting };
        if wrong.is_empty() { Ok(plan) } else { Err(wrong) }
    }

    /// The plan with what somebody changed who began from `base`, where it reads `self` by now: part by part, so that two who
    /// change different parts hold nobody up. `over`: whether whoever typed has seen what stands here, and theirs is to stand
    /// where both changed one part.
    ///
    /// # Errors
    /// Where both changed one part unseen: its field, and what stands there.
    pub fn changed(&self, base: &Self, typed: &Self, over: bool) -> Result<Self, Vec<(String, String)>> {
        let mut both = Vec::new();
        let mut clash = |field: &str, now: String| both.push((field.to_owned(), now));
        let mut contact = BTreeMap::new();
        for person in self.contact.keys().chain(typed.contact.keys()) {
            let of = |plan: &Self| plan.contact.get(person).cloned().unwrap_or_default();
            let text = one_of(&of(base), &of(typed), &of(self), over).unwrap_or_else(|| {
                clash(&format!("contact-{person}"), of(self));
                of(self)
            });
            contact.extend(Some((*person, text)).filter(|(_, text)| !text.is_empty()));
        }
        let lines = |lines: Vec<String>| lines.join("; ");
        macro_rules! part {
            ($field:ident, $name:literal, $now:expr) => {
                one_of(&base.$field, &typed.$field, &self.$field, over).unwrap_or_else(|| {
                    clash($name, $now);
                    self.$field.clone()
                })
            };
        }
        let changed = Self {
            contact,
            worries: part!(worries, "worries", self.worries.clone()),
            helps: part!(helps, "helps", self.helps.clone()),
            if_then: part!(if_then, "happens-0", lines(self.if_then.iter().map(IfThen::in_words).collect())),
            network: part!(network, "helper-0", lines(self.network.iter().map(Helper::in_words).collect())),
            family_meeting: part!(family_meeting, "meeting", self.family_meeting.in_words().unwrap_or_default()),
        };
        if both.is_empty() { Ok(changed) } else { Err(both) }
    }
}

/// What a part reads once `typed`, begun from `base`, comes to `now`; none where both changed it and neither goes `over`.
fn one_of<T: Clone + PartialEq>(base: &T, typed: &T, now: &T, over: bool) -> Option<T> {
    if typed == base || typed == now {
        Some(now.clone())
    } else if now == base || over {
        Some(typed.clone())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn row(happens: &str, then: &str) -> IfThen {
        IfThen { happens: happens.into(), then: then.into() }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
    }

    #[test]
    fn empty_lines_are_left_out_and_half_lines_named() {
        let plan = SafetyPlan {
            worries: " He waits at the gate.\0 ".into(),
            if_then: vec![row("", " "), row("he comes", "ring 999")],
            network: vec![Helper::default(), Helper { name: "Nan".into(), does: String::new() }],
            contact: [(PersonId::new(Uuid::from_u128(1)), " ".into())].into(),
            ..SafetyPlan::default()
        };
        let kept = plan.checked(today()).unwrap();
        assert_eq!(kept.worries, "He waits at the gate.");
        assert_eq!((kept.if_then, kept.network.len(), kept.contact.len()), (vec![row("he comes", "ring 999")], 1, 0));
        let fields = |plan: SafetyPlan| -> Vec<String> {
            plan.checked(today()).unwrap_err().into_iter().map(|(field, _)| field).collect()
        };
        let half = vec![row("he comes", ""), row("", "ring 999")];
        assert_eq!(fields(SafetyPlan { if_then: half, ..SafetyPlan::default() }), ["then-0", "happens-1"]);
        let nobody = vec![Helper { name: String::new(), does: "fetches them".into() }];
        assert_eq!(fields(SafetyPlan { network: nobody, ..SafetyPlan::default() }), ["helper-0"]);
        let many = vec![row("a", "b"); MOST_LINES + 1];
        assert_eq!(fields(SafetyPlan { if_then: many, ..SafetyPlan::default() }), ["happens-0"]);
        let held = |on| FamilyMeeting { state: FamilyMeetingState::Held, on, why: String::new() };
        let tomorrow = SafetyPlan { family_meeting: held(today().succ_opt()), ..SafetyPlan::default() };
        assert_eq!(fields(tomorrow), ["meeting-on"]);
        assert_eq!(held(Some(today())).in_words().unwrap(), "held on 24 November 2026");
        assert_eq!(FamilyMeeting::default().in_words(), None);
    }

    #[test]
    fn a_word_comes_back_as_what_it_was_and_another_as_nothing() {
        assert!(FamilyMeetingState::ALL.iter().all(|one| FamilyMeetingState::from_word(one.word()) == Some(*one)));
        assert_eq!(FamilyMeetingState::from_word(""), None);
    }

    #[test]
    fn two_who_change_different_parts_both_have_it() {
        let (one, other) = (PersonId::new(Uuid::from_u128(1)), PersonId::new(Uuid::from_u128(2)));
        let base = SafetyPlan { contact: [(one, "mornings".into())].into(), ..SafetyPlan::default() };
        let now =
            SafetyPlan { worries: "the gate".into(), contact: [(other, "by text".into())].into(), ..base.clone() };
        let typed = SafetyPlan { helps: "Nan".into(), ..base.clone() };
        let both = now.changed(&base, &typed, false).unwrap();
        assert_eq!((both.worries.as_str(), both.helps.as_str()), ("the gate", "Nan"));
        assert_eq!(both.contact, [(other, "by text".to_owned())].into(), "what somebody took out stays out");
        let typed =
            SafetyPlan { worries: "the door".into(), contact: [(one, "evenings".into())].into(), ..base.clone() };
        let over = now.changed(&base, &typed, true).unwrap();
        assert_eq!((over.worries.as_str(), over.contact.len()), ("the door", 2), "once they have seen the other's");
        let clash = now.changed(&base, &typed, false).unwrap_err();
        assert_eq!(clash, [(format!("contact-{one}"), String::new()), ("worries".to_owned(), "the gate".to_owned())]);
        assert_eq!(now.changed(&base, &now, false).unwrap(), now, "the same twice");
    }
}
