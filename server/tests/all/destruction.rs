//! A child's copy is destroyed: what concerns that child alone is gone from every file and every output.

use crate::delivery::{Shelf, with_shelf_at};
use crate::features::full_on;
use crate::place::{ADDRESS, Place, World, allowed, confirmed, now, on_both_engines};
use crate::record::{decision, records, sign};
use crate::retention::{all_words, destroy, later, wait_until_landed};
use domain::DecisionId;
use domain::meeting::{Area, Command};
use domain::prose::Prose;
use domain::record::RecordPart;
use service::seal::verify_journals;
use service::workbook::late::LateWords;
use std::sync::Arc;

/// Whether these bytes hold the word, as it is or in base64, at any place of a group of three bytes.
fn holds(bytes: &[u8], word: &str) -> bool {
    use base64::Engine;
    let forms = (0..3).map(|before| {
        let padded = [vec![b' '; before], word.as_bytes().to_vec()].concat();
        let written = base64::engine::general_purpose::STANDARD_NO_PAD.encode(&padded);
        // The first and the last letters also hold bits of what stands around the word.
        let first = [0, 2, 3][before];
        written.as_bytes()[first..written.len() - 2].to_vec()
    });
    forms.chain([word.as_bytes().to_vec()]).any(|form| bytes.windows(form.len()).any(|window| window == form))
}

/// What concerns one child alone has this word, and what concerns several the next.
const ALONE: &str = "Quillalone";
const SEVERAL: &str = "Quillseveral";

/// The bytes of the database's files and of a copy of it; of PostgreSQL all rows as a dump writes them.
async fn kept(service: &service::Service, place: &Place) -> Vec<(String, Vec<u8>)> {
    if place.is_postgres() {
        let dump =
            std::process::Command::new("/usr/lib/postgresql/15/bin/pg_dump").arg(&place.address).output().unwrap();
        assert!(dump.status.success());
        return vec![("/dump".to_owned(), dump.stdout)];
    }
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup.sqlite");
    service.store().backup(&backup).await.unwrap();
    let files = ["", "-wal"].map(|end| std::path::PathBuf::from(format!("{}{end}", place.address)));
    let read = |file: std::path::PathBuf| Some((file.display().to_string(), std::fs::read(&file).ok()?));
    files.into_iter().chain([backup]).filter_map(read).collect()
}

/// Decides for one child apart from the others, and finishes the family.
async fn decide_apart(world: &World, child: domain::PersonId) {
    use domain::meeting::{Position, Route, Wording};
    let (service, slot) = (&world.service, world.slot);
    let apart = DecisionId::new(service.new_uuid());
    world.act(world.chair, Command::Split { slot, child, decision: apart }).await;
    let wording =
        |why: String| Wording { kind: "continue".into(), route: Route::DecidedHere, what: String::new(), why };
    for (decision, word) in [(apart, ALONE), (decision(world).await, SEVERAL)] {
        let why = format!("{word} reason");
        world.act(world.chair, Command::Word { slot, decision, revision: 0, wording: wording(why) }).await;
        let stand = Command::Stand {
            slot,
            decision,
            revision: 1,
            worker: world.worker,
            position: Position::Disagree,
            reason: format!("{word} dissent"),
        };
        world.act(world.worker, stand).await;
        world.act(world.chair, Command::Confirm { slot, decision, revision: 1, then: None }).await;
    }
    world.act(world.chair, Command::EverybodyHere { slot }).await;
    world.act(world.chair, Command::Finish { slot }).await;
}

