//! The life of an account: given with a link, its password chosen and changed, ended at once, taken back; each act noted.

use crate::http::{get, post, send};
use crate::operation::output;
use crate::place::{Place, World, by, confirmed, on_both_engines, router, token, worker};
use domain::WorkerId;
use domain::status::AccountAct;
use service::people::account::DEMO_PASSWORD;
use service::people::session::Caller;
use service::{Service, ServiceError};
use std::process::Command;

const HERE: Caller<'static> = Caller { address: "203.0.113.5", browser: "Firefox on Linux" };
const GOOD: &str = "plum kettle orbit";

pub async fn address_of(service: &Service, worker: WorkerId) -> String {
    let addresses = service.store().addresses().await.unwrap();
    addresses.into_iter().find(|(id, _)| *id == worker.uuid()).unwrap().1
}

async fn acts(service: &Service, worker: WorkerId) -> Vec<(AccountAct, Option<uuid::Uuid>)> {
    let notes = service.store().account_notes(worker).await.unwrap();
    notes.into_iter().rev().map(|note| (note.what, note.by_worker)).collect()
}

on_both_engines!(a_lost_password_is_chosen_anew_by_a_link_that_works_once);
async fn a_lost_password_is_chosen_anew_by_a_link_that_works_once(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let chair = service.viewer(world.chair).await.unwrap();
    let keeper = service.account_keeper(&chair, world.worker).await.unwrap();
    let email = address_of(service, world.worker).await;
    let signed_in = token(service, world.worker).await;
    let first = service.new_link(by(service, keeper).await, HERE).await.unwrap();
    let link = service.new_link(by(service, keeper).await, HERE).await.unwrap();
    assert!(service.linked_account(&first.code, HERE).await.unwrap().is_none(), "a newer link takes its place");
    // Looking at the page spends nothing, whoever looks: mail programs open every link.
    for _ in 0..3 {
        assert_eq!(service.linked_account(&link.code, HERE).await.unwrap().unwrap().email, email);
    }
    assert_eq!(service.session(&signed_in, true).await.unwrap(), Some(world.worker), "nor does making a link");
    service.sign_in(&email, DEMO_PASSWORD, HERE).await.expect("the password they had works until then");
    let refused = service.choose_password(&link.code, "password1234", HERE).await.unwrap_err();
    assert!(format!("{refused:?}").contains("easy to guess"), "{refused:?}");
    service.choose_password(&link.code, GOOD, HERE).await.expect("what is refused spends nothing");
    assert_eq!(service.session(&signed_in, true).await.unwrap(), None, "who was signed in is signed out");
    assert!(matches!(service.choose_password(&link.code, GOOD, HERE).await, Err(ServiceError::NotFound)));
    assert!(service.sign_in(&email, DEMO_PASSWORD, HERE).await.is_err());
    service.sign_in(&email, GOOD, HERE).await.unwrap();
    let (by_chair, own) = (Some(world.chair.uuid()), Some(world.worker.uuid()));
    let expected = [(AccountAct::Linked, by_chair), (AccountAct::Linked, by_chair), (AccountAct::Chosen, own)];
    assert_eq!(acts(service, world.worker).await, expected);

    let later = place.service_after(8).await;
    let link = service.new_link(by(service, keeper).await, HERE).await.unwrap();
    assert!(later.linked_account(&link.code, HERE).await.unwrap().is_none(), "a week later it works no more");
    assert!(matches!(later.choose_password(&link.code, GOOD, HERE).await, Err(ServiceError::NotFound)));
}

on_both_engines!(a_leaver_is_out_at_once_with_every_session_and_stream);
async fn a_leaver_is_out_at_once_with_every_session_and_stream(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let chair = service.viewer(world.chair).await.unwrap();
    let keeper = service.account_keeper(&chair, world.worker).await.unwrap();
    let email = address_of(service, world.worker).await;
    let signed_in = token(service, world.worker).await;
    let link = service.new_link(by(service, keeper).await, HERE).await.unwrap();
    let mut stream = service.stream(&signed_in, false, world.meeting, 0, "", "10.0.0.1").await.unwrap();
    stream.next().await.unwrap();
    service.end_account(by(service, keeper).await, HERE).await.unwrap();
    let ended = async { while !stream.next().await.unwrap().last() {} };
    tokio::time::timeout(std::time::Duration::from_secs(1), ended).await.expect("the stream ends within a second");
    assert_eq!(service.session(&signed_in, true).await.unwrap(), None);
    assert!(service.linked_account(&link.code, HERE).await.unwrap().is_none());
    let wrong = service.sign_in(&email, DEMO_PASSWORD, HERE).await.unwrap_err().to_string();
    assert!(wrong.contains("is not right"), "as if there were no account: {wrong}");
    assert!(matches!(service.new_link(by(service, keeper).await, HERE).await, Err(ServiceError::NotFound)));
    assert!(matches!(service.end_account(by(service, keeper).await, HERE).await, Err(ServiceError::NotFound)));
    service.reopen_account(by(service, keeper).await, HERE).await.unwrap();
    service.sign_in(&email, DEMO_PASSWORD, "198.51.100.4").await.expect("with the password they had");
    let what: Vec<AccountAct> = acts(service, world.worker).await.into_iter().map(|(what, _)| what).collect();
    assert_eq!(what, [AccountAct::Linked, AccountAct::Ended, AccountAct::Given]);
}

