//! The server's wiring: command line, door, routes, streams. A library so that tests reach it.

#[cfg(not(any(erase_components, doc)))]
compile_error!(
    "Server and browser are built with `--cfg erase_components`, or hydration fails. Build inside the repository, where \
     .cargo/config.toml says so, and set no RUSTFLAGS."
);

pub mod auth;
pub mod cli;
pub mod commands;
pub mod connections;
pub mod database;
pub mod discussion;
pub mod export;
pub mod http;
pub mod logs;
pub mod notes;
pub mod outside;
mod poll;
mod polls;
pub mod proxies;
pub mod public;
pub mod serve;
pub mod sign_on;
pub mod state;
pub mod stream;
pub mod tls;
pub mod trouble;
pub mod typed;
