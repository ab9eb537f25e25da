//! The shipped sample: invented families in the shape of a real extract (CC0).

use std::collections::BTreeMap;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_bytes!(concat!("../samples/ssd/", $name)).as_slice())),*]
    };
}

/// The sample's files by name.
#[must_use]
pub fn files() -> BTreeMap<String, Vec<u8>> {
    files![
        "ssd_department.csv",
        "ssd_professionals.csv",
        "ssd_person.csv",
        "ssd_family.csv",
        "ssd_mother.csv",
        "ssd_cin_episodes.csv",
        "ssd_involvements.csv",
        "ssd_cp_plans.csv",
        "ssd_cin_plans.csv",
        "ssd_pre_proceedings.csv",
        "ssd_cin_assessments.csv",
        "ssd_assessment_factors.csv",
        "ssd_cin_visits.csv",
        "ssd_cp_visits.csv",
        "ssd_contacts.csv",
        "ssd_early_help_episodes.csv",
        "ssd_s47_enquiry.csv",
        "ssd_initial_cp_conference.csv",
        "ssd_cp_reviews.csv",
        "ssd_legal_status.csv",
        "ssd_missing.csv",
        "ssd_disability.csv",
    ]
    .into_iter()
    .map(|(name, bytes)| (name.to_owned(), bytes.to_vec()))
    .collect()
}

/// Whether these files are the sample and nothing else.
#[must_use]
pub fn is_sample(read: &BTreeMap<String, Vec<u8>>) -> bool {
    files().iter().all(|(name, bytes)| read.get(name) == Some(bytes))
}
