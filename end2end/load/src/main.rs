//! Drives Caseround and its peers with the same work, prints the figures and writes them down.

mod bench;
mod caseround;
mod etherpad;
mod http;
mod ledger;
mod process;
mod report;
mod system;
mod workload;
mod world;
mod yjs;

use anyhow::Result;
use clap::Parser;
use std::path::PathBuf;

/// Prints how fast letters travel from one person to all the others, and what it costs the server.
#[derive(Debug, Parser)]
struct Cli {
    /// The server's binary.
    #[arg(long, default_value = "target/caseround")]
    binary: PathBuf,
    /// Where the peers are installed; without it only Caseround is measured.
    #[arg(long)]
    peers: Option<PathBuf>,
    /// Runs of each, alternating.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Seconds each run is measured.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Leave out how many meetings one core carries.
    #[arg(long)]
    no_capacity: bool,
    /// Where the report is written.
    #[arg(long)]
    report: Option<PathBuf>,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let measured = bench::all(&cli).await?;
        println!("{}", report::markdown(&measured));
        write(&cli, &measured)
    })
}

/// Writes the report where it was asked for.
fn write(cli: &Cli, measured: &bench::All) -> Result<()> {
    if let Some(file) = &cli.report {
        std::fs::write(file, report::markdown(measured))?;
    }
    Ok(())
}
