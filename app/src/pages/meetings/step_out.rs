//! A conflict of interest: the page on which somebody steps out of a family's discussion, and comes back.

use domain::MeetingId;
use domain::meeting::Slot;
use domain::page::MeetingPage;
use leptos::prelude::*;
use service::ServiceError;

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::visit;

/// `/meetings/:id/step-out`.
pub fn step_out() -> impl IntoView {
    let id: Option<MeetingId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let reader = visit.service.meeting_reader(&visit.viewer, id).await?;
        let shown = visit.service.meeting_page(reader, None).await?;
        let runs = shown.room.runs(shown.me);
        let families: Vec<_> = shown.room.slots.iter().filter_map(|slot| one(&shown, slot)).collect();
        let heading = "A conflict of interest";
        let content = view! {
            {back(format!("/meetings/{id}"), "Back to the meeting")}
            <h1 class="govuk-heading-l">{heading}</h1>
            <p class="govuk-body">"Do you know a family privately, or is there another reason why you should not take part? Stepping out closes that family to you until you come back. The record says that you stepped out, not why."</p>
            {if runs {
                view! { <p class="govuk-body">"You chair this meeting or take its record. Hand that over first: “Meeting”, then “Hand over”, on the meeting’s page."</p> }.into_any()
            } else if families.is_empty() {
                view! { <p class="govuk-body">"There is no family of this meeting that you could step out of now."</p> }.into_any()
            } else {
                view! { <dl class="govuk-summary-list">{families}</dl> }.into_any()
            }}
        };
        Ok((heading.to_owned(), content))
    })
}

/// A family the viewer takes part in, or has stepped out of; none where it is over for them, or not theirs.
fn one(page: &MeetingPage, slot: &Slot) -> Option<impl IntoView + use<>> {
    let out = slot.stands_out(page.me);
    let family = slot.family.and_then(|family| page.agenda.get(&family));
    let mine = family.is_some_and(|family| family.allocated.iter().any(|(worker, _)| *worker == Some(page.me)));
    if page.room.is_closed() || slot.progress.frozen() || !(out || page.room.takes_part(slot, page.me, mine)) {
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
