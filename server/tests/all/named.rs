//! "@" and a name in a step's or a conversation's line: whom it means, and what a refusal tells to whom.

use crate::place::{Place, World, allowed, on_both_engines, worker};
use domain::meeting::{Command, ConversationDraft, Owner, StepDraft};
use domain::{ConversationId, StepId, WorkerId};
use service::meeting::Request;

/// A step of nobody, with these words.
fn draft(what: &str) -> StepDraft {
    StepDraft {
        what: what.into(),
        owner: Owner::Nobody,
        with: String::new(),
        due: None,
        children: Default::default(),
        measure: String::new(),
    }
}

/// A conversation of a worker.
fn conversation(world: &World, worker: WorkerId, with: &str, explore: &str) -> Command {
    let draft = ConversationDraft {
        worker,
        with: with.to_owned(),
        process: None,
        explore: explore.to_owned(),
        own_words: String::new(),
        own_number: String::new(),
    };
    let conversation = ConversationId::new(world.service.new_uuid());
    Command::AgreeConversation { slot: world.slot, conversation, draft }
}

on_both_engines!(an_owner_is_named_in_the_step_itself);
async fn an_owner_is_named_in_the_step_itself(place: Place) {
    let world = World::started(place.service().await).await;
    let chair = world.service.viewer(world.chair).await.unwrap();
    let give = |step: StepDraft| {
        let (service, chair) = (&world.service, &chair);
        async move {
            let command = Command::AddStep { slot: world.slot, step: StepId::new(service.new_uuid()), draft: step };
            service
                .act(chair, world.meeting, domain::CommandId::new(service.new_uuid()), Request::Command(command))
                .await
        }
    };
    let add = |what: &'static str| give(draft(what));
    let last = || async {
        let page =
            allowed!(world.service, world.service.meeting_reader(&chair, world.meeting).await, meeting_page(None))
                .unwrap();
        let added = page.room.slot(world.slot).unwrap().steps.last().unwrap().clone();
        (added.draft.what.clone(), added.draft.owner.worker())
    };
    let nadia = worker(&world.service, "7008").await;
    add("@nadia ring the school").await.unwrap();
    assert_eq!(last().await, ("ring the school".to_owned(), Some(nadia)));
    add("write to a@b").await.unwrap();
    assert_eq!(last().await, ("write to a@b".to_owned(), None), "an address is no name");
    let error = add("Ring @julian now").await.unwrap_err();
    assert!(
        format!("{error:?}").contains("may be Julian"),
        "two people are called Julian, and nobody is guessed: {error:?}"
    );
    let error = add("@zz nobody").await.unwrap_err();
    assert!(format!("{error:?}").contains("Nobody who works with this family is called"), "{error:?}");
    // Who was chosen from the list does it: their own name leaves the words, another's stays.
    let chosen = |what| StepDraft { owner: Owner::Worker { worker: nadia }, ..draft(what) };
    give(chosen("Ring @nadia the school")).await.unwrap();
    assert_eq!(last().await, ("Ring the school".to_owned(), Some(nadia)));
    give(chosen("Ring the school with @julian")).await.unwrap();
    assert_eq!(last().await, ("Ring the school with @julian".to_owned(), Some(nadia)));
    // Who takes the record stands in the list too: of two called Damian nobody is guessed, and more of the name tells.
    let (anvil, kingcup) = (worker(&world.service, "7012").await, worker(&world.service, "7039").await);
    assert_eq!(world.record_taker, anvil);
    let error = add("@damian book a room").await.unwrap_err();
    assert!(format!("{error:?}").contains("may be Damian"), "{error:?}");
    add("@damian anvil send the scores").await.unwrap();
    assert_eq!(last().await, ("send the scores".to_owned(), Some(anvil)));
    add("@damian king send the scores").await.unwrap();
    assert_eq!(last().await, ("send the scores".to_owned(), Some(kingcup)));
    // Whoever ran the meeting and handed it on can still be given a step.
    world.act(world.chair, Command::HandOverRecord { seen: Some(world.record_taker), to: None }).await;
    add("@damian anvil book a room").await.unwrap();
    assert_eq!(last().await, ("book a room".to_owned(), Some(anvil)));
}

