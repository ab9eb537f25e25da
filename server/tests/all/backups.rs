//! A backup is the database, and is restored beside what it replaces.

use crate::contract::hold;
use crate::place::{Place, World, allowed, summary};
use service::rebuild::differences;

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_while_serving_is_the_database() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    hold(&world).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.sqlite");
    world.service.store().backup(&file).await.unwrap();
    let copy = service::store::Store::open(file.to_str().unwrap(), service::store::OpenMode::Make).await.unwrap();
    let read = async |store: &service::store::Store| {
        let events = store.entries::<domain::meeting::Event>(world.meeting.uuid(), 0).await.unwrap();
        (
            events,
            store.records(world.family.uuid()).await.unwrap(),
            store.families().await.unwrap(),
            store.people().await.unwrap(),
        )
    };
    assert_eq!(read(world.service.store()).await, read(&copy).await);
    assert_eq!(differences(&copy).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_is_what_was_there_and_keeps_what_it_replaced() {
    let place = Place::sqlite();
    let settings = caseround::cli::Settings {
        security_log: "stderr".to_owned(),
        database: place.address.clone(),
        demo: true,
        clock: None,
        seal_key: None,
        settings: None,
        fonts: record::FONT_FOLDER.into(),
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.sqlite");
    let before = {
        let world = World::started(place.service().await).await;
        hold(&world).await;
        caseround::commands::backup(&settings, &file).await.unwrap();
        let before = world.service.store().records(world.family.uuid()).await.unwrap();
        let viewer = world.service.viewer(world.worker).await.unwrap();
        allowed!(
            world.service,
            world.service.family_reader(&viewer, world.family).await,
            write_chapter(&[summary("after the backup", 0)])
        )
        .unwrap();
        (world.family, before)
    };
    caseround::commands::restore(&settings, &file).await.unwrap();
    let store = place.store().await;
    assert_eq!(store.records(before.0.uuid()).await.unwrap(), before.1);
    assert!(store.latest_summaries(before.0.uuid()).await.unwrap().is_empty(), "it is the backup's moment");
    assert_eq!(differences(&store).await.unwrap(), 0);
    let folder = std::path::Path::new(&place.address).parent().unwrap();
    let kept = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let kept = kept.into_iter().find(|path| path.to_str().unwrap().contains("before-restore")).unwrap();
    let kept = service::store::Store::open(kept.to_str().unwrap(), service::store::OpenMode::Existing).await.unwrap();
    assert_eq!(kept.latest_summaries(before.0.uuid()).await.unwrap()[0].text, "after the backup");
}
