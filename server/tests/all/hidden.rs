//! What is nowhere to be read: a locked family for those not named, and names in titles and addresses.

use crate::http::{filled, get, post, send};
use crate::place::{ADDRESS, Place, allowed, confirmed, router};
use crate::rights::{PAGES, WHO, scene};
use axum::http::StatusCode;
use domain::viewer::Viewer;

/// Whatever somebody may do otherwise: of a locked family for which they are not named they read no word anywhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_family_is_nowhere_for_those_who_are_not_named() {
    let place = Place::sqlite();
    let scene = scene(&place).await;
    let (service, family) = (&scene.world.service, scene.world.family);
    let chair = service.viewer(scene.world.chair).await.unwrap();
    let reader = service.family_reader(&chair, family).await.unwrap();
    let card = service.family(reader).await.unwrap();
    let above = service.viewer(scene.world.service_manager).await.unwrap();
    let widest = Viewer { manages: above.oversees.clone(), ..(*above).clone() };
    let others = service.families(&widest).await.unwrap();
    let elsewhere = |name: &String| others.iter().any(|line| line.id != family && line.names.contains(name));
    let own = card.first_names().into_iter().filter(|name| !elsewhere(name));
    let canaries: Vec<String> = [card.reference.clone(), family.to_string()].into_iter().chain(own).collect();
    assert!(canaries.len() > 2, "{canaries:?}");
    let form = service::people::lock::LockForm {
        why: "a cousin works here".into(),
        named: vec![scene.world.worker.to_string()],
    };
    assert_eq!(allowed!(service, service.family_locker(&chair, family).await, lock_family(&form, ADDRESS)).unwrap(), 2);
    let router = router(service);
    let body = async |path: &str, token: &Option<String>| {
        let address = filled(path, &scene.world, &scene.person, &scene.record);
        let (status, _, body, ..) = send(&router, get(&address, token.as_deref())).await;
        (status, body.replace(&address, ""))
    };
    for (path, _) in PAGES.into_iter().filter(|(path, _)| !path.ends_with("stream") && !path.ends_with("poll")) {
        for (who, token) in WHO.iter().zip(&scene.tokens) {
            let named = ["chair", "allocated"].contains(who);
            let (status, body) = body(path, token).await;
            if named || path == "/not-found" {
                continue;
            }
            if path.starts_with("/families/:id") || path.starts_with("/records/:id") {
                assert_ne!(status, StatusCode::OK, "{path} for {who}");
            }
            for canary in &canaries {
                let word =
                    |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| word == canary);
                assert!(!word(&body), "{path} tells {who} of {canary}");
            }
        }
    }
    for (who, path) in [(0, "/families/:id"), (3, "/families/:id"), (3, "/records/:id"), (0, "/families/:id/lock")] {
        assert_eq!(body(path, &scene.tokens[who]).await.0, StatusCode::OK, "{path} for who is named");
    }
    allowed!(
        service,
        service.family_locker(&chair, family).await,
        unlock_family(confirmed(service, chair.worker).await, ADDRESS)
    )
    .unwrap();
    assert_eq!(body("/families/:id", &scene.tokens[1]).await.0, StatusCode::OK, "open again");
}

/// Titles and addresses stand in browsers' histories, in other programs' logs and on shared screens.
#[tokio::test(flavor = "multi_thread")]
async fn no_title_and_no_address_names_anybody() {
    let place = Place::sqlite();
    let scene = scene(&place).await;
    let service = &scene.world.service;
    let chair = service.viewer(scene.world.chair).await.unwrap();
    let reader = service.family_reader(&chair, scene.world.family).await.unwrap();
    let directory = service.directory().await.unwrap();
    let workers = directory.workers.values().flat_map(|worker| worker.name.split(' ').map(str::to_owned));
    let names: Vec<String> = service.family(reader).await.unwrap().first_names().into_iter().chain(workers).collect();
    let router = router(service);
    let named = |text: &str| {
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
        names.iter().find(|name| name.len() > 2 && words.contains(&name.as_str())).cloned()
    };
    for (path, _) in PAGES.into_iter().filter(|(path, _)| !path.ends_with("stream") && !path.ends_with("poll")) {
        let address = filled(path, &scene.world, &scene.person, &scene.record);
        let (_, location, body, ..) = send(&router, get(&address, scene.tokens[0].as_deref())).await;
        let title = body.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap_or_default();
        assert_eq!(named(title), None, "the title of {path}: {title}");
        assert_eq!(named(&location), None, "where {path} leads: {location}");
        for link in ["href=\"", "action=\"", "src=\""].into_iter().flat_map(|name| body.split(name).skip(1)) {
            let link = link.split('"').next().unwrap_or_default();
            assert_eq!(named(link), None, "a link of {path}: {link}");
        }
    }
    let found = post("/api/search", scene.tokens[0].as_deref(), "q=Ottilie");
    let (_, location, ..) = send(&router, found).await;
    assert_eq!(named(&location), None, "{location}");
}
