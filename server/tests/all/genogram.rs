//! The genogram: who changes it, what cannot be, and where it is read.

use crate::http::{get, post, send};
use crate::own_words::people;
use crate::place::{Place, World, allowed, on_both_engines, router, token};
use domain::genogram::{KinId, LifeState, RelativeContent, Sex, TieKind};
use domain::{HouseholdId, PersonId, RelativeId, TieId, WorkerId};
use service::ServiceError;
use service::workbook::genogram::{GenogramItem, GenogramPage, HouseholdForm, RelativeForm, TieForm};
use std::collections::BTreeSet;

/// Adds somebody outside the family as a child's parent.
pub async fn add_parent(world: &World, who: WorkerId, child: PersonId, name: &str) -> Result<(), ServiceError> {
    let id = RelativeId::new(world.service.new_uuid());
    let tie = tie(world, KinId::Relative(id), TieKind::Parent, KinId::Member(child));
    let content = RelativeContent { name: name.to_owned(), sex: Sex::Male, life: LifeState::Living };
    relative(world, who, &RelativeForm { id, content, tie: Some(tie), base: 0 }).await
}

/// Adds a home in which one person lives.
pub async fn home(world: &World, who: WorkerId, person: PersonId, name: &str) -> Result<(), ServiceError> {
    let id = HouseholdId::new(world.service.new_uuid());
    let form = HouseholdForm { id, name: name.to_owned(), people: BTreeSet::from([KinId::Member(person)]), base: 0 };
    household(world, who, &form).await
}

fn tie(world: &World, from: KinId, kind: TieKind, to: KinId) -> TieForm {
    TieForm { id: TieId::new(world.service.new_uuid()), from, kind, to }
}

async fn relative(world: &World, who: WorkerId, form: &RelativeForm) -> Result<(), ServiceError> {
    let viewer = world.service.viewer(who).await?;
    allowed!(world.service, world.service.family_reader(&viewer, world.family).await, write_relative(form))
}

async fn household(world: &World, who: WorkerId, form: &HouseholdForm) -> Result<(), ServiceError> {
    let viewer = world.service.viewer(who).await?;
    allowed!(world.service, world.service.family_reader(&viewer, world.family).await, write_household(form))
}

async fn add(world: &World, who: WorkerId, form: &TieForm) -> Result<(), ServiceError> {
    let viewer = world.service.viewer(who).await?;
    allowed!(world.service, world.service.family_reader(&viewer, world.family).await, add_tie(form))
}

async fn remove(world: &World, who: WorkerId, item: GenogramItem, removed: bool) -> Result<(), ServiceError> {
    let viewer = world.service.viewer(who).await?;
    let reader = world.service.family_reader(&viewer, world.family).await;
    allowed!(world.service, reader, remove_from_genogram(item, removed))
}

async fn read(world: &World, who: WorkerId) -> GenogramPage {
    let viewer = world.service.viewer(who).await.unwrap();
    allowed!(world.service, world.service.family_reader(&viewer, world.family).await, genogram()).unwrap()
}

fn refused(answer: Result<(), ServiceError>, field: &str) -> String {
    let Err(ServiceError::Form(wrong)) = answer else { panic!("{answer:?}") };
    assert_eq!(wrong[0].0, field);
    wrong[0].1.clone()
}

