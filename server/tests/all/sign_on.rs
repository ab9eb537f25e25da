//! Signing in at an identity provider: what it says, what is believed, and what ends.

use crate::place::{Place, World, by, confirmed, now, on_both_engines, outside, token, worker};
use chrono::TimeDelta;
use domain::WorkerId;
use domain::sign_on::{Identity, Provider};
use domain::status::{AccountAct, Role};
use identity::{Client, Registration};
use record::Printers;
use service::clock::Clock;
use service::outside::Outside;
use service::people::account::DEMO_PASSWORD;
use service::people::keeping::By;
use service::people::session::Caller;
use service::people::sign_on::SignedOn;
use service::people::trip::{Errand, Trip};
use service::{Service, ServiceError};
use std::collections::BTreeMap;
use std::sync::Arc;

const HERE: Caller<'static> = Caller { address: "203.0.113.5", browser: "Firefox on Linux" };
const COUNCIL: &str = "https://login.northshire.example";

fn council() -> Provider {
    Provider {
        key: "council".to_owned(),
        name: "Northshire Council".to_owned(),
        issuer: COUNCIL.to_owned(),
        domains: vec!["example.invalid".to_owned()],
        amr: Vec::new(),
        acr: Vec::new(),
        groups: BTreeMap::from([("admins".to_owned(), Role::Administrator), ("audit".to_owned(), Role::Reviewer)]),
    }
}

fn trust() -> Provider {
    Provider {
        key: "trust".to_owned(),
        name: "Northshire NHS Trust".to_owned(),
        issuer: "https://login.nhs.example".to_owned(),
        domains: vec!["nhs.example".to_owned()],
        ..council()
    }
}

async fn with(place: &Place, providers: Vec<Provider>) -> Service {
    let registration = || Registration {
        client_id: "caseround".to_owned(),
        client_secret: String::new(),
        groups_claim: "groups".to_owned(),
        scopes: Vec::new(),
    };
    let providers = providers.into_iter().map(|it| Arc::new(Client::new(it, registration()).unwrap())).collect();
    let outside = Outside { providers, ..outside() };
    let clock = Clock::starting_at(now());
    Service::start(place.store().await, clock, true, Arc::new(Printers::default()), outside).await.unwrap()
}

async fn world(place: &Place) -> World {
    let world = World::planned(place.service().await).await;
    World { service: with(place, vec![council(), trust()]).await, ..world }
}

async fn address_of(service: &Service, worker: WorkerId) -> String {
    service.store().account_of(worker).await.unwrap().unwrap().email
}

/// What the council says of somebody.
async fn says(service: &Service, worker: WorkerId, subject: &str, groups: Option<&[&str]>) -> Identity {
    Identity {
        issuer: COUNCIL.to_owned(),
        subject: subject.to_owned(),
        email: Some(address_of(service, worker).await),
        email_unchecked: false,
        amr: Vec::new(),
        acr: None,
        groups: groups.map(|groups| groups.iter().map(|&group| group.to_owned()).collect()),
        session: Some(format!("session of {subject}")),
        asked_at: None,
    }
}

async fn invited(world: &World, worker: WorkerId) -> Errand {
    Errand::Invitation(world.service.new_link(By::Technician(worker), HERE).await.unwrap().code)
}

async fn sign_on(world: &World, identity: &Identity, errand: &Errand) -> Result<SignedOn, String> {
    world.service.sign_on(identity, errand, HERE).await.map_err(|error| error.to_string())
}

