//! The list of meetings: today first, then coming, then past.

use chrono::{DateTime, Utc};
use domain::dates;
use domain::policy::Staff;
use domain::status::{MeetingPhase, SlotProgress};
use leptos::prelude::*;
use service::meeting::{AgendaLine, DueFamily, MeetingLine};
use service::workbook::summary::{FamilyToday, SummaryDue};
use std::collections::{BTreeMap, BTreeSet};

use super::month::{month, question};
use super::{tasks, told};
use crate::pages::page;
use crate::visit;

/// `/meetings`.
pub fn list() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let today = visit.service.clock().today();
        let meetings = visit.service.meetings(&visit.viewer).await?;
        let staff = Staff::of(&visit.viewer);
        let serves = visit.teams();
        let mut due = Vec::new();
        let directory = visit.service.directory().await?;
        for team in &serves {
            let staff = visit.service.team_staff(&visit.viewer, *team)?;
            let families = visit.service.due(staff, today).await?;
            let waiting: Vec<_> =
                families.into_iter().filter(|family| family.planned.is_none() && family.waits(today)).collect();
            if !waiting.is_empty() {
                due.push((*team, directory.team(*team).to_owned(), waiting));
            }
        }
        let (now, rest): (Vec<_>, Vec<_>) = meetings.into_iter().partition(|meeting| {
            meeting.row.phase == MeetingPhase::Open
                || (meeting.row.held_on == today && meeting.row.phase != MeetingPhase::Closed)
        });
        let (mut families_today, mut likely) = (BTreeMap::new(), BTreeMap::new());
        for meeting in &now {
            if !visit.viewer.guest {
                families_today.extend(visit.service.families_today(&visit.viewer, meeting.row.id).await?);
            }
            let reader = visit.service.meeting_reader(&visit.viewer, meeting.row.id).await?;
            likely.extend(visit.service.likely_begins(reader).await?);
        }
        let to_write = visit.service.summaries_to_write(&visit.viewer).await?;
        let (coming, mut past): (Vec<_>, Vec<_>) = rest
            .into_iter()
            .partition(|meeting| meeting.row.held_on > today && meeting.row.phase != MeetingPhase::Closed);
        past.reverse();
        let nothing = now.is_empty() && coming.is_empty() && past.is_empty();
        // Whoever oversees teams plans no meeting of theirs, unless the team they manage themselves has families.
        let oversees = !visit.viewer.oversees.is_empty() && visit.service.families(&visit.viewer).await?.is_empty();
        let plans = !serves.is_empty() && !oversees;
        // One thing is next: today's meeting, or planning one.
        let plan_class = if now.is_empty() { "govuk-button" } else { "govuk-button govuk-button--secondary" };
        let (unsigned, months) = match staff {
            Some(staff) => (visit.service.unsigned(staff).await?, visit.service.months(staff).await?),
            None => Default::default(),
        };
        let to_sign: BTreeSet<domain::MeetingId> = unsigned.into_iter().map(|line| line.meeting).collect();
        let clock = visit.service.clock().now();
        let tasks = tasks::waiting(&visit, today, &to_write).await?;
        let none_yet = nothing && visit.service.families(&visit.viewer).await?.is_empty();
        let asked = visit.service.asked_afterwards(&visit.viewer).await?;
        let told = told::told(&visit).await?;
        let content = view! {
            <div class="cr-heading-row">
                <h1 class="govuk-heading-l">"Meetings"</h1>
                {plans.then(|| view! { <a href="/meetings/new" role="button" class=plan_class>"Plan a meeting"</a> })}
            </div>
            {told}
            {nothing.then(|| match (plans, none_yet) {
                (true, true) => tasks::first_run().into_any(),
                (true, false) => view! { <p class="govuk-body">"No meeting is planned yet. Press “Plan a meeting” to choose families that are due."</p> }.into_any(),
                (false, _) if oversees => view! { <p class="govuk-body">"You see how the teams below yours are doing. A family of theirs you open under Families, with a reason."</p> }.into_any(),
                (false, _) => view! { <p class="govuk-body">"No meeting with a family of yours is planned. You will find it here as soon as it is."</p> }.into_any(),
            })}
            {(!now.is_empty()).then(|| view! {
                <section aria-labelledby="today">
                    <h2 class="govuk-heading-m" id="today">"Today"</h2>
                    {now.into_iter().map(|meeting| {
                        let open = meeting.row.phase == MeetingPhase::Open;
                        let needed = needed_words(&meeting, |line| when(line, open, likely.get(&line.slot).copied(), clock));
                        let of_meeting = |due: &&SummaryDue| meeting.agenda.iter().any(|line| line.family.as_ref().is_some_and(|(family, _)| *family == due.family));
                        big(&meeting, &to_sign, &families_today, needed, to_write.iter().find(of_meeting))
                    }).collect_view()}
                </section>
            })}
            {tasks::list(tasks)}
            {asked.into_iter().map(|(team, name)| question(team, name)).collect_view()}
            {group("Coming", "coming", coming, &to_sign)}
            {group("Past", "past", past, &to_sign)}
            {months.into_iter().map(month).collect_view()}
            {due.into_iter().map(|(team, name, families)| view! {
                <section class="cr-due">
                    <h2 class="govuk-heading-m">"Due, not yet planned: "{name}</h2>
                    <p class="govuk-body">{families.len()}" families, longest ago first. "<a class="govuk-link" href=format!("/meetings/new?team={team}")>"Plan a meeting for them"</a></p>
                    {longest_ago_first(families)}
                </section>
            }).collect_view()}
        };
        Ok(("Meetings".to_owned(), content))
    })
}

