//! `caseround migrate` and `caseround rebuild`: the schema and the lists made anew.

use crate::cli::Settings;
use crate::database::{copied, open, shown};
use anyhow::bail;
use service::store::{DatabaseHold, OpenMode, Schema};
use std::io::Write;

/// `caseround migrate`.
///
/// # Errors
/// Where somebody serves, the schema is no older program's, or no copy could be made; nothing is changed then.
pub async fn migrate(settings: &Settings, dumped: bool) -> anyhow::Result<()> {
    let _alone = DatabaseHold::alone(&settings.database).await?;
    let store = open(settings, OpenMode::AnyVersion).await?;
    let mut out = std::io::stdout().lock();
    match store.schema().await? {
        Schema::Older { by } => {
            let by = by.map_or_else(String::new, |by| format!(" from {by}"));
            match copied(settings, &store).await? {
                Some(copy) => writeln!(out, "Copied the database to {}.", copy.display())?,
                None if dumped => {}
                None => bail!(
                    "Make a copy with pg_dump first, then say: caseround migrate --dumped. A migrated database cannot go back."
                ),
            }
            store.migrate().await?;
            store.used_by_this_program().await?;
            writeln!(out, "{} was brought up to date{by}.", shown(&settings.database))?;
        }
        Schema::Fits => writeln!(out, "{} is up to date; nothing was changed.", shown(&settings.database))?,
        other => bail!("{}: {}", shown(&settings.database), other.remedy()),
    }
    Ok(())
}

/// `caseround rebuild`.
///
/// # Errors
/// Where somebody serves or a journal cannot be read; nothing is changed then.
pub async fn rebuild(settings: &Settings) -> anyhow::Result<()> {
    let _alone = DatabaseHold::alone(&settings.database).await?;
    let store = open(settings, OpenMode::Existing).await?;
    let journals = service::rebuild::rebuild(&store).await?;
    writeln!(std::io::stdout(), "Made the lists anew from {journals} journals.")?;
    Ok(())
}
