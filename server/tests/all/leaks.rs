//! Every part that people write, under every mark, against everything that leaves: each page, minute, copy, archive,
//! message and delivery, by each person who can have it, in each format.

use crate::copies::readable;
use crate::delivery::{MADE, OK, Shelf, council, until, with_shelf};
use crate::features::full_on;
use crate::http::{get, send};
use crate::place::{ADDRESS, Place, World, allowed, confirmed, on_both_engines, router, token};
use crate::record::{decision, records, sign};
use domain::document::copy::Recipient;
use domain::mark::{Mark, Readers};
use domain::meeting::{
    Area, Command, ContingencyDraft, ConversationDraft, MeetingPart, OptionDraft, Owner, Position, Route, StepDraft,
    Wording,
};
use domain::record::{Record, RecordPart};
use domain::{ContingencyId, ConversationId, OptionId, PassageId, PersonId, StepId, WorkerId};
use interchange::out::{Fhir, Folder, Hackney, Handed, Http, Parcel, Target};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A word that stands in one part only, and who may read that part.
#[derive(Debug, Clone)]
struct Canary {
    word: String,
    /// Only these; everybody of the team where absent.
    readers: Option<BTreeSet<WorkerId>>,
}

impl Canary {
    fn is_for(&self, reader: WorkerId) -> bool {
        self.readers.as_ref().is_none_or(|readers| readers.contains(&reader))
    }
}

/// A family under discussion, with a marked word in each part.
struct Scene {
    world: World,
    /// The person of the family for whom no copy holds the marked parts.
    adult: PersonId,
    adult_name: String,
    writer: WorkerId,
    /// The colleague for whom the writer keeps words.
    colleague: WorkerId,
    /// Somebody else who takes part.
    other: WorkerId,
    canaries: Vec<Canary>,
}

impl Scene {
    async fn new(world: World) -> Self {
        world.act(world.chair, Command::EverybodyHere { slot: world.slot }).await;
        let chair = world.service.viewer(world.chair).await.unwrap();
        let service = &world.service;
        let adults = allowed!(service, service.family_reader(&chair, world.family).await, family()).unwrap().adults;
        let (adult, adult_name, writer) = (adults[0].id, adults[0].name.clone(), world.worker);
        let colleague = crate::place::worker(service, "7008").await;
        let other = crate::place::worker(service, "7010").await;
        Self { world, adult, adult_name, writer, colleague, other, canaries: Vec::new() }
    }

    /// A new word: kept for the writer and one colleague, or never in copies for the adult.
    fn word(&mut self, part: &str, only: bool) -> String {
        let word = format!("Quince{}{}", part, if only { "Only" } else { "Never" });
        let readers = only.then(|| [self.writer, self.colleague].into());
        self.canaries.push(Canary { word: word.clone(), readers });
        word
    }

    /// Marks a part, and says why: whoever does not read the part does not read that either, and no copy says it.
    async fn mark(&mut self, by: WorkerId, part: MeetingPart, only: bool) {
        let reason = self.word(&format!("Reason{}", self.canaries.len()), only);
        let readers = if only { Readers::Only { workers: [self.colleague].into() } } else { Readers::Team };
        let not_in_copies_for = if only { BTreeSet::new() } else { [self.adult].into() };
        self.world.act(by, Command::Mark { slot: self.world.slot, part, readers, not_in_copies_for, reason }).await;
    }

    async fn types(&self, by: WorkerId, area: Area, text: &str) {
        let service = &self.world.service;
        let viewer = service.viewer(by).await.unwrap();
        let pens = allowed!(service, service.meeting_reader(&viewer, self.world.meeting).await, pens()).unwrap();
        let update = domain::prose::Prose::with_pen(pens[0].pen).rewrite(text);
        self.world.act(by, Command::Type { slot: self.world.slot, area, update, pen: pens[0].pen }).await;
    }

