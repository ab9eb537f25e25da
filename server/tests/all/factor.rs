//! The second factor: set up, asked for, lost, and asked of everybody.

use crate::place::{Place, World, by, now, on_both_engines, outside, worker};
use chrono::TimeDelta;
use domain::WorkerId;
use record::Printers;
use service::clock::Clock;
use service::people::account::DEMO_PASSWORD;
use service::people::factor::FactorState;
use service::people::session::{Caller, SessionLimits};
use service::people::sign_in::SignIn;
use service::{Service, ServiceError};
use std::sync::Arc;
use totp_rs::{Builder, Secret, Totp};

const HERE: Caller<'static> = Caller { address: "203.0.113.5", browser: "Firefox on Linux" };

async fn address_of(service: &Service, worker: WorkerId) -> String {
    service.store().account_of(worker).await.unwrap().unwrap().email
}

fn app(key: &str) -> Totp {
    let key: String = key.split(' ').collect();
    Builder::new().with_secret(Secret::try_from_base32(key).unwrap()).build().unwrap()
}

/// The code that the app shows `steps` steps from now.
fn shown(app: &Totp, service: &Service, steps: i64) -> String {
    app.generate(u64::try_from(service.clock().now().timestamp() + 30 * steps).unwrap()).to_string()
}

/// Somebody who has set up a second factor.
pub async fn with_factor(service: &Service, worker: WorkerId) -> std::sync::Arc<domain::viewer::Viewer> {
    let viewer = service.viewer(worker).await.unwrap();
    let FactorState::Offered(offer) = service.my_factor(&viewer, false).await.unwrap() else {
        panic!("none is set yet")
    };
    let code = shown(&app(&offer.key), service, 0);
    service.set_factor(&viewer, "", (&code, DEMO_PASSWORD), HERE).await.unwrap();
    viewer
}

async fn half(service: &Service, email: &str) -> String {
    match service.sign_in(email, DEMO_PASSWORD, HERE).await.unwrap() {
        SignIn::NeedsCode(half) | SignIn::NeedsSetUp(half) => half,
        SignIn::Done(_) => panic!("a code is asked for"),
    }
}

on_both_engines!(a_password_alone_does_not_sign_in_where_a_second_factor_is_set);
async fn a_password_alone_does_not_sign_in_where_a_second_factor_is_set(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let email = address_of(service, world.worker).await;
    let viewer = service.viewer(world.worker).await.unwrap();
    let FactorState::Offered(offer) = service.my_factor(&viewer, false).await.unwrap() else {
        panic!("none is set yet")
    };
    assert!(offer.picture.starts_with("<?xml") || offer.picture.contains("<svg"), "{}", &offer.picture[..40]);
    let app = app(&offer.key);
    assert!(service.new_recovery_codes(&viewer, DEMO_PASSWORD, HERE).await.is_err(), "there is nothing to recover");
    let here = service.sign_in(&email, DEMO_PASSWORD, HERE).await.unwrap().token().unwrap();
    let elsewhere = service.sign_in(&email, DEMO_PASSWORD, HERE).await.unwrap().token().unwrap();
    assert!(service.set_factor(&viewer, &here, ("000000", DEMO_PASSWORD), HERE).await.is_err());
    // Not before it is confirmed.
    assert!(service.sign_in(&email, DEMO_PASSWORD, HERE).await.unwrap().token().is_some());
    let code = shown(&app, service, 0);
    let desk = service.set_factor(&viewer, &here, (&code, "a wrong guess"), HERE).await;
    assert!(matches!(desk, Err(ServiceError::Form(_))), "an open browser is not enough: {desk:?}");
    service.set_factor(&viewer, &here, (&code, DEMO_PASSWORD), HERE).await.unwrap();
    assert_eq!(service.session(&elsewhere, true).await.unwrap(), None, "it came in without the second factor");
    assert_eq!(service.session(&here, true).await.unwrap(), Some(world.worker));

    let token = half(service, &email).await;
    assert_eq!(service.session(&token, true).await.unwrap(), None, "half a sign-in is none");
    let used = service.finish_sign_in(&token, &code, HERE).await;
    assert!(matches!(used, Err(ServiceError::Form(_))), "a code is taken once: {used:?}");
    let next = shown(&app, service, 1);
    let spaced = format!("{} {}", &next[..3], &next[3..]);
    let session = service.finish_sign_in(&token, &spaced, HERE).await.unwrap();
    assert_eq!(service.session(&session, true).await.unwrap(), Some(world.worker));
    let again = service.finish_sign_in(&token, &next, HERE).await;
    assert!(matches!(again, Err(ServiceError::NotFound)), "each sign-in ends once: {again:?}");

    // A lost phone: each recovery code works once.
    let codes = service.new_recovery_codes(&viewer, DEMO_PASSWORD, HERE).await.unwrap();
    assert_eq!(codes.len(), 10);
    assert!(codes.iter().all(|code| code.split(' ').count() == 7), "112 bits each: {codes:?}");
    let token = half(service, &email).await;
    service.finish_sign_in(&token, &codes[3].to_uppercase(), HERE).await.unwrap();
    let token = half(service, &email).await;
    assert!(service.finish_sign_in(&token, &codes[3], HERE).await.is_err());
    assert_eq!(service.my_factor(&viewer, false).await.unwrap(), FactorState::Set { codes: 9, required: false });
}

