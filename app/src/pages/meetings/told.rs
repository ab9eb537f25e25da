//! What somebody is told on their first page: what others did with their account; whoever keeps rights, who else changed them.

use domain::dates;
use leptos::prelude::*;
use service::ServiceError;

use crate::pages::access::in_words;
use crate::pages::workers::act_in_words;
use crate::visit::Visit;

/// The notices; none on most days.
///
/// # Errors
/// Where the database does not answer.
pub async fn told(visit: &Visit) -> Result<impl IntoView + use<>, ServiceError> {
    let when = |at| format!("{}, {}", dates::plain_date(dates::london(at).date()), dates::clock(at));
    let mine = visit.service.done_by_others(&visit.viewer).await?.into_iter();
    let mine = mine.map(|(note, by)| format!("{}: {}, {by}", when(note.at), act_in_words(note.what)));
    let technicians = visit.service.done_by_technicians(&visit.viewer).await?.into_iter();
    let technicians = technicians.map(|entry| format!("{}: {}", when(entry.at), in_words(&entry, "")));
    let rights = visit.service.rights_changed_lately(&visit.viewer).await?.into_iter();
    let rights = rights.map(|(at, words)| format!("{}: {words}", when(at)));
    Ok(view! {
        {notice("account", "Your account", "If you did not ask for this, tell your team’s manager.", mine.collect())}
        {notice("rights", "Who may do what", "A colleague changed this. If you did not expect it, ask them.", rights.collect())}
        {notice("technicians", "At the command line", "A technician did this. If nobody asked for it, find out who.", technicians.collect())}
    })
}

fn notice(id: &'static str, title: &'static str, says: &'static str, lines: Vec<String>) -> Option<impl IntoView> {
    (!lines.is_empty()).then(|| {
        view! {
            <section class="govuk-inset-text" aria-labelledby=id>
                <h2 class="govuk-heading-s" id=id>{title}</h2>
                <ul class="govuk-list">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
                <p class="govuk-body">{says}</p>
            </section>
        }
    })
}
