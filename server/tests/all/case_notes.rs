//! What workers write into a chronology: who writes it, what two who write at once get, where it is read.

use crate::http::{get, send};
use crate::own_words::people;
use crate::place::{Place, World, allowed, on_both_engines, router, token};
use domain::page::chronology::{ChronologyEntry, ChronologyKind};
use domain::{CaseNoteId, PersonId, WorkerId};
use service::ServiceError;
use service::workbook::case_note::CaseNoteForm;

/// The form of a significant note about one child.
pub fn form(world: &World, child: PersonId, text: &str) -> CaseNoteForm {
    CaseNoteForm {
        id: CaseNoteId::new(world.service.new_uuid()),
        base: 0,
        children: [child].into(),
        happened: "3/11/2026".to_owned(),
        text: text.to_owned(),
        significant: true,
    }
}

/// Writes it.
pub async fn write(world: &World, who: WorkerId, form: &CaseNoteForm) -> Result<(), ServiceError> {
    let viewer = world.service.viewer(who).await?;
    allowed!(world.service, world.service.family_reader(&viewer, world.family).await, write_case_note(form))
}

async fn remove(world: &World, who: WorkerId, id: CaseNoteId, removed: bool) -> Result<(), ServiceError> {
    let viewer = world.service.viewer(who).await?;
    allowed!(world.service, world.service.family_reader(&viewer, world.family).await, remove_case_note(id, removed))
}

async fn written(world: &World) -> Vec<ChronologyEntry> {
    let viewer = world.service.viewer(world.chair).await.unwrap();
    let all =
        allowed!(world.service, world.service.family_reader(&viewer, world.family).await, chronology()).unwrap().1;
    all.into_iter().filter(|entry| entry.note.is_some()).collect()
}

on_both_engines!(whoever_works_with_the_family_writes_what_happened_and_changes_it);
async fn whoever_works_with_the_family_writes_what_happened_and_changes_it(place: Place) {
    let world = World::started(place.service().await).await;
    let (child, adult) = people(&world).await;
    let first = form(&world, child, "Her teacher saw a bruise.");
    write(&world, world.worker, &first).await.unwrap();
    write(&world, world.worker, &first).await.unwrap();
    let all = written(&world).await;
    assert_eq!((all.len(), all[0].kind), (1, ChronologyKind::SignificantNote), "the same form twice is one note");
    assert_eq!(all[0].details[0], "Her teacher saw a bruise.");

    let changed = CaseNoteForm { base: 1, significant: false, text: "A bruise on her arm.".into(), ..first.clone() };
    write(&world, world.chair, &changed).await.unwrap();
    let late = CaseNoteForm { base: 1, text: "A bruise on her leg.".into(), ..first.clone() };
    let Err(ServiceError::Form(wrong)) = write(&world, world.worker, &late).await else { panic!("it was changed") };
    assert!(wrong[0].0 == "text" && wrong[0].1.contains("It now reads: A bruise on her arm."), "{wrong:?}");
    assert_eq!(written(&world).await[0].kind, ChronologyKind::Note);

    remove(&world, world.worker, first.id, true).await.unwrap();
    assert!(written(&world).await.is_empty());
    let Err(ServiceError::Form(wrong)) = write(&world, world.worker, &late).await else { panic!("it was removed") };
    assert!(wrong[0].1.contains("It is removed."), "{wrong:?}");
    remove(&world, world.chair, first.id, false).await.unwrap();
    assert_eq!(written(&world).await.len(), 1);

    for (field, typed) in [
        ("happened", CaseNoteForm { happened: "soon".into(), ..form(&world, child, "x") }),
        ("happened", CaseNoteForm { happened: "3/11/2031".into(), ..form(&world, child, "x") }),
        ("text", form(&world, child, " ")),
        ("children", CaseNoteForm { children: Default::default(), ..form(&world, child, "x") }),
    ] {
        let Err(ServiceError::Form(wrong)) = write(&world, world.worker, &typed).await else { panic!("{typed:?}") };
        assert_eq!(wrong[0].0, field);
    }
    for (who, typed) in [
        (world.stranger, form(&world, child, "x")),
        (world.worker, form(&world, adult, "x")),
        (world.worker, CaseNoteForm { base: 1, ..form(&world, child, "x") }),
    ] {
        let answer = write(&world, who, &typed).await;
        assert!(matches!(answer, Err(ServiceError::NotFound)), "{answer:?}");
    }
    let never = remove(&world, world.worker, CaseNoteId::new(world.service.new_uuid()), true).await;
    assert!(matches!(never, Err(ServiceError::NotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_significant_stands_in_the_chronology_without_being_asked_for() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let (child, _) = people(&world).await;
    write(&world, world.worker, &form(&world, child, "Quillgate")).await.unwrap();
    let minor = CaseNoteForm { significant: false, ..form(&world, child, "Quillminor") };
    write(&world, world.worker, &minor).await.unwrap();
    let (router, signed) = (router(&world.service), token(&world.service, world.worker).await);
    let page = async |query: &str| {
        let address = format!("/families/{}/chronology{query}", world.family);
        send(&router, get(&address, Some(&signed))).await.2
    };
    let usual = page("").await;
    assert!(usual.contains("Quillgate") && !usual.contains("Quillminor"));
    assert!(page("?kind=all").await.contains("Quillminor"));
    let of_notes = page("?kind=significant_note").await;
    assert!(of_notes.contains("Quillgate") && !of_notes.contains("Quillminor"));
    assert!(page(&format!("?change={}", minor.id)).await.contains("Quillminor</textarea>"));
}
