//! `caseround seal-key change`: signed records sealed under another key.

use crate::cli::Settings;
use crate::database::open;
use crate::outside::{existing_seal_key, make_seal_key};
use anyhow::bail;
use service::store::{DatabaseHold, OpenMode};
use std::io::Write;
use std::path::Path;

/// `caseround seal-key change FILE`.
///
/// # Errors
/// Where somebody serves, the file exists, or a chain is broken under the old key; nothing is changed then.
pub async fn change_seal_key(settings: &Settings, to: &Path) -> anyhow::Result<()> {
    let _alone = DatabaseHold::alone(&settings.database).await?;
    let store = open(settings, OpenMode::Existing).await?;
    let old = existing_seal_key(settings, &store).await?;
    let found = service::seal::verify(&store, &old, &[]).await?;
    if let Some(broken) = found.broken.first() {
        bail!("{broken}. The key is not changed while a chain is broken: caseround verify lists all.");
    }
    let new = make_seal_key(to)?;
    let chains = service::seal::change_key(&store, &old, &new).await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{chains} chains are sealed under the key in {} ({}).", to.display(), new.fingerprint())?;
    writeln!(
        out,
        "Start with --seal-key {0} (CASEROUND_SEAL_KEY={0}), and keep the old key with the older backups.",
        to.display()
    )?;
    Ok(())
}
