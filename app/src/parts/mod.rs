//! Pieces of pages, with names a user would say.

#[cfg(feature = "ssr")]
pub mod back;
pub mod child;
#[cfg(feature = "ssr")]
pub mod direct_work;
pub(crate) mod erased;
#[cfg(feature = "ssr")]
pub mod family_bar;
pub mod form;
pub mod keyed;
#[cfg(feature = "ssr")]
pub mod notice;
pub mod own_words;
pub mod safety_plan;
pub mod text_area;
#[cfg(feature = "ssr")]
pub mod top;
