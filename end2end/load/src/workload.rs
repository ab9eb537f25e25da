//! The workloads: who types how fast, who joins, who is cut.

use crate::http::carried_so_far;
use crate::ledger::{Ledger, share};
use crate::process::cpu_of;
use crate::system::{Seat, System};
use anyhow::Result;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Seconds that are typed before measuring.
const WARM_UP: u64 = 2;
/// The longest that is waited for the last letters.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a line is cut.
const CUT: Duration = Duration::from_secs(30);
/// Letters that are written one at a time.
const LETTERS: usize = 50;

/// How a room is used.
#[derive(Debug, Clone, Copy)]
pub struct Typing {
    /// Rooms.
    pub rooms: usize,
    /// People of each.
    pub seats: usize,
    /// Letters each writes in a second.
    pub rate: f64,
    /// Seconds measured.
    pub seconds: u64,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// From sent to seen by all: half, 95 and 99 of a hundred.
    pub delays: [Duration; 3],
    /// Processor time of the server per letter, in seconds.
    pub cpu: f64,
    /// Processor time of the load client per letter, in seconds.
    pub client_cpu: f64,
    /// Bytes over connections per letter, both ways.
    pub bytes: f64,
    /// Letters that somebody lacks at the end, or has twice.
    pub wrong: usize,
    /// The server's memory at the end.
    pub memory: u64,
}

/// A room with everybody in it.
pub struct Room<S: Seat> {
    ledger: Rc<Ledger>,
    seats: Vec<S>,
}

/// Fills rooms with people, from the `first` on.
async fn filled<S: System>(system: &S, first: usize, rooms: usize, seats: usize) -> Result<Vec<Room<S::Seat>>> {
    let mut filled = Vec::with_capacity(rooms);
    for room in first..first + rooms {
        let ledger = Rc::new(Ledger::new(seats));
        let mut joined = Vec::with_capacity(seats);
        for seat in 0..seats {
            joined.push(system.join(room, seat, Rc::clone(&ledger)).await?);
        }
        filled.push(Room { ledger, seats: joined });
    }
    Ok(filled)
}

/// W1, W2, W6: everybody types.
///
/// # Errors
/// Where somebody is not let in.
pub async fn typing<S: System>(system: &S, first: usize, work: Typing) -> Result<Measured>
where
    S::Seat: Clone + 'static,
{
    let rooms = filled(system, first, work.rooms, work.seats).await?;
    let writers = start(&rooms, work.rate);
    tokio::time::sleep(Duration::from_secs(WARM_UP)).await;
    let (cpu, own, bytes) = (system.server().cpu(), cpu_of(std::process::id()), carried_so_far());
    let before: usize = rooms.iter().map(|room| room.ledger.written()).sum();
    rooms.iter().for_each(|room| room.ledger.count(true));
    tokio::time::sleep(Duration::from_secs(work.seconds)).await;
    rooms.iter().for_each(|room| room.ledger.count(false));
    let after: usize = rooms.iter().map(|room| room.ledger.written()).sum();
    let letters = (after - before).max(1) as f64;
    let measured = Measured {
        cpu: (system.server().cpu() - cpu) / letters,
        client_cpu: (cpu_of(std::process::id()) - own) / letters,
        bytes: (carried_so_far() - bytes) as f64 / letters,
        ..Measured::default()
    };
    writers.iter().for_each(tokio::task::JoinHandle::abort);
    settle(&rooms).await;
    let mut delays: Vec<Duration> = rooms.iter().flat_map(|room| room.ledger.take_delays()).collect();
    delays.sort_unstable();
    let measured = Measured {
        delays: [0.5, 0.95, 0.99].map(|part| share(&delays, part)),
        wrong: wrong(&rooms),
        memory: system.server().memory(),
        ..measured
    };
    leave(&rooms).await;
    Ok(measured)
}

/// Everybody begins to type, each at a moment of their own.
fn start<S: Seat + Clone + 'static>(rooms: &[Room<S>], rate: f64) -> Vec<tokio::task::JoinHandle<()>> {
    let every = Duration::from_secs_f64(1.0 / rate);
    let seats = rooms.iter().flat_map(|room| room.seats.iter().cloned()).enumerate();
    seats
        .map(|(at, seat)| {
            // Spread evenly, and neighbours far apart, as people are.
            let offset = every.mul_f64((at as f64 * 0.618_034).fract());
            tokio::task::spawn_local(async move {
                let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + offset, every);
                loop {
                    ticks.tick().await;
                    seat.edit();
                }
            })
        })
        .collect()
}

