//! Caseround: group case supervision for Family Safeguarding teams. Wiring only.

use caseround::cli::{Cli, Command};
use caseround::{manage, serve};
use clap::Parser;

/// A tenth of a busy server's time went into the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let filter =
        tracing_subscriber::EnvFilter::try_from_env("CASEROUND_LOG").unwrap_or_else(|_| "warn,caseround=info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let cores = std::thread::available_parallelism().map_or(4, std::num::NonZero::get);
    // A page that waits for another holds a worker thread; four are the fewest that cannot stand still.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(cores.max(4)).enable_all().build()?;
    runtime.block_on(async {
        match &cli.command {
            Command::Serve(serve) => serve::serve(&cli.settings, serve).await,
            Command::Import(import) => manage::import(&cli.settings, import).await,
            Command::Worker(worker) => manage::worker(&cli.settings, worker).await,
            Command::Doctor => manage::doctor(&cli.settings).await,
            Command::Backup { file } => manage::backup(&cli.settings, file).await,
            Command::Restore { file } => manage::restore(&cli.settings, file).await,
            Command::Verify { head, journals } => manage::verify(&cli.settings, head, *journals).await,
            Command::Template(template) => manage::template(template),
            Command::Retention => manage::retention(&cli.settings).await,
            Command::Rebuild => manage::rebuild(&cli.settings).await,
        }
    })
}
