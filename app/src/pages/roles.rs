//! Who holds which role, giving and ending one, and what each may do.

use domain::policy::{RoleReader, table};
use domain::status::Role;
use domain::{TeamId, dates};
use leptos::prelude::*;
use service::people::role::{HeldRole, RoleState};

use crate::pages::page;
use crate::parts::back::back;
use crate::parts::form::{SelectField, TextField, error_summary};
use crate::visit;

/// `/roles`.
pub fn list() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let reader = visit.service.role_reader(&visit.viewer)?;
        let roles = visit.service.roles(reader).await?;
        let administrators = visit.service.administrators().await?;
        let draft = visit::draft().await.unwrap_or_default();
        let (over, held): (Vec<_>, Vec<_>) = roles.into_iter().partition(|held| held.state == RoleState::Over);
        let content = view! {
            {error_summary(&draft)}
            {back("/workers", "Workers")}
            <div class="cr-heading-row">
                <h1 class="govuk-heading-l">"Roles"</h1>
                <a href="/roles/new" role="button" class="govuk-button govuk-button--secondary">"Give a role"</a>
            </div>
            <p class="govuk-body">"Team managers and business support have their rights by their discipline, and workers by who they are allocated to. Here is what is given beside that, and until when."</p>
            {looked_after(reader, &administrators)}
            {if held.is_empty() {
                view! { <p class="govuk-body">"No role is given now."</p> }.into_any()
            } else {
                roles_table("Who holds which role", held).into_any()
            }}
            {(!over.is_empty()).then(|| view! {
                <details class="govuk-details">
                    <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{format!("Roles that are over ({})", over.len())}</span></summary>
                    {roles_table("Roles that are over", over)}
                </details>
            })}
            {who_may()}
        };
        Ok(("Roles".to_owned(), content))
    })
}

/// Whether there are enough administrators that one who leaves locks nobody out.
fn looked_after(reader: RoleReader<'_>, administrators: &[String]) -> Option<impl IntoView + use<>> {
    let words = match administrators {
        [] => "Nobody is an administrator yet. Whoever looks after Caseround for the council names the first one (caseround account administrator).".to_owned(),
        [one] => format!("{one} is the only administrator. Name a second one: if {one} leaves, nobody else can give accounts to managers."),
        _ => return None,
    };
    let shown = reader.viewer().administers || administrators.is_empty();
    shown.then(|| view! { <div class="govuk-inset-text">{words}</div> })
}

fn roles_table(caption: &'static str, roles: Vec<HeldRole>) -> impl IntoView {
    let rows = roles.into_iter().map(row).collect_view();
    view! {
        <table class="govuk-table cr-stacked">
            <caption class="govuk-visually-hidden">{caption}</caption>
            <thead class="govuk-table__head"><tr class="govuk-table__row">
                <th scope="col" class="govuk-table__header">"Who"</th>
                <th scope="col" class="govuk-table__header">"Role"</th>
                <th scope="col" class="govuk-table__header">"Days"</th>
                <th scope="col" class="govuk-table__header">"Given by"</th>
                <th scope="col" class="govuk-table__header"><span class="govuk-visually-hidden">"End it"</span></th>
            </tr></thead>
            <tbody class="govuk-table__body">{rows}</tbody>
        </table>
    }
}

fn row(held: HeldRole) -> impl IntoView {
    let from = dates::plain_date(held.row.starts);
    let ended = held.row.ended_at.map(|at| dates::london(at).date());
    let days = match (ended, held.row.ends.and_then(|ends| ends.pred_opt())) {
        (Some(day), _) if day < held.row.starts => format!("from {from}; ended before it began"),
        (Some(day), _) => format!("from {from}; ended on {}", dates::plain_date(day)),
        (None, Some(last)) if last == held.row.starts => from,
        (None, Some(last)) => format!("{from} to {}", dates::plain_date(last)),
        (None, None) => format!("since {from}"),
    };
    let ended_by = held.ended_by.map(|by| format!("; ended by {by}")).unwrap_or_default();
    let to_come = (held.state == RoleState::ToCome).then_some(" (to come)");
    let what = held.what.clone();
    let id = held.row.id.to_string();
    view! {
        <tr class="govuk-table__row">
            <th scope="row" class="govuk-table__header" data-label="Who">{held.who.clone()}</th>
            <td class="govuk-table__cell" data-label="Role">{held.what}{to_come}</td>
            <td class="govuk-table__cell" data-label="Days">{days}</td>
            <td class="govuk-table__cell" data-label="Given by">{held.given_by}{ended_by}</td>
            <td class="govuk-table__cell cr-nowrap">{held.endable.then(|| view! {
                <form action="/api/role/end" method="post" class="cr-inline-form">
                    <input type="hidden" name="id" value=id/>
                    <button type="submit" class="cr-link-button">"End"<span class="govuk-visually-hidden">{format!(": {}, {what}", held.who)}</span></button>
                </form>
            })}</td>
        </tr>
    }
}

