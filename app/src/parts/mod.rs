//! Pieces of pages, with names a user would say.

pub mod form;
pub mod text_area;
