//! `caseround worker`: accounts from the command line.

use crate::cli::{Settings, Worker};
use crate::serve::start;
use anyhow::bail;
use domain::{TeamId, WorkerId};
use service::store::Opening;
use service::store::worker::{Team, Worker as WorkerRow};
use std::io::{BufRead, Write};

/// `caseround worker add` and `worker link`.
///
/// # Errors
/// Where the worker is not known, or address or password cannot be used.
pub async fn worker(settings: &Settings, worker: &Worker) -> anyhow::Result<()> {
    // The first account of a new house makes its database; whoever is linked was imported into one.
    let opening = match worker {
        Worker::Add { .. } => Opening::Make,
        Worker::Link { .. } => Opening::Existing,
    };
    let service = start(settings, opening).await?;
    match worker {
        Worker::Add { name, email, discipline, team, password } => {
            if service.template().discipline(discipline).is_none() {
                let keys: Vec<&str> = service.template().disciplines.iter().map(|entry| entry.key.as_str()).collect();
                bail!("\"{discipline}\" is not a discipline. Known are: {}.", keys.join(", "));
            }
            let id = WorkerId::new(service.new_uuid());
            let directory = service.directory().await?;
            let existing = directory.teams.values().find(|stored| stored.name == *team).cloned();
            let mut tx = service.store().begin().await?;
            let team_id = match (existing, team.is_empty()) {
                (Some(existing), _) => Some(existing.id.uuid()),
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
            writeln!(std::io::stdout(), "{name} signs in with {email}.")?;
        }
        Worker::Link { staff_id, email, password } => {
            let directory = service.directory().await?;
            let found: Vec<_> = directory.workers.values().filter(|stored| stored.staff_id == *staff_id).collect();
            let [worker] = found.as_slice() else {
                bail!(
                    "{} workers have the staff number {staff_id}. Import them first, or join them in the case system.",
                    found.len()
                );
            };
            give(&service, worker.id, email, &password_or_ask(password.as_deref())?).await?;
            writeln!(std::io::stdout(), "{} signs in with {email}.", worker.name)?;
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
