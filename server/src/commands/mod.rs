//! Commands beside serving: imports, accounts, health, backup.

use crate::cli::{Import, Settings, Template, Worker};
use crate::serve::{shown, start};
use anyhow::{Context, bail};
use domain::retention::Verdict;
use domain::{TeamId, WorkerId};
use service::import::Report;
use service::store::Store;
use service::store::worker::{Team, Worker as WorkerRow};
use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::path::Path;

/// `caseround import ssd DIR`.
///
/// # Errors
/// Where the folder or one of its files cannot be read; nothing is changed then.
pub async fn import(settings: &Settings, import: &Import) -> anyhow::Result<()> {
    let Import::Ssd { dir, dry_run, json } = import;
    let mut files = BTreeMap::new();
    let entries =
        std::fs::read_dir(dir).with_context(|| format!("{} is not a folder that can be read.", dir.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
            && let Some(name) = path.file_name().and_then(|name| name.to_str())
        {
            let bytes = std::fs::read(&path).with_context(|| format!("{} could not be read.", path.display()))?;
            files.insert(name.to_lowercase(), bytes);
        }
    }
    let service = start(settings).await?;
    let report = service.import_ssd(&files, *dry_run).await?;
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
            "{kind}: {} new, {} changed, {} unchanged, {} corrected by hand and kept",
            change.new, change.changed, change.unchanged, change.kept_by_hand
        )?;
    }
    if report.dry_run {
        writeln!(out, "This was a dry run: nothing was changed.")?;
    } else if report.changes_nothing() {
        writeln!(out, "Nothing has changed since the last load.")?;
    }
    Ok(())
}

/// `caseround worker add` and `worker link`.
///
/// # Errors
/// Where the worker is not known, or address or password cannot be used.
pub async fn worker(settings: &Settings, worker: &Worker) -> anyhow::Result<()> {
    let service = start(settings).await?;
    match worker {
        Worker::Add { name, email, discipline, team, password } => {
            if service.template().discipline(discipline).is_none() {
                let known: Vec<&str> = service.template().disciplines.iter().map(|known| known.key.as_str()).collect();
                bail!("\"{discipline}\" is not a discipline. Known are: {}.", known.join(", "));
            }
            let id = WorkerId::new(service.new_uuid());
            let directory = service.directory().await?;
            let known = directory.teams.values().find(|known| known.name == *team).cloned();
            let mut tx = service.store().begin().await?;
            let team_id = match (known, team.is_empty()) {
                (Some(known), _) => Some(known.id.uuid()),
                (None, true) => None,
                (None, false) => {
                    let made = Team {
                        id: TeamId::new(service.new_uuid()),
                        source_id: None,
                        name: team.clone(),
                        parent: String::new(),
                    };
                    tx.keep_team(&made).await?;
                    Some(made.id.uuid())
                }
            };
            let row = WorkerRow {
                id,
                source_id: None,
                staff_id: String::new(),
                name: name.clone(),
                job_title: String::new(),
                discipline: discipline.clone(),
                team_id,
                by_hand: true,
            };
            tx.keep_worker(&row).await?;
            let password = password_or_ask(password.as_deref())?;
            tx.commit().await?;
            service.rights_changed().await?;
            give(&service, id, email, &password).await?;
            println!("{name} signs in with {email}.");
        }
        Worker::Link { staff_id, email, password } => {
            let directory = service.directory().await?;
            let found: Vec<_> = directory.workers.values().filter(|known| known.staff_id == *staff_id).collect();
            let [worker] = found.as_slice() else {
                bail!(
                    "{} workers have the staff number {staff_id}. Import them first, or join them in the case system.",
                    found.len()
                );
            };
            give(&service, worker.id, email, &password_or_ask(password.as_deref())?).await?;
            println!("{} signs in with {email}.", worker.name);
        }
    }
    Ok(())
}

async fn give(service: &service::Service, worker: WorkerId, email: &str, password: &str) -> anyhow::Result<()> {
    match service.give_account(worker, email, password).await {
        Err(service::ServiceError::Form(errors)) => {
            bail!(errors.into_iter().map(|(_, message)| message).collect::<Vec<_>>().join(" "))
        }
        other => Ok(other?),
    }
}

fn password_or_ask(given: Option<&str>) -> anyhow::Result<String> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    eprint!("Password: ");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// `caseround doctor`.
///
/// # Errors
/// Where something is wrong; each is printed with its remedy.
pub async fn doctor(settings: &Settings) -> anyhow::Result<()> {
    let mut wrong = 0;
    let mut say = |good: bool, what: &str, remedy: &str| {
        println!(
            "{} {what}{}",
            if good { "ok   " } else { "WRONG" },
            if good { String::new() } else { format!(". {remedy}") }
        );
        wrong += usize::from(!good);
    };
    let store = match Store::open(&settings.database).await {
        Ok(store) => store,
        Err(error) => {
            say(
                false,
                &format!("database {}", shown(&settings.database)),
                &format!("{error}. Check the path, the server and the password in --database."),
            );
            bail!("1 thing is wrong.");
        }
    };
    say(true, &format!("database {} opens, its schema fits, its writes are durable", shown(&settings.database)), "");
    let demo = store.setting("demo").await?.as_deref() == Some("yes");
    say(
        demo == settings.demo || !demo,
        "demo setting fits the database",
        "This is a demo database: add --demo, or use another --database.",
    );
    let workers = store.workers().await?;
    say(
        !workers.is_empty(),
        &format!("{} workers", workers.len()),
        "Import an extract (caseround import ssd DIR) or add one (caseround worker add).",
    );
    let accounts = store.addresses().await?.len();
    say(
        accounts > 0,
        &format!("{accounts} accounts"),
        "Nobody can sign in. Add one: caseround worker add NAME EMAIL --team TEAM.",
    );
    let asked = workers.iter().filter(|worker| worker.discipline.is_empty()).count();
    say(
        asked == 0,
        "every worker has a discipline",
        &format!("{asked} have none. A manager says it on the workers' page."),
    );
    let rebuilt = service::rebuild::differences(&store).await?;
    say(rebuilt == 0, "lists agree with the journals", "Stop serving and run: caseround rebuild.");
    if wrong > 0 {
        bail!("{wrong} {} wrong.", if wrong == 1 { "thing is" } else { "things are" });
    }
    Ok(())
}

