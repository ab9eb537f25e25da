//! Roles: giving and ending them.

use leptos::prelude::*;

/// Gives a role.
#[server(prefix = "/api", endpoint = "role/give")]
pub async fn give_role(
    #[server(default)] role: String, #[server(default)] worker: String, #[server(default)] team: String,
    #[server(default)] in_place_of: String, #[server(default)] starts: String, #[server(default)] ends: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::people::role::RoleForm;
    let form = RoleForm { role, worker, team, in_place_of, starts, ends };
    let result = async {
        let visit = visit::visit()?;
        visit.service.role_reader(&visit.viewer)?;
        let keeper = visit.service.role_keeper(&visit.viewer, &form, &visit::from()).await?;
        visit.service.give_role(keeper, visit.confirmed().await?, (&form.starts, &form.ends), &visit::from()).await
    };
    let fields = [
        ("role", form.role.as_str()),
        ("worker", &form.worker),
        ("team", &form.team),
        ("in_place_of", &form.in_place_of),
        ("starts", &form.starts),
        ("ends", &form.ends),
    ];
    let title = domain::status::Role::from_word(&form.role).map(domain::status::Role::title).unwrap_or_default();
    let said =
        |held: &service::people::role::HeldUntil| done(format!("{}: {title}{}.", held.who, held.days()), "/roles");
    visit::answer(result.await, said, "/roles/new", &fields).await
}

/// Ends a role today.
#[server(prefix = "/api", endpoint = "role/end")]
pub async fn end_role(#[server(default)] id: String) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let ender = visit.service.role_ender(&visit.viewer, visit::id(&id)?).await?;
        visit.service.end_role(ender, visit.confirmed().await?, &visit::from()).await
    };
    let said = |who: &String| done(format!("The role has ended. {who} no longer holds it."), "/roles");
    visit::answer(result.await, said, "/roles", &[]).await
}
