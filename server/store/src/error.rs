//! What can go wrong below the rules.

/// Why the store gave no result.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, is full, locked or not writable now. Later the same may succeed.
    #[error("the database cannot be used now: {0}")]
    Unavailable(String),
    /// A statement failed for a reason that does not pass by waiting.
    #[error("a statement failed: {0}")]
    Statement(sqlx::Error),
    /// There is no database at this address, and the command makes none.
    #[error("there is no database at {0}. Check --database.")]
    Missing(String),
    /// The schema is not this program's.
    #[error("{0}")]
    Schema(String),
    /// A journal's line cannot be read.
    #[error("line {seq} of journal {journal} cannot be read: {why}")]
    Damaged {
        /// Which journal.
        journal: uuid::Uuid,
        /// Which line.
        seq: i64,
        /// What the reader said.
        why: String,
    },
    /// The address is no database address.
    #[error("\"{0}\" is not a database address. Use a file name, sqlite:FILE or postgres://USER@HOST/NAME.")]
    Address(String),
    /// The database does not keep what it acknowledged.
    #[error("the database is set to {0}, which can lose acknowledged writes. Set synchronous_commit to on.")]
    NotDurable(String),
    /// SQLite's file lies where its locks do not hold.
    #[error(
        "{file} lies on a network file system ({kind}), where SQLite's locks do not hold. Put it on a disk of this machine, or use PostgreSQL."
    )]
    NetworkFolder {
        /// The database's file.
        file: String,
        /// As the system calls it: nfs4, cifs …
        kind: String,
    },
    /// Another process uses the database in a way that excludes this one.
    #[error("{0}")]
    InUse(String),
    /// A file cannot be used.
    #[error("{file}: {why}")]
    File {
        /// Which.
        file: String,
        /// What the system said.
        why: String,
    },
}

impl StoreError {
    /// A file that cannot be used, with what the system says of it.
    pub(crate) fn file(file: impl std::fmt::Display, why: impl std::fmt::Display) -> Self {
        Self::File { file: file.to_string(), why: why.to_string() }
    }

    /// Whether the same may succeed later, unchanged.
    #[must_use]
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if unavailable(&error) { Self::Unavailable(error.to_string()) } else { Self::Statement(error) }
    }
}

/// Whether the database is away, full, locked or read-only, rather than the statement wrong.
fn unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => true,
        sqlx::Error::Database(cause) => cause.code().is_some_and(|code| match code.parse::<i64>() {
            // SQLite: the lowest byte is the kind. Busy, locked, no memory, read-only, I/O, full, cannot open, protocol.
            Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6 | 7 | 8 | 10 | 13 | 14 | 15),
            // PostgreSQL: connection lost, serialisation, resources, administrator, read-only, lock not available.
            _ => {
                ["08", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class))
                    || code == "25006"
                    || code == "55P03"
            }
        }),
        _ => false,
    }
}
