//! The top of every page: the service's name, where one can go, the search, and whose page this is.

use domain::policy::{DirectoryKeeper, RoleReader, Staff};
use leptos::prelude::*;

use crate::parts::erased::view;
use crate::visit::{self, Visit};

/// The first level of pages: title and address.
const FIRST_LEVEL: [(&str, &str); 3] = [("Meetings", "/meetings"), ("Families", "/families"), ("Steps", "/steps")];
/// What those who serve a team have beside it.
const OF_STAFF: [(&str, &str); 1] = [("Records", "/records")];

/// The header. Without a session it holds the name alone.
#[component]
pub fn Top() -> impl IntoView {
    let who = visit::visit().ok();
    let demo = visit::service().demo();
    view! {
        <header class="cr-header">
            <div class="govuk-width-container cr-header__row">
                <a href="/meetings" class="cr-header__name">"Caseround"{demo.then(|| view! { <span class="cr-header__demo">" demo"</span> })}</a>
                {who.as_ref().map(navigation)}
                {who.as_ref().filter(|who| !who.viewer.guest).map(|_| search())}
                {who.as_ref().map(menu)}
            </div>
        </header>
        {demo.then(|| view! {
            <p class="cr-demo"><strong>"Demo."</strong>" Every family here is invented. Do not enter real people."</p>
        })}
    }
}

/// How a link stands to the page: it is this page, the page is below it, or neither.
fn current(path: &str, href: &str) -> Option<&'static str> {
    let below = path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    if path == href || (path == "/" && href == "/meetings") { Some("page") } else { below.then_some("true") }
}

fn navigation(who: &Visit) -> impl IntoView + use<> {
    let path = visit::path();
    let (staff, guest) = (Staff::of(&who.viewer).is_some(), who.viewer.guest);
    // A guest has no family: what is theirs stands with their meeting and their steps.
    let first = FIRST_LEVEL.into_iter().filter(move |(_, href)| !guest || *href != "/families");
    let links = first.chain(OF_STAFF.into_iter().filter(move |_| staff));
    view! {
        <nav aria-label="Main" class="cr-header__nav">
            {links.map(|(title, href)| view! { <a href=href aria-current=current(&path, href)>{title}</a> }).collect_view()}
        </nav>
    }
}

fn search() -> impl IntoView {
    view! {
        <form role="search" action="/api/search" method="post" class="cr-header__search">
            <label class="govuk-visually-hidden" for="search">"Search families by reference or first name"</label>
            <input class="govuk-input" type="search" id="search" name="q" placeholder="Search families" autocomplete="off"/>
            <button type="submit" class="cr-header__button">"Search"</button>
        </form>
    }
}

/// The person's own menu. Offices share devices: the name says whose page this is.
fn menu(who: &Visit) -> impl IntoView + use<> {
    let keeps = DirectoryKeeper::of(&who.viewer).is_some();
    let roles = RoleReader::of(&who.viewer).is_some();
    // Managers find it beside their workers.
    let reviews = who.viewer.reviews;
    let worker = who.viewer.worker.to_string();
    view! {
        <details class="cr-menu">
            <summary>{who.name.to_string()}</summary>
            <div class="cr-menu__content">
                <a href="/me">"My details"</a>
                {(!who.viewer.guest).then(|| view! { <a href="/me#away">"When I am away"</a> })}
                <a href="/step-out">"I need to step out"</a>
                {keeps.then(|| view! { <a href="/workers">"Workers"</a> })}
                {roles.then(|| view! { <a href="/roles">"Roles"</a> })}
                {reviews.then(|| view! { <a href="/openings">"Families opened by others"</a> })}
                <a href="/help">"Help"</a>
                <form action="/api/sign-out" method="post" data-worker=worker>
                    <button type="submit" class="cr-link-button">"Sign out"</button>
                </form>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::current;

    #[test]
    fn the_page_one_is_on_and_the_level_above_it_are_marked() {
        assert_eq!(current("/families", "/families"), Some("page"));
        assert_eq!(current("/families/1/edit", "/families"), Some("true"));
        assert_eq!(current("/", "/meetings"), Some("page"));
        assert_eq!(current("/familiesx", "/families"), None);
        assert_eq!(current("/steps", "/families"), None);
    }
}