/// A right password forgets no guesses, and does not let codes be guessed without end.
#[tokio::test(flavor = "multi_thread")]
async fn codes_cannot_be_guessed_by_signing_in_again_and_again() {
    let place = Place::sqlite();
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    with_factor(service, world.worker).await;
    let email = address_of(service, world.worker).await;
    let mut checked = 0;
    for network in 0..30 {
        let address = format!("198.51.{network}.1");
        let caller = Caller { address: &address, browser: "x" };
        for _ in 0..2 {
            let Ok(SignIn::NeedsCode(token)) = service.sign_in(&email, DEMO_PASSWORD, caller).await else { continue };
            if let Err(ServiceError::Form(_)) = service.finish_sign_in(&token, "000001", caller).await {
                checked += 1;
            }
        }
    }
    assert!(checked <= 15, "{checked} codes were checked from as many networks as one likes");
}

on_both_engines!(a_lost_second_factor_is_removed_by_whoever_keeps_the_account);
async fn a_lost_second_factor_is_removed_by_whoever_keeps_the_account(place: Place) {
    let world = World::planned(place.service().await).await;
    let service = &world.service;
    let viewer = with_factor(service, world.worker).await;
    let email = address_of(service, world.worker).await;
    assert!(matches!(service.sign_in(&email, DEMO_PASSWORD, HERE).await.unwrap(), SignIn::NeedsCode(_)));
    let wrong = service.remove_my_factor(&viewer, "a wrong guess", HERE).await;
    assert!(matches!(wrong, Err(ServiceError::Form(_))), "an open browser is not enough: {wrong:?}");
    let chair = service.viewer(world.chair).await.unwrap();
    let keeper = service.account_keeper(&chair, world.worker).await.unwrap();
    service.remove_factor(by(service, keeper).await, HERE).await.unwrap();
    assert!(service.sign_in(&email, DEMO_PASSWORD, HERE).await.unwrap().token().is_some());
    let stranger = service.viewer(worker(service, "7013").await).await.unwrap();
    assert!(
        service.account_keeper(&stranger, world.worker).await.is_err(),
        "another team's manager keeps nothing of it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_council_asks_everybody_for_a_second_factor() {
    let place = Place::sqlite();
    drop(place.service().await);
    let outside = service::outside::Outside { second_factor: true, ..outside() };
    let clock = Clock::starting_at(now());
    let service =
        Service::start(place.store().await, clock, true, Arc::new(Printers::default()), outside).await.unwrap();
    let somebody = worker(&service, "7008").await;
    let email = address_of(&service, somebody).await;
    let SignIn::NeedsSetUp(token) = service.sign_in(&email, DEMO_PASSWORD, HERE).await.unwrap() else {
        panic!("it is to be set up first")
    };
    let offer = service.factor_to_set_up(&token, false).await.unwrap().unwrap();
    assert!(service.finish_sign_in(&token, "000000", HERE).await.is_err());
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let session = service.finish_sign_in(&token, &shown(&app(&offer.key), &service, 0), HERE).await.unwrap();
    assert_eq!(service.session(&session, true).await.unwrap(), Some(somebody));
    assert!(matches!(service.sign_in(&email, DEMO_PASSWORD, HERE).await.unwrap(), SignIn::NeedsCode(_)));
    let viewer = service.viewer(somebody).await.unwrap();
    assert!(service.remove_my_factor(&viewer, DEMO_PASSWORD, HERE).await.is_err(), "nobody takes it off");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_when_the_council_says_so() {
    let place = Place::sqlite();
    drop(place.service().await);
    let limits = |longest, idle| SessionLimits { longest: TimeDelta::seconds(longest), idle: TimeDelta::seconds(idle) };
    for (sessions, left) in [(limits(1, 60), false), (limits(60, 1), false), (limits(60, 60), true)] {
        let outside = service::outside::Outside { sessions, ..outside() };
        let service = Service::start(
            place.store().await,
            Clock::starting_at(now()),
            true,
            Arc::new(Printers::default()),
            outside,
        )
        .await
        .unwrap();
        let somebody = worker(&service, "7008").await;
        let email = address_of(&service, somebody).await;
        let token = service.sign_in(&email, DEMO_PASSWORD, HERE).await.unwrap().token().unwrap();
        assert_eq!(service.session(&token, true).await.unwrap(), Some(somebody));
        tokio::time::sleep(std::time::Duration::from_millis(1200)).await;
        assert_eq!(service.session(&token, true).await.unwrap().is_some(), left, "{sessions:?}");
    }
}
