//! One table: every route and every server function against every role and relation.

mod scene;

use crate::http::{filled, get, post, send};
use crate::place::{ADDRESS, Place, World, allowed, on_both_engines, router, worker};
use app::routes::ROUTES;
use axum::http::{StatusCode, header};
use domain::meeting::Command;
use domain::{AllocationId, TeamId};
use service::store::allocation::Allocation;
use std::collections::BTreeMap;

pub use scene::{Scene, scene};

/// Who asks, in the order of the table's columns: the team's manager who chairs, the record-taker, a
/// service manager without a reason, somebody allocated, a colleague brought in for the family's slot, a guest from outside who
/// was invited for it, somebody of another team, a manager of another team, nobody.
pub const WHO: [&str; 9] =
    ["chair", "record", "service", "allocated", "brought in", "guest", "stranger", "manager", "nobody"];

/// May each see it? `y` yes, `n` not found, `s` sent to sign in.
pub const PAGES: [(&str, &str); 68] = [
    ("/", "yyyyyyyys"),
    ("/sign-in", "yyyyyyyyy"),
    ("/sign-in/away", "yyyyyyyyy"),
    // Without a trip that this browser began, back to the beginning.
    ("/sign-in/back/council", "sssssssss"),
    ("/sign-in/code", "yyyyyyyyy"),
    ("/sign-in/set-up", "yyyyyyyyy"),
    ("/join", "yyyyyyyyy"),
    ("/confirm", "yyyyyyyys"),
    ("/not-found", "nnnnnnnns"),
    ("/meetings", "yyyyyyyys"),
    ("/meetings/new", "yyynnnnys"),
    ("/meetings/:id", "yynyyynns"),
    ("/meetings/:id/plan", "yynnnnnns"),
    ("/meetings/:id/guests", "yynnnnnns"),
    ("/meetings/:id/boxes/:slot/:area", "yynyynnns"),
    ("/meetings/:id/close", "yynnnnnns"),
    ("/meetings/:id/notes", "yynnnnnns"),
    ("/meetings/:id/notes/:slot", "yynnnnnns"),
    ("/meetings/:id/minutes", "yynyyynns"),
    ("/meetings/:id/files/md", "yynyyynns"),
    ("/meetings/:id/files/pdf", "yynyyynns"),
    ("/meetings/:id/stream", "yynyyynns"),
    ("/meetings/:id/discussions/:slot", "yynyynnns"),
    ("/meetings/:id/poll", "yynyyynns"),
    ("/families", "yyyyyyyys"),
    ("/families/new", "yyynnnnys"),
    ("/families/open", "yyyyynyys"),
    ("/families/:id", "yynynnnns"),
    ("/families/:id/edit", "yynnnnnns"),
    ("/families/:id/people/new", "yynnnnnns"),
    ("/families/:id/people/:person", "yynnnnnns"),
    ("/families/:id/messages/:meeting", "yynynnnns"),
    ("/families/:id/children/:person/archive", "ynnnnnnns"),
    ("/families/:id/chapter", "nnnynnnns"),
    ("/families/:id/chapters", "yynynnnns"),
    ("/families/:id/chronology", "yynynnnns"),
    ("/families/:id/direct-work", "yynynnnns"),
    ("/families/:id/genogram", "yynynnnns"),
    ("/families/:id/own-words", "yynynnnns"),
    ("/families/:id/safety-plan", "yynynnnns"),
    ("/families/:id/tonight", "yynynnnns"),
    ("/families/:id/access", "ynnnnnnns"),
    ("/families/:id/lock", "ynnnnnnns"),
    ("/families/:id/allocate", "yynnnnnns"),
    ("/records", "yyynnnnys"),
    ("/records/:id", "yynynnnns"),
    ("/records/:id/versions/:number", "yynynnnns"),
    ("/records/:id/sign", "ynnnnnnns"),
    ("/records/:id/copy", "yynnnnnns"),
    ("/records/:id/files/md?for=file", "yynnnnnns"),
    ("/retention", "ynynnnnys"),
    // Nobody has proposed anything that waits for a second person.
    ("/retention/:child", "nnnnnnnns"),
    ("/steps", "yyyyyyyys"),
    ("/confidential", "yyyyynyys"),
    ("/access", "ynynnnnys"),
    ("/openings", "ynynnnnys"),
    ("/roles", "ynynnnnys"),
    ("/roles/new", "ynynnnnys"),
    ("/workers", "yyynnnnys"),
    ("/workers/new", "yyynnnnys"),
    ("/workers/:id", "yyynnnnns"),
    ("/words", "yyyyyyyys"),
    ("/help", "yyyyyyyys"),
    ("/me", "yyyyyyyys"),
    ("/me/second-factor", "yyyyyyyys"),
    ("/step-out", "yyyyyyyys"),
    ("/search", "yyyyyyyys"),
    ("/downloads", "yyynnnnys"),
];

