//! `caseround unlock`: a locked family whose people have all left.

use crate::cli::Settings;
use crate::database::start;
use anyhow::Context;
use service::store::OpenMode;
use std::io::Write;

/// `caseround unlock REFERENCE`. A server that runs hears of it within a second.
///
/// # Errors
/// Where no family of this reference is locked.
pub async fn unlock(settings: &Settings, reference: &str) -> anyhow::Result<()> {
    let service = start(settings, OpenMode::Existing).await?;
    let none = || format!("No family {reference} is locked.");
    service.unlock_for_technician(reference).await.with_context(none)?;
    writeln!(
        std::io::stdout(),
        "{reference} is unlocked: everybody who works with it, and its team, can open it again."
    )?;
    Ok(())
}
