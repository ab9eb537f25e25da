//! Caseround: group case supervision for Family Safeguarding teams. Wiring only.

use caseround::cli::{Cli, CliCommand, SealKeyCommand};
use caseround::{commands, logs, serve};
use clap::Parser;

/// A tenth of a busy server's time went into the system's allocator. Without huge pages (feature `no_thp`): they doubled what
/// a server at rest holds.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    // Families' data, keys and backups are for this program's user alone.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let cli = Cli::parse();
    logs::begin(&cli.settings.security_log)?;
    let cores = std::thread::available_parallelism().map_or(4, std::num::NonZero::get);
    // A page that waits for another holds a worker thread; four are the fewest that cannot stand still.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(cores.max(4)).enable_all().build()?;
    let done = runtime.block_on(async {
        match &cli.command {
            CliCommand::Serve(serve) => serve::serve(&cli.settings, serve).await,
            CliCommand::Import(import) => commands::import(&cli.settings, import).await,
            CliCommand::Worker(worker) => commands::worker(&cli.settings, worker).await,
            CliCommand::Account(account) => commands::account(&cli.settings, account).await,
            CliCommand::Doctor => commands::doctor(&cli.settings).await,
            CliCommand::Backup { file } => commands::backup(&cli.settings, file).await,
            CliCommand::Restore { file } => commands::restore(&cli.settings, file).await,
            CliCommand::Verify { head, journals } => commands::verify(&cli.settings, head, *journals).await,
            CliCommand::Unlock { reference } => commands::unlock(&cli.settings, reference).await,
            CliCommand::Audit(audit) => commands::audit(&cli.settings, audit).await,
            CliCommand::Template(template) => commands::template(template),
            CliCommand::Retention => commands::retention(&cli.settings).await,
            CliCommand::Rebuild => commands::rebuild(&cli.settings).await,
            CliCommand::Migrate { dumped } => commands::migrate(&cli.settings, *dumped).await,
            CliCommand::SealKey(SealKeyCommand::Change { file }) => {
                commands::change_seal_key(&cli.settings, file).await
            }
        }
    });
    match done {
        // "caseround doctor | head": whoever read has read enough.
        Err(error) if is_closed_pipe(&error) => Ok(()),
        other => other,
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let kinds = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).map(std::io::Error::kind);
    kinds.into_iter().any(|kind| kind == std::io::ErrorKind::BrokenPipe)
}
