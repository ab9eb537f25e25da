//! Opening a database: which is allowed to be made, which must fit, and who else uses it.

use crate::schema::Schema;
use crate::{Store, StoreError};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, PgConnection, SqliteConnection};
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What a command may do to the database that it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// It must be there and have this program's schema.
    Existing,
    /// As [`OpenMode::Existing`], but where there is none one is made.
    Make,
    /// It must be there; its schema may be any. For looking at it and copying it.
    AnyVersion,
}

/// The number of PostgreSQL's advisory lock. Any number would do; every Caseround process must use the same one.
const LOCK: i64 = 227_376_863;
/// So often the lock is asked for, each tenth of a second: PostgreSQL notices that a process has ended a little after it has.
const ASKED: u32 = 30;

impl Store {
    /// Opens the database at `address`: a file name, `sqlite:FILE` or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where there is none and `opening` makes none, [`StoreError::Schema`] where another
    /// version's program wrote it, [`StoreError::NotDurable`] where it would forget what it acknowledged,
    /// [`StoreError::NetworkFolder`] where another machine could write beside this one and no lock would hold.
    pub async fn open(address: &str, opening: OpenMode) -> Result<Self, StoreError> {
        let store = Self::connect(address, opening).await?;
        let schema = store.schema().await?;
        match (opening, &schema) {
            (OpenMode::Make, Schema::Empty) => store.migrate().await?,
            (OpenMode::AnyVersion, _) | (_, Schema::Fits) => {}
            (_, other) => return Err(StoreError::Schema(other.remedy())),
        }
        store.check_durable().await?;
        Ok(store)
    }

    async fn connect(address: &str, opening: OpenMode) -> Result<Self, StoreError> {
        if is_postgres(address) {
            let options = PgPoolOptions::new().max_connections(16).acquire_timeout(Duration::from_secs(4));
            return Ok(Self::Postgres(patiently(|| options.clone().connect(address)).await?));
        }
        let file = file_of(address);
        if opening != OpenMode::Make && !Path::new(file).is_file() {
            return Err(StoreError::Missing(file.to_owned()));
        }
        // From elsewhere it is only looked at and copied.
        if opening != OpenMode::AnyVersion {
            on_this_machine(file)?;
        }
        let options = options(file)?.create_if_missing(opening == OpenMode::Make);
        // What the log holds is copied into the file by [`Store::tidy`], so that no commit waits for it; by
        // a commit only where nobody tidies, as in an import.
        let writer = options.clone().pragma("wal_autocheckpoint", "20000");
        let unclean = Arc::new(AtomicBool::new(false));
        let suspect = Arc::clone(&unclean);
        // A connection to a file does not break. Testing it before each statement would send a second message to the
        // connection's thread.
        let pool = || SqlitePoolOptions::new().test_before_acquire(false);
        let write = pool()
            .max_connections(1)
            .before_acquire(move |_, _| {
                let clean = !suspect.swap(false, Ordering::AcqRel);
                Box::pin(async move { Ok(clean) })
            })
            .connect_with(writer)
            .await
            .map_err(|error| read_only(file).unwrap_or_else(|| error.into()))?;
        let read = pool().max_connections(6).connect_with(options).await?;
        Ok(Self::Sqlite { read, write, unclean, file: file.to_owned() })
    }

    async fn check_durable(&self) -> Result<(), StoreError> {
        let setting = match self {
            Self::Sqlite { write, .. } => {
                let (level,): (i64,) = sqlx::query_as("PRAGMA synchronous").fetch_one(write).await?;
                if level >= 2 { None } else { Some(format!("synchronous={level}")) }
            }
            Self::Postgres(pool) => {
                let (value,): (String,) = sqlx::query_as("SHOW synchronous_commit").fetch_one(pool).await?;
                if value == "off" { Some(format!("synchronous_commit={value}")) } else { None }
            }
        };
        setting.map_or(Ok(()), |setting| Err(StoreError::NotDurable(setting)))
    }

    /// Whether this is a file, and where.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite { file, .. } => Some(Path::new(file)),
            Self::Postgres(_) => None,
        }
    }
}

