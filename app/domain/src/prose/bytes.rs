//! Bytes as text, where they travel in JSON.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes as base64 text.
#[must_use]
pub fn as_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Base64 text as bytes; `None` where it is none.
#[must_use]
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// Bytes written as base64 where they travel in JSON.
pub mod base64_bytes {
    use super::{BASE64, D, Deserialize, Deserializer, Engine, S, Serialize, Serializer};
    use serde::de::Error as _;

    /// Writes bytes as base64 text.
    pub fn serialize<T: Serializer>(bytes: &[u8], serializer: T) -> S<T> {
        BASE64.encode(bytes).serialize(serializer)
    }

    /// Reads base64 text as bytes.
    pub fn deserialize<'de, T: Deserializer<'de>>(deserializer: T) -> D<'de, T> {
        BASE64.decode(String::deserialize(deserializer)?).map_err(T::Error::custom)
    }
}

type S<T> = Result<<T as Serializer>::Ok, <T as Serializer>::Error>;
type D<'de, T> = Result<Vec<u8>, <T as Deserializer<'de>>::Error>;
