//! Two engines behind one name.

use crate::StoreError;
use sqlx::postgres::PgListener;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The database: SQLite embedded, or PostgreSQL.
#[derive(Debug, Clone)]
pub enum Store {
    /// One file; a pool of readers and one writer.
    Sqlite {
        /// Readers.
        read: SqlitePool,
        /// The writer.
        write: SqlitePool,
        /// Set where a transaction ended without a commit: its connection may be unclean.
        unclean: Arc<AtomicBool>,
        /// The file.
        file: String,
    },
    /// A server.
    Postgres(PgPool),
}

/// An open transaction that may write.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(SqliteTx),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// A transaction on SQLite's one writing connection. Where it ends without a commit the connection is thrown away:
/// after a full disk SQLite has rolled back by itself, and the connection would refuse every later transaction.
#[derive(Debug)]
pub struct SqliteTx {
    inner: Option<Transaction<'static, Sqlite>>,
    unclean: Arc<AtomicBool>,
}

impl std::ops::Deref for SqliteTx {
    type Target = Transaction<'static, Sqlite>;

    fn deref(&self) -> &Self::Target {
        self.inner.as_ref().expect("only a commit takes it")
    }
}

impl std::ops::DerefMut for SqliteTx {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.inner.as_mut().expect("only a commit takes it")
    }
}

impl Drop for SqliteTx {
    fn drop(&mut self) {
        if self.inner.is_some() {
            self.unclean.store(true, Ordering::Release);
        }
    }
}

impl SqliteTx {
    async fn commit(mut self) -> Result<(), sqlx::Error> {
        let inner = self.inner.take().expect("it is committed once");
        let done = inner.commit().await;
        if done.is_err() {
            self.unclean.store(true, Ordering::Release);
        }
        done
    }
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
                sqlx::query($sql)$(.bind($bind))*.execute(&mut ***tx).await.map(|done| done.rows_affected())
            }
            $crate::Tx::Postgres(tx) => {
                sqlx::query($sql)$(.bind($bind))*.execute(&mut **tx).await.map(|done| done.rows_affected())
            }
        }
    };
}

/// One row, read within a transaction.
macro_rules! fetch_in {
    ($tx:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx {
            $crate::Tx::Sqlite(tx) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_optional(&mut ***tx).await
            }
            $crate::Tx::Postgres(tx) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_optional(&mut **tx).await
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
                insert.build().execute(&mut ***tx).await.map(|done| done.rows_affected())
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
    /// Begins a transaction that may write. On SQLite it takes the write lock at once.
    ///
    /// # Errors
    /// Where no connection is to be had in time.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { write, unclean, .. } => {
                let inner = Some(write.begin_with("BEGIN IMMEDIATE").await?);
                Tx::Sqlite(SqliteTx { inner, unclean: Arc::clone(unclean) })
            }
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Writes `value`, durably, as a setting of its own: fails where nothing could be written now.
    ///
    /// # Errors
    /// Where it was not written.
    pub async fn try_write(&self, value: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.set("written", value).await?;
        tx.commit().await
    }

    /// A named setting.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row = fetch_optional!(self, (String,), "SELECT value FROM settings WHERE name = $1", name)?;
        Ok(row.map(|(value,)| value))
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

    /// Sets a named setting where it has no value yet, and gives the value that stands.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn set_once(&mut self, name: &str, value: &str) -> Result<String, StoreError> {
        const SET: &str = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
        const READ: &str = "SELECT value FROM settings WHERE name = $1";
        execute!(self, SET, name, value)?;
        let (standing,): (String,) = match self {
            Self::Sqlite(tx) => sqlx::query_as(READ).bind(name).fetch_one(&mut ***tx).await?,
            Self::Postgres(tx) => sqlx::query_as(READ).bind(name).fetch_one(&mut **tx).await?,
        };
        Ok(standing)
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
