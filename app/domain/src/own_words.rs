//! What a child or an adult of a family said, wrote, drew or showed, in their own words: apart from what workers say of them.

use crate::mark::{Marked, Own};
use crate::meeting::refusal::{Refusal, short};
use crate::record::Named;
use crate::status::words;
use crate::{OwnWordsId, PersonId, WorkerId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The longest words of one occasion, in characters.
pub const LONGEST_WORDS: usize = 4000;
/// The longest name of whom they were given to, in characters.
pub const LONGEST_TO: usize = 200;

words! {
    /// How somebody of a family gave what is kept in their own words.
    HowGiven {
        /// They said it.
        Said = "said",
        /// They wrote it.
        Wrote = "wrote",
        /// They sent it as a message.
        Message = "message",
        /// They drew it.
        Drew = "drew",
        /// They showed it without words, as a baby does.
        Showed = "showed",
    }
}

impl HowGiven {
    /// "said", "sent as a message".
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Said => "said",
            Self::Wrote => "written",
            Self::Message => "sent as a message",
            Self::Drew => "drawn",
            Self::Showed => "shown without words",
        }
    }
}

/// What somebody of the family gave in their own words on one occasion, as a worker wrote it down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnWords {
    /// Its id.
    pub id: OwnWordsId,
    /// Whose words they are.
    pub person: PersonId,
    /// Who wrote them down.
    pub by: Named,
    /// When they were written down or last changed.
    pub at: DateTime<Utc>,
    /// What was given; who reads it.
    pub given: Marked<GivenWords>,
    /// Counts the changes, from 1.
    pub revision: i64,
    /// Why whoever wrote them down took them back; none while they stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<String>,
}

/// The words of one occasion, and how they were given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenWords {
    /// The day.
    pub on: NaiveDate,
    /// How.
    pub how: HowGiven,
    /// To whom: "Josephine Slipway", "her teacher". May be empty.
    pub to: String,
    /// The words, or what was drawn or shown. Plain text.
    pub words: String,
    /// The numbers an adult gave with them.
    pub readiness: OwnReadiness,
}

/// An adult's own numbers for a change they talked about, each from 0 to 10: the rulers of motivational interviewing. A worker's
/// guess is none of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnReadiness {
    /// How important the change is to them.
    pub importance: Option<u8>,
    /// How confident they are that they can make it.
    pub confidence: Option<u8>,
    /// How ready they are to begin.
    pub readiness: Option<u8>,
}

impl OwnReadiness {
    /// The highest number.
    pub const HIGHEST: u8 = 10;

    /// Each by its name.
    #[must_use]
    pub const fn all(self) -> [(&'static str, Option<u8>); 3] {
        [("importance", self.importance), ("confidence", self.confidence), ("readiness", self.readiness)]
    }

    /// "importance 8 of 10, confidence 4 of 10"; empty where they gave none.
    #[must_use]
    pub fn in_words(self) -> String {
        let given = self.all().into_iter().filter_map(|(name, number)| Some((name, number?)));
        given.map(|(name, number)| format!("{name} {number} of {}", Self::HIGHEST)).collect::<Vec<_>>().join(", ")
    }
}

impl GivenWords {
    /// The words as they are kept: cleaned, within their limits, of a day that has come. `adult`: whether an adult gave them.
    ///
    /// # Errors
    /// What is wrong, by field.
    pub fn checked(self, adult: bool, today: NaiveDate) -> Result<Self, Vec<(&'static str, Refusal)>> {
        let mut wrong = Vec::new();
        let words = short("What was given", &self.words, LONGEST_WORDS);
        let words = words.map_err(|refusal| wrong.push(("words", refusal))).unwrap_or_default();
        if words.is_empty() && wrong.is_empty() {
            wrong.push(("words", Refusal::empty("What was given", "Write it as it was said, drawn or shown.")));
        }
        if self.on > today {
            let day = crate::dates::plain_date(self.on);
            wrong.push(("on", Refusal::Unusable(format!("{day} is still to come. Write the day it was given."))));
        }
        let to =
            short("To whom", &self.to, LONGEST_TO).map_err(|refusal| wrong.push(("to", refusal))).unwrap_or_default();
        for (field, number) in self.readiness.all() {
            if number.is_some_and(|number| !adult || number > OwnReadiness::HIGHEST) {
                let rule = if adult {
                    "Write a number from 0 to 10, or leave it empty."
                } else {
                    "Only an adult is asked for a number."
                };
                wrong.push((field, Refusal::Unusable(rule.to_owned())));
            }
        }
        if wrong.is_empty() { Ok(Self { words, to, ..self }) } else { Err(wrong) }
    }

