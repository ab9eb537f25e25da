//! Families by hand.

use leptos::prelude::*;

/// Adds a family (empty `id`), or corrects one.
#[server(prefix = "/api", endpoint = "family/save")]
pub async fn save_family(
    #[server(default)] id: String, #[server(default)] reference: String, #[server(default)] team: String,
    #[server(default)] discussed: String,
) -> Result<(), ServerFnError> {
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
    visit::answer(result.await, |id| format!("/families/{id}"), &back, &fields).await
}
