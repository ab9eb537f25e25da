//! `caseround doctor`: what is wrong, what is worth knowing, and what to do about each.

use crate::cli::Settings;
use crate::database::{open, shown};
use crate::outside;
use anyhow::bail;
use service::clock::Clock;
use service::store::open::on_this_machine;
use service::store::{OpenMode, Schema, Store};
use std::io::Write;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CheckResult {
    Good,
    /// Caseround works, and something is worth doing.
    Note,
    /// Caseround does not work, or not safely.
    Wrong,
}

/// What was found, printed as it is found.
struct Findings<W: Write> {
    out: W,
    notes: usize,
    wrong: usize,
}

impl<W: Write> Findings<W> {
    fn say(&mut self, mark: CheckResult, what: &str, remedy: &str) -> std::io::Result<()> {
        let word = match mark {
            CheckResult::Good => "ok   ",
            CheckResult::Note => "note ",
            CheckResult::Wrong => "WRONG",
        };
        self.notes += usize::from(mark == CheckResult::Note);
        self.wrong += usize::from(mark == CheckResult::Wrong);
        let remedy = if mark == CheckResult::Good { String::new() } else { format!(". {remedy}") };
        writeln!(self.out, "{word} {what}{remedy}")
    }

    fn check(&mut self, good: bool, otherwise: CheckResult, what: &str, remedy: &str) -> std::io::Result<()> {
        self.say(if good { CheckResult::Good } else { otherwise }, what, remedy)
    }
}

/// `caseround doctor`.
///
/// # Errors
/// Where something is wrong; each is printed with its remedy. Notes are no errors.
pub async fn doctor(settings: &Settings) -> anyhow::Result<()> {
    let mut findings = Findings { out: std::io::stdout().lock(), notes: 0, wrong: 0 };
    findings.say(CheckResult::Good, concat!("Caseround ", env!("CARGO_PKG_VERSION")), "")?;
    match open(settings, OpenMode::AnyVersion).await {
        Err(error) => findings.say(
            CheckResult::Wrong,
            &format!("database {}", shown(&settings.database)),
            &format!("{error:#}"),
        )?,
        Ok(store) => look(settings, &store, &mut findings).await?,
    }
    match (findings.wrong, findings.notes) {
        (0, 0) => writeln!(findings.out, "Nothing is wrong.")?,
        (0, notes) => writeln!(findings.out, "Nothing is wrong; {notes} to look at.")?,
        (1, _) => bail!("1 thing is wrong."),
        (wrong, _) => bail!("{wrong} things are wrong."),
    }
    Ok(())
}

async fn look(settings: &Settings, store: &Store, findings: &mut Findings<impl Write>) -> anyhow::Result<()> {
    let name = shown(&settings.database);
    let schema = store.schema().await?;
    findings.check(
        schema == Schema::Fits,
        CheckResult::Wrong,
        &format!("database {name}: schema"),
        &schema.remedy(),
    )?;
    if let Some(file) = store.file() {
        let file = file.display().to_string();
        let place = on_this_machine(&file);
        let remedy = place.as_ref().err().map(ToString::to_string).unwrap_or_default();
        findings.check(place.is_ok(), CheckResult::Wrong, "it lies on a disk of this machine", &remedy)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let open = std::fs::metadata(&file).is_ok_and(|about| about.permissions().mode() & 0o077 != 0);
            findings.check(!open, CheckResult::Wrong, "only its owner reads it", &format!("Say: chmod 600 {file}*"))?;
        }
    }
    if schema != Schema::Fits {
        return Ok(());
    }
    let written = store.try_write(&Clock::default().now().to_rfc3339()).await;
    let remedy = written.as_ref().err().map(ToString::to_string).unwrap_or_default();
    findings.check(written.is_ok(), CheckResult::Wrong, "it can be written, durably", &remedy)?;
    let demo = store.setting("demo").await?.as_deref() == Some("yes");
    findings.check(
        demo == settings.demo || !demo,
        CheckResult::Wrong,
        "demo setting fits the database",
        "This is a demo database: add --demo, or use another --database.",
    )?;
    let key = outside::existing_seal_key(settings, store).await;
    let remedy = key.as_ref().err().map(|error| format!("{error:#}")).unwrap_or_default();
    let made = store.setting(outside::FINGERPRINT).await?.is_some();
    findings.check(
        key.is_ok(),
        if made { CheckResult::Wrong } else { CheckResult::Note },
        "the seal key is here and fits",
        &remedy,
    )?;
    people(store, findings).await?;
    let missing = record::Printers::with_fonts(&settings.fonts).missing_scripts();
    let scripts = missing.iter().map(|(script, _)| *script).collect::<Vec<_>>().join(", ");
    let packages: std::collections::BTreeSet<&str> = missing.iter().map(|(_, package)| *package).collect();
    let packages = packages.into_iter().collect::<Vec<_>>().join(" ");
    findings.check(
        missing.is_empty(),
        CheckResult::Note,
        "documents print every script",
        &format!("{scripts} would be printed as empty squares. Say: apt-get install {packages}, or name their folder with --fonts."),
    )?;
    let damaged = service::rebuild::unreadable_words(store).await?;
    let remedy = format!("{} Put back a backup from before, or go on without these words.", damaged.join("; "));
    findings.check(damaged.is_empty(), CheckResult::Wrong, "the words of every journal can be read", &remedy)?;
    if damaged.is_empty() {
        let rebuilt = service::rebuild::differences(store).await?;
        findings.check(
            rebuilt == 0,
            CheckResult::Wrong,
            "lists agree with the journals",
            "Stop serving and say: caseround rebuild.",
        )?;
    }
    Ok(())
}

async fn people(store: &Store, findings: &mut Findings<impl Write>) -> anyhow::Result<()> {
    let workers = store.workers().await?;
    findings.check(
        !workers.is_empty(),
        CheckResult::Note,
        &format!("{} workers", workers.len()),
        "Import an extract (caseround import ssd DIR) or add one (caseround worker add).",
    )?;
    let accounts = store.addresses().await?.len();
    findings.check(
        accounts > 0,
        CheckResult::Note,
        &format!("{accounts} accounts"),
        "Nobody can sign in. Add one: caseround worker add NAME EMAIL --team TEAM.",
    )?;
    let asked = workers.iter().filter(|worker| worker.discipline.is_empty()).count();
    findings.check(
        asked == 0,
        CheckResult::Note,
        "every worker has a discipline",
        &format!("{asked} have none. A manager says it on the workers' page."),
    )?;
    Ok(())
}