/// `caseround backup FILE`.
///
/// # Errors
/// Where the file exists or cannot be written.
pub async fn backup(settings: &Settings, file: &Path) -> anyhow::Result<()> {
    if file.exists() {
        bail!("{} exists already. Choose a new name, so that no earlier backup is lost.", file.display());
    }
    let store = Store::open(&settings.database).await?;
    store.backup(file.to_str().context("The file's name must be text.")?).await?;
    println!("Copied to {}.", file.display());
    Ok(())
}

/// `caseround restore FILE`.
///
/// # Errors
/// Where the backup cannot be read or the database is in use.
pub async fn restore(settings: &Settings, file: &Path) -> anyhow::Result<()> {
    let target = settings.database.strip_prefix("sqlite:").unwrap_or(&settings.database);
    if target.starts_with("postgres") {
        bail!("This is a PostgreSQL database; use pg_restore.");
    }
    let from = file.to_str().context("The file's name must be text.")?;
    if !file.is_file() {
        bail!("{from} is not a file.");
    }
    let kept = format!("{target}.before-restore");
    if Path::new(&kept).exists() {
        bail!("{kept} exists from an earlier restore. Move it away first.");
    }
    if Path::new(target).exists() {
        // Its own copy first: a restore can be a mistake too. This also writes the log into the file.
        Store::open(target).await?.backup(&kept).await?;
        for tail in ["", "-wal", "-shm"] {
            let old = format!("{target}{tail}");
            if Path::new(&old).exists() {
                std::fs::remove_file(&old).with_context(|| format!("{old} is in use. Stop serving first."))?;
            }
        }
    }
    Store::open(from).await.context("This is not a backup of Caseround.")?.backup(target).await?;
    println!("Restored {from}. The database before it is kept as {kept}.");
    Ok(())
}

/// `caseround rebuild`.
///
/// # Errors
/// Where a journal cannot be read; nothing is changed then.
pub async fn rebuild(settings: &Settings) -> anyhow::Result<()> {
    let store = Store::open(&settings.database).await?;
    let journals = service::rebuild::rebuild(&store).await?;
    println!("Made the lists anew from {journals} journals.");
    Ok(())
}

/// `caseround template check FILE`.
///
/// # Errors
/// Where the file cannot be read or something in it is wrong.
pub fn template(template: &Template) -> anyhow::Result<()> {
    let Template::Check { file } = template;
    let text = std::fs::read_to_string(file).with_context(|| format!("{} could not be read.", file.display()))?;
    match service::template::read(&text) {
        Ok(read) => {
            println!(
                "{}: \"{}\", version {}, {} stages. Nothing is wrong.",
                file.display(),
                read.title,
                read.version,
                read.stages.len()
            );
            Ok(())
        }
        Err(mistakes) => {
            for mistake in &mistakes {
                println!("{}:{}: {}", file.display(), mistake.line, mistake.told);
            }
            bail!(
                "{} to mend.",
                if mistakes.len() == 1 { "1 thing".to_owned() } else { format!("{} things", mistakes.len()) }
            )
        }
    }
}

/// `caseround retention`: a dry run.
///
/// # Errors
/// Where the database cannot be read.
pub async fn retention(settings: &Settings) -> anyhow::Result<()> {
    let service = start(settings).await?;
    let mut out = std::io::stdout().lock();
    let mut expired = 0;
    for line in service.retention_of_all().await? {
        let told = match &line.verdict {
            Verdict::Expired(day) => format!("expired on {day}"),
            Verdict::Until(day) => format!("until {day}"),
            Verdict::Kept(why) => format!("kept: {why}"),
        };
        expired += usize::from(matches!(line.verdict, Verdict::Expired(_)));
        let (reference, child, status) = (&line.reference, line.child, line.status.title());
        writeln!(out, "{reference} child {child}: {} records, highest status {status}, {told}", line.records)?;
    }
    writeln!(out, "{expired} expired. Nothing was changed.")?;
    Ok(())
}

/// `caseround verify`: fails where a chain is broken.
///
/// # Errors
/// Where a chain is broken, or the database or the key cannot be read.
pub async fn verify(settings: &Settings, heads: &[String], journals: bool) -> anyhow::Result<()> {
    let store = Store::open(&settings.database).await.with_context(|| {
        format!("The database {} could not be opened. Check --database.", shown(&settings.database))
    })?;
    let key = crate::outside::seal_key(settings, &store).await?;
    let mut verdict = service::seal::verify(&store, &key, heads).await?;
    if journals {
        verdict.broken.extend(service::seal::verify_journals(&store).await?);
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} signed versions in {} chains.", verdict.seals, verdict.chains)?;
    if verdict.destroyed > 0 {
        writeln!(out, "{} of them were destroyed when their time was over; their hashes are here.", verdict.destroyed)?;
    }
    for broken in &verdict.broken {
        writeln!(out, "broken: {broken}")?;
    }
    if verdict.broken.is_empty() {
        writeln!(out, "Every one is as it was signed, and none is missing.")?;
        return Ok(());
    }
    bail!("{} broken. Keep this database as it is, and find out from backups what was changed.", verdict.broken.len())
}
