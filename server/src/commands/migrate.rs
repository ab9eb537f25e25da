//! `caseround migrate` and `caseround rebuild`: the schema and the lists made anew.

use crate::cli::Settings;
use crate::serve::{open, shown};
use anyhow::{Context, bail};
use service::clock::Clock;
use service::store::{DatabaseHold, OpenMode, Schema, Store};
use std::io::Write;
use std::path::PathBuf;

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

/// Copies SQLite's file before its schema is changed; `None` on PostgreSQL, which has tools of its own.
///
/// # Errors
/// Where the copy cannot be made.
pub async fn copied(settings: &Settings, store: &Store) -> anyhow::Result<Option<PathBuf>> {
    let Some(file) = store.file() else { return Ok(None) };
    let stamp = Clock::default().now().format("%Y%m%d-%H%M%S");
    let copy = PathBuf::from(format!("{}.before-{}-{stamp}", file.display(), env!("CARGO_PKG_VERSION")));
    let failed = || format!("{} could not be copied, so it was not changed.", shown(&settings.database));
    store.backup(&copy).await.with_context(failed)?;
    Ok(Some(copy))
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
