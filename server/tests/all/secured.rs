//! The security log, and what browsers are told.

use crate::factor::with_factor;
use crate::http::get;
use crate::kill::{How, assets, http, start_at};
use crate::operation::CLOCK;
use crate::place::{Place, World, free_port, router, secure_router, worker};

/// A meeting's people sign in, are refused, look where they may not, and sign out: the log says each with ids, and no line has
/// an address, a name or a reference of anybody.
#[tokio::test(flavor = "multi_thread")]
async fn the_security_log_says_what_happened_with_ids_and_no_names() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("security.log");
    let (assets, port) = (assets(), free_port());
    let more = ["--security-log", log.to_str().unwrap()];
    let server = start_at(&place, assets.path(), port, How::Plainly, CLOCK, &more);
    let sign_in = |who: &str, password: &str| {
        let body = format!("email={who}%40example.invalid&password={}", password.replace(' ', "+"));
        form(port, "/api/sign-in", "", &body)
    };
    sign_in("julian.yardarm.7002", "a wrong guess");
    form(port, "/api/sign-in", "", "email=nobody%40example.invalid&password=x");
    let token = session(&sign_in("julian.yardarm.7002", "a quiet colleague"));
    let others = world.service.store().families().await.unwrap();
    let viewer = world.service.viewer(world.worker).await.unwrap();
    let other = others.iter().find(|family| !viewer.families.contains(&family.id)).unwrap();
    assert!(http(port, "GET", &format!("/families/{}", other.id), &token, "").unwrap().contains(" 404 "));
    // A refusal is written down beside the answer: it has its place among the lines before the next is asked for.
    wait_for(&log, "family_refused");
    let nobody = uuid::Uuid::nil();
    for path in [format!("/meetings/{nobody}"), format!("/workers/{nobody}"), "/join?code=00".to_owned()] {
        http(port, "GET", &path, &token, "").unwrap();
    }
    let act = format!("form[meeting]={nobody}&form[slot]={nobody}&form[command]={nobody}&form[act]=pause");
    form(port, "/api/meeting/act", &token, &act);
    http(port, "GET", &format!("/meetings?worker={}", world.chair), &token, "").unwrap();
    form(port, "/api/sign-out", &token, "");
    let manager = worker(&world.service, "7013").await;
    let token = session(&sign_in("bethan.plumbline.7013", "a quiet colleague"));
    form(port, "/api/role/give", &token, &format!("role=administrator&worker={manager}"));
    with_factor(&world.service, world.chair).await;
    sign_in("zara.northlight.7001", "a quiet colleague");
    wait_for(&log, "second_factor_awaited");
    drop(server);

    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<&str> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    let expected = [
        "started",
        "sign_in_refused",
        "sign_in_refused",
        "signed_in",
        "family_refused",
        "not_shown",
        "not_shown",
        "link_refused",
        "not_shown",
        "page_of_another_person",
        "signed_out",
        "signed_in",
        "role_refused",
        "second_factor_awaited",
    ];
    assert_eq!(events, expected, "{text}");
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line["what"].as_str()).collect();
    assert_eq!(kinds, ["password", "password", "page", "meetings", "workers", "form"]);
    assert_eq!(lines[1]["whose"].as_str(), Some(world.worker.to_string().as_str()));
    assert_eq!(lines[1]["from"].as_str(), Some("127.0.0.1"));
    assert_eq!(lines[1]["level"].as_str(), Some("WARN"));
    assert!(lines[2].get("whose").is_none(), "an address of nobody's");
    assert_eq!(lines[4]["family"].as_str(), Some(other.id.to_string().as_str()));
    for word in ["julian", "yardarm", "example.invalid", other.reference.as_str(), token.as_str()] {
        assert!(!text.to_lowercase().contains(&word.to_lowercase()), "{word} stands in the security log: {text}");
    }
}

fn session(answer: &str) -> String {
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: caseround-local=")).unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

fn wait_for(log: &std::path::Path, event: &str) {
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !std::fs::read_to_string(log).is_ok_and(|text| text.contains(event)) {
        assert!(std::time::Instant::now() < until, "{event} did not come into the security log");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

fn form(port: u16, path: &str, token: &str, body: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nsec-fetch-site: same-origin\r\naccept: text/html\r\n\
         content-type: application/x-www-form-urlencoded\r\ncookie: caseround-local={token}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_are_told_to_ask_by_https_alone_where_the_address_is_https() {
    let place = Place::sqlite();
    let service = place.service().await;
    for (router, https) in [(secure_router(&service), true), (router(&service), false)] {
        let response = tower::ServiceExt::oneshot(router, get("/sign-in", None)).await.unwrap();
        let header = response.headers().get("strict-transport-security").map(|value| value.to_str().unwrap());
        assert_eq!(header, https.then_some("max-age=31536000"));
    }
}
