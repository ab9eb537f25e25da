//! What several of the council's systems are told in the same words.

use domain::meeting::Position;
use domain::record::{Present, Record, RecordDecision, RecordStance};

/// Everybody who was expected, each with how they took part, one line each.
pub(super) fn who_took_part(record: &Record) -> Vec<String> {
    let how = |present: &Present| present.how.map_or_else(|| "not marked".to_owned(), |how| how.title());
    record.attendance.iter().map(|present| format!("{}: {}", present.who.in_words(), how(present))).collect()
}

/// Everybody who did not simply agree, each with the wording they answered where it was another one.
pub(super) fn who_thought_otherwise(decision: &RecordDecision) -> Vec<String> {
    let otherwise = decision.stances.iter().filter(|stance| stance.position != Position::Agree);
    let line = |stance: &RecordStance| {
        let on = stance.earlier_wording.as_ref().map(|wording| format!(" (on an earlier wording: “{wording}”)"));
        let said = format!("{}: {}{}", stance.who.in_words(), stance.position.title(), on.unwrap_or_default());
        if stance.reason.content.is_empty() { said } else { format!("{said}. {}", stance.reason.content) }
    };
    otherwise.map(line).collect()
}
