//! The command line, for a council's technician.

use crate::proxies::Proxies;
use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand};
use ipnet::IpNet;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Group case supervision for Family Safeguarding teams.
///
/// One program with its database in one file. Start it with "caseround serve"; every setting is a flag
/// or an environment variable, and has a default that works.
#[derive(Debug, Parser)]
#[command(version, about, long_about)]
pub struct Cli {
    /// Settings of every command.
    #[command(flatten)]
    pub settings: Settings,
    /// What to do.
    #[command(subcommand)]
    pub command: CliCommand,
}

/// Settings of every command.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Where the data are: a file for SQLite, or postgres://USER:PASSWORD@HOST/NAME.
    #[arg(long, env = "CASEROUND_DATABASE", default_value = "caseround.sqlite", global = true)]
    pub database: String,
    /// This database is a demo of invented families. Needed for every command on a demo database.
    #[arg(long, env = "CASEROUND_DEMO", global = true)]
    pub demo: bool,
    /// Begin at this moment instead of now (for demos and tests), like 2026-11-24T09:25:00Z.
    #[arg(long, env = "CASEROUND_CLOCK", global = true, value_name = "TIME")]
    pub clock: Option<DateTime<Utc>>,
    /// The key under which the ends of the signed records' chains are kept. It is made when it is not there; keep a
    /// copy of it apart from the database's backups. By default a file beside the database.
    #[arg(long, env = "CASEROUND_SEAL_KEY", global = true, value_name = "FILE")]
    pub seal_key: Option<PathBuf>,
    /// Where fonts for scripts other than Latin lie (Debian: fonts-noto-core, fonts-noto-cjk). They are read when a
    /// document needs them.
    #[arg(long, env = "CASEROUND_FONTS", default_value = record::FONT_FOLDER, global = true, value_name = "DIR")]
    pub fonts: PathBuf,
    /// Where the security log goes: "stderr", "syslog", or a file that lines are added to. See docs/security.md.
    #[arg(long, env = "CASEROUND_SECURITY_LOG", default_value = "stderr", global = true, value_name = "WHERE")]
    pub security_log: String,
    /// Settings as TOML: the council's name and logo, and the systems that signed records go to. See
    /// docs/deliveries.md.
    #[arg(long, env = "CASEROUND_SETTINGS", global = true, value_name = "FILE")]
    pub settings: Option<PathBuf>,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// Serve the pages until stopped with Ctrl-C.
    Serve(Serve),
    /// Read case data from the council's case system.
    #[command(subcommand)]
    Import(ImportOptions),
    /// Give people accounts.
    #[command(subcommand)]
    Worker(WorkerCommand),
    /// Accounts that are there: a lost password, a leaver, another address.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Look for what is wrong and say how to mend it.
    Doctor,
    /// Copy the whole database into FILE, also while serving (SQLite).
    Backup {
        /// The new file; it must not exist yet.
        file: PathBuf,
    },
    /// Put a backup in place of the database (SQLite). Stop serving first.
    Restore {
        /// A file made by "caseround backup".
        file: PathBuf,
    },
    /// Walk the chains of all signed records and say where one is broken, if any is.
    Verify {
        /// A hash from a receipt or a printed record: it must still stand somewhere. May be given several times.
        #[arg(long, value_name = "HASH")]
        head: Vec<String>,
        /// Read all workbooks too, and compare what they say was signed.
        #[arg(long)]
        journals: bool,
    },
    /// Unlock a family that is locked for named people, where all of these have left.
    Unlock {
        /// The family's reference.
        reference: String,
    },
    /// The access log: who looked at what of which family.
    #[command(subcommand)]
    Audit(Audit),
    /// Look at a template of the council's own.
    #[command(subcommand)]
    Template(TemplateCommand),
    /// Say until when each child's records are held here and what has expired. Changes nothing: destroying takes two
    /// people, on the page "How long records are held here".
    Retention,
    /// Make the lists anew from the journals, should they ever disagree. Stop serving first.
    Rebuild,
    /// Bring an older version's database up to date, after copying it. Stop serving first. "serve" does so too (SQLite).
    Migrate {
        /// On PostgreSQL: a copy has been made with pg_dump.
        #[arg(long)]
        dumped: bool,
    },
    /// The key under which the chains of signed records end.
    #[command(subcommand)]
    SealKey(SealKeyCommand),
}

/// What is asked of the access log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Walk all chains and say where an entry is not as it was written, if any is.
    Verify,
    /// Write every entry as CSV to the standard output; who looked, and at which family, as ids.
    Export,
}

/// The seal key.
#[derive(Debug, Subcommand)]
pub enum SealKeyCommand {
    /// Make a new key and seal every chain under it. Stop serving first.
    Change {
        /// Where the new key is written; it must not exist yet.
        file: PathBuf,
    },
}

