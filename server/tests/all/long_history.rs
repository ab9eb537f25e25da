//! What a page or an act reads does not grow with a family's history. The rows that all statements return are counted, in a
//! process of its own: statements do not say which test they are of.

use crate::held::{discussed, held, sign};
use crate::place::{Place, World, router, token};
use axum::body::Body;
use axum::http::{Request, header};
use domain::meeting::Command;
use std::collections::BTreeMap;
use std::process::Command as Process;
use std::sync::atomic::{AtomicU64, Ordering};
use tower::ServiceExt;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, filter::Targets};

/// Meetings held before it is counted the first time, and how many more before the second.
const EARLIER: [i64; 2] = [14, 30];

static ROWS: AtomicU64 = AtomicU64::new(0);

/// Adds up the rows that statements return.
struct Rows;

impl<S: tracing::Subscriber> Layer<S> for Rows {
    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        event.record(&mut Returned);
    }
}

struct Returned;

impl Visit for Returned {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "rows_returned" {
            ROWS.fetch_add(value, Ordering::Relaxed);
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn std::fmt::Debug) {}
}

/// Says to the process that it is the one of its own.
const ALONE: &str = "CASEROUND_TEST_ALONE";

#[tokio::test(flavor = "multi_thread")]
async fn a_long_history_is_not_read_for_each_page_and_act() {
    if std::env::var_os(ALONE).is_some() {
        return count().await;
    }
    let name = "long_history::a_long_history_is_not_read_for_each_page_and_act";
    let run = Process::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(ALONE, "yes")
        .output();
    let run = run.unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&run.stderr));
}

async fn count() {
    let statements = Targets::new().with_target(store::STATEMENTS_LOGGED, tracing::Level::DEBUG);
    tracing_subscriber::registry().with(Rows.with_filter(statements)).init();
    let place = Place::sqlite();
    let mut world = World::planned(place.service().await).await;
    let mut months_ago = EARLIER.iter().sum::<i64>() + 4;
    let mut counted = Vec::new();
    for earlier in EARLIER {
        for _ in 0..earlier {
            let meeting = held(&mut world, months_ago).await;
            sign(&world, meeting).await;
            months_ago -= 1;
        }
        counted.push(rows_of_each(&mut world, months_ago).await);
        months_ago -= 1;
    }
    println!("{:#?}", counted[0]);
    assert!(counted[0].values().all(|rows| *rows > 0), "statements are counted: {:#?}", counted[0]);
    assert_eq!(counted[0], counted[1]);
}

/// The rows that each page and act of one more meeting reads.
async fn rows_of_each(world: &mut World, months_ago: i64) -> BTreeMap<&'static str, u64> {
    discussed(world, months_ago).await;
    let mut rows = BTreeMap::new();
    let mut count = |what| rows.insert(what, ROWS.swap(0, Ordering::Relaxed));
    let (slot, meeting) = (world.slot, world.meeting);
    count("before");
    world.act(world.chair, Command::Finish { slot }).await;
    count("finishing");
    world.act(world.chair, Command::Close).await;
    count("closing");
    let pages = [
        ("family page", format!("/families/{}", world.family)),
        ("meeting page", format!("/meetings/{meeting}")),
        ("minutes", format!("/meetings/{meeting}/minutes")),
        ("records", "/records".to_owned()),
    ];
    let chair = token(&world.service, world.chair).await;
    let router = router(&world.service);
    for (what, path) in pages {
        count("before");
        let request = Request::get(path)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, format!("caseround-local={chair}"))
            .body(Body::empty())
            .unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert!(answer.status().is_success(), "{what}");
        axum::body::to_bytes(answer.into_body(), 50_000_000).await.unwrap();
        count(what);
    }
    count("before");
    sign(world, meeting).await;
    count("signing");
    rows.remove("before");
    rows
}
