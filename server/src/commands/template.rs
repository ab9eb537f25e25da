//! `caseround template`: templates of the council's own.

use crate::cli::TemplateCommand;
use anyhow::{Context, bail};
use std::io::Write;

/// `caseround template check FILE`.
///
/// # Errors
/// Where the file cannot be read or something in it is wrong.
pub fn template(template: &TemplateCommand) -> anyhow::Result<()> {
    let TemplateCommand::Check { file } = template;
    let mut out = std::io::stdout().lock();
    let text = std::fs::read_to_string(file).with_context(|| format!("{} could not be read.", file.display()))?;
    match service::template::read(&text) {
        Ok(read) => {
            writeln!(
                out,
                "{}: \"{}\", version {}, {} stages. Nothing is wrong.",
                file.display(),
                read.template.title,
                read.template.version,
                read.template.stages.len()
            )?;
            Ok(())
        }
        Err(mistakes) => {
            for mistake in &mistakes {
                writeln!(out, "{}:{}: {}", file.display(), mistake.line, mistake.message)?;
            }
            bail!(
                "{} to mend.",
                if mistakes.len() == 1 { "1 thing".to_owned() } else { format!("{} things", mistakes.len()) }
            )
        }
    }
}
