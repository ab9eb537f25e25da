//! What people might do beside typing and deciding, one builder per feature.

use crate::world::{child, id, slot, start, step, worker};
use domain::meeting::{
    Became, Command, ContingencyDraft, ConversationDraft, OptionDraft, Process, Removable, ScaleAnswer, ScaleValue,
};
use domain::{ContingencyId, ConversationId, OptionId, RiskId, StepId};
use proptest::prelude::*;

/// Somebody's answer about the first child of a family; above ten they pass.
pub fn answer(s: u8, w: u8, n: u8) -> ScaleAnswer {
    let answer = if n <= 10 { ScaleValue::Number(n) } else { ScaleValue::Passed };
    ScaleAnswer { scale: "safety".into(), child: Some(child(s * 2)), worker: worker(w), answer, why: why(s, w, n) }
}

/// A reason that is given nowhere else, nor by anybody else.
pub fn why(s: u8, w: u8, n: u8) -> String {
    format!("because of {s}/{w}/{n}!")
}

/// A step agreed in an earlier meeting.
pub fn earlier_step() -> StepId {
    StepId::new(id(6, 90))
}

pub fn option() -> OptionId {
    OptionId::new(id(10, 1))
}

pub fn contingency() -> ContingencyId {
    ContingencyId::new(id(11, 1))
}

pub fn conversation() -> ConversationId {
    ConversationId::new(id(12, 1))
}

pub fn risk() -> RiskId {
    RiskId::new(id(13, 1))
}

pub fn take_back_attendance(s: u8, who: u8, before: domain::meeting::Attendance) -> Command {
    Command::TakeBackAttendance { slot: slot(s), worker: worker(who), before }
}

pub fn take_back_last_step(s: u8) -> Command {
    Command::TakeBackLastStep { slot: slot(s), step: earlier_step() }
}

pub fn answer_last_step(s: u8, became: Became, word: &str) -> Command {
    Command::AnswerLastStep { slot: slot(s), step: earlier_step(), became, due: None, word: word.into() }
}

pub fn consider(s: u8, what: &str) -> Command {
    let draft = OptionDraft { child: Some(child(0)), what: what.into() };
    Command::ConsiderOption { slot: slot(s), option: option(), draft }
}

pub fn agree_contingency(s: u8, happens: &str) -> Command {
    let then = "grandmother comes and rings the duty team".into();
    let draft = ContingencyDraft { child: None, happens: happens.into(), then };
    Command::AgreeContingency { slot: slot(s), contingency: contingency(), draft }
}

pub fn agree_conversation(s: u8, explore: &str) -> Command {
    let draft = ConversationDraft {
        worker: worker(2),
        with: "Maud".into(),
        process: Some(Process::Evoke),
        explore: explore.into(),
        own_words: "I want mornings without shouting".into(),
        own_number: String::new(),
    };
    Command::AgreeConversation { slot: slot(s), conversation: conversation(), draft }
}

pub fn agree_next_date(s: u8) -> Command {
    Command::AgreeNextDate { slot: slot(s), day: start().date_naive().succ_opt(), seen: None }
}

pub fn remove(s: u8, part: Removable) -> Command {
    Command::Remove { slot: slot(s), part }
}

pub fn bring_back(s: u8, part: Removable) -> Command {
    Command::BringBack { slot: slot(s), part }
}

/// Any of these, for one family.
pub fn feature(s: u8) -> impl Strategy<Value = Command> {
    prop_oneof![
        "[a-c]{0,3}".prop_map(move |question| Command::AskQuestion { slot: slot(s), question, seen: String::new() }),
        (0..4_usize, "[a-c]{0,3}").prop_map(move |(n, word)| answer_last_step(s, Became::ALL[n], &word)),
        "[a-c]{0,3}".prop_map(move |words| Command::WordScales { slot: slot(s), words }),
        "[a-c]{0,3}".prop_map(move |what| consider(s, &what)),
        Just(remove(s, Removable::Option(option()))),
        Just(bring_back(s, Removable::Option(option()))),
        "[a-c]{0,3}".prop_map(move |happens| agree_contingency(s, &happens)),
        Just(remove(s, Removable::Contingency(contingency()))),
        Just(bring_back(s, Removable::Contingency(contingency()))),
        "[a-c]{0,3}".prop_map(move |explore| agree_conversation(s, &explore)),
        Just(remove(s, Removable::Conversation(conversation()))),
        Just(bring_back(s, Removable::Conversation(conversation()))),
        (0..6_u8).prop_map(move |n| bring_back(s, Removable::Step(step(n)))),
        Just(agree_next_date(s)),
        "[a-c]{0,3}".prop_map(move |what| Command::RaiseRisk { slot: slot(s), risk: risk(), what }),
        Just(Command::AcknowledgeRisk { slot: slot(s), risk: risk() }),
    ]
}
