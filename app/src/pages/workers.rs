//! Workers by hand.

use domain::template::{STAND_IN, STAND_IN_TITLE};
use domain::{TeamId, WorkerId};
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
        let mut workers = visit.service.workers(visit.service.staff(&visit.viewer)?).await?;
        let directory = visit.service.directory().await?;
        workers.sort_by(|(a, _), (b, _)| (!a.discipline.is_empty(), &a.name).cmp(&(!b.discipline.is_empty(), &b.name)));
        let rows = workers.into_iter().map(|(worker, correctable)| {
            let team = worker.team_id.map(TeamId::new).map_or("", |team| directory.team(team)).to_owned();
            let asked = worker.discipline.is_empty();
            let name = if correctable {
                view! { <a class="govuk-link" href=format!("/workers/{}", worker.id)>{worker.name}</a> }.into_any()
            } else {
                worker.name.into_any()
            };
            view! {
                <tr class="govuk-table__row">
                    <th scope="row" class="govuk-table__header">{name}</th>
                    <td class="govuk-table__cell">{directory.discipline(worker.id).to_owned()}{asked.then(|| view! { " "<strong class="govuk-tag govuk-tag--yellow">"which discipline?"</strong> })}</td>
                    <td class="govuk-table__cell">{team}</td>
                </tr>
            }
        }).collect_view();
        let content = view! {
            <div class="cr-heading-row">
                <h1 class="govuk-heading-l">"Workers"</h1>
                <a href="/workers/new" role="button" class="govuk-button govuk-button--secondary">"Add a worker"</a>
            </div>
            <p class="govuk-body"><a class="govuk-link" href="/downloads">"What was given out"</a></p>
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
        let staff = visit.service.staff(&visit.viewer)?;
        let saved = visit.service.worker_form(staff, id).await?;
        let content = form(&visit, Some(id), saved).await?;
        Ok(("Edit a worker’s details".to_owned(), content))
    })
}

async fn form(visit: &Visit, id: Option<WorkerId>, saved: WorkerForm) -> Result<impl IntoView + use<>, ServiceError> {
    visit.service.staff(&visit.viewer)?;
    let directory = visit.service.directory().await?;
    let draft = visit::draft().await.unwrap_or_default();
    let choose = || std::iter::once((String::new(), "Choose".to_owned()));
    let disciplines = choose()
        .chain(visit.service.template().disciplines.iter().map(|entry| (entry.key.clone(), entry.title.clone())))
        .chain([(STAND_IN.to_owned(), STAND_IN_TITLE.to_owned())])
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
        <p class="govuk-body cr-quiet">"Whoever looks after Caseround in the council gives an account to sign in with (caseround worker link)."</p>
    })
}