on_both_engines!(a_conversation_is_with_whom_its_line_names);
async fn a_conversation_is_with_whom_its_line_names(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let chair = service.viewer(world.chair).await.unwrap();
    let page = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    let slot = page.room.slot(world.slot).unwrap();
    let reader = service.family_reader(&chair, slot.family.unwrap()).await;
    let family = allowed!(service, reader, family()).unwrap();
    let [first, second] = [0, 1].map(|n| family.children[n].name.clone());
    let nadia = worker(service, "7008").await;
    let agree = |with: &str, explore: &str| {
        let command = conversation(&world, nadia, with, explore);
        let id = domain::CommandId::new(service.new_uuid());
        service.act(&chair, world.meeting, id, Request::Command(command))
    };
    let last = || async {
        let reader = service.meeting_reader(&chair, world.meeting).await;
        let page = allowed!(service, reader, meeting_page(None)).unwrap();
        let agreed = page.room.slot(world.slot).unwrap().conversations.last().unwrap().draft.clone();
        (agreed.with.clone(), agreed.explore.clone())
    };
    agree("", &format!("what a calm morning would be like for @{}", first.to_lowercase())).await.unwrap();
    assert_eq!(last().await, (first.clone(), "what a calm morning would be like for".to_owned()));
    // Who was chosen from the list is meant: their own name leaves the line, another's stays.
    agree(&first, &format!("@{first} how school is")).await.unwrap();
    assert_eq!(last().await, (first.clone(), "how school is".to_owned()));
    agree(&first, &format!("how it is with @{second}")).await.unwrap();
    assert_eq!(last().await, (first, format!("how it is with @{second}")));
    let error = agree("", "@nadia how school is").await.unwrap_err();
    assert!(format!("{error:?}").contains("Nobody of this family is called"), "{error:?}");
    // Nobody talks with somebody who has died: the name means nobody, and the card says it.
    let adult = &family.adults[0];
    let mut person = service.store().person(adult.id).await.unwrap().unwrap();
    person.died = Some(crate::place::now().date_naive());
    let mut tx = service.store().begin().await.unwrap();
    tx.keep_person(&person).await.unwrap();
    tx.commit().await.unwrap();
    let error = agree("", &format!("@{} how school is", adult.name)).await.unwrap_err();
    assert!(format!("{error:?}").contains("Nobody of this family is called"), "{error:?}");
    let reader = service.family_reader(&chair, slot.family.unwrap()).await;
    let card = allowed!(service, reader, family()).unwrap().adults.into_iter().find(|one| one.id == adult.id).unwrap();
    assert!(card.has_died && card.relation.contains("died"), "{card:?}");
}

on_both_engines!(no_refusal_tells_of_a_family_to_whoever_does_not_work_with_it);
async fn no_refusal_tells_of_a_family_to_whoever_does_not_work_with_it(place: Place) {
    let world = World::started(place.service().await).await;
    let service = &world.service;
    let chair = service.viewer(world.chair).await.unwrap();
    let page = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    let other =
        allowed!(service, service.family_reader(&chair, page.room.slots[1].family.unwrap()).await, family()).unwrap();
    let mut theirs = other.allocated.iter().filter_map(|who| who.worker);
    let members = &page.room.slot(world.slot).unwrap().members;
    let viewer = service.viewer(theirs.find(|worker| !members.contains_key(worker)).unwrap()).await.unwrap();
    let adult =
        allowed!(service, service.family_reader(&chair, world.family).await, family()).unwrap().adults[0].name.clone();
    let conversing = |with: &str, explore: &str| conversation(&world, viewer.worker, with, explore);
    let step = StepId::new(service.new_uuid());
    let asked = [
        Command::AddStep { slot: world.slot, step, draft: draft("@julian ring") },
        conversing("", &format!("@{adult} x")),
        conversing("", "@nobody-of-that-name x"),
        conversing(&adult, "x"),
        conversing("Nobody of that name", "x"),
    ];
    for command in asked {
        let id = domain::CommandId::new(service.new_uuid());
        let result = service.act(&viewer, world.meeting, id, Request::Command(command)).await;
        assert!(matches!(result, Err(service::ServiceError::NotFound)), "{result:?}");
    }
}