    /// Boxes: the writer's own, a colleague's with a passage, one that stays hidden, and those of the whole group.
    async fn boxes(&mut self) {
        let (slot, writer, colleague, other) = (self.world.slot, self.writer, self.colleague, self.other);
        let kept = self.word("Analysis", true);
        self.types(writer, Area::Analysis(writer), &kept).await;
        self.mark(writer, MeetingPart::Box(Area::Analysis(writer)), true).await;
        let passage = self.word("Passage", false);
        self.types(colleague, Area::Analysis(colleague), &format!("Plainly said. {passage}.")).await;
        let passage = Command::MarkPassage {
            slot,
            area: Area::Analysis(colleague),
            passage: PassageId::new(self.world.service.new_uuid()),
            words: passage,
            not_in_copies_for: [self.adult].into(),
            reason: self.word("ReasonOfPassage", false),
        };
        self.world.act(colleague, passage).await;
        let hidden = "QuinceHidden".to_owned();
        self.types(other, Area::Analysis(other), &hidden).await;
        self.world.act(other, Command::Hide { slot }).await;
        self.canaries.push(Canary { word: hidden, readers: Some([other].into()) });
        for child in self.children().await.into_iter().take(1) {
            for (area, part) in [(Area::Meaning(child), "Meaning"), (Area::Life(child), "Life")] {
                let text = self.word(part, false);
                self.types(writer, area, &text).await;
                self.mark(writer, MeetingPart::Box(area), false).await;
            }
        }
    }

    async fn children(&self) -> Vec<PersonId> {
        let service = &self.world.service;
        let chair = service.viewer(self.world.chair).await.unwrap();
        let page = allowed!(service, service.meeting_reader(&chair, self.world.meeting).await, meeting_page(None));
        page.unwrap().room.slot(self.world.slot).unwrap().children.iter().copied().collect()
    }

    /// What is written as items, each once under each mark.
    async fn items(&mut self) {
        let (slot, writer) = (self.world.slot, self.writer);
        for only in [true, false] {
            let option = OptionId::new(self.world.service.new_uuid());
            let draft = OptionDraft { child: None, what: self.word("Option", only) };
            self.world.act(writer, Command::ConsiderOption { slot, option, draft }).await;
            self.mark(writer, MeetingPart::Option(option), only).await;
            let contingency = ContingencyId::new(self.world.service.new_uuid());
            let happens = self.word("Happens", only);
            let draft = ContingencyDraft { child: None, happens, then: self.word("Then", only) };
            self.world.act(writer, Command::AgreeContingency { slot, contingency, draft }).await;
            self.mark(writer, MeetingPart::Contingency(contingency), only).await;
            let conversation = ConversationId::new(self.world.service.new_uuid());
            let draft = ConversationDraft {
                worker: writer,
                with: self.adult_name.clone(),
                process: None,
                explore: self.word("Explore", only),
                own_words: self.word("Words", only),
                own_number: self.word("Number", only),
            };
            self.world.act(writer, Command::AgreeConversation { slot, conversation, draft }).await;
            self.mark(writer, MeetingPart::Conversation(conversation), only).await;
        }
        let step = StepId::new(self.world.service.new_uuid());
        let draft = StepDraft {
            what: self.word("Step", false),
            owner: Owner::Worker { worker: writer },
            with: self.word("StepWith", false),
            due: chrono::NaiveDate::from_ymd_opt(2026, 12, 8),
            children: BTreeSet::new(),
            measure: self.word("Measure", false),
        };
        self.world.act(writer, Command::AddStep { slot, step, draft }).await;
        self.mark(writer, MeetingPart::Step(step), false).await;
    }

    /// A decision whose reason is never for the adult; one stance of each mark.
    async fn decision(&mut self) {
        let (slot, decision) = (self.world.slot, decision(&self.world).await);
        let wording = Wording {
            kind: "continue".into(),
            route: Route::DecidedHere,
            what: String::new(),
            why: self.word("Why", false),
        };
        self.world.act(self.world.chair, Command::Word { slot, decision, revision: 0, wording }).await;
        self.mark(self.writer, MeetingPart::Reason(decision), false).await;
        for (worker, only) in [(self.writer, true), (self.colleague, false)] {
            let reason = self.word("Stance", only);
            let position = Position::Disagree;
            self.world.act(worker, Command::Stand { slot, decision, revision: 1, worker, position, reason }).await;
            self.mark(worker, MeetingPart::Stance(decision, worker), only).await;
        }
        self.world.act(self.world.chair, Command::Confirm { slot, decision, revision: 1, then: None }).await;
    }

    /// The record of a child whose life and meaning are marked by nobody.
    async fn open_record(&self) -> Record {
        let child = self.children().await[1];
        records(&self.world).await.into_iter().find(|record| record.child == child).unwrap()
    }

