//! Case data in: the Standard Safeguarding Dataset (SSD) as CSV files. Signed records out: [`out`].
//!
//! Reading is pure: bytes become an [`Extract`] and a list of [`Problem`]s. What an extract means for
//! the database is decided by the service that applies it.

pub mod discipline;
pub mod found;
pub mod mapping;
pub mod out;
pub mod problem;
pub mod refresh;
pub mod sample;
pub mod ssd;
pub mod table;
pub mod told;
mod value;

pub use mapping::Mapping;
pub use problem::{Level, Problem};
pub use ssd::{Extract, read};
pub use told::Told;
