//! Guests from outside: who is invited for which family, and how they get in.

use domain::{MeetingId, dates};
use leptos::prelude::*;
use service::ServiceError;
use service::people::guest::{FamilyGuests, Guest, GuestAccess};

use crate::pages::{page, param};
use crate::parts::back::back;
use crate::parts::form::{SelectField, TextField, error_summary};
use crate::visit;

/// `/meetings/:id/guests`.
pub fn guests() -> impl IntoView {
    let id: Option<MeetingId> = param("id");
    page(move || async move {
        let visit = visit::visit()?;
        let id = id.ok_or(ServiceError::NotFound)?;
        let planner = visit.service.meeting_planner(&visit.viewer, id).await?;
        let families = visit.service.guests(planner).await?;
        let draft = visit::draft().await.unwrap_or_default();
        let open: Vec<(String, String)> = families
            .iter()
            .filter(|family| !family.over)
            .map(|family| (family.slot.to_string(), family.reference.clone()))
            .collect();
        let asked = visit::query("slot").unwrap_or_default();
        let choices = std::iter::once((String::new(), "Choose".to_owned())).chain(open.clone()).collect();
        let content = view! {
            {error_summary(&draft)}
            {back(format!("/meetings/{id}"), "Back to the meeting")}
            <h1 class="govuk-heading-l">"Guests from outside"</h1>
            <p class="govuk-body">"Invite somebody of another organisation for one family’s discussion. While it lasts they read it, write their view and say where they stand, like everybody there. Before and after it they read nothing of it but their own words and steps, and never anything of another family."</p>
            {families.into_iter().filter(|family| !family.guests.is_empty()).map(|family| of_family(id, family)).collect_view()}
            {if open.is_empty() { view! {
                <p class="govuk-body">"All families of this meeting are finished or postponed: nobody can be invited any more."</p>
            }.into_any() } else { view! {
                <h2 class="govuk-heading-m" id="invite">"Invite somebody"</h2>
                <form action="/api/guest/invite" method="post" class="cr-narrow">
                    <input type="hidden" name="meeting" value=id.to_string()/>
                    <SelectField name="slot" label="Family" options=choices value=draft.value("slot", &asked) error=draft.error("slot")/>
                    <TextField name="name" label="Name" value=draft.value("name", "") error=draft.error("name")/>
                    <TextField name="role" label="Role and organisation" hint="As the record names them: School nurse, Hillside School" value=draft.value("role", "") error=draft.error("role")/>
                    <TextField name="email" label="E-mail address" hint="They sign in with it. No mail is sent: you pass the code on." kind="email" value=draft.value("email", "") error=draft.error("email")/>
                    <TextField name="why" label="Why they are needed" hint="In a line; it stands in the record" value=draft.value("why", "") error=draft.error("why")/>
                    <button type="submit" class="govuk-button">"Invite and show the code"</button>
                </form>
            }.into_any() }}
        };
        Ok(("Guests from outside".to_owned(), content))
    })
}

fn of_family(meeting: MeetingId, family: FamilyGuests) -> impl IntoView {
    let FamilyGuests { slot, reference, over, guests } = family;
    let (meeting, slot) = (meeting.to_string(), slot.to_string());
    view! {
        <section>
            <h2 class="govuk-heading-m">"Family "{reference}</h2>
            <ul class="govuk-list">
                {guests.into_iter().map(|guest| {
                    let Guest { worker, name, role, email, access } = guest;
                    let worker = worker.to_string();
                    let press = |act: &'static str, label: &'static str| view! {
                        <form action=format!("/api/guest/{act}") method="post" class="cr-inline-form">
                            <input type="hidden" name="meeting" value=meeting.clone()/>
                            {(act == "take-back").then(|| view! { <input type="hidden" name="slot" value=slot.clone()/> })}
                            <input type="hidden" name="worker" value=worker.clone()/>
                            <button type="submit" class="govuk-button govuk-button--secondary" aria-label=format!("{label}: {name}")>{label}</button>
                        </form>
                    };
                    view! {
                        <li>
                            <p class="govuk-body"><strong>{name.clone()}</strong>{format!(", {role} · {email}")}<br/>
                                <span class="cr-quiet">{access_in_words(access)}</span></p>
                            {press("code", "Make a new code")}{(!over).then(|| press("take-back", "Take the invitation back"))}
                        </li>
                    }
                }).collect_view()}
            </ul>
        </section>
    }
}

fn access_in_words(access: GuestAccess) -> String {
    let moment = |at| format!("{}, {}", dates::plain_date(dates::london(at).date()), dates::clock(at));
    match access {
        GuestAccess::Code(until) => {
            format!(
                "They have not signed in. Their code works once, until {}.",
                moment(until - chrono::TimeDelta::seconds(1))
            )
        }
        GuestAccess::SignedIn(at) => format!("Signed in, last seen {}. A new code signs them out.", moment(at)),
        GuestAccess::None => "They are not signed in, and have no code that works.".to_owned(),
    }
}
