//! `caseround verify`: whether signed records are as they were signed.

use crate::cli::Settings;
use crate::database::open;
use anyhow::bail;
use service::store::OpenMode;
use std::io::Write;

/// `caseround verify`: fails where a chain is broken.
///
/// # Errors
/// Where a chain is broken, or the database or the key cannot be read.
pub async fn verify(settings: &Settings, heads: &[String], journals: bool) -> anyhow::Result<()> {
    let store = open(settings, OpenMode::Existing).await?;
    let key = crate::outside::existing_seal_key(settings, &store).await?;
    let mut check = service::seal::verify(&store, &key, heads).await?;
    if journals {
        check.broken.extend(service::seal::verify_journals(&store).await?);
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} signed versions in {} chains.", check.seals, check.chains)?;
    if check.destroyed > 0 {
        writeln!(out, "{} of them were destroyed when their time was over; their hashes are here.", check.destroyed)?;
    }
    for broken in &check.broken {
        writeln!(out, "broken: {broken}")?;
    }
    if check.broken.is_empty() {
        writeln!(out, "Every one is as it was signed, and none is missing.")?;
        return Ok(());
    }
    bail!("{} broken. Keep this database as it is, and find out from backups what was changed.", check.broken.len())
}
