//! The order of the work: rounds in which all systems do the same, one after the other, and what is measured
//! once.

use crate::Cli;
use crate::caseround::Caseround;
use crate::etherpad::Etherpad;
use crate::process::pin;
use crate::system::System;
use crate::workload::{self, Measured, Typing};
use crate::world::{Council, TEAMS, write_extract};
use crate::yjs::{Kind, Yjs};
use anyhow::Result;
use std::time::Duration;

/// Meetings of the large workload.
const MEETINGS: usize = 30;
/// People of each.
const PEOPLE: usize = 12;
/// A limit that people begin to notice.
const NOTICED: Duration = Duration::from_millis(100);
/// Families of the meeting everybody joins at once.
const AGENDA: usize = 20;

/// What one system did in one round.
#[derive(Debug, Clone)]
pub struct Round {
    /// Who.
    pub name: &'static str,
    /// 15 people in one room, 3 letters a second.
    pub busy: Measured,
    /// 30 rooms of 12 people, 1 letter a second.
    pub calm: Measured,
    /// 30 rooms of 12 people, 5 letters a second.
    pub fast: Measured,
    /// One letter at a time among 15 people: half and 99 of a hundred.
    pub alone: [Duration; 2],
    /// Joining an agenda of twenty, of 15 people within a second: half and 95 of a hundred.
    pub joined: [Duration; 2],
}

/// What one system did once.
#[derive(Debug, Clone)]
pub struct Once {
    /// Who.
    pub name: &'static str,
    /// After a cut of half a minute: until everybody has everything, and letters that are wrong. Not where the
    /// client gives up.
    pub cut: Option<(Duration, usize)>,
    /// Memory of a room of 12 with 20 KB, in bytes.
    pub weight: u64,
    /// Rooms of 12 at 2 letters a second that one core carries.
    pub capacity: Option<usize>,
}

/// Everything.
#[derive(Debug, Default)]
pub struct All {
    /// Rounds, in the order they were made.
    pub rounds: Vec<Round>,
    /// What was measured once.
    pub once: Vec<Once>,
    /// 30 rooms at 1 letter a second during an import, one per run.
    pub importing: Vec<Measured>,
    /// Families of that import.
    pub imported: usize,
}

/// Measures everything.
///
/// # Errors
/// Where a system does not start or refuses the work.
pub async fn all(cli: &Cli) -> Result<All> {
    let council = Council::prepare(&cli.binary)?;
    let mut all = All { imported: 4_000, ..All::default() };
    for run in 0..cli.runs {
        eprintln!("Round {} of {}", run + 1, cli.runs);
        all.rounds.push(of_caseround(&council, cli.seconds).await?);
        if let Some(peers) = &cli.peers {
            for kind in [Kind::Hocuspocus, Kind::YWebsocket] {
                all.rounds.push(of_peer(&Yjs::start(kind, peers, None).await?, cli.seconds).await?);
            }
            all.rounds.push(of_peer(&Etherpad::start(peers, None).await?, cli.seconds).await?);
        }
        all.importing.push(during_an_import(&council, cli.seconds, all.imported).await?);
        // What is measured so far is written down: the whole takes long.
        crate::write(cli, &all)?;
    }
    eprintln!("What is measured once");
    once(cli, &council, &mut all).await?;
    Ok(all)
}

async fn of_caseround(council: &Council, seconds: u64) -> Result<Round> {
    let mut serving = council.serve(None).await?;
    serving.sign_in(TEAMS, 15).await?;
    let agenda = Caseround::opened(&serving, 0, 1, AGENDA).await?;
    let joined = workload::joining(15, async |seat| agenda.load_page(0, seat).await).await?;
    // Each workload has meetings of its own: other families of the same teams.
    let single = Caseround::opened(&serving, TEAMS, 2, 1).await?;
    let alone = workload::alone(&single, TEAMS, 15).await?;
    let busy = workload::typing(&single, TEAMS + 1, Typing { rooms: 1, seats: 15, rate: 3.0, seconds }).await?;
    let many = Caseround::opened(&serving, 2 * TEAMS, MEETINGS, 1).await?;
    let calm = workload::typing(&many, 2 * TEAMS, typing(1.0, seconds)).await?;
    let many = Caseround::opened(&serving, 3 * TEAMS, MEETINGS, 1).await?;
    let fast = workload::typing(&many, 3 * TEAMS, typing(5.0, seconds)).await?;
    Ok(Round { name: many.name(), busy, calm, fast, alone, joined })
}

const fn typing(rate: f64, seconds: u64) -> Typing {
    Typing { rooms: MEETINGS, seats: PEOPLE, rate, seconds }
}

