//! What a meeting does beside typing and deciding: last steps, scales, the round, risk, read back, moving families, the team's month.

use crate::http::{get, send};
use crate::place::{Place, World, allowed, on_both_engines, router, token};
use crate::record::{complete, records, sign};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use domain::document::copy::{Made, Recipient, make};
use domain::meeting::{Became, Command, ContingencyDraft, OptionDraft, ScaleValue};
use domain::template::Part;
use domain::{ContingencyId, OptionId, RiskId, StepId};
use service::Service;
use service::meeting::Request;
use service::meeting::room::Outcome;

/// A meeting of one family under the full template, under way.
pub async fn full(place: &Place) -> World {
    full_on(place.service().await).await
}

/// The same on a service.
pub async fn full_on(service: Service) -> World {
    let world = World::planned_with(service, "full").await;
    world.act(world.chair, Command::Open).await;
    world
        .act(
            world.chair,
            Command::Start {
                slot: world.slot,
                seen: None,
                decision: domain::DecisionId::new(world.service.new_uuid()),
            },
        )
        .await;
    world
}

/// The meeting's page at a heading, as it is drawn and as the browser gets it: its markup, and the strings of its state.
async fn at_heading(world: &World, who: domain::WorkerId, part: Part) -> (String, String) {
    let router = router(&world.service);
    let token = token(&world.service, who).await;
    let template = world.service.template_of(world.meeting).await.unwrap();
    let heading = template.stages.iter().position(|stage| stage.part == part).unwrap();
    let address = format!("/meetings/{}?slot={}&heading={heading}", world.meeting, world.slot);
    let (status, _, body, _) = send(&router, get(&address, Some(&token))).await;
    assert_eq!(status, 200, "{part:?}: {body}");
    let (before, rest) = body.split_once("data-props=\"").expect("the island has its state");
    let (props, after) = rest.split_once('"').unwrap();
    let state = props.split("&quot;").filter_map(|text| BASE64.decode(text).ok()).flatten().collect::<Vec<u8>>();
    assert!(!state.is_empty(), "the state is read");
    (format!("{before}{after}"), String::from_utf8_lossy(&state).into_owned())
}

pub async fn part(world: &World, who: domain::WorkerId, part: Part) -> String {
    at_heading(world, who, part).await.0
}

fn number(world: &World, child: domain::PersonId, who: domain::WorkerId, number: u8, why: &str) -> Command {
    Command::AnswerScale {
        slot: world.slot,
        scale: "safety".into(),
        child: Some(child),
        worker: who,
        answer: ScaleValue::Number(number),
        why: why.into(),
    }
}

on_both_engines!(a_number_is_nobodys_to_see_before_the_chair_reveals_and_never_in_the_record);
async fn a_number_is_nobodys_to_see_before_the_chair_reveals_and_never_in_the_record(place: Place) {
    let world = full(&place).await;
    let service = &world.service;
    let chair = service.viewer(world.chair).await.unwrap();
    let page = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    let child = *page.room.slot(world.slot).unwrap().children.first().unwrap();
    world.act(world.worker, number(&world, child, world.worker, 3, "Zephyrous mornings")).await;
    world.act(world.chair, number(&world, child, world.chair, 8, "Halcyon evenings")).await;
    assert!(part(&world, world.worker, Part::Scales).await.contains("You gave 3"));
    for (who, others) in [(world.chair, "Zephyrous"), (world.worker, "Halcyon"), (world.record_taker, "Zephyrous")] {
        for heading in [Part::Scales, Part::Round, Part::ReadBack, Part::CheckIn, Part::Decision] {
            let (drawn, state) = at_heading(&world, who, heading).await;
            assert!(!drawn.contains(others) && !state.contains(others), "{heading:?} before revealing");
        }
        let page = serde_json::to_string(
            &allowed!(
                service,
                service.meeting_reader(&service.viewer(who).await.unwrap(), world.meeting).await,
                meeting_page(None)
            )
            .unwrap(),
        )
        .unwrap();
        assert!(!page.contains(others), "the page itself");
    }
    let outcome = world.try_act(world.chair, number(&world, child, world.worker, 9, "")).await;
    assert!(matches!(outcome, Outcome::Refused { .. }), "nobody replaces another's number");
    let outcome = world.try_act(world.worker, Command::RevealScales { slot: world.slot }).await;
    assert!(matches!(outcome, Outcome::Refused { .. }), "the chair reveals");
    world.act(world.chair, Command::RevealScales { slot: world.slot }).await;
    let shown = part(&world, world.worker, Part::Scales).await;
    assert!(shown.contains("Furthest apart") && shown.contains("Zephyrous") && shown.contains("Halcyon"));
    let outcome = world.try_act(world.worker, number(&world, child, world.worker, 9, "")).await;
    assert!(matches!(outcome, Outcome::Refused { .. }), "what was said alone stays as it was said");
    let words = "We see mornings and evenings differently.".to_owned();
    world.act(world.chair, Command::WordScales { slot: world.slot, words }).await;
    crate::record::finish(&world).await;
    let kept = serde_json::to_string(&records(&world).await).unwrap();
    assert!(kept.contains("mornings and evenings differently") && !kept.contains("Zephyrous"), "words, and no number");
}

