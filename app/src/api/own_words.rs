//! What people of a family gave in their own words.

#![allow(clippy::too_many_arguments, reason = "one argument for each field of the form")]

use leptos::prelude::*;

/// Writes down what somebody gave, or changes it; `base` is the revision the form was filled from, 0 for a new one.
#[server(prefix = "/api", endpoint = "own-words/write")]
pub async fn write_own_words(
    #[server(default)] family: String, #[server(default)] id: String, #[server(default)] person: String,
    #[server(default)] base: String, #[server(default)] words: String, #[server(default)] how: String,
    #[server(default)] on: String, #[server(default)] to: String, #[server(default)] importance: String,
    #[server(default)] confidence: String, #[server(default)] readiness: String, #[server(default)] readers: String,
    #[server(default)] who: Vec<String>,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use domain::own_words::HowGiven;
    use service::ServiceError;
    use service::workbook::own_words::OwnWordsForm;
    let result = async {
        let visit = visit::visit()?;
        let only_for = match readers.as_str() {
            "team" => None,
            "only" => Some(who.iter().map(|worker| visit::id(worker)).collect::<Result<_, _>>()?),
            // An unknown word would take a protection away.
            _ => return Err(ServiceError::NotFound),
        };
        let form = OwnWordsForm {
            id: visit::id(&id)?,
            person: visit::id(&person)?,
            base: visit::id(&base)?,
            on: on.clone(),
            how: HowGiven::from_word(&how).ok_or(ServiceError::NotFound)?,
            to: to.clone(),
            words: words.clone(),
            numbers: [importance.clone(), confidence.clone(), readiness.clone()],
            only_for,
        };
        let reader = visit.service.family_reader(&visit.viewer, visit::id(&family)?).await?;
        visit.service.write_own_words(reader, &form).await
    };
    let page = back(&family);
    let again = if base == "0" { format!("{page}?person={person}") } else { format!("{page}?change={id}") };
    let chosen = who.join(" ");
    let fields = [
        ("id", id.as_str()),
        ("base", &base),
        ("words", &words),
        ("how", &how),
        ("on", &on),
        ("to", &to),
        ("importance", &importance),
        ("confidence", &confidence),
        ("readiness", &readiness),
        ("readers", &readers),
        ("who", &chosen),
    ];
    visit::answer(result.await, |()| done("The words are kept.", page.clone()), &again, &fields).await
}

/// Takes back what the viewer wrote down.
#[server(prefix = "/api", endpoint = "own-words/take-back")]
pub async fn take_back_own_words(
    #[server(default)] family: String, #[server(default)] id: String, #[server(default)] why: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let reader = visit.service.family_reader(&visit.viewer, visit::id(&family)?).await?;
        visit.service.take_back_own_words(reader, visit::id(&id)?, &why).await
    };
    let page = back(&family);
    let again = format!("{page}?take-back={id}");
    visit::answer(result.await, |()| done("The words are taken back.", page.clone()), &again, &[("why", &why)]).await
}

#[cfg(feature = "ssr")]
fn back(family: &str) -> String {
    match family.parse::<domain::FamilyId>() {
        Ok(family) => format!("/families/{family}/own-words"),
        Err(_) => "/families".to_owned(),
    }
}
