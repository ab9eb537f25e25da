//! Guests from outside: invited for one family's discussion, let in by a one-time code, out of it when it is over.

use crate::afterwards::{add_step, write};
use crate::place::{ADDRESS, Place, World, allowed, on_both_engines};
use crate::record::finish;
use domain::meeting::{Area, Command, Refusal};
use domain::status::AccessKind;
use domain::{SlotId, WorkerId};
use service::meeting::room::Outcome;
use service::people::WorkerForm;
use service::people::guest::{GuestAccess, GuestCode, GuestForm};
use service::people::keeping::By;
use service::people::session::Caller;
use service::{Service, ServiceError};

const HERE: Caller<'static> = Caller { address: "203.0.113.5", browser: "Firefox on Linux" };

pub fn form(name: &str, email: &str) -> GuestForm {
    GuestForm {
        name: name.to_owned(),
        role: "School nurse, Hillside School".to_owned(),
        email: email.to_owned(),
        why: "sees the children every week".to_owned(),
    }
}

async fn try_invite(world: &World, who: WorkerId, slot: SlotId, form: &GuestForm) -> Result<GuestCode, ServiceError> {
    let service = &world.service;
    let viewer = service.viewer(who).await.unwrap();
    let planner = service.meeting_planner(&viewer, world.meeting).await?;
    service.invite_guest(planner, slot, form, HERE).await
}

/// Invited by the chair for the first family: who it is, and their session's token.
pub async fn signed_in(world: &World, name: &str, email: &str) -> (WorkerId, String) {
    signed_in_for(world, world.slot, name, email).await
}

/// What a guest's page of the meeting and its minutes hold.
async fn all_they_see(world: &World, who: WorkerId) -> String {
    let service = &world.service;
    let viewer = service.viewer(who).await.unwrap();
    let page = allowed!(service, service.meeting_reader(&viewer, world.meeting).await, meeting_page(None)).unwrap();
    let minutes =
        allowed!(service, service.meeting_reader(&viewer, world.meeting).await, minutes(ADDRESS, None, "md")).unwrap();
    let own = allowed!(service, service.meeting_reader(&viewer, world.meeting).await, own_parts()).unwrap();
    let list = format!("{:?}", service.meetings(&viewer).await.unwrap());
    format!("{}{}{own:?}{list}", serde_json::to_string(&page).unwrap(), serde_json::to_string(&minutes).unwrap())
}

fn refused(answer: Result<GuestCode, ServiceError>) -> String {
    format!("{:?}", answer.unwrap_err())
}

async fn access(world: &World) -> Vec<(String, GuestAccess)> {
    let chair = world.service.viewer(world.chair).await.unwrap();
    let planner = world.service.meeting_planner(&chair, world.meeting).await.unwrap();
    let families = world.service.guests(planner).await.unwrap();
    families.into_iter().flat_map(|family| family.guests).map(|guest| (guest.name, guest.access)).collect()
}

async fn slot_after(world: &World) -> SlotId {
    let viewer = world.service.viewer(world.chair).await.unwrap();
    let page = allowed!(world.service, world.service.meeting_reader(&viewer, world.meeting).await, meeting_page(None));
    page.unwrap().room.slots[1].id
}

async fn start(world: &World) {
    world.act(world.chair, Command::Open).await;
    let decision = domain::DecisionId::new(world.service.new_uuid());
    world.act(world.chair, Command::Start { slot: world.slot, seen: None, decision }).await;
}

on_both_engines!(a_guest_reads_their_familys_discussion_while_it_lasts_and_nothing_else);
async fn a_guest_reads_their_familys_discussion_while_it_lasts_and_nothing_else(place: Place) {
    let world = World::planned(place.service().await).await;
    let (guest, _) = signed_in(&world, "Pat Hedgerow", "pat@hillside.example").await;
    write(&world, world.worker, "CANARY before the meeting").await;
    let waits = all_they_see(&world, guest).await;
    assert!(waits.contains("FS-3046"), "their list says which family it is");
    assert!(!waits.contains("CANARY") && !waits.contains("FS-3004") && !waits.contains("Ottilie"), "{waits}");
    let early = world.service.viewer(guest).await.unwrap();
    let late = world.service.late_author(&early, world.meeting, world.slot).await;
    assert!(late.is_err(), "nothing is late for a discussion that has not begun");
    start(&world).await;
    write(&world, world.worker, "CANARY of a colleague").await;
    write(&world, guest, "OWN words of the guest").await;
    add_step(&world, "Weigh her on Fridays", guest).await;
    let during = all_they_see(&world, guest).await;
    assert!(during.contains("Ottilie") && !during.contains("FS-3004"));
    let viewer = world.service.viewer(guest).await.unwrap();
    let page = world.service.meeting_reader(&viewer, world.meeting).await.unwrap();
    let page = world.service.meeting_page(page, Some(world.slot)).await.unwrap();
    world.service.note_meeting_page(&viewer, &page, ADDRESS).await.unwrap();
    let heard = &page.room.slot(world.slot).unwrap().boxes[&Area::Analysis(world.worker)];
    assert!(heard.prose.text().contains("CANARY of a colleague"), "they take part");
    let workbook = &page.whole[&world.slot].beside.family;
    assert!(workbook.factors.is_empty() && workbook.summaries.is_empty() && workbook.earlier.is_empty());
    assert!(workbook.card.adults.is_empty() && workbook.card.children.iter().all(|child| child.plan.is_empty()));
    // The family has a workbook: that is not theirs.
    assert!(world.service.family_reader(&viewer, world.family).await.is_err());
    assert!(world.service.opener(&viewer).is_err(), "nor is any other, for whatever reason they give");
    finish(&world).await;
    let after = all_they_see(&world, guest).await;
    assert!(!after.contains("CANARY") && !after.contains("Ottilie") && !after.contains("Damian Kingcup"), "{after}");
    assert!(after.contains("OWN words of the guest") && after.contains("Weigh her on Fridays"));
    let later = world.service.clock().now() + chrono::TimeDelta::days(1);
    let entries = world.service.store().accesses_of_family(world.family, later, 1000, "nothing").await.unwrap();
    let looked = entries.iter().find(|entry| entry.worker_id == guest && entry.what == AccessKind::Meeting);
    assert!(looked.is_some(), "who looked at this child is told of the guest, too");
}

