//! What weighs most is only for somebody who has just shown who they are; whoever is asked again loses nothing they typed.

use crate::http::{get, post, send};
use crate::place::{Place, World, on_both_engines, router, token};
use crate::record::{finished, records};
use service::people::account::DEMO_PASSWORD;

/// Nobody has shown lately who they are.
fn time_passes(place: &Place) {
    place.past_caseround("UPDATE sessions SET confirmed_at = '2026-11-24T09:00:00Z'");
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

on_both_engines!(whoever_gives_a_role_shows_first_who_they_are_and_finds_the_form_as_they_left_it);
async fn whoever_gives_a_role_shows_first_who_they_are_and_finds_the_form_as_they_left_it(place: Place) {
    let world = World::planned(place.service().await).await;
    let router = router(&world.service);
    let chair = token(&world.service, world.chair).await;
    let team = world.service.viewer(world.chair).await.unwrap().manages.iter().next().copied().unwrap();
    let form = format!("role=deputy&worker={}&team={team}&in_place_of=&starts=&ends=24%2F12%2F2026", world.worker);
    let held = async || world.service.store().grants().await.unwrap().len();
    let before = held().await;
    time_passes(&place);
    let (_, asked, ..) = send(&router, post("/api/role/give", Some(&chair), &form)).await;
    assert!(asked.starts_with("/confirm?next=%2Froles%2Fnew%3Fdraft%3D"), "{asked}");
    assert_eq!(held().await, before, "nothing was given");
    let (_, _, page, _) = send(&router, get(&asked, Some(&chair))).await;
    assert!(page.contains("Confirm that it is you") && page.contains("Zara Northlight"));
    let next: String = form_urlencoded::parse(asked.split_once('?').unwrap().1.as_bytes()).next().unwrap().1.into();
    let confirm = |password: &str| format!("password={}&next={}", encoded(password), encoded(&next));
    let (_, again, ..) = send(&router, post("/api/account/confirm", Some(&chair), &confirm("not mine"))).await;
    assert!(again.starts_with("/confirm?next="), "{again}");
    let (_, _, page, _) = send(&router, get(&again, Some(&chair))).await;
    assert!(page.contains("This is not your password."));
    let (_, back, ..) = send(&router, post("/api/account/confirm", Some(&chair), &confirm(DEMO_PASSWORD))).await;
    assert_eq!(back, next);
    let (_, _, page, _) = send(&router, get(&back, Some(&chair))).await;
    assert!(page.contains("24/12/2026"), "what was typed is there");
    let (_, given, ..) = send(&router, post("/api/role/give", Some(&chair), &form)).await;
    assert!(given.starts_with("/roles?"), "{given}");
    assert_eq!(held().await, before + 1);
}

/// Each act that asks for it, sent by somebody who has not shown it lately.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_weighs_most_is_done_by_an_open_browser_alone() {
    let place = Place::sqlite();
    let world = finished(place.service().await).await;
    let router = router(&world.service);
    let chair = token(&world.service, world.chair).await;
    let child = records(&world).await[0].child;
    time_passes(&place);
    let asked = [
        post("/api/family/open", Some(&chair), "reference=FS-3001&reason=the+school+rang"),
        post("/api/retention/end", Some(&chair), &format!("child={child}&act=propose")),
        post("/api/retention/end", Some(&chair), &format!("child={child}&act=agree")),
        post("/api/account/session-end", Some(&chair), &format!("session={child}")),
        post("/api/account/link", Some(&chair), &format!("worker={}", world.worker)),
        post("/api/account/end", Some(&chair), &format!("worker={}", world.worker)),
        post("/api/family/unlock", Some(&chair), &format!("family={}", world.family)),
        get(&format!("/families/{}/children/{child}/archive", world.family), Some(&chair)),
    ];
    for request in asked {
        let path = request.uri().to_string();
        let (_, location, ..) = send(&router, request).await;
        assert!(location.starts_with("/confirm?next="), "{path}: {location}");
    }
    // A proposal is taken back without it: that destroys nothing.
    let (_, location, ..) =
        send(&router, post("/api/retention/end", Some(&chair), &format!("child={child}&act=withdraw"))).await;
    assert!(location.starts_with("/retention"), "{location}");
    // Somebody else's address leads nowhere else.
    let foreign = post(
        "/api/account/confirm",
        Some(&chair),
        &format!("password={}&next=https%3A%2F%2Fevil.example", encoded(DEMO_PASSWORD)),
    );
    let (_, location, ..) = send(&router, foreign).await;
    assert_eq!(location, "/meetings");
}