/// The policy, asked for each tie and each act.
fn who_may() -> impl IntoView {
    let rows = table::rows().into_iter().map(|(who, may)| {
        let acts: Vec<&str> = may.into_iter().zip(table::acts()).filter_map(|(may, act)| may.then_some(act)).collect();
        let acts = if acts.is_empty() { "Nothing of this".to_owned() } else { acts.join(" · ") };
        view! {
            <tr class="govuk-table__row">
                <th scope="row" class="govuk-table__header">{who}</th>
                <td class="govuk-table__cell" data-label="May">{acts}</td>
            </tr>
        }
    });
    view! {
        <h2 class="govuk-heading-m" id="who-may">"Who may do what"</h2>
        <p class="govuk-body">"Made from the rules themselves, for one family of one team."</p>
        <table class="govuk-table cr-stacked cr-policy" aria-labelledby="who-may">
            <thead class="govuk-table__head"><tr class="govuk-table__row">
                <th scope="col" class="govuk-table__header">"Who"</th><th scope="col" class="govuk-table__header">"May"</th>
            </tr></thead>
            <tbody class="govuk-table__body">{rows.collect_view()}</tbody>
        </table>
    }
}

/// `/roles/new`.
pub fn new() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        visit.service.role_reader(&visit.viewer)?;
        let directory = visit.service.directory().await?;
        let draft = visit::draft().await.unwrap_or_default();
        let choose = |all: Vec<(String, String)>| {
            std::iter::once((String::new(), "Choose".to_owned())).chain(all).collect::<Vec<_>>()
        };
        let administers = visit.viewer.administers;
        let manages = visit.viewer.is_manager();
        let mut roles = Vec::new();
        let mut offer = |role: Role, title: &str| roles.push((role.word().to_owned(), title.to_owned()));
        if manages {
            offer(Role::Cover, "Cover: works with a colleague’s families while they are away");
            offer(Role::Deputy, "Deputy manager: manages the team for a time");
        }
        if administers {
            offer(Role::Administrator, "Administrator: people, accounts and roles, no families");
            offer(
                Role::Reviewer,
                "Reviewer: reads who looked in every team, and a family with a reason; changes nothing",
            );
            offer(Role::Lead, "Lead: agrees to confidential looks, with another lead");
        }
        let named = |team: &TeamId| (team.to_string(), directory.team(*team).to_owned());
        let teams: Vec<(String, String)> = visit.viewer.manages.union(&visit.viewer.oversees).map(named).collect();
        let only = if let [(team, _)] = teams.as_slice() { team.clone() } else { String::new() };
        let workers = choose(directory.choices(visit.viewer.manages.union(&visit.viewer.oversees).next().copied()));
        let content = view! {
            {error_summary(&draft)}
            {back("/roles", "Roles")}
            <h1 class="govuk-heading-l">"Give a role"</h1>
            <form action="/api/role/give" method="post" class="cr-narrow">
                <SelectField name="role" label="Role" options=choose(roles) value=draft.value("role", "") error=draft.error("role")/>
                <SelectField name="worker" label="Who" options=workers.clone() value=draft.value("worker", "") error=draft.error("worker")/>
                {manages.then(|| view! {
                    <SelectField name="in_place_of" label="In whose place (for cover)" options=workers value=draft.value("in_place_of", "") error=draft.error("in_place_of")/>
                    <SelectField name="team" label="Team (for cover and deputies)" options=choose(teams) value=draft.value("team", &only) error=draft.error("team")/>
                })}
                <TextField name="starts" label="First day" hint="Empty means today" value=draft.value("starts", "") error=draft.error("starts")/>
                <TextField name="ends" label="Last day" hint="Cover and deputies: up to half a year. Reviewers and leads: up to a year. Administrators: empty" value=draft.value("ends", "") error=draft.error("ends")/>
                <button type="submit" class="govuk-button">"Give this role"</button>
            </form>
        };
        Ok(("Give a role".to_owned(), content))
    })
}
