//! `caseround backup` and `caseround restore` (SQLite).

use crate::cli::Settings;
use crate::database::{open, shown};
use anyhow::bail;
use service::clock::Clock;
use service::store::open::{file_of, is_postgres};
use service::store::{DatabaseHold, OpenMode, backup};
use std::io::Write;
use std::path::Path;

/// `caseround backup FILE`.
///
/// # Errors
/// Where the file exists or cannot be written; nothing is left of it then.
pub async fn backup(settings: &Settings, file: &Path) -> anyhow::Result<()> {
    if is_postgres(&settings.database) {
        bail!("{} is a PostgreSQL database: copy it with pg_dump.", shown(&settings.database));
    }
    let store = open(settings, OpenMode::AnyVersion).await?;
    store.backup(file).await?;
    writeln!(std::io::stdout(), "Copied to {}.", file.display())?;
    Ok(())
}

/// `caseround restore FILE`.
///
/// # Errors
/// Where somebody serves, or the backup is not whole or cannot be read; the database is as it was then.
pub async fn restore(settings: &Settings, from: &Path) -> anyhow::Result<()> {
    if is_postgres(&settings.database) {
        bail!("{} is a PostgreSQL database: put its dump back with pg_restore.", shown(&settings.database));
    }
    let _alone = DatabaseHold::alone(&settings.database).await?;
    let file = Path::new(file_of(&settings.database));
    let stamp = Clock::default().now().format("%Y%m%d-%H%M%S").to_string();
    let restored = backup::restore(from, file, &stamp).await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "Restored {} to {}.", from.display(), file.display())?;
    if let Some(kept) = restored.kept {
        writeln!(out, "The database before it is kept. To go back: caseround restore {}", kept.display())?;
    }
    let schema = open(settings, OpenMode::AnyVersion).await?.schema().await?;
    if schema != service::store::Schema::Fits {
        writeln!(out, "Before serving: {}", schema.remedy())?;
    }
    Ok(())
}