on_both_engines!(an_account_is_linked_once_by_its_invitation_and_never_by_an_address);
async fn an_account_is_linked_once_by_its_invitation_and_never_by_an_address(place: Place) {
    let world = world(&place).await;
    let service = &world.service;
    let identity = says(service, world.worker, "1001", None).await;
    let refused = sign_on(&world, &identity, &Errand::SignIn).await.unwrap_err();
    assert!(refused.contains("no account in Caseround is linked"), "the address alone is not enough: {refused}");

    let (before, email) = (token(service, world.worker).await, address_of(service, world.worker).await);
    let errand = invited(&world, world.worker).await;
    // Somebody else's session on a shared device, and another provider's word for it, spend nothing.
    let colleague = says(service, world.stranger, "2002", None).await;
    assert!(sign_on(&world, &colleague, &errand).await.unwrap_err().contains("this is the account of"));
    let nhs = Identity { issuer: trust().issuer, email: None, ..identity.clone() };
    assert!(sign_on(&world, &nhs, &errand).await.unwrap_err().contains("does not speak for"));
    let foreign = Identity { email: Some("ada@elsewhere.example".to_owned()), ..identity.clone() };
    assert!(sign_on(&world, &foreign, &errand).await.unwrap_err().contains("may not speak for"));

    // Whoever the provider does not name by a checked address may be anybody who signs in there.
    for (email, email_unchecked) in [(None, false), (identity.email.clone(), true)] {
        let unnamed = Identity { email, email_unchecked, ..identity.clone() };
        let refused = sign_on(&world, &unnamed, &errand).await.unwrap_err();
        assert!(refused.contains("does not say which e-mail address"), "{refused}");
    }

    let on = sign_on(&world, &identity, &errand).await.unwrap();
    assert_eq!(service.session(&on.token, true).await.unwrap(), Some(world.worker));
    assert_eq!(service.session(&before, true).await.unwrap(), None, "whoever was signed in with the password is out");
    assert!(service.sign_in(&email, DEMO_PASSWORD, HERE).await.is_err(), "an account is signed in to in one way");
    assert!(sign_on(&world, &identity, &errand).await.unwrap_err().contains("works no more"), "the link is spent");
    let acts = service.store().account_notes(world.worker).await.unwrap();
    assert_eq!(acts[0].what, AccountAct::IdentityLinked);
    assert_eq!(acts[0].by_worker, Some(world.worker.uuid()));

    // The same person at the council with a new address; the same address with a new person.
    let married = Identity { email: Some("new.name@example.invalid".to_owned()), ..identity.clone() };
    assert_eq!(sign_on(&world, &married, &Errand::SignIn).await.unwrap().worker, world.worker);
    let another = Identity { subject: "1002".to_owned(), ..identity.clone() };
    assert!(sign_on(&world, &another, &Errand::SignIn).await.unwrap_err().contains("no account in Caseround"));
    // An identity is one account's.
    let errand = invited(&world, world.stranger).await;
    let twice = Identity { email: colleague.email.clone(), ..identity.clone() };
    assert!(sign_on(&world, &twice, &errand).await.unwrap_err().contains("Another account in Caseround is linked"));
    assert_eq!(sign_on(&world, &colleague, &errand).await.unwrap().worker, world.stranger, "nothing was spent");

    // A password takes the place of an identity only where no provider speaks for the address.
    let Errand::Invitation(code) = invited(&world, world.worker).await else { unreachable!() };
    let refused = service.choose_password(&code, "plum kettle orbit", HERE).await;
    assert!(format!("{refused:?}").contains("has no password here"), "{refused:?}");
    let alone = with(&place, Vec::new()).await;
    alone.choose_password(&code, "plum kettle orbit", HERE).await.unwrap();
    assert_eq!(service.identity_of(world.worker).await.unwrap(), None);
}

on_both_engines!(who_is_out_stays_out_at_the_provider_too);
async fn who_is_out_stays_out_at_the_provider_too(place: Place) {
    let world = world(&place).await;
    let service = &world.service;
    let identity = says(service, world.worker, "1001", None).await;
    let on = sign_on(&world, &identity, &invited(&world, world.worker).await).await.unwrap();
    let viewer = service.viewer(world.worker).await.unwrap();
    assert!(service.my_sessions(&viewer, &on.token).await.unwrap().iter().any(|(_, here)| *here));

    // A domain that the settings name no more.
    let narrower = with(&place, vec![Provider { domains: vec!["northshire.example".to_owned()], ..council() }]).await;
    let silent = Identity { email: None, ..identity.clone() };
    let refused = narrower.sign_on(&silent, &Errand::SignIn, HERE).await.unwrap_err().to_string();
    assert!(refused.contains("does not speak for"), "{refused}");
    let without = with(&place, Vec::new()).await;
    assert!(matches!(without.sign_on(&identity, &Errand::SignIn, HERE).await, Err(ServiceError::NotFound)));

    let chair = service.viewer(world.chair).await.unwrap();
    let keeper = service.account_keeper(&chair, world.worker).await.unwrap();
    service.end_account(by(service, keeper).await, HERE).await.unwrap();
    assert_eq!(service.session(&on.token, true).await.unwrap(), None);
    let leaver = sign_on(&world, &identity, &Errand::SignIn).await.unwrap_err();
    assert!(leaver.contains("no account in Caseround is linked"), "as if there were none: {leaver}");
    // A manager may not say who somebody is there; that would be a way to become them.
    service.reopen_account(by(service, keeper).await, HERE).await.unwrap();
    let named = service
        .name_identity(keeper, confirmed(service, keeper.viewer().worker).await, ("council", "3003"), HERE)
        .await;
    assert!(matches!(named, Err(ServiceError::NotFound)), "{named:?}");
    assert!(matches!(
        service.remove_identity(keeper, confirmed(service, keeper.viewer().worker).await, HERE).await,
        Err(ServiceError::NotFound)
    ));
    assert_eq!(sign_on(&world, &identity, &Errand::SignIn).await.unwrap().worker, world.worker);
    // Given anew, it is nobody's there until its link is used.
    service.end_account(by(service, keeper).await, HERE).await.unwrap();
    let email = address_of(service, world.worker).await;
    service.invite(by(service, keeper).await, &email, HERE).await.unwrap();
    assert!(sign_on(&world, &identity, &Errand::SignIn).await.is_err());
}