on_both_engines!(a_guests_code_works_once_and_until_the_day_is_over);
async fn a_guests_code_works_once_and_until_the_day_is_over(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let email = "pat@hillside.example";
    let form = form("Pat Hedgerow", email);
    let first = try_invite(&world, world.chair, world.slot, &form).await.unwrap();
    assert!(service.sign_in(email, "0000-0000-0000", HERE).await.is_err());
    let code = try_invite(&world, world.record_taker, world.slot, &form).await.unwrap();
    assert!(service.sign_in(email, &first.code, HERE).await.is_err(), "a newer code takes its place");
    assert_eq!(access(&world).await, [("Pat Hedgerow".to_owned(), GuestAccess::Code(code.until))]);
    // As somebody types it who was told it by telephone. Of two at once one is in.
    let typed = code.code.to_lowercase().replace('-', " ");
    let (here, there) = tokio::join!(
        service.sign_in(email, &typed, Caller { address: "203.0.113.6", ..HERE }),
        service.sign_in(email, &typed, Caller { address: "203.0.113.7", ..HERE })
    );
    let tokens: Vec<String> = [here, there].into_iter().filter_map(|answer| answer.ok()?.token()).collect();
    assert_eq!(tokens.len(), 1);
    assert!(service.sign_in(email, &code.code, Caller { address: "203.0.113.8", ..HERE }).await.is_err());
    assert!(matches!(access(&world).await[..], [(_, GuestAccess::SignedIn(_))]));
    // A lost phone: another code, and whoever holds the old browser is out.
    let chair = service.viewer(world.chair).await.unwrap();
    let planner = || async { service.meeting_planner(&chair, world.meeting).await.unwrap() };
    let guest = service.session(&tokens[0], true).await.unwrap().unwrap();
    let again = service.new_guest_code(planner().await, guest, HERE).await.unwrap();
    assert_eq!(service.session(&tokens[0], true).await.unwrap(), None);
    let later = place.service_after(1).await;
    assert!(later.sign_in(email, &again.code, HERE).await.is_err(), "the day after it works no more");
    // No way leads from a code to a password: the account stays a guest's.
    assert!(service.new_link(By::Technician(guest), HERE).await.is_err());
    let viewer = service.viewer(guest).await.unwrap();
    assert!(service.own_errand(&viewer, &again.code, HERE).await.is_err());
    let support = service.viewer(world.record_taker).await.unwrap();
    let colleague =
        WorkerForm { name: "Pat Hedgerow".into(), discipline: "mental_health".into(), ..WorkerForm::default() };
    let changed = allowed!(service, service.directory_keeper(&support), save_worker(Some(guest), &colleague, ADDRESS));
    assert!(
        format!("{:?}", changed.unwrap_err()).contains("stays a guest"),
        "whoever holds a code would be a colleague"
    );
    assert!(service.change_password(&viewer, "", (&again.code, "plum kettle orbit"), HERE).await.is_err());
    service.end_account(By::Technician(guest), HERE).await.unwrap();
    assert!(service.sign_in(email, &again.code, Caller { address: "203.0.113.9", ..HERE }).await.is_err());
    assert!(matches!(service.new_guest_code(planner().await, guest, HERE).await, Err(ServiceError::NotFound)));
}

