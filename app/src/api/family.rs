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
    let result = match (visit::visit(), visit::optional_id(&id)) {
        (Ok(visit), Ok(family)) => visit.service.save_family(&visit.viewer, family, &form).await,
        _ => Err(service::ServiceError::NotFound),
    };
    let back = if id.is_empty() { "/families/new".to_owned() } else { format!("/families/{id}/edit") };
    let fields = [("reference", reference.as_str()), ("team", &team), ("discussed", &discussed)];
    visit::answer(result, |id| format!("/families/{id}"), &back, &fields).await
}
