//! The server's wiring: command line, door, routes, streams. A library so that tests reach it.

pub mod auth;
pub mod cli;
pub mod commands;
pub mod export;
pub mod http;
pub mod outside;
pub mod parts;
mod poll;
pub mod serve;
pub mod stream;
pub mod tls;
pub mod trouble;
pub mod typed;
