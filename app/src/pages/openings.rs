//! Opening a family that one does not work with, and reading and reviewing who did.

use domain::policy::TeamManager;
use domain::status::OpeningKind;
use domain::{FamilyId, TeamId, dates};
use leptos::prelude::*;
use service::ServiceError;
use service::access::refusals::{Month, RefusalLine};
use service::workbook::opening::OpeningLine;

use crate::pages::page;
use crate::parts::back::back;
use crate::parts::form::{Draft, TextField, error_summary};
use crate::visit;

/// `/families/open`.
pub fn open() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        visit.service.opener(&visit.viewer)?;
        let draft = visit::draft().await.unwrap_or_default();
        const EMERGENCY: &str = "In an emergency you can open a family for one hour: to read, not to change. Everybody who works with the family sees that you did and why, and the manager of their team looks at it.";
        const REVIEW: &str = "You can read a family for one hour, with the reason for this look. Everybody who works with the family sees it.";
        const OVERSIGHT: &str = "A family of a team below yours you open for one hour, with the reason for this look, and do in it what its manager does. Another team’s family you open in an emergency, to read. Everybody who works with the family sees it.";
        let explanation = match (visit.viewer.oversees.is_empty(), visit.viewer.reviews) {
            (false, _) => OVERSIGHT,
            (true, true) => REVIEW,
            (true, false) => EMERGENCY,
        };
        let reference = visit::query("reference").unwrap_or_default();
        let reason = match visit::query("for").as_deref() {
            Some("dissent") => "A disagreement was taken to me.",
            Some("addition") => "An addition to a record waits for a second person.",
            _ => "",
        };
        let content = view! {
            {error_summary(&draft)}
            {back("/families", "Families")}
            <h1 class="govuk-heading-l">"Open a family you do not work with"</h1>
            <p class="govuk-body">{explanation}</p>
            <form action="/api/family/open" method="post" class="cr-narrow">
                <TextField name="reference" label="Reference" hint="As in the case system, for example FS-1234" value=draft.value("reference", &reference) error=draft.error("reference")/>
                <TextField name="reason" label="Why you need it now" hint="For example, “out of hours, the school rang about Noah”" value=draft.value("reason", reason) error=draft.error("reason")/>
                <div class="govuk-button-group">
                    <button type="submit" class="govuk-button">"Open for one hour"</button>
                    <button type="submit" name="confidentially" value="yes" class="govuk-button govuk-button--secondary">"Ask for a confidential look"</button>
                </div>
            </form>
            <p class="govuk-body">"Of a "<a class="govuk-link" href="/confidential">"confidential look"</a>" nobody who works with the family is told: it is for when one of them may be whom it is about. Two leads agree before it opens."</p>
        };
        Ok(("Open a family you do not work with".to_owned(), content))
    })
}

/// `/openings`, and `/openings?month=2026-10`.
pub fn list() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let log = visit.service.access_log(&visit.viewer)?;
        let this = visit.service.this_month();
        let month = match visit::query("month") {
            Some(month) => Month::of(&month).ok_or(ServiceError::NotFound)?,
            None => this,
        };
        let (lines, refusals) = visit.service.looks_of_outsiders(log, month, &visit::from()).await?;
        let draft = visit::draft().await.unwrap_or_default();
        let name = dates::month_name(&month.written());
        let none = (lines.is_empty() && refusals.is_empty())
            .then(|| format!("In {name} nobody opened or asked for a family that they do not work with."));
        let answers = |team: Option<TeamId>| TeamManager::of(&visit.viewer, team).is_some();
        let content = view! {
            {error_summary(&draft)}
            {back("/meetings", "Meetings")}
            <h1 class="govuk-heading-l">{format!("Families opened by others: {name}")}</h1>
            {months(month, this)}
            <p class="govuk-body">{if visit.viewer.reviews {
                "Of every team, by somebody who does not work with the family. The manager of its team looks at those in an emergency."
            } else {
                "By somebody who does not work with the family. Those in an emergency wait for you to look at them."
            }}" "<a class="govuk-link" href="/access">"What somebody looked at"</a></p>
            {none.map(|words| view! { <p class="govuk-body">{words}</p> })}
            {lines.into_iter().map(|line| { let mine = answers(line.team); one(line, mine, &draft) }).collect_view()}
            {(!refusals.is_empty()).then(|| view! {
                <h2 class="govuk-heading-m" id="refused">"Asked for and not shown"</h2>
                <p class="govuk-body">"By somebody who does not work with the family. A wrong link does this too: ask before you think anything of it. You can note what you found."</p>
                {refusals.into_iter().map(|line| { let mine = answers(Some(line.team)); refused(line, mine, &draft) }).collect_view()}
            })}
        };
        Ok((format!("Families opened by others, {name}"), content))
    })
}

/// The ways to the month before and after.
fn months(month: Month, this: Month) -> impl IntoView {
    let way = |to: Option<Month>| {
        to.map(|to| {
            let written = to.written();
            view! { <a class="govuk-link" href=format!("/openings?month={written}")>{dates::month_name(&written)}</a>" " }
        })
    };
    let after = month.after().filter(|after| after.written() <= this.written());
    view! { <p class="govuk-body">{way(month.before())}{way(after)}</p> }
}