/// The first few in sight, the others a press away.
fn longest_ago_first(mut families: Vec<DueFamily>) -> impl IntoView {
    const IN_SIGHT: usize = 8;
    let others = families.split_off(IN_SIGHT.min(families.len()));
    let rows = |families: Vec<DueFamily>| {
        view! {
            <ul class="govuk-list cr-due__list">
                {families.into_iter().map(|family| view! {
                    <li>
                        <a class="govuk-link cr-reference" href=format!("/families/{}", family.id)>{family.reference.clone()}</a>
                        " "{family.children.clone()}" "
                        <span class="cr-quiet">{family.discussed.clone()}</span>
                        {out_of_line(&family).map(|words| view! { " "<strong class="govuk-tag govuk-tag--yellow">{words}</strong> })}
                    </li>
                }).collect_view()}
            </ul>
        }
    };
    let count = others.len();
    view! {
        {rows(families)}
        {(count > 0).then(|| view! {
            <details class="govuk-details">
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{format!("Show the other {count}")}</span></summary>
                {rows(others)}
            </details>
        })}
    }
}

/// What sets a due family apart, the strongest first.
fn out_of_line(family: &DueFamily) -> Option<String> {
    if family.postponed {
        return Some("postponed last time".to_owned());
    }
    let agreed = family.agreed_for.map(|on| format!("agreed for {}", dates::short_date(on)));
    // Not yet discussed here says enough by itself.
    agreed.or_else(|| (family.overdue && family.discussed_on.is_some()).then(|| "overdue".to_owned()))
}

fn group(
    title: &'static str, id: &'static str, meetings: Vec<MeetingLine>, to_sign: &BTreeSet<domain::MeetingId>,
) -> Option<impl IntoView + use<>> {
    (!meetings.is_empty()).then(|| view! {
        <section aria-labelledby=id>
            <h2 class="govuk-heading-m" id=id>{title}</h2>
            <ul class="cr-meetings">
                {meetings.into_iter().map(|meeting| {
                    let mine = meeting.agenda.iter().filter(|line| line.family.is_some()).count();
                    let others = meeting.agenda.len() - mine;
                    view! {
                        <li class="cr-meetings__row">
                            <a class="govuk-link" href=format!("/meetings/{}", meeting.row.id)>{dates::long_date(meeting.row.held_on)}", "{meeting.row.starts.clone()}</a>
                            <span>{meeting.team.clone()}" · chair "{meeting.chair.clone()}</span>
                            <span class="cr-quiet">{references(&meeting)}{(others > 0).then(|| format!("{}{others} {}", if mine > 0 { " and " } else { "" }, if others == 1 { "other" } else { "others" }))}</span>
                            {tag(&meeting, to_sign)}
                        </li>
                    }
                }).collect_view()}
            </ul>
        </section>
    })
}

/// "at 09:30" by the plan; once the meeting is open "at about 09:54, in 24 minutes", as it goes now.
fn when(line: &AgendaLine, open: bool, likely: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    let Some(likely) = likely.filter(|_| open) else { return format!("at {}", line.starts) };
    let clock = format!("at about {}", dates::clock(likely));
    match (likely - now).num_minutes() {
        minutes if minutes < 1 => format!("{clock}, now"),
        1 => format!("{clock}, in 1 minute"),
        minutes if minutes <= 60 => format!("{clock}, in {minutes} minutes"),
        _ => clock,
    }
}

