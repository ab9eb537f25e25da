//! What children and adults gave in their own words: who writes it, who reads it, and where it comes out.

use crate::http::{get, send};
use crate::place::{Place, World, allowed, on_both_engines};
use domain::own_words::HowGiven;
use domain::page::own_words::OwnWordsCard;
use domain::{OwnWordsId, PersonId, WorkerId};
use service::ServiceError;
use service::workbook::own_words::OwnWordsForm;

/// The form of words that a worker heard that day.
pub fn form(world: &World, person: PersonId, words: &str) -> OwnWordsForm {
    OwnWordsForm {
        id: OwnWordsId::new(world.service.new_uuid()),
        person,
        base: 0,
        on: "3/11/2026".to_owned(),
        how: HowGiven::Drew,
        to: "Josephine".to_owned(),
        words: words.to_owned(),
        numbers: Default::default(),
        only_for: None,
    }
}

/// Writes them down.
pub async fn write(world: &World, who: WorkerId, form: &OwnWordsForm) -> Result<(), ServiceError> {
    let viewer = world.service.viewer(who).await?;
    allowed!(world.service, world.service.family_reader(&viewer, world.family).await, write_own_words(form))
}

/// A child and an adult of the family.
pub async fn people(world: &World) -> (PersonId, PersonId) {
    let members = world.service.store().members(world.family.uuid()).await.unwrap();
    let first = |adult| members.iter().find(|member| member.person.adult == adult).unwrap().person.id;
    (first(false), first(true))
}

async fn read(world: &World, who: WorkerId) -> Vec<OwnWordsCard> {
    let viewer = world.service.viewer(who).await.unwrap();
    allowed!(world.service, world.service.family_reader(&viewer, world.family).await, own_words()).unwrap().1
}

fn wrong_field(answer: Result<(), ServiceError>) -> String {
    match answer {
        Err(ServiceError::Form(fields)) => fields[0].0.clone(),
        other => panic!("{other:?}"),
    }
}