on_both_engines!(whoever_works_with_the_family_draws_its_genogram_and_corrects_it);
async fn whoever_works_with_the_family_draws_its_genogram_and_corrects_it(place: Place) {
    let world = World::started(place.service().await).await;
    let (child, adult) = people(&world).await;
    let (child, adult) = (KinId::Member(child), KinId::Member(adult));
    let before = read(&world, world.worker).await;
    assert!(before.graph.parents.contains(&(adult, child)), "the mother is told by the council's system");

    // Somebody outside the family, once, however often the form is sent.
    let id = RelativeId::new(world.service.new_uuid());
    let of_child = tie(&world, KinId::Relative(id), TieKind::Parent, child);
    let content = RelativeContent { name: "Gareth".into(), sex: Sex::Male, life: LifeState::Living };
    let form = RelativeForm { id, content: content.clone(), tie: Some(of_child.clone()), base: 0 };
    relative(&world, world.worker, &form).await.unwrap();
    relative(&world, world.worker, &form).await.unwrap();
    let page = read(&world, world.chair).await;
    assert_eq!((page.genogram.relatives.len(), page.genogram.ties.len()), (1, 1));
    let lines =
        |page: &GenogramPage, who: KinId| page.graph.in_words().into_iter().find(|kin| kin.id == who).unwrap().lines;
    assert!(lines(&page, child)[0].ends_with("and Gareth"), "{:?}", lines(&page, child));

    let third = tie(&world, KinId::Relative(id), TieKind::Parent, adult);
    let other =
        RelativeForm { id: RelativeId::new(world.service.new_uuid()), tie: None, content: content.clone(), base: 0 };
    relative(&world, world.worker, &other).await.unwrap();
    let more = tie(&world, KinId::Relative(other.id), TieKind::Parent, child);
    assert!(refused(add(&world, world.worker, &more).await, "to").contains("two parents here already"));
    let own = tie(&world, child, TieKind::Parent, KinId::Relative(id));
    assert!(refused(add(&world, world.worker, &own).await, "to").contains("their own ancestor"));
    add(&world, world.worker, &third).await.unwrap();

    // Removed, put back, and not where something else was said meanwhile.
    remove(&world, world.chair, GenogramItem::Tie(of_child.id), true).await.unwrap();
    assert!(lines(&read(&world, world.worker).await, child)[0].ends_with("father not recorded"));
    add(&world, world.worker, &more).await.unwrap();
    let again = remove(&world, world.chair, GenogramItem::Tie(of_child.id), false).await;
    assert!(refused(again, "to").contains("two parents here already"));
    remove(&world, world.chair, GenogramItem::Relative(other.id), true).await.unwrap();
    remove(&world, world.chair, GenogramItem::Tie(of_child.id), false).await.unwrap();
    let page = read(&world, world.worker).await;
    assert!(page.graph.people.iter().all(|kin| kin.id != KinId::Relative(other.id)));
    let said = page.genogram.ties.iter().find(|tie| tie.id == of_child.id).unwrap();
    assert_eq!(said.by.worker, world.worker, "who puts a tie back did not say it");
    // A relative whose place was taken meanwhile, and a tie of whom something else was said, are not put back over it.
    let back = remove(&world, world.chair, GenogramItem::Relative(other.id), false).await;
    assert!(refused(back, "to").contains("two parents here already"));
    let partners = tie(&world, adult, TieKind::Partner, KinId::Relative(id));
    remove(&world, world.worker, GenogramItem::Tie(third.id), true).await.unwrap();
    add(&world, world.worker, &partners).await.unwrap();
    remove(&world, world.worker, GenogramItem::Tie(partners.id), true).await.unwrap();
    add(&world, world.chair, &tie(&world, adult, TieKind::FormerPartner, KinId::Relative(id))).await.unwrap();
    let back = remove(&world, world.worker, GenogramItem::Tie(partners.id), false).await;
    assert!(refused(back, "to").contains("Something else was said"));
    // A form that comes again with something else changes nobody.
    let again = TieForm { kind: TieKind::Sibling, ..partners.clone() };
    assert!(refused(add(&world, world.worker, &again).await, "to").contains("changed this meanwhile"));
    let renamed = RelativeContent { name: "Gary".into(), ..content.clone() };
    let stale = RelativeForm { id, content: renamed.clone(), tie: None, base: 7 };
    assert!(refused(relative(&world, world.worker, &stale).await, "relative-name").contains("changed this meanwhile"));
    relative(&world, world.worker, &RelativeForm { base: 1, ..stale }).await.unwrap();

    let home = HouseholdId::new(world.service.new_uuid());
    let of = |name: &str, people: &[KinId], base: i64| HouseholdForm {
        id: home,
        base,
        name: name.to_owned(),
        people: people.iter().copied().collect(),
    };
    household(&world, world.worker, &of("Mum’s", &[child, adult], 0)).await.unwrap();
    let seen = read(&world, world.chair).await.genogram.households[0].revision;
    household(&world, world.chair, &of("Nan’s", &[child], seen)).await.unwrap();
    let late = household(&world, world.worker, &of("Mum’s", &[child, adult], seen)).await;
    assert!(refused(late, "household-name").contains("changed this meanwhile"));
    let page = read(&world, world.worker).await;
    assert_eq!(page.graph.households, [("Nan’s".to_owned(), vec![child])]);
    refused(household(&world, world.worker, &of(" ", &[child], 0)).await, "household-name");
    refused(household(&world, world.worker, &of("Mum’s", &[], 0)).await, "people");

    let nobody = KinId::Member(PersonId::new(world.service.new_uuid()));
    for (who, form) in [
        (world.stranger, tie(&world, adult, TieKind::Partner, KinId::Relative(id))),
        (world.worker, tie(&world, adult, TieKind::Partner, nobody)),
    ] {
        let answer = add(&world, who, &form).await;
        assert!(matches!(answer, Err(ServiceError::NotFound)), "{answer:?}");
    }
    let never = remove(&world, world.worker, GenogramItem::Tie(TieId::new(world.service.new_uuid())), true).await;
    assert!(matches!(never, Err(ServiceError::NotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_picture_stands_on_the_familys_page_and_words_by_hand_are_refused() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let (child, _) = people(&world).await;
    add_parent(&world, world.worker, child, "Gareth").await.unwrap();
    let router = router(&world.service);
    let worker = token(&world.service, world.worker).await;
    let family = world.family;
    let (.., page, _) = send(&router, get(&format!("/families/{family}"), Some(&worker))).await;
    assert!(page.contains("cr-genogram__picture") && page.contains(">Gareth</text>"));
    let id = world.service.new_uuid();
    for form in [
        format!("family={family}&id={id}&from=member-{child}&kind=enemy&to=member-{child}"),
        format!("family={family}&id={id}&from={child}&kind=partner&to=member-{child}"),
        format!("family={family}&id=x&from=member-{child}&kind=partner&to=member-{child}"),
    ] {
        let (_, location, ..) = send(&router, post("/api/genogram/tie", Some(&worker), &form)).await;
        assert!(location.starts_with("/not-found"), "{form}: {location}");
    }
    let chosen = format!("family={family}&id={id}&from=member-{child}&kind=partner&to=");
    let (_, location, ..) = send(&router, post("/api/genogram/tie", Some(&worker), &chosen)).await;
    let (.., page, _) = send(&router, get(&location, Some(&worker))).await;
    assert!(page.contains("Choose a person."), "{location}");
}