async fn of_peer<S: System>(system: &S, seconds: u64) -> Result<Round>
where
    S::Seat: Clone + 'static,
{
    let joined = workload::joining(15, async |seat| workload::join_many(system, 0, AGENDA, seat).await).await?;
    let alone = workload::alone(system, AGENDA, 15).await?;
    let busy = workload::typing(system, AGENDA + 1, Typing { rooms: 1, seats: 15, rate: 3.0, seconds }).await?;
    let calm = workload::typing(system, 100, typing(1.0, seconds)).await?;
    let fast = workload::typing(system, 200, typing(5.0, seconds)).await?;
    Ok(Round { name: system.name(), busy, calm, fast, alone, joined })
}

async fn during_an_import(council: &Council, seconds: u64, families: usize) -> Result<Measured> {
    let mut serving = council.serve(None).await?;
    serving.sign_in(TEAMS, PEOPLE).await?;
    let many = Caseround::opened(&serving, 0, MEETINGS, 1).await?;
    let extract = tempfile::tempdir()?;
    write_extract(extract.path(), TEAMS, families / TEAMS)?;
    let mut import = council.import(&serving, extract.path()).spawn()?;
    let measured = workload::typing(&many, 0, typing(1.0, seconds)).await;
    let _ = import.kill();
    import.wait()?;
    measured
}

async fn once(cli: &Cli, council: &Council, all: &mut All) -> Result<()> {
    let mut serving = council.serve(None).await?;
    serving.sign_in(TEAMS, 15).await?;
    let many = Caseround::opened(&serving, 0, MEETINGS, 1).await?;
    let weight = workload::weight(&many, 0, MEETINGS, PEOPLE, 20_000).await?;
    let single = Caseround::opened(&serving, TEAMS, 1, 1).await?;
    let cut = Some(workload::cut(&single, TEAMS, 15, 3.0).await?);
    let capacity = if cli.no_capacity { None } else { Some(capacity_of_caseround(council).await?) };
    all.once.push(Once { name: single.name(), cut, weight, capacity });
    let Some(peers) = &cli.peers else { return Ok(()) };
    for kind in [Kind::Hocuspocus, Kind::YWebsocket] {
        let system = Yjs::start(kind, peers, None).await?;
        let weight = workload::weight(&system, 300, MEETINGS, PEOPLE, 20_000).await?;
        let cut = Some(workload::cut(&system, 100, 15, 3.0).await?);
        let name = system.name();
        drop(system);
        let start = async || Yjs::start(kind, peers, Some(0)).await;
        let capacity = if cli.no_capacity { None } else { Some(carried_by_a_core(start).await?) };
        all.once.push(Once { name, cut, weight, capacity });
    }
    let system = Etherpad::start(peers, None).await?;
    let weight = workload::weight(&system, 300, MEETINGS, PEOPLE, 20_000).await?;
    drop(system);
    let start = async || Etherpad::start(peers, Some(0)).await;
    let capacity = if cli.no_capacity { None } else { Some(carried_by_a_core(start).await?) };
    all.once.push(Once { name: "Etherpad", cut: None, weight, capacity });
    Ok(())
}

/// Steps in which the number of rooms is raised.
const STEPS: [usize; 16] = [5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100, 120, 140, 160];

fn holds(name: &str, rooms: usize, measured: &Measured) -> bool {
    eprintln!("  {name}, one core, {rooms} rooms: p99 {:.1} ms", measured.delays[2].as_secs_f64() * 1000.0);
    measured.delays[2] <= NOTICED && measured.wrong == 0
}

async fn capacity_of_caseround(council: &Council) -> Result<usize> {
    let mut held = 0;
    for rooms in STEPS {
        pin("0,1")?;
        let mut serving = council.serve(Some(0)).await?;
        serving.sign_in(TEAMS.min(rooms), PEOPLE).await?;
        let system = Caseround::opened(&serving, 0, rooms, 1).await?;
        pin("1")?;
        let work = Typing { rooms, seats: PEOPLE, rate: 2.0, seconds: 5 };
        let measured = workload::typing(&system, 0, work).await?;
        if !holds("Caseround", rooms, &measured) {
            break;
        }
        held = rooms;
    }
    pin("0,1")?;
    Ok(held)
}

async fn carried_by_a_core<S: System>(start: impl AsyncFn() -> Result<S>) -> Result<usize>
where
    S::Seat: Clone + 'static,
{
    let mut held = 0;
    for rooms in STEPS {
        pin("0,1")?;
        let system = start().await?;
        pin("1")?;
        let work = Typing { rooms, seats: PEOPLE, rate: 2.0, seconds: 5 };
        let measured = workload::typing(&system, 0, work).await?;
        if !holds(system.name(), rooms, &measured) {
            break;
        }
        held = rooms;
    }
    pin("0,1")?;
    Ok(held)
}
