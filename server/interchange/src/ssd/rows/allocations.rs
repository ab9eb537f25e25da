//! Who works with whom.

use super::{Level, RowReader, SsdAllocation, Told, key, reference, words};
use crate::ssd::reading::Reading;
use crate::table::TableRow;
use std::collections::BTreeSet;

impl RowReader<'_> {
    pub(super) fn allocations(&mut self) {
        let episodes =
            self.extract.episodes.iter().map(|episode| (episode.id.clone(), episode.person.clone())).collect();
        let whose = self.whose_through("ssd_involvements.csv", "invo_person_id", Some("invo_referral_id"), episodes);
        let Some(whose) = whose else { return };
        let workers: BTreeSet<String> = self.extract.workers.iter().map(|worker| worker.id.clone()).collect();
        let dates = ["invo_involvement_start_date", "invo_involvement_end_date"];
        self.walk("ssd_involvements.csv", "invo_involvements_id", &dates, |extract, reading, row| {
            let Some(person) = whose.of(reading, row) else { return false };
            let [starts, ends] = dates.map(|column| reading.date(row, column));
            let Some(starts) = starts.value() else {
                reading.reject(row, "invo_involvement_start_date", "has no start; row left out");
                return false;
            };
            if ends.value().is_some_and(|ends| ends < starts) {
                reading.reject(row, "invo_involvement_end_date", "ends before it starts; row left out");
                return false;
            }
            extract.allocations.push(SsdAllocation {
                id: key(row.cell("invo_involvements_id")),
                person,
                worker: worker_of(&workers, reading, row),
                team: reference(row, "invo_professional_team"),
                role: role_of(reading, row),
                starts,
                ends,
            });
            true
        });
    }
}

/// The key of an allocation's worker. One who is not among `workers` is listed, unless the extract tells of no worker at all.
fn worker_of(workers: &BTreeSet<String>, reading: &mut Reading<'_>, row: &TableRow<'_>) -> Told<String> {
    const COLUMN: &str = "invo_professional_id";
    let worker = reference(row, COLUMN);
    if let Told::That(named) = &worker {
        if named.is_empty() {
            reading.note(Level::Warn, row, COLUMN, "allocated to a team, no worker");
        } else if !workers.is_empty() && !workers.contains(named) {
            let says = format!("unknown worker {named}: not in ssd_professionals.csv; kept without a name");
            reading.note(Level::Warn, row, COLUMN, says);
        }
    }
    worker
}

/// The column with what a worker is to a person.
pub const ROLE: &str = "invo_professional_role_id";

/// The role code of an allocation.
fn role_of(reading: &mut Reading<'_>, row: &TableRow<'_>) -> Told<String> {
    let Told::That(written) = words(row, ROLE) else { return Told::Nothing };
    let role = role_code(&written);
    if role != row.cell(ROLE) {
        reading.note(Level::Fix, row, ROLE, format!("read as {role}"));
    }
    Told::That(role)
}

/// A role as its code. Up to version 1.4.4 the dataset had the description.
pub fn role_code(written: &str) -> String {
    let described = written.to_lowercase().contains("allocated case worker");
    if described { "CW".to_owned() } else { written.to_uppercase() }
}