/// `mine`: whether the viewer manages the family's team, and answers.
fn refused(line: RefusalLine, mine: bool, draft: &Draft) -> impl IntoView + use<> {
    let day = line.day();
    let key = format!("{} {} {day}", line.family, line.worker);
    let here = draft.value("asked", "") == key;
    let typed = if here { draft.value("answer", "") } else { String::new() };
    let id = format!("answer-{}-{}-{day}", line.family, line.worker);
    let times = if line.times > 1 { format!(", {} times that day", line.times) } else { String::new() };
    let answer = match line.answer {
        Some((by, words)) => view! { <p class="govuk-body">{format!("{by}: {words}")}</p> }.into_any(),
        None if !mine => ().into_any(),
        None => view! {
            <form action="/api/opening/answer" method="post" class="cr-step__answer">
                <input type="hidden" name="family" value=line.family.to_string()/>
                <input type="hidden" name="worker" value=line.worker.to_string()/>
                <input type="hidden" name="day" value=day.to_string()/>
                <label for=id.clone()>"What you found"<span class="govuk-visually-hidden">{format!(": {}, {}", line.who, line.reference)}</span></label>
                <input class="govuk-input" id=id.clone() name="answer" value=typed/>
                <button type="submit" class="cr-small-button">"Save"<span class="govuk-visually-hidden">{format!(" what you found: {}, {}", line.who, line.reference)}</span></button>
            </form>
        }
        .into_any(),
    };
    view! {
        <section class="cr-summary">
            <h3 class="govuk-heading-s"><a class="govuk-link cr-reference" href=format!("/families/{}", line.family)>{line.reference}</a>" "{line.who}</h3>
            <p class="govuk-body">{format!("{}{times}", at(line.at))}</p>
            {answer}
        </section>
    }
}

/// `mine`: whether the viewer manages the family's team, and reviews it.
fn one(line: OpeningLine, mine: bool, draft: &Draft) -> impl IntoView + use<> {
    let (waits, overdue) = (line.waits(), line.overdue);
    let opening = line.opening;
    let id = opening.id.to_string();
    let here = draft.value("id", "") == id;
    let field = |name: &str| if here { draft.value(name, "") } else { String::new() };
    let when = at(opening.opened_at);
    let review = match line.reviewed_by {
        Some(by) => view! { <p class="govuk-body">{format!("{by}: {}", opening.review)}</p> }.into_any(),
        None if waits && mine => view! {
            <form action="/api/opening/review" method="post" class="cr-step__answer">
                <input type="hidden" name="id" value=id.clone()/>
                <input type="hidden" name="family" value=opening.family_id.to_string()/>
                <label for=format!("review-{id}")>"What you found"</label>
                <input class="govuk-input" id=format!("review-{id}") name="review" value=field("review")/>
                <button type="submit" class="cr-small-button">"Save my review"</button>
            </form>
        }
        .into_any(),
        None => ().into_any(),
    };
    view! {
        <section class="cr-summary">
            <h2 class="govuk-heading-s"><a class="govuk-link cr-reference" href=format!("/families/{}", opening.family_id)>{line.reference}</a>" "{line.who}
                {overdue.then(|| view! { " "<strong class="govuk-tag govuk-tag--yellow">"review overdue"</strong> })}</h2>
            <p class="govuk-body">{format!("{when}, {}: {}", as_what(opening.kind), opening.reason)}</p>
            {review}
        </section>
    }
}

/// Who opened the family without working with it, for everybody on it, at its top.
pub(super) fn opened_by_others(lines: Vec<OpeningLine>) -> Option<impl IntoView> {
    (!lines.is_empty()).then(|| {
        let lines = lines.into_iter().map(|line| {
            let opening = line.opening;
            let words =
                format!("{}, {}: {}, {}", at(opening.opened_at), line.who, as_what(opening.kind), opening.reason);
            view! { <li>{words}</li> }
        });
        view! {
            <section class="govuk-inset-text" aria-labelledby="opened">
                <h2 class="govuk-heading-s" id="opened">"Opened by somebody who does not work with this family"</h2>
                <ul class="govuk-list">{lines.collect_view()}</ul>
            </section>
        }
    })
}

/// For whoever has it open: until when, the way to who looked at it where `log` is theirs to read, and the way to close it.
pub(super) fn open_until(
    family: FamilyId, until: Option<chrono::DateTime<chrono::Utc>>, log: bool,
) -> Option<impl IntoView> {
    until.map(|until| {
        view! {
            <div class="govuk-inset-text">
                <p class="govuk-body">{format!("You have this family open until {}.", dates::clock(until))}{log.then(|| view! { " "<a class="govuk-link" href=format!("/families/{family}/access")>"Who looked at this family"</a> })}</p>
                <form action="/api/family/close" method="post" class="cr-inline-form">
                    <input type="hidden" name="family" value=family.to_string()/>
                    <button type="submit" class="govuk-button govuk-button--secondary">"Close it now"</button>
                </form>
            </div>
        }
    })
}

fn at(time: chrono::DateTime<chrono::Utc>) -> String {
    format!("{} {}", dates::plain_date(dates::london(time).date()), dates::clock(time))
}

const fn as_what(kind: OpeningKind) -> &'static str {
    match kind {
        OpeningKind::Emergency => "in an emergency",
        OpeningKind::Review => "for a review",
        OpeningKind::Confidential => "confidentially",
        OpeningKind::Oversight => "as who oversees the team",
    }
}
