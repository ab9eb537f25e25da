//! Prints how long a family with ten years of monthly meetings takes: its page, and signing its latest records.
//! `make bench-family`.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a measurement that cannot go on says so")]
#![allow(dead_code, unused_macros, unused_imports, reason = "what tests use of their world is more than this needs")]

#[path = "../tests/all/held.rs"]
mod held;
#[path = "../tests/all/place.rs"]
mod place;

use axum::body::Body;
use axum::http::{Request, header};
use held::{held, sign};
use place::{Place, World, router, token};
use std::time::{Duration, Instant};
use tower::ServiceExt;

/// Ten years of monthly meetings.
const MEETINGS: i64 = 120;
/// Meetings whose records are left to be signed, one for each time it is measured.
const UNSIGNED: i64 = 20;
/// Pages asked for.
const PAGES: usize = 60;

#[tokio::main]
async fn main() {
    let place = Place::sqlite();
    let mut world = World::planned(place.service().await).await;
    let began = Instant::now();
    let mut unsigned = Vec::new();
    for number in 0..MEETINGS {
        let meeting = held(&mut world, MEETINGS - number).await;
        if number < MEETINGS - UNSIGNED {
            sign(&world, meeting).await;
        } else {
            unsigned.push(meeting);
        }
    }
    println!(
        "{MEETINGS} meetings held, {} of them signed: {:.0} s",
        MEETINGS - UNSIGNED,
        began.elapsed().as_secs_f64()
    );

    let chair = token(&world.service, world.chair).await;
    let router = router(&world.service);
    let path = format!("/families/{}", world.family);
    let mut pages = Vec::new();
    for _ in 0..PAGES {
        let request = Request::get(&path)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, format!("caseround-local={chair}"))
            .body(Body::empty())
            .unwrap();
        let began = Instant::now();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert!(answer.status().is_success());
        let bytes = axum::body::to_bytes(answer.into_body(), 50_000_000).await.unwrap();
        pages.push(began.elapsed());
        assert!(!bytes.is_empty());
    }
    print("family page, request to last byte, without the line", pages);
    let mut signed = Vec::new();
    for meeting in unsigned {
        let began = Instant::now();
        sign(&world, meeting).await;
        signed.push(began.elapsed());
    }
    print("signing the records of one discussion, durable", signed);
}

fn print(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let ms = |at: usize| times[at].as_secs_f64() * 1000.0;
    println!("{what}: median {:.1} ms, longest {:.1} ms of {}", ms(times.len() / 2), ms(times.len() - 1), times.len());
}
