//! What every system under test can do.

use crate::ledger::Ledger;
use crate::process::Server;
use anyhow::Result;
use std::rc::Rc;

/// A running server with rooms that people join.
pub trait System {
    /// One person in one room.
    type Seat: Seat;

    /// As the table names it.
    fn name(&self) -> &'static str;

    /// Its process.
    fn server(&self) -> &Server;

    /// Somebody takes a seat; resolves when they have what the room holds.
    fn join(&self, room: usize, seat: usize, ledger: Rc<Ledger>) -> impl Future<Output = Result<Self::Seat>>;
}

/// One person in one room.
pub trait Seat {
    /// Writes one letter at the end of their own text.
    fn edit(&self);

    /// Writes many letters at once.
    fn paste(&self, words: &str);

    /// Cuts their line, or mends it.
    fn cut(&self, cut: bool);

    /// Whether something is not yet with the server.
    fn unsent(&self) -> bool;

    /// How many letters each text of the room has in their eyes.
    fn letters(&self) -> Vec<usize>;

    /// Goes.
    fn leave(&self);
}
