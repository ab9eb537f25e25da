//! Where the two logs go: what happens to standard error, and the security log where the technician wants it.

use anyhow::Context;
use service::security::TARGET;
use std::fs::{File, OpenOptions};
use std::io::IsTerminal;
use tracing_subscriber::filter::{EnvFilter, LevelFilter, Targets};
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

/// Begins both logs. The security log is one JSON object a line.
///
/// # Errors
/// Where its file cannot be written, or there is no syslog.
pub fn begin(security_log: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_env("CASEROUND_LOG").unwrap_or_else(|_| "warn,caseround=info".into());
    // A log that is kept has no colours in it.
    let log = fmt::layer().with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr);
    let apart = Targets::new().with_target(TARGET, LevelFilter::OFF).with_default(LevelFilter::TRACE);
    let security = fmt::layer().json().flatten_event(true).with_target(false).with_writer(writer(security_log)?);
    tracing_subscriber::registry()
        .with(log.with_filter(filter).with_filter(apart))
        .with(security.with_filter(Targets::new().with_target(TARGET, LevelFilter::INFO)))
        .init();
    Ok(())
}

fn writer(security_log: &str) -> anyhow::Result<BoxMakeWriter> {
    match security_log {
        "stderr" => Ok(BoxMakeWriter::new(std::io::stderr)),
        "syslog" => {
            let syslog =
                syslog_tracing::Syslog::new(c"caseround", Default::default(), syslog_tracing::Facility::AuthPriv);
            Ok(BoxMakeWriter::new(syslog.context("There is no syslog on this machine.")?))
        }
        file => Ok(BoxMakeWriter::new(std::sync::Arc::new(added_to(file)?))),
    }
}

fn added_to(file: &str) -> anyhow::Result<File> {
    let opened = OpenOptions::new().create(true).append(true).open(file);
    opened.with_context(|| format!("The security log {file} cannot be written. Choose another with --security-log."))
}
