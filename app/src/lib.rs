//! What people see. Pages are rendered on the server; the live room of a meeting is the one island
//! that runs in the browser.

#![recursion_limit = "256"]

#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!("`app` is built for the server (ssr) or for the browser (hydrate), not for both at once");

pub mod api;
pub mod live;
pub mod meeting;
pub mod parts;

#[cfg(feature = "ssr")]
pub mod cookies;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod trouble;
#[cfg(feature = "ssr")]
pub mod visit;