on_both_engines!(what_was_read_before_an_account_ended_opens_nothing_again);
async fn what_was_read_before_an_account_ended_opens_nothing_again(place: Place) {
    let world = world(&place).await;
    let service = &world.service;
    let read = service.store().account_of(world.worker).await.unwrap().unwrap();
    service.end_account(By::Technician(world.worker), HERE).await.unwrap();
    let mut tx = service.store().begin().await.unwrap();
    assert!(!tx.set_password(&read, "a hash").await.unwrap(), "it has ended since");
    drop(tx);
    service.reopen_account(By::Technician(world.worker), HERE).await.unwrap();
    let mut tx = service.store().begin().await.unwrap();
    assert!(tx.set_password(&read, "a hash").await.unwrap());
    assert!(!tx.set_password(&read, "another hash").await.unwrap(), "it has changed since");
}

on_both_engines!(groups_give_roles_until_they_are_gone);
async fn groups_give_roles_until_they_are_gone(place: Place) {
    let world = world(&place).await;
    let service = &world.service;
    let of = async |groups: Option<&[&str]>| says(service, world.worker, "1001", groups).await;
    let first = of(Some(&["staff", "admins"])).await;
    let on = sign_on(&world, &first, &invited(&world, world.worker).await).await.unwrap();
    assert_eq!(on.notes, Vec::<String>::new());
    let administers = async || service.viewer(world.worker).await.unwrap().administers;
    assert!(administers().await);
    // Again, and nothing is doubled.
    sign_on(&world, &of(Some(&["admins", "audit"])).await, &Errand::SignIn).await.unwrap();
    let held = async || {
        let today = service.clock().today();
        let rows = service.store().grants().await.unwrap().into_iter();
        rows.filter(|row| row.worker_id == world.worker && row.grant().unwrap().counts(today)).collect::<Vec<_>>()
    };
    let mut roles: Vec<Role> = held().await.iter().map(|row| row.role).collect();
    roles.sort();
    assert_eq!(roles, [Role::Administrator, Role::Reviewer]);
    // It lasts as long as a session can, and a day: whoever comes back no more holds nothing.
    assert!(held().await.iter().all(|row| row.ends.is_some() && row.issuer.as_deref() == Some(COUNCIL)));
    assert!(!place.service_after(3).await.viewer(world.worker).await.unwrap().administers);

    let on = sign_on(&world, &of(Some(&["audit"])).await, &Errand::SignIn).await.unwrap();
    assert!(on.notes[0].contains("administrator no more: Northshire Council does not name you"), "{:?}", on.notes);
    assert!(!administers().await, "in every browser of theirs, at once");
    let on = sign_on(&world, &of(None).await, &Errand::SignIn).await.unwrap();
    assert!(on.notes[0].contains("reviewer no more: Northshire Council sends no groups"), "{:?}", on.notes);
    assert!(held().await.is_empty());

    // Whoever is administrator by a group was never one of the two who must stay.
    let first = worker(service, "7037").await;
    service.make_administrator(By::Technician(first)).await.unwrap();
    sign_on(&world, &of(Some(&["admins"])).await, &Errand::SignIn).await.unwrap();
    let viewer = service.viewer(first).await.unwrap();
    let keeper = service.account_keeper(&viewer, world.worker).await.unwrap();
    service.end_account(by(service, keeper).await, HERE).await.unwrap();
    service.reopen_account(by(service, keeper).await, HERE).await.unwrap();
    sign_on(&world, &of(Some(&[])).await, &Errand::SignIn).await.unwrap();

    // What a colleague gave is theirs to end, whatever a group says.
    service.make_administrator(By::Technician(world.worker)).await.unwrap();
    sign_on(&world, &of(Some(&[])).await, &Errand::SignIn).await.unwrap();
    assert!(administers().await);
}

