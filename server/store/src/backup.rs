//! Copies of SQLite's file: made while serving, and put back. A copy is written beside its place and renamed when it is
//! whole and on the disk, so that what stands under a name is always whole.

use crate::open::{look_at, options};
use crate::{Store, StoreError};
use sqlx::{ConnectOptions, Connection};
use std::path::{Path, PathBuf};

impl Store {
    /// Copies the whole SQLite database into a new file while serving.
    ///
    /// # Errors
    /// Where the file exists already or cannot be written, and nothing is left of it then; on PostgreSQL, which has its
    /// own tools.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let Self::Sqlite { read, .. } = self else {
            return Err(StoreError::Address("a PostgreSQL database; use pg_dump and pg_restore".to_owned()));
        };
        if to.exists() {
            return Err(StoreError::file(
                to.display(),
                "exists already. Choose a new name, so that no earlier backup is lost.",
            ));
        }
        let partial = beside(to, "partial");
        remove(&partial)?;
        let name = partial.to_str().ok_or_else(|| StoreError::file(to.display(), "the name must be text"))?;
        let copied = sqlx::query("VACUUM INTO $1").bind(name).execute(read).await;
        let whole = copied.map_err(StoreError::from).map(drop).and_then(|()| put(&partial, to));
        if whole.is_err() {
            let _ = std::fs::remove_file(&partial);
        }
        whole
    }
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Where the database before it is kept; `None` where there was none.
    pub kept: Option<PathBuf>,
}

/// Puts a backup in place of the database in `file`. The backup is only read. The caller holds the database alone.
///
/// # Errors
/// Where the backup is no whole database or cannot be read, or the new file cannot be written: the database is as it
/// was then.
pub async fn restore(from: &Path, file: &Path, stamp: &str) -> Result<Restored, StoreError> {
    check(from).await?;
    let new = beside(file, "restoring");
    remove(&new)?;
    let copied = copy(from, &new).map_err(|error| StoreError::file(new.display(), error));
    let whole = async {
        copied?;
        sync(&new)?;
        // What was read is looked at again where it was written.
        check(&new).await
    };
    if let Err(error) = whole.await {
        let _ = std::fs::remove_file(&new);
        return Err(error);
    }
    let swapped = async {
        let kept = if file.exists() { Some(keep(file, stamp).await?) } else { None };
        put(&new, file)?;
        Ok(Restored { kept })
    };
    let swapped = swapped.await;
    if swapped.is_err() {
        let _ = std::fs::remove_file(&new);
    }
    swapped
}

/// Keeps the database under a second name. Its log is written into the file first, and removed: a log that is left
/// beside another file would be taken for that file's.
async fn keep(file: &Path, stamp: &str) -> Result<PathBuf, StoreError> {
    let name = file.to_str().ok_or_else(|| StoreError::file(file.display(), "the name must be text"))?;
    let mut connection = options(name)?.connect().await?;
    let mut alone = false;
    for _ in 0..20 {
        let mode: Result<(String,), _> =
            sqlx::query_as("PRAGMA journal_mode = DELETE").fetch_one(&mut connection).await;
        alone = mode.is_ok_and(|(mode,)| mode == "delete");
        if alone {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    connection.close().await?;
    if !alone {
        return Err(StoreError::InUse(format!("another process uses {}. Stop it first.", file.display())));
    }
    // A copy and no second name of the same file: two names of one database have two logs.
    let kept = beside(file, &format!("before-restore-{stamp}"));
    let partial = beside(&kept, "partial");
    let copied = copy(file, &partial).map_err(|error| StoreError::file(partial.display(), error));
    if let Err(error) = copied.and_then(|_| put(&partial, &kept)) {
        let _ = std::fs::remove_file(&partial);
        return Err(error);
    }
    Ok(kept)
}

/// Copies what a file holds into a new one, which only the user of this program may read. `std::fs::copy` would copy the
/// mode too, and a backup from elsewhere may be readable by all.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut from = std::fs::File::open(from)?;
    let mut to = std::fs::File::create(to)?;
    std::io::copy(&mut from, &mut to).map(drop)
}

/// Whether a file is a whole database of Caseround that nobody is writing.
async fn check(file: &Path) -> Result<(), StoreError> {
    let wrong = |why: &str| StoreError::file(file.display(), why);
    if !file.is_file() {
        return Err(wrong("is not a file"));
    }
    if log_of(file).is_some() {
        return Err(wrong(
            "has a log beside it, so it was in use when it was copied. Take a file that \"caseround backup\" made.",
        ));
    }
    let no_backup = |_| wrong("is not a backup of Caseround");
    let mut connection = look_at(file).await.map_err(no_backup)?;
    let tables: Result<Vec<(String,)>, _> =
        sqlx::query_as("SELECT name FROM sqlite_master WHERE name IN ('journals', '_sqlx_migrations')")
            .fetch_all(&mut connection)
            .await;
    if tables.map_err(|error| no_backup(error.into()))?.len() < 2 {
        return Err(wrong("is not a backup of Caseround"));
    }
    let (whole,): (String,) = sqlx::query_as("PRAGMA integrity_check(1)").fetch_one(&mut connection).await?;
    connection.close().await?;
    if whole == "ok" { Ok(()) } else { Err(wrong(&format!("is damaged: {whole}"))) }
}

/// A log that is not empty.
fn log_of(file: &Path) -> Option<PathBuf> {
    let log = PathBuf::from(format!("{}-wal", file.display()));
    std::fs::metadata(&log).is_ok_and(|about| about.len() > 0).then_some(log)
}

/// A name beside a file: `caseround.sqlite.partial`.
fn beside(file: &Path, ending: &str) -> PathBuf {
    PathBuf::from(format!("{}.{ending}", file.display()))
}

fn remove(file: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::file(file.display(), error)),
        _ => Ok(()),
    }
}

/// Renames a whole file to its place, and makes both durable.
fn put(from: &Path, to: &Path) -> Result<(), StoreError> {
    sync(from)?;
    std::fs::rename(from, to).map_err(|error| StoreError::file(to.display(), error))?;
    sync_folder(to)
}

fn sync(file: &Path) -> Result<(), StoreError> {
    let synced = std::fs::File::open(file).and_then(|file| file.sync_all());
    synced.map_err(|error| StoreError::file(file.display(), error))
}

fn sync_folder(file: &Path) -> Result<(), StoreError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync(folder)
}
