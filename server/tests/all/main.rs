//! One binary for everything that needs the whole server: store contract on both engines, rights, faults.

mod contract;
mod http;
mod import;
mod kill;
mod place;
mod rights;
