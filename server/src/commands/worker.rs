//! `caseround worker`: accounts from the command line.

use crate::cli::{Settings, WorkerCommand};
use crate::database::start;
use anyhow::{Context, bail};
use service::ServiceError;
use service::people::account::NewWorker;
use service::store::OpenMode;
use std::io::{BufRead, IsTerminal, Write};

/// `caseround worker add` and `worker link`.
///
/// # Errors
/// Where the worker is not known or has an account, or address or password cannot be used. Nothing is half done then.
pub async fn worker(settings: &Settings, worker: &WorkerCommand) -> anyhow::Result<()> {
    // The first account of a new house makes its database; whoever is linked was imported into one.
    let opening = match worker {
        WorkerCommand::Add { .. } => OpenMode::Make,
        WorkerCommand::Link { .. } => OpenMode::Existing,
    };
    let service = start(settings, opening).await?;
    match worker {
        WorkerCommand::Add { name, email, discipline, team, password } => {
            let new = NewWorker { name: name.clone(), discipline: discipline.clone(), team: team.clone() };
            let password = password_or_ask(password.as_deref())?;
            said(service.add_worker_with_account(&new, email, &password).await)?;
            writeln!(std::io::stdout(), "{name} signs in with {email}.")?;
        }
        WorkerCommand::Link { staff_id, email, password } => {
            let directory = service.directory().await?;
            let found: Vec<_> = directory.workers.values().filter(|stored| stored.staff_id == *staff_id).collect();
            let [worker] = found.as_slice() else {
                bail!(
                    "{} workers have the staff number {staff_id}. Import them first, or join them in the case system.",
                    found.len()
                );
            };
            said(service.give_account(worker.id, email, &password_or_ask(password.as_deref())?).await)?;
            writeln!(std::io::stdout(), "{} signs in with {email}.", worker.name)?;
        }
    }
    Ok(())
}

/// What a form would show beside its fields, as one line.
pub(super) fn said<T>(result: Result<T, ServiceError>) -> anyhow::Result<T> {
    match result {
        Err(ServiceError::Form(errors)) => {
            bail!(errors.into_iter().map(|(_, message)| message).collect::<Vec<_>>().join(" "))
        }
        other => Ok(other?),
    }
}

/// The password given; else one typed, which a terminal does not show.
fn password_or_ask(given: Option<&str>) -> anyhow::Result<String> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password("Password: ").context("The password cannot be read from this terminal.");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
