//! Direct work with people of a family.

#![allow(clippy::too_many_arguments, reason = "one argument for each field of the form")]

use leptos::prelude::*;

/// Writes a piece of direct work down, or changes it; `base` is the revision the form was filled from, 0 for a new one.
#[server(prefix = "/api", endpoint = "direct-work/write")]
pub async fn write_direct_work(
    #[server(default)] family: String, #[server(default)] id: String, #[server(default)] with: String,
    #[server(default)] base: String, #[server(default)] module: String, #[server(default)] state: String,
    #[server(default)] on: String, #[server(default)] finding: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use domain::direct_work::DirectWorkState;
    use service::ServiceError;
    use service::workbook::direct_work::DirectWorkForm;
    let result = async {
        let visit = visit::visit()?;
        let form = DirectWorkForm {
            id: visit::id(&id)?,
            with: visit::id(&with)?,
            base: visit::id(&base)?,
            module: module.clone(),
            state: DirectWorkState::from_word(&state).ok_or(ServiceError::NotFound)?,
            on: on.clone(),
            finding: finding.clone(),
        };
        let reader = visit.service.family_reader(&visit.viewer, visit::id(&family)?).await?;
        visit.service.write_direct_work(reader, &form).await
    };
    let page = match family.parse::<domain::FamilyId>() {
        Ok(family) => format!("/families/{family}/direct-work"),
        Err(_) => "/families".to_owned(),
    };
    let again = if base == "0" { format!("{page}?with={with}") } else { format!("{page}?change={id}") };
    let fields = [
        ("id", id.as_str()),
        ("base", &base),
        ("module", &module),
        ("state", &state),
        ("on", &on),
        ("finding", &finding),
    ];
    visit::answer(result.await, |()| done("The direct work is saved.", page.clone()), &again, &fields).await
}
