//! The server from outside: every route ends, refusals look alike, forms come back with what was typed.

use crate::place::{PUBLIC, Place, World, allowed, router, token};
use app::routes::ROUTES;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use tower::ServiceExt;

pub async fn send(router: &axum::Router, request: Request<Body>) -> (StatusCode, String, String, Response<()>) {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = tokio::time::timeout(std::time::Duration::from_secs(20), axum::body::to_bytes(body, 10_000_000))
        .await
        .expect("the body ends")
        .unwrap();
    let location =
        parts.headers.get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    (parts.status, location, String::from_utf8_lossy(&bytes).into_owned(), Response::from_parts(parts, ()))
}

pub fn get(path: &str, token: Option<&str>) -> Request<Body> {
    let mut request = Request::get(path).header(header::ACCEPT, "text/html");
    if let Some(token) = token {
        request = request.header(header::COOKIE, format!("caseround-local={token}"));
    }
    request.body(Body::empty()).unwrap()
}

pub fn post(path: &str, token: Option<&str>, body: &str) -> Request<Body> {
    let mut request = Request::post(path)
        .header(header::ACCEPT, "text/html")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(token) = token {
        request = request.header(header::COOKIE, format!("caseround-local={token}"));
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

/// A path with its parameters filled in from the world.
pub fn filled(path: &str, world: &World, person: &str, record: &str) -> String {
    match path.split('/').nth(1).unwrap_or_default() {
        "meetings" => path
            .replace(":id", &world.meeting.to_string())
            .replace(":slot", &world.slot.to_string())
            .replace(":area", &format!("analysis-{}", world.worker)),
        "families" => path
            .replace(":id", &world.family.to_string())
            .replace(":person", person)
            .replace(":meeting", &world.meeting.to_string()),
        "records" => path.replace(":id", record).replace(":number", "1"),
        "workers" => path.replace(":id", &world.worker.to_string()),
        _ => path.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_ends_and_has_its_headers() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let router = router(&world.service);
    let (chair, worker) = (token(&world.service, world.chair).await, token(&world.service, world.worker).await);
    for path in ROUTES {
        // Who leads the team has no chapter of their own.
        let who = if path.ends_with("/chapter") { &worker } else { &chair };
        let (status, _, body, response) = send(&router, get(&filled(path, &world, "x", "x"), Some(who))).await;
        assert!(
            status == StatusCode::OK
                || path.contains("person")
                || path.contains("record")
                || path.contains("messages")
                || path.contains("not-found")
                // Nobody has proposed that a child's records go.
                || path.starts_with("/retention/"),
            "{path}: {status}"
        );
        assert!(body.contains("</main>") && body.contains("</html>"), "{path}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("nonce-") && !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{path}"
        );
        assert_eq!(response.headers()["cache-control"], "no-store", "{path}");
        assert!(!body.contains(" style=\""), "{path} has a style attribute");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn not_found_and_not_allowed_are_the_same_page() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let router = router(&world.service);
    let stranger = token(&world.service, world.stranger).await;
    let plain = |body: String| {
        let nonce =
            body.find("nonce=\"").map(|at| body[at + 7..].split('"').next().unwrap().to_owned()).unwrap_or_default();
        body.replace(&nonce, "N")
    };
    let nowhere = uuid::Uuid::nil();
    for (there, gone) in [
        (format!("/families/{}", world.family), format!("/families/{nowhere}")),
        (format!("/meetings/{}", world.meeting), format!("/meetings/{nowhere}")),
        (format!("/meetings/{}/minutes", world.meeting), format!("/meetings/{nowhere}/minutes")),
        (format!("/meetings/{}?view=room", world.meeting), format!("/meetings/{nowhere}?view=room")),
        (format!("/families/{}/edit", world.family), "/families/not-an-id/edit".to_owned()),
    ] {
        let (first, _, hidden, _) = send(&router, get(&there, Some(&stranger))).await;
        let (second, _, missing, _) = send(&router, get(&gone, Some(&stranger))).await;
        assert_eq!((first, second), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{there}");
        assert_eq!(plain(hidden), plain(missing), "{there}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_by_get_or_from_another_site() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let router = router(&world.service);
    let chair = token(&world.service, world.chair).await;
    let mut functions = 0;
    for (path, method) in server_fn::axum::server_fn_paths() {
        functions += 1;
        assert_eq!(method, "POST", "{path} is reachable by {method}");
        let (status, ..) = send(&router, get(path, Some(&chair))).await;
        assert!(!status.is_success() && status != StatusCode::FOUND, "GET {path}: {status}");
        let mut foreign = post(path, Some(&chair), "");
        foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert_eq!(send(&router, foreign).await.0, StatusCode::FORBIDDEN, "{path}");
        let mut old = post(path, Some(&chair), "");
        old.headers_mut().remove("sec-fetch-site");
        old.headers_mut().insert(header::ORIGIN, "https://evil.example".parse().unwrap());
        assert_eq!(send(&router, old).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(functions >= 13);
    let mut ours = post("/api/sign-out", Some(&chair), "");
    ours.headers_mut().remove("sec-fetch-site");
    ours.headers_mut().insert(header::ORIGIN, PUBLIC.parse().unwrap());
    assert_eq!(send(&router, ours).await.0, StatusCode::FOUND);
    let (_, location, ..) = send(&router, get("/meetings", Some(&chair))).await;
    assert_eq!(location, "/sign-in?next=%2Fmeetings", "the token is of no use any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_comes_back_with_what_was_typed_and_nothing_in_the_address() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let router = router(&world.service);
    let chair = token(&world.service, world.chair).await;
    let body = format!("family={}&id=&forename=%3Cb%3EJo%3C%2Fb%3E&born=31%2F31%2F2020&adult=no", world.family);
    let (status, location, ..) = send(&router, post("/api/person/save", Some(&chair), &body)).await;
    assert_eq!(status, StatusCode::FOUND);
    assert!(location.contains("draft=") && !location.contains("31%2F31") && !location.contains("31/31"), "{location}");
    let (_, _, page, _) = send(&router, get(&location, Some(&chair))).await;
    assert!(
        page.contains("&quot;31/31/2020&quot; is not a date") || page.contains("\"31/31/2020\" is not a date"),
        "{page}"
    );
    assert!(page.contains("value=\"31/31/2020\""));
    assert!(page.contains("&lt;b&gt;Jo&lt;/b&gt;") && !page.contains("<b>Jo"));
    let stranger = token(&world.service, world.stranger).await;
    let draft = location.split("draft=").nth(1).unwrap();
    let (_, _, page, _) = send(&router, get(&format!("/steps?draft={draft}"), Some(&stranger))).await;
    assert!(!page.contains("31/31/2020"), "a draft is its sender's");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_wait_and_nobody_is_locked_out() {
    let place = Place::sqlite();
    let service = place.service().await;
    let (_, email) = service.store().addresses().await.unwrap().remove(0);
    let wrong = service.sign_in(&email, "wrong", "1.2.3.4").await.unwrap_err().to_string();
    let unknown = service.sign_in("nobody@example.invalid", "wrong", "1.2.3.4").await.unwrap_err().to_string();
    assert_eq!(wrong, unknown, "the answer does not tell whether an account exists");
    service.sign_in(&email, "wrong", "1.2.3.4").await.unwrap_err();
    let waits =
        service.sign_in(&email, service::people::account::DEMO_PASSWORD, "1.2.3.4").await.unwrap_err().to_string();
    assert!(waits.contains("Wait"), "{waits}");
    service
        .sign_in(&email, service::people::account::DEMO_PASSWORD, "5.6.7.8")
        .await
        .expect("another address is not slowed down");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_by_name_and_changes_nothing() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let router = router(&world.service);
    let chair = token(&world.service, world.chair).await;
    let viewer = world.service.viewer(world.chair).await.unwrap();
    let before =
        allowed!(world.service, world.service.meeting_reader(&viewer, world.meeting).await, meeting_page(None))
            .unwrap()
            .room;
    let (meeting, slot, stranger) = (world.meeting, world.slot, world.stranger);
    let start = format!("form[meeting]={meeting}&form[slot]={slot}&form[command]=x&form[act]=");
    let long = "y".repeat(390_000);
    for (fields, message) in [
        ("add_step&form[what]=".to_owned(), "What is empty"),
        (format!("add_step&form[what]=x&form[owner]={stranger}"), "works with this family"),
        ("add_step&form[what]=x&form[due]=31/31/2026".to_owned(), "is not a date"),
        ("add_step&form[what]=x&form[owner]=nonsense".to_owned(), "not here any more"),
        (
            format!(
                "stand&form[decision]={}&form[base]=0&form[worker]={}&form[position]=agree",
                before.slot(slot).unwrap().decisions[0].id,
                world.worker
            ),
            "no decision to answer",
        ),
        ("start".to_owned(), "done already"),
        ("dance".to_owned(), "out of date"),
        (format!("write&form[area]=analysis-{}&form[base]=0&form[text]={long}", world.worker), "100 KB"),
    ] {
        let mut request = post("/api/meeting/act", Some(&chair), &format!("{start}{fields}"));
        request.headers_mut().insert(header::ACCEPT, "text/html".parse().unwrap());
        let (status, location, ..) = send(&router, request).await;
        assert_eq!(status, StatusCode::FOUND, "{}", &fields[..fields.len().min(60)]);
        let (_, _, page, _) = send(&router, get(&location, Some(&chair))).await;
        assert!(page.contains(message), "{} did not say {message}", &fields[..fields.len().min(60)]);
    }
    let after = allowed!(world.service, world.service.meeting_reader(&viewer, world.meeting).await, meeting_page(None))
        .unwrap()
        .room;
    assert_eq!(before, after);
    let mut huge = post("/api/meeting/act", Some(&chair), &"z".repeat(1_000_000));
    huge.headers_mut().insert(header::CONTENT_LENGTH, "1000000".parse().unwrap());
    assert_eq!(send(&router, huge).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_one_person_is_not_taken_for_the_person_who_signed_in_meanwhile() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let router = router(&world.service);
    let chair = token(&world.service, world.chair).await;
    let body = format!(
        "form[meeting]={}&form[act]=pause&form[slot]={}&form[command]={}",
        world.meeting,
        world.slot,
        world.service.new_uuid()
    );
    let press = |whose: domain::WorkerId| {
        let mut request = post("/api/meeting/act", Some(&chair), &body);
        request.headers_mut().insert("x-caseround-worker", whose.to_string().parse().unwrap());
        request.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
        request
    };
    assert_eq!(send(&router, press(world.worker)).await.0, StatusCode::UNAUTHORIZED);
    let stream = format!("/meetings/{}/stream?after=0&worker={}", world.meeting, world.worker);
    assert_eq!(send(&router, get(&stream, Some(&chair))).await.0, StatusCode::UNAUTHORIZED);
    let (status, _, answer, _) = send(&router, press(world.chair)).await;
    assert_eq!((status, answer.contains("\"refused\":null")), (StatusCode::OK, true), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_gets_the_names_of_their_own_families_workers_only() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let names = async |who| {
        let viewer = world.service.viewer(who).await.unwrap();
        allowed!(world.service, world.service.meeting_reader(&viewer, world.meeting).await, meeting_page(None))
            .unwrap()
            .names
    };
    let (theirs, chairs) = (names(world.worker).await, names(world.chair).await);
    assert!(theirs.contains_key(&world.worker) && theirs.contains_key(&world.chair));
    assert!(!theirs.contains_key(&world.stranger), "a worker of another team");
    assert!(chairs.contains_key(&world.stranger), "the chair may bring them in");
}
