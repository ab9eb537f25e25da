//! Every page in one table, which the router and the rights test both read.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::pages;

macro_rules! routes {
    ($($path:tt => $page:path),* $(,)?) => {
        /// The paths of all pages.
        pub const ROUTES: &[&str] = &[$($path),*];

        /// All pages.
        #[component]
        pub fn Pages() -> impl IntoView {
            view! {
                <Router>
                    <FlatRoutes fallback=pages::not_found>
                        $(<Route path=path!($path) view=$page ssr=SsrMode::Async/>)*
                    </FlatRoutes>
                </Router>
            }
        }
    };
}

routes! {
    "/" => pages::meetings::list::list,
    "/sign-in" => pages::account::sign_in,
    "/sign-in/away" => pages::account::away,
    "/sign-in/code" => pages::factor::code,
    "/sign-in/set-up" => pages::factor::set_up,
    "/join" => pages::account::join,
    "/confirm" => pages::confirmation::confirm,
    "/not-found" => pages::form_not_found,
    "/meetings" => pages::meetings::list::list,
    "/meetings/new" => pages::meetings::plan::new,
    "/meetings/:id" => pages::meetings::live::live,
    "/meetings/:id/plan" => pages::meetings::plan::change,
    "/meetings/:id/guests" => pages::meetings::guests::guests,
    "/meetings/:id/boxes/:slot/:area" => pages::meetings::history::history,
    "/meetings/:id/close" => pages::meetings::close::close,
    "/meetings/:id/notes" => pages::meetings::notes::notes,
    "/meetings/:id/minutes" => pages::meetings::minutes::minutes,
    "/families" => pages::families::list::list,
    "/families/new" => pages::families::edit::new,
    "/families/open" => pages::openings::open,
    "/families/:id" => pages::families::show::show,
    "/families/:id/edit" => pages::families::edit::edit,
    "/families/:id/people/new" => pages::families::person::new,
    "/families/:id/people/:person" => pages::families::person::edit,
    "/families/:id/messages/:meeting" => pages::families::messages::show,
    "/families/:id/chapter" => pages::families::chapter::show,
    "/families/:id/chapters" => pages::families::chapters::show,
    "/families/:id/chronology" => pages::families::chronology::show,
    "/families/:id/genogram" => pages::families::genogram::show,
    "/families/:id/direct-work" => pages::families::direct_work::show,
    "/families/:id/own-words" => pages::families::own_words::show,
    "/families/:id/safety-plan" => pages::families::safety_plan::show,
    "/families/:id/tonight" => pages::families::tonight::show,
    "/families/:id/access" => pages::access::of_family,
    "/families/:id/lock" => pages::families::lock::lock,
    "/families/:id/allocate" => pages::families::allocation::new,
    "/records" => pages::records::list::list,
    "/records/:id" => pages::records::show::show,
    "/records/:id/versions/:number" => pages::records::version::show,
    "/records/:id/sign" => pages::records::sign::sign,
    "/records/:id/copy" => pages::records::copy::show,
    "/retention" => pages::retention::list,
    "/retention/:child" => pages::retention::agree,
    "/steps" => pages::steps::list,
    "/confidential" => pages::confidential::list,
    "/access" => pages::access::of_worker,
    "/openings" => pages::openings::list,
    "/roles" => pages::roles::list,
    "/roles/new" => pages::roles::new,
    "/workers" => pages::workers::list,
    "/workers/new" => pages::workers::new,
    "/workers/:id" => pages::workers::edit,
    "/words" => pages::words::words,
    "/help" => pages::help::help,
    "/me" => pages::me::details,
    "/me/second-factor" => pages::factor::mine,
    "/step-out" => pages::meetings::step_out::step_out,
    "/search" => pages::search::search,
    "/downloads" => pages::downloads::list,
}
