//! Finding a family among those a viewer may see.

use crate::workbook::family::FamilyLine;
use crate::{Service, ServiceError};
use domain::viewer::Viewer;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

impl Service {
    /// The families a viewer may see of which every word asked for begins the reference, a part of it, or a first name of
    /// somebody in the family. Accents and case do not count. Nothing for no words.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn search_families(&self, viewer: &Viewer, asked: &str) -> Result<Vec<FamilyLine>, ServiceError> {
        let asked = words(asked);
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let mut families = self.families(viewer).await?;
        families.retain(|family| {
            let family_words: Vec<String> =
                family.names.iter().chain([&family.reference]).flat_map(|name| words(name)).collect();
            asked.iter().all(|word| family_words.iter().any(|own| own.starts_with(word.as_str())))
        });
        Ok(families)
    }
}

/// Words without accents and capitals; "FS-3046" is "fs", "3046" and "fs3046".
fn words(text: &str) -> Vec<String> {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let mut words = Vec::new();
    for whole in plain.split_whitespace() {
        let parts: Vec<&str> = whole.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
        words.extend(parts.iter().map(|part| (*part).to_owned()));
        if parts.len() > 1 {
            words.push(parts.concat());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn accents_case_and_hyphens_do_not_count() {
        assert_eq!(words("FS-3046"), ["fs", "3046", "fs3046"]);
        assert_eq!(words("Siôn  ŁUKASZ"), ["sion", "łukasz"]);
        assert_eq!(words("Zoë-Ann"), ["zoe", "ann", "zoeann"]);
        assert!(words(" \t-").is_empty());
    }
}
