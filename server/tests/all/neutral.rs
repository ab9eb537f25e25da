//! The neutral form of a record, as the council gets it.

use crate::delivery::{Shelf, until, with_shelf, world_with_landed_records};
use crate::place::{Place, World, allowed};
use crate::record::{decision, sign};
use domain::meeting::{Attendance, Command, Position, Route, Wording};
use interchange::out::{Folder, Parcel, Target};
use std::sync::Arc;

/// The schema of docs/openapi.json, in which every object holds nothing but what it names.
fn writeback_schema() -> serde_json::Value {
    fn close(schema: &mut serde_json::Value) {
        let inner: Vec<&mut serde_json::Value> = match schema {
            serde_json::Value::Object(fields) => {
                // What refers to another schema holds what that one names, too.
                if fields.contains_key("properties") {
                    fields.insert("unevaluatedProperties".to_owned(), false.into());
                }
                fields.values_mut().collect()
            }
            serde_json::Value::Array(items) => items.iter_mut().collect(),
            _ => return,
        };
        inner.into_iter().for_each(close);
    }
    let text = include_str!("../../../docs/openapi.json");
    let mut schema: serde_json::Value = serde_json::from_str(text).unwrap();
    // A participant is a worker with more: closed by itself the worker would refuse that more.
    let open = schema["components"]["schemas"]["Staff"].clone();
    close(&mut schema);
    schema["components"]["schemas"]["Staff"] = open;
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/components/schemas/Writeback",
        "components": schema["components"],
    })
}

/// What a folder of the council's gets for a parcel.
fn written(parcel: &Parcel) -> serde_json::Value {
    let folder = tempfile::tempdir().unwrap();
    let _ = Folder::new("files", folder.path()).hand_over(parcel);
    let files = std::fs::read_dir(folder.path().join(&parcel.sealed.child_number)).unwrap();
    let mut paths = files.map(|file| file.unwrap().path());
    let json = paths.find(|path| path.extension().is_some_and(|is| is == "json")).unwrap();
    serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sent_words_or_apologies_was_not_there_and_a_stance_names_its_wording() {
    let place = Place::sqlite();
    drop(place.service().await);
    let shelf = Arc::new(Shelf::default());
    let world = World::started(with_shelf(&place, &shelf).await).await;
    let (service, slot) = (&world.service, world.slot);
    let chair = service.viewer(world.chair).await.unwrap();
    let page = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    let others: Vec<_> =
        page.room.slot(slot).unwrap().members.keys().copied().filter(|who| *who != world.worker).collect();
    world.act(world.chair, Command::EverybodyHere { slot }).await;
    for (worker, how) in [(others[0], Attendance::Apologies), (others[1], Attendance::SentWords)] {
        world.act(world.chair, Command::Attend { slot, worker, how }).await;
    }
    let decision = decision(&world).await;
    let wording = |why: &str| Wording {
        kind: "continue".into(),
        route: Route::DecidedHere,
        what: String::new(),
        why: why.into(),
    };
    let worded = async |revision, why| {
        world.act(world.chair, Command::Word { slot, decision, revision, wording: wording(why) }).await;
    };
    worded(0, "It works").await;
    let (worker, position) = (world.worker, Position::Disagree);
    let reason = "Ivy was not seen".to_owned();
    world.act(worker, Command::Stand { slot, decision, revision: 1, worker, position, reason }).await;
    worded(1, "It works so far").await;
    world.act(world.chair, Command::Confirm { slot, decision, revision: 2, then: None }).await;
    world.act(world.chair, Command::Finish { slot }).await;
    sign(&world, world.chair).await.unwrap();
    until(&world, |states| states.iter().all(|state| state == "landed v1")).await;
    let contract = jsonschema::validator_for(&writeback_schema()).unwrap();
    assert!(shelf.taken.lock().unwrap().len() > 1);
    let directory = service.directory().await.unwrap();
    for parcel in shelf.taken.lock().unwrap().iter() {
        let body = written(parcel);
        assert!(contract.is_valid(&body), "{body:#}");
        let took_part = |who| {
            let name = directory.workers[&who].name.as_str();
            body["present"].as_array().unwrap().iter().find(|line| line["name"] == name).unwrap()["took_part"].clone()
        };
        assert_eq!(
            [others[0], others[1], world.worker].map(took_part),
            ["apologies", "sent_words", "room"],
            "{body:#}"
        );
        let stance = &body["decisions"][0]["thought_otherwise"][0];
        let wording = stance["on_earlier_wording"].as_str().unwrap();
        assert!(wording.contains("It works") && !wording.contains("so far"), "{wording}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_council_gets_is_what_the_contract_says() {
    let place = Place::sqlite();
    let (_, shelf) = world_with_landed_records(&place).await;
    let contract = jsonschema::validator_for(&writeback_schema()).unwrap();
    let parcels = shelf.taken.lock().unwrap();
    assert!(parcels.len() > 1);
    for parcel in parcels.iter() {
        let body = written(parcel);
        let wrong: Vec<String> = contract.iter_errors(&body).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}: {body:#}");
        assert!(body["decisions"][0]["thought_otherwise"][0]["on_earlier_wording"].is_null());
        // The contract refuses a field that it does not name.
        let mut more = body.clone();
        more["diagnosis"] = "x".into();
        assert!(!contract.is_valid(&more));
    }
}