/// How pages are served.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// Address and port to listen on. Plain http is only allowed on this machine itself: give --certificate
    /// and --key, or, behind a proxy with https, --public-url.
    #[arg(long, env = "CASEROUND_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// The certificate with its chain, as PEM: the server then speaks https itself, with HTTP/2. When the
    /// file is renewed it is read again within a minute.
    #[arg(long, env = "CASEROUND_CERTIFICATE", value_name = "FILE", requires = "key")]
    pub certificate: Option<PathBuf>,
    /// The certificate's private key, as PEM.
    #[arg(long, env = "CASEROUND_KEY", value_name = "FILE", requires = "certificate")]
    pub key: Option<PathBuf>,
    /// The address people type, like https://caseround.example.gov.uk. Must be https unless on loopback.
    #[arg(long, env = "CASEROUND_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The addresses or ranges of the proxies in front, with commas between them, like 10.0.0.1 or 10.0.0.0/24. Their
    /// X-Forwarded-For header is believed: waits after wrong passwords and limits then count for each caller and not for
    /// the proxy. Where --listen is not this machine alone and there is no --certificate, nobody else is answered.
    #[arg(long, env = "CASEROUND_PROXY", value_name = "ADDRESSES", value_delimiter = ',', value_parser = Proxies::parse)]
    pub proxy: Vec<IpNet>,
    /// The folder with the browser's files; by default "assets" beside this program.
    #[arg(long, env = "CASEROUND_ASSETS")]
    pub assets: Option<PathBuf>,
}

/// Case data in.
#[derive(Debug, Subcommand)]
pub enum ImportOptions {
    /// Read a Standard Safeguarding Dataset: a folder of CSV files named ssd_person.csv and so on.
    Ssd {
        /// The folder.
        dir: PathBuf,
        /// Try everything, say what would change, change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Take it, however much it changes or ends. Look at a dry run first.
        #[arg(long)]
        accept_changes: bool,
        /// What the council calls its files, columns, values and jobs, as TOML. "import map" drafts it.
        #[arg(long, value_name = "FILE")]
        mapping: Option<PathBuf>,
        /// Print the report as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Take over how children who are known already stand, from a CIN census (XML) or an Annex A (.xlsx, lists 6 and 7): plans,
    /// closures, when they were seen. Nobody is added and nothing is ended by what is not in it.
    Refresh {
        /// The file.
        file: PathBuf,
        /// Try everything, say what would change, change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Take it, however much it changes. Look at a dry run first.
        #[arg(long)]
        accept_changes: bool,
        /// Print the report as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Draft a mapping for a folder whose files, columns, values or jobs have other names than the dataset's. It is printed.
    Map {
        /// The folder.
        dir: PathBuf,
    },
}

/// Templates.
#[derive(Debug, Subcommand)]
pub enum TemplateCommand {
    /// Say what is wrong in a template, each with its line. See docs/templates.md.
    Check {
        /// The template, as TOML.
        file: PathBuf,
    },
}

/// People's accounts.
#[derive(Debug, Subcommand)]
pub enum WorkerCommand {
    /// Add a worker with an account: the first one is usually a team manager.
    Add {
        /// Their name.
        name: String,
        /// The e-mail address they sign in with.
        email: String,
        /// Their discipline, as in the template: team_manager, childrens_social_worker …
        #[arg(long, default_value = "team_manager")]
        discipline: String,
        /// The team's name; it is made if it does not exist.
        #[arg(long, default_value = "")]
        team: String,
        /// The password. Without it one is asked for on standard input.
        #[arg(long, env = "CASEROUND_PASSWORD", hide_env_values = true)]
        password: Option<String>,
    },
    /// Give an imported worker an account.
    Link {
        /// Their staff number in the extract.
        staff_id: String,
        /// The e-mail address they sign in with.
        email: String,
        /// The password. Without it one is asked for on standard input.
        #[arg(long, env = "CASEROUND_PASSWORD", hide_env_values = true)]
        password: Option<String>,
    },
}

/// Accounts that are there.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Print a one-time link with which its holder chooses a new password.
    Link {
        /// The e-mail address they sign in with.
        email: String,
        /// The address people type.
        #[arg(long, env = "CASEROUND_PUBLIC_URL", default_value = "http://127.0.0.1:3000")]
        public_url: String,
    },
    /// End an account: its holder is signed out everywhere, at once.
    End {
        /// The e-mail address they sign in with.
        email: String,
    },
    /// Take back that an account has ended.
    Reopen {
        /// The e-mail address they sign in with.
        email: String,
    },
    /// Remove its second factor, for a holder who has lost phone and recovery codes. They are signed out everywhere.
    FactorRemove {
        /// The e-mail address they sign in with.
        email: String,
    },
    /// Make its holder an administrator: they give roles and accounts, and read no families. The first one is made so.
    Administrator {
        /// The e-mail address they sign in with.
        email: String,
    },
    /// Let its holder sign in with another address.
    Move {
        /// The e-mail address they sign in with now.
        email: String,
        /// The new one.
        to: String,
    },
}
