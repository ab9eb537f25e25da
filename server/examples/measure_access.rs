//! Prints what the access log costs: writing so many entries, asking who looked at a family, checking all of it.
//! `cargo run --release -p caseround --example measure_access 1000000`.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a measurement that cannot go on says so")]
#![allow(dead_code, unused_macros, unused_imports, reason = "what tests use of their world is more than this needs")]

#[path = "../tests/all/place.rs"]
mod place;

use chrono::TimeDelta;
use domain::status::AccessKind;
use place::{Place, World};
use service::seal::SealKey;
use std::time::{Duration, Instant};

/// People who look at once.
const AT_ONCE: usize = 128;

#[tokio::main]
async fn main() {
    let entries: usize = std::env::args().nth(1).map_or(100_000, |count| count.parse().unwrap());
    let place = Place::sqlite();
    let world = World::planned(place.service().await).await;
    let (service, family) = (&world.service, world.family);
    let viewer = service.viewer(world.chair).await.unwrap();

    let mut alone = Vec::new();
    for _ in 0..200 {
        let began = Instant::now();
        service.looks_at_family(&viewer, family, (AccessKind::Family, "10.0.0.1")).await.unwrap();
        alone.push(began.elapsed());
    }
    alone.sort();
    println!("one look, written and durable: median {:.2} ms", alone[alone.len() / 2].as_secs_f64() * 1000.0);

    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let (service, viewer) = (service.clone(), viewer.clone());
        tasks.spawn(async move {
            for _ in 0..entries / AT_ONCE {
                service.looks_at_family(&viewer, family, (AccessKind::Family, "10.0.0.1")).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    println!("{entries} looks by {AT_ONCE} at once: {:.0} s", began.elapsed().as_secs_f64());

    let log = service.family_access_log(&viewer, family).await.unwrap();
    let before = service.clock().now() + TimeDelta::days(1);
    let began = Instant::now();
    for _ in 0..20 {
        assert!(!service.accesses_of_family(log, before).await.unwrap().is_empty());
    }
    println!("who looked at this family: {:.1} ms", began.elapsed().as_secs_f64() * 1000.0 / 20.0);

    let memory = resident();
    let began = Instant::now();
    let check = service::access::verify(service.store(), &SealKey::new([7; 32])).await.unwrap();
    assert_eq!(check.broken, Vec::<String>::new());
    println!(
        "{} entries checked: {:.1} s, memory {memory} MB before and {} MB after",
        check.entries,
        began.elapsed().as_secs_f64(),
        resident()
    );
}

/// Resident memory, in MB.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<usize>().unwrap() / 1024
}
