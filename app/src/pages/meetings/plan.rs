//! Planning a meeting, and changing a plan.

use chrono::NaiveDate;
use domain::policy::TeamManager;
use domain::{MeetingId, TeamId, dates};
use leptos::prelude::*;
use service::meeting::{DueFamily, NewMeeting, Timetable};
use service::{Directory, ServiceError};
use std::collections::BTreeMap;

use crate::api::plan::{PlanForm, PlanLine, parsed};
use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::form::{SelectField, TextField, error_summary};
use crate::visit::{self, Visit};

/// `/meetings/new`.
pub fn new() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let serves = visit.teams();
        let asked = visit::query("team").and_then(|team| team.parse().ok());
        let directory = visit.service.directory().await?;
        let own = directory.workers.get(&visit.viewer.worker).and_then(|worker| worker.team_id).map(TeamId::new);
        let team = asked
            .or(own.filter(|own| serves.contains(own)))
            .or_else(|| serves.first().copied())
            .ok_or(ServiceError::NotFound)?;
        let today = visit.service.clock().today();
        let staff = visit.service.team_staff(&visit.viewer, team)?;
        let due = visit.service.due(staff, today).await?;
        let last = visit.service.copy_forward(staff).await?;
        let copied = visit::query("copy").is_some();
        let start = match last.clone().filter(|_| copied) {
            Some(last) => as_form(&last, &due, None),
            None => empty_form(&visit, team, &due, &directory),
        };
        let can_copy = last.map(|last| dates::plain_date(last.held_on - chrono::TimeDelta::weeks(4)));
        let content =
            form_page(&visit, "Plan a meeting", start, due, &directory, can_copy.map(|day| (team, day)), serves)
                .await?;
        Ok(("Plan a meeting".to_owned(), content))
    })
}

/// `/meetings/:id/plan`.
pub fn change() -> impl IntoView {
    let id: Option<MeetingId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let planner = visit.service.meeting_planner(&visit.viewer, id).await?;
        let (plan, revision) = visit.service.plan_of(planner).await?;
        let staff = visit.service.team_staff(&visit.viewer, plan.team)?;
        let due = visit.service.due(staff, plan.held_on).await?;
        let directory = visit.service.directory().await?;
        let start = as_form(&plan, &due, Some((id, revision)));
        let content = form_page(&visit, "Change the plan", start, due, &directory, None, vec![plan.team]).await?;
        Ok(("Change the plan".to_owned(), content))
    })
}

fn empty_form(visit: &Visit, team: TeamId, due: &[DueFamily], directory: &Directory) -> PlanForm {
    let manager = directory
        .workers
        .values()
        .find(|worker| worker.team_id == Some(team.uuid()) && worker.discipline == "team_manager");
    let taker = directory
        .workers
        .values()
        .find(|worker| worker.team_id == Some(team.uuid()) && worker.discipline == "business_support");
    let chair = if TeamManager::of(&visit.viewer, Some(team)).is_some() {
        Some(visit.viewer.worker)
    } else {
        manager.map(|manager| manager.id)
    };
    PlanForm {
        team: team.to_string(),
        held_on: dates::typed(visit.service.clock().today()),
        starts: "9:30".to_owned(),
        booked: "180".to_owned(),
        chair: chair.map(|chair| chair.to_string()).unwrap_or_default(),
        record_taker: taker.map(|taker| taker.id.to_string()).unwrap_or_default(),
        lines: lines(&[], due, visit.service.template().minutes[0]),
        ..PlanForm::default()
    }
}

fn as_form(plan: &NewMeeting, due: &[DueFamily], meeting: Option<(MeetingId, u32)>) -> PlanForm {
    let chosen: Vec<(String, u32)> = plan.families.iter().map(|line| (line.family.to_string(), line.minutes)).collect();
    PlanForm {
        meeting: meeting.map(|(meeting, _)| meeting.to_string()).unwrap_or_default(),
        revision: meeting.map(|(_, revision)| revision.to_string()).unwrap_or_default(),
        team: plan.team.to_string(),
        held_on: dates::typed(plan.held_on),
        starts: plan.starts.format("%H:%M").to_string(),
        booked: plan.booked.to_string(),
        place: plan.place.clone(),
        chair: plan.chair.to_string(),
        record_taker: plan.record_taker.map(|taker| taker.to_string()).unwrap_or_default(),
        lines: lines(&chosen, due, 45),
        button: String::new(),
        template: String::new(),
    }
}