on_both_engines!(nobody_keeps_an_equals_account_or_one_of_another_team);
async fn nobody_keeps_an_equals_account_or_one_of_another_team(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let (chair, own) = (service.viewer(world.chair).await.unwrap(), service.viewer(world.worker).await.unwrap());
    assert!(service.account_keeper(&chair, world.worker).await.is_ok());
    assert!(service.account_keeper(&chair, world.chair).await.is_err(), "one's own");
    assert!(service.account_keeper(&own, world.stranger).await.is_err(), "no manager");
    let directory = service.directory().await.unwrap();
    for other in directory.workers.values() {
        let viewer = service.viewer(other.id).await.unwrap();
        let theirs = other.team_id.is_some_and(|team| chair.manages.contains(&domain::TeamId::new(team)));
        let kept = service.account_keeper(&chair, other.id).await.is_ok();
        assert!(!kept || (viewer.manages.is_empty() && (theirs || other.team_id.is_none())), "{}", other.name);
    }
    // Through the door, with a hand-made form.
    let (router, signed_in) = (router(service), token(service, world.worker).await);
    for act in ["invite", "link", "end", "reopen"] {
        let body = format!("worker={}&email=x%40example.invalid", world.stranger);
        let (_, location, ..) = send(&router, post(&format!("/api/account/{act}"), Some(&signed_in), &body)).await;
        assert_eq!(location, "/not-found", "{act}");
    }
    assert!(acts(service, world.stranger).await.is_empty());
}

on_both_engines!(a_worker_added_by_hand_gets_an_account_on_their_page);
async fn a_worker_added_by_hand_gets_an_account_on_their_page(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let (router, chair) = (router(service), token(service, world.chair).await);
    let team = service.viewer(world.chair).await.unwrap().manages.iter().next().copied().unwrap();
    let body = format!("name=Robin+Saltmarsh&discipline=mental_health&team={team}");
    send(&router, post("/api/worker/save", Some(&chair), &body)).await;
    let robin =
        service.directory().await.unwrap().workers.values().find(|row| row.name == "Robin Saltmarsh").unwrap().id;
    let page = format!("/workers/{robin}");
    assert!(send(&router, get(&page, Some(&chair))).await.2.contains("They have no account."));
    let taken = address_of(service, world.worker).await.replace('@', "%40");
    let invite = |email: &str| post("/api/account/invite", Some(&chair), &format!("worker={robin}&email={email}"));
    let (_, location, ..) = send(&router, invite(&taken)).await;
    assert!(send(&router, get(&location, Some(&chair))).await.2.contains("belongs to another worker"));
    let (_, location, ..) = send(&router, invite("robin%40council.example")).await;
    let (_, _, once, _) = send(&router, get(&location, Some(&chair))).await;
    let code: String = once.split("/join?code=").nth(1).expect("the link is shown").chars().take(64).collect();
    let (_, _, again, _) = send(&router, get(&location, Some(&chair))).await;
    assert!(!again.contains(&code), "and not a second time");
    assert!(again.contains("Their password is not chosen yet."));
    // Nobody is signed in where the link is opened.
    let join = format!("/join?code={code}");
    assert!(
        send(&router, get(&join, None)).await.2.contains("Robin Saltmarsh, you sign in with robin@council.example")
    );
    let choose = |password: &str| {
        post("/api/account/join", None, &format!("code={code}&password={}", password.replace(' ', "+")))
    };
    let (_, location, ..) = send(&router, choose("robinsaltmarsh")).await;
    assert!(send(&router, get(&location, None)).await.2.contains("made of your name"));
    let (_, location, ..) = send(&router, choose(GOOD)).await;
    assert!(send(&router, get(&location, None)).await.2.contains("Your password is set."));
    assert!(send(&router, get(&join, None)).await.2.contains("This link works no more"));
    service.sign_in("Robin@Council.example", GOOD, HERE).await.unwrap();
}

