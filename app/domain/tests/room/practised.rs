//! What people might do of the practice.

use crate::world::{child, start, step, worker};
use domain::meeting::Practised;
use domain::meeting::practice::{Became, Considered, Contingency, Conversation, Given, LastStep};
use proptest::prelude::*;

/// Somebody's number for the first child of a family; above ten they pass.
pub fn given(s: u8, w: u8, n: u8) -> Given {
    let number = (n <= 10).then_some(n);
    Given { scale: "safety".into(), child: Some(child(s * 2)), worker: worker(w), number, why: format!("because {n}") }
}

pub fn said(became: Became, word: &str) -> Practised {
    Practised::StepSaid(LastStep { step: step(90), what: "Ring".into(), became, word: word.into() })
}

pub fn conversation(explore: &str) -> Practised {
    Practised::Conversing(Conversation {
        id: step(91),
        worker: worker(2),
        with: "Maud".into(),
        process: "evoke".into(),
        explore: explore.into(),
        own_words: "I want mornings without shouting".into(),
        own_number: String::new(),
        by: None,
    })
}

pub fn considered(what: &str) -> Practised {
    Practised::Considered(Considered { id: step(93), child: Some(child(0)), what: what.into(), by: None })
}

pub fn contingency(happens: &str) -> Practised {
    let then = "grandmother comes and rings the duty team".into();
    Practised::Contingent(Contingency { id: step(94), child: None, happens: happens.into(), then, by: None })
}

pub fn practised() -> impl Strategy<Value = Practised> {
    prop_oneof![
        (0..4_usize, "[a-c]{0,3}").prop_map(|(n, word)| said(Became::ALL[n], &word)),
        "[a-c]{0,3}".prop_map(Practised::SpreadWorded),
        "[a-c]{0,3}".prop_map(|explore| conversation(&explore)),
        "[a-c]{0,3}".prop_map(|what| considered(&what)),
        "[a-c]{0,3}".prop_map(|happens| contingency(&happens)),
        prop_oneof![Just(91_u8), 93..95_u8].prop_map(|n| Practised::Withdrawn(step(n))),
        Just(Practised::NextOn(start().date_naive().succ_opt())),
        "[a-c]{0,3}".prop_map(|what| Practised::RiskRaised { id: step(92), what }),
        Just(Practised::RiskHeard(step(92))),
        Just(Practised::Gone),
    ]
}
