//! `caseround retention`: until when records are held.

use crate::cli::Settings;
use crate::database::start;
use domain::retention::RetentionState;
use service::store::OpenMode;
use std::io::Write;

/// `caseround retention`: a dry run.
///
/// # Errors
/// Where the database cannot be read.
pub async fn retention(settings: &Settings) -> anyhow::Result<()> {
    let service = start(settings, OpenMode::Existing).await?;
    let mut out = std::io::stdout().lock();
    let mut expired = 0;
    for line in service.retention_of_all().await? {
        let state = match &line.state {
            RetentionState::Expired(day) => format!("expired on {day}"),
            RetentionState::Until(day) => format!("until {day}"),
            RetentionState::Kept(why) => format!("kept: {why}"),
        };
        expired += usize::from(matches!(line.state, RetentionState::Expired(_)));
        let (reference, child, status) = (&line.reference, line.child, line.status.title());
        writeln!(out, "{reference} child {child}: {} records, highest status {status}, {state}", line.records)?;
    }
    writeln!(out, "{expired} expired. Nothing was changed.")?;
    Ok(())
}
