//! A short break: who calls it, whose clock stands still, and what ends it.

use crate::world::{CHAIR, Step, What, run, slot};
use domain::meeting::{Event, Progress};

fn happened(steps: &[(u8, What)]) -> (Vec<Event>, domain::meeting::Room) {
    let opened = [(CHAIR, What::Open), (CHAIR, What::Start(0))];
    let steps: Vec<Step> = opened.iter().chain(steps).map(|(by, what)| Step { by: *by, what: what.clone() }).collect();
    let (journal, room) = run(&steps, |_, _| {});
    (journal.into_iter().skip(3).map(|entry| entry.event).collect(), room)
}

fn runs(room: &domain::meeting::Room) -> bool {
    matches!(room.slot(slot(0)).unwrap().progress, Progress::InDiscussion { running_since: Some(_), .. })
}

#[test]
fn the_clock_stands_still_in_a_break_and_runs_on_after_it() {
    let (events, room) = happened(&[(CHAIR, What::CallBreak(10))]);
    let paused = Some(slot(0));
    assert_eq!(events, [Event::Paused { slot: slot(0) }, Event::BreakCalled { minutes: 10, paused }]);
    assert!(room.on_break.is_some() && !runs(&room));
    let (events, room) =
        happened(&[(CHAIR, What::CallBreak(10)), (CHAIR, What::CallBreak(5)), (CHAIR, What::EndBreak)]);
    assert_eq!(events[3..], [Event::BreakEnded, Event::Resumed { slot: slot(0) }], "a longer break is still one");
    assert!(room.on_break.is_none() && runs(&room));
}

#[test]
fn a_clock_that_stood_before_the_break_stands_after_it() {
    let (events, room) = happened(&[(CHAIR, What::Pause(0)), (CHAIR, What::CallBreak(10)), (CHAIR, What::EndBreak)]);
    assert_eq!(events[1..], [Event::BreakCalled { minutes: 10, paused: None }, Event::BreakEnded]);
    assert!(!runs(&room));
}

#[test]
fn the_room_goes_on_without_ending_the_break_first() {
    let (events, room) = happened(&[(CHAIR, What::CallBreak(10)), (CHAIR, What::Stage(0, 1))]);
    assert_eq!(events[2..4], [Event::BreakEnded, Event::Resumed { slot: slot(0) }]);
    assert!(room.on_break.is_none() && runs(&room));
    for ends in [What::Start(1), What::Finish(0), What::Postpone(0), What::Close] {
        let (_, room) = happened(&[(CHAIR, What::CallBreak(10)), (CHAIR, ends.clone())]);
        assert_eq!(room.on_break, None, "{ends:?}");
    }
}

#[test]
fn only_those_who_run_the_meeting_call_a_break_and_not_for_ever() {
    for refused in
        [(2, What::CallBreak(10)), (CHAIR, What::CallBreak(0)), (CHAIR, What::CallBreak(61)), (CHAIR, What::EndBreak)]
    {
        assert_eq!(happened(&[refused]).0, []);
    }
}
