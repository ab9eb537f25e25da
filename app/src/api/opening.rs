//! Families opened for an hour, with a reason.

use leptos::prelude::*;

/// Opens a family by its reference; `confidentially` "yes": asks two leads first.
#[server(prefix = "/api", endpoint = "family/open")]
pub async fn open_family(
    #[server(default)] reference: String, #[server(default)] reason: String, #[server(default)] confidentially: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::{FormDone, done};
    use crate::visit;
    let result = async {
        let (visit, from) = (visit::visit()?, visit::from());
        let opener = visit.service.opener(&visit.viewer)?;
        let (asked, confirmed) = ((reference.as_str(), reason.as_str()), visit.confirmed().await?);
        if visit::ticked(&confidentially)? {
            visit.service.ask_for_look(opener, confirmed, asked, &from).await.map(|()| None)
        } else {
            visit.service.open_family(opener, confirmed, asked, &from).await.map(Some)
        }
    };
    let to = |family: &Option<domain::FamilyId>| match family {
        Some(family) => FormDone::from(format!("/families/{family}")),
        None => done("The leads are asked. Once two of them agree, you open it here.", "/confidential"),
    };
    let fields = [("reference", reference.as_str()), ("reason", &reason)];
    visit::answer(result.await, to, "/families/open", &fields).await
}

/// Closes what one has open, before the hour is over.
#[server(prefix = "/api", endpoint = "family/close")]
pub async fn close_family(#[server(default)] family: String) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let reader = visit.service.family_reader(&visit.viewer, visit::id(&family)?).await?;
        visit.service.close_family(reader).await
    };
    let words = "The family is closed again.";
    visit::answer(result.await, |()| done(words, "/families"), "/families", &[]).await
}

/// Writes what the manager found about an opening.
#[server(prefix = "/api", endpoint = "opening/review")]
pub async fn review_opening(
    #[server(default)] family: String, #[server(default)] id: String, #[server(default)] review: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let manager = visit.service.family_manager(&visit.viewer, visit::id(&family)?).await?;
        visit.service.review_opening(manager, visit::id(&id)?, &review).await
    };
    let fields = [("id", id.as_str()), ("review", &review)];
    visit::answer(result.await, |()| done("Your review is saved.", "/openings"), "/openings", &fields).await
}

/// Writes what the manager found out about somebody who asked for a family on a day and was not shown it.
#[server(prefix = "/api", endpoint = "opening/answer")]
pub async fn answer_refusal(
    #[server(default)] family: String, #[server(default)] worker: String, #[server(default)] day: String,
    #[server(default)] answer: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::ServiceError;
    let on = day.parse::<chrono::NaiveDate>();
    let result = async {
        let visit = visit::visit()?;
        let day = on.map_err(|_| ServiceError::NotFound)?;
        let manager = visit.service.family_manager(&visit.viewer, visit::id(&family)?).await?;
        visit.service.answer_refusal(manager, (visit::id(&worker)?, day), &answer).await
    };
    let back =
        on.map_or_else(|_| "/openings".to_owned(), |day| format!("/openings?month={}", domain::dates::month(day)));
    let key = format!("{family} {worker} {day}");
    let fields = [("asked", key.as_str()), ("answer", &answer)];
    visit::answer(result.await, |()| done("What you found is saved.", back.clone()), &back, &fields).await
}
