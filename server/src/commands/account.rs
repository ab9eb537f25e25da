//! `caseround account`: accounts that are there.

use super::worker::said;
use crate::cli::{AccountCommand, Settings};
use crate::database::start;
use anyhow::Context;
use domain::dates;
use service::access::rights::COMMAND_LINE;
use service::people::keeping::By;
use service::people::session::Caller;
use service::store::OpenMode;
use std::io::Write;

/// `caseround account …`. Each is noted as a technician's; a server that runs hears of it within a second.
///
/// # Errors
/// Where there is no such account, or what is asked is done already.
pub async fn account(settings: &Settings, command: &AccountCommand) -> anyhow::Result<()> {
    let service = start(settings, OpenMode::Existing).await?;
    let (AccountCommand::Link { email, .. }
    | AccountCommand::End { email }
    | AccountCommand::Reopen { email }
    | AccountCommand::FactorRemove { email }
    | AccountCommand::Administrator { email }
    | AccountCommand::Move { email, .. }) = command;
    let email = email.trim().to_lowercase();
    let account = service.store().account(&email).await?.with_context(|| format!("Nobody signs in with {email}."))?;
    let (by, here) = (By::Technician(account.worker_id), Caller::from(COMMAND_LINE));
    let (state, other) =
        if account.ended_at.is_some() { ("has ended", "reopen it first") } else { ("is open", "end it first") };
    let already = || format!("The account of {email} {state}: {other}.");
    let mut out = std::io::stdout();
    match command {
        AccountCommand::Link { public_url, .. } => {
            let link = service.new_link(by, here).await.with_context(already)?;
            let until = dates::plain_date(dates::london(link.until).date());
            writeln!(out, "{}/join?code={}", public_url.trim_end_matches('/'), link.code)?;
            writeln!(out, "This link works once, until {until}. Pass it on to them alone.")?;
        }
        AccountCommand::End { .. } => {
            service.end_account(by, here).await.with_context(already)?;
            writeln!(out, "The account of {email} has ended; they are signed out everywhere.")?;
        }
        AccountCommand::Reopen { .. } => {
            service.reopen_account(by, here).await.with_context(already)?;
            writeln!(out, "The account of {email} is open again, with the password it had.")?;
        }
        AccountCommand::FactorRemove { .. } => {
            let none = || format!("{email} has no second factor.");
            service.remove_factor(by, here).await.with_context(none)?;
            writeln!(out, "The second factor of {email} is removed; they sign in with their password.")?;
        }
        AccountCommand::Administrator { .. } => {
            let held = said(service.make_administrator(by).await)?;
            let names = service.administrators().await?;
            writeln!(out, "{} is an administrator now.", held.who)?;
            if names.len() == 1 {
                writeln!(out, "They are the only one. They name a second one on the page \"Roles\".")?;
            }
        }
        AccountCommand::Move { to, .. } => {
            said(service.move_account(by, to, here).await)?;
            writeln!(out, "They sign in with {} now.", to.trim().to_lowercase())?;
        }
    }
    Ok(())
}
