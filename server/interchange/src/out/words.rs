//! What several of the council's systems are told in the same words.

use domain::meeting::Position;
use domain::record::{RecordDecision, RecordStance};

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
