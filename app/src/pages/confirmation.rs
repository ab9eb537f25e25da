//! `/confirm?next=…`: whoever is signed in shows again who they are, before what weighs most.

use leptos::prelude::*;

use super::page;
use crate::parts::form::{TextField, error_summary};
use crate::visit;

/// Asks for the password, or leads to the identity provider; then one goes on to `next`.
pub fn confirm() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let draft = visit::draft().await.unwrap_or_default();
        let asked = visit::query("next").unwrap_or_default();
        let next = visit::ours(&asked).to_owned();
        let identity = visit.service.identity_of(visit.viewer.worker).await?;
        let provider = identity.and_then(|row| {
            let found = visit.service.providers().find(|provider| provider.issuer == row.issuer);
            found.map(|provider| (provider.key.clone(), provider.name.clone()))
        });
        let words = format!(
            "You are signed in as {}. What you want to do is only for somebody who has just shown who they are. Then you go back to where you were; what you typed is kept.",
            visit.name
        );
        let back = next.clone();
        let form = match provider {
            Some((key, name)) => view! {
                <form action="/api/sign-in/with" method="post">
                    <input type="hidden" name="provider" value=key/>
                    <input type="hidden" name="next" value=next/>
                    <input type="hidden" name="again" value="yes"/>
                    <button type="submit" class="govuk-button">{format!("Confirm with {name}")}</button>
                </form>
            }.into_any(),
            None => view! {
                <form action="/api/account/confirm" method="post" class="cr-narrow">
                    <input type="hidden" name="next" value=next/>
                    <TextField name="password" label="Your password" kind="password" autocomplete="current-password" value="" error=draft.error("password")/>
                    <button type="submit" class="govuk-button">"Confirm"</button>
                </form>
            }.into_any(),
        };
        let content = view! {
            {error_summary(&draft)}
            <h1 class="govuk-heading-l">"Confirm that it is you"</h1>
            <p class="govuk-body">{words}</p>
            {form}
            <p class="govuk-body"><a class="govuk-link" href=back>"Go back"</a></p>
        };
        Ok(("Confirm that it is you".to_owned(), content))
    })
}