on_both_engines!(a_new_password_signs_out_every_other_browser);
async fn a_new_password_signs_out_every_other_browser(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let viewer = service.viewer(world.worker).await.unwrap();
    let (this, phone) = (token(service, world.worker).await, token(service, world.worker).await);
    let listed = service.my_sessions(&viewer, &this).await.unwrap();
    assert_eq!((listed.len(), listed.iter().filter(|(_, here)| *here).count()), (2, 1));
    let change = |old: &'static str, new: &'static str| {
        let (viewer, this) = (viewer.clone(), this.clone());
        async move { service.change_password(&viewer, &this, (old, new), HERE).await }
    };
    let refused = format!("{:?}", change("wrong", GOOD).await.unwrap_err());
    assert!(refused.contains("not your password now"), "{refused}");
    // One wrong try counts here as at the door; what is wrong with the new password is none.
    for _ in 0..4 {
        let refused = format!("{:?}", change(DEMO_PASSWORD, "password1234").await.unwrap_err());
        assert!(refused.contains("new") && refused.contains("easy to guess"), "{refused}");
    }
    change(DEMO_PASSWORD, GOOD).await.unwrap();
    assert_eq!(service.session(&this, true).await.unwrap(), Some(world.worker));
    assert_eq!(service.session(&phone, true).await.unwrap(), None);
    // One ends a browser of one's own, and of nobody else.
    let email = address_of(service, world.worker).await;
    let other = service.sign_in(&email, GOOD, HERE).await.unwrap().token().unwrap();
    let (session, _) = service.my_sessions(&viewer, &this).await.unwrap().into_iter().find(|(_, here)| !here).unwrap();
    assert_eq!((session.browser.as_str(), session.address.as_str()), ("Firefox on Linux", "203.0.113.5"));
    let stranger = service.viewer(world.stranger).await.unwrap();
    let theirs = confirmed(service, stranger.worker).await;
    assert!(service.end_my_session(&stranger, Some(theirs), session.id).await.is_err());
    let mine = service.confirmed(&viewer, &this).await.unwrap();
    assert!(service.end_my_session(&stranger, Some(mine), session.id).await.is_err(), "somebody else's proof");
    assert!(service.end_my_session(&viewer, None, session.id).await.is_err(), "nobody has shown who they are");
    service.end_my_session(&viewer, Some(mine), session.id).await.unwrap();
    assert_eq!(service.session(&other, true).await.unwrap(), None);
    assert_eq!(service.session(&this, true).await.unwrap(), Some(world.worker));
}

on_both_engines!(a_technician_helps_a_manager_and_it_is_noted);
async fn a_technician_helps_a_manager_and_it_is_noted(place: Place) {
    let service = place.service().await;
    let manager = worker(&service, "7001").await;
    let email = address_of(&service, manager).await;
    let signed_in = token(&service, manager).await;
    let account = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caseround"));
        let done = command.arg("account").args(args).args(["--database", &place.address, "--demo"]).output().unwrap();
        (done.status.success(), output(&done))
    };
    let (done, said) = account(&["link", &email, "--public-url", "https://caseround.example/"]);
    assert!(done, "{said}");
    let code: String = said.split("https://caseround.example/join?code=").nth(1).unwrap().chars().take(64).collect();
    assert_eq!(service.linked_account(&code, HERE).await.unwrap().unwrap().worker_id, manager);
    assert!(account(&["end", &email]).0);
    let began = std::time::Instant::now();
    while service.session(&signed_in, true).await.unwrap().is_some() {
        assert!(began.elapsed().as_secs() < 5, "a server that runs hears of it");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let (done, said) = account(&["link", &email]);
    assert!(!done && said.contains("has ended: reopen it first"), "{said}");
    assert!(account(&["reopen", &email]).0);
    assert!(account(&["move", &email, "zara@council.example"]).0);
    let (done, said) = account(&["link", &email]);
    assert!(!done && said.contains("Nobody signs in with"), "{said}");
    // Whoever has used their account before is told what others did with it, and administrators what technicians did.
    let told = async || service.done_by_others(&service.viewer(manager).await.unwrap()).await.unwrap().len();
    assert_eq!(told().await, 0, "nothing before they first used it");
    let administrator = worker(&service, "7023").await;
    service.make_administrator(service::people::keeping::By::Technician(administrator)).await.unwrap();
    let admin = service.viewer(administrator).await.unwrap();
    let technicians = service.done_by_technicians(&admin).await.unwrap();
    assert!(technicians.iter().any(|entry| entry.made_for == "Zara Northlight"), "{technicians:?}");
    let noted = acts(&service, manager).await;
    let what: Vec<AccountAct> = noted.iter().map(|(what, _)| *what).collect();
    assert_eq!(what, [AccountAct::Linked, AccountAct::Ended, AccountAct::Given, AccountAct::Moved]);
    assert!(noted.iter().all(|(_, by)| by.is_none()));
    // In the access log it is a technician's too, and nobody's whose account it is.
    let mut export = Command::new(env!("CARGO_BIN_EXE_caseround"));
    let exported = output(&export.args(["audit", "export", "--database", &place.address, "--demo"]).output().unwrap());
    let rows: Vec<&str> = exported.lines().filter(|row| row.contains(",rights,account: ")).collect();
    assert_eq!(rows.len(), 4, "{exported}");
    for row in rows {
        assert!(
            row.contains("00000000-0000-0000-0000-000000000000") && row.contains("a technician, at the command line")
        );
    }
    assert!(exported.contains(",access_log,csv,"), "that the log is taken out stands in it");
    // A leaver's roles end with their account.
    assert_eq!(service.administrators().await.unwrap().len(), 1);
    service.end_account(service::people::keeping::By::Technician(administrator), HERE).await.unwrap();
    assert_eq!(service.administrators().await.unwrap(), Vec::<String>::new());
}
