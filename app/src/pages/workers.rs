//! Workers by hand.

use domain::policy::{RoleReader, Staff};
use domain::status::AccountAct;
use domain::template::{GUEST, GUEST_TITLE, STAND_IN, STAND_IN_TITLE};
use domain::{TeamId, WorkerId, dates};
use leptos::prelude::*;
use service::ServiceError;
use service::people::WorkerForm;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::form::{SelectField, TextField, error_summary};
use crate::visit::{self, Visit};

/// `/workers`.
pub fn list() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let mut workers = visit.service.workers(visit.service.directory_keeper(&visit.viewer)?).await?;
        let directory = visit.service.directory().await?;
        workers.sort_by(|(a, _), (b, _)| (!a.discipline.is_empty(), &a.name).cmp(&(!b.discipline.is_empty(), &b.name)));
        let serves = Staff::of(&visit.viewer).is_some();
        let (roles, manages) = (RoleReader::of(&visit.viewer).is_some(), visit.viewer.is_manager());
        let rows = workers.into_iter().map(|(worker, correctable)| {
            let team = worker.team_id.map(TeamId::new).map_or("", |team| directory.team(team)).to_owned();
            let merged = directory.merged.contains_key(&worker.id);
            let (asked, guest) = (worker.discipline.is_empty(), worker.discipline == GUEST);
            let name = if correctable {
                view! { <a class="govuk-link" href=format!("/workers/{}", worker.id)>{worker.name}</a> }.into_any()
            } else {
                worker.name.into_any()
            };
            view! {
                <tr class="govuk-table__row">
                    <th scope="row" class="govuk-table__header">{name}</th>
                    <td class="govuk-table__cell">{directory.discipline(worker.id).to_owned()}{asked.then(|| view! { " "<strong class="govuk-tag govuk-tag--yellow">"which discipline?"</strong> })}{guest.then(|| view! { " "<strong class="govuk-tag govuk-tag--grey">"guest from outside"</strong> })}{merged.then(|| view! { " "<strong class="govuk-tag govuk-tag--grey">"merged"</strong> })}</td>
                    <td class="govuk-table__cell">{team}</td>
                </tr>
            }
        }).collect_view();
        let content = view! {
            <div class="cr-heading-row">
                <h1 class="govuk-heading-l">"Workers"</h1>
                <a href="/workers/new" role="button" class="govuk-button govuk-button--secondary">"Add a worker"</a>
            </div>
            <p class="govuk-body">
                {serves.then(|| view! { <a class="govuk-link" href="/downloads">"What was given out"</a>" · " })}
                {roles.then(|| view! { <a class="govuk-link" href="/roles">"Roles"</a> })}
                {manages.then(|| view! { " · "<a class="govuk-link" href="/openings">"Families opened by others"</a> })}
            </p>
            <table class="govuk-table cr-families">
                <caption class="govuk-visually-hidden">"Workers"</caption>
                <thead class="govuk-table__head"><tr class="govuk-table__row">
                    <th scope="col" class="govuk-table__header">"Name"</th><th scope="col" class="govuk-table__header">"Discipline"</th><th scope="col" class="govuk-table__header">"Team"</th>
                </tr></thead>
                <tbody class="govuk-table__body">{rows}</tbody>
            </table>
        };
        Ok(("Workers".to_owned(), content))
    })
}

/// `/workers/new`.
pub fn new() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let content = form(&visit, None, WorkerForm::default()).await?;
        Ok(("Add a worker".to_owned(), content))
    })
}

/// `/workers/:id`.
pub fn edit() -> impl IntoView {
    let id: Option<WorkerId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let keeper = visit.service.directory_keeper(&visit.viewer)?;
        let saved = visit.service.worker_form(keeper, id).await?;
        let form = form(&visit, Some(id), saved).await?;
        let manages = visit.viewer.is_manager();
        let content = view! {
            {form}
            {signing_in(&visit, id).await?}
            {other_entries(&visit, id).await?}
            {manages.then(|| view! { <p class="govuk-body"><a class="govuk-link" href=format!("/access?of={id}")>"What they looked at"</a></p> })}
        };
        Ok(("Edit a worker’s details".to_owned(), content))
    })
}