on_both_engines!(only_who_plans_or_runs_the_meeting_invites_for_a_family_they_read);
async fn only_who_plans_or_runs_the_meeting_invites_for_a_family_they_read(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let pat = form("Pat Hedgerow", "pat@hillside.example");
    for who in [world.worker, world.stranger, world.service_manager] {
        assert!(matches!(try_invite(&world, who, world.slot, &pat).await, Err(ServiceError::NotFound)));
    }
    try_invite(&world, world.record_taker, world.slot, &pat).await.unwrap();
    let colleague = crate::accounts::address_of(service, world.worker).await;
    let second = slot_after(&world).await;
    for (wrong, about) in [
        (GuestForm { why: " ".to_owned(), ..pat.clone() }, "Why they are needed"),
        (GuestForm { role: String::new(), ..pat.clone() }, "Their role"),
        (form("Pat Hedgerow", "nonsense"), "is not an e-mail address"),
        (form("Ben", &colleague), "colleague’s"),
        (form("Somebody Else", "pat@hillside.example"), "Pat Hedgerow"),
    ] {
        assert!(refused(try_invite(&world, world.chair, second, &wrong).await).contains(about), "{about}");
    }
    let before = service.store().workers().await.unwrap().len();
    try_invite(&world, world.chair, second, &form("pat hedgerow", " PAT@hillside.example")).await.unwrap();
    assert_eq!(service.store().workers().await.unwrap().len(), before, "invited again they are the same guest");
    // A locked family is for who is named.
    let chair = service.viewer(world.chair).await.unwrap();
    let lock = service::people::lock::LockForm { why: "a relative works here".to_owned(), named: Vec::new() };
    let locker = service.family_locker(&chair, world.family).await.unwrap();
    service.lock_family(locker, &lock, ADDRESS).await.unwrap();
    let other = form("Kim Fallow", "kim@hillside.example");
    assert!(refused(try_invite(&world, world.chair, world.slot, &other).await).contains("locked"));
    assert!(matches!(try_invite(&world, world.record_taker, world.slot, &other).await, Err(ServiceError::NotFound)));
    // Whoever holds a guest's code reads what is theirs: only who reads all of that makes one.
    let support = service.viewer(world.record_taker).await.unwrap();
    let planner = service.meeting_planner(&support, world.meeting).await.unwrap();
    let pats = service.store().account("pat@hillside.example").await.unwrap().unwrap().worker_id;
    assert!(matches!(service.new_guest_code(planner, pats, HERE).await, Err(ServiceError::NotFound)));
    assert!(refused(try_invite(&world, world.record_taker, second, &pat).await).contains("cannot be invited here"));
    // A guest runs nothing, and is no colleague anywhere.
    let (guest, _) = signed_in_for(&world, second, "Kim Fallow", "kim@hillside.example").await;
    world.act(world.chair, Command::Open).await;
    let handed = world.try_act(world.chair, Command::HandOverChair { to: guest }).await;
    assert!(matches!(handed, Outcome::Refused { refusal: Refusal::Stranger }), "{handed:?}");
    let offered = service.directory().await.unwrap().offered(None);
    assert!(!offered.contains(&guest), "no list of colleagues offers them");
}

async fn signed_in_for(world: &World, slot: SlotId, name: &str, email: &str) -> (WorkerId, String) {
    let code = try_invite(world, world.chair, slot, &form(name, email)).await.unwrap();
    let token = world.service.sign_in(email, &code.code, HERE).await.unwrap().token().unwrap();
    (world.service.session(&token, true).await.unwrap().unwrap(), token)
}

on_both_engines!(an_invitation_is_taken_back_until_the_guest_takes_part);
async fn an_invitation_is_taken_back_until_the_guest_takes_part(place: Place) {
    let world = World::planned(place.service().await).await;
    let service: &Service = &world.service;
    let (guest, token) = signed_in(&world, "Pat Hedgerow", "pat@hillside.example").await;
    let chair = service.viewer(world.chair).await.unwrap();
    let take_back = async || {
        let planner = service.meeting_planner(&chair, world.meeting).await.unwrap();
        service.take_back_guest(planner, world.slot, guest, HERE).await
    };
    take_back().await.unwrap();
    assert_eq!(service.session(&token, true).await.unwrap(), None);
    let viewer = service.viewer(guest).await.unwrap();
    assert!(service.meeting_reader(&viewer, world.meeting).await.is_err(), "they know of no meeting any more");
    assert!(access(&world).await.is_empty());
    assert!(matches!(take_back().await, Err(ServiceError::NotFound)), "twice");
    let (_, token) = signed_in(&world, "Pat Hedgerow", "pat@hillside.example").await;
    try_invite(&world, world.chair, slot_after(&world).await, &form("Pat Hedgerow", "pat@hillside.example"))
        .await
        .unwrap();
    take_back().await.unwrap();
    assert!(service.session(&token, true).await.unwrap().is_some(), "invited for another family they go on");
    signed_in(&world, "Pat Hedgerow", "pat@hillside.example").await;
    start(&world).await;
    write(&world, guest, "saw her on Friday").await;
    let kept = take_back().await.unwrap_err();
    assert!(format!("{kept:?}").contains("taken part"), "{kept:?}");
}