on_both_engines!(only_who_wrote_them_down_changes_them_and_takes_them_back);
async fn only_who_wrote_them_down_changes_them_and_takes_them_back(place: Place) {
    let world = World::started(place.service().await).await;
    let (service, (child, adult)) = (&world.service, people(&world).await);
    let first = form(&world, child, "I drew us by the sea");
    write(&world, world.worker, &first).await.unwrap();
    write(&world, world.worker, &first).await.unwrap();
    assert_eq!(read(&world, world.chair).await.len(), 1, "the same form twice is one occasion");
    let better = OwnWordsForm { base: 1, words: "I drew us by the sea, with Mum".to_owned(), ..first.clone() };
    let theirs = write(&world, world.chair, &better).await;
    assert!(matches!(theirs, Err(ServiceError::NotFound)), "{theirs:?}");
    write(&world, world.worker, &better).await.unwrap();
    let late = OwnWordsForm { words: "by the lake".to_owned(), ..better.clone() };
    assert_eq!(wrong_field(write(&world, world.worker, &late).await), "words", "it was changed on another page");
    let now = read(&world, world.chair).await;
    assert_eq!(now[0].given.as_ref().unwrap().words, "I drew us by the sea, with Mum");
    assert_eq!((now[0].mine, now[0].revision), (false, 2));

    for (field, typed) in [
        ("on", OwnWordsForm { on: "3/11/2031".to_owned(), ..form(&world, child, "x") }),
        ("on", OwnWordsForm { on: String::new(), ..form(&world, child, "x") }),
        ("on", OwnWordsForm { on: "soon".to_owned(), ..form(&world, child, "x") }),
        ("words", form(&world, child, " ")),
        (
            "importance",
            OwnWordsForm { numbers: ["8".into(), String::new(), String::new()], ..form(&world, child, "x") },
        ),
        (
            "readiness",
            OwnWordsForm { numbers: [String::new(), String::new(), "11".into()], ..form(&world, adult, "x") },
        ),
        (
            "confidence",
            OwnWordsForm { numbers: [String::new(), "much".into(), String::new()], ..form(&world, adult, "x") },
        ),
    ] {
        assert_eq!(wrong_field(write(&world, world.worker, &typed).await), field);
    }
    let elsewhere = form(&world, PersonId::new(service.new_uuid()), "x");
    assert!(matches!(write(&world, world.worker, &elsewhere).await, Err(ServiceError::NotFound)));

    let chair = service.viewer(world.chair).await.unwrap();
    let worker = service.viewer(world.worker).await.unwrap();
    let reader = service.family_reader(&chair, world.family).await;
    assert!(allowed!(service, reader, take_back_own_words(first.id, "not mine")).is_err());
    let reader = service.family_reader(&worker, world.family).await;
    assert_eq!(wrong_field(allowed!(service, reader, take_back_own_words(first.id, " "))), "why");
    let reader = service.family_reader(&worker, world.family).await;
    allowed!(service, reader, take_back_own_words(first.id, "Juno drew it")).unwrap();
    let gone = read(&world, world.worker).await;
    assert_eq!((&gone[0].given, gone[0].taken_back.as_deref()), (&None, Some("Juno drew it")));
    let again = OwnWordsForm { base: 2, ..better };
    assert!(
        matches!(write(&world, world.worker, &again).await, Err(ServiceError::NotFound)),
        "what is taken back stays so"
    );

    assert_eq!(service::rebuild::differences(service.store()).await.unwrap(), 0);
    service::rebuild::rebuild(service.store()).await.unwrap();
    assert_eq!(read(&world, world.worker).await, gone);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_for_some_says_whom_to_ask_and_no_more() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let (service, (child, adult)) = (&world.service, people(&world).await);
    let numbers = ["8".to_owned(), "4".to_owned(), String::new()];
    let open = OwnWordsForm { numbers, ..form(&world, adult, "I want to sleep <b>through</b>") };
    write(&world, world.worker, &open).await.unwrap();
    let mut kept = form(&world, child, "Quillkept");
    kept.on = "4/11/2026".to_owned();
    kept.only_for = Some([world.worker].into());
    write(&world, world.chair, &kept).await.unwrap();
    let alone = OwnWordsForm { only_for: Some(Default::default()), ..form(&world, child, "Quillalone") };
    write(&world, world.chair, &alone).await.unwrap();
    let stranger =
        OwnWordsForm { only_for: Some([WorkerId::new(service.new_uuid())].into()), ..form(&world, child, "x") };
    assert!(write(&world, world.chair, &stranger).await.is_err(), "only for people who work with the family");

    let router = crate::place::router(service);
    let page = async |who: WorkerId, address: &str| {
        let token = crate::place::token(service, who).await;
        let (status, _, body, _) = send(&router, get(address, Some(&token))).await;
        assert_eq!(status, 200, "{address}");
        body
    };
    let (family, own) = (format!("/families/{}", world.family), format!("/families/{}/own-words", world.family));
    let others = service.directory().await.unwrap();
    let third = read(&world, world.worker).await;
    assert_eq!(third.iter().filter(|card| card.given.is_some()).count(), 2);
    let seen = page(world.worker, &own).await;
    assert!(seen.contains("Quillkept") && !seen.contains("Quillalone"));
    assert!(seen.contains("keeps something for some of those who work with the family"));
    assert!(
        seen.contains("I want to sleep &lt;b&gt;through&lt;/b&gt;")
            && seen.contains("importance 8 of 10, confidence 4 of 10")
    );
    let seen = page(world.worker, &family).await;
    assert!(seen.contains("Quillkept") && seen.contains("I want to sleep") && !seen.contains("Quillalone"));
    let practitioner = crate::place::worker(service, "7008").await;
    assert_ne!(others.name(practitioner), "");
    for address in [&own, &family] {
        let seen = page(practitioner, address).await;
        assert!(
            !seen.contains("Quillkept") && !seen.contains("Quillalone") && seen.contains("I want to sleep"),
            "{address}"
        );
    }
    // Nobody changes another's, nor sees them in the form.
    let token = crate::place::token(service, world.worker).await;
    let (status, ..) = send(&router, get(&format!("{own}?change={}", kept.id), Some(&token))).await;
    assert_eq!(status, 404);
}
