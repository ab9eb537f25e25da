//! What a page or an act reads does not grow with a family's history. The rows that all statements return are counted, in a
//! process of its own: statements do not say which test they are of.

use crate::held::{discussed, held, sign, signed_and_sent};
use crate::place::{Place, World, on_both_engines, router, token};
use axum::body::Body;
use axum::http::{Request, header};
use domain::meeting::Command;
use domain::page::months::StepMoment;
use std::collections::BTreeMap;
use std::process::Command as Process;
use std::sync::Mutex;
use tower::ServiceExt;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, filter::Targets};

/// How many months ago the meetings are held that come before the first count, and those between it and the second. The older ones
/// come later, so that the last twelve months are the same.
const HELD: [std::ops::RangeInclusive<i64>; 2] = [1..=14, 15..=44];

/// What grows with the history grows by a row at least for each of the older meetings; the second count finds the meeting of the
/// first one, too, in several statements.
const GROWS: u64 = 15;

/// The rows that each statement returned since they were taken last.
static ROWS: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

/// Adds up the rows that statements return.
struct Rows;

impl<S: tracing::Subscriber> Layer<S> for Rows {
    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        let mut returned = Returned::default();
        event.record(&mut returned);
        let Returned { rows, statement } = returned;
        if rows > 0 {
            *ROWS.lock().unwrap().entry(statement).or_default() += rows;
        }
    }
}

#[derive(Default)]
struct Returned {
    rows: u64,
    statement: String,
}

impl Visit for Returned {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "rows_returned" {
            self.rows = value;
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" && self.statement.is_empty() || field.name() == "db.statement" && !value.is_empty()
        {
            self.statement = value.split_whitespace().collect::<Vec<_>>().join(" ");
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
    let mut counted = Vec::new();
    for months in HELD {
        for months_ago in months.rev() {
            let meeting = held(&mut world, months_ago).await;
            signed_and_sent(&world, meeting).await;
        }
        counted.push(rows_of_each(&mut world).await);
    }
    let [few, many] = &counted[..] else { unreachable!("both are counted") };
    assert!(few.keys().any(|(what, _)| *what == "family page"), "statements are counted");
    let grown: Vec<String> = many
        .iter()
        .filter_map(|(of, rows)| {
            let before = few.get(of).copied().unwrap_or_default();
            (*rows >= before + GROWS).then(|| format!("{}: {before}, then {rows} rows: {}", of.0, of.1))
        })
        .collect();
    assert!(grown.is_empty(), "{grown:#?}");
}

/// The rows that each page and act of one more meeting reads.
async fn rows_of_each(world: &mut World) -> BTreeMap<(&'static str, String), u64> {
    discussed(world, 0).await;
    let mut rows = BTreeMap::new();
    let mut count = |what: &'static str| {
        let counted = std::mem::take(&mut *ROWS.lock().unwrap());
        rows.extend(counted.into_iter().map(|(statement, rows)| ((what, statement), rows)));
    };
    let (slot, meeting) = (world.slot, world.meeting);
    count("before");
    world.act(world.chair, Command::Finish { slot }).await;
    count("finishing");
    world.act(world.chair, Command::Close).await;
    count("closing");
    let record = world.service.store().records_of_meeting(meeting).await.unwrap()[0].id;
    let family = world.family;
    let pages = [
        ("family page", format!("/families/{family}")),
        ("families", "/families".to_owned()),
        ("meeting page", format!("/meetings/{meeting}")),
        ("meetings", "/meetings".to_owned()),
        ("planning", "/meetings/new".to_owned()),
        ("minutes", format!("/meetings/{meeting}/minutes")),
        ("messages", format!("/families/{family}/messages/{meeting}")),
        ("steps", "/steps".to_owned()),
        ("record", format!("/records/{record}")),
        ("signing page", format!("/records/{record}/sign")),
        ("records", "/records".to_owned()),
        ("openings", "/openings".to_owned()),
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
    rows.retain(|(what, _), _| *what != "before");
    rows
}

on_both_engines!(whoever_stood_out_of_the_last_discussion_sees_what_became_of_the_steps_before_it);
async fn whoever_stood_out_of_the_last_discussion_sees_what_became_of_the_steps_before_it(place: Place) {
    let mut world = World::planned(place.service().await).await;
    held(&mut world, 2).await;
    discussed(&mut world, 1).await;
    let slot = world.slot;
    world.act(world.worker, Command::StandOut { slot, out: true }).await;
    world.act(world.chair, Command::Finish { slot }).await;
    world.act(world.chair, Command::Close).await;
    let steps = async |who| {
        let viewer = world.service.viewer(who).await.unwrap();
        let reader = world.service.family_reader(&viewer, world.family).await.unwrap();
        let page = world.service.family_page(reader).await.unwrap();
        page.steps.into_iter().map(|step| step.what).collect::<Vec<_>>()
    };
    assert_eq!(steps(world.chair).await, ["Ring the school, month 1"]);
    assert_eq!(steps(world.worker).await, ["Ring the school, month 2"]);
    // The pictures of the last months count nothing of it for them either.
    let counted = async |who| {
        let viewer = world.service.viewer(who).await.unwrap();
        let reader = world.service.family_reader(&viewer, world.family).await.unwrap();
        let happened = world.service.happened(reader).await.unwrap();
        let agreed = happened.steps.iter().filter(|(_, moment)| *moment == StepMoment::Agreed).count();
        (happened.supervisions.len(), agreed, happened.visits.is_empty())
    };
    let (all, closed) = (counted(world.chair).await, counted(world.worker).await);
    assert_eq!((all.0 - closed.0, all.1 - closed.1), (3, 1), "a record for each of three children, and a step");
    assert!(!all.2 && !closed.2, "visits are known to both");
}