async fn form(visit: &Visit, id: Option<WorkerId>, saved: WorkerForm) -> Result<impl IntoView + use<>, ServiceError> {
    visit.service.directory_keeper(&visit.viewer)?;
    let directory = visit.service.directory().await?;
    let draft = visit::draft().await.unwrap_or_default();
    let choose = || std::iter::once((String::new(), "Choose".to_owned()));
    let disciplines = choose()
        .chain(visit.service.template().disciplines.iter().map(|entry| (entry.key.clone(), entry.title.clone())))
        .chain([(STAND_IN.to_owned(), STAND_IN_TITLE.to_owned())])
        .chain((saved.discipline == GUEST).then(|| (GUEST.to_owned(), GUEST_TITLE.to_owned())))
        .collect();
    let teams = std::iter::once((String::new(), "No team of ours (NHS, charity, probation …)".to_owned()))
        .chain(directory.teams.values().map(|team| (team.id.to_string(), team.name.clone())))
        .collect();
    let title = if id.is_some() { "Edit a worker’s details" } else { "Add a worker" };
    Ok(view! {
        {error_summary(&draft)}
        {back("/workers", "Workers")}
            <h1 class="govuk-heading-l">{title}</h1>
        <form action="/api/worker/save" method="post" class="cr-narrow">
            <input type="hidden" name="id" value=id.map(|id| id.to_string()).unwrap_or_default()/>
            <TextField name="name" label="Name" value=draft.value("name", &saved.name) error=draft.error("name")/>
            <TextField name="job_title" label="Job title" value=draft.value("job_title", &saved.job_title) error=draft.error("job_title")/>
            <SelectField name="discipline" label="Discipline" options=disciplines value=draft.value("discipline", &saved.discipline) error=draft.error("discipline")/>
            <SelectField name="team" label="Team" options=teams value=draft.value("team", &saved.team) error=draft.error("team")/>
            <button type="submit" class="govuk-button">"Save"</button>
        </form>
    })
}

/// How they sign in, for whoever keeps their account; whom to ask, for everybody else.
async fn signing_in(visit: &Visit, worker: WorkerId) -> Result<impl IntoView + use<>, ServiceError> {
    let keeper = match visit.service.account_keeper(&visit.viewer, worker).await {
        Ok(keeper) => keeper,
        Err(ServiceError::NotFound) => {
            let ask = "A manager of their team or an administrator gives them an account, ends it, and helps when a password is lost. The accounts of managers and administrators are kept by administrators.";
            return Ok(view! { <h2 class="govuk-heading-m" id="signing-in">"Signing in"</h2><p class="govuk-body cr-quiet">{ask}</p> }.into_any());
        }
        Err(error) => return Err(error),
    };
    let kept = visit.service.kept_account(keeper).await?;
    let draft = visit::draft().await.unwrap_or_default();
    let id = worker.to_string();
    let press = |act: &'static str, label: &'static str| {
        view! {
            <form action=format!("/api/account/{act}") method="post" class="cr-inline-form">
                <input type="hidden" name="worker" value=id.clone()/>
                <button type="submit" class="govuk-button govuk-button--secondary">{label}</button>
            </form>
        }
    };
    let factor = visit.service.has_factor(keeper).await?;
    let guest = visit.service.directory().await?.is_guest(worker);
    let open = kept.account.clone().filter(|account| account.ended_at.is_none());
    let state = match &open {
        _ if guest => view! {
            <p class="govuk-body">"They are a guest from outside: whoever plans or runs a meeting invites them for one family’s discussion and makes a one-time code for them."</p>
            {open.is_some().then(|| press("end", "End this account"))}
        }.into_any(),
        Some(account) => {
            let identity = visit.service.identity_of(worker).await?;
            let provider = visit.service.provider_of(&account.email).cloned();
            let how = match (&identity, account.password_hash.is_empty()) {
                (Some(identity), _) => {
                    format!("They sign in with {} ({}).", visit.service.provider_name(&identity.issuer), account.email)
                }
                (None, true) if provider.is_some() => {
                    format!("They sign in with {}. They have not used their link yet.", account.email)
                }
                (None, true) => format!("They sign in with {}. Their password is not chosen yet.", account.email),
                (None, false) => format!("They sign in with {}.", account.email),
            };
            let linked = identity.is_some();
            let about = match &provider {
                Some(provider) => format!("A new link lets them sign in with {} and links this account to them there. Ending the account signs them out everywhere.", provider.name),
                None => "A new link lets them choose a new password; the one they have works until then. Ending the account signs them out everywhere.".to_owned(),
            };
            let named = provider.filter(|_| keeper.says_who_they_are()).map(|provider| view! {
                <form action="/api/account/identity" method="post" class="cr-narrow">
                    <input type="hidden" name="worker" value=id.clone()/>
                    <input type="hidden" name="provider" value=provider.key/>
                    <TextField name="subject" label=format!("Who they are at {}", provider.name) hint="The subject in its tokens, for somebody who cannot use a link. It is no e-mail address." value=draft.value("subject", "") error=draft.error("subject")/>
                    <button type="submit" class="govuk-button govuk-button--secondary">"Link this account"</button>
                </form>
            });
            view! {
                <p class="govuk-body">{how}</p>
                <p class="govuk-body cr-quiet">{about}</p>
                {press("link", "Make a new link")}{factor.then(|| press("factor-remove", "Remove their second factor"))}{(linked && keeper.says_who_they_are()).then(|| press("identity-remove", "Remove the link to them there"))}{press("end", "End this account")}
                {named}
            }.into_any()
        }
        None => {
            let email =
                draft.value("email", &kept.account.as_ref().map(|ended| ended.email.clone()).unwrap_or_default());
            let ended = kept.account.is_some();
            view! {
                <p class="govuk-body">{if ended { "Their account has ended." } else { "They have no account." }}</p>
                {ended.then(|| press("reopen", "Open it again"))}
                <form action="/api/account/invite" method="post" class="cr-narrow">
                    <input type="hidden" name="worker" value=id.clone()/>
                    <TextField name="email" label="E-mail address they sign in with" kind="email" autocomplete="off" value=email error=draft.error("email")/>
                    <button type="submit" class="govuk-button govuk-button--secondary">"Give an account"</button>
                </form>
            }.into_any()
        }
    };
    let acts = kept.acts.into_iter().map(|(note, by)| {
        let day = dates::plain_date(dates::london(note.at).date());
        view! { <li>{format!("{day}, {}: {}, {by}", dates::clock(note.at), act_in_words(note.what))}</li> }
    });
    Ok(view! {
        <h2 class="govuk-heading-m" id="signing-in">"Signing in"</h2>
        {state}
        <ul class="govuk-list cr-quiet">{acts.collect_view()}</ul>
    }
    .into_any())
}

