//! Guests from outside.

use leptos::prelude::*;

/// Invites somebody for one family's discussion. `slot`: the family's place in the meeting.
#[server(prefix = "/api", endpoint = "guest/invite")]
pub async fn invite_guest(
    #[server(default)] meeting: String, #[server(default)] slot: String, #[server(default)] name: String,
    #[server(default)] role: String, #[server(default)] email: String, #[server(default)] why: String,
) -> Result<(), ServerFnError> {
    use crate::visit;
    use service::ServiceError;
    use service::people::guest::GuestForm;
    use service::people::session::Caller;
    let form = GuestForm { name: name.clone(), role: role.clone(), email: email.clone(), why: why.clone() };
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        let planner = visit.service.meeting_planner(&visit.viewer, visit::id(&meeting)?).await?;
        if slot.is_empty() {
            return Err(ServiceError::field("slot", "Choose the family they are invited for."));
        }
        visit.service.invite_guest(planner, visit::id(&slot)?, &form, Caller::from(address.as_str())).await
    };
    let fields = [("slot", &*slot), ("name", &name), ("role", &role), ("email", &email), ("why", &why)];
    let back = page_of(&meeting);
    visit::answer(result.await, |code| told(code, &back), &back, &fields).await
}

/// Another code for a guest, who is signed out by it.
#[server(prefix = "/api", endpoint = "guest/code")]
pub async fn new_guest_code(
    #[server(default)] meeting: String, #[server(default)] worker: String,
) -> Result<(), ServerFnError> {
    use crate::visit;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        let planner = visit.service.meeting_planner(&visit.viewer, visit::id(&meeting)?).await?;
        visit.service.new_guest_code(planner, visit::id(&worker)?, Caller::from(address.as_str())).await
    };
    let back = page_of(&meeting);
    visit::answer(result.await, |code| told(code, &back), &back, &[]).await
}

/// Takes an invitation back.
#[server(prefix = "/api", endpoint = "guest/take-back")]
pub async fn take_back_guest(
    #[server(default)] meeting: String, #[server(default)] slot: String, #[server(default)] worker: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        let planner = visit.service.meeting_planner(&visit.viewer, visit::id(&meeting)?).await?;
        let (slot, worker) = (visit::id(&slot)?, visit::id(&worker)?);
        visit.service.take_back_guest(planner, slot, worker, Caller::from(address.as_str())).await
    };
    let back = page_of(&meeting);
    let words = "The invitation is taken back. Their code works no more.";
    visit::answer(result.await, |()| done(words, back.clone()), &back, &[]).await
}

#[cfg(feature = "ssr")]
fn page_of(meeting: &str) -> String {
    format!("/meetings/{meeting}/guests")
}

/// The code is shown to whoever made it, once.
#[cfg(feature = "ssr")]
fn told(code: &service::people::guest::GuestCode, back: &str) -> crate::parts::notice::FormDone {
    use crate::parts::notice::done;
    use domain::dates;
    let site = &expect_context::<crate::visit::PublicUrl>().0;
    let until = dates::london(code.until - chrono::TimeDelta::seconds(1));
    let until = format!("{}, {}", dates::plain_date(until.date()), until.format("%H:%M"));
    let words = format!(
        "Tell {} this code, by telephone or in a message of its own. They sign in at {site}/sign-in with their address and the code. It works once, until {until}, and is not shown again.",
        code.name
    );
    done(words, back).shown_once(code.code.clone())
}
