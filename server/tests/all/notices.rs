//! What a form did is said on the page it leads to, to whoever sent it, with the way back.

use crate::contract::hold;
use crate::http::{get, post, send};
use crate::place::{Place, World, allowed, on_both_engines, router, token};
use axum::http::StatusCode;
use domain::meeting::Command;
use service::workbook::next::NextSupervision;

/// The hidden fields of the page's "Undo", as they are posted.
fn undo_of(page: &str) -> (String, String) {
    let notice = page.split("cr-saved").nth(1).expect("something is said");
    let form = notice.split("</form>").next().unwrap();
    let action = form.split("action=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = form.split("<input type=\"hidden\" name=\"").skip(1).map(|field| {
        let name = field.split('"').next().unwrap();
        let value = field.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
        format!("{name}={value}")
    });
    (action, fields.collect::<Vec<_>>().join("&"))
}

on_both_engines!(an_answered_step_is_said_and_can_be_taken_back);
async fn an_answered_step_is_said_and_can_be_taken_back(place: Place) {
    let world = World::started(place.service().await).await;
    hold(&world).await;
    world.act(world.chair, Command::Close).await;
    let router = router(&world.service);
    let own = token(&world.service, world.worker).await;
    let viewer = world.service.viewer(world.worker).await.unwrap();
    let step = world.service.my_steps(&viewer).await.unwrap()[0].id;
    let answer = format!("id={step}&done=yes&word=&back=/steps");
    let (status, location, ..) = send(&router, post("/api/step/answer", Some(&own), &answer)).await;
    assert_eq!(status, StatusCode::FOUND);
    let (_, _, page, _) = send(&router, get(&location, Some(&own))).await;
    assert!(page.contains("Marked as done: Ring the school"), "{page}");
    assert!(world.service.my_steps(&viewer).await.unwrap().is_empty());
    let stranger = token(&world.service, world.stranger).await;
    let (_, _, theirs, _) = send(&router, get(&location, Some(&stranger))).await;
    assert!(!theirs.contains("Ring the school"), "a notice is its sender's");

    let (action, fields) = undo_of(&page);
    let (_, location, ..) = send(&router, post(&action, Some(&own), &fields)).await;
    let (_, _, page, _) = send(&router, get(&location, Some(&own))).await;
    assert!(page.contains("Undone. It is as it was before: Ring the school"), "{page}");
    assert_eq!(world.service.my_steps(&viewer).await.unwrap()[0].state, domain::status::StepStatus::Open);
    assert_eq!(service::rebuild::differences(world.service.store()).await.unwrap(), 0);
    // What somebody else said since is not taken back by whoever said something before.
    send(&router, post("/api/step/answer", Some(&own), &answer.replace("done=yes", "done=no"))).await;
    let chair = token(&world.service, world.chair).await;
    send(&router, post("/api/step/answer", Some(&chair), &answer)).await;
    let (_, location, ..) = send(&router, post(&action, Some(&own), &fields)).await;
    assert!(location.contains("draft="), "{location}");
    assert!(world.service.my_steps(&viewer).await.unwrap().is_empty(), "the manager's word stands");
    // Whoever said it takes it back once.
    send(&router, post(&action, Some(&chair), &fields)).await;
    let (_, location, ..) = send(&router, post(&action, Some(&chair), &fields)).await;
    assert!(location.contains("draft="), "{location}");
    let (status, location, ..) = send(&router, post(&action, Some(&stranger), &fields)).await;
    assert_eq!((status, location.as_str()), (StatusCode::FOUND, "/not-found"));
}

on_both_engines!(an_ended_allocation_is_said_and_can_be_taken_back);
async fn an_ended_allocation_is_said_and_can_be_taken_back(place: Place) {
    let world = World::started(place.service().await).await;
    let router = router(&world.service);
    let chair = token(&world.service, world.chair).await;
    let page = format!("/families/{}", world.family);
    let (_, _, before, _) = send(&router, get(&page, Some(&chair))).await;
    let id = before.split("/api/allocation/end").nth(1).unwrap().split("name=\"id\" value=\"").nth(1).unwrap();
    let id = id.split('"').next().unwrap();
    let ended = format!("family={}&id={id}", world.family);
    let (_, location, ..) = send(&router, post("/api/allocation/end", Some(&chair), &ended)).await;
    let (_, _, said, _) = send(&router, get(&location, Some(&chair))).await;
    assert!(said.contains("no longer works with this family."), "{said}");
    let (action, fields) = undo_of(&said);
    assert!(!fields.contains("by_hand"), "what was before is the server's: {fields}");
    let stranger = token(&world.service, world.stranger).await;
    let (_, location, ..) = send(&router, post(&action, Some(&stranger), &fields)).await;
    assert_eq!(location, "/not-found");
    let (_, location, ..) = send(&router, post(&action, Some(&chair), &fields)).await;
    let (_, _, after, _) = send(&router, get(&location, Some(&chair))).await;
    assert!(after.contains("works with this family again."), "{after}");
    assert_eq!(after.matches("/api/allocation/end").count(), before.matches("/api/allocation/end").count());
    // Ended again, it is not brought back by the old page.
    send(&router, post("/api/allocation/end", Some(&chair), &ended)).await;
    let (_, location, ..) = send(&router, post(&action, Some(&chair), &fields)).await;
    assert!(location.contains("draft="), "{location}");
}

on_both_engines!(a_family_page_says_when_it_is_discussed_next);
async fn a_family_page_says_when_it_is_discussed_next(place: Place) {
    let world = World::started(place.service().await).await;
    let next = async |who| {
        let viewer = world.service.viewer(who).await.unwrap();
        allowed!(world.service, world.service.family_reader(&viewer, world.family).await, next_supervision()).unwrap()
    };
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    let planned = Some(NextSupervision::Planned { meeting: world.meeting, on: today });
    assert_eq!(next(world.worker).await, planned, "it is being discussed");
    let on = chrono::NaiveDate::from_ymd_opt(2026, 12, 22).unwrap();
    world.act(world.chair, Command::AgreeNextDate { slot: world.slot, day: Some(on), seen: None }).await;
    hold(&world).await;
    assert_eq!(next(world.worker).await, Some(NextSupervision::Agreed { on }));
}
