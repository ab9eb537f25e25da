//! What is wrong with a form, field by field.

use crate::ServiceError;
use chrono::NaiveDate;
use domain::dates;

/// Collects a form's errors field by field.
#[derive(Debug, Default)]
pub(crate) struct FormErrors(Vec<(String, String)>);

impl FormErrors {
    pub(crate) fn text(&mut self, field: &str, label: &str, value: &str, limit: usize, needed: bool) -> String {
        let text = domain::prose::clean(value).split_whitespace().collect::<Vec<_>>().join(" ");
        let length = text.chars().count();
        if needed && text.is_empty() {
            self.0.push((field.to_owned(), format!("{label} is empty. Fill it in.")));
        }
        if length > limit {
            self.0.push((field.to_owned(), format!("{label} has {length} characters; {limit} fit.")));
        }
        text
    }

    pub(crate) fn date(&mut self, field: &str, value: &str) -> Option<NaiveDate> {
        if value.trim().is_empty() {
            return None;
        }
        dates::parse(value).map_err(|error| self.0.push((field.to_owned(), error.to_string()))).ok()
    }

    pub(crate) fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push((field.to_owned(), message.into()));
    }

    pub(crate) fn done(self) -> Result<(), ServiceError> {
        if self.0.is_empty() { Ok(()) } else { Err(ServiceError::Form(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::FormErrors;

    #[test]
    fn a_name_holds_nothing_that_cannot_stand_in_a_document() {
        let mut errors = FormErrors::default();
        assert_eq!(errors.text("name", "The name", " Ada\u{fffe}\0  Okafor ", 120, true), "Ada Okafor");
        errors.text("name", "The name", "\u{ffff}", 120, true);
        assert_eq!(errors.0.len(), 1, "nothing is left");
    }
}
