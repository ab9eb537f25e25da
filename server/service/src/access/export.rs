//! The access log as a table.

use crate::spreadsheet::cell;
use crate::{Service, ServiceError};
use std::io::Write;
use store::Uuid;
use store::access::Chained;

/// Entries read at once: memory stays the same however many there are.
const PAGE: i64 = 2000;

const COLUMNS: [&str; 15] = [
    "at",
    "worker",
    "on_behalf_of",
    "family",
    "meeting",
    "record",
    "what",
    "format",
    "made_for",
    "allowed_by",
    "approved_by",
    "address",
    "chain",
    "number",
    "hash",
];

impl Service {
    /// Writes every entry as a row of CSV, chain by chain in their order, for a technician. That it was taken out is an
    /// entry, and one of the rows.
    ///
    /// # Errors
    /// Where the database does not answer, or nothing can be written.
    pub async fn export_access_log(&self, out: impl Write) -> Result<(), ServiceError> {
        self.note_access_log_exported().await?;
        let store = &self.inner.store;
        let failed = |error: csv::Error| ServiceError::Setup(format!("the table could not be written: {error}"));
        let mut out = csv::Writer::from_writer(out);
        out.write_record(COLUMNS).map_err(failed)?;
        for chain in store.access_chains().await? {
            let mut after = chain.kept_number;
            loop {
                let page = store.chained(chain.id, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = last.number;
                for one in &page {
                    out.write_record(row(one, chain.id)).map_err(failed)?;
                }
            }
        }
        out.flush().map_err(|error| ServiceError::Setup(format!("the table could not be written: {error}")))
    }
}

fn row(Chained { number, hash, entry, .. }: &Chained, chain: Uuid) -> [String; 15] {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    [
        entry.at.to_rfc3339(),
        entry.worker_id.to_string(),
        id(entry.on_behalf_of),
        entry.family_id.map(|family| family.to_string()).unwrap_or_default(),
        id(entry.meeting_id),
        id(entry.record_id),
        entry.what.word().to_owned(),
        entry.format.clone(),
        cell(&entry.made_for),
        entry.allowed_by.clone(),
        cell(&entry.approved_by),
        entry.address.clone(),
        chain.to_string(),
        number.to_string(),
        hash.clone(),
    ]
}
