//! Messages for adults of a family.

use leptos::prelude::*;

/// Writes a message for one adult, or changes it.
#[server(prefix = "/api", endpoint = "message/write")]
pub async fn write_message(
    #[server(default)] family: String, #[server(default)] meeting: String, #[server(default)] adult: String,
    #[server(default)] text: String, #[server(default)] base: u32,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let family = visit::id(&family)?;
        let meeting = visit::id(&meeting)?;
        let adult = visit::id(&adult)?;
        let reader = visit.service.family_reader(&visit.viewer, family).await?;
        visit.service.write_message(reader, meeting, adult, &text, base).await
    };
    let back = back(&family, &meeting);
    let fields = [("adult", adult.as_str()), ("text", &text)];
    visit::answer(result.await, |()| done("The message is saved.", back.clone()), &back, &fields).await
}

/// Says that all messages, read together, may go. `read` holds "id:revision" of each.
#[server(prefix = "/api", endpoint = "message/check")]
pub async fn check_messages(
    #[server(default)] family: String, #[server(default)] meeting: String, #[server(default)] read: Vec<String>,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let pairs: Vec<_> = read
        .iter()
        .filter_map(|pair| pair.split_once(':'))
        .filter_map(|(id, revision)| Some((id.parse().ok()?, revision.parse().ok()?)))
        .collect();
    let result = async {
        let visit = visit::visit()?;
        let family = visit::id(&family)?;
        let meeting = visit::id(&meeting)?;
        let reader = visit.service.family_reader(&visit.viewer, family).await?;
        visit.service.check_messages(reader, meeting, &pairs).await
    };
    let back = back(&family, &meeting);
    let words = "You have read the messages together. They may go.";
    visit::answer(result.await, |()| done(words, back.clone()), &back, &[]).await
}

/// Notes that a message was given, and how.
#[server(prefix = "/api", endpoint = "message/give")]
pub async fn give_message(
    #[server(default)] family: String, #[server(default)] meeting: String, #[server(default)] message: String,
    #[server(default)] how: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        let family = visit::id(&family)?;
        let meeting = visit::id(&meeting)?;
        let message = visit::id(&message)?;
        let reader = visit.service.family_reader(&visit.viewer, family).await?;
        visit.service.give_message(reader, meeting, message, &how).await
    };
    let back = back(&family, &meeting);
    let words = "It is noted that the message was given.";
    visit::answer(result.await, |()| done(words, back.clone()), &back, &[("how", &how)]).await
}

#[cfg(feature = "ssr")]
fn back(family: &str, meeting: &str) -> String {
    match (family.parse::<domain::FamilyId>(), meeting.parse::<domain::MeetingId>()) {
        (Ok(family), Ok(meeting)) => format!("/families/{family}/messages/{meeting}"),
        _ => "/families".to_owned(),
    }
}
