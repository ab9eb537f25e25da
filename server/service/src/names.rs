//! What people of a family and files are called.

use chrono::NaiveDate;
use domain::{PersonId, dates};
use store::person::{FamilyMember, Person};

/// "3 years", "due 14 February 2027", "died 3 May 2026".
pub(crate) fn age_words(person: &Person, day: NaiveDate) -> String {
    match (person.born, person.expected, person.died) {
        (.., Some(died)) => format!("died {}", dates::plain_date(died)),
        (Some(born), ..) => dates::age(born, day),
        (None, Some(expected), _) => format!("due {}", dates::plain_date(expected)),
        (None, None, _) => "age not recorded".to_owned(),
    }
}

/// A member's first name; the whole name where another of the family has the same first name, or where there is none.
pub(crate) fn name_in_family<'a>(member: &FamilyMember, members: impl IntoIterator<Item = &'a FamilyMember>) -> String {
    let person = &member.person;
    let namesakes = members.into_iter().filter(|other| other.person.forename == person.forename).count();
    if namesakes > 1 || person.forename.is_empty() { whole_name(member) } else { person.forename.clone() }
}

/// First name and surname.
pub(crate) fn whole_name(member: &FamilyMember) -> String {
    format!("{} {}", member.person.forename, member.person.surname).trim().to_owned()
}

/// A child's first name in a document.
pub(crate) fn first_name(members: &[FamilyMember], child: PersonId) -> String {
    let member = members.iter().find(|member| member.person.id == child);
    let name = member.map(|member| member.person.forename.clone()).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| if member.is_some() { "unborn".to_owned() } else { "a child".to_owned() })
}

/// Words as a file's name: letters of any script, Latin ones without their accents, digits and hyphens.
#[must_use]
pub fn file_name(words: &[&str]) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    let accent = |letter: char| ('\u{300}'..='\u{36f}').contains(&letter);
    let fits =
        |letter: &char| letter.is_alphanumeric() || *letter == '-' || (is_combining_mark(*letter) && !accent(*letter));
    let plain = |word: &&str| word.nfd().filter(fits).nfc().collect::<String>();
    words.iter().map(plain).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// The first name in a worker's name as case systems write it: "Sadia Iqbal", "Iqbal, Sadia", "Dr Sadia Iqbal, CPsychol".
pub(crate) fn first_name_in(name: &str) -> &str {
    const TITLES: [&str; 11] = ["dr", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sir", "dame", "rev"];
    let name = match name.split_once(',') {
        Some((surname, rest)) if surname.split_whitespace().count() == 1 && !rest.trim().is_empty() => rest,
        Some((name, _)) => name,
        None => name,
    };
    let title = |word: &&str| TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str());
    name.split_whitespace().find(|word| !title(word)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_whose_it_is_in_any_script_and_never_a_surname() {
        assert_eq!(file_name(&["record", "FS-3046", "Zoë", "for", "child-file"]), "record-FS-3046-Zoe-for-child-file");
        assert_eq!(file_name(&["record", "শিশু"]), "record-শিশু");
        assert_eq!(file_name(&["record", "孩子", "a/b\\c\"\n"]), "record-孩子-abc");
        for (name, first) in [
            ("Sadia Iqbal", "Sadia"),
            ("Iqbal, Sadia", "Sadia"),
            ("Dr Quentin Pennyfare, CPsychol", "Quentin"),
            ("Prof. Ada Okafor", "Ada"),
            ("Sadia", "Sadia"),
            ("", ""),
        ] {
            assert_eq!(first_name_in(name), first, "{name}");
        }
    }
}