on_both_engines!(what_is_said_of_a_step_is_in_its_owners_list_and_in_the_record);
async fn what_is_said_of_a_step_is_in_its_owners_list_and_in_the_record(place: Place) {
    let world = World::started(place.service().await).await;
    crate::record::finish(&world).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    world.act(world.chair, Command::Close).await;
    let step = records(&world).await[0].steps[0].clone();
    let mut carried = 0;
    // The next month, and the one after, and the one after that.
    let mut world = world;
    for month in 1..=4 {
        let next = World::planned_with(world.service, "light").await;
        next.act(next.chair, Command::Open).await;
        next.act(
            next.chair,
            Command::Start { slot: next.slot, seen: None, decision: domain::DecisionId::new(next.service.new_uuid()) },
        )
        .await;
        let shown = part(&next, next.chair, Part::LastSteps).await;
        assert!(shown.contains("Ring the school"));
        // One press carries it on to the next supervision: the usual one, or the one that was agreed.
        let offered = |day| format!("name=\"form[due]\" value=\"{}\"", domain::dates::typed(day));
        let today = next.service.clock().today();
        let (usual, agreed) = (today + chrono::TimeDelta::weeks(4), today + chrono::TimeDelta::weeks(3));
        assert!(shown.contains(&offered(usual)), "{shown}");
        next.act(next.chair, Command::AgreeNextDate { slot: next.slot, day: Some(agreed), seen: None }).await;
        assert!(part(&next, next.chair, Part::LastSteps).await.contains(&offered(agreed)));
        let became = if month == 4 { Became::Dropped } else { Became::Carried };
        let due = (month < 4).then(|| next.service.clock().today() + chrono::TimeDelta::weeks(4 * month));
        let answered = |due, word: &str| Command::AnswerLastStep {
            slot: next.slot,
            step: step.step,
            became,
            due,
            word: word.into(),
        };
        let said = |word: &str| answered(due, word);
        let past = answered(Some(next.service.clock().today() - chrono::TimeDelta::days(1)), "x");
        let refused = matches!(next.try_act(next.chair, past).await, Outcome::Refused { .. });
        assert_eq!(refused, month < 4, "a new date is to come; only what goes on gets one");
        if month == 4 {
            assert!(
                matches!(next.try_act(next.chair, said(" ")).await, Outcome::Refused { .. }),
                "dropped with a word"
            );
        }
        for word in ["pressed", "the school was closed"] {
            next.act(next.chair, said(word)).await;
        }
        let step_of_nobody = StepId::new(next.service.new_uuid());
        let forged = Command::AnswerLastStep { slot: next.slot, step: step_of_nobody, became, due, word: "x".into() };
        let forged = Request::Command(forged);
        let viewer = next.service.viewer(next.worker).await.unwrap();
        let id = domain::CommandId::new(next.service.new_uuid());
        assert!(next.service.act(&viewer, next.meeting, id, forged).await.is_err(), "a step that nobody agreed");
        let chair = next.service.viewer(next.chair).await.unwrap();
        let card =
            allowed!(next.service, next.service.family_reader(&chair, next.family).await, family_page()).unwrap();
        let row = card.steps.iter().find(|row| row.id == step.step);
        if month < 4 {
            carried += 1;
            assert_eq!(row.unwrap().carried, carried);
            assert_eq!(row.unwrap().due, due, "the next supervision");
            assert_eq!(row.unwrap().first_due, step.due, "the first date is kept");
            let month = allowed!(next.service, next.service.staff(&chair), months()).unwrap();
            assert_eq!(month.iter().any(|month| month.carried_often > 0), carried >= 3);
        } else {
            let worker = next.service.viewer(next.worker).await.unwrap();
            assert!(next.service.my_steps(&worker).await.unwrap().iter().all(|listed| listed.id != step.step));
        }
        next.act(next.chair, Command::Finish { slot: next.slot }).await;
        next.act(next.chair, Command::Close).await;
        let drafted = records(&next).await.into_iter().find(|record| record.meeting == next.meeting).unwrap();
        assert_eq!(drafted.last_steps[0].what, "Ring the school");
        assert_eq!(drafted.last_steps[0].due, due);
        assert_eq!(service::rebuild::differences(next.service.store()).await.unwrap(), 0);
        world = next;
    }
}

