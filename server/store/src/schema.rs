//! Which program's schema a database has, and bringing an older one up to date.

use crate::{Store, StoreError};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};
use std::collections::BTreeMap;

/// The steps of the schema in their order: number, what it is, its statements. Only added to after a release.
const STEPS: [(i64, &str, &str); 1] = [(1, "first", include_str!("../../../migrations/0001_first.sql"))];

fn migrator() -> Migrator {
    let step = |(number, what, sql): (i64, &'static str, &'static str)| {
        Migration::new(number, what.into(), MigrationType::Simple, AssertSqlSafe(sql).into_sql_str(), false)
    };
    Migrator { migrations: STEPS.into_iter().map(step).collect(), ..Migrator::DEFAULT }
}

/// The setting that names the program which last served the database.
const PROGRAM: &str = "program";

/// How a database's schema stands to this program's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schema {
    /// Nothing is there yet.
    Empty,
    /// It is this program's.
    Fits,
    /// An older program's; this one can bring it up to date.
    Older {
        /// Which program served it last, where that is known.
        by: Option<String>,
    },
    /// A newer program's.
    Newer {
        /// Which program served it last, where that is known.
        by: Option<String>,
    },
    /// Made before the first release; no program reads it any more.
    Unreleased,
    /// Something else's database.
    Foreign,
}

impl Schema {
    /// What it is and what to do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        let of = |by: &Option<String>| by.as_ref().map_or_else(String::new, |by| format!(" ({by})"));
        let this = env!("CARGO_PKG_VERSION");
        match self {
            Self::Empty => {
                "the database is empty. \"caseround serve\", \"import\" and \"worker add\" fill one.".to_owned()
            }
            Self::Fits => "the schema fits".to_owned(),
            Self::Older { by } => format!(
                "the database was last used by an older Caseround{}; this is {this}. Bring it up to date: caseround migrate.",
                of(by)
            ),
            Self::Newer { by } => format!(
                "the database was last used by a newer Caseround{}; this is {this}. Use that one, or put back a backup from before.",
                of(by)
            ),
            Self::Unreleased => "the database was made before the first release and cannot be read any more. \
                 Move it away; a new one is made."
                .to_owned(),
            Self::Foreign => "this is not a database of Caseround. Check --database.".to_owned(),
        }
    }
}

impl Store {
    /// How the schema stands to this program's.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        let tables = self.tables().await?;
        if tables.is_empty() {
            return Ok(Schema::Empty);
        }
        let has = |name: &str| tables.iter().any(|table| table == name);
        if !has("_sqlx_migrations") {
            return Ok(Schema::Foreign);
        }
        const APPLIED: &str = "SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version";
        let applied: Vec<(i64, Vec<u8>)> = fetch_all!(self, (i64, Vec<u8>), APPLIED)?;
        let migrator = migrator();
        if !has("journals") {
            // Another process may be making it just now.
            return Ok(if applied.is_empty() { Schema::Empty } else { Schema::Foreign });
        }
        let ours: BTreeMap<i64, &[u8]> = migrator.iter().map(|step| (step.version, step.checksum.as_ref())).collect();
        let by = self.setting(PROGRAM).await?;
        if applied.iter().any(|(version, _)| !ours.contains_key(version)) {
            // The first schema was put together from several before the first release.
            let released =
                applied.first().is_some_and(|(version, sum)| ours.get(version).is_some_and(|own| own == sum));
            return Ok(if released { Schema::Newer { by } } else { Schema::Unreleased });
        }
        if applied.iter().any(|(version, sum)| ours.get(version).is_none_or(|own| own != sum)) {
            return Ok(Schema::Unreleased);
        }
        Ok(if applied.len() < ours.len() { Schema::Older { by } } else { Schema::Fits })
    }

    async fn tables(&self) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = match self {
            Self::Sqlite { read, .. } => {
                sqlx::query_as("SELECT name FROM sqlite_master WHERE type = 'table'").fetch_all(read).await?
            }
            Self::Postgres(pool) => {
                sqlx::query_as("SELECT tablename::TEXT FROM pg_tables WHERE schemaname = current_schema()")
                    .fetch_all(pool)
                    .await?
            }
        };
        Ok(rows.into_iter().map(|(name,)| name).collect())
    }

    /// Brings the schema up to date: each step in a transaction of its own.
    ///
    /// # Errors
    /// Where a step cannot be made; the schema stands as before that step then.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let done = match self {
            Self::Sqlite { write, .. } => migrator().run(write).await,
            Self::Postgres(pool) => migrator().run(pool).await,
        };
        done.map_err(|error| match error {
            sqlx::migrate::MigrateError::Execute(error) => StoreError::from(error),
            other => StoreError::Schema(other.to_string()),
        })
    }

    /// Notes that this program uses the database, and tries whether it can be written.
    ///
    /// # Errors
    /// Where nothing can be written.
    pub async fn used_by_this_program(&self) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.set(PROGRAM, env!("CARGO_PKG_VERSION")).await?;
        tx.commit().await
    }
}
