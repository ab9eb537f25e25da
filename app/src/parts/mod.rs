//! Pieces of pages, with names a user would say.

#[cfg(feature = "ssr")]
pub mod back;
pub mod child;
pub mod form;
pub mod text_area;
#[cfg(feature = "ssr")]
pub mod top;
