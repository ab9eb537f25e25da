//! How pages and streams travel: postcard in base64. Reading JSON would cost the browser 20 KB more, since
//! every field is then known by its name.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use serde::{Serialize, de::DeserializeOwned};

/// As text for a page or a stream.
///
/// # Panics
/// Never: what travels is plain data.
#[must_use]
pub fn write<T: Serialize>(value: &T) -> String {
    BASE64.encode(postcard::to_allocvec(value).expect("what travels is plain data"))
}

/// Reads it; `None` where another version wrote it.
#[must_use]
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    postcard::from_bytes(&BASE64.decode(text).ok()?).ok()
}
