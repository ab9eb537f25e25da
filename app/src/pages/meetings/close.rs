//! The page between the last family and closing: what closing does, and what is not finished.

use domain::meeting::{Progress, Room, Slot};
use domain::page::MeetingPage;
use domain::record::{Unready, missing_in};
use domain::status::AccessKind;
use domain::status::MeetingPhase;
use domain::{MeetingId, RecordId, dates};
use leptos::prelude::*;
use service::ServiceError;
use std::collections::BTreeSet;

use crate::pages::records::parts::missing_words;
use crate::pages::{page, param};
use crate::parts::back::back;
use crate::visit::{self, Visit};

/// `/meetings/:id/close`.
pub fn close() -> impl IntoView {
    let id: Option<MeetingId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let runner = visit.service.meeting_runner(&visit.viewer, id).await?;
        let reader = visit.service.meeting_reader(&visit.viewer, id).await?;
        let shown = visit.service.meeting_page(reader, None).await?;
        let chairs = shown.room.chair == visit.viewer.worker;
        let mut rows = Vec::new();
        for slot in &shown.room.slots {
            let card = slot.family.and_then(|family| shown.agenda.get(&family));
            let name = card.map_or_else(|| "another family".to_owned(), |card| card.reference.clone());
            rows.push((name, state(slot), drafts(&visit, id, slot).await?));
        }
        let risks = unheard(&shown);
        let unfiled = visit.service.unfiled_notes(runner).await?;
        let unfiled: Vec<String> = unfiled
            .into_iter()
            .filter_map(|(slot, who, count)| {
                let family = shown.room.slot(slot)?.family?;
                let whose =
                    if who.worker == visit.viewer.worker { "Your".to_owned() } else { format!("{}’s", who.name) };
                let lines = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
                Some(format!(
                    "{whose} running note holds {lines} about {} in no box.",
                    shown.agenda.get(&family)?.reference
                ))
            })
            .collect();
        let left = shown.room.slots.iter().filter(|slot| !slot.progress.frozen()).count();
        let finished = shown.room.slots.iter().any(|slot| matches!(slot.progress, Progress::Finished { .. }));
        let next = if shown.room.is_closed() { next_meeting(&visit, &shown.room).await? } else { None };
        let title = if shown.room.is_closed() { "This meeting is closed" } else { "Close this meeting" }.to_owned();
        let content = view! {
            {back(format!("/meetings/{id}"), "Back to the meeting")}
            <h1 class="govuk-heading-l">{title.clone()}</h1>
            <dl class="govuk-summary-list">{rows.into_iter().map(|(family, state, drafts)| view! {
                <div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">{family}</dt><dd class="govuk-summary-list__value">{state}{drafts.map(Drafts::in_words)}</dd></div>
            }).collect_view()}</dl>
            {(!risks.is_empty()).then(|| view! {
                <div class="cr-risk" role="group" aria-label="Urgent risks"><p class="govuk-body"><strong>"Nobody has said that they heard of:"</strong></p>
                    <ul class="govuk-list govuk-list--bullet">{risks.into_iter().map(|risk| view! { <li>{risk}</li> }).collect_view()}</ul>
                    {(!shown.room.is_closed()).then(|| view! { <p class="govuk-body">"Once the meeting is closed nobody can say so in it any more."</p> })}</div>
            })}
            {(!unfiled.is_empty() && !shown.room.is_closed()).then(|| view! {
                <div class="cr-hint">
                    {unfiled.into_iter().map(|line| view! { <p class="govuk-body">{line}</p> }).collect_view()}
                    <p class="govuk-body">"Once the meeting is closed, no note can be filed. "<a class="govuk-link" href=format!("/meetings/{id}/notes")>"Open your note"</a></p>
                </div>
            })}
            {if shown.room.is_closed() {
                view! {
                    <p class="govuk-body"><a class="govuk-link" href=format!("/meetings/{id}/minutes")>"Minutes of this meeting"</a></p>
                    {next}
                }
                .into_any()
            } else if !chairs {
                view! { <p class="govuk-body">"Only the chair closes the meeting."</p> }.into_any()
            } else {
                view! {
                    <div class="govuk-inset-text">
                        <p class="govuk-body">{left_words(left)}</p>
                        {finished.then(|| view! { <p class="govuk-body">"Finished families cannot be reopened after that. Their draft records wait to be signed."</p> })}
                    </div>
                    <form action="/api/meeting/act" method="post">
                        <input type="hidden" name="form[meeting]" value=id.to_string()/>
                        <input type="hidden" name="form[command]" value=format!("close/{}", shown.cursor)/>
                        <input type="hidden" name="form[act]" value="close"/>
                        <div class="govuk-button-group">
                            <button type="submit" class="govuk-button">"Close meeting"</button>
                            <a class="govuk-link" href=format!("/meetings/{id}")>"Do not close yet"</a>
                        </div>
                    </form>
                }
                .into_any()
            }}
        };
        Ok((title, content))
    })
}

