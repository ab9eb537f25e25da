//! A conflict of interest: the page on which somebody steps out of a family's discussion, and comes back.

use domain::dates;
use domain::meeting::Slot;
use domain::page::MeetingPage;
use domain::status::MeetingPhase;
use leptos::prelude::*;

use crate::pages::page;
use crate::visit;

/// `/step-out`.
pub fn step_out() -> impl IntoView {
    page(|| async {
        let visit = visit::visit()?;
        let today = visit.service.clock().today();
        let mut meetings = Vec::new();
        for line in visit.service.meetings(&visit.viewer).await? {
            let to_come = line.row.held_on >= today || line.row.phase == MeetingPhase::Open;
            if to_come && line.row.phase != MeetingPhase::Closed {
                let reader = visit.service.meeting_reader(&visit.viewer, line.row.id).await?;
                meetings.push(visit.service.meeting_page(reader, None).await?);
            }
        }
        let meetings: Vec<_> = meetings.iter().filter_map(of_meeting).collect();
        let none = meetings.is_empty();
        let heading = "A conflict of interest";
        let content = view! {
            <h1 class="govuk-heading-l">{heading}</h1>
            <p class="govuk-body">"Do you know a family privately, or is there another reason why you should not take part? Stepping out closes that family to you until you come back. The record says that you stepped out, not why."</p>
            {meetings}
            {none.then(|| view! { <p class="govuk-body">"There is no family of a meeting to come that you could step out of."</p> })}
        };
        Ok((heading.to_owned(), content))
    })
}

/// The families of a meeting that the viewer takes part in, or has stepped out of; none where there are none.
fn of_meeting(page: &MeetingPage) -> Option<impl IntoView + use<>> {
    let rows: Vec<_> = page.room.slots.iter().filter_map(|slot| one(page, slot)).collect();
    let runs = page.room.runs(page.me);
    let (meeting, day) = (page.room.id, dates::long_date(page.room.held_on));
    (!rows.is_empty()).then(|| {
        view! {
            <h2 class="govuk-heading-m"><a class="govuk-link" href=format!("/meetings/{meeting}")>{format!("Meeting of {day}")}</a></h2>
            {if runs {
                view! { <p class="govuk-body">"You chair this meeting or take its record. Hand that over first: “Meeting”, then “Hand over”, on the meeting’s page."</p> }.into_any()
            } else {
                view! { <dl class="govuk-summary-list">{rows}</dl> }.into_any()
            }}
        }
    })
}

fn one(page: &MeetingPage, slot: &Slot) -> Option<impl IntoView + use<>> {
    let out = slot.stands_out(page.me);
    let family = slot.family.and_then(|family| page.agenda.get(&family));
    let mine = family.is_some_and(|family| family.allocated.iter().any(|(worker, _)| *worker == Some(page.me)));
    if slot.progress.frozen() || !(out || page.room.takes_part(slot, page.me, mine)) {
        return None;
    }
    let (name, children) = family.map_or_else(
        || ("A family you stepped out of".to_owned(), String::new()),
        |family| (family.reference.clone(), family.children.clone()),
    );
    let (how, label) = if out { ("in", "Come back") } else { ("out", "Step out") };
    Some(view! {
        <div class="govuk-summary-list__row">
            <dt class="govuk-summary-list__key cr-reference">{name.clone()}</dt>
            <dd class="govuk-summary-list__value">{children}</dd>
            <dd class="govuk-summary-list__actions">
                <form action="/api/meeting/act" method="post">
                    <input type="hidden" name="form[meeting]" value=page.room.id.to_string()/>
                    <input type="hidden" name="form[slot]" value=slot.id.to_string()/>
                    <input type="hidden" name="form[command]" value=format!("stand-out/{}/{how}", page.cursor)/>
                    <input type="hidden" name="form[act]" value="stand_out"/>
                    <button type="submit" class="cr-small-button" name="form[how]" value=how>{label}<span class="govuk-visually-hidden">": "{name}</span></button>
                </form>
            </dd>
        </div>
    })
}