async fn settle<S: Seat>(rooms: &[Room<S>]) {
    let began = Instant::now();
    let waiting = |room: &Room<S>| room.ledger.missing() > 0 || room.seats.iter().any(Seat::unsent);
    while began.elapsed() < PATIENCE && rooms.iter().any(waiting) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Letters somebody lacks or has twice. Everybody's view of the room is compared with what was written.
fn wrong<S: Seat>(rooms: &[Room<S>]) -> usize {
    let of_room = |room: &Room<S>| {
        let written = room.ledger.written();
        let lacking = |seat: &S| seat.letters().iter().sum::<usize>().abs_diff(written);
        room.seats.iter().map(lacking).sum::<usize>()
    };
    rooms.iter().map(of_room).sum()
}

async fn leave<S: Seat>(rooms: &[Room<S>]) {
    rooms.iter().flat_map(|room| &room.seats).for_each(Seat::leave);
    tokio::time::sleep(Duration::from_millis(300)).await;
}

/// W4: a third of a room is cut while all type. Gives the seconds until all have everything after the cut,
/// and the letters that are wrong then.
///
/// # Errors
/// Where somebody is not let in.
pub async fn cut<S: System>(system: &S, room: usize, seats: usize, rate: f64) -> Result<(Duration, usize)>
where
    S::Seat: Clone + 'static,
{
    let rooms = filled(system, room, 1, seats).await?;
    let writers = start(&rooms, rate);
    tokio::time::sleep(Duration::from_secs(WARM_UP)).await;
    let third = &rooms[0].seats[..seats / 3];
    third.iter().for_each(|seat| seat.cut(true));
    tokio::time::sleep(CUT).await;
    writers.iter().for_each(tokio::task::JoinHandle::abort);
    third.iter().for_each(|seat| seat.cut(false));
    let mended = Instant::now();
    settle(&rooms).await;
    let took = mended.elapsed();
    let wrong = wrong(&rooms);
    leave(&rooms).await;
    Ok((took, wrong))
}

/// W5: one letter at a time in a room where nobody else types, until all have it. Gives half and 99 of a hundred.
///
/// # Errors
/// Where somebody is not let in.
pub async fn alone<S: System>(system: &S, room: usize, seats: usize) -> Result<[Duration; 2]>
where
    S::Seat: Clone + 'static,
{
    let rooms = filled(system, room, 1, seats).await?;
    rooms[0].ledger.count(true);
    for _ in 0..LETTERS {
        rooms[0].seats[0].edit();
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    settle(&rooms).await;
    let mut delays = rooms[0].ledger.take_delays();
    delays.sort_unstable();
    leave(&rooms).await;
    Ok([0.5, 0.99].map(|part| share(&delays, part)))
}

/// What a room of people with long texts weighs: the server's memory per room, in bytes.
///
/// # Errors
/// Where somebody is not let in.
pub async fn weight<S: System>(system: &S, first: usize, rooms: usize, seats: usize, bytes: usize) -> Result<u64>
where
    S::Seat: Clone + 'static,
{
    let before = system.server().memory();
    let filled = filled(system, first, rooms, seats).await?;
    let words = "a word ".repeat(bytes / seats / 7);
    for room in &filled {
        room.seats.iter().for_each(|seat| seat.paste(&words));
    }
    settle(&filled).await;
    // What a room keeps, not what its last words passed through: allocators give back a moment later.
    tokio::time::sleep(Duration::from_secs(WARM_UP)).await;
    let after = system.server().memory();
    leave(&filled).await;
    Ok(after.saturating_sub(before) / rooms as u64)
}

/// W3: so many people join within one second. Gives half and 95 of a hundred.
///
/// # Errors
/// Where somebody is not let in.
pub async fn joining(people: usize, join: impl AsyncFn(usize) -> Result<()>) -> Result<[Duration; 2]> {
    let one = async |seat: usize| {
        tokio::time::sleep(Duration::from_secs_f64(seat as f64 / people as f64)).await;
        let began = Instant::now();
        join(seat).await.map(|()| began.elapsed())
    };
    let joins = futures::future::join_all((0..people).map(one)).await;
    let mut delays = joins.into_iter().collect::<Result<Vec<_>>>()?;
    delays.sort_unstable();
    Ok([0.5, 0.95].map(|part| share(&delays, part)))
}

/// Somebody joins so many rooms at once.
///
/// # Errors
/// Where they are not let in.
pub async fn join_many<S: System>(system: &S, first: usize, rooms: usize, seat: usize) -> Result<()> {
    let join = |room| system.join(room, seat, Rc::new(Ledger::new(15)));
    let seats = futures::future::join_all((first..first + rooms).map(join)).await;
    seats.into_iter().collect::<Result<Vec<_>>>()?.iter().for_each(Seat::leave);
    Ok(())
}