/// The team's next meeting, or the way to plan one for whoever plans.
async fn next_meeting(visit: &Visit, room: &Room) -> Result<Option<AnyView>, ServiceError> {
    let today = visit.service.clock().today();
    let meetings = visit.service.meetings(&visit.viewer).await?;
    let next = meetings.into_iter().map(|meeting| meeting.row).filter(|row| {
        row.team_id == room.team && row.id != room.id && row.held_on >= today && row.phase == MeetingPhase::Planned
    });
    Ok(match next.min_by_key(|row| (row.held_on, row.starts.clone())) {
        Some(row) => Some(view! {
            <p class="govuk-body">"Next meeting: "<a class="govuk-link" href=format!("/meetings/{}", row.id)>{dates::long_date(row.held_on)}", "{row.starts}</a></p>
        }
        .into_any()),
        None => visit.teams().contains(&room.team).then(|| view! {
            <p class="govuk-body">"No next meeting is planned. "<a class="govuk-link" href=format!("/meetings/new?team={}", room.team)>"Plan a meeting"</a></p>
        }
        .into_any()),
    })
}

/// Draft records of a finished family that wait to be signed.
struct Drafts {
    first: RecordId,
    count: usize,
    /// How much is missing before they can be signed.
    missing: usize,
    /// Who was to give a reason and has not.
    owing: BTreeSet<String>,
    /// Whether the viewer signs them.
    signs: bool,
}

/// A family's drafts; none where it is not finished, all are signed, or the viewer may not read them.
async fn drafts(visit: &Visit, meeting: MeetingId, slot: &Slot) -> Result<Option<Drafts>, ServiceError> {
    let Some(family) = slot.family.filter(|_| matches!(slot.progress, Progress::Finished { .. })) else {
        return Ok(None);
    };
    let reader = match visit.looks_at_family(family, AccessKind::Family).await {
        // The family is none of theirs: they chaired for the day.
        Err(ServiceError::NotFound) => return Ok(None),
        reader => reader?,
    };
    let drafts = match visit.service.drafts_of(reader, meeting).await {
        // They stepped out of its discussion.
        Err(ServiceError::NotFound) => return Ok(None),
        drafts => drafts?,
    };
    let missing = missing_in(drafts.iter().map(|(_, record)| record));
    let unready = drafts.iter().flat_map(|(_, record)| record.unready());
    let owing = unready.filter_map(|one| match one {
        Unready::Reason(who, _) => Some(who.name),
        Unready::Decision | Unready::Why | Unready::Step { .. } | Unready::Correction(_) | Unready::Attendance => None,
    });
    let owing = owing.collect();
    let Some((_, first)) = drafts.first() else { return Ok(None) };
    let signs = match visit.service.record_manager(&visit.viewer, first.id).await {
        Err(ServiceError::NotFound) => false,
        manager => manager.map(|_| true)?,
    };
    Ok(Some(Drafts { first: first.id, count: drafts.len(), missing, owing, signs }))
}

impl Drafts {
    fn in_words(self) -> impl IntoView {
        let Self { first, count, missing, owing, signs } = self;
        let owing = owing.into_iter().collect::<Vec<_>>().join(", ");
        let records = if count == 1 { "1 record waits".to_owned() } else { format!("{count} records wait") };
        let missing = missing_words(missing).map(|missing| format!(" {missing} before that.")).unwrap_or_default();
        let (end, label) = if signs { ("/sign", "Read and sign") } else { ("", "Read") };
        view! { ": "{format!("{records} to be signed.{missing}")}{(!owing.is_empty()).then(|| format!(" A reason is to follow from {owing}."))}" "<a class="govuk-link" href=format!("/records/{first}{end}")>{label}</a> }
    }
}

/// Urgent risks that nobody has acknowledged: "FS-3046, 10:12, Nadia Quoin: …".
fn unheard(page: &MeetingPage) -> Vec<String> {
    let mut unheard = Vec::new();
    for slot in &page.room.slots {
        let card = slot.family.and_then(|family| page.agenda.get(&family));
        let reference = card.map_or_else(|| "another family".to_owned(), |card| card.reference.clone());
        for risk in slot.risks.iter().filter(|risk| risk.acknowledged.is_none()) {
            let by = page.names.get(&risk.by).map_or("unknown worker", |named| named.name.as_str());
            unheard.push(format!("{reference}, {}, {by}: {}", dates::clock(risk.at), risk.what));
        }
    }
    unheard
}

const fn state(slot: &Slot) -> &'static str {
    match slot.progress {
        Progress::Postponed { .. } if slot.begun_at.is_none() => "Not discussed: stays due",
        Progress::Waiting => "Not discussed: stays due",
        Progress::InDiscussion { .. } => "Not finished: stays due, and what was written is kept",
        Progress::Finished { .. } => "Finished",
        Progress::Postponed { .. } => "Postponed: stays due",
    }
}

fn left_words(left: usize) -> String {
    match left {
        0 => "Every family is finished or postponed.".to_owned(),
        1 => "1 family is not finished. Closing decides nothing for it; it stays due.".to_owned(),
        count => format!("{count} families are not finished. Closing decides nothing for them; they stay due."),
    }
}