/// For administrators: the other entries of the same person, where an extract brought two.
async fn other_entries(visit: &Visit, worker: WorkerId) -> Result<impl IntoView + use<>, ServiceError> {
    if !visit.viewer.administers {
        return Ok(None);
    }
    let entries = visit.service.other_entries(worker).await?;
    let draft = visit::draft().await.unwrap_or_default();
    let id = worker.to_string();
    if let Some((into, name)) = entries.merged_into {
        return Ok(Some(view! {
            <h2 class="govuk-heading-m" id="entries">"Entries of the same person"</h2>
            <p class="govuk-body">"This entry is merged into "<a class="govuk-link" href=format!("/workers/{into}")>{name}</a>", with which they sign in."</p>
            {separate(&id, &id)}
        }.into_any()));
    }
    if entries.merged.is_empty() && entries.alike.is_empty() {
        return Ok(None);
    }
    let merged = entries.merged.into_iter().map(|(other, name)| {
        view! { <li>{name}" is merged into this entry. "{separate(&id, &other.to_string())}</li> }
    });
    let choices: Vec<(String, String)> = std::iter::once((String::new(), "Choose".to_owned()))
        .chain(entries.alike.into_iter().map(|(other, name)| (other.to_string(), name)))
        .collect();
    let others = (choices.len() > 1).then(|| view! {
        <p class="govuk-body">"An extract can bring one person twice. Merged, what the other entry is allocated to counts as this one’s, and so do its steps; its account and its roles end. What it wrote stays under its name."</p>
        <form action="/api/worker/merge" method="post" class="cr-narrow">
            <input type="hidden" name="worker" value=id.clone()/>
            <SelectField name="other" label="Another entry with this name or staff number" options=choices value=draft.value("other", "") error=draft.error("other")/>
            <button type="submit" class="govuk-button govuk-button--secondary">"Merge it into this entry"</button>
        </form>
    });
    Ok(Some(
        view! {
            <h2 class="govuk-heading-m" id="entries">"Entries of the same person"</h2>
            <ul class="govuk-list">{merged.collect_view()}</ul>
            {others}
        }
        .into_any(),
    ))
}

fn separate(worker: &str, other: &str) -> impl IntoView + use<> {
    view! {
        <form action="/api/worker/separate" method="post" class="cr-inline-form">
            <input type="hidden" name="worker" value=worker.to_owned()/>
            <input type="hidden" name="other" value=other.to_owned()/>
            <button type="submit" class="govuk-button govuk-button--secondary">"Separate them again"</button>
        </form>
    }
}

pub(super) fn act_in_words(what: AccountAct) -> &'static str {
    match what {
        AccountAct::Given => "account given",
        AccountAct::Linked => "link made to choose a password",
        AccountAct::Chosen => "password chosen",
        AccountAct::Changed => "password changed",
        AccountAct::Ended => "account ended",
        AccountAct::Moved => "address changed",
        AccountAct::FactorSet => "second factor set up",
        AccountAct::CodesMade => "recovery codes made",
        AccountAct::FactorRemoved => "second factor removed",
        AccountAct::IdentityLinked => "linked to a sign-in elsewhere",
        AccountAct::IdentityRemoved => "sign-in elsewhere removed",
        AccountAct::GuestInvited => "one-time code made",
        AccountAct::GuestTakenBack => "invitation taken back",
        AccountAct::Merged => "merged with another entry of the same person",
        AccountAct::Separated => "separated again",
        AccountAct::DisciplineChanged => "changed to or from a discipline that comes with rights",
    }
}
