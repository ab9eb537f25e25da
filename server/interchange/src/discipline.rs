//! From a job title in a council's words to a discipline, and from a name to whether it is anybody's.

use domain::template::STAND_IN;

/// Keys of the disciplines that a job can have.
pub const KEYS: [&str; 13] = [
    "service_manager",
    "team_manager",
    "cp_chair",
    "business_support",
    "student",
    "psychologist",
    "probation",
    "substance_recovery",
    "mental_health",
    "domestic_abuse_perpetrator",
    "domestic_abuse_victim",
    "education",
    "childrens_social_worker",
];

/// The discipline a job title tells, or `None` where it says nothing of it and a person is asked.
///
/// Titles are free text; what is matched are words, in an order that lets the more telling win.
#[must_use]
pub fn from_job_title(title: &str) -> Option<&'static str> {
    let words = title.to_lowercase().replace(['/', '(', ')', '&', ',', '-'], " ");
    let words = format!(" {} ", words.split_whitespace().collect::<Vec<_>>().join(" "));
    let has = |needle: &str| words.contains(needle);
    let rules: [(bool, &'static str); 14] = [
        (has(" service manager ") || has(" head of service "), "service_manager"),
        (has(" team manager ") || has(" team leader "), "team_manager"),
        (has(" conference chair ") || has(" protection chair "), "cp_chair"),
        (has(" business support ") || has(" administrator "), "business_support"),
        (has(" student "), "student"),
        (has("psycholog"), "psychologist"),
        (has("probation"), "probation"),
        (has("recovery") || has(" drug ") || has(" alcohol ") || has("substance"), "substance_recovery"),
        (has("mental health") || has(" mh "), "mental_health"),
        (has("perpetrator"), "domestic_abuse_perpetrator"),
        (
            has(" idva ") || has(" da officer ") || has("domestic abuse officer") || has("victim"),
            "domestic_abuse_victim",
        ),
        (has("domestic abuse practitioner"), "domestic_abuse_perpetrator"),
        (has("education"), "education"),
        (
            has(" social worker ") || has(" s w ") || has(" advanced practitioner ") || has(" senior practitioner "),
            "childrens_social_worker",
        ),
    ];
    rules.into_iter().find(|(matches, _)| *matches).map(|(_, discipline)| discipline)
}

/// [`STAND_IN`] where a name is none of a person: case systems need somebody to hold a child until a worker is found,
/// and invent "Duty Worker".
#[must_use]
pub fn from_name(name: &str) -> Option<&'static str> {
    const WORDS: [&str; 8] = ["duty", "unallocated", "allocations", "inbox", "vacancy", "vacant", "team", "worker"];
    let mut words = name.split(|letter: char| !letter.is_alphabetic());
    words.any(|word| WORDS.contains(&word.to_lowercase().as_str())).then_some(STAND_IN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_nobodys_is_a_stand_ins() {
        for name in ["Duty Worker", "DUTY (Ashmere)", "Unallocated", "Ashmere Team", "Vacant post 3", "Duty-Inbox"] {
            assert_eq!(from_name(name), Some(STAND_IN), "{name}");
        }
        for name in ["Zara Northlight", "Dutyson Poole", "Ines Teamer", "name not recorded", ""] {
            assert_eq!(from_name(name), None, "{name}");
        }
    }

    #[test]
    fn titles_written_in_many_ways_tell_one_discipline() {
        for (title, discipline) in [
            ("Childrens  S/W", Some("childrens_social_worker")),
            ("Social worker (Children)", Some("childrens_social_worker")),
            ("IDVA / DA Officer", Some("domestic_abuse_victim")),
            ("MH Practitioner (Adult)", Some("mental_health")),
            ("Drug & Alcohol Recovery Wkr", Some("substance_recovery")),
            ("Assistant Psychologist", Some("psychologist")),
            ("Child Protection Chair", Some("cp_chair")),
            ("FS Adult Practitioner", None),
            ("", None),
        ] {
            assert_eq!(from_job_title(title), discipline, "{title}");
        }
    }
}
