//! What two people set at once: the later one reads what the other set, and sends theirs again to replace it.

use crate::place::{Place, World};
use chrono::NaiveDate;
use domain::meeting::{Command, Refusal};
use service::meeting::room::Outcome;

async fn set_at_once(first: Command, second: Command, again: Command, kept: &str) {
    let place = Place::sqlite();
    let world = World::started(place.service().await).await;
    let command = |command: &Command| match command.clone() {
        Command::AskQuestion { question, seen, .. } => Command::AskQuestion { slot: world.slot, question, seen },
        Command::AgreeNextDate { day, seen, .. } => Command::AgreeNextDate { slot: world.slot, day, seen },
        other => other,
    };
    world.act(world.chair, command(&first)).await;
    let outcome = world.try_act(world.chair, command(&second)).await;
    let Outcome::Refused { refusal: Refusal::Stale { now, .. } } = outcome else { panic!("{outcome:?}") };
    assert_eq!(now, kept);
    for taken in [&again, &again] {
        world.act(world.chair, command(taken)).await;
    }
    // What stands there already is no conflict.
    world.act(world.chair, command(&second)).await;
}

const NOWHERE: domain::SlotId = domain::SlotId::new(uuid::Uuid::nil());

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_replaced_only_by_somebody_who_has_read_it() {
    let ask = |question: &str, seen: &str| Command::AskQuestion {
        slot: NOWHERE,
        question: question.to_owned(),
        seen: seen.to_owned(),
    };
    let (safe, night) = ("What keeps Juno safe?", "Who is at home at night?");
    set_at_once(ask(safe, ""), ask(night, ""), ask(night, safe), safe).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_supervision_is_moved_only_by_somebody_who_has_read_its_date() {
    let day = |day| NaiveDate::from_ymd_opt(2026, 12, day);
    let agree = |now, seen| Command::AgreeNextDate { slot: NOWHERE, day: day(now), seen };
    set_at_once(agree(15, None), agree(16, None), agree(16, day(15)), "Tuesday 15 December 2026").await;
}