    /// Corrections that were asked for, and words added after signing.
    async fn added_to(&mut self, signed: bool) {
        let service = self.world.service.clone();
        let (chair, writer) =
            (service.viewer(self.world.chair).await.unwrap(), service.viewer(self.writer).await.unwrap());
        let record = self.open_record().await.id;
        for only in [true, false] {
            let text = self.word(if signed { "Addendum" } else { "Correction" }, only);
            let readers = if only { Readers::Only { workers: [self.colleague].into() } } else { Readers::Team };
            let not_in_copies_for = if only { BTreeSet::new() } else { [self.adult].into() };
            let reason = self.word(if signed { "ReasonAdded" } else { "ReasonCorrected" }, only);
            let mark = Mark { readers, not_in_copies_for, reason, ..Mark::default() };
            let reader = service.record_reader(&writer, record).await;
            let part = if signed {
                allowed!(service, reader, ask_addendum("it was forgotten", &text)).unwrap();
                let addenda = self.open_record().await.life.addenda;
                let addendum = addenda.into_iter().find(|addendum| addendum.text.content == text).unwrap().id;
                RecordPart::Addendum { addendum }
            } else {
                let asked_of = if only { RecordPart::Stance { worker: self.writer } } else { RecordPart::Life };
                allowed!(service, reader, ask_correction(asked_of, &text)).unwrap();
                let corrections = self.open_record().await.life.corrections;
                let correction = corrections.into_iter().find(|asked| asked.text.content == text).unwrap().id;
                RecordPart::Correction { correction }
            };
            allowed!(service, service.record_reader(&writer, record).await, mark_part(part, &mark)).unwrap();
            // Nobody takes what they may not read.
            let answered = match part {
                RecordPart::Addendum { addendum } => {
                    let manager = service.record_manager(&chair, record).await;
                    allowed!(service, manager, answer_addendum(addendum, true, ""))
                }
                RecordPart::Correction { correction } => {
                    let keeper = service.record_keeper(&chair, record).await;
                    let taken = allowed!(service, keeper, answer_correction(correction, true, ""));
                    if only {
                        let keeper = service.record_keeper(&chair, record).await;
                        allowed!(service, keeper, answer_correction(correction, false, "ask me")).unwrap();
                    }
                    taken
                }
                other => panic!("{other:?}"),
            };
            assert_eq!(answered.is_err(), only, "{text}: {answered:?}");
        }
    }

    /// Nothing that `reader` may not read stands in `text`.
    fn holds_only_theirs(&self, what: &str, reader: WorkerId, text: &str) {
        for canary in self.canaries.iter().filter(|canary| !canary.is_for(reader)) {
            assert!(!text.contains(&canary.word), "{} in {what} by {reader}: {text}", canary.word);
        }
    }

    /// Nothing that is marked for anybody stands in `text`.
    fn holds_nothing_marked(&self, what: &str, text: &str) {
        for canary in &self.canaries {
            assert!(!text.contains(&canary.word), "{} in {what}: {text}", canary.word);
        }
    }

    async fn pages(&self, reader: WorkerId) {
        let (service, world) = (&self.world.service, &self.world);
        let viewer = service.viewer(reader).await.unwrap();
        let (router, token) = (router(service), token(service, reader).await);
        let page = allowed!(service, service.meeting_reader(&viewer, world.meeting).await, meeting_page(None)).unwrap();
        self.holds_only_theirs("the meeting's page", reader, &serde_json::to_string(&page).unwrap());
        let mut addresses = vec![
            format!("/meetings/{}", world.meeting),
            format!("/meetings/{}/minutes", world.meeting),
            format!("/families/{}", world.family),
            format!("/families/{}/messages/{}", world.family, world.meeting),
        ];
        for record in records(world).await {
            addresses.push(format!("/records/{}", record.id));
            if let Ok((_, seen)) = allowed!(service, service.record_reader(&viewer, record.id).await, record()) {
                self.holds_only_theirs("a record", reader, &serde_json::to_string(&seen).unwrap());
            }
        }
        for address in addresses {
            let (_, _, body, _) = send(&router, get(&address, Some(&token))).await;
            self.holds_only_theirs(&address, reader, &body);
        }
    }

