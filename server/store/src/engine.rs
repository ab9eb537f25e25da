//! Two engines behind one name.

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgListener, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use std::{str::FromStr, time::Duration};

static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// The database: SQLite embedded, or PostgreSQL.
#[derive(Debug, Clone)]
pub enum Store {
    /// One file; a pool of readers and one writer.
    Sqlite {
        /// Readers.
        read: SqlitePool,
        /// The writer.
        write: SqlitePool,
    },
    /// A server.
    Postgres(PgPool),
}

/// An open transaction that may write.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// What can go wrong below the rules.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or did not answer.
    #[error("the database did not answer: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema is not this version's.
    #[error("the database's schema does not fit this version: {0}. A newer Caseround may have used it; use that one.")]
    Schema(#[from] sqlx::migrate::MigrateError),
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
}

macro_rules! on_pool {
    ($store:expr, $pool:ident => $body:expr) => {
        match $store {
            $crate::Store::Sqlite { read: $pool, .. } => $body,
            $crate::Store::Postgres($pool) => $body,
        }
    };
}

macro_rules! fetch_all {
    ($store:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        on_pool!($store, pool => sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_all(pool).await)
    };
}

macro_rules! fetch_optional {
    ($store:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        on_pool!($store, pool => sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_optional(pool).await)
    };
}

macro_rules! execute {
    ($tx:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx {
            $crate::Tx::Sqlite(tx) => {
                sqlx::query($sql)$(.bind($bind))*.execute(&mut **tx).await.map(|done| done.rows_affected())
            }
            $crate::Tx::Postgres(tx) => {
                sqlx::query($sql)$(.bind($bind))*.execute(&mut **tx).await.map(|done| done.rows_affected())
            }
        }
    };
}

/// One statement for many rows: how many it wrote.
macro_rules! insert_all {
    ($tx:expr, $head:expr, $rows:expr, $row:ident => [$($bind:expr),* $(,)?], $tail:expr) => {
        match $tx {
            $crate::Tx::Sqlite(tx) => {
                let mut insert = sqlx::QueryBuilder::<sqlx::Sqlite>::new($head);
                insert.push_values($rows, |mut values, $row| { $(values.push_bind($bind);)* });
                insert.push($tail);
                insert.build().execute(&mut **tx).await.map(|done| done.rows_affected())
            }
            $crate::Tx::Postgres(tx) => {
                let mut insert = sqlx::QueryBuilder::<sqlx::Postgres>::new($head);
                insert.push_values($rows, |mut values, $row| { $(values.push_bind($bind);)* });
                insert.push($tail);
                insert.build().execute(&mut **tx).await.map(|done| done.rows_affected())
            }
        }
    };
}

impl Store {
    /// Opens the database at `address`, a file name, `sqlite:FILE` or `postgres://…`, and brings its
    /// schema up to date.
    ///
    /// # Errors
    /// Where it cannot be reached, its schema is newer than this binary, or it is not durable.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let store = if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(5))
                .connect(address)
                .await?;
            Self::Postgres(pool)
        } else {
            let file = address.strip_prefix("sqlite:").unwrap_or(address);
            let options = SqliteConnectOptions::from_str(&format!("sqlite:{file}"))
                .map_err(|_| StoreError::Address(address.to_owned()))?
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                // A statement that may be undone keeps its pages in memory and opens no file for them.
                .pragma("temp_store", "MEMORY")
                // What is destroyed is overwritten in the file, too.
                .pragma("secure_delete", "ON")
                .busy_timeout(Duration::from_secs(10));
            // What the log holds is copied into the file by [`Store::tidy`], so that no commit waits for it; by
            // a commit only where nobody tidies, as in an import.
            let writer = options.clone().pragma("wal_autocheckpoint", "20000");
            let write = SqlitePoolOptions::new().max_connections(1).connect_with(writer).await?;
            let read = SqlitePoolOptions::new().max_connections(6).connect_with(options).await?;
            Self::Sqlite { read, write }
        };
        match &store {
            Self::Sqlite { write, .. } => MIGRATOR.run(write).await?,
            Self::Postgres(pool) => MIGRATOR.run(pool).await?,
        }
        store.check_durable().await?;
        Ok(store)
    }

    /// Begins a transaction that may write. On SQLite it takes the write lock at once.
    ///
    /// # Errors
    /// Where no connection is to be had in time.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Whether a read is answered.
    ///
    /// # Errors
    /// Where it is not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        fetch_all!(self, (i64,), "SELECT COUNT(*) FROM settings")?;
        Ok(())
    }

    /// A named setting.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row = fetch_optional!(self, (String,), "SELECT value FROM settings WHERE name = $1", name)?;
        Ok(row.map(|(value,)| value))
    }

    /// Copies the whole SQLite database into a new file while serving.
    ///
    /// # Errors
    /// Where the file exists already or cannot be written; on PostgreSQL, which has its own tools.
    pub async fn backup(&self, file: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { write, .. } => {
                sqlx::query("VACUUM INTO $1").bind(file).execute(write).await?;
                Ok(())
            }
            Self::Postgres(_) => {
                Err(StoreError::Address("a PostgreSQL database; use pg_dump and pg_restore".to_owned()))
            }
        }
    }

    /// Copies what SQLite's log holds into the database's file, while others read and write; nothing on
    /// PostgreSQL, which does so by itself.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub async fn tidy(&self) -> Result<(), StoreError> {
        if let Self::Sqlite { read, .. } = self {
            sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(read).await?;
        }
        Ok(())
    }

    /// Leaves nothing of what was destroyed in SQLite's log; PostgreSQL's is its administrator's. `false` where readers
    /// were in the way: it goes with the next destruction or restart.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub async fn scrub(&self) -> Result<bool, StoreError> {
        if let Self::Sqlite { write, .. } = self {
            // Readers may be in the way for a moment.
            for _ in 0..20 {
                let (busy, ..): (i64, i64, i64) =
                    sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(write).await?;
                if busy == 0 {
                    return Ok(true);
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            return Ok(false);
        }
        Ok(true)
    }

    /// Hears of other processes' writes; `None` on SQLite, where there are none.
    ///
    /// # Errors
    /// Where PostgreSQL cannot be reached.
    pub async fn listen(&self) -> Result<Option<Listener>, StoreError> {
        match self {
            Self::Sqlite { .. } => Ok(None),
            Self::Postgres(pool) => {
                let mut listener = PgListener::connect_with(pool).await?;
                listener.listen("caseround").await?;
                Ok(Some(Listener(listener)))
            }
        }
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
}

impl Tx {
    /// Makes everything durable.
    ///
    /// # Errors
    /// Where it could not; nothing is written then.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Tells other processes of a write, once it is committed; nothing on SQLite.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn notify(&mut self, payload: &str) -> Result<(), StoreError> {
        if let Self::Postgres(tx) = self {
            sqlx::query("SELECT pg_notify('caseround', $1)").bind(payload).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Sets a named setting.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn set(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        const SET: &str = "INSERT INTO settings (name, value) VALUES ($1, $2) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        execute!(self, SET, name, value)?;
        Ok(())
    }
}

/// PostgreSQL's notifications.
#[derive(Debug)]
pub struct Listener(PgListener);

impl Listener {
    /// The next payload.
    ///
    /// # Errors
    /// Where the connection is lost for good; it is re-opened by itself otherwise.
    pub async fn next(&mut self) -> Result<String, StoreError> {
        Ok(self.0.recv().await?.payload().to_owned())
    }
}