on_both_engines!(an_administrator_names_somebody_and_takes_it_back);
async fn an_administrator_names_somebody_and_takes_it_back(place: Place) {
    let world = world(&place).await;
    let service = &world.service;
    let administrator = worker(service, "7037").await;
    service.make_administrator(By::Technician(administrator)).await.unwrap();
    let viewer = service.viewer(administrator).await.unwrap();
    assert!(service.account_keeper(&viewer, administrator).await.is_err(), "nobody names themselves");
    let keeper = service.account_keeper(&viewer, world.worker).await.unwrap();
    for (key, subject) in [("council", ""), ("council", "two words"), ("trust", "1001")] {
        let refused =
            service.name_identity(keeper, confirmed(service, keeper.viewer().worker).await, (key, subject), HERE).await;
        assert!(matches!(refused, Err(ServiceError::Form(_))), "{key} {subject:?}: {refused:?}");
    }
    assert!(matches!(
        service.name_identity(keeper, confirmed(service, keeper.viewer().worker).await, ("other", "1"), HERE).await,
        Err(ServiceError::NotFound)
    ));
    let before = token(service, world.worker).await;
    service
        .name_identity(keeper, confirmed(service, keeper.viewer().worker).await, ("council", " 1001 "), HERE)
        .await
        .unwrap();
    assert_eq!(service.session(&before, true).await.unwrap(), None);
    let identity = says(service, world.worker, "1001", None).await;
    let on = sign_on(&world, &identity, &Errand::SignIn).await.unwrap();
    assert_eq!(on.worker, world.worker);
    service.remove_identity(keeper, confirmed(service, keeper.viewer().worker).await, HERE).await.unwrap();
    assert_eq!(service.session(&on.token, true).await.unwrap(), None);
    assert!(sign_on(&world, &identity, &Errand::SignIn).await.is_err());
    let acts: Vec<_> = service.store().account_notes(world.worker).await.unwrap();
    assert_eq!((acts[0].what, acts[0].by_worker), (AccountAct::IdentityRemoved, Some(administrator.uuid())));
    assert_eq!((acts[1].what, acts[1].by_worker), (AccountAct::IdentityLinked, Some(administrator.uuid())));
}

#[test]
fn a_trip_is_kept_as_letters_and_digits_and_read_as_it_was() {
    let trip = Trip::to("council", Errand::Invitation("ab".repeat(32)), "/meetings?a=b;c");
    let cookie = trip.to_cookie().unwrap();
    assert!(cookie.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(Trip::of_cookie(&cookie), Some(trip.clone()));
    assert_ne!(Trip::to("council", Errand::SignIn, "/").away, trip.away, "each has its own secrets");
    for other in ["", "zz", "7b7d", "6e756c6c"] {
        assert_eq!(Trip::of_cookie(other), None, "{other}");
    }
    let long = Trip::to("council", Errand::SignIn, &"x".repeat(4_000));
    assert!(long.to_cookie().is_err(), "a browser would not keep it");
}

on_both_engines!(a_provider_that_did_not_ask_again_confirms_nobody);
async fn a_provider_that_did_not_ask_again_confirms_nobody(place: Place) {
    let world = world(&place).await;
    let service = &world.service;
    let identity = says(service, world.worker, "1001", None).await;
    let viewer = service.viewer(world.worker).await.unwrap();
    let is_confirmed = async |on: SignedOn| service.confirmed(&viewer, &on.token).await.is_ok();
    let on = sign_on(&world, &identity, &invited(&world, world.worker).await).await.unwrap();
    assert!(!is_confirmed(on).await, "it did not say when it asked");
    let asked =
        |minutes| Identity { asked_at: Some(service.clock().now() - TimeDelta::minutes(minutes)), ..identity.clone() };
    let errand = Errand::Confirmation(world.worker);
    for (old, says) in [(identity.clone(), "does not say when it asked you"), (asked(15), "did not ask you again")] {
        let refused = sign_on(&world, &old, &errand).await.unwrap_err();
        assert!(refused.contains(says), "{refused}");
    }
    let refused = sign_on(&world, &asked(1), &Errand::Confirmation(world.stranger)).await.unwrap_err();
    assert!(refused.contains("Somebody else is signed in"), "{refused}");
    assert!(is_confirmed(sign_on(&world, &asked(1), &errand).await.unwrap()).await);
    // A clock that runs ahead there gives no more time than one that is right.
    let on = sign_on(&world, &asked(-600), &Errand::SignIn).await.unwrap();
    assert!(is_confirmed(on).await);
    let stranger = says(service, world.stranger, "1002", None).await;
    let unknown = Identity { asked_at: asked(0).asked_at, ..stranger };
    assert!(sign_on(&world, &unknown, &errand).await.unwrap_err().contains("no account in Caseround"));
}
