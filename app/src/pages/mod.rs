//! Pages, one folder per noun. Each loads once, then is a function of what it loaded.

pub mod access;
pub mod account;
pub mod confidential;
pub mod confirmation;
pub mod downloads;
pub mod factor;
pub mod families;
pub mod help;
pub mod me;
pub mod meetings;
pub mod openings;
pub mod records;
pub mod retention;
pub mod roles;
pub mod search;
pub mod steps;
pub mod words;
pub mod workers;

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use service::ServiceError;
use std::str::FromStr;

use crate::parts::notice;
use crate::trouble::{Trouble, TroubleKind};
use crate::visit;

/// A page that loads: `load` gives its title and content.
pub fn page<F, V>(load: impl FnOnce() -> F + Send + 'static) -> impl IntoView
where
    F: Future<Output = Result<(String, V), ServiceError>> + Send + 'static,
    V: IntoView + 'static,
{
    let loading = load();
    let refused = use_context::<visit::Refused>().unwrap_or_default();
    let content = Suspend::new(async move {
        match loading.await {
            Ok((title, content)) => {
                let title = if refused.is_shown() { format!("Error: {title}") } else { title };
                let notice = notice::shown().await;
                view! { <Title text=title/> {notice} {content} }.into_any()
            }
            Err(error) => failed(error).into_any(),
        }
    });
    view! { <Suspense fallback=|| view! { <p class="govuk-body">"Loading …"</p> }>{content}</Suspense> }
}

/// A part of the path, parsed.
pub fn param<T: FromStr>(name: &str) -> Option<T> {
    use_params_map().read_untracked().get(name)?.parse().ok()
}

/// The page for what is not there, and, byte for byte the same, for what one may not know of.
pub fn not_found() -> impl IntoView {
    visit::status(StatusCode::NOT_FOUND);
    view! {
        <Title text="Page not found"/>
        <h1 class="govuk-heading-l">"Page not found"</h1>
        <p class="govuk-body">"If you should have access, ask your team manager."</p>
        <p class="govuk-body"><a class="govuk-link" href="/meetings">"Go to your meetings"</a></p>
    }
}

/// `/not-found`: where a form leads that asked for what is not there. What its writer typed is theirs to copy.
pub fn form_not_found() -> impl IntoView {
    visit::status(StatusCode::NOT_FOUND);
    let typed = Suspend::new(async {
        let draft = visit::draft().await?;
        Some(view! {
            <h2 class="govuk-heading-m">"What you wrote"</h2>
            <p class="govuk-body">"It is not saved. Copy what you need of it."</p>
            {draft.fields.into_values().map(|text| view! { <p class="govuk-body cr-plain">{text}</p> }).collect_view()}
        })
    });
    view! { {not_found()}<Suspense>{typed}</Suspense> }
}

fn failed(error: ServiceError) -> impl IntoView + use<> {
    if matches!(error, ServiceError::NotFound) {
        return not_found().into_any();
    }
    let trouble = Trouble::of(error, &visit::service());
    visit::status(match trouble.kind {
        TroubleKind::Refused | TroubleKind::Stale => StatusCode::CONFLICT,
        _ => trouble.status(),
    });
    let title = if trouble.kind == TroubleKind::Unavailable { "Try again in a moment" } else { "Something went wrong" };
    view! {
        <Title text=title/>
        <h1 class="govuk-heading-l">{title}</h1>
        <p class="govuk-body">"The page could not be shown. What was saved is safe."</p>
        <p class="govuk-body">{trouble.message()}</p>
    }
    .into_any()
}
