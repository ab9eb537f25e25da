//! Families by hand.

use leptos::prelude::*;

/// Adds a family (empty `id`), or corrects one.
#[server(prefix = "/api", endpoint = "family/save")]
pub async fn save_family(
    #[server(default)] id: String, #[server(default)] reference: String, #[server(default)] team: String,
    #[server(default)] discussed: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let form =
        service::people::FamilyForm { reference: reference.clone(), team: team.clone(), discussed: discussed.clone() };
    let result = async {
        let visit = visit::visit()?;
        let old = match visit::optional_id(&id)? {
            Some(family) => Some(visit.service.family_staff(&visit.viewer, family).await?),
            None => None,
        };
        visit.service.save_family(visit.service.staff(&visit.viewer)?, old, &form).await
    };
    let back = if id.is_empty() { "/families/new".to_owned() } else { format!("/families/{id}/edit") };
    let fields = [("reference", reference.as_str()), ("team", &team), ("discussed", &discussed)];
    let words = if id.is_empty() {
        "The family is added. Next: its children and adults, and who works with them."
    } else {
        "The family’s details are saved."
    };
    visit::answer(result.await, |id| done(words, format!("/families/{id}")), &back, &fields).await
}
