//! The figures as a page of Markdown.

use crate::bench::{All, Round};
use crate::workload::Measured;
use std::fmt::Write;
use std::time::Duration;

const NAMES: [&str; 4] = ["Caseround", "Hocuspocus", "y-websocket", "Etherpad"];

/// The report.
#[must_use]
pub fn markdown(all: &All) -> String {
    let mut text = String::from(INTRODUCTION);
    let _ = writeln!(text, "\n{}", machine());
    let names: Vec<&str> =
        NAMES.into_iter().filter(|name| all.rounds.iter().any(|round| round.name == *name)).collect();
    let mut table = Table::new(&mut text, &names);
    let delays =
        |of: fn(&Round) -> &Measured, part: usize| move |round: &Round| of(round).delays[part].as_secs_f64() * 1000.0;
    let millis = |delay: Duration| delay.as_secs_f64() * 1000.0;
    for (what, of) in WORK {
        table.row(all, &format!("{what}: p50, ms"), 1, delays(of, 0));
        table.row(all, &format!("{what}: p95, ms"), 1, delays(of, 1));
        table.row(all, &format!("{what}: p99, ms"), 1, delays(of, 2));
        table.row(all, &format!("{what}: server, ms of CPU per letter"), 3, move |round| of(round).cpu * 1000.0);
        table.row(all, &format!("{what}: load client, ms of CPU per letter"), 3, move |round| {
            of(round).client_cpu * 1000.0
        });
        table.row(all, &format!("{what}: bytes per letter, all connections"), 0, move |round| of(round).bytes);
        table.row(all, &format!("{what}: server's memory, MB"), 0, move |round| of(round).memory as f64 / 1e6);
        table.row(all, &format!("{what}: letters lost or doubled"), 0, move |round| of(round).wrong as f64);
    }
    table.row(all, "W3 joining, p50, ms", 1, move |round| millis(round.joined[0]));
    table.row(all, "W3 joining, p95, ms", 1, move |round| millis(round.joined[1]));
    table.row(all, "W5 one letter until all have it, p50, ms", 1, move |round| millis(round.alone[0]));
    table.row(all, "W5 one letter until all have it, p99, ms", 1, move |round| millis(round.alone[1]));
    once(&mut text, all, &names);
    importing(&mut text, all);
    text
}

type Of = fn(&Round) -> &Measured;

const WORK: [(&str, Of); 3] = [
    ("W1", |round| &round.busy),
    ("W2 at 1 letter/s", |round| &round.calm),
    ("W2 at 5 letters/s", |round| &round.fast),
];

struct Table<'a> {
    text: &'a mut String,
    names: &'a [&'a str],
}

impl<'a> Table<'a> {
    fn new(text: &'a mut String, names: &'a [&'a str]) -> Self {
        let _ = writeln!(text, "\n| lowest / median / highest of the runs | {} |", names.join(" | "));
        let _ = writeln!(text, "|---|{}", "---|".repeat(names.len()));
        Self { text, names }
    }

    fn row(&mut self, all: &All, what: &str, places: usize, of: impl Fn(&Round) -> f64) {
        let cells: Vec<String> = self
            .names
            .iter()
            .map(|name| spread(all.rounds.iter().filter(|round| round.name == *name).map(&of).collect(), places))
            .collect();
        let _ = writeln!(self.text, "| {what} | {} |", cells.join(" | "));
    }
}

/// "1.2 / 1.3 / 2.0"; one figure where all are the same.
fn spread(mut values: Vec<f64>, places: usize) -> String {
    values.sort_by(f64::total_cmp);
    let Some((first, last)) = values.first().zip(values.last()) else { return String::from("–") };
    let middle = values[values.len() / 2];
    let shown = [first, &middle, last].map(|value| format!("{value:.places$}"));
    if shown[0] == shown[2] { shown[0].clone() } else { shown.join(" / ") }
}

fn once(text: &mut String, all: &All, names: &[&str]) {
    let _ = writeln!(text, "\n| measured once | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
    let mut row = |what: &str, cell: &dyn Fn(&crate::bench::Once) -> String| {
        let cells: Vec<String> =
            names.iter().map(|name| all.once.iter().find(|once| once.name == *name).map_or("–".into(), cell)).collect();
        let _ = writeln!(text, "| {what} | {} |", cells.join(" | "));
    };
    row("W4 after half a minute's cut, until everybody has everything, s", &|once| {
        once.cut.map_or("its client gives up".into(), |(took, _)| format!("{:.2}", took.as_secs_f64()))
    });
    row("W4 letters lost or doubled", &|once| once.cut.map_or("–".into(), |(_, wrong)| wrong.to_string()));
    row("memory of a room of 12 people with 20 KB, KB", &|once| format!("{:.0}", once.weight as f64 / 1000.0));
    row("rooms of 12 at 2 letters/s with p99 ≤ 100 ms, server and load client on a core each", &|once| {
        once.capacity.map_or("–".into(), |rooms| rooms.to_string())
    });
}

fn importing(text: &mut String, all: &All) {
    let of = |part: usize| spread(all.importing.iter().map(|run| run.delays[part].as_secs_f64() * 1000.0).collect(), 1);
    let wrong: usize = all.importing.iter().map(|run| run.wrong).sum();
    let _ = writeln!(
        text,
        "\nW6, Caseround only: W2 at 1 letter/s while another process imports an extract of {} families into the same\n\
         database: p50 {} ms, p95 {} ms, p99 {} ms, letters lost or doubled {wrong}.",
        all.imported,
        of(0),
        of(1),
        of(2)
    );
}

const INTRODUCTION: &str = "\
# How fast words travel, beside others

`make bench-peers` installs the peers, starts and stops them by itself, and writes this page. All systems do the same
work on the same machine, one after the other, in alternating rounds; the load client runs beside the server, and its
processor time is counted apart. A letter is \"seen by all\" when the last of the other people in its room has it.

- **W1**: one room, 15 people, 3 letters a second each. **W2**: 30 rooms, 12 people each. **W3**: 15 people join an
  agenda of 20 families within a second (20 documents each for the peers). **W4**: a third of 15 people is cut for 30 s
  while all type. **W5**: one letter at a time among 15 people. **W6**: W2 during an import.
- Each person writes in a text of their own. Caseround's letters are authorised for each reader, filtered and durable
  before they are acknowledged or shown; the others show first and store later, ask nobody's permission, and keep no
  account of who wrote what when (Etherpad keeps authors).
";

/// What it ran on.
fn machine() -> String {
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let (processors, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let kilobytes: f64 = field(&memory, "MemTotal").trim_end_matches(" kB").parse().unwrap_or_default();
    let node = std::process::Command::new("node").arg("--version").output();
    let node = node.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned()).unwrap_or_default();
    format!(
        "{} on {cores} cores, {:.0} GB; node {node}; Hocuspocus 2.15.3 with its SQLite extension, y-websocket 2.1.0 with\n\
         LevelDB, Etherpad 1.8.14 with its own file store; Caseround {} on SQLite. A machine of another day gives other\n\
         figures; compare within a row.",
        field(&processors, "model name"),
        kilobytes / 1e6,
        env!("CARGO_PKG_VERSION"),
    )
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn a_spread_is_lowest_median_and_highest() {
        assert_eq!(spread(vec![3.0, 1.0, 2.04], 1), "1.0 / 2.0 / 3.0");
        assert_eq!(spread(vec![0.0, 0.0], 0), "0");
        assert_eq!(spread(Vec::new(), 0), "–");
    }
}
