//! `caseround import`: case data from the council's case system.

use crate::cli::{ImportOptions, Settings};
use crate::database::start;
use anyhow::Context;
use interchange::Mapping;
use service::import::{Load, Report};
use service::store::OpenMode;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// `caseround import ssd DIR`, `caseround import refresh FILE` and `caseround import map DIR`.
///
/// # Errors
/// Where the folder, one of its files or the mapping cannot be read; nothing is changed then.
pub async fn import(settings: &Settings, import: &ImportOptions) -> anyhow::Result<()> {
    match import {
        ImportOptions::Map { dir } => {
            let files = files_of(dir)?;
            Ok(write!(std::io::stdout().lock(), "{}", interchange::mapping::draft(&files))?)
        }
        ImportOptions::Ssd { dir, dry_run, accept_changes, mapping, json } => {
            let mapping = mapping.as_deref().map_or_else(|| Ok(Mapping::default()), mapping_of)?;
            let files = files_of(dir)?;
            let service = start(settings, OpenMode::Make).await?;
            print(&service.import_mapped(&files, &mapping, load(*dry_run, *accept_changes)).await?, *json)
        }
        ImportOptions::Refresh { file, dry_run, accept_changes, json } => {
            let bytes = std::fs::read(file).with_context(|| format!("{} could not be read.", file.display()))?;
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or("the file");
            let service = start(settings, OpenMode::Existing).await?;
            print(&service.refresh(name, &bytes, load(*dry_run, *accept_changes)).await?, *json)
        }
    }
}

const fn load(dry_run: bool, accept_changes: bool) -> Load {
    match (dry_run, accept_changes) {
        (true, _) => Load::DryRun,
        (false, true) => Load::Accepted,
        (false, false) => Load::Checked,
    }
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(report)?)?;
    } else {
        print_report(&mut out, report)?;
    }
    Ok(())
}

fn mapping_of(file: &Path) -> anyhow::Result<Mapping> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} could not be read.", file.display()))?;
    Mapping::parse(&text).map_err(|why| anyhow::anyhow!("{}: {why}", file.display()))
}

/// The files of a folder. Whatever lies there is looked at: a folder that holds no extract says what it holds.
fn files_of(dir: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let entries =
        std::fs::read_dir(dir).with_context(|| format!("{} is not a folder that can be read.", dir.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_file()
            && let Some(name) = path.file_name().and_then(|name| name.to_str())
        {
            let bytes = std::fs::read(&path).with_context(|| format!("{} could not be read.", path.display()))?;
            files.insert(name.to_owned(), bytes);
        }
    }
    Ok(files)
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
