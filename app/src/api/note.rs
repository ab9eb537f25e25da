//! The record-taker's running note, and the month's question.

use leptos::prelude::*;

/// Notes a line, takes one away, or files all whose speaker is known.
#[server(prefix = "/api", endpoint = "meeting/note")]
pub async fn keep_note(
    #[server(default)] meeting: String, #[server(default)] slot: String, #[server(default)] act: String,
    #[server(default)] text: String, #[server(default)] note: String,
) -> Result<(), ServerFnError> {
    use crate::visit;
    use domain::page::NoteAct;
    use service::ServiceError;
    let back = meeting
        .parse::<domain::MeetingId>()
        .map_or_else(|_| "/meetings".to_owned(), |id| format!("/meetings/{id}/notes?family={slot}"));
    let result = async {
        let visit = visit::visit()?;
        let keeper = visit.service.note_keeper(&visit.viewer, visit::id(&meeting)?).await?;
        let of = visit::id(&slot)?;
        let act = match act.as_str() {
            "file" => NoteAct::File,
            "checked" => NoteAct::Checked { note: visit::id(&note)? },
            "forget" => NoteAct::Forget { note: visit::id(&note)? },
            "" | "note" => NoteAct::Note { id: None, text: text.clone() },
            _ => return Err(ServiceError::field("text", "This page is out of date. Reload it and try again.")),
        };
        visit.service.act_on_notes(keeper, of, act).await
    };
    let fields = [("text", text.as_str())];
    visit::answer(result.await, |()| back.clone(), &back, &fields).await
}

/// "Did we reach the right decisions?", once a month, counted without its giver.
#[server(prefix = "/api", endpoint = "team/opinion")]
pub async fn say_opinion(
    #[server(default)] team: String, #[server(default)] answer: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let team = visit::id(&team)?;
        visit.service.say_afterwards(&visit.viewer, team, &answer).await
    };
    let words = "Counted, without your name. Thank you.";
    visit::answer(result.await, |()| done(words, "/meetings"), "/meetings", &[]).await
}