/// Pages of one family's or one meeting's whose content is no family's: a plan, what somebody noted themselves, a worker. A
/// stream sends nothing as it opens; what it sends is in `looked.rs`.
const OF_NO_FAMILY: [&str; 9] = [
    "/meetings/:id/plan",
    "/meetings/:id/guests",
    "/meetings/:id/notes",
    "/meetings/:id/notes/:slot",
    "/meetings/:id/stream",
    "/meetings/:id/poll",
    "/workers/:id",
    "/access",
    // The same person has turned to it before.
    "/meetings/:id/discussions/:slot",
];

/// What a service manager sees of it once they have opened the family with a reason.
const FROM_ABOVE: [&str; 15] = [
    "/families/:id",
    "/families/:id/messages/:meeting",
    "/families/:id/children/:person/archive",
    "/families/:id/chapters",
    "/families/:id/chronology",
    "/families/:id/direct-work",
    "/families/:id/genogram",
    "/families/:id/own-words",
    "/families/:id/safety-plan",
    "/families/:id/tonight",
    "/families/:id/access",
    "/families/:id/lock",
    "/records/:id",
    "/records/:id/versions/:number",
    "/records/:id/sign",
];

/// What a service manager does once they have opened the family with a reason. `y` in the table below for whoever reads the
/// family is here too: a summary of theirs is refused for its content.
const DONE_FROM_ABOVE: [&str; 15] = [
    // Theirs without the family; in the table below the first who asks has done it.
    "/api/account/end",
    "/api/account/reopen",
    "/api/family/lock",
    "/api/family/unlock",
    "/api/opening/review",
    "/api/opening/answer",
    "/api/chapter/save",
    "/api/record/answer-dissent",
    "/api/record/decide",
    "/api/record/why",
    "/api/record/sign",
    "/api/record/answer-addendum",
    "/api/family/hold",
    "/api/message/write",
    "/api/message/check",
];

