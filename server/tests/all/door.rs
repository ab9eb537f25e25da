//! The door: how often one may try a password, what may be one, accounts that a technician gives, and who fills the room.

use crate::http::{get, post, send};
use crate::kill::{How, assets, http, start_at};
use crate::operation::{CLOCK, output};
use crate::place::{Place, World, free_port, on_both_engines, router, token};
use service::people::account::DEMO_PASSWORD;
use service::store::worker::Worker;
use service::{Service, ServiceError};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What trying a password came to.
#[derive(Debug, PartialEq, Eq)]
enum Tried {
    In,
    Wrong,
    Waits,
}

async fn try_password(service: &Service, email: &str, password: &str, from: &str) -> Tried {
    match service.sign_in(email, password, from).await {
        Ok(_) => Tried::In,
        Err(ServiceError::SignIn(message)) if message.contains("is not right") => Tried::Wrong,
        Err(ServiceError::SignIn(message)) if message.contains("Wait") => Tried::Waits,
        Err(other) => panic!("{other:?}"),
    }
}

/// Tries wrong passwords at once, each from the network that `from` gives; how many were looked at.
async fn guess(service: &Service, email: &str, count: usize, from: impl Fn(usize) -> String) -> usize {
    let tries = (0..count).map(|n| {
        let (service, email, from) = (service.clone(), email.to_owned(), from(n));
        tokio::spawn(async move { try_password(&service, &email, "wrong", &from).await })
    });
    let mut looked_at = 0;
    for tried in tries.collect::<Vec<_>>() {
        looked_at += usize::from(tried.await.unwrap() == Tried::Wrong);
    }
    looked_at
}

/// Whether the next tries from networks of their own wait. On a slow machine the first wait, of a second, may be over before the
/// next try; each one that is looked at makes the next wait twice as long.
async fn waits_soon(service: &Service, email: &str) -> bool {
    for n in 200..208 {
        if try_password(service, email, "wrong", &format!("192.0.2.{n}")).await == Tried::Waits {
            return true;
        }
    }
    false
}

