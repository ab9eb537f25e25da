//! `caseround import`: case data from the council's case system.

use crate::cli::{ImportOptions, Settings};
use crate::database::start;
use anyhow::Context;
use service::import::{Load, Report};
use service::store::OpenMode;
use std::collections::BTreeMap;
use std::io::Write;

/// `caseround import ssd DIR`.
///
/// # Errors
/// Where the folder or one of its files cannot be read; nothing is changed then.
pub async fn import(settings: &Settings, import: &ImportOptions) -> anyhow::Result<()> {
    let ImportOptions::Ssd { dir, dry_run, accept_changes, json } = import;
    let load = match (*dry_run, *accept_changes) {
        (true, _) => Load::DryRun,
        (false, true) => Load::Accepted,
        (false, false) => Load::Checked,
    };
    let mut files = BTreeMap::new();
    let entries =
        std::fs::read_dir(dir).with_context(|| format!("{} is not a folder that can be read.", dir.display()))?;
    for entry in entries {
        let path = entry?.path();
        // Whatever lies there is looked at: a folder that holds no extract says what it holds.
        if path.is_file()
            && let Some(name) = path.file_name().and_then(|name| name.to_str())
        {
            let bytes = std::fs::read(&path).with_context(|| format!("{} could not be read.", path.display()))?;
            files.insert(name.to_owned(), bytes);
        }
    }
    let service = start(settings, OpenMode::Make).await?;
    let report = service.import_ssd(&files, load).await?;
    let mut out = std::io::stdout().lock();
    if *json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        print_report(&mut out, &report)?;
    }
    Ok(())
}

fn print_report(out: &mut impl Write, report: &Report) -> std::io::Result<()> {
    for problem in &report.problems {
        let level = format!("{:?}", problem.level).to_lowercase();
        let place = match (problem.file.is_empty(), problem.line) {
            (true, _) => String::new(),
            (false, 0) => format!("{} ", problem.file),
            (false, line) => format!("{} line {line} ", problem.file),
        };
        let value = if problem.value.is_empty() { String::new() } else { format!(" [{}]", problem.value) };
        writeln!(out, "{level:6} {place}{}{value}: {}", problem.column, problem.says)?;
    }
    for (file, count) in &report.files {
        writeln!(
            out,
            "{file}: {} rows = {} kept + {} repeated + {} left out",
            count.rows, count.kept, count.repeated, count.left_out
        )?;
    }
    for (kind, change) in &report.changes {
        writeln!(
            out,
            "{kind}: {} new, {} changed ({} corrected by hand and kept), {} unchanged, {} under another key, {} gone ({} of them open)",
            change.new,
            change.changed,
            change.kept_by_hand,
            change.unchanged,
            change.renumbered,
            change.gone,
            change.gone_open
        )?;
    }
    for words in &report.too_much {
        writeln!(out, "More than a load usually changes: {words}")?;
    }
    if report.dry_run {
        writeln!(out, "This was a dry run: nothing was changed.")?;
    } else if report.changes_nothing() {
        writeln!(out, "Nothing has changed since the last load.")?;
    }
    Ok(())
}
