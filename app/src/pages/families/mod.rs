//! Families: the list, the workbook summary, and corrections by hand.

pub mod allocation;
pub mod chapter;
pub mod chapters;
pub mod chronology;
pub mod direct_work;
pub mod edit;
pub mod genogram;
pub mod list;
pub mod lock;
pub mod messages;
pub mod months;
pub mod own_words;
pub mod people;
pub mod person;
pub mod safety_plan;
pub mod show;
pub mod tonight;
