//! One person whom two extracts brought twice.

use crate::afterwards::add_step;
use crate::place::{ADDRESS, Place, World, allowed, by, confirmed, on_both_engines, worker};
use domain::meeting::Command;
use domain::viewer::Viewer;
use domain::{AllocationId, FamilyId, WorkerId};
use service::import::Load;
use service::people::account::DEMO_PASSWORD;
use service::people::keeping::By;
use service::people::role::RoleForm;
use service::people::session::Caller;
use service::store::allocation::Allocation;
use service::store::worker::Worker;
use service::{Service, ServiceError};
use std::collections::BTreeMap;

const HERE: Caller<'static> = Caller { address: ADDRESS, browser: "Firefox on Linux" };

/// Another entry of somebody's name, allocated to a family.
async fn second_entry(service: &Service, of: WorkerId, family: FamilyId) -> WorkerId {
    let row = service.directory().await.unwrap().workers[&of].clone();
    let id = WorkerId::new(service.new_uuid());
    let entry = Worker { id, source_id: Some("NHS-1".into()), staff_id: String::new(), team_id: None, ..row };
    let mut tx = service.store().begin().await.unwrap();
    tx.keep_worker(&entry).await.unwrap();
    let allocation = Allocation {
        id: AllocationId::new(service.new_uuid()),
        source_id: Some("NHS-A1".into()),
        person_id: None,
        family_id: Some(family.uuid()),
        worker_id: Some(id.uuid()),
        unknown_worker: String::new(),
        team_id: None,
        role: String::new(),
        starts: service.clock().today(),
        ends: None,
        by_hand: false,
    };
    tx.keep_allocation(&allocation).await.unwrap();
    tx.commit().await.unwrap();
    service.rights_changed().await.unwrap();
    id
}

async fn merge(service: &Service, viewer: &Viewer, into: WorkerId, other: WorkerId) -> Result<(), ServiceError> {
    let kept = service.account_keeper(viewer, into).await?;
    let merged = service.account_keeper(viewer, other).await?;
    service.merge_worker(kept, by(service, merged).await, HERE).await
}

on_both_engines!(two_entries_of_one_person_are_merged_and_separated_again);
async fn two_entries_of_one_person_are_merged_and_separated_again(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let administrator = worker(service, "7023").await;
    service.make_administrator(By::Technician(administrator)).await.unwrap();
    let admin = service.viewer(administrator).await.unwrap();
    // 7014 works with another team; her second entry with this family.
    let kept = world.stranger;
    let other = second_entry(service, kept, world.family).await;
    service.give_account(other, "second@nhs.example", "plum kettle orbit").await.unwrap();
    let signed = service.sign_in("second@nhs.example", "plum kettle orbit", "test").await.unwrap().token().unwrap();
    world.act(world.chair, Command::BringIn { slot: world.slot, worker: other, why: "works with them".into() }).await;
    add_step(&world, "Ring the clinic", other).await;
    world.act(world.chair, Command::EverybodyHere { slot: world.slot }).await;
    world.act(world.chair, Command::Finish { slot: world.slot }).await;
    world.act(world.chair, Command::Close).await;
    let own = service.viewer(kept).await.unwrap();
    assert!(service.family_reader(&own, world.family).await.is_err());
    assert!(service.other_entries(kept).await.unwrap().alike.iter().any(|(id, _)| *id == other));

    // Only an administrator says that two entries are one person, and only of one name or number.
    let manager = service.viewer(worker(service, "7013").await).await.unwrap();
    assert!(merge(service, &manager, kept, other).await.is_err());
    let apart = format!("{:?}", merge(service, &admin, kept, world.worker).await.unwrap_err());
    assert!(apart.contains("neither name nor staff number"), "{apart}");
    assert!(merge(service, &admin, kept, kept).await.is_err());
    let role = RoleForm { role: "reviewer".into(), worker: other.to_string(), ..RoleForm::default() };
    let keeper = service.role_keeper(&admin, &role, ADDRESS).await.unwrap();
    service.give_role(keeper, confirmed(service, administrator).await, ("", "1/6/2027"), ADDRESS).await.unwrap();
    merge(service, &admin, kept, other).await.unwrap();

    // What the other was allocated to counts as hers, her steps are on her list, and the other is out.
    let own = service.viewer(kept).await.unwrap();
    assert!(own.families.contains(&world.family) && service.family_reader(&own, world.family).await.is_ok());
    assert!(!own.reviews, "its roles have ended");
    assert_eq!(service.session(&signed, true).await.unwrap(), None);
    assert!(service.sign_in("second@nhs.example", "plum kettle orbit", "test").await.is_err());
    assert!(service.new_link(By::Technician(other), HERE).await.is_err());
    assert!(service.reopen_account(By::Technician(other), HERE).await.is_err());
    assert!(service.viewer(other).await.unwrap().families.is_empty());
    let directory = service.directory().await.unwrap();
    assert!(!directory.offered(None).contains(&other));
    let card = allowed!(service, service.family_reader(&own, world.family).await, family_page()).unwrap().card;
    let shown: Vec<WorkerId> = card.allocated.iter().filter_map(|who| who.worker).collect();
    assert!(shown.contains(&kept) && !shown.contains(&other));
    let mine: Vec<String> = service.my_steps(&own).await.unwrap().into_iter().map(|step| step.what).collect();
    assert_eq!(mine, ["Ring the clinic"]);
    assert!(merge(service, &admin, kept, other).await.is_err(), "merged already");

    // The rows are kept as they came, so that they can be told apart again.
    let raw = service.store().all_allocations().await.unwrap();
    assert!(raw.iter().any(|row| row.worker_id == Some(other.uuid())));
    let keeper = service.account_keeper(&admin, other).await.unwrap();
    service.separate_worker(keeper, by(service, keeper).await, HERE).await.unwrap();
    let own = service.viewer(kept).await.unwrap();
    assert!(!own.families.contains(&world.family));
    assert!(service.my_steps(&own).await.unwrap().is_empty());
    service.reopen_account(By::Technician(other), HERE).await.unwrap();
    assert_eq!(service.viewer(other).await.unwrap().families, [world.family].into());
}

