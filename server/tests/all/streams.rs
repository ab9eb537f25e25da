//! When a stream ends, and what it tells of who writes.

use crate::place::{ADDRESS, Place, World, allowed};

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_when_the_allocation_ends_and_when_its_session_does() {
    use domain::page::Frame;
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let chair = world.service.viewer(world.chair).await.unwrap();
    let token = crate::place::token(&world.service, world.worker).await;
    let cursor = allowed!(world.service, world.service.meeting_reader(&chair, world.meeting).await, meeting_page(None))
        .unwrap()
        .cursor;
    let mut stream = world.service.stream(&token, false, world.meeting, cursor, "", "10.0.0.1").await.unwrap();
    assert!(matches!(stream.next().await.unwrap().frame, Frame::Here { .. }));
    let card = allowed!(world.service, world.service.family_reader(&chair, world.family).await, family()).unwrap();
    let allocation = card.allocated.iter().find(|who| who.worker == Some(world.worker)).unwrap().allocation;
    allowed!(
        world.service,
        world.service.family_staff(&chair, world.family).await,
        end_allocation(allocation, ADDRESS)
    )
    .unwrap();
    assert_eq!(stream.next().await.unwrap().frame, Frame::Ended);

    let token = crate::place::token(&world.service, world.chair).await;
    let mut stream = world.service.stream(&token, false, world.meeting, cursor, "", "10.0.0.1").await.unwrap();
    while !matches!(stream.next().await.unwrap().frame, Frame::Here { .. }) {}
    world.service.sign_out(&token).await.unwrap();
    loop {
        match stream.next().await.unwrap().frame.clone() {
            Frame::SignedOut => break,
            Frame::Here { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_where_is_sent_to_those_who_may_read_it_and_never_stored() {
    use domain::meeting::{Area, Command};
    use domain::page::{Frame, Here};
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let (service, meeting) = (&world.service, world.meeting);
    let here = async |who| {
        let token = crate::place::token(service, who).await;
        let viewer = service.viewer(who).await.unwrap();
        let cursor =
            allowed!(service, service.meeting_reader(&viewer, meeting).await, meeting_page(None)).unwrap().cursor;
        let mut stream = service.stream(&token, false, meeting, cursor, "a page", "10.0.0.1").await.unwrap();
        match stream.next().await.unwrap().frame.clone() {
            Frame::Here { people } => (people, stream),
            other => panic!("{other:?}"),
        }
    };
    let (_, _worker) = here(world.worker).await;
    let viewer = service.viewer(world.worker).await.unwrap();
    let mine = Area::Analysis(world.worker);
    let presence = |people: Vec<Here>| people.into_iter().find(|here| here.worker == world.worker).unwrap();
    allowed!(
        service,
        service.meeting_reader(&viewer, meeting).await,
        attend("a page", false, Some((world.slot, mine)))
    )
    .unwrap();
    assert_eq!(presence(here(world.chair).await.0).writing, Some((world.slot, mine)));
    world.act(world.worker, Command::Hide { slot: world.slot }).await;
    assert_eq!(presence(here(world.chair).await.0).writing, None, "a sealed box is not spoken of");
    // Whoever has the open meeting in sight is not idle, even where they only listen; a page behind others is nobody.
    let there = async |away| {
        allowed!(service, service.meeting_reader(&viewer, meeting).await, attend("a page", away, None)).unwrap()
    };
    assert!(there(false).await);
    assert!(!there(true).await);
    assert!(presence(here(world.chair).await.0).away);
    allowed!(service, service.meeting_reader(&viewer, meeting).await, attend("another page", false, None)).unwrap();
    assert!(presence(here(world.chair).await.0).away, "a page that is not connected says nothing");
    let stranger = service.viewer(world.stranger).await.unwrap();
    assert!(allowed!(service, service.meeting_reader(&stranger, meeting).await, attend("x", false, None)).is_err());
    assert_eq!(service::rebuild::differences(service.store()).await.unwrap(), 0);
}
