//! Locking a family for all but named people.

use leptos::prelude::*;

/// Locks a family, or takes other names. `named`: workers, beside whoever presses.
#[server(prefix = "/api", endpoint = "family/lock")]
pub async fn lock_family(
    #[server(default)] family: String, #[server(default)] why: String, #[server(default)] named: Vec<String>,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::people::lock::LockForm;
    let form = LockForm { why: why.clone(), named: named.iter().filter(|who| !who.is_empty()).cloned().collect() };
    let result = async {
        let visit = visit::visit()?;
        let locker = visit.service.family_locker(&visit.viewer, visit::id(&family)?).await?;
        visit.service.lock_family(locker, &form, &visit::from()).await
    };
    let page = format!("/families/{family}/lock");
    let people = named.join(" ");
    let said = |count: &usize| {
        let whom = if *count == 1 { "you alone".to_owned() } else { format!("{count} people") };
        done(format!("The family is locked. It is open to {whom}; nobody else is told that it is here."), page.clone())
    };
    visit::answer(result.await, said, &page, &[("why", &why), ("named", &people)]).await
}

/// Opens a locked family again to all who work with it and serve its team.
#[server(prefix = "/api", endpoint = "family/unlock")]
pub async fn unlock_family(#[server(default)] family: String) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let locker = visit.service.family_locker(&visit.viewer, visit::id(&family)?).await?;
        visit.service.unlock_family(locker, visit.confirmed().await?, &visit::from()).await
    };
    let page = format!("/families/{family}");
    let words = "The family is no longer locked. Everybody who works with it, and its team, can open it again.";
    visit::answer(result.await, |()| done(words, page.clone()), &page, &[]).await
}
