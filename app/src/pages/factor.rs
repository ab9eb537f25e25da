//! The second factor: asked for at the door, set up, and looked after.

use leptos::prelude::*;
use service::people::factor::{FactorOffer, FactorState};

use crate::cookies::{Cookies, Holds};
use crate::pages::page;
use crate::parts::back::back;
use crate::parts::form::{Draft, TextField, error_summary};
use crate::visit;

const CODE_HINT: &str = "Six digits, from the app on your phone";

/// `/sign-in/code`.
pub fn code() -> impl IntoView {
    page(|| async {
        let draft = visit::draft().await.unwrap_or_default();
        let next = visit::query("next").unwrap_or_else(|| draft.value("next", ""));
        let content = view! {
            {error_summary(&draft)}
            <h1 class="govuk-heading-l">"Second factor"</h1>
            <form action="/api/sign-in/code" method="post" class="cr-narrow">
                <input type="hidden" name="next" value=next/>
                {code_field(&draft)}
                <button type="submit" class="govuk-button">"Sign in"</button>
            </form>
            <p class="govuk-body">"Lost the phone? Type one of your recovery codes instead. Without them, the manager of your team or an administrator removes the second factor on your page under Workers."</p>
            <p class="govuk-body"><a class="govuk-link" href="/sign-in">"Start again"</a></p>
        };
        Ok(("Second factor".to_owned(), content))
    })
}

/// `/sign-in/set-up`: where the council asks everybody for one.
pub fn set_up() -> impl IntoView {
    page(|| async {
        let half = visit::cookie(expect_context::<Cookies>().name(Holds::HalfSignIn)).unwrap_or_default();
        let draft = visit::draft().await.unwrap_or_default();
        let Some(offer) = visit::service().factor_to_set_up(&half, !draft.errors.is_empty()).await? else {
            let content = view! {
                <h1 class="govuk-heading-l">"Set up a second factor"</h1>
                <p class="govuk-body">"This took longer than ten minutes, or it is set up already. "<a class="govuk-link" href="/sign-in">"Sign in again"</a>"."</p>
            };
            return Ok(("Set up a second factor".to_owned(), content.into_any()));
        };
        let content = view! {
            {error_summary(&draft)}
            <h1 class="govuk-heading-l">"Set up a second factor"</h1>
            <p class="govuk-body">"Your council asks everybody for one. It takes two minutes and a phone, once."</p>
            {offered(offer)}
            <form action="/api/sign-in/code" method="post" class="cr-narrow">
                <input type="hidden" name="back" value="set-up"/>
                {code_field(&draft)}
                <button type="submit" class="govuk-button">"Set up and sign in"</button>
            </form>
        };
        Ok(("Set up a second factor".to_owned(), content.into_any()))
    })
}

/// `/me/second-factor`.
pub fn mine() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let draft = visit::draft().await.unwrap_or_default();
        if let Some(identity) = visit.service.identity_of(visit.viewer.worker).await? {
            let name = visit.service.provider_name(&identity.issuer);
            let asks = visit.service.providers().any(|it| it.issuer == identity.issuer && it.asks_for_second_factor());
            let who = if asks {
                "and a second factor is asked for there"
            } else {
                "which decides whether to ask for a second factor"
            };
            let content = view! {
                {back("/me", "My details")}
                <h1 class="govuk-heading-l">"Second factor"</h1>
                <p class="govuk-body">{format!("You sign in with {name}, {who}.")}</p>
            };
            return Ok(("Second factor".to_owned(), content.into_any()));
        }
        let state = visit.service.my_factor(&visit.viewer, !draft.errors.is_empty()).await?;
        let content = match state {
            FactorState::Offered(offer) => view! {
                <p class="govuk-body">"With a second factor nobody signs in with your password alone."</p>
                {offered(offer)}
                <form action="/api/account/factor" method="post" class="cr-narrow">
                    {code_field(&draft)}
                    {password_field(&draft)}
                    <button type="submit" class="govuk-button">"Set up"</button>
                </form>
            }
            .into_any(),
            FactorState::Set { codes, required } => is_set(codes, required, &draft).into_any(),
        };
        let content = view! {
            {error_summary(&draft)}
            {back("/me", "My details")}
            <h1 class="govuk-heading-l">"Second factor"</h1>
            {content}
        };
        Ok(("Second factor".to_owned(), content.into_any()))
    })
}

fn is_set(codes: usize, required: bool, draft: &Draft) -> impl IntoView + use<> {
    let left = match codes {
        0 => "You have no recovery codes. Without one, a lost phone locks you out until somebody helps.".to_owned(),
        1 => "You have 1 recovery code left.".to_owned(),
        count => format!("You have {count} recovery codes left."),
    };
    let make = if codes == 0 { "Make recovery codes" } else { "Make new ones in place of these" };
    view! {
        <p class="govuk-body">"It is set up: each sign-in asks for a code of the app on your phone."</p>
        <h2 class="govuk-heading-m">"Recovery codes"</h2>
        <p class="govuk-body">{left}</p>
        <form action="/api/account/recovery-codes" method="post" class="cr-narrow">
            {password_field(draft)}
            <button type="submit" class="govuk-button govuk-button--secondary">{make}</button>
            {(!required).then(|| view! {
                " "<button type="submit" class="cr-small-button" formaction="/api/account/factor-off">"Remove my second factor"</button>
            })}
        </form>
    }
}

fn password_field(draft: &Draft) -> impl IntoView + use<> {
    view! { <TextField name="password" label="Your password" kind="password" autocomplete="current-password" value="" error=draft.error("password")/> }
}

fn offered(offer: FactorOffer) -> impl IntoView {
    view! {
        <ol class="govuk-list govuk-list--number">
            <li>"Open an authenticator app on your phone (for instance Microsoft Authenticator) and add an account."</li>
            <li>"Point its camera at this picture, or type the key."</li>
            <li>"Type the six digits that the app shows."</li>
        </ol>
        <div class="cr-picture" role="img" aria-label="The key as a picture for a phone’s camera; it is written below" inner_html=offer.picture></div>
        <p class="govuk-body">"Key: "<code class="cr-key">{offer.key}</code></p>
    }
}

fn code_field(draft: &Draft) -> impl IntoView + use<> {
    view! { <TextField name="code" label="Code" hint=CODE_HINT autocomplete="one-time-code" value="" error=draft.error("code")/> }
}