on_both_engines!(urgent_risk_is_shown_to_the_chair_and_its_times_are_in_the_record);
async fn urgent_risk_is_shown_to_the_chair_and_its_times_are_in_the_record(place: Place) {
    let world = World::planned(place.service().await).await;
    let risk = |what: &str| {
        let id = RiskId::new(world.service.new_uuid());
        (id, Command::RaiseRisk { slot: world.slot, risk: id, what: what.into() })
    };
    // Before the meeting is open, by anyone who works with the family, and by nobody else.
    let (_, empty) = risk(" ");
    assert!(matches!(world.try_act(world.worker, empty).await, Outcome::Refused { .. }));
    let (id, raised) = risk("He is at the door");
    let stranger = world.service.viewer(world.stranger).await.unwrap();
    let command = domain::CommandId::new(world.service.new_uuid());
    assert!(world.service.act(&stranger, world.meeting, command, Request::Command(raised.clone())).await.is_err());
    world.act(world.worker, raised).await;
    let shown = part(&world, world.chair, Part::LastSteps).await;
    assert!(shown.contains("He is at the door") && shown.contains("This does not tell the police"));
    let acknowledge = Command::AcknowledgeRisk { slot: world.slot, risk: id };
    assert!(
        matches!(world.try_act(world.worker, acknowledge.clone()).await, Outcome::Refused { .. }),
        "whoever can act hears it"
    );
    world.act(world.chair, Command::Open).await;
    world
        .act(
            world.chair,
            Command::Start {
                slot: world.slot,
                seen: None,
                decision: domain::DecisionId::new(world.service.new_uuid()),
            },
        )
        .await;
    world.act(world.chair, acknowledge).await;
    world.act(world.chair, Command::Finish { slot: world.slot }).await;
    let kept = &records(&world).await[0].risks[0];
    assert_eq!(kept.what, "He is at the door");
    assert_eq!(kept.acknowledged.as_ref().unwrap().0.name, "Zara Northlight");
    // After the family is finished too, as long as the meeting is open: the drafts have it.
    let (_, again) = risk("He came back");
    world.act(world.worker, again).await;
    for record in records(&world).await {
        assert_eq!(record.risks.len(), 2);
    }
    assert_eq!(service::rebuild::differences(world.service.store()).await.unwrap(), 0);
    world.act(world.chair, Command::Close).await;
    let (_, late) = risk("Too late");
    assert!(matches!(world.try_act(world.worker, late).await, Outcome::Refused { .. }));
}

