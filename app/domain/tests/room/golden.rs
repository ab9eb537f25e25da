//! The journals of released versions still mean what they meant.

use crate::features::{
    agree_contingency, agree_conversation, agree_next_date, answer_last_step, bring_back, consider, contingency,
    conversation, option, remove, risk, take_back_attendance, take_back_last_step,
};
use crate::world::{CHAIR, Step, What, run, slot, start};
use domain::meeting::{Attendance, Became, Command, Entry, Event, Removable, Room};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Something of everything that can happen in a meeting.
fn everything() -> Vec<Step> {
    let chair = |what| Step { by: CHAIR, what };
    let by = |by, what| Step { by, what };
    let feature = |by, command| Step { by, what: What::Feature(command) };
    vec![
        chair(What::Replan(1)),
        chair(What::Open),
        chair(What::Start(0)),
        chair(What::Pause(0)),
        chair(What::Resume(0)),
        chair(What::CallBreak(10)),
        chair(What::EndBreak),
        chair(What::Stage(0, 1)),
        chair(What::Everybody(0)),
        chair(What::Attend(0, 4, 2)),
        chair(What::Attend(0, 4, 4)),
        feature(0, take_back_attendance(0, 4, Attendance::SentWords)),
        chair(What::BringIn(0, 5)),
        chair(What::BringIn(0, 3)),
        chair(What::TakeBackBringIn(0, 3)),
        by(2, What::Type(0, 2, "Ivy laughs 🌱".into())),
        chair(What::Type(0, 4, "sent by e-mail: mae hi'n hapus".into())),
        by(2, What::Meaning(0, 0, "calmer mornings".into())),
        by(2, What::Mark(0, 2, 1)),
        by(2, What::Passage(0, 2, 3, false)),
        by(4, What::Seal(0)),
        chair(What::Reveal(0)),
        by(4, What::StandOut(0, true)),
        by(4, What::StandOut(0, false)),
        chair(What::Word(0, false, "steady".into(), false)),
        by(2, What::Stand(0, 2, 1)),
        chair(What::AllAgree(0)),
        chair(What::Word(0, true, "not steady".into(), false)),
        chair(What::Split(0, 0, 10)),
        chair(What::Join(0)),
        chair(What::AllAgree(0)),
        chair(What::Confirm(0)),
        chair(What::AddStep(0, 0, 2)),
        chair(What::AddStep(0, 1, 4)),
        by(2, What::ChangeStep(0, 0, 4)),
        chair(What::RemoveStep(0, 1)),
        by(2, What::Life(0, 0, "mornings are calmer".into())),
        by(2, What::Give(0, 2, 4)),
        by(4, What::Give(0, 4, 11)),
        chair(What::RevealScales(0)),
        feature(0, Command::WordScales { slot: slot(0), words: "We see mornings differently".into() }),
        feature(
            2,
            Command::AskQuestion {
                slot: slot(0),
                question: "What would make a morning calm?".into(),
                seen: String::new(),
            },
        ),
        feature(2, answer_last_step(0, Became::Done, "")),
        feature(2, take_back_last_step(0)),
        feature(2, answer_last_step(0, Became::Carried, "the school was closed")),
        feature(2, agree_conversation(0, "what mornings are like")),
        feature(2, consider(0, "wait a month")),
        feature(0, agree_contingency(0, "he comes to the house")),
        feature(0, remove(0, Removable::Option(option()))),
        feature(0, remove(0, Removable::Contingency(contingency()))),
        feature(0, remove(0, Removable::Conversation(conversation()))),
        feature(0, bring_back(0, Removable::Conversation(conversation()))),
        feature(0, bring_back(0, Removable::Option(option()))),
        feature(0, bring_back(0, Removable::Contingency(contingency()))),
        feature(4, Command::RaiseRisk { slot: slot(0), risk: risk(), what: "He is at the door".into() }),
        feature(0, Command::AcknowledgeRisk { slot: slot(0), risk: risk() }),
        feature(0, agree_next_date(0)),
        chair(What::Record(Some(2))),
        chair(What::Finish(0)),
        feature(0, Command::Reopen { slot: slot(0) }),
        chair(What::Finish(0)),
        chair(What::Chair(4)),
        by(6, What::TakeOver),
        by(6, What::Start(1)),
        by(6, What::Postpone(1)),
        by(6, What::Close),
    ]
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/room/golden")
}

fn kinds(journal: &[Entry<Event>]) -> BTreeSet<String> {
    let kind = |entry: &Entry<Event>| match serde_json::to_value(&entry.event).unwrap() {
        serde_json::Value::Object(object) => object.keys().next().unwrap().clone(),
        plain => plain.as_str().unwrap().to_owned(),
    };
    journal.iter().map(kind).collect()
}

#[test]
fn journals_of_every_release_fold_into_the_rooms_they_made() {
    let mut releases = 0;
    for path in std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path()) {
        let Some(version) = path.file_name().unwrap().to_str().unwrap().strip_suffix(".journal.json") else { continue };
        let journal: Vec<Entry<Event>> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let room = std::fs::read_to_string(folder().join(format!("{version}.room.json"))).unwrap();
        let room: Room = serde_json::from_str(&room).unwrap();
        assert_eq!(Room::fold(&journal), Some(room), "{version}");
        releases += 1;
    }
    assert!(releases > 0, "no golden journal; \"make golden\" writes one");
}

/// An event without a line in a golden journal could change its meaning unnoticed.
#[test]
fn everything_that_can_happen_is_in_this_versions_golden_journal() {
    let (mut journal, _) = run(&everything(), |_, _| {});
    // Nobody asks for it in a meeting: retention writes it.
    let destroyed = Event::Destroyed { slot: slot(0) };
    let seq = journal.len() as i64 + 1;
    journal.push(Entry { seq, at: start(), by: journal[0].by, event: destroyed });
    let room = Room::fold(&journal).unwrap();
    let file = |kind: &str| folder().join(format!("{}.{kind}.json", env!("CARGO_PKG_VERSION")));
    if std::env::var_os("WRITE_GOLDEN").is_some() {
        std::fs::write(file("journal"), serde_json::to_string_pretty(&journal).unwrap()).unwrap();
        std::fs::write(file("room"), serde_json::to_string_pretty(&room).unwrap()).unwrap();
    }
    let written: Vec<Entry<Event>> = serde_json::from_str(&std::fs::read_to_string(file("journal")).unwrap()).unwrap();
    assert_eq!(kinds(&written), kinds(&journal), "run \"make golden\" and look at what changed");
    assert_eq!(kinds(&written).len(), Event::KINDS, "an event is missing from the scenario");
}
