//! A dissent goes its way until it is answered.

use crate::place::{Place, allowed, on_both_engines};
use crate::record::{complete, finished, records, sign};
use service::ServiceError;

on_both_engines!(a_dissent_goes_its_way_until_it_is_answered_and_is_never_lost);
async fn a_dissent_goes_its_way_until_it_is_answered_and_is_never_lost(place: Place) {
    let world = finished(place.service().await).await;
    complete(&world).await;
    let service = &world.service;
    let (chair, worker) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    let above = service.viewer(world.service_manager).await.unwrap();
    let told = |staff| async move { service.dissents_waiting(staff).await.unwrap() };
    let id = records(&world).await[0].id;
    let taker = service.viewer(crate::place::worker(service, "7008").await).await.unwrap();
    assert!(
        matches!(
            allowed!(service, service.record_reader(&taker, id).await, take_dissent(world.worker)),
            Err(ServiceError::NotFound)
        ),
        "not another's"
    );
    allowed!(service, service.record_reader(&worker, id).await, take_dissent(world.worker)).unwrap();
    assert!(
        allowed!(service, service.record_reader(&worker, id).await, take_dissent(world.worker)).is_err(),
        "it waits for an answer"
    );
    sign(&world, world.chair).await.unwrap();
    for record in records(&world).await {
        assert_eq!(record.life.dissents.len(), 1, "decided together, dissented from together");
        assert_eq!(record.life.dissents[0].until, chrono::NaiveDate::from_ymd_opt(2026, 12, 1).unwrap());
    }
    assert_eq!(
        allowed!(service, service.staff(&chair), dissents_waiting()).unwrap().len(),
        records(&world).await.len()
    );
    assert!(matches!(
        allowed!(service, service.record_manager(&worker, id).await, answer_dissent(world.worker, "x")),
        Err(ServiceError::NotFound)
    ));
    // Whoever it was taken to is told of it, and opens the family to read and answer it.
    let waiting = told(service.staff(&above).unwrap()).await;
    assert!(matches!(waiting.as_slice(), [line] if line.record.is_none()), "one family: {waiting:?}");
    assert!(service.record_reader(&above, id).await.is_err());
    world.opened_from_above().await;
    assert!(
        matches!(
            allowed!(service, service.record_manager(&chair, id).await, answer_dissent(world.worker, "x")),
            Err(ServiceError::NotFound)
        ),
        "not whoever confirmed it"
    );
    assert!(
        allowed!(service, service.record_manager(&above, id).await, answer_dissent(world.worker, " ")).is_err(),
        "an answer has words"
    );
    allowed!(
        service,
        service.record_manager(&above, id).await,
        answer_dissent(world.worker, "Ivy is seen alone this week.")
    )
    .unwrap();
    assert!(allowed!(service, service.staff(&chair), dissents_waiting()).unwrap().is_empty());
    allowed!(service, service.record_reader(&worker, id).await, take_dissent(world.worker)).unwrap();
    let taken = records(&world).await.remove(0).life.dissents;
    assert_eq!(
        taken.iter().map(|dissent| dissent.to.as_str()).collect::<Vec<_>>(),
        ["the service manager", "the head of service, in writing"]
    );
    allowed!(service, service.record_manager(&above, id).await, answer_dissent(world.worker, "It stays.")).unwrap();
    assert!(
        allowed!(service, service.record_reader(&worker, id).await, take_dissent(world.worker)).is_err(),
        "there is nobody further"
    );
    assert_eq!(records(&world).await.remove(0).life.dissents.len(), 2);
}
