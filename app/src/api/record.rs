//! What becomes of a record after the meeting.

use leptos::prelude::*;

/// Asks for a part of a draft to read otherwise.
#[server(prefix = "/api", endpoint = "record/correct")]
pub async fn ask_correction(
    #[server(default)] record: String, #[server(default)] part: String, #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use domain::record::RecordPart;
    let result = async {
        let visit = visit::visit()?;
        let id = visit::id(&record)?;
        let part = RecordPart::chosen(&part).ok_or(service::ServiceError::NotFound)?;
        let reader = visit.service.record_reader(&visit.viewer, id).await?;
        visit.service.ask_correction(reader, part, &text).await
    };
    let back = back(&record);
    visit::answer(
        result.await,
        |()| done("Your correction is asked for. Whoever keeps the record takes it, or says why not.", back.clone()),
        &back,
        &[("part", &part), ("text", &text)],
    )
    .await
}

/// Marks a part: who reads it, and whom of the family a copy with it must not reach. `hidden` is "yes" where it stays
/// its writer's alone, as it was sealed.
#[server(prefix = "/api", endpoint = "record/mark")]
pub async fn mark_part(
    #[server(default)] record: String, #[server(default)] part: String, #[server(default)] readers: String,
    #[server(default)] who: Vec<String>, #[server(default)] people: Vec<String>, #[server(default)] hidden: String,
    #[server(default)] reason: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use domain::mark::{Mark, Readers};
    use domain::record::RecordPart;
    use std::collections::BTreeSet;
    let workers: Option<BTreeSet<domain::WorkerId>> = who.iter().map(|worker| worker.parse().ok()).collect();
    let people: Option<BTreeSet<domain::PersonId>> = people.iter().map(|person| person.parse().ok()).collect();
    let readers = match readers.as_str() {
        "team" => Some(Readers::Team),
        "only" => workers.map(|workers| Readers::Only { workers }),
        // An unknown word would take a protection away.
        _ => None,
    };
    let hidden_until_reveal = match hidden.as_str() {
        "yes" => Some(true),
        "" => Some(false),
        _ => None,
    };
    let mark =
        readers.zip(people).zip(hidden_until_reveal).map(|((readers, not_in_copies_for), hidden_until_reveal)| Mark {
            readers,
            hidden_until_reveal,
            not_in_copies_for,
            reason: reason.clone(),
        });
    let result = async {
        let visit = visit::visit()?;
        let id = visit::id(&record)?;
        let part = RecordPart::chosen(&part).ok_or(service::ServiceError::NotFound)?;
        let mark = mark.ok_or(service::ServiceError::NotFound)?;
        let reader = visit.service.record_reader(&visit.viewer, id).await?;
        visit.service.mark_part(reader, part, &mark).await
    };
    let back = back(&record);
    let again = format!("{back}?edit=yes");
    visit::answer(
        result.await,
        |()| done("Who may read this part is saved.", format!("{again}#mark-{part}")),
        &again,
        &[("reason", &reason)],
    )
    .await
}

/// Takes a correction, or says why not.
#[server(prefix = "/api", endpoint = "record/answer-correction")]
pub async fn answer_correction(
    #[server(default)] record: String, #[server(default)] correction: String, #[server(default)] taken: String,
    #[server(default)] word: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let id = visit::id(&record)?;
        let correction = visit::id(&correction)?;
        let taken = visit::yes(&taken)?;
        let keeper = visit.service.record_keeper(&visit.viewer, id).await?;
        visit.service.answer_correction(keeper, correction, taken, &word).await
    };
    let back = back(&record);
    visit::answer(
        result.await,
        |()| {
            done(
                if taken == "yes" { "The correction is taken." } else { "Your answer to the correction is saved." },
                back.clone(),
            )
        },
        &back,
        &[("word", &word)],
    )
    .await
}

/// What the manager decides for this child after the meeting.
#[server(prefix = "/api", endpoint = "record/decide")]
pub async fn decide(
    #[server(default)] record: String, #[server(default)] kind: String, #[server(default)] why: String,
) -> Result<(), ServerFnError> {
    let decided = domain::record::Completion::Decision {
        kind: kind.clone(),
        title: String::new(),
        route: String::new(),
        why: why.clone(),
    };
    complete(&record, Ok(decided), &[("kind", &kind), ("why", &why)]).await
}