/// May each do it? `y` taken or refused for its content, `n` not found, `s` sign in first.
const FUNCTIONS: [(&str, &str); 87] = [
    ("/api/sign-in", "yyyyyyyyy"),
    ("/api/sign-out", "yyyyyyyyn"),
    ("/api/account/invite", "ynynnnnns"),
    ("/api/account/link", "ynynnnnns"),
    // What the first has done the second finds done.
    ("/api/account/end", "ynnnnnnns"),
    ("/api/account/reopen", "ynnnnnnns"),
    ("/api/account/join", "nnnnnnnnn"),
    ("/api/account/password", "yyyyynyys"),
    ("/api/account/session-end", "nnnnnnnns"),
    ("/api/account/confirm", "yyyyynyys"),
    // From the beginning, where no sign-in waits for a code; nobody has a second factor.
    ("/api/sign-in/code", "yyyyyyyyy"),
    ("/api/account/factor", "yyyyynyys"),
    ("/api/account/recovery-codes", "nnnnnnnns"),
    ("/api/account/factor-off", "yyyyynyys"),
    ("/api/account/factor-remove", "nnnnnnnns"),
    ("/api/sign-in/with", "nnnnnnnnn"),
    ("/api/account/identity", "nnnnnnnns"),
    ("/api/account/identity-remove", "nnnnnnnns"),
    ("/api/meeting/act", "yynyyynns"),
    ("/api/meeting/typed", "yynyyynns"),
    ("/api/meeting/pens", "yynyyynns"),
    ("/api/meeting/plan", "yynnnnnns"),
    ("/api/guest/invite", "yynnnnnns"),
    ("/api/guest/code", "yynnnnnns"),
    ("/api/guest/take-back", "yynnnnnns"),
    ("/api/family/save", "yynnnnnns"),
    // Refused for their content: the rows after these need an open family.
    ("/api/family/lock", "ynnnnnnns"),
    ("/api/family/unlock", "ynnnnnnns"),
    ("/api/family/open", "yyyyynyys"),
    ("/api/family/close", "yynynnnns"),
    // There is no such look.
    ("/api/confidential/answer", "nnnnnnnns"),
    ("/api/confidential/open", "nnnnnnnns"),
    ("/api/confidential/review", "nnnnnnnns"),
    ("/api/opening/review", "ynnnnnnns"),
    ("/api/opening/answer", "ynnnnnnns"),
    ("/api/role/give", "ynynnnnys"),
    // There is no such role.
    ("/api/role/end", "nnnnnnnns"),
    ("/api/search", "yyyyyyyys"),
    ("/api/person/save", "yynnnnnns"),
    ("/api/worker/save", "yyynnnnys"),
    // Administrators alone say that two entries are one person.
    ("/api/worker/merge", "nnnnnnnns"),
    ("/api/worker/separate", "nnnnnnnns"),
    ("/api/allocation/save", "yynnnnnns"),
    ("/api/allocation/end", "yynnnnnns"),
    ("/api/allocation/restore", "yynnnnnns"),
    ("/api/chapter/save", "yynynnnns"),
    ("/api/step/answer", "yynynnnns"),
    ("/api/step/take-back", "yynynnnns"),
    ("/api/step/hand-over", "yynnnnnns"),
    ("/api/worker/away", "yyyyyyyys"),
    ("/api/meeting/note", "yynnnnnns"),
    ("/api/team/opinion", "nnnnnnnns"),
    ("/api/meeting/late", "yynyynnns"),
    ("/api/meeting/here", "yynyyynns"),
    ("/api/device/key", "yyyyyyyys"),
    ("/api/record/correct", "yynynnnns"),
    ("/api/record/mark", "yynnnnnns"),
    ("/api/record/attendance", "yynnnnnns"),
    ("/api/record/meaning", "yynnnnnns"),
    ("/api/record/take-dissent", "yynnnnnns"),
    ("/api/record/answer-dissent", "nnnnnnnns"),
    ("/api/record/answer-correction", "yynnnnnns"),
    ("/api/record/decide", "ynnnnnnns"),
    ("/api/record/why", "ynnnnnnns"),
    ("/api/record/step", "yynnnnnns"),
    ("/api/record/reason", "yynnnnnns"),
    ("/api/record/sign", "ynnnnnnns"),
    ("/api/record/addendum", "yynynnnns"),
    ("/api/record/answer-addendum", "ynnnnnnns"),
    ("/api/retention/end", "ynynnnnns"),
    ("/api/family/hold", "ynnnnnnns"),
    ("/api/delivery/settle", "nnnnnnnns"),
    ("/api/record/sent", "yynnnnnns"),
    ("/api/message/write", "ynnynnnns"),
    ("/api/message/check", "ynnynnnns"),
    ("/api/message/give", "nnnnnnnns"),
    ("/api/direct-work/write", "yynynnnns"),
    ("/api/case-note/write", "yynynnnns"),
    ("/api/case-note/remove", "nnnnnnnns"),
    ("/api/genogram/tie", "yynynnnns"),
    ("/api/genogram/relative", "yynynnnns"),
    ("/api/genogram/household", "yynynnnns"),
    ("/api/genogram/remove", "nnnnnnnns"),
    ("/api/safety-plan/write", "yynynnnns"),
    ("/api/own-words/write", "yynynnnns"),
    ("/api/own-words/take-back", "nnnnnnnns"),
    ("/api/meeting/stream", "---------"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_each_role_as_the_table_says() {
    let place = Place::sqlite();
    let scene = scene(&place).await;
    let router = router(&scene.world.service);
    let table: BTreeMap<&str, &str> = PAGES.into_iter().collect();
    for path in ROUTES {
        assert!(table.contains_key(path), "{path} is missing in the table");
    }
    let (mut before, mut wrong) = (scene.looks().await, Vec::new());
    for (path, expected) in PAGES {
        let address = filled(path, &scene.world, &scene.person, &scene.record);
        for ((who, token), expected) in WHO.iter().zip(&scene.tokens).zip(expected.chars()) {
            // A stream does not end, so only its answer is looked at.
            let (status, location) = if path.ends_with("stream") {
                let response =
                    tower::ServiceExt::oneshot(router.clone(), get(&address, token.as_deref())).await.unwrap();
                let location = response.headers().get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned());
                (response.status(), location.unwrap_or_default())
            } else {
                let (status, location, ..) = send(&router, get(&address, token.as_deref())).await;
                (status, location)
            };
            let outcome = match status {
                StatusCode::OK => 'y',
                StatusCode::NOT_FOUND => 'n',
                _ if location.starts_with("/sign-in") => 's',
                _ => '?',
            };
            if outcome != expected {
                wrong.push(format!("{path} for {who}: {outcome}, not {expected} ({status} {location})"));
            }
            // The guest's discussion is over: no page shows them anything of a family.
            let of_family = path.contains(":id") && !OF_NO_FAMILY.contains(&path) && *who != "guest";
            if outcome == 'y' && of_family {
                let looks = scene.looks().await;
                assert!(looks > before, "{path} for {who}: nobody would know that they looked");
                before = looks;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // With a reason a service manager reads what the family's manager does, and still knows of no meeting.
    scene.world.opened_from_above().await;
    let above = scene.tokens[2].as_deref();
    let mut seen = Vec::new();
    for (path, _) in PAGES.into_iter().filter(|(path, may)| path.contains(":id") && may.chars().nth(2) == Some('n')) {
        let (status, ..) = send(&router, get(&filled(path, &scene.world, &scene.person, &scene.record), above)).await;
        seen.extend((status == StatusCode::OK).then_some(path));
    }
    assert_eq!(seen, FROM_ABOVE);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_function_answers_each_role_as_the_table_says() {
    let place = Place::sqlite();
    let scene = scene(&place).await;
    let router = router(&scene.world.service);
    let table: BTreeMap<&str, &str> = FUNCTIONS.into_iter().collect();
    for (path, _) in server_fn::axum::server_fn_paths() {
        assert!(table.contains_key(path), "{path} is missing in the table");
    }
    let mut wrong = Vec::new();
    for (path, expected) in FUNCTIONS.into_iter().filter(|(path, _)| *path != "/api/meeting/stream") {
        for ((who, signed), expected) in WHO.iter().zip(&scene.tokens).zip(expected.chars()) {
            if path == "/api/sign-out" && *who != "nobody" {
                continue;
            }
            let (outcome, answer) = call(&router, &scene, path, signed.as_deref()).await;
            if outcome != expected {
                wrong.push(format!("{path} for {who}: {outcome}, not {expected} ({answer})"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Calls a server function: with what, as the table has it, and what was answered.
async fn call(router: &axum::Router, scene: &Scene, path: &str, signed: Option<&str>) -> (char, String) {
    let (meeting, slot) = (scene.world.meeting, scene.world.slot);
    let body = scene.body(path);
    let mut request = post(path, signed, &body);
    if path.ends_with("typed") {
        let batch = serde_json::json!({
            "meeting": meeting, "command": uuid::Uuid::nil(), "slot": slot,
            "area": format!("analysis-{}", scene.world.worker), "pen": 1, "update": "AAA=",
        });
        let body = serde_json::json!([batch]);
        *request.body_mut() = axum::body::Body::from(body.to_string());
        request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        request.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
    }
    if path.ends_with("pens") || path.ends_with("late") || path.ends_with("here") || path.ends_with("key") {
        request.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
    }
    let (status, location, answer, _) = send(router, request).await;
    let outcome = if location.starts_with("/not-found") || status == StatusCode::NOT_FOUND {
        'n'
    } else if status == StatusCode::UNAUTHORIZED || (location.starts_with("/sign-in") && !path.contains("sign-in")) {
        's'
    } else {
        'y'
    };
    (outcome, format!("{status} {location} {}", &answer[..answer.len().min(200)]))
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_oversees_does_in_a_family_opened_with_a_reason_what_its_manager_answers_for() {
    let place = Place::sqlite();
    let scene = scene(&place).await;
    let router = router(&scene.world.service);
    scene.world.opened_from_above().await;
    let mut done = Vec::new();
    // Closing it ends the right to the others.
    for (path, may) in FUNCTIONS.into_iter().filter(|(path, _)| *path != "/api/family/close") {
        if may.chars().nth(2) == Some('n') && call(&router, &scene, path, scene.tokens[2].as_deref()).await.0 == 'y' {
            done.push(path);
        }
    }
    assert_eq!(done, DONE_FROM_ABOVE);
}

on_both_engines!(no_form_breaks_on_what_cannot_stand_in_text);
/// PostgreSQL takes no NUL in a text: it is cleaned away or refused before it gets there.
async fn no_form_breaks_on_what_cannot_stand_in_text(place: Place) {
    let scene = scene(&place).await;
    let router = router(&scene.world.service);
    let mut tried = 0;
    for (path, _) in FUNCTIONS.into_iter().filter(|(path, _)| *path != "/api/sign-out") {
        let body = scene.body(path);
        let pairs: Vec<&str> = body.split('&').filter(|pair| !pair.is_empty()).collect();
        for at in 0..pairs.len() {
            for bad in ["%00", "%EF%BF%BE", "%0D%0A"] {
                let spoilt =
                    |(n, pair): (usize, &&str)| if n == at { format!("{pair}{bad}") } else { (*pair).to_owned() };
                let body = pairs.iter().enumerate().map(spoilt).collect::<Vec<_>>().join("&");
                let (status, ..) = send(&router, post(path, scene.tokens[0].as_deref(), &body)).await;
                assert!(!status.is_server_error(), "{path} {body}: {status}");
                tried += 1;
            }
        }
    }
    assert!(tried > 300, "{tried}");
    for address in ["/search?q=a%00", "/sign-in?next=%00", "/families?q=%00"] {
        let (status, ..) = send(&router, get(address, scene.tokens[0].as_deref())).await;
        assert!(!status.is_server_error(), "{address}: {status}");
    }
}

on_both_engines!(only_who_runs_the_meeting_adds_to_its_running_note);
/// A page's running note is no server function: it has the same rights as the page of its own.
async fn only_who_runs_the_meeting_adds_to_its_running_note(place: Place) {
    let scene = scene(&place).await;
    let router = router(&scene.world.service);
    let path = format!("/meetings/{}/notes/{}", scene.world.meeting, scene.world.slot);
    for ((who, token), expected) in WHO.iter().zip(&scene.tokens).zip("yynnnnnns".chars()) {
        for act in [r#"{"note":{"text":"nq: heard"}}"#, r#""file""#] {
            let mut request = post(&path, token.as_deref(), act);
            for name in [header::CONTENT_TYPE, header::ACCEPT] {
                request.headers_mut().insert(name, "application/json".parse().unwrap());
            }
            let (status, _, answer, _) = send(&router, request).await;
            let outcome = match status {
                StatusCode::NOT_FOUND => 'n',
                StatusCode::UNAUTHORIZED => 's',
                _ => 'y',
            };
            assert_eq!(outcome, expected, "{act} by {who}: {status} {answer}");
        }
    }
    let notes = scene.world.service.store().notes(scene.world.meeting, scene.world.worker).await.unwrap();
    assert_eq!(notes.len(), 0, "a worker has noted nothing");
}

on_both_engines!(people_and_agendas_are_changed_by_their_own_team_only);
async fn people_and_agendas_are_changed_by_their_own_team_only(place: Place) {
    use service::meeting::{NewMeeting, PlannedFamily};
    use service::people::WorkerForm;
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    // A team's business support corrects nobody of another team: a victim's practitioner stays what she is.
    let support = service.viewer(world.record_taker).await.unwrap();
    let form = |name: &str| WorkerForm {
        name: name.to_owned(),
        job_title: String::new(),
        discipline: "education".to_owned(),
        team: String::new(),
    };
    assert!(
        allowed!(
            service,
            service.directory_keeper(&support),
            save_worker(Some(world.stranger), &form("Somebody else"), ADDRESS)
        )
        .is_err()
    );
    assert!(allowed!(service, service.directory_keeper(&support), worker_form(world.stranger)).is_err());
    // Nor of a partner agency, unless they work with a family of the team, or with none.
    let partner = |name: &str| WorkerForm { discipline: "domestic_abuse_victim".into(), ..form(name) };
    let helper =
        allowed!(service, service.directory_keeper(&support), save_worker(None, &partner("A Practitioner"), ADDRESS))
            .unwrap();
    let corrects = async || allowed!(service, service.directory_keeper(&support), worker_form(helper)).is_ok();
    assert!(corrects().await, "who works with no family");
    let elsewhere = service.store().families().await.unwrap();
    let elsewhere = elsewhere.into_iter().find(|family| !support.serves(TeamId::new(family.team_id.unwrap()))).unwrap();
    for (family, theirs) in [(elsewhere.id, false), (world.family, true)] {
        let mut tx = service.store().begin().await.unwrap();
        tx.keep_allocation(&Allocation {
            id: AllocationId::new(service.new_uuid()),
            source_id: None,
            person_id: None,
            family_id: Some(family.uuid()),
            worker_id: Some(helper.uuid()),
            unknown_worker: String::new(),
            team_id: None,
            role: String::new(),
            starts: service.clock().today(),
            ends: None,
            by_hand: true,
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(corrects().await, theirs);
    }
    // Whoever takes the record of one meeting reorders it, and adds no family whose workbook is closed to them.
    let guest = worker(service, "7014").await;
    world.act(world.chair, Command::HandOverRecord { seen: Some(world.record_taker), to: Some(guest) }).await;
    let page = allowed!(
        service,
        service.meeting_reader(&service.viewer(world.chair).await.unwrap(), world.meeting).await,
        meeting_page(None)
    )
    .unwrap();
    let mut families: Vec<PlannedFamily> =
        page.room.slots.iter().rev().map(|slot| PlannedFamily { family: slot.family.unwrap(), minutes: 30 }).collect();
    let plan = |families: &[PlannedFamily]| NewMeeting {
        team: page.room.team,
        held_on: page.room.held_on,
        starts: page.room.starts,
        booked: 120,
        place: String::new(),
        template: String::new(),
        chair: world.chair,
        record_taker: Some(guest),
        families: families.to_vec(),
    };
    let viewer = service.viewer(guest).await.unwrap();
    let now =
        || async { allowed!(service, service.meeting_planner(&viewer, world.meeting).await, plan_of()).unwrap().1 };
    allowed!(
        service,
        service.meeting_planner(&viewer, world.meeting).await,
        replan_meeting(now().await, &plan(&families))
    )
    .unwrap();
    let agenda: Vec<_> = families.iter().map(|planned| planned.family).collect();
    let teams = service.store().families_in(page.room.team.uuid()).await.unwrap();
    let other =
        teams.into_iter().find(|family| !agenda.contains(&family.id) && !viewer.families.contains(&family.id)).unwrap();
    families.push(PlannedFamily { family: other.id, minutes: 30 });
    assert!(
        allowed!(
            service,
            service.meeting_planner(&viewer, world.meeting).await,
            replan_meeting(now().await, &plan(&families))
        )
        .is_err(),
        "it would open that workbook"
    );
    let chair = service.viewer(world.chair).await.unwrap();
    allowed!(
        service,
        service.meeting_planner(&chair, world.meeting).await,
        replan_meeting(now().await, &plan(&families))
    )
    .unwrap();
}
