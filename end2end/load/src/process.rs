//! A server under test: started, watched, stopped.

use anyhow::{Context, Result, bail};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running server; it is stopped when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
}

/// Linux counts processor time in hundredths of a second.
const TICKS: f64 = 100.0;

impl Server {
    /// Starts a command, on one core of its own where asked, and waits until its port answers.
    ///
    /// # Errors
    /// Where it does not start within a minute.
    pub async fn start(mut command: Command, port: u16, core: Option<usize>) -> Result<Self> {
        if let Some(core) = core {
            let mut pinned = Command::new("taskset");
            pinned.args(["-c", &core.to_string()]).arg(command.get_program()).args(command.get_args());
            if let Some(folder) = command.get_current_dir() {
                pinned.current_dir(folder);
            }
            for (name, value) in command.get_envs().filter_map(|(name, value)| Some((name, value?))) {
                pinned.env(name, value);
            }
            command = pinned;
        }
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().context(name)?;
        let mut server = Self { child };
        for _ in 0..600 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                bail!("the server on port {port} ended with {status}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("nothing answers on port {port}")
    }

    /// Seconds of processor time so far.
    #[must_use]
    pub fn cpu(&self) -> f64 {
        cpu_of(self.child.id())
    }

    /// Resident memory, in bytes.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Seconds of processor time of a process so far.
#[must_use]
pub fn cpu_of(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks: f64 = after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    ticks / TICKS
}

/// Binds this process to some cores, like "1" or "0,1".
///
/// # Errors
/// Where `taskset` is missing.
pub fn pin(cores: &str) -> Result<()> {
    let pid = std::process::id().to_string();
    let status = Command::new("taskset").args(["-acp", cores, &pid]).stdout(Stdio::null()).status();
    if !status.context("taskset, of util-linux")?.success() {
        bail!("taskset could not bind the load client to {cores}");
    }
    Ok(())
}

/// A port nobody uses just now.
///
/// # Errors
/// Where there is none.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
