//! Who was there and how, who ran the meeting, in words.

use super::{Block, Section, parts};
use crate::dates;
use crate::meeting::{Attendance, MeetingRole, Presence};
use crate::record::{Present, Record, RecordHandover, RecordReopening};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// Whether a document names the people who stepped out of a discussion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SteppedOut {
    /// The child's own file and whoever checks how a decision came about.
    Named,
    /// Readers who do not need it.
    NotNamed,
}

/// What is said of somebody of whom nothing is known but that they were expected.
const NOT_MARKED: &str = "attendance not marked";

/// "R. Lund, social worker: in the room".
fn present_words(present: &Present, roll_call: Option<DateTime<Utc>>, stepped_out: SteppedOut) -> String {
    let brought = present.brought_in.as_ref().map(|why| format!(" (brought in: {why})")).unwrap_or_default();
    format!("{}: {}{brought}", present.who.in_words(), took_part_words(present, roll_call, stepped_out))
}

/// "chaired, in the room", "attendance not marked, no analysis recorded".
fn took_part_words(present: &Present, roll_call: Option<DateTime<Utc>>, stepped_out: SteppedOut) -> String {
    let mut words: Vec<String> = present.roles.iter().map(|role| role_words(*role).to_owned()).collect();
    match how_words(present, roll_call) {
        how if how.is_empty() && words.is_empty() => words.push(NOT_MARKED.to_owned()),
        how => words.extend(how),
    }
    if present.no_view {
        words.push("no analysis recorded".to_owned());
    }
    if stepped_out == SteppedOut::Named {
        words.extend(stepped_out_words(present));
    }
    words.join(", ")
}

const fn role_words(role: MeetingRole) -> &'static str {
    match role {
        MeetingRole::Chairing => "chaired",
        // Who was planned to take the record need not have come, and is not marked as others are.
        MeetingRole::RecordTaking => "record-taker",
    }
}

/// A mark that is changed this soon was a slip.
const SLIP: TimeDelta = TimeDelta::minutes(2);

/// Going round to mark who is there takes no longer than this; who is marked later may have come later.
const ROLL_CALL: TimeDelta = TimeDelta::minutes(5);

/// When the first of all was marked as there, or as away.
fn roll_call(attendance: &[Present]) -> Option<DateTime<Utc>> {
    let marked = attendance.iter().flat_map(|present| &present.times);
    marked.filter(|time| matches!(time.what, Presence::Attends(_))).map(|time| time.at).min()
}

/// How they took part, in order: "on the call, left at 10:40, back in the room at 10:55". Who was marked once, with the
/// others, has no times.
fn how_words(present: &Present, roll_call: Option<DateTime<Utc>>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<(DateTime<Utc>, Attendance)> = None;
    for time in &present.times {
        let Presence::Attends(how) = time.what else { continue };
        let at = dates::clock(time.at);
        let slip = before.is_some_and(|(since, _)| time.at - since < SLIP);
        match (before.map(|(_, before)| before), how) {
            (Some(same), how) if same == how => continue,
            // Whoever was away was marked as there by everybody's press.
            (_, Attendance::SentWords | Attendance::Apologies) => words = vec![how.title()],
            (_, Attendance::Left { .. }) => words.push(format!("left at {at}")),
            (None, _) if roll_call.is_some_and(|called| time.at - called > ROLL_CALL) => {
                words.push(format!("{} (marked at {at})", how.title()));
            }
            (None, _) => words.push(how.title()),
            (Some(Attendance::Left { .. }), _) => words.push(format!("back {} at {at}", how.title())),
            (Some(_), _) if slip => {
                words.pop();
                words.push(how.title());
            }
            (Some(Attendance::SentWords | Attendance::Apologies), _) => {
                words = vec![format!("{} from {at}", how.title())]
            }
            (Some(_), _) => words.push(format!("{} from {at}", how.title())),
        }
        before = Some((time.at, how));
    }
    if words.is_empty() { present.how.map(Attendance::title).into_iter().collect() } else { words }
}

fn stepped_out_words(present: &Present) -> Vec<String> {
    let words = present.times.iter().filter_map(|time| match time.what {
        Presence::SteppedOut => Some(format!("stepped out at {} for a conflict of interest", dates::clock(time.at))),
        Presence::CameBack => Some(format!("came back at {}", dates::clock(time.at))),
        Presence::Attends(_) => None,
    });
    words.collect()
}

/// "10:40: chairing went from Ada Okafor to R. Lund.": whoever had it need not be the one who handed it over.
#[must_use]
pub fn handover_words(change: &RecordHandover) -> String {
    let at = dates::clock(change.at);
    let what = change.what.title();
    match (&change.from, &change.to) {
        (_, Some(to)) if change.taken => format!("{at}: {} took over {what}.", to.name),
        (Some(from), Some(to)) => format!("{at}: {what} went from {} to {}.", from.name, to.name),
        (None, Some(to)) => format!("{at}: {what} went to {}.", to.name),
        (_, None) => format!("{at}: {what} went back to the chair."),
    }
}

/// Everybody who was expected, each with how they took part, one line each; nobody's stepping out is named.
#[must_use]
pub fn attendance_lines(record: &Record) -> Vec<String> {
    lines(&record.attendance, SteppedOut::NotNamed)
}