    /// "said to Josephine Slipway".
    #[must_use]
    pub fn how_and_to_whom(&self) -> String {
        let (how, to) = (self.how.title(), &self.to);
        match self.how {
            _ if to.is_empty() => how.to_owned(),
            HowGiven::Drew => format!("{how} for {to}"),
            _ => format!("{how} to {to}"),
        }
    }
}

impl OwnWords {
    /// Whether somebody who reads the workbook reads these.
    #[must_use]
    pub fn lets_read(&self, reader: WorkerId) -> bool {
        self.given.mark.lets_read(reader, if self.by.worker == reader { Own::Written } else { Own::No })
    }
}

/// Writes down or changes.
pub(crate) fn write(all: &mut Vec<OwnWords>, written: &OwnWords) {
    match all.iter_mut().find(|other| other.id == written.id) {
        Some(before) => *before = OwnWords { revision: before.revision + 1, ..written.clone() },
        None => all.push(OwnWords { revision: 1, ..written.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn given(words: &str, readiness: OwnReadiness) -> GivenWords {
        let on = NaiveDate::from_ymd_opt(2026, 11, 3).unwrap();
        GivenWords { on, how: HowGiven::Said, to: " Josephine ".into(), words: words.into(), readiness }
    }

    #[test]
    fn words_have_a_day_that_has_come_and_numbers_are_an_adults() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 3).unwrap();
        let none = OwnReadiness::default();
        let kept = given(" I like it \r\nwhen it is quiet\0 ", none).checked(false, today).unwrap();
        assert_eq!((kept.words.as_str(), kept.to.as_str()), ("I like it \nwhen it is quiet", "Josephine"));
        let wrong = |given: GivenWords, adult, today| given.checked(adult, today).unwrap_err()[0].0;
        assert_eq!(wrong(given("\u{fffe}  ", none), false, today), "words", "nothing is left of it");
        assert_eq!(wrong(given(&"x".repeat(LONGEST_WORDS + 1), none), false, today), "words");
        assert_eq!(wrong(given("Yes", none), true, today.pred_opt().unwrap()), "on");
        let eight = OwnReadiness { importance: Some(8), ..none };
        assert!(given("Yes", eight).checked(true, today).is_ok());
        assert_eq!(wrong(given("Yes", eight), false, today), "importance", "nobody asks a child for one");
        let eleven = OwnReadiness { readiness: Some(11), ..none };
        assert_eq!(wrong(given("Yes", eleven), true, today), "readiness");
        assert_eq!(eight.in_words(), "importance 8 of 10");
    }

    #[test]
    fn a_word_comes_back_as_what_it_was_and_another_as_nothing() {
        assert!(HowGiven::ALL.iter().all(|one| HowGiven::from_word(one.word()) == Some(*one)));
        assert_eq!(HowGiven::from_word(""), None);
    }

    #[test]
    fn a_change_keeps_the_place_and_counts() {
        let written = |words: &str| OwnWords {
            id: OwnWordsId::new(Uuid::from_u128(1)),
            person: PersonId::new(Uuid::from_u128(2)),
            by: Named {
                worker: WorkerId::new(Uuid::from_u128(3)),
                name: "Ada".into(),
                discipline: "social worker".into(),
            },
            at: DateTime::UNIX_EPOCH,
            given: Marked::open(given(words, OwnReadiness::default())),
            revision: 0,
            taken_back: None,
        };
        let mut all = Vec::new();
        write(&mut all, &written("one"));
        write(&mut all, &OwnWords { id: OwnWordsId::new(Uuid::from_u128(9)), ..written("other") });
        write(&mut all, &written("two"));
        assert_eq!(
            all.iter().map(|one| (one.given.words.as_str(), one.revision)).collect::<Vec<_>>(),
            [("two", 2), ("other", 1)]
        );
        let mut only = written("two");
        only.given.mark.readers = crate::mark::Readers::Only { workers: [WorkerId::new(Uuid::from_u128(4))].into() };
        let reads = |id| only.lets_read(WorkerId::new(Uuid::from_u128(id)));
        assert!(reads(3) && reads(4) && !reads(5));
    }
}