    async fn minutes(&self, reader: WorkerId) {
        let service = &self.world.service;
        let viewer = service.viewer(reader).await.unwrap();
        for (format, _) in service::record::copy::FORMATS {
            let meeting = service.meeting_reader(&viewer, self.world.meeting).await;
            let minutes = allowed!(service, meeting, minutes(ADDRESS, None, format)).unwrap();
            let printed = service.print(domain::document::of_minutes(&minutes), format).await.unwrap();
            self.holds_only_theirs(&format!("minutes as {format}"), reader, &readable(format, &printed));
        }
    }

    /// Copies for a worker's own agency hold that worker's words and no other's that are marked.
    async fn copies(&self, reader: WorkerId, recipient: Recipient) {
        let service = &self.world.service;
        let viewer = service.viewer(reader).await.unwrap();
        for record in records(&self.world).await {
            let made =
                allowed!(service, service.record_reader(&viewer, record.id).await, preview_copy(ADDRESS, recipient))
                    .unwrap();
            self.holds_only_theirs("a preview", reader, &format!("{made:?}"));
            for (format, _) in service::record::copy::FORMATS {
                let copied = service.record_reader(&viewer, record.id).await;
                let (bytes, _, name) = allowed!(service, copied, print_copy(ADDRESS, recipient, format, true)).unwrap();
                let text = name + &readable(format, &bytes);
                self.holds_only_theirs(&format!("a copy for {recipient:?} as {format}"), reader, &text);
            }
        }
    }

    async fn archive(&self, maker: WorkerId) {
        let service = &self.world.service;
        let viewer = service.viewer(maker).await.unwrap();
        for record in records(&self.world).await {
            let family = service.family_manager(&viewer, self.world.family).await;
            let mut archive =
                allowed!(service, family, archive(confirmed(service, maker).await, ADDRESS, record.child)).unwrap();
            while let Some(file) = archive.files.recv().await {
                let (name, bytes) = file.unwrap();
                let text = readable(name.rsplit('.').next().unwrap_or_default(), &bytes);
                self.holds_only_theirs(&format!("{name} of an archive"), maker, &(name.clone() + &text));
            }
        }
    }

    /// What a parcel holds, and what each kind of system gets of it.
    async fn parcel(&self, parcel: Parcel) {
        self.holds_nothing_marked("a parcel", &serde_json::to_string(&parcel.sealed).unwrap());
        self.holds_nothing_marked("a parcel's PDF", &readable("pdf", parcel.pdf.as_ref().unwrap()));
        let bundle = Fhir::new("trust", "http://127.0.0.1:9", "", "urn:children").bundle(&parcel);
        assert!(bundle.to_string().contains("Continue with the plan"), "what is for all goes: {bundle}");
        assert!(!bundle.to_string().contains("></div>"), "a narrative without words is not allowed: {bundle}");
        self.holds_nothing_marked("a FHIR bundle", &bundle.to_string());
        let folder = tempfile::tempdir().unwrap();
        let requests = tokio::task::spawn_blocking({
            let path = folder.path().to_owned();
            move || {
                assert!(matches!(Folder::new("files", &path).hand_over(&parcel), Handed::Landed(_)));
                let (url, serving) = council(vec![OK, MADE, OK, OK]);
                let hackney = Hackney::new("viewer", url.trim_end_matches("/records"), "key", "a@b.example");
                assert!(matches!(hackney.hand_over(&parcel), Handed::Landed(_)));
                let mut requests = serving.join().unwrap();
                let (url, serving) =
                    council(vec!["HTTP/1.1 201 Made\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok"]);
                assert!(matches!(Http::new("case", &url, b"secret", || 1).hand_over(&parcel), Handed::Landed(_)));
                requests.extend(serving.join().unwrap());
                requests
            }
        })
        .await
        .unwrap();
        let for_all = |request: &&String| request.contains("Continue with the plan");
        assert_eq!(requests.iter().filter(for_all).count(), 2, "{requests:?}");
        requests.iter().for_each(|request| self.holds_nothing_marked("a request", request));
        for child in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir())
        {
            for file in std::fs::read_dir(child.path()).unwrap().map(Result::unwrap) {
                let name = file.file_name().into_string().unwrap();
                let bytes = std::fs::read(file.path()).unwrap();
                let text = readable(name.rsplit('.').next().unwrap_or_default(), &bytes);
                self.holds_nothing_marked("a file of a folder", &(name + &text));
            }
        }
    }
}