/// "You are needed for FS-3046 at about 09:54, in 24 minutes, and for FS-3007 at about 11:20."
fn needed_words(meeting: &MeetingLine, when: impl Fn(&AgendaLine) -> String) -> Option<String> {
    let times: Vec<String> = meeting
        .agenda
        .iter()
        .filter(|line| line.mine)
        .filter_map(|line| {
            let time = match line.progress {
                SlotProgress::Waiting => when(line),
                SlotProgress::InDiscussion => "now".to_owned(),
                SlotProgress::Finished | SlotProgress::Postponed => return None,
            };
            Some(match &line.family {
                Some((_, reference)) => format!("for {reference} {time}"),
                None => time,
            })
        })
        .collect();
    let (last, rest) = times.split_last()?;
    Some(if rest.is_empty() {
        format!("You are needed {last}.")
    } else {
        format!("You are needed {}, and {last}.", rest.join(", "))
    })
}

fn references(meeting: &MeetingLine) -> String {
    meeting
        .agenda
        .iter()
        .filter_map(|line| line.family.as_ref().map(|(_, reference)| reference.clone()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// `to_sign`: the meetings of which a record waits for the viewer's team.
fn tag(meeting: &MeetingLine, to_sign: &BTreeSet<domain::MeetingId>) -> impl IntoView + use<> {
    match meeting.row.phase {
        MeetingPhase::Open => view! { <strong class="govuk-tag govuk-tag--green">"Open now"</strong> }.into_any(),
        MeetingPhase::Closed => view! {
            <span><a class="govuk-link" href=format!("/meetings/{}/minutes", meeting.row.id)>"Minutes"</a>" "{to_sign.contains(&meeting.row.id).then(|| view! { <a class="govuk-link" href="/records"><strong class="govuk-tag govuk-tag--yellow">"Records to sign"</strong></a> })}</span>
        }.into_any(),
        MeetingPhase::Planned => view! { <strong class="govuk-tag govuk-tag--blue">"Planned"</strong> }.into_any(),
    }
}

/// Today's meeting. Its one large button is what its person does now: write what is asked for before it begins, join when it
/// has.
fn big(
    meeting: &MeetingLine, to_sign: &BTreeSet<domain::MeetingId>, today: &BTreeMap<domain::FamilyId, FamilyToday>,
    needed: Option<String>, to_write: Option<&SummaryDue>,
) -> impl IntoView + use<> {
    let to_write = to_write.filter(|_| meeting.row.phase == MeetingPhase::Planned);
    let join = if to_write.is_some() { "govuk-button govuk-button--secondary" } else { "govuk-button" };
    view! {
        <article class="cr-today">
            <h3 class="govuk-heading-m">{meeting.row.starts.clone()}" "{meeting.team.clone()}</h3>
            <p class="govuk-body">"Chair "{meeting.chair.clone()}{(!meeting.row.place.is_empty()).then(|| format!(" · {}", meeting.row.place))}" "{tag(meeting, to_sign)}</p>
            {needed.map(|words| view! { <p class="govuk-body"><strong>{words}</strong></p> })}
            <ol class="govuk-list govuk-list--number">
                {meeting.agenda.iter().map(|line| {
                    let state = match line.progress { SlotProgress::Finished => " – finished", SlotProgress::Postponed => " – postponed", SlotProgress::InDiscussion => " – now", SlotProgress::Waiting => "" };
                    match &line.family {
                        Some((family, reference)) => {
                            let today = today.get(family);
                            let children = today.map(|today| format!(" {}", today.children));
                            let summaries = today.filter(|today| line.progress == SlotProgress::Waiting && today.workers > 0);
                            let summaries = summaries.map(|today| format!(" · {} of {} summaries", today.written, today.workers));
                            view! {
                                <li class:cr-mine=line.mine>{line.starts.clone()}" "<strong class="cr-reference">{reference.clone()}</strong>{children}{format!(" · {} min", line.minutes)}{line.mine.then_some(" · you")}{state}<span class="cr-quiet">{summaries}</span></li>
                            }.into_any()
                        }
                        None => view! { <li class="cr-quiet">{line.starts.clone()}{format!(" another family · {} min", line.minutes)}{state}</li> }.into_any(),
                    }
                }).collect_view()}
            </ol>
            <div class="govuk-button-group">
                {to_write.map(|due| view! { <a href=crate::pages::families::chapter::summary_box(due.family) role="button" class="govuk-button">{format!("Write your summary: {}", due.reference)}</a> })}
                <a href=format!("/meetings/{}", meeting.row.id) role="button" class=join>"Go to the meeting"</a>
            </div>
        </article>
    }
}
