//! What is the viewer's own to do, as a list of tasks; on a new database the three first ones.

use chrono::NaiveDate;
use domain::dates;
use domain::policy::{AccessLogReader, Staff, TeamManager};
use leptos::prelude::*;
use service::ServiceError;
use service::workbook::opening::OpeningLine;
use service::workbook::summary::SummaryDue;

use crate::pages::records::parts::missing_words;
use crate::visit::Visit;

/// Something to do: what, where, and a word on it.
pub struct Task {
    title: String,
    hint: String,
    href: String,
    status: String,
}

/// Everything that waits for the viewer, soonest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn waiting(visit: &Visit, today: NaiveDate, to_write: &[SummaryDue]) -> Result<Vec<Task>, ServiceError> {
    let mut tasks = Vec::new();
    for due in to_write {
        tasks.push(Task {
            title: format!("Write your summary: {}", due.reference),
            hint: format!("for the meeting of {}", dates::long_date(due.held_on)),
            href: crate::pages::families::chapter::summary_box(due.family),
            status: "To write".to_owned(),
        });
    }
    let steps = visit.service.my_steps(&visit.viewer).await?;
    let overdue = steps.iter().filter(|step| step.due.is_some_and(|due| due < today)).count();
    let next = steps.iter().find(|step| step.due.is_none_or(|due| due >= today));
    if overdue > 0 {
        tasks.push(Task {
            title: "Say what became of your steps".to_owned(),
            hint: String::new(),
            href: "/steps".to_owned(),
            status: format!("{overdue} overdue"),
        });
    } else if let Some(step) = next {
        let due = step.due.map(|due| format!(", by {}", dates::plain_date(due))).unwrap_or_default();
        tasks.push(Task {
            title: "Your steps".to_owned(),
            hint: format!("next: {} ({}{due})", step.what, step.reference),
            href: "/steps".to_owned(),
            status: format!("{} open", steps.len()),
        });
    }
    let looks = visit.service.looks_waiting(&visit.viewer).await?;
    if looks > 0 {
        tasks.push(Task {
            title: "Answer confidential looks".to_owned(),
            hint: String::new(),
            href: "/confidential".to_owned(),
            status: looks.to_string(),
        });
    }
    if let Some(staff) = Staff::of(&visit.viewer) {
        of_staff(visit, staff, &mut tasks).await?;
    }
    Ok(tasks)
}

async fn of_staff(visit: &Visit, staff: Staff<'_>, tasks: &mut Vec<Task>) -> Result<(), ServiceError> {
    let unsigned = visit.service.unsigned(staff).await?;
    // First what may not wait: in the meeting nobody said that they had heard it.
    for line in &unsigned {
        let Some((_, first)) = line.children.first() else { continue };
        tasks.extend(line.unheard.iter().map(|risk| Task {
            title: format!("Urgent risk that nobody said they heard: {}", line.reference),
            hint: format!("{}, {risk}", dates::plain_date(line.held_on)),
            href: format!("/records/{first}"),
            status: "Check now".to_owned(),
        }));
    }
    for line in unsigned {
        let missing = missing_words(line.missing).unwrap_or_else(|| "Ready to sign".to_owned());
        let names: Vec<&str> = line.children.iter().map(|(name, _)| name.as_str()).collect();
        let Some((_, first)) = line.children.first() else { continue };
        tasks.push(Task {
            title: format!("Sign the records: {}", line.reference),
            hint: format!("{}, discussed {}", names.join(", "), dates::plain_date(line.held_on)),
            href: format!("/records/{first}"),
            status: missing,
        });
    }
    let opened = match AccessLogReader::of(&visit.viewer) {
        Some(log) => visit.service.openings(log, visit.service.this_month()).await?,
        None => Vec::new(),
    };
    let theirs = |line: &OpeningLine| TeamManager::of(&visit.viewer, line.team).is_some();
    let waiting = opened.iter().filter(|line| line.waits() && theirs(line)).count();
    if waiting > 0 {
        tasks.push(Task {
            title: "Look at families that somebody opened in an emergency".to_owned(),
            hint: String::new(),
            href: "/openings".to_owned(),
            status: waiting.to_string(),
        });
    }
    let listed = [
        (visit.service.to_answer(staff).await?.len(), "Answer what was asked to be added to signed records"),
        (visit.service.dissents_waiting(staff).await?.len(), "Answer disagreements"),
        (visit.service.unsent(staff).await?.len(), "Send signed records that went to nobody yet"),
    ];
    tasks.extend(listed.into_iter().filter(|(count, _)| *count > 0).map(|(count, title)| Task {
        title: title.to_owned(),
        hint: String::new(),
        href: "/records".to_owned(),
        status: count.to_string(),
    }));
    Ok(())
}

/// The tasks as a list; nothing where there are none.
pub fn list(tasks: Vec<Task>) -> Option<impl IntoView> {
    (!tasks.is_empty()).then(|| {
        view! {
            <section aria-labelledby="to-do">
                <h2 class="govuk-heading-m" id="to-do">"To do"</h2>
                {items(tasks)}
            </section>
        }
    })
}

fn items(tasks: Vec<Task>) -> impl IntoView {
    view! {
        <ul class="govuk-task-list">
            {tasks.into_iter().map(|task| view! {
                <li class="govuk-task-list__item govuk-task-list__item--with-link">
                    <div class="govuk-task-list__name-and-hint">
                        <a class="govuk-link govuk-task-list__link" href=task.href>{task.title}</a>
                        {(!task.hint.is_empty()).then(|| view! { <div class="govuk-task-list__hint">{task.hint}</div> })}
                    </div>
                    <div class="govuk-task-list__status">{task.status}</div>
                </li>
            }).collect_view()}
        </ul>
    }
}

/// What somebody who serves a team does first, where no family is there yet.
pub fn first_run() -> impl IntoView {
    let task = |title: &str, hint: &str, href: &str, status: &str| Task {
        title: title.to_owned(),
        hint: hint.to_owned(),
        href: href.to_owned(),
        status: status.to_owned(),
    };
    view! {
        <section aria-labelledby="first">
            <h2 class="govuk-heading-m" id="first">"Three things to do first"</h2>
            {items(vec![
                task("Add your families", "Whoever runs Caseround for the council can load them from the case system, or you add them by hand.", "/families/new", "1"),
                task("Add the people who work with them", "Workers of your teams, and of the agencies beside you.", "/workers", "2"),
                task("Plan the first meeting", "Choose the families that are due, and in which order.", "/meetings/new", "3"),
            ])}
        </section>
    }
}