on_both_engines!(what_concerns_one_child_alone_is_gone_everywhere_and_what_concerns_several_stays);
async fn what_concerns_one_child_alone_is_gone_everywhere_and_what_concerns_several_stays(place: Place) {
    use domain::meeting::{Became, ContingencyDraft, OptionDraft, Owner, ScaleValue, StepDraft};
    use domain::{ContingencyId, OptionId, StepId};
    const PAIR: &str = "Quillpair";
    assert!(
        holds(b"x Quillalone y", ALONE) && holds(b"..aWxsYWxvbmU..UXVpbGxhbG9uZQ", ALONE) && !holds(b"Quill", ALONE)
    );
    let shelf = Arc::new(Shelf::default());
    drop(place.service().await);
    let world = full_on(with_shelf_at(&place, &shelf, now()).await).await;
    let (service, slot) = (&world.service, world.slot);
    let chair = service.viewer(world.chair).await.unwrap();
    let page = allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap();
    let children: Vec<_> = page.room.slot(slot).unwrap().children.iter().copied().collect();
    let pen = allowed!(service, service.meeting_reader(&chair, world.meeting).await, pens()).unwrap()[0].pen;
    for area in [Area::Meaning(children[0]), Area::Life(children[0])] {
        let update = Prose::with_pen(pen).rewrite(&format!("{ALONE} in {area}"));
        world.act(world.chair, Command::Type { slot, area, update, pen }).await;
    }
    let second = allowed!(service, service.meeting_reader(&chair, world.meeting).await, pens()).unwrap()[0].pen;
    let update = Prose::with_pen(second).rewrite(SEVERAL);
    world.act(world.chair, Command::Type { slot, area: Area::Meaning(children[1]), update, pen: second }).await;
    for (word, child) in [(ALONE, Some(children[0])), (SEVERAL, None)] {
        let of: std::collections::BTreeSet<_> = child.into_iter().collect();
        let owner = Owner::Worker { worker: world.worker };
        let what = |feature: &str| format!("{word} {feature}");
        let due = Some(service.clock().today());
        let step =
            StepDraft { what: what("step"), owner, with: String::new(), due, children: of, measure: what("measure") };
        let draft = ContingencyDraft { child, happens: what("if"), then: what("then") };
        let said = [
            Command::AddStep { slot, step: StepId::new(service.new_uuid()), draft: step },
            Command::ConsiderOption {
                slot,
                option: OptionId::new(service.new_uuid()),
                draft: OptionDraft { child, what: what("option") },
            },
            Command::AgreeContingency { slot, contingency: ContingencyId::new(service.new_uuid()), draft },
            Command::AnswerScale {
                slot,
                scale: "safety".into(),
                child: Some(child.unwrap_or(children[1])),
                worker: world.chair,
                answer: ScaleValue::Number(4),
                why: what("scale"),
            },
        ];
        for command in said {
            world.act(world.chair, command).await;
        }
    }
    let of_two = StepDraft {
        what: format!("{PAIR} step"),
        owner: Owner::Worker { worker: world.worker },
        with: String::new(),
        due: Some(service.clock().today()),
        children: children[..2].iter().copied().collect(),
        measure: String::new(),
    };
    world.act(world.chair, Command::AddStep { slot, step: StepId::new(service.new_uuid()), draft: of_two }).await;
    decide_apart(&world, children[0]).await;
    for (word, child) in [(ALONE, children[0]), (SEVERAL, children[1])] {
        let said = crate::own_words::form(&world, child, &format!("{word} drawn"));
        crate::own_words::write(&world, world.chair, &said).await.unwrap();
        let work = crate::direct_work::form(&world, child, &format!("{word} shown"));
        crate::direct_work::write(&world, world.chair, &work).await.unwrap();
    }
    for (word, child) in [(ALONE, children[0]), (SEVERAL, children[1])] {
        let note = crate::case_notes::form(&world, child, &format!("{word} happened"));
        crate::case_notes::write(&world, world.chair, &note).await.unwrap();
        crate::genogram::add_parent(&world, world.chair, child, &format!("{word} uncle")).await.unwrap();
    }
    let of_child = |word: &str, child| crate::chapters::text("analysis", child, &format!("{word} analysed"), 0);
    let chapter = [of_child(ALONE, Some(children[0])), of_child(SEVERAL, Some(children[1]))];
    crate::chapters::write(&world, world.worker, &chapter).await.unwrap();
    let plan = crate::safety_plan::filled_with(&world, SEVERAL).await;
    crate::safety_plan::write(&world, world.chair, plan, 0).await.unwrap();
    let mine = records(&world).await.into_iter().find(|record| record.child == children[0]).unwrap();
    // Words that came too late, a correction and an addition.
    for (word, child) in [(ALONE, Some(children[0])), (SEVERAL, None)] {
        let late = LateWords { children: child.into_iter().collect(), text: format!("{word} late") };
        let command = domain::CommandId::new(service.new_uuid());
        world.file_late(&chair, slot, command, late).await.unwrap();
    }
    let corrected = format!("{ALONE} corrected");
    allowed!(service, service.record_reader(&chair, mine.id).await, ask_correction(RecordPart::Meaning, &corrected))
        .unwrap();
    let asked = records(&world).await.into_iter().find(|record| record.id == mine.id).unwrap();
    let correction = asked.life.corrections.last().unwrap().id;
    allowed!(service, service.record_keeper(&chair, mine.id).await, answer_correction(correction, true, "")).unwrap();
    sign(&world, world.chair).await.unwrap();
    allowed!(service, service.record_keeper(&chair, mine.id).await, note_sent(ADDRESS, &format!("{ALONE}'s school")))
        .unwrap();
    world.act(world.chair, Command::Close).await;
    let added = format!("{ALONE} added");
    let worker = service.viewer(world.worker).await.unwrap();
    allowed!(service, service.record_reader(&worker, mine.id).await, ask_addendum("why", &added)).unwrap();
    let asked = records(&world).await.into_iter().find(|record| record.id == mine.id).unwrap();
    let addendum = asked.life.addenda.last().unwrap().id;
    allowed!(service, service.record_manager(&chair, mine.id).await, answer_addendum(addendum, true, "")).unwrap();
    // The next meeting says what became of each step.
    let steps: std::collections::BTreeMap<_, _> = records(&world)
        .await
        .into_iter()
        .flat_map(|record| record.steps)
        .map(|step| (step.step, step.what.clone()))
        .collect();
    let world = full_on(world.service).await;
    for (step, what) in steps {
        let word = format!("{} became", what.split_whitespace().next().unwrap());
        let answer = Command::AnswerLastStep { slot: world.slot, step, became: Became::Carried, due: None, word };
        world.act(world.chair, answer).await;
    }
    decide_apart(&world, children[0]).await;
    sign(&world, world.chair).await.unwrap();
    world.act(world.chair, Command::Close).await;
    wait_until_landed(&world).await;

    let world = later(world, &place, &shelf, 366 * 4).await;
    let service = &world.service;
    let everywhere = async |word: &str| {
        let mut found = Vec::new();
        for (file, bytes) in kept(service, &place).await {
            if holds(&bytes, word) {
                found.push(file);
            }
        }
        let minutes =
            allowed!(service, service.meeting_reader(&chair, world.meeting).await, minutes(ADDRESS, None, "json"))
                .unwrap();
        let outputs = [
            ("minutes", serde_json::to_string(&minutes).unwrap()),
            (
                "family",
                format!(
                    "{:?}",
                    allowed!(service, service.family_reader(&chair, world.family).await, family_page()).unwrap()
                ),
            ),
            (
                "meeting",
                format!(
                    "{:?}",
                    allowed!(service, service.meeting_reader(&chair, world.meeting).await, meeting_page(None)).unwrap()
                ),
            ),
            ("given", format!("{:?}", allowed!(service, service.staff(&chair), given_out()).unwrap())),
            ("journals", all_words(&world).await),
        ];
        found.extend(outputs.into_iter().filter(|(_, text)| text.contains(word)).map(|(name, _)| name.to_owned()));
        for record in records(&world).await.iter().filter(|record| record.signed()) {
            let file = domain::document::copy::Recipient::ChildFile;
            let (copy, ..) = allowed!(
                service,
                service.record_reader(&chair, record.id).await,
                print_copy(ADDRESS, file, "json", true)
            )
            .unwrap();
            if holds(&copy, word) {
                found.push(format!("copy of {}", record.child));
            }
        }
        found
    };
    assert!(everywhere(ALONE).await.len() > 5, "it was there: {:?}", everywhere(ALONE).await);
    let siblings = everywhere(SEVERAL).await;
    allowed!(
        service,
        service.child_manager(&chair, children[0]).await,
        propose_expiry(confirmed(service, chair.worker).await)
    )
    .unwrap();
    destroy(service, world.service_manager, children[0]).await.unwrap();
    assert_eq!(everywhere(ALONE).await, Vec::<String>::new(), "gone everywhere");
    let left = everywhere(SEVERAL).await;
    // Files have it too, whether in the log or in the database.
    assert!(left.iter().any(|place| place.starts_with('/')));
    let own = |place: &&String| !place.starts_with('/') && !place.contains(&children[0].to_string());
    for place in siblings.iter().filter(own) {
        assert!(left.contains(place), "what concerns several stays in {place}");
    }
    // What was said about two children stays with the second, and goes with them; the third's record never had it.
    assert!(!everywhere(PAIR).await.is_empty());
    allowed!(
        service,
        service.child_manager(&chair, children[1]).await,
        propose_expiry(confirmed(service, chair.worker).await)
    )
    .unwrap();
    destroy(service, world.service_manager, children[1]).await.unwrap();
    assert_eq!(everywhere(PAIR).await, Vec::<String>::new());
    assert_eq!(everywhere(ALONE).await, Vec::<String>::new());
    assert!(!everywhere(SEVERAL).await.is_empty());
    assert_eq!(verify_journals(service.store()).await.unwrap(), Vec::<String>::new());
}