/// The reason of the decision.
#[server(prefix = "/api", endpoint = "record/why")]
pub async fn give_why(#[server(default)] record: String, #[server(default)] why: String) -> Result<(), ServerFnError> {
    complete(&record, Ok(domain::record::Completion::Why { text: why.clone() }), &[("why", &why)]).await
}

/// Who does a step by when.
#[server(prefix = "/api", endpoint = "record/step")]
pub async fn complete_step(
    #[server(default)] record: String, #[server(default)] step: String, #[server(default)] owner: String,
    #[server(default)] due: String,
) -> Result<(), ServerFnError> {
    use service::ServiceError;
    let completion = async {
        let visit = crate::visit::visit()?;
        let id = step.parse().map_err(|_| ServiceError::NotFound)?;
        let wrong = |field: &str, message: String| ServiceError::field(&format!("{field}-{id}"), message);
        let day = domain::dates::parse(&due).map_err(|error| wrong("due", error.to_string()))?;
        let owner = owner.parse().map_err(|_| wrong("owner", "Choose who does it.".to_owned()))?;
        visit.service.step_completion(id, owner, day).await
    };
    complete(&record, completion.await, &[("due", &due)]).await
}

/// Why somebody thought otherwise; `none` where they were asked and gave no reason.
#[server(prefix = "/api", endpoint = "record/reason")]
pub async fn give_reason(
    #[server(default)] record: String, #[server(default)] worker: String, #[server(default)] reason: String,
    #[server(default)] none: String,
) -> Result<(), ServerFnError> {
    let completion = crate::visit::ticked(&none).and_then(|none| {
        let worker = worker.parse().map_err(|_| service::ServiceError::NotFound)?;
        Ok(domain::record::Completion::Reason { worker, given: (!none).then(|| reason.clone()) })
    });
    complete(&record, completion, &[("reason", &reason)]).await
}

#[cfg(feature = "ssr")]
async fn complete(
    record: &str, completion: Result<domain::record::Completion, service::ServiceError>, fields: &[(&str, &str)],
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::ServiceError;
    let result = async {
        let visit = visit::visit()?;
        let id = record.parse().map_err(|_| ServiceError::NotFound)?;
        let reader = visit.service.record_reader(&visit.viewer, id).await?;
        visit.service.complete(reader, completion?).await
    };
    let back = back(record);
    visit::answer(result.await, |()| done("Added to the record.", back.clone()), &back, fields).await
}

/// Signs all records of one family's discussion. `record` is the one whose page it was pressed on.
#[server(prefix = "/api", endpoint = "record/sign")]
pub async fn sign_records(
    #[server(default)] meeting: String, #[server(default)] family: String, #[server(default)] record: String,
    #[server(default)] read: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let meeting = visit::id(&meeting)?;
        let manager = visit.service.family_manager(&visit.viewer, visit::id(&family)?).await?;
        visit.service.sign(manager, meeting, Some(&read)).await
    };
    let back = back(&record);
    visit::answer(
        result.await,
        |()| done("The records are signed. Nothing in them changes any more.", back.clone()),
        &back,
        &[],
    )
    .await
}

/// Asks for something to be added to a signed record.
#[server(prefix = "/api", endpoint = "record/addendum")]
pub async fn ask_addendum(
    #[server(default)] record: String, #[server(default)] reason: String, #[server(default)] addendum: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let id = visit::id(&record)?;
        let reader = visit.service.record_reader(&visit.viewer, id).await?;
        visit.service.ask_addendum(reader, &reason, &addendum).await
    };
    let back = back(&record);
    visit::answer(
        result.await,
        |()| done("Your addition is asked for. The manager answers it.", back.clone()),
        &back,
        &[("reason", &reason), ("addendum", &addendum)],
    )
    .await
}

