//! What a form does for each outcome of its act: one row for each.

use crate::live::ActState;

/// What became of a form that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormOutcome {
    /// The meeting took it.
    Applied,
    /// The meeting refused it.
    Refused {
        /// What is wrong, and the remedy.
        text: String,
        /// The field it is about; empty for the whole form.
        field: String,
    },
    /// The server answered with a status that it would answer again.
    Status(String),
    /// No answer yet after a while.
    Slow,
    /// Nothing arrived, or the server asks to try again.
    Unreachable,
}

/// The kind of a form, as far as its reaction depends on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FormKind {
    /// It is sent at once or not at all: nobody would know that it waits.
    pub urgent: bool,
    /// It adds something, and is there for the next.
    pub adds: bool,
    /// It moves the room, and the page of whoever pressed it goes along.
    pub moves: bool,
}

/// What is said of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// What was done, with the way to undo it.
    Done,
    /// That it is not shared yet.
    NotYet,
    /// What was refused: beside the form, or where what was done is said if the form has gone.
    Refusal,
}

/// Where keyboard and screen reader go on, unless their person has gone on elsewhere meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goes {
    /// Where they are.
    Nowhere,
    /// To the field that the refusal is about.
    ToRefused,
    /// To the first field, for the next that is added.
    ToFirst,
    /// To the heading the room is at.
    ToScene,
}

/// What a form does for one outcome.
#[derive(Debug, PartialEq, Eq)]
pub struct Reaction {
    /// Its state from now on; absent where it is ready again.
    pub state: Option<ActState>,
    /// Whether its fields are emptied.
    pub empties: bool,
    /// Whether it is kept and sent by itself when the connection is back.
    pub waits: bool,
    /// What is said.
    pub says: Says,
    /// Where one goes on.
    pub goes: Goes,
}

/// What a form does for each outcome. What is urgent is never sent by itself later: its author would believe it was heard.
#[must_use]
pub fn reaction(outcome: FormOutcome, kind: FormKind) -> Reaction {
    let added = if kind.adds { Goes::ToFirst } else { Goes::Nowhere };
    let refused = |text: String, field: String, goes| Reaction {
        state: Some(ActState::Refused { text, field }),
        empties: false,
        waits: false,
        says: Says::Refusal,
        goes,
    };
    let waiting =
        |empties, waits, goes| Reaction { state: Some(ActState::Waiting), empties, waits, says: Says::NotYet, goes };
    match outcome {
        FormOutcome::Applied => Reaction {
            state: None,
            empties: kind.adds,
            waits: false,
            says: Says::Done,
            goes: if kind.moves { Goes::ToScene } else { added },
        },
        FormOutcome::Refused { text, field } => {
            let goes = if field.is_empty() { Goes::Nowhere } else { Goes::ToRefused };
            refused(text, field, goes)
        }
        FormOutcome::Status(text) => refused(text, String::new(), Goes::Nowhere),
        FormOutcome::Slow | FormOutcome::Unreachable if kind.urgent => {
            refused(NOT_SENT.to_owned(), String::new(), Goes::Nowhere)
        }
        FormOutcome::Slow => waiting(false, false, Goes::Nowhere),
        FormOutcome::Unreachable => waiting(kind.adds, true, added),
    }
}

/// Said of an urgent risk that did not arrive.
pub const NOT_SENT: &str = "NOT sent. Ring now.";
/// Said of what did not arrive and is sent later.
pub const NOT_YET: &str = "Not yet shared; it is sent by itself when the connection is back.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::act::STALE;

    #[test]
    fn every_outcome_of_every_form_has_its_reaction() {
        let refused = |field: &str| FormOutcome::Refused { text: "No.".to_owned(), field: field.to_owned() };
        let says = |text: &str, field: &str| Some(ActState::Refused { text: text.to_owned(), field: field.to_owned() });
        let waiting = Some(ActState::Waiting);
        let plain = FormKind::default();
        let adds = FormKind { adds: true, ..plain };
        let moves = FormKind { moves: true, ..plain };
        let urgent = FormKind { urgent: true, adds: true, ..plain };
        // The outcome, the form; its state, whether it is emptied, whether it waits, what is said, where one goes on.
        let table = [
            (FormOutcome::Applied, plain, None, false, false, Says::Done, Goes::Nowhere),
            (FormOutcome::Applied, adds, None, true, false, Says::Done, Goes::ToFirst),
            (FormOutcome::Applied, moves, None, false, false, Says::Done, Goes::ToScene),
            (FormOutcome::Applied, urgent, None, true, false, Says::Done, Goes::ToFirst),
            (refused("what"), plain, says("No.", "what"), false, false, Says::Refusal, Goes::ToRefused),
            (refused("what"), adds, says("No.", "what"), false, false, Says::Refusal, Goes::ToRefused),
            (refused(""), moves, says("No.", ""), false, false, Says::Refusal, Goes::Nowhere),
            (refused("what"), urgent, says("No.", "what"), false, false, Says::Refusal, Goes::ToRefused),
            // Stale: both values are in the text, and what was typed stays; sent again it is based on what was read.
            (refused(STALE), plain, says("No.", STALE), false, false, Says::Refusal, Goes::ToRefused),
            (
                FormOutcome::Status("Not sent.".into()),
                plain,
                says("Not sent.", ""),
                false,
                false,
                Says::Refusal,
                Goes::Nowhere,
            ),
            (
                FormOutcome::Status("Not sent.".into()),
                urgent,
                says("Not sent.", ""),
                false,
                false,
                Says::Refusal,
                Goes::Nowhere,
            ),
            (FormOutcome::Slow, plain, waiting.clone(), false, false, Says::NotYet, Goes::Nowhere),
            (FormOutcome::Slow, adds, waiting.clone(), false, false, Says::NotYet, Goes::Nowhere),
            (FormOutcome::Slow, urgent, says(NOT_SENT, ""), false, false, Says::Refusal, Goes::Nowhere),
            (FormOutcome::Unreachable, plain, waiting.clone(), false, true, Says::NotYet, Goes::Nowhere),
            (FormOutcome::Unreachable, adds, waiting.clone(), true, true, Says::NotYet, Goes::ToFirst),
            (FormOutcome::Unreachable, moves, waiting, false, true, Says::NotYet, Goes::Nowhere),
            (FormOutcome::Unreachable, urgent, says(NOT_SENT, ""), false, false, Says::Refusal, Goes::Nowhere),
        ];
        for (outcome, kind, state, empties, waits, says, goes) in table {
            let case = format!("{outcome:?} of {kind:?}");
            assert_eq!(reaction(outcome, kind), Reaction { state, empties, waits, says, goes }, "{case}");
        }
    }
}
