//! The safety plan of a family.

#![allow(clippy::too_many_arguments, reason = "one argument for each field of the form")]

use leptos::prelude::*;

/// Writes the plan, or changes it; `base` is the revision the form was filled from, `seen` the one its writer has seen; 0 for none. `happens` and `then`, `helper` and
/// `does`, `person` and `contact` are lines of lists, one beside the other.
#[server(prefix = "/api", endpoint = "safety-plan/write")]
pub async fn write_safety_plan(
    #[server(default)] family: String, #[server(default)] base: String, #[server(default)] seen: String,
    #[server(default)] worries: String, #[server(default)] helps: String, #[server(default)] person: Vec<String>,
    #[server(default)] contact: Vec<String>, #[server(default)] happens: Vec<String>,
    #[server(default)] then: Vec<String>, #[server(default)] helper: Vec<String>, #[server(default)] does: Vec<String>,
    #[server(default)] state: String, #[server(default)] on: String, #[server(default)] why: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use domain::safety_plan::FamilyMeetingState;
    use domain::safety_plan::{FamilyMeeting, Helper, IfThen, SafetyPlan};
    use service::ServiceError;
    use service::workbook::safety_plan::PlanRevisions;
    let result = async {
        let visit = visit::visit()?;
        let whole = person.len() == contact.len() && happens.len() == then.len() && helper.len() == does.len();
        if !whole {
            return Err(ServiceError::NotFound);
        }
        let people = person.iter().map(|person| visit::id(person)).collect::<Result<Vec<_>, _>>()?;
        let day = Some(on.trim()).filter(|on| !on.is_empty()).map(domain::dates::parse).transpose();
        let family_meeting = FamilyMeeting {
            state: FamilyMeetingState::from_word(&state).ok_or(ServiceError::NotFound)?,
            on: day.map_err(|error| ServiceError::field("meeting-on", error.to_string()))?,
            why: why.clone(),
        };
        let lines = |one: &[String], other: &[String]| -> Vec<(String, String)> {
            one.iter().cloned().zip(other.iter().cloned()).collect()
        };
        let if_then = lines(&happens, &then).into_iter().map(|(happens, then)| IfThen { happens, then });
        let network = lines(&helper, &does).into_iter().map(|(name, does)| Helper { name, does });
        let plan = SafetyPlan {
            contact: people.into_iter().zip(contact.iter().cloned()).collect(),
            worries: worries.clone(),
            helps: helps.clone(),
            if_then: if_then.collect(),
            network: network.collect(),
            family_meeting,
        };
        let reader = visit.service.family_reader(&visit.viewer, visit::id(&family)?).await?;
        let based_on = PlanRevisions { filled: visit::id(&base)?, seen: visit::id(&seen)? };
        visit.service.write_safety_plan(reader, plan, based_on).await
    };
    let page = match family.parse::<domain::FamilyId>() {
        Ok(family) => format!("/families/{family}/safety-plan"),
        Err(_) => "/families".to_owned(),
    };
    let mut fields: Vec<(String, String)> = [
        ("base", &base),
        ("worries", &worries),
        ("helps", &helps),
        ("state", &state),
        ("meeting-on", &on),
        ("why", &why),
    ]
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .into();
    fields.extend(person.iter().zip(&contact).map(|(person, text)| (format!("contact-{person}"), text.clone())));
    for (name, lines) in [("happens", &happens), ("then", &then), ("helper", &helper), ("does", &does)] {
        fields.extend(lines.iter().enumerate().map(|(at, text)| (format!("{name}-{at}"), text.clone())));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let again = format!("{page}?write=yes");
    visit::answer(result.await, |()| done("The safety plan is saved.", page.clone()), &again, &fields).await
}
