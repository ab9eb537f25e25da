//! Children and adults by hand.

#![allow(clippy::too_many_arguments, reason = "one argument for each field of the form")]

use leptos::prelude::*;

/// Adds a child or adult to a family (empty `id`), or corrects one.
#[server(prefix = "/api", endpoint = "person/save")]
pub async fn save_person(
    #[server(default)] family: String, #[server(default)] id: String, #[server(default)] forename: String,
    #[server(default)] surname: String, #[server(default)] born: String, #[server(default)] expected: String,
    #[server(default)] adult: String, #[server(default)] relation: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let form = |adult: bool| service::people::PersonForm {
        forename: forename.clone(),
        surname: surname.clone(),
        born: born.clone(),
        expected: expected.clone(),
        adult,
        relation: relation.clone(),
    };
    let result = async {
        let visit = visit::visit()?;
        let family = visit::id(&family)?;
        let id = visit::optional_id(&id)?;
        let adult = visit::yes(&adult)?;
        let staff = visit.service.family_staff(&visit.viewer, family).await?;
        visit.service.save_person(staff, id, &form(adult)).await
    };
    let back = format!("/families/{family}/people/{}", if id.is_empty() { "new" } else { &id });
    let fields = [
        ("forename", forename.as_str()),
        ("surname", &surname),
        ("born", &born),
        ("expected", &expected),
        ("adult", &adult),
        ("relation", &relation),
    ];
    let who = if forename.is_empty() { "The child" } else { forename.as_str() };
    let words = if id.is_empty() { format!("{who} is added.") } else { format!("{who}’s details are saved.") };
    visit::answer(result.await, |_| done(words, format!("/families/{family}")), &back, &fields).await
}