/// The families on the agenda in their order, then the others that are due.
fn lines(chosen: &[(String, u32)], due: &[DueFamily], minutes: u32) -> Vec<PlanLine> {
    let on = chosen.iter().map(|(family, minutes)| PlanLine {
        family: family.clone(),
        on: "yes".to_owned(),
        minutes: minutes.to_string(),
        order: String::new(),
    });
    let off = due
        .iter()
        .map(|family| family.id.to_string())
        .filter(|id| chosen.iter().all(|(family, _)| family != id))
        .map(|family| PlanLine { family, on: String::new(), minutes: minutes.to_string(), order: String::new() });
    on.chain(off).enumerate().map(|(at, line)| PlanLine { order: (at + 1).to_string(), ..line }).collect()
}

async fn form_page(
    visit: &Visit, title: &'static str, start: PlanForm, due: Vec<DueFamily>, directory: &Directory,
    copy: Option<(TeamId, String)>, teams: Vec<TeamId>,
) -> Result<impl IntoView + use<>, ServiceError> {
    let draft = visit::draft().await.unwrap_or_default();
    let revision = start.revision.clone();
    let mut form: PlanForm = draft.fields.get("plan").and_then(|plan| serde_json::from_str(plan).ok()).unwrap_or(start);
    if !draft.errors.is_empty() {
        // Told what changed meanwhile, they may send theirs again.
        form.revision = revision;
    }
    let timetable = match parsed(&form) {
        Ok(new) => {
            let staff = visit.service.team_staff(&visit.viewer, new.team)?;
            visit.service.timetable(staff, &new, form.meeting.parse().ok()).await?
        }
        Err(_) => Timetable::default(),
    };
    let team: TeamId = form.team.parse().map_err(|_| ServiceError::NotFound)?;
    let workers = directory.choices(Some(team));
    let takers = std::iter::once((String::new(), "Nobody: the chair does".to_owned())).chain(workers.clone()).collect();
    let chairs = std::iter::once((String::new(), "Choose".to_owned())).chain(workers).collect();
    let team_links: Vec<(TeamId, String)> =
        teams.iter().filter(|other| **other != team).map(|other| (*other, directory.team(*other).to_owned())).collect();
    let choices = form.meeting.is_empty() && !team_links.is_empty();
    let families: BTreeMap<String, DueFamily> = due.into_iter().map(|family| (family.id.to_string(), family)).collect();
    let templates: Vec<(String, String)> =
        visit.service.templates().iter().map(|template| (template.key.clone(), template.title.clone())).collect();
    let error = |field: &str| draft.error(field);
    let today = visit.service.clock().today();
    let families_error = error("families");
    let saved = visit::query("saved").map(|_| form.meeting.clone());
    let asked = form.button == "check";
    Ok(view! {
        {error_summary(&draft)}
        {saved.map(|meeting| view! {
            <div class="cr-saved" role="status">"The plan is saved. Look at the warnings below, or "<a class="govuk-link" href=format!("/meetings/{meeting}")>"go to the meeting"</a>"."</div>
        })}
        {if form.meeting.is_empty() { back("/meetings", "Meetings") } else { back(format!("/meetings/{}", form.meeting), "Back to the meeting") }}
        <h1 class="govuk-heading-l">{title}": "{directory.team(team).to_owned()}</h1>
        {choices.then(|| view! {
            <p class="govuk-body">"Another team: "{team_links.into_iter().map(|(id, name)| view! { <a class="govuk-link" href=format!("/meetings/new?team={id}")>{name}</a>" " }).collect_view()}</p>
        })}
        {copy.map(|(team, day)| view! {
            <p class="govuk-body"><a class="govuk-link" href=format!("/meetings/new?team={team}&copy=yes")>"Copy last month’s meeting forward"</a><span class="cr-quiet">" (held "{day}")"</span></p>
        })}
        {(!form.meeting.is_empty()).then(|| view! {
            <p class="govuk-body"><a class="govuk-link" href=format!("/meetings/{}/guests", form.meeting)>"Guests from outside"</a><span class="cr-quiet">": somebody of another organisation, for one family"</span></p>
        })}
        <form action="/api/meeting/plan" method="post" class="cr-plan">
            <input type="hidden" name="form[meeting]" value=form.meeting.clone()/>
            <input type="hidden" name="form[revision]" value=form.revision.clone()/>
            <input type="hidden" name="form[team]" value=form.team.clone()/>
            <button type="submit" name="form[button]" value="save" class="govuk-visually-hidden" tabindex="-1" aria-hidden="true">"Save"</button>
            <div class="cr-plan__top">
                <TextField name="form[held_on]" label="Date" hint="Like 24/11/2026" value=form.held_on.clone() error=error("held_on")/>
                <TextField name="form[starts]" label="Start" hint="Like 9:30" value=form.starts.clone() error=error("starts")/>
                <TextField name="form[booked]" label="Minutes booked" hint="Like 180" value=form.booked.clone() error=error("booked")/>
            </div>
            <div class="cr-plan__top">
                <TextField name="form[place]" label="Place or link" value=form.place.clone() error=error("place")/>
                <SelectField name="form[chair]" label="Chair" options=chairs value=form.chair.clone() error=error("chair")/>
                {(form.meeting.is_empty() && templates.len() > 1).then(|| view! { <SelectField name="form[template]" label="Template" options=templates value=form.template.clone() error=error("template")/> })}
                <SelectField name="form[record_taker]" label="Record-taker" options=takers value=form.record_taker.clone() error=error("record_taker")/>
            </div>
            {what_follows(timetable, asked)}
            <fieldset class="govuk-fieldset" id="families">
                <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">"Families: the agenda first, then the others, longest ago first"</legend>
                {families_error.map(|message| view! { <p class="govuk-error-message">{message}</p> })}
                <ol class="cr-plan__families">
                    {form.lines.iter().enumerate().filter_map(|(at, line)| families.get(&line.family).map(|family| family_line(at, line, family, today))).collect_view()}
                </ol>
            </fieldset>
            <div class="govuk-button-group cr-plan__save">
                <button type="submit" name="form[button]" value="save" class="govuk-button">"Save the plan"</button>
                <button type="submit" name="form[button]" value="check" class="govuk-button govuk-button--secondary">"Check who is needed when"</button>
            </div>
        </form>
    })
}