/// Connects to a server that may just be starting: tried again for some seconds.
async fn patiently<T, F: Future<Output = Result<T, sqlx::Error>>>(connect: impl Fn() -> F) -> Result<T, StoreError> {
    let mut tries = 0;
    loop {
        match connect().await.map_err(StoreError::from) {
            Err(error) if error.passes() && tries < 20 => tries += 1,
            other => return other,
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

/// What is wrong where a file cannot be opened because its folder is read-only: SQLite itself says only that it cannot open it.
fn read_only(file: &str) -> Option<StoreError> {
    let folder = place_of(file)?.parent()?.to_owned();
    let refused = try_file_in(&folder).err()?;
    let why = "its folder is read-only, and SQLite writes beside its file. Make it writable, or use another folder.";
    (refused.kind() == std::io::ErrorKind::ReadOnlyFilesystem).then(|| StoreError::file(file, why))
}

/// Makes a file in a folder and takes it away again.
fn try_file_in(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!(".caseround-{}", uuid::Uuid::from_u128(u128::from(std::process::id()))));
    OpenOptions::new().create_new(true).write(true).open(&path)?;
    std::fs::remove_file(path)
}

/// Whether an address is PostgreSQL's.
#[must_use]
pub fn is_postgres(address: &str) -> bool {
    address.starts_with("postgres://") || address.starts_with("postgresql://")
}

/// The file of an SQLite address.
#[must_use]
pub fn file_of(address: &str) -> &str {
    address.strip_prefix("sqlite:").unwrap_or(address)
}

/// How SQLite is used everywhere.
pub(crate) fn options(file: &str) -> Result<SqliteConnectOptions, StoreError> {
    if file.contains("://") {
        return Err(StoreError::Address(file.to_owned()));
    }
    let options = SqliteConnectOptions::from_str(&format!("sqlite:{file}"))
        .map_err(|_| StoreError::Address(file.to_owned()))?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // A statement that may be undone keeps its pages in memory and opens no file for them.
        .pragma("temp_store", "MEMORY")
        // What is destroyed is overwritten in the file, too.
        .pragma("secure_delete", "ON")
        .busy_timeout(Duration::from_secs(4));
    Ok(options)
}

/// One connection that only reads a file which nobody writes: also on a read-only mount.
pub(crate) async fn look_at(file: &Path) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
    Ok(options.connect().await?)
}

/// Held while a process serves, or changes the database in a way that excludes serving.
#[derive(Debug)]
pub enum DatabaseHold {
    /// A locked file beside SQLite's.
    File(File),
    /// A connection that holds PostgreSQL's lock.
    Connection(PgConnection),
}

impl DatabaseHold {
    /// Says that this process serves. Several may on PostgreSQL, one on SQLite.
    ///
    /// # Errors
    /// [`StoreError::InUse`] where that is excluded; [`StoreError::NetworkFolder`] where locks do not hold.
    pub async fn to_serve(address: &str) -> Result<Self, StoreError> {
        Self::take(address, true, "serves").await
    }

    /// Says that nobody may serve meanwhile.
    ///
    /// # Errors
    /// [`StoreError::InUse`] where somebody serves.
    pub async fn alone(address: &str) -> Result<Self, StoreError> {
        Self::take(address, false, "serves or changes").await
    }

    async fn take(address: &str, shared: bool, does: &str) -> Result<Self, StoreError> {
        let in_use = || {
            StoreError::InUse(format!(
                "another process {does} this database. Stop it first (systemctl stop caseround)."
            ))
        };
        if is_postgres(address) {
            let wrong = |_| StoreError::Address("a PostgreSQL address that cannot be read".to_owned());
            let options = PgConnectOptions::from_str(address).map_err(wrong)?;
            let mut connection = patiently(|| options.connect()).await?;
            let how = if shared { "pg_try_advisory_lock_shared" } else { "pg_try_advisory_lock" };
            for _ in 0..ASKED {
                let (held,): (bool,) = sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {how}({LOCK})")))
                    .fetch_one(&mut connection)
                    .await?;
                if held {
                    return Ok(Self::Connection(connection));
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            return Err(in_use());
        }
        let file = file_of(address);
        on_this_machine(file)?;
        let path = PathBuf::from(format!("{file}.lock"));
        let wrong = |error: std::io::Error| StoreError::file(path.display(), error);
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(wrong)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self::File(lock)),
            Err(std::fs::TryLockError::WouldBlock) => Err(in_use()),
            Err(std::fs::TryLockError::Error(error)) => Err(wrong(error)),
        }
    }
}

/// File systems of other machines, as Linux calls them.
const NETWORK: [&str; 14] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ceph",
    "glusterfs",
    "fuse.sshfs",
    "fuse.glusterfs",
    "fuse.ceph",
    "ncpfs",
    "lustre",
];

/// Whether SQLite's file lies on a disk of this machine.
///
/// # Errors
/// [`StoreError::NetworkFolder`] where it does not.
pub fn on_this_machine(file: &str) -> Result<(), StoreError> {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    match place_of(file).as_deref().and_then(|place| file_system_of(place, &mounts)) {
        Some(kind) if NETWORK.contains(&kind) => {
            Err(StoreError::NetworkFolder { file: file.to_owned(), kind: kind.to_owned() })
        }
        _ => Ok(()),
    }
}

/// Where a file really lies, also through links: the file, or its folder where there is no file yet.
fn place_of(file: &str) -> Option<PathBuf> {
    let file = Path::new(file);
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    file.canonicalize().or_else(|_| folder.canonicalize()).ok()
}

/// The file system a folder lies on, by the lines of `/proc/self/mountinfo`: the last of the longest mount points.
fn file_system_of<'a>(folder: &Path, mounts: &'a str) -> Option<&'a str> {
    let mounted = mounts.lines().filter_map(|line| {
        let (about, kind) = line.split_once(" - ")?;
        // A blank in a mount point is written in octal.
        let point = about.split(' ').nth(4)?.replace("\\040", " ");
        folder.starts_with(&point).then_some((point.len(), kind.split(' ').next()?))
    });
    mounted.max_by_key(|(length, _)| *length).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_on_another_machine_is_recognised_by_its_mount() {
        let mounts = "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n\
            40 22 0:35 / /srv/council\\040data rw - nfs4 server:/export rw\n\
            41 40 0:36 / /srv/council\\040data/local rw - xfs /dev/vdb rw\n";
        let of = |folder: &str| file_system_of(Path::new(folder), mounts);
        assert_eq!(of("/var/lib/caseround"), Some("ext4"));
        assert_eq!(of("/srv/council data/caseround"), Some("nfs4"));
        assert_eq!(of("/srv/council data/local"), Some("xfs"));
        assert_eq!(of("/srv/council"), Some("ext4"));
    }

    #[test]
    fn a_file_that_is_a_link_lies_where_it_leads() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (link, file) = (here.path().join("a.sqlite"), there.path().join("b.sqlite"));
        std::fs::write(&file, "").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert_eq!(place_of(link.to_str().unwrap()), Some(file.canonicalize().unwrap()));
        let to_come = there.path().join("c.sqlite");
        assert_eq!(place_of(to_come.to_str().unwrap()), Some(there.path().canonicalize().unwrap()));
    }
}
