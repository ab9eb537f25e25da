//! The fields of a meeting's form, each read once as what it is.

use domain::dates;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

/// A field, and what is wrong with it.
pub type Wrong = (&'static str, String);

/// What a form sent, by field. Fields that come several times hold all their values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FormFields(BTreeMap<String, Value>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Value {
    One(String),
    Many(Vec<String>),
    /// As the form's encoding has fields named "who[0]", "who[1]".
    Numbered(BTreeMap<String, String>),
}

impl FormFields {
    /// A field's text; empty where the form has no such field.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        if let Some(Value::One(text)) = self.0.get(name) { text } else { "" }
    }

    /// Every field with one value, to be shown again in a refused form.
    #[must_use]
    pub fn texts(&self) -> BTreeMap<String, String> {
        let one = |(name, value): (&String, &Value)| match value {
            Value::One(text) => Some((name.clone(), text.clone())),
            Value::Many(_) | Value::Numbered(_) => None,
        };
        self.0.iter().filter_map(one).collect()
    }

    /// Sets a field; for tests.
    #[must_use]
    pub fn with(mut self, name: &str, text: &str) -> Self {
        self.0.insert(name.to_owned(), Value::One(text.to_owned()));
        self
    }
}

/// Reads a form's fields. [`FieldReader::finish`] refuses a form with a field that no act of its kind has.
pub struct FieldReader<'a> {
    fields: &'a FormFields,
    read: BTreeSet<&'static str>,
}

/// A word that no page of this version sends. It is never taken for another.
pub fn out_of_date(field: &'static str) -> Wrong {
    (field, "This page is out of date. Reload it and try again.".to_owned())
}

impl<'a> FieldReader<'a> {
    /// Reads `fields`; the meeting, the act, the command's id, the form and the heading it was pressed under are read
    /// elsewhere.
    #[must_use]
    pub fn of(fields: &'a FormFields) -> Self {
        Self { fields, read: BTreeSet::from(["meeting", "act", "command", "form", "heading"]) }
    }

    /// A text as it was typed.
    pub fn text(&mut self, name: &'static str) -> String {
        self.word(name).to_owned()
    }

    /// A word, without what is around it.
    pub fn word(&mut self, name: &'static str) -> &'a str {
        self.read.insert(name);
        self.fields.text(name)
    }

    /// A text that means nothing where it is blank.
    pub fn given(&mut self, name: &'static str) -> Option<&'a str> {
        Some(self.word(name)).filter(|text| !text.trim().is_empty())
    }

    /// An id.
    ///
    /// # Errors
    /// Where it is none.
    pub fn id<T: FromStr>(&mut self, name: &'static str) -> Result<T, Wrong> {
        id(name, self.word(name))
    }

    /// An id, or none.
    ///
    /// # Errors
    /// Where something stands there that is no id.
    pub fn id_or_none<T: FromStr>(&mut self, name: &'static str) -> Result<Option<T>, Wrong> {
        self.given(name).map(|text| id(name, text)).transpose()
    }

    /// An id that somebody chooses; `message` where they did not.
    ///
    /// # Errors
    /// Where nothing was chosen.
    pub fn chosen<T: FromStr>(&mut self, name: &'static str, message: &str) -> Result<T, Wrong> {
        self.word(name).parse().map_err(|_| (name, message.to_owned()))
    }

    /// A number that the page put there.
    ///
    /// # Errors
    /// Where it is none.
    pub fn number<T: FromStr>(&mut self, name: &'static str) -> Result<T, Wrong> {
        self.word(name).trim().parse().map_err(|_| out_of_date(name))
    }

    /// One of several words; `message` where it is none of them.
    ///
    /// # Errors
    /// Where it is none of them.
    pub fn choice<T>(
        &mut self, name: &'static str, choose: impl FnOnce(&str) -> Option<T>, message: &str,
    ) -> Result<T, Wrong> {
        choose(self.word(name)).ok_or_else(|| (name, message.to_owned()))
    }

    /// Several values.
    pub fn several(&mut self, name: &'static str) -> Vec<&'a str> {
        self.read.insert(name);
        let all: Vec<&str> = match self.fields.0.get(name) {
            None => Vec::new(),
            Some(Value::One(one)) => vec![one],
            Some(Value::Many(many)) => many.iter().map(String::as_str).collect(),
            Some(Value::Numbered(numbered)) => numbered.values().map(String::as_str).collect(),
        };
        all.into_iter().filter(|text| !text.is_empty()).collect()
    }

    /// Several values with their numbers: those of one row of a form have the same in each of its fields.
    pub fn numbered(&mut self, name: &'static str) -> BTreeMap<String, &'a str> {
        self.read.insert(name);
        let all: BTreeMap<String, &str> = match self.fields.0.get(name) {
            None => BTreeMap::new(),
            Some(Value::One(one)) => BTreeMap::from([(String::new(), one.as_str())]),
            Some(Value::Many(many)) => {
                many.iter().enumerate().map(|(at, text)| (at.to_string(), text.as_str())).collect()
            }
            Some(Value::Numbered(numbered)) => numbered.iter().map(|(at, text)| (at.clone(), text.as_str())).collect(),
        };
        all.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect()
    }

    /// Several ids.
    ///
    /// # Errors
    /// Where one is none.
    pub fn ids<T: FromStr + Ord>(&mut self, name: &'static str) -> Result<BTreeSet<T>, Wrong> {
        self.several(name).into_iter().map(|text| id(name, text)).collect()
    }

    /// A day that somebody typed, from today on.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn due(&mut self, name: &'static str, today: chrono::NaiveDate) -> Result<Option<chrono::NaiveDate>, Wrong> {
        self.given(name).map(|text| dates::due(text, today).map_err(|error| (name, error.to_string()))).transpose()
    }

    /// Ends reading.
    ///
    /// # Errors
    /// Where the form has a field that was not read.
    pub fn finish(self) -> Result<(), Wrong> {
        let was_read = |name: &String| self.read.contains(name.as_str());
        if self.fields.0.keys().all(was_read) { Ok(()) } else { Err(out_of_date("")) }
    }
}

pub(super) fn id<T: FromStr>(field: &'static str, text: &str) -> Result<T, Wrong> {
    text.parse().map_err(|_| (field, "That is not here any more. Reload the page and choose again.".to_owned()))
}
