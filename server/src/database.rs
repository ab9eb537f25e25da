//! Opening the database, and the service on it.

use crate::cli::Settings;
use crate::outside;
use anyhow::{Context, bail};
use record::Printers;
use service::Service;
use service::clock::Clock;
use service::store::{OpenMode, Schema, Store, StoreError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Opens the database.
///
/// # Errors
/// Where it cannot be opened as `opening` asks.
pub async fn open(settings: &Settings, opening: OpenMode) -> anyhow::Result<Store> {
    let what = || format!("The database {} cannot be used", shown(&settings.database));
    Store::open(&settings.database, opening).await.with_context(what)
}

/// Opens the database and starts the service for any command.
///
/// # Errors
/// Where the database cannot be opened, or demo and real would be mixed.
pub async fn start(settings: &Settings, opening: OpenMode) -> anyhow::Result<Service> {
    let clock = settings.clock.map_or_else(Clock::default, Clock::starting_at);
    let store = open(settings, opening).await?;
    let outside = outside::read(settings, &store).await?;
    Ok(Service::start(store, clock, settings.demo, Arc::new(Printers::with_fonts(&settings.fonts)), outside).await?)
}

/// Makes the database ready to be served: an older one is copied and brought up to date, a demo's from before the first
/// release is set aside.
///
/// # Errors
/// Where the database cannot be opened, copied or brought up to date.
pub async fn prepare(settings: &Settings) -> anyhow::Result<()> {
    let store = match Store::open(&settings.database, OpenMode::AnyVersion).await {
        Ok(store) => store,
        Err(StoreError::Missing(_)) => return Ok(()),
        other => other.with_context(|| format!("The database {} cannot be used", shown(&settings.database)))?,
    };
    match (store.schema().await?, store.file()) {
        (Schema::Older { .. }, Some(_)) => {
            let copy = copied(settings, &store).await?;
            store.migrate().await?;
            let copy = copy.map(|copy| copy.display().to_string()).unwrap_or_default();
            eprintln!("The database was brought up to date. It was copied to {copy} first.");
        }
        (Schema::Older { .. }, None) => {
            bail!(
                "The database was last used by an older Caseround. Make a copy with pg_dump, then say: caseround migrate --dumped."
            )
        }
        (Schema::Unreleased, Some(file)) if settings.demo => {
            let stamp = Clock::default().now().format("%Y%m%d-%H%M%S");
            let aside = format!("{}.before-release-{stamp}", file.display());
            for tail in ["", "-wal", "-shm"] {
                let old = format!("{}{tail}", file.display());
                if Path::new(&old).exists() {
                    std::fs::rename(&old, format!("{aside}{tail}"))
                        .with_context(|| format!("{old} cannot be set aside."))?;
                }
            }
            eprintln!(
                "The demo's database is from before the first release and cannot be read any more. It is set aside as {aside}."
            );
        }
        _ => {}
    }
    Ok(())
}

/// A database address without its password.
#[must_use]
pub fn shown(address: &str) -> String {
    match (address.split_once("://"), address.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => address.to_owned(),
    }
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
