//! One's own page: name and discipline, when one is away, and what this browser keeps.

use chrono::NaiveDate;
use domain::TeamId;
use domain::dates;
use leptos::prelude::*;
use service::ServiceError;
use service::access::rights::SignInLine;
use service::people::keeping::AccountNote;
use service::people::session::Session;
use service::security::How;

use crate::pages::page;
use crate::pages::workers::act_in_words;
use crate::parts::form::{Draft, TextField, error_summary};
use crate::visit::{self, Visit};

/// `/me`.
pub fn details() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let worker = visit.viewer.worker;
        let directory = visit.service.directory().await?;
        let team = directory.workers.get(&worker).and_then(|worker| worker.team_id).map(TeamId::new);
        let team = team.map_or("", |team| directory.team(team)).to_owned();
        let guest = visit.viewer.guest;
        let away = visit.service.absences().await?.of(worker).to_vec();
        let corrects = if guest { "Whoever invited you" } else { "Your team’s manager or business support" };
        let sessions = visit.service.my_sessions(&visit.viewer, &visit.token).await?;
        let acts = visit.service.my_account_acts(&visit.viewer).await?;
        let sign_ins = visit.service.my_sign_ins(&visit.viewer).await?;
        let draft = visit::draft().await.unwrap_or_default();
        let signing_in = signing_in(&visit, &draft).await?;
        let content = view! {
            {error_summary(&draft)}
            <h1 class="govuk-heading-l">"My details"</h1>
            <dl class="govuk-summary-list">
                {[("Name", visit.name.to_string()), ("Discipline", directory.discipline(worker).to_owned()), ("Team", team)]
                    .into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| view! {
                    <div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">{key}</dt><dd class="govuk-summary-list__value">{value}</dd></div>
                }).collect_view()}
            </dl>
            <p class="govuk-body">"Something wrong? "{corrects}" corrects it."</p>
            {(!guest).then(|| days_away(away, &draft))}
            {signing_in}
            {browsers(sessions)}
            {sign_ins_in_words(sign_ins)}
            {acts_in_words(acts)}
            <h2 class="govuk-heading-m" id="kept">"Words kept on this browser"</h2>
            <p class="govuk-body" id="kept-words">"What you type in a meeting without a connection is kept on this browser, encrypted, until it is shared. Nothing is kept while scripts are off."</p>
        };
        Ok(("My details".to_owned(), content))
    })
}

/// When one is away: whoever plans is told, and a step due meanwhile is pointed out in the room.
fn days_away(away: Vec<(NaiveDate, NaiveDate)>, draft: &Draft) -> impl IntoView + use<> {
    view! {
        <h2 class="govuk-heading-m" id="away">"When I am away"</h2>
        <p class="govuk-body">"Whoever plans a meeting for one of these days is told, and a step that is due meanwhile is pointed out. Nobody is told why."</p>
        <ul class="govuk-list">{away.into_iter().map(|(starts, ends)| view! {
            <li>{format!("{} to {} ", dates::plain_date(starts), dates::plain_date(ends))}
                <form action="/api/worker/away" method="post" class="cr-inline-form">
                    <input type="hidden" name="starts" value=dates::typed(starts)/>
                    <input type="hidden" name="ends" value=dates::typed(ends)/>
                    <button type="submit" name="back" value="yes" class="cr-link-button">"Remove"<span class="govuk-visually-hidden">": "{dates::plain_date(starts)}</span></button>
                </form></li>
        }).collect_view()}</ul>
        <form action="/api/worker/away" method="post" class="cr-away">
            <TextField name="starts" label="First day" hint="For example, 24/11/2026, tomorrow or fri" value=draft.value("starts", "") error=draft.error("starts")/>
            <TextField name="ends" label="Last day" value=draft.value("ends", "") error=draft.error("ends")/>
            <button type="submit" class="govuk-button">"Save days away"</button>
        </form>
    }
}

