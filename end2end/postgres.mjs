// A PostgreSQL of a journey's own, which can be made to answer nothing.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./caseround.mjs";

const BIN = "/usr/lib/postgresql/15/bin";

/// Starts it on an empty database.
export async function startPostgres() {
  const folder = mkdtempSync(join(tmpdir(), "caseround-postgres-"));
  const data = join(folder, "data");
  const port = await freePort();
  // It refuses to run as root.
  const root = process.getuid() === 0;
  if (root) execFileSync("chown", ["postgres", folder]);
  const as = (program, args) => (root ? ["runuser", ["-u", "postgres", "--", `${BIN}/${program}`, ...args]] : [`${BIN}/${program}`, args]);
  execFileSync(...as("initdb", ["-D", data, "-A", "trust", "-U", "postgres", "--no-sync"]), { stdio: "ignore" });
  const running = spawn(...as("postgres", ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder]), { stdio: "ignore" });
  for (let tries = 0; ; tries++) {
    try {
      execFileSync(`${BIN}/createdb`, ["-h", "127.0.0.1", "-p", String(port), "-U", "postgres", "journey"], { stdio: "ignore" });
      break;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const master = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0];
  const signal = (name) => {
    execFileSync("kill", [`-${name}`, master]);
    execFileSync("pkill", [`-${name}`, "-P", master]);
  };
  return {
    address: `postgres://postgres@127.0.0.1:${port}/journey`,
    /// Every process of it stands still: as a line that swallows everything.
    away: () => signal("STOP"),
    back: () => {
      signal("CONT");
      // `runuser` stops itself beside what it runs.
      running.kill("SIGCONT");
    },
    stop: async () => {
      execFileSync("kill", ["-INT", master]);
      if (running.exitCode === null) await new Promise((resolve) => running.once("exit", resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
