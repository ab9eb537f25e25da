//! `caseround audit …`: whether the access log is as it was written, and what it says.

use crate::cli::{Audit, Settings};
use crate::database::{open, start};
use anyhow::bail;
use service::store::OpenMode;
use std::io::Write;

/// `caseround audit …`.
///
/// # Errors
/// Where an entry is not as it was written, or the database or the key cannot be read.
pub async fn audit(settings: &Settings, audit: &Audit) -> anyhow::Result<()> {
    match audit {
        Audit::Verify => {
            let store = open(settings, OpenMode::Existing).await?;
            let key = crate::outside::existing_seal_key(settings, &store).await?;
            let check = service::access::verify(&store, &key).await?;
            let mut out = std::io::stdout().lock();
            writeln!(out, "{} entries in {} chains.", check.entries, check.chains)?;
            for broken in &check.broken {
                writeln!(out, "broken: {broken}")?;
            }
            if check.broken.is_empty() {
                writeln!(out, "Every one is as it was written, and none is missing.")?;
                return Ok(());
            }
            bail!(
                "{} broken. Keep this database as it is, and find out from backups what was changed.",
                check.broken.len()
            )
        }
        Audit::Export => {
            let service = start(settings, OpenMode::Existing).await?;
            Ok(service.export_access_log(std::io::stdout().lock()).await?)
        }
    }
}
