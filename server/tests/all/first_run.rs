//! A house that is new: what its first person is shown to do.

use crate::http::{get, send};
use crate::place::{Place, on_both_engines, router, token};
use domain::{TeamId, WorkerId};
use service::people::account::DEMO_PASSWORD;
use service::store::worker::{Team, Worker};

on_both_engines!(the_first_manager_is_shown_three_things_to_do_first);
async fn the_first_manager_is_shown_three_things_to_do_first(place: Place) {
    let service = place.service_after(0).await;
    let (team, manager) = (TeamId::new(service.new_uuid()), WorkerId::new(service.new_uuid()));
    let mut tx = service.store().begin().await.unwrap();
    tx.keep_team(&Team { id: team, source_id: None, name: "Ashmere".into(), parent: String::new() }).await.unwrap();
    let row = Worker {
        id: manager,
        source_id: None,
        staff_id: String::new(),
        name: "Zara Northlight".into(),
        job_title: String::new(),
        discipline: "team_manager".into(),
        team_id: Some(team.uuid()),
        by_hand: true,
        in_post_since: chrono::DateTime::UNIX_EPOCH,
    };
    tx.keep_worker(&row).await.unwrap();
    tx.commit().await.unwrap();
    service.rights_changed().await.unwrap();
    service.give_account(manager, "zara@example.invalid", DEMO_PASSWORD).await.unwrap();
    let (router, token) = (router(&service), token(&service, manager).await);
    let (_, _, page, _) = send(&router, get("/meetings", Some(&token))).await;
    let from = page.find("Three things to do first").expect("the list is there");
    // In this order, each with its page, which is there.
    let at = ["/families/new", "/workers", "/meetings/new"].map(|href| page[from..].find(&format!("href=\"{href}\"")));
    assert!(at.iter().all(Option::is_some) && at.is_sorted(), "{at:?}");
    for href in ["/families/new", "/workers", "/meetings/new"] {
        assert_eq!(send(&router, get(href, Some(&token))).await.0, 200, "{href}");
    }
}
