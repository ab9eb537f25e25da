//! Forms made by hand, with words that no page sends.

use crate::http::{post, send};
use crate::place::{Place, World, allowed, router, token};
use axum::http::StatusCode;

/// A form with one field that holds a word nobody knows, and then a valid one.
struct Form {
    who: domain::WorkerId,
    address: &'static str,
    fields: String,
    field: &'static str,
    unknown: &'static str,
    valid: String,
}

/// Posts each form with the unknown word, which changes nothing, and with the valid one, which does: so it was the word.
async fn unknown_then_valid(place: &Place, world: &World, forms: Vec<Form>) {
    let router = router(&world.service);
    for Form { who, address, fields, field, unknown, valid } in forms {
        let signed = token(&world.service, who).await;
        let send = async |word: &str| {
            let request = post(address, Some(&signed), &format!("{fields}&{field}={word}"));
            let (status, location, ..) = send(&router, request).await;
            (place.content(), format!("{address} {field}={word}: {status} {location}"))
        };
        let before = place.content();
        let (after, said) = send(unknown).await;
        assert!(before == after, "{said}");
        let (after, said) = send(&valid).await;
        assert!(before != after, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_nobody_knows_is_refused_wherever_a_form_has_a_choice() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    world.opened_from_above().await;
    let (service, meeting, slot, chair) = (&world.service, world.meeting, world.slot, world.chair);
    let act = |who, act: &str, more: &str, field, unknown, valid: &str| Form {
        who,
        address: "/api/meeting/act",
        fields: format!(
            "form[meeting]={meeting}&form[slot]={slot}&form[command]={}&form[act]={act}{more}",
            service.new_uuid()
        ),
        field,
        unknown,
        valid: valid.to_owned(),
    };
    let worker = world.worker;
    let form = |who, address, fields: String, field, unknown, valid: &str| Form {
        who,
        address,
        fields,
        field,
        unknown,
        valid: valid.to_owned(),
    };
    let decision = crate::record::decision(&world).await;
    let said = format!("meeting={meeting}&slot={slot}&text=x");
    unknown_then_valid(
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
            form(
                world.service_manager,
                "/api/family/hold",
                format!("family={}&word=over", world.family),
                "end",
                "perhaps",
                "yes",
            ),
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
    unknown_then_valid(
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
    unknown_then_valid(
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

#[tokio::test(flavor = "multi_thread")]
async fn where_somebody_writes_is_a_box_or_nowhere() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let (router, signed) = (router(&world.service), token(&world.service, world.worker).await);
    let said = async |slot: &str, area: &str| {
        let body = format!("meeting={}&load=one&away=no&slot={slot}&area={area}", world.meeting);
        send(&router, post("/api/meeting/here", Some(&signed), &body)).await.0
    };
    let (slot, area) = (world.slot.to_string(), format!("analysis-{}", world.worker));
    for (slot, area) in [("", ""), (&slot, &area)] {
        assert_ne!(said(slot, area).await, StatusCode::NOT_FOUND);
    }
    for (slot, area) in [(slot.as_str(), "elsewhere"), ("nonsense", &area), ("", &area), (&slot, "")] {
        assert_eq!(said(slot, area).await, StatusCode::NOT_FOUND, "{slot} {area}");
    }
}