on_both_engines!(what_somebody_stood_out_of_with_one_entry_is_closed_to_the_other);
async fn what_somebody_stood_out_of_with_one_entry_is_closed_to_the_other(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let administrator = worker(service, "7023").await;
    service.make_administrator(By::Technician(administrator)).await.unwrap();
    let admin = service.viewer(administrator).await.unwrap();
    let kept = world.stranger;
    let other = second_entry(service, kept, world.family).await;
    let later = format!("{:?}", {
        world.act(other, Command::StandOut { slot: world.slot, out: true }).await;
        merge(service, &admin, kept, other).await.unwrap_err()
    });
    assert!(later.contains("Merge them after it"), "in an open meeting the room knows the other entry alone: {later}");
    world.act(world.chair, Command::EverybodyHere { slot: world.slot }).await;
    world.act(world.chair, Command::Finish { slot: world.slot }).await;
    world.act(world.chair, Command::Close).await;
    merge(service, &admin, kept, other).await.unwrap();
    let own = service.viewer(kept).await.unwrap();
    assert!(service.family_reader(&own, world.family).await.is_ok());
    let record = crate::record::records(&world).await.remove(0).id;
    assert!(
        service.record_reader(&own, record).await.is_err(),
        "the record is closed to them, whichever entry they use"
    );
    let colleague = service.viewer(world.worker).await.unwrap();
    assert!(service.record_reader(&colleague, record).await.is_ok());
}

/// The sample with a second entry of 7014's name, which works with children of these families.
fn extract_with_second_entry(children: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let mut files = service::import::sample();
    let mut add = |file: &str, row: String| files.get_mut(file).unwrap().extend(format!("{row}\n").into_bytes());
    add("ssd_professionals.csv", "7901,XS4901,Rosa Aldermock,,N,Advanced Practitioner,1,,1.0".to_owned());
    for (n, child) in children.iter().enumerate() {
        let row = format!("80990{n},7901,CW,511,{child},2026-10-24 00:00:00.000,,FCONTA,65099{n}");
        add("ssd_involvements.csv", row);
    }
    files
}

on_both_engines!(extracts_after_a_merge_leave_it_and_bring_the_person_their_families);
async fn extracts_after_a_merge_leave_it_and_bring_the_person_their_families(place: Place) {
    const CHILD_OF_3046: &str = "9000296";
    const CHILD_OF_3004: &str = "9000113";
    let service = &crate::import::real(&place).await;
    service.import_ssd(&extract_with_second_entry(&[CHILD_OF_3046]), Load::Checked).await.unwrap();
    let (kept, other) = (worker(service, "7014").await, worker(service, "7901").await);
    let families = async |who| service.viewer(who).await.unwrap().families.clone();
    let (before, theirs) = (families(kept).await, families(other).await);
    assert!(!theirs.is_empty() && before.is_disjoint(&theirs), "{before:?} {theirs:?}");
    let administrator = worker(service, "7023").await;
    service.make_administrator(By::Technician(administrator)).await.unwrap();
    service.give_account(administrator, "admin@council.example", DEMO_PASSWORD).await.unwrap();
    let admin = service.viewer(administrator).await.unwrap();
    merge(service, &admin, kept, other).await.unwrap();
    let both = &before | &theirs;
    assert_eq!(families(kept).await, both);

    // The same extract again changes nothing; the next one's allocation of the other entry is the person's.
    let again = service.import_ssd(&extract_with_second_entry(&[CHILD_OF_3046]), Load::Checked).await.unwrap();
    assert!(again.changes_nothing(), "{:?}", again.changes);
    assert_eq!(families(kept).await, both);
    service.import_ssd(&extract_with_second_entry(&[CHILD_OF_3046, CHILD_OF_3004]), Load::Checked).await.unwrap();
    assert_eq!(families(kept).await.len(), both.len() + 1);
    assert!(families(other).await.is_empty());
    assert_eq!(service.directory().await.unwrap().person(other), kept);
}