on_both_engines!(a_try_counts_before_its_password_is_looked_at);
async fn a_try_counts_before_its_password_is_looked_at(place: Place) {
    let service = place.service().await;
    let addresses = service.store().addresses().await.unwrap();
    let [email, second, third] = [0, 1, 2].map(|n| addresses[n].1.clone());
    let home = "203.0.113.5";
    assert_eq!(try_password(&service, &email, DEMO_PASSWORD, home).await, Tried::In);

    // Sixty at once from one network: as many are looked at as one after the other.
    assert!(guess(&service, &email, 60, |_| "198.51.100.7".to_owned()).await <= 2);
    // From sixty networks: the account has its own count.
    assert!(guess(&service, &email, 60, |n| format!("192.0.2.{n}")).await <= 11);
    assert!(waits_soon(&service, &email).await);
    // Its person notices nothing where they signed in before, and waits elsewhere no longer than a minute.
    assert_eq!(try_password(&service, &email, DEMO_PASSWORD, home).await, Tried::In);

    // The addresses of one customer are one network.
    assert!(guess(&service, &second, 60, |n| format!("2001:db8:1:2::{n:x}")).await <= 2);
    assert_eq!(try_password(&service, &second, DEMO_PASSWORD, "2001:db8:1:3::1").await, Tried::In);

    // Many accounts from one network: it has its own count, and another network none of it.
    let mut looked_at = 0;
    for n in 0..80 {
        let tried = try_password(&service, &format!("nobody{n}@example.invalid"), "wrong", "198.51.100.9").await;
        looked_at += usize::from(tried == Tried::Wrong);
    }
    assert!(looked_at <= 51, "{looked_at}");
    assert_eq!(try_password(&service, &third, DEMO_PASSWORD, "198.51.100.9").await, Tried::Waits);
    assert_eq!(try_password(&service, &third, DEMO_PASSWORD, "198.51.100.10").await, Tried::In);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_twice_by_accident_costs_nobody_a_wait() {
    let place = Place::sqlite();
    let service = place.service().await;
    let (_, email) = service.store().addresses().await.unwrap().remove(0);
    let double = [1, 2].map(|_| {
        let (service, email) = (service.clone(), email.clone());
        tokio::spawn(async move { try_password(&service, &email, DEMO_PASSWORD, "203.0.113.5").await })
    });
    for press in double {
        assert_eq!(press.await.unwrap(), Tried::In);
    }
    assert_eq!(try_password(&service, &email, "wrong", "203.0.113.5").await, Tried::Wrong);
    assert_eq!(try_password(&service, &email, DEMO_PASSWORD, "203.0.113.5").await, Tried::In, "the first slip is free");
}

fn caseround(database: &str, password: &str, args: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_caseround"))
        .args(args)
        .args(["--database", database])
        .env("CASEROUND_PASSWORD", password)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

on_both_engines!(a_technicians_account_is_given_whole_or_not_at_all);
async fn a_technicians_account_is_given_whole_or_not_at_all(place: Place) {
    let database = place.address.as_str();
    let add = |name: &str, email: &str, password: &str| {
        let done = caseround(database, password, &["worker", "add", name, email, "--team", "North"]);
        assert!(!output(&done).contains(password), "the password is not shown: {}", output(&done));
        (done.status.success(), output(&done))
    };
    let good = "plum kettle orbit";
    for (password, says) in
        [("hush7", "use 12 or more"), ("password1234", "easy to guess"), ("okaforokafor", "made of your name")]
    {
        let (added, said) = add("Alex Okafor", "alex.okafor@council.example", password);
        assert!(!added && said.contains(says), "{said}");
    }
    let (added, said) = add("Alex Okafor", "alex.okafor@council.example", good);
    assert!(added && said.contains("Alex Okafor signs in with"), "{said}");
    let (added, said) = add("Sam Okafor", "alex.okafor@council.example", good);
    assert!(!added && said.contains("belongs to another worker"), "{said}");
    let store = place.store().await;
    let workers = store.workers().await.unwrap();
    assert_eq!(workers.iter().map(|worker| worker.name.as_str()).collect::<Vec<_>>(), ["Alex Okafor"], "and no double");
    assert_eq!(store.teams().await.unwrap().len(), 1);
    drop(store);

    // An imported worker is linked once; a second link changes nothing.
    let sample = format!("{}/interchange/samples/ssd", env!("CARGO_MANIFEST_DIR"));
    assert!(caseround(database, good, &["import", "ssd", &sample]).status.success());
    let store = place.store().await;
    let imported = store.workers().await.unwrap();
    let staff = |worker: &&Worker| {
        !worker.staff_id.is_empty() && imported.iter().filter(|other| other.staff_id == worker.staff_id).count() == 1
    };
    let staff = imported.iter().find(staff).unwrap().staff_id.clone();
    drop(store);
    let link = |email: &str| {
        let done = caseround(database, good, &["worker", "link", &staff, email]);
        (done.status.success(), output(&done))
    };
    let (linked, said) = link("first@council.example");
    assert!(linked, "{said}");
    let (linked, said) = link("second@council.example");
    assert!(!linked && said.contains("has an account already and signs in with first@council.example"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_holds_thirty_streams_and_no_more() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let signed_in = token(&world.service, world.worker).await;
    let open = || world.service.stream(&signed_in, false, world.meeting, 0, "", "10.0.0.1");
    let mut held = Vec::new();
    for _ in 0..30 {
        held.push(open().await.unwrap());
    }
    assert!(matches!(open().await, Err(ServiceError::TooManyStreams)));
    let router = router(&world.service);
    let path = format!("/meetings/{}/stream", world.meeting);
    assert_eq!(send(&router, get(&path, Some(&signed_in))).await.0, 429);
    held.pop();
    assert!(open().await.is_ok(), "one that ends makes room");
    let others = token(&world.service, world.chair).await;
    assert!(world.service.stream(&others, false, world.meeting, 0, "", "10.0.0.1").await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_connections_leave_room_for_people_and_for_whoever_asks_after_the_server() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let worker = token(&world.service, world.worker).await;
    let (assets, port) = (assets(), free_port());
    let _server = start_at(&place, assets.path(), port, How::WithFewFiles(512), CLOCK, &[]);
    let silent: Vec<TcpStream> = (0..1100)
        .map(|_| TcpStream::connect_timeout(&([127, 0, 0, 1], port).into(), Duration::from_secs(5)).unwrap())
        .collect();
    assert!(http(port, "GET", "/readyz", "", "").unwrap().contains(" 200 "));
    assert!(http(port, "GET", "/meetings", &worker, "").unwrap().contains(" 200 "));
    drop(silent);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_says_what_to_wait_for() {
    let place = Place::sqlite();
    let service = place.service().await;
    let (_, email) = service.store().addresses().await.unwrap().remove(0);
    let router = router(&service);
    let body = format!("email={}&password=wrong", email.replace('@', "%40"));
    let mut said = String::new();
    // On a busy machine the first waits are over before the next try: they double.
    for _ in 0..10 {
        let (_, location, ..) = send(&router, post("/api/sign-in", None, &body)).await;
        (_, _, said, _) = send(&router, get(&location, None)).await;
        if said.contains("the account is not locked") {
            break;
        }
    }
    assert!(said.contains("and try again; the account is not locked."), "{said}");
}

#[test]
fn what_would_send_passwords_in_the_clear_is_not_served() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("x.sqlite");
    for (args, says) in [
        (["--public-url", "http://127.0.0.1.evil.example"], "in the clear"),
        (["--public-url", "https://x.example/path"], "Give https://x.example."),
        (["--listen", "0.0.0.0:0"], "in the clear"),
        (["--proxy", "10.0.0.0/240"], "neither an address"),
    ] {
        let args: Vec<&str> = ["serve"].into_iter().chain(args).collect();
        let done = caseround(database.to_str().unwrap(), DEMO_PASSWORD, &args);
        assert!(!done.status.success() && output(&done).contains(says), "{args:?}: {}", output(&done));
    }
    assert!(!database.exists(), "nothing is made before it is known to be safe");
}

/// On a device that several people use.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_after_somebody_else_in_one_browser_ends_their_session() {
    let place = Place::sqlite();
    let world = World::planned(place.service().await).await;
    let (service, router) = (&world.service, router(&world.service));
    let sign_in = async |before: &str, who: domain::WorkerId| {
        let email = service.store().account_of(who).await.unwrap().unwrap().email.replace('@', "%40");
        let password = DEMO_PASSWORD.replace(' ', "+");
        send(&router, post("/api/sign-in", Some(before), &format!("email={email}&password={password}"))).await;
    };
    let before = token(service, world.worker).await;
    sign_in(&before, world.worker).await;
    assert_eq!(service.session(&before, true).await.unwrap(), Some(world.worker), "their page in another tab goes on");
    sign_in(&before, world.stranger).await;
    assert_eq!(service.session(&before, true).await.unwrap(), None);
}