/// Accepts an addendum, or says why not.
#[server(prefix = "/api", endpoint = "record/answer-addendum")]
pub async fn answer_addendum(
    #[server(default)] record: String, #[server(default)] addendum: String, #[server(default)] taken: String,
    #[server(default)] word: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let id = visit::id(&record)?;
        let addendum = visit::id(&addendum)?;
        let taken = visit::yes(&taken)?;
        let manager = visit.service.record_manager(&visit.viewer, id).await?;
        visit.service.answer_addendum(manager, addendum, taken, &word).await
    };
    let back = back(&record);
    visit::answer(
        result.await,
        |()| {
            done(
                if taken == "yes" { "The addition is accepted." } else { "Your answer to the addition is saved." },
                back.clone(),
            )
        },
        &back,
        &[("word", &word)],
    )
    .await
}

/// Takes a dissent to the next place of the template's route.
#[server(prefix = "/api", endpoint = "record/take-dissent")]
pub async fn take_dissent(
    #[server(default)] record: String, #[server(default)] worker: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let id = visit::id(&record)?;
        let worker = visit::id(&worker)?;
        let reader = visit.service.record_reader(&visit.viewer, id).await?;
        visit.service.take_dissent(reader, worker).await
    };
    let back = back(&record);
    visit::answer(result.await, |()| done("The disagreement is taken to the next place.", back.clone()), &back, &[])
        .await
}

/// Records the answer to a dissent.
#[server(prefix = "/api", endpoint = "record/answer-dissent")]
pub async fn answer_dissent(
    #[server(default)] record: String, #[server(default)] worker: String, #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let id = visit::id(&record)?;
        let worker = visit::id(&worker)?;
        let manager = visit.service.record_manager(&visit.viewer, id).await?;
        visit.service.answer_dissent(manager, worker, &text).await
    };
    let back = back(&record);
    visit::answer(
        result.await,
        |()| done("The answer to the disagreement is saved.", back.clone()),
        &back,
        &[("dissent", &text)],
    )
    .await
}

/// A person looked at the council's system: the record is there, or it is sent again.
#[server(prefix = "/api", endpoint = "delivery/settle")]
pub async fn settle_delivery(
    #[server(default)] id: String, #[server(default)] there: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let id = visit::id(&id)?;
        let there = visit::yes(&there)?;
        visit.service.settle_delivery(visit.service.delivery_keeper(&visit.viewer, id).await?, id, there).await
    };
    visit::answer(
        result.await,
        |()| done(if there == "yes" { "The record is there: noted." } else { "The record is sent again." }, "/records"),
        "/records",
        &[],
    )
    .await
}

/// Notes that a signed record was sent to somebody who is no user.
#[server(prefix = "/api", endpoint = "record/sent")]
pub async fn note_sent(#[server(default)] record: String, #[server(default)] to: String) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let keeper = visit.service.record_keeper(&visit.viewer, visit::id(&record)?).await?;
        visit.service.note_sent(keeper, &visit::from(), &to).await
    };
    let back = back(&record);
    visit::answer(
        result.await,
        |()| done(format!("It is noted that the record went to {to}."), back.clone()),
        &back,
        &[("to", &to)],
    )
    .await
}

#[cfg(feature = "ssr")]
fn back(record: &str) -> String {
    record.parse::<domain::RecordId>().map_or_else(|_| "/records".to_owned(), |id| format!("/records/{id}"))
}

/// Who was there, where nobody's attendance was marked in the meeting.
#[server(prefix = "/api", endpoint = "record/attendance")]
pub async fn complete_attendance(
    #[server(default)] record: String, #[server(default)] present: Vec<String>,
) -> Result<(), ServerFnError> {
    use domain::record::Completion;
    let present: Option<std::collections::BTreeSet<domain::WorkerId>> =
        present.iter().map(|worker| worker.parse().ok()).collect();
    complete(
        &record,
        present.map(|present| Completion::Attendance { present }).ok_or(service::ServiceError::NotFound),
        &[],
    )
    .await
}

/// What it means for the child, where nothing was written.
#[server(prefix = "/api", endpoint = "record/meaning")]
pub async fn complete_meaning(
    #[server(default)] record: String, #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    use domain::record::Completion;
    complete(&record, Ok(Completion::Meaning { text: text.clone() }), &[("meaning", &text)]).await
}
