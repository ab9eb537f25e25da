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

/// A form with one field that holds a word nobody knows, and then one that is known.
struct Form {
    who: domain::WorkerId,
    address: &'static str,
    fields: String,
    field: &'static str,
    unknown: &'static str,
    known: String,
}

/// Posts each form with the unknown word, which changes nothing, and with the known one, which does: so it was the word.
async fn unknown_then_known(place: &Place, world: &World, forms: Vec<Form>) {
    let router = router(&world.service);
    for Form { who, address, fields, field, unknown, known } in forms {
        let signed = token(&world.service, who).await;
        let send = async |word: &str| {
            let request = post(address, Some(&signed), &format!("{fields}&{field}={word}"));
            let (status, location, ..) = send(&router, request).await;
            (place.content(), format!("{address} {field}={word}: {status} {location}"))
        };
        let before = place.content();
        let (after, said) = send(unknown).await;
        assert!(before == after, "{said}");
        let (after, said) = send(&known).await;
        assert!(before != after, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_nobody_knows_is_refused_wherever_a_form_has_a_choice() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let (service, meeting, slot, chair) = (&world.service, world.meeting, world.slot, world.chair);
    let act = |who, act: &str, more: &str, field, unknown, known: &str| Form {
        who,
        address: "/api/meeting/act",
        fields: format!(
            "form[meeting]={meeting}&form[slot]={slot}&form[command]={}&form[act]={act}{more}",
            service.new_uuid()
        ),
        field,
        unknown,
        known: known.to_owned(),
    };
    let worker = world.worker;
    let form = |who, address, fields: String, field, unknown, known: &str| Form {
        who,
        address,
        fields,
        field,
        unknown,
        known: known.to_owned(),
    };
    let decision = crate::record::decision(&world).await;
    let said = format!("meeting={meeting}&slot={slot}&text=x");
    unknown_then_known(
        &place,
        &world,
        vec![
            act(chair, "attend", &format!("&form[worker]={worker}"), "form[how]", "perhaps", "room"),
            act(
                chair,
                "word",
                &format!("&form[decision]={decision}&form[base]=0&form[kind]=continue"),
                "form[route]",
                "perhaps",
                "",
            ),
            act(
                worker,
                "stand",
                &format!("&form[decision]={decision}&form[base]=1&form[worker]={worker}&form[why]=x"),
                "form[position]",
                "perhaps",
                "disagree",
            ),
            form(world.record_taker, "/api/meeting/note", said, "act", "dance", "note"),
            form(
                chair,
                "/api/family/hold",
                format!("family={}&hold=inquiry&word=x", world.family),
                "end",
                "perhaps",
                "",
            ),
            form(chair, "/api/family/hold", format!("family={}&word=over", world.family), "end", "perhaps", "yes"),
            form(worker, "/api/worker/away", "starts=2026-12-01&ends=2026-12-02".into(), "back", "perhaps", ""),
            form(chair, "/api/worker/save", "name=A&job_title=".into(), "discipline", "wizard", "education"),
        ],
    )
    .await;
    crate::record::finish(&world).await;
    crate::record::complete(&world).await;
    let record = crate::record::records(&world).await.remove(0);
    let reader = service.viewer(worker).await.unwrap();
    let part = domain::record::RecordPart::Why;
    allowed!(service, service.record_reader(&reader, record.id).await, ask_correction(part, "It works well.")).unwrap();
    let asked =
        crate::record::records(&world).await.into_iter().flat_map(|record| record.life.corrections).next().unwrap();
    let of = format!("record={}", record.id);
    let stance = format!("{of}&part=stance-{worker}");
    unknown_then_known(
        &place,
        &world,
        vec![
            form(worker, "/api/record/mark", stance.clone(), "readers", "everybody", &format!("only&who[0]={chair}")),
            form(worker, "/api/record/mark", format!("{stance}&readers=team"), "hidden", "perhaps", ""),
            form(
                chair,
                "/api/record/answer-correction",
                format!("{of}&correction={}&word=", asked.id),
                "taken",
                "perhaps",
                "yes",
            ),
        ],
    )
    .await;
    crate::record::sign(&world, chair).await.unwrap();
    allowed!(service, service.record_reader(&reader, record.id).await, ask_addendum("why", "more")).unwrap();
    let addendum =
        crate::record::records(&world).await.into_iter().flat_map(|record| record.life.addenda).next().unwrap();
    let step = record.steps[0].step;
    unknown_then_known(
        &place,
        &world,
        vec![
            form(
                chair,
                "/api/record/answer-addendum",
                format!("{of}&addendum={}&word=", addendum.id),
                "taken",
                "perhaps",
                "yes",
            ),
            form(worker, "/api/step/answer", format!("id={step}&word=x"), "done", "perhaps", "yes"),
        ],
    )
    .await;
}
