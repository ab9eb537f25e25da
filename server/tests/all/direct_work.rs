//! Direct work with people of a family: who writes it down, and what two who write at once get.

use crate::http::{get, post, send};
use crate::own_words::people;
use crate::place::{Place, World, allowed, on_both_engines, token};
use domain::direct_work::{DirectWork, DirectWorkState};
use domain::{DirectWorkId, PersonId, WorkerId};
use service::ServiceError;
use service::workbook::direct_work::DirectWorkForm;

/// The form of a piece of work that is finished.
pub fn form(world: &World, with: PersonId, finding: &str) -> DirectWorkForm {
    DirectWorkForm {
        id: DirectWorkId::new(world.service.new_uuid()),
        with,
        base: 0,
        module: "Feelings".to_owned(),
        state: DirectWorkState::Finished,
        on: "3/11/2026".to_owned(),
        finding: finding.to_owned(),
    }
}

/// Writes it down.
pub async fn write(world: &World, who: WorkerId, form: &DirectWorkForm) -> Result<(), ServiceError> {
    let viewer = world.service.viewer(who).await?;
    allowed!(world.service, world.service.family_reader(&viewer, world.family).await, write_direct_work(form))
}

async fn read(world: &World, who: WorkerId) -> Vec<DirectWork> {
    let viewer = world.service.viewer(who).await.unwrap();
    allowed!(world.service, world.service.family_reader(&viewer, world.family).await, direct_work()).unwrap().1
}

on_both_engines!(whoever_works_with_the_family_writes_direct_work_down_and_changes_it);
async fn whoever_works_with_the_family_writes_direct_work_down_and_changes_it(place: Place) {
    let world = World::started(place.service().await).await;
    let (child, adult) = people(&world).await;
    let first = DirectWorkForm { state: DirectWorkState::Planned, ..form(&world, adult, "") };
    write(&world, world.worker, &first).await.unwrap();
    write(&world, world.worker, &first).await.unwrap();
    let all = read(&world, world.chair).await;
    assert_eq!((all.len(), all[0].revision), (1, 1), "the same form twice is one piece of work");
    assert_eq!(all[0].content.state_in_words(), "planned for 3 November 2026");

    let done = DirectWorkForm { base: 1, finding: "She names what she feels.".into(), ..form(&world, adult, "") };
    write(&world, world.chair, &DirectWorkForm { id: first.id, ..done.clone() }).await.unwrap();
    let late = DirectWorkForm { id: first.id, finding: "Not yet.".into(), ..done.clone() };
    let Err(ServiceError::Form(wrong)) = write(&world, world.worker, &late).await else { panic!("it was changed") };
    assert!(wrong[0].0 == "finding" && wrong[0].1.contains("finished on 3 November 2026: She names"), "{wrong:?}");
    write(&world, world.worker, &DirectWorkForm { base: 2, ..late }).await.unwrap();
    let all = read(&world, world.chair).await;
    assert_eq!((all[0].content.finding.as_str(), all[0].revision), ("Not yet.", 3));

    for (field, typed) in [
        ("module", DirectWorkForm { module: " ".into(), ..form(&world, child, "x") }),
        ("on", DirectWorkForm { on: "soon".into(), ..form(&world, child, "x") }),
        ("on", DirectWorkForm { on: "3/11/2031".into(), ..form(&world, child, "x") }),
        ("on", DirectWorkForm { on: String::new(), ..form(&world, child, "x") }),
        ("finding", form(&world, child, &"x".repeat(2001))),
    ] {
        let Err(ServiceError::Form(wrong)) = write(&world, world.worker, &typed).await else { panic!("{typed:?}") };
        assert_eq!(wrong[0].0, field);
    }
    let elsewhere = PersonId::new(world.service.new_uuid());
    for (who, typed) in [
        (world.stranger, form(&world, adult, "x")),
        (world.worker, form(&world, elsewhere, "x")),
        (world.worker, DirectWorkForm { id: first.id, base: 3, ..form(&world, child, "x") }),
        (world.worker, DirectWorkForm { base: 4, ..form(&world, adult, "x") }),
    ] {
        let answer = write(&world, who, &typed).await;
        assert!(matches!(answer, Err(ServiceError::NotFound)), "{answer:?}");
    }
    assert_eq!(read(&world, world.chair).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_of_somebody_who_left_the_family_meanwhile_comes_back_to_its_writer() {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let router = crate::place::router(&world.service);
    let (worker, chair) = (token(&world.service, world.worker).await, token(&world.service, world.chair).await);
    let ids = (world.family, world.service.new_uuid(), world.service.new_uuid());
    let form = format!(
        "family={}&id={}&with={}&base=0&module=Feelings&state=planned&finding=She+names+%3Cwhat%3E",
        ids.0, ids.1, ids.2
    );
    let (_, location, ..) = send(&router, post("/api/direct-work/write", Some(&worker), &form)).await;
    assert!(location.starts_with("/not-found?draft="), "{location}");
    let (status, _, page, _) = send(&router, get(&location, Some(&worker))).await;
    assert_eq!(status, axum::http::StatusCode::NOT_FOUND);
    assert!(page.contains("She names &lt;what&gt;") && !page.contains("Feelings"), "what was chosen is left out");
    let (.., page, _) = send(&router, get(&location, Some(&chair))).await;
    assert!(!page.contains("She names"), "theirs alone");
}

#[test]
fn a_council_names_its_modules() {
    let light = include_str!("../../../templates/light.toml");
    let read = |words: &str| service::template::read(&format!("{light}\n[workbook]\n{words}"));
    assert_eq!(read("modules = [\"One\", \"Two\"]").unwrap().rules.workbook.modules, ["One", "Two"]);
    assert!(read("modules = [\"One\", \"One\"]").unwrap_err()[0].message.contains("twice"));
    assert!(read("modules = [\"\"]").unwrap_err()[0].message.contains("has a name"));
}