on_both_engines!(opinions_are_counted_without_their_givers_and_shown_from_five_on);
async fn opinions_are_counted_without_their_givers_and_shown_from_five_on(place: Place) {
    let world = World::started(place.service().await).await;
    world.act(world.chair, Command::EverybodyHere { slot: world.slot }).await;
    let service = &world.service;
    let chair = service.viewer(world.chair).await.unwrap();
    assert!(service.asked_afterwards(&chair).await.unwrap().is_empty(), "afterwards, and not during");
    world.act(world.chair, Command::Finish { slot: world.slot }).await;
    world.act(world.chair, Command::Close).await;
    let team = chair.manages.iter().next().copied().unwrap();
    let stranger = service.viewer(world.stranger).await.unwrap();
    assert!(service.say_afterwards(&stranger, team, "yes").await.is_err(), "whoever was there is asked");
    let page = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    let mut people: Vec<domain::WorkerId> = page.room.slot(world.slot).unwrap().members.keys().copied().collect();
    people.push(world.chair);
    for (at, who) in people.iter().enumerate() {
        let viewer = service.viewer(*who).await.unwrap();
        assert!(service.say_afterwards(&viewer, team, "perhaps").await.is_err());
        service.say_afterwards(&viewer, team, if at == 0 { "no" } else { "yes" }).await.unwrap();
        assert!(service.say_afterwards(&viewer, team, "yes").await.is_err(), "once a month");
        let shown =
            allowed!(service, service.staff(&chair), months()).unwrap().into_iter().flat_map(|month| month.opinions);
        assert_eq!(shown.count(), 0, "a month that runs would tell who just answered");
    }
    let shelf = std::sync::Arc::new(crate::delivery::Shelf::default());
    let december =
        crate::delivery::with_shelf_at(&place, &shelf, crate::place::now() + chrono::TimeDelta::days(10)).await;
    let shown = allowed!(december, december.staff(&chair), months())
        .unwrap()
        .into_iter()
        .flat_map(|month| month.opinions)
        .collect::<Vec<_>>();
    assert_eq!((shown.len(), shown[0].answers, shown[0].yes), (1, 6, 83));
}

on_both_engines!(options_and_what_is_done_if_something_happens_are_in_the_childs_record_and_go_nowhere_by_themselves);
async fn options_and_what_is_done_if_something_happens_are_in_the_childs_record_and_go_nowhere_by_themselves(
    place: Place,
) {
    let world = full(&place).await;
    let service = &world.service;
    let chair = service.viewer(world.chair).await.unwrap();
    let children = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None))
        .unwrap()
        .room
        .slot(world.slot)
        .unwrap()
        .children
        .clone();
    let children: Vec<_> = children.into_iter().collect();
    let slot = world.slot;
    let considered = |child, what: &str| {
        let option = OptionId::new(service.new_uuid());
        Command::ConsiderOption { slot, option, draft: OptionDraft { child, what: what.into() } }
    };
    let contingent = |child, happens: &str, then: &str| {
        let contingency = ContingencyId::new(service.new_uuid());
        let draft = ContingencyDraft { child, happens: happens.into(), then: then.into() };
        Command::AgreeContingency { slot, contingency, draft }
    };
    let said = [
        considered(None, "Wait a month"),
        considered(Some(children[0]), "A place at her aunt’s"),
        contingent(None, "he comes to the house", "grandmother rings the police"),
    ];
    for what in said {
        world.act(world.worker, what).await;
    }
    let stranger = domain::PersonId::new(service.new_uuid());
    for wrong in [considered(Some(stranger), "x"), considered(None, " "), contingent(None, "x", " ")] {
        assert!(matches!(world.try_act(world.worker, wrong).await, Outcome::Refused { .. }));
    }
    assert!(part(&world, world.chair, Part::Decision).await.contains("A place at her aunt’s"));
    assert!(part(&world, world.chair, Part::ReadBack).await.contains("If he comes to the house: grandmother rings"));
    crate::record::finish(&world).await;
    complete(&world).await;
    sign(&world, world.chair).await.unwrap();
    for record in records(&world).await {
        let own = record.child == children[0];
        assert_eq!(record.options.len(), 1 + usize::from(own), "another child’s option is not theirs");
        let (sealed, ..) = allowed!(service, service.record_reader(&chair, record.id).await, version(1)).unwrap();
        let made = |recipient| make(&sealed, recipient, "a reader", "a council", &|_| "somebody".to_owned());
        let file = made(Recipient::ChildFile);
        assert!(file.questions.iter().any(|asked| asked.part == "If something happens"), "a person says yes to it");
        let words = |made: &Made| serde_json::to_string(&made.document).unwrap();
        assert!(words(&file).contains("Wait a month") && words(&file).contains("he comes to the house"));
        for recipient in [Recipient::CaseSystem, Recipient::Partner(world.worker)] {
            assert!(!words(&made(recipient)).contains("he comes to the house"), "{recipient:?}");
        }
        assert!(!serde_json::to_string(&sealed.unmarked()).unwrap().contains("he comes to the house"));
    }
}