fn lines(attendance: &[Present], stepped_out: SteppedOut) -> Vec<String> {
    let called = roll_call(attendance);
    let mut lines = Vec::new();
    // Those of whom the same little is known stand in one line, after the others.
    let mut not_marked: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for present in attendance {
        let words = took_part_words(present, called, stepped_out);
        if words.starts_with(NOT_MARKED) && present.brought_in.is_none() {
            not_marked.entry(words).or_default().push(present.who.in_words());
        } else {
            lines.push(present_words(present, called, stepped_out));
        }
    }
    lines.extend(not_marked.into_iter().map(|(words, people)| format!("{}: {words}", people.join("; "))));
    lines
}

pub(super) fn section(record: &Record, level: u8, stepped_out: SteppedOut) -> Section {
    let place = if record.place.trim().is_empty() { String::new() } else { format!(", {}", record.place.trim()) };
    let from = record.began_at.map(|began| format!("from {} ", dates::clock(began))).unwrap_or_default();
    let when = format!("Discussed {from}to {}{place}.", dates::clock(record.drafted_at));
    let mut lines = lines(&record.attendance, stepped_out);
    let reopened = |again: &RecordReopening| {
        let (at, finished) = (dates::clock(again.at), dates::clock(again.finished_at));
        format!("{at}: {} reopened this discussion, which had been finished at {finished}.", again.who.name)
    };
    let handed = record.handovers.iter().map(|change| (change.at, handover_words(change)));
    let mut changes: Vec<_> = handed.chain(record.reopened.iter().map(|again| (again.at, reopened(again)))).collect();
    changes.sort();
    lines.extend(changes.into_iter().map(|(_, words)| words));
    // Beside what it corrects. Its words may say why somebody was not there: a partner's copy does not have them.
    if stepped_out == SteppedOut::Named {
        lines.extend(
            record.corrected.iter().filter(|corrected| parts::of_attendance(corrected)).map(parts::corrected_words),
        );
    }
    parts::section(level, "Attendance", vec![Block::Text(when), Block::List(lines)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WorkerId;
    use crate::record::{Named, PresenceTime};

    fn nine() -> DateTime<Utc> {
        "2026-11-24T09:00:00Z".parse().unwrap()
    }

    /// Somebody who was marked so at these minutes past nine.
    fn present(name: &str, marks: &[(i64, Attendance)]) -> Present {
        let time = |(minute, how): &(i64, Attendance)| PresenceTime {
            at: nine() + TimeDelta::minutes(*minute),
            what: Presence::Attends(*how),
        };
        Present {
            who: Named { worker: WorkerId::new(uuid::Uuid::nil()), name: name.into(), discipline: String::new() },
            how: marks.last().map(|(_, how)| *how),
            roles: Vec::new(),
            times: marks.iter().map(time).collect(),
            brought_in: None,
            no_view: false,
            still_out: false,
        }
    }

    /// How somebody took part who was marked so.
    fn words(marks: &[(i64, Attendance)]) -> String {
        how_words(&present("Nadia", marks), Some(nine())).join(", ")
    }

    #[test]
    fn those_of_whom_the_same_little_is_known_stand_in_one_line_after_the_others() {
        let silent = |name: &str| Present { no_view: true, ..present(name, &[]) };
        let people = [silent("Ada"), present("Ben", &[(1, Attendance::Room)]), silent("Cleo"), present("Dan", &[])];
        let expected = [
            "Ben: in the room",
            "Dan: attendance not marked",
            "Ada; Cleo: attendance not marked, no analysis recorded",
        ];
        assert_eq!(lines(&people, SteppedOut::NotNamed), expected);
        // Why somebody was brought in is said of them alone.
        let brought = Present { brought_in: Some("the school asked".into()), ..silent("Eve") };
        let one = "Eve: attendance not marked, no analysis recorded (brought in: the school asked)";
        assert_eq!(lines(&[brought], SteppedOut::NotNamed), [one]);
    }

    #[test]
    fn how_somebody_took_part_is_said_in_order_and_slips_are_not() {
        let left = Attendance::Left { at: "2026-11-24T09:45:00Z".parse().unwrap() };
        let (room, call, away) = (Attendance::Room, Attendance::Call, Attendance::Apologies);
        assert_eq!(words(&[]), "");
        assert_eq!(words(&[(3, call)]), "on the call");
        // The others were marked at nine; perhaps they came later.
        assert_eq!(words(&[(26, call)]), "on the call (marked at 09:26)");
        assert_eq!(
            words(&[(3, call), (45, left), (46, room)]),
            "on the call, left at 09:45, back in the room at 09:46"
        );
        assert_eq!(words(&[(3, room), (33, left)]), "in the room, left at 09:33");
        assert_eq!(words(&[(3, room), (31, call)]), "in the room, on the call from 09:31");
        assert_eq!(words(&[(3, away), (5, call)]), "on the call from 09:05");
        // Everybody's press marked them as there; nobody was.
        assert_eq!(words(&[(3, room), (31, away)]), "apologies");
        assert_eq!(words(&[(3, room), (4, call)]), "on the call");
        assert_eq!(words(&[(3, room), (40, room)]), "in the room");
    }
}