/// What follows from the plan; unfolded where it was asked for.
fn what_follows(timetable: Timetable, asked: bool) -> impl IntoView {
    view! {
        <div id="timetable">
        {timetable.warnings.into_iter().map(|warning| view! {
            <div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">"!"</span><strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">"Warning"</span>{warning}</strong></div>
        }).collect_view()}
        {timetable.ends.map(|ends| view! { <p class="govuk-body">"The families end at "<strong>{ends.format("%H:%M").to_string()}</strong>"."</p> })}
        {(!timetable.people.is_empty()).then(|| view! {
            <details class="govuk-details" open=asked>
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">"Who is needed when"</span></summary>
                <div class="govuk-details__text">
                    <dl class="cr-timetable">
                        {timetable.people.into_iter().map(|(name, times)| view! { <div><dt>{name}</dt><dd>{times.join(" · ")}</dd></div> }).collect_view()}
                    </dl>
                </div>
            </details>
        })}
        </div>
    }
}

fn family_line(at: usize, line: &PlanLine, family: &DueFamily, today: NaiveDate) -> impl IntoView + use<> {
    let name = |field: &str| format!("form[lines][{at}][{field}]");
    let workers = family.workers.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>().join(", ");
    let planned = family.planned.map(|day| format!(" · planned {}", dates::short_date(day)));
    let agreed = family.agreed_for.map(|day| match day == today {
        true => "agreed for today".to_owned(),
        false => format!("agreed for {}", dates::short_date(day)),
    });
    let postponed = family.postponed.then(|| "postponed last time".to_owned());
    let promised = agreed.into_iter().chain(postponed).collect::<Vec<_>>().join(", ");
    let (id, reference) = (format!("on-{at}"), family.reference.clone());
    view! {
        <li class="cr-plan__family">
            <input type="hidden" name=name("family") value=line.family.clone()/>
            <div class="cr-plan__tick">
                <input type="checkbox" id=id.clone() name=name("on") value="yes" checked=line.on == "yes"/>
                <label for=id><strong>{family.reference.clone()}</strong>" "{family.children.clone()}{(!promised.is_empty()).then(|| view! { " "<strong class="govuk-tag govuk-tag--yellow">{promised}</strong> })}</label>
            </div>
            <p class="cr-quiet">{family.plan.clone()}{(!family.plan.is_empty()).then_some(" · ")}
                <span class:cr-overdue=family.overdue>{family.discussed.clone()}</span>{planned}{(!workers.is_empty()).then(|| format!(" · {workers}"))}</p>
            <div class="cr-plan__how">
                <label>"Minutes "<input class="govuk-input govuk-input--width-3" inputmode="numeric" name=name("minutes") value=line.minutes.clone() aria-label=format!("Minutes for {reference}")/></label>
                <label>"Order "<input class="govuk-input govuk-input--width-2" inputmode="numeric" name=name("order") value=line.order.clone() aria-label=format!("Order of {reference}")/></label>
                <button type="submit" class="cr-small-button" name="form[button]" value=format!("up:{at}") aria-label=format!("Move up: {reference}")>"Move up"</button>
                <button type="submit" class="cr-small-button" name="form[button]" value=format!("down:{at}") aria-label=format!("Move down: {reference}")>"Move down"</button>
            </div>
        </li>
    }
}
