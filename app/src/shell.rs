//! The document around every page.

use axum::http::{HeaderValue, header::CONTENT_SECURITY_POLICY};
use leptos::nonce::Nonce;
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};

use crate::parts::text_area::escaped;
use crate::parts::top::Top;
use crate::routes::Pages;
use crate::visit::{Refused, visit};

/// Which build the server is: a page of another one loads itself again.
#[derive(Debug, Clone)]
pub struct Build(pub std::sync::Arc<str>);

/// The whole document.
#[must_use]
pub fn shell() -> impl IntoView {
    let build = use_context::<Build>().map(|build| build.0.to_string());
    let nonce = leptos::nonce::use_nonce();
    let script_nonce = nonce.clone();
    if let (Some(nonce), Some(response)) = (&nonce, use_context::<leptos_axum::ResponseOptions>()) {
        let policy = format!(
            "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        if let Ok(value) = HeaderValue::from_str(&policy) {
            response.insert_header(CONTENT_SECURITY_POLICY, value);
        }
    }
    view! {
        <!DOCTYPE html>
        <html lang="en-GB" class="govuk-template" data-build=build>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="robots" content="noindex"/>
                <link rel="stylesheet" href=crate::shell::asset("caseround.css")/>
                <link rel="icon" href="/pkg/favicon.svg" type="image/svg+xml"/>
                {if has_island() {
                    start(script_nonce).into_any()
                } else {
                    view! { <script type="module" nonce=script_nonce src=asset("leave.js")></script> }.into_any()
                }}
                <MetaTags/>
            </head>
            <body class="govuk-template__body">
                <App/>
            </body>
        </html>
    }
}

/// What starts the page's islands. leptos's own script does so once the browser is idle: one that never is would show a page
/// on which nothing answers.
fn start(nonce: Option<Nonce>) -> impl IntoView {
    // Only islands are hydrated, and so only they are numbered.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    view! {
        <link rel="modulepreload" href=asset("caseround.js") crossorigin="anonymous"/>
        <link rel="preload" href=asset("caseround_bg.wasm") r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" nonce=nonce>{include_str!("start.js")}</script>
    }
}

/// Only the live meeting needs scripts; every other page is whole without them.
fn has_island() -> bool {
    let parts = use_context::<axum::http::request::Parts>();
    let live = |path: &str| {
        let mut rest = path.split('/').skip(1);
        rest.next() == Some("meetings") && rest.next().is_some_and(|id| id.len() == 36) && rest.next().is_none()
    };
    parts.is_some_and(|parts| live(parts.uri.path()))
}

/// The address of a built file. Its content decides caching, not its name.
#[must_use]
pub fn asset(name: &str) -> String {
    format!("/pkg/{name}")
}

/// The document's title. leptos writes it as it is given.
fn title(page: String) -> String {
    if page.is_empty() { "Caseround".to_owned() } else { format!("{} – Caseround", escaped(&page)) }
}

#[component]
fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Refused::default());
    let signed_in = visit().is_ok();
    view! {
        <Title formatter=title/>
        <a href="#main" class="govuk-skip-link">"Skip to main content"</a>
        {has_island().then(|| view! { <a href="#scene" class="govuk-skip-link">"Skip to the heading"</a> })}
        <Top/>
        <div class="govuk-width-container cr-page">
            <main class="govuk-main-wrapper" id="main" tabindex="-1">
                <Pages/>
            </main>
        </div>
        <footer class="cr-footer">
            <div class="govuk-width-container">
                <p class="govuk-body-s">"Nothing you write here alerts the police or the duty team. If anyone is in danger, ring 999. "<a class="govuk-link" href="/help">"Help"</a>" "<a class="govuk-link" href="/words">"What the words mean"</a></p>
            </div>
        </footer>
        {(signed_in && !has_island()).then(leaving)}
    }
}

/// Asked by `leave.js` where this device still keeps words of somebody who signs out; the meeting's page asks by
/// itself.
fn leaving() -> impl IntoView {
    view! {
        <dialog id="leaving" class="cr-leaving" aria-labelledby="leaving-title">
            <form method="dialog">
                <h2 id="leaving-title" class="govuk-heading-m">"Words not yet shared"</h2>
                <p class="govuk-body">"Some of what you typed in a meeting is kept on this device and not yet shared. "<a class="govuk-link" href="/meetings">"Open that meeting and it is sent"</a>"."</p>
                <button class="govuk-button" value="keep" autofocus>"Keep it here for 14 days and sign out"</button>
                <button class="cr-small-button" value="discard">"Discard it and sign out"</button>
                <button class="cr-small-button" value="stay">"Stay"</button>
            </form>
        </dialog>
    }
}
