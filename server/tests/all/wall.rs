//! The wall: what its page is made from, as it travels.

use crate::place::{Place, World, allowed, summary};
use domain::DecisionId;
use domain::meeting::Command;

/// The one who opens the wall may read the workbook; whoever looks at the screen's page may not.
#[tokio::test(flavor = "multi_thread")]
async fn the_walls_page_holds_nothing_of_the_workbook() {
    let place = Place::sqlite();
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let worker = service.viewer(world.worker).await.unwrap();
    let words = "CANARY of the workbook";
    allowed!(service, service.family_reader(&worker, world.family).await, write_chapter(&[summary(words, 0)])).unwrap();
    world.act(world.chair, Command::Open).await;
    let decision = DecisionId::new(service.new_uuid());
    world.act(world.chair, Command::Start { slot: world.slot, seen: None, decision }).await;
    for (projector, held) in [(false, true), (true, false)] {
        let viewer = service.viewer_as(world.chair, projector).await.unwrap();
        let page = allowed!(service, service.meeting_reader(&viewer, world.meeting).await, meeting_page(None)).unwrap();
        let text = serde_json::to_string(&page).unwrap();
        assert!(text.contains("Ottilie"), "whose discussion it is");
        for words in ["CANARY", "child in need plan, since", "a parent or carer is subjected to it"] {
            assert_eq!(text.contains(words), held, "{words} on the wall: {projector}");
        }
    }
}
