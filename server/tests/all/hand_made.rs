//! Updates made by hand and posted as a page would: refused, and nothing of them is kept.

use crate::http::{post, send};
use crate::place::{Place, World, allowed, on_both_engines, router, token};
use axum::body::Body;
use axum::http::header;
use domain::meeting::{Area, Command, Entry, Event};
use domain::prose::{Prose, as_base64};

/// Everything of CASES I1 to I3 that fits into bytes: values nested deep, claimed counts, other things than text.
fn hand_made(pen: u64) -> Vec<(String, Vec<u8>)> {
    let number = |mut number: u64| {
        let mut bytes = Vec::new();
        while number > 0x7f {
            bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        bytes.push(number as u8);
        bytes
    };
    let block = |content: u8, rest: &[u8]| {
        let mut bytes = vec![1, 1];
        bytes.extend(number(pen));
        bytes.extend([0, content, 1, 4]);
        bytes.extend(b"text");
        bytes.extend(rest);
        bytes
    };
    let nested = |depth: usize| {
        let mut value = vec![1];
        value.extend([117, 1].repeat(depth));
        value.extend([126, 0]);
        block(8, &value)
    };
    let mut all = [700, 1000, 6000].map(|depth| (format!("nested {depth} deep"), nested(depth))).to_vec();
    let mut authors = number(1 << 28);
    authors.extend([0; 10]);
    all.push(("2^28 authors".to_owned(), authors));
    let mut blocks = vec![1];
    blocks.extend(number(1 << 52));
    blocks.extend(number(pen));
    blocks.extend([0, 4, 1]);
    all.push(("2^52 blocks".to_owned(), blocks));
    all.push(("a block of no length".to_owned(), block(1, &[0, 0])));
    for (name, content) in [("JSON", 2), ("binary", 3), ("embed", 5), ("format", 6), ("type", 7), ("document", 9)] {
        all.push((name.to_owned(), block(content, &[1, b'1', 1, b'1', 0])));
    }
    all
}

on_both_engines!(they_are_refused_and_other_rooms_go_on);
async fn they_are_refused_and_other_rooms_go_on(place: Place) {
    let world = World::started(place.service().await).await;
    let (service, router) = (&world.service, router(&world.service));
    let worker = service.viewer(world.worker).await.unwrap();
    let signed = token(service, world.worker).await;
    let pen = allowed!(service, service.meeting_reader(&worker, world.meeting).await, pens()).unwrap()[0].pen;
    let area = Area::Analysis(world.worker);
    let kept: Vec<Entry<Event>> = service.store().entries(world.meeting.uuid(), 0).await.unwrap();
    for (name, update) in hand_made(pen) {
        let batch = serde_json::json!([{
            "meeting": world.meeting, "command": service.new_uuid(), "slot": world.slot,
            "area": area, "pen": pen, "update": as_base64(&update),
        }]);
        let mut request = post("/api/meeting/typed", Some(&signed), "");
        *request.body_mut() = Body::from(batch.to_string());
        request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        let (.., answer, _) = send(&router, request).await;
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert!(answer["seq"].is_null() && !answer["refused"].is_null(), "{name}: {answer}");
    }
    let now: Vec<Entry<Event>> = service.store().entries(world.meeting.uuid(), 0).await.unwrap();
    assert_eq!(kept, now, "nothing of it stands in the journal");
    let update = Prose::with_pen(pen).rewrite("Ivy laughs");
    world.act(world.worker, Command::Type { slot: world.slot, area, update, pen }).await;
    let page = allowed!(service, service.meeting_reader(&worker, world.meeting).await, meeting_page(None)).unwrap();
    assert_eq!(page.room.slot(world.slot).unwrap().boxes[&area].prose.text(), "Ivy laughs");
}