on_both_engines!(no_part_under_any_mark_reaches_somebody_it_is_kept_from_in_any_output);
async fn no_part_under_any_mark_reaches_somebody_it_is_kept_from_in_any_output(place: Place) {
    drop(place.service().await);
    let shelf = Arc::new(Shelf::default());
    let mut scene = Scene::new(full_on(with_shelf(&place, &shelf).await).await).await;
    scene.boxes().await;
    scene.items().await;
    scene.decision().await;
    let (chair, record_taker) = (scene.world.chair, scene.world.record_taker);
    let readers = [chair, record_taker, scene.writer, scene.colleague, scene.other];
    for reader in readers {
        scene.pages(reader).await;
    }
    scene.world.act(chair, Command::Finish { slot: scene.world.slot }).await;
    scene.added_to(false).await;
    for reader in readers {
        scene.pages(reader).await;
        scene.minutes(reader).await;
    }
    sign(&scene.world, chair).await.unwrap();
    scene.added_to(true).await;
    until(&scene.world, |states| {
        states.iter().all(|state| state.starts_with("landed") || state.starts_with("withdrawn"))
    })
    .await;
    for reader in readers {
        scene.pages(reader).await;
        scene.minutes(reader).await;
    }
    for recipient in [Recipient::ChildFile, Recipient::Inspector, Recipient::Partner(scene.writer)] {
        scene.copies(chair, recipient).await;
    }
    for worker in [scene.writer, scene.colleague] {
        scene.copies(worker, Recipient::Partner(worker)).await;
    }
    scene.archive(chair).await;
    // Each word is there for whom it is meant: the search would find it.
    let writer = scene.world.service.viewer(scene.writer).await.unwrap();
    let other = scene.world.service.viewer(scene.other).await.unwrap();
    let mut held = String::new();
    for record in records(&scene.world).await {
        for viewer in [&writer, &other] {
            let reader = scene.world.service.record_reader(viewer, record.id).await;
            let (_, seen) = allowed!(scene.world.service, reader, record()).unwrap();
            held.push_str(&serde_json::to_string(&seen).unwrap());
        }
    }
    for canary in &scene.canaries {
        assert!(held.contains(&canary.word), "{} is read by those for whom it is", canary.word);
    }
    assert_eq!(scene.canaries.len(), 45);
    let parcels = shelf.taken.lock().unwrap().clone();
    assert!(!parcels.is_empty());
    for parcel in parcels {
        scene.parcel(parcel).await;
    }
}

on_both_engines!(what_copies_leave_out_of_a_step_is_not_in_the_next_record_either);
async fn what_copies_leave_out_of_a_step_is_not_in_the_next_record_either(place: Place) {
    let world = World::started(place.service().await).await;
    crate::record::finish(&world).await;
    let record = records(&world).await.remove(0);
    let (step, words) = (record.steps[0].step, record.steps[0].what.clone());
    let chair = world.service.viewer(world.chair).await.unwrap();
    let mark = Mark { not_in_copies_for: [record.child].into(), ..Mark::default() };
    let reader = world.service.record_reader(&chair, record.id).await;
    allowed!(world.service, reader, mark_part(RecordPart::Step { step }, &mark)).unwrap();
    let next = World::planned_with(world.service, "light").await;
    next.act(next.chair, Command::Open).await;
    let decision = domain::DecisionId::new(next.service.new_uuid());
    next.act(next.chair, Command::Start { slot: next.slot, seen: None, decision }).await;
    let (became, word) = (domain::meeting::Became::Done, String::new());
    next.act(next.chair, Command::AnswerLastStep { slot: next.slot, step, became, due: None, word }).await;
    next.act(next.chair, Command::Finish { slot: next.slot }).await;
    let drafted = records(&next).await.into_iter().filter(|drafted| drafted.meeting == next.meeting);
    let drafted = drafted.collect::<Vec<_>>();
    assert!(!drafted.is_empty() && drafted.iter().all(|record| record.last_steps.len() == 1), "the step is spoken of");
    let said = serde_json::to_string(&drafted).unwrap();
    assert!(!said.contains(&words) && said.contains("a step that some copies leave out"), "{said}");
}