/// How one signs in: at an identity provider, or with a password, which a provider takes the place of where there is one.
async fn signing_in(visit: &Visit, draft: &Draft) -> Result<impl IntoView + use<>, ServiceError> {
    if visit.viewer.guest {
        let words = "You are a guest here and sign in with a one-time code. Whoever invited you makes another one when you need it.";
        return Ok(
            view! { <h2 class="govuk-heading-m" id="password">"How I sign in"</h2><p class="govuk-body">{words}</p> }
                .into_any(),
        );
    }
    if let Some(identity) = visit.service.identity_of(visit.viewer.worker).await? {
        let words = format!(
            "You sign in with {}. It asks you for what it needs.",
            visit.service.provider_name(&identity.issuer)
        );
        return Ok(
            view! { <h2 class="govuk-heading-m" id="password">"How I sign in"</h2><p class="govuk-body">{words}</p> }
                .into_any(),
        );
    }
    let email = visit.service.my_address(&visit.viewer).await?;
    let provider = visit.service.provider_of(&email).map(|provider| {
        let words = format!(
            "You can sign in with {} instead. Your password here then ends, and your other browsers are signed out.",
            provider.name
        );
        view! {
            <h2 class="govuk-heading-m" id="provider">{format!("Sign in with {}", provider.name)}</h2>
            <p class="govuk-body">{words}</p>
            <form action="/api/sign-in/with" method="post" class="cr-narrow">
                <input type="hidden" name="provider" value=provider.key.clone()/>
                <input type="hidden" name="own" value="yes"/>
                <input type="hidden" name="next" value="/me"/>
                <TextField name="password" label="Your password" kind="password" autocomplete="current-password" value="" error=draft.error("password")/>
                <button type="submit" class="govuk-button govuk-button--secondary">{format!("Sign in with {}", provider.name)}</button>
            </form>
        }
    });
    Ok(view! {
        {provider}
        {password(draft)}
        <p class="govuk-body"><a class="govuk-link" href="/me/second-factor">"Second factor"</a><span class="cr-quiet">": a code from your phone, beside the password"</span></p>
    }
    .into_any())
}

fn password(draft: &Draft) -> impl IntoView + use<> {
    view! {
        <h2 class="govuk-heading-m" id="password">"Change my password"</h2>
        <form action="/api/account/password" method="post" class="cr-narrow">
            <TextField name="old" label="Password now" kind="password" autocomplete="current-password" value="" error=draft.error("old")/>
            <TextField name="new" label="New password" hint="At least 12 characters. Three or four words do well." kind="password" autocomplete="new-password" value="" error=draft.error("new")/>
            <button type="submit" class="govuk-button govuk-button--secondary">"Change my password"</button>
        </form>
    }
}

/// Where one is signed in: whoever lost a device signs it out.
fn browsers(sessions: Vec<(Session, bool)>) -> impl IntoView {
    view! {
        <h2 class="govuk-heading-m" id="signed-in">"Where I am signed in"</h2>
        <ul class="govuk-list">{sessions.into_iter().map(|(session, here)| {
            let used = format!("{}, last used {} at {}", session.browser, dates::plain_date(dates::london(session.seen_at).date()), dates::clock(session.seen_at));
            view! { <li>{used.clone()}{if here { view! { " · "<strong>"this browser"</strong> }.into_any() } else { view! {
                " "<form action="/api/account/session-end" method="post" class="cr-inline-form">
                    <input type="hidden" name="session" value=session.id.to_string()/>
                    <button type="submit" class="cr-link-button">"Sign out there"<span class="govuk-visually-hidden">": "{used}</span></button>
                </form>
            }.into_any() }}</li> }
        }).collect_view()}</ul>
    }
}

/// When one signed in last: whoever finds one that was not theirs knows what to do.
fn acts_in_words(acts: Vec<(AccountNote, String)>) -> impl IntoView {
    (!acts.is_empty()).then(|| {
        let line = |(note, by): (AccountNote, String)| {
            let day = dates::plain_date(dates::london(note.at).date());
            view! { <li>{format!("{day}, {}: {}, {by}", dates::clock(note.at), act_in_words(note.what))}</li> }
        };
        view! {
            <h2 class="govuk-heading-m" id="account-acts">"What was done with my account"</h2>
            <ul class="govuk-list">{acts.into_iter().take(20).map(line).collect_view()}</ul>
        }
    })
}

fn sign_ins_in_words(sign_ins: Vec<SignInLine>) -> impl IntoView {
    (!sign_ins.is_empty()).then(|| {
        let lines = sign_ins.into_iter().map(|SignInLine { at, how, from }| {
            let how = match how {
                Some(How::Password) => ", with a password",
                Some(How::SecondFactor) => ", with a password and a code",
                Some(How::RecoveryCode) => ", with a password and a recovery code",
                Some(How::Provider) => ", through your organisation",
                Some(How::OneTimeCode) => ", with a one-time code",
                None => "",
            };
            let from = if from.is_empty() { from } else { format!(", from {from}") };
            view! { <li>{format!("{} at {}{how}{from}", dates::plain_date(dates::london(at).date()), dates::clock(at))}</li> }
        });
        view! {
            <h2 class="govuk-heading-m" id="sign-ins">"When I signed in last"</h2>
            <p class="govuk-body">"If one of these was not you, choose a new password now and tell your manager."</p>
            <ul class="govuk-list">{lines.collect_view()}</ul>
        }
    })
}
