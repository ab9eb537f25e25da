//! Signed records out: to the council's own systems. One file per kind of system; [`Target`] is what a new one
//! has to do.

mod fhir;
mod folder;
mod hackney;
mod http;
mod neutral;
mod web;
mod words;

pub use fhir::Fhir;
pub use folder::Folder;
pub use hackney::Hackney;
pub use http::Http;
pub use neutral::neutral;

use domain::record::Sealed;
use domain::{DeliveryId, StepId, WorkerId};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// One signed version on its way.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// The delivery's id: the same when it is tried again.
    pub delivery: DeliveryId,
    /// Tries before this one.
    pub attempts: u32,
    /// The record, as its child's file may have it.
    pub sealed: Sealed,
    /// SHA-256 of the signed form.
    pub hash: String,
    /// Staff numbers in the council's case system.
    pub staff: BTreeMap<WorkerId, String>,
    /// The children of this family for whom the same was decided and signed, by their numbers in the case system, in
    /// order; this one is among them.
    pub together: Vec<String>,
    /// The family's number there; empty where it is not known.
    pub family_number: String,
    /// The record as a document to attach; why there is none, where it could not be made.
    pub pdf: Result<Vec<u8>, String>,
    /// Steps that are done by now.
    pub done: BTreeSet<StepId>,
}

/// What came of handing a parcel over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// It is there; in the target's words.
    Landed(String),
    /// It is certainly not there; it is tried again.
    NotYet(String),
    /// The target does not want it as it is; a person must look.
    Refused(String),
    /// It may be there, and nobody can find out from here. It is never sent again by itself.
    Unknown(String),
}

/// One of the council's systems.
pub trait Target: Send + Sync + Debug {
    /// Its name in the settings; kept with each delivery.
    fn name(&self) -> &str;

    /// Hands a parcel over. May take half a minute; is called on a thread of its own. The same parcel may come
    /// twice: then it must be there once.
    fn hand_over(&self, parcel: &Parcel) -> Handed;

    /// What became of a parcel whose handing over was broken off, by a power cut for example. A target that
    /// notices repetitions takes it again.
    fn after_a_break(&self, parcel: &Parcel) -> Handed {
        self.hand_over(parcel)
    }
}
