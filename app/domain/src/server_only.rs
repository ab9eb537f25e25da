//! What only the server holds of something that also travels to the browser. In a journal, a snapshot or a template it
//! is written like everything else; on the wire to a page it is nothing, and the browser's program has no code for it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::{Deref, DerefMut};

/// A value that pages are not told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ServerOnly<T>(pub T);

impl<T> Deref for ServerOnly<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for ServerOnly<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl<T: Serialize> Serialize for ServerOnly<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { self.0.serialize(serializer) } else { serializer.serialize_unit() }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for ServerOnly<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return T::deserialize(deserializer).map(Self);
        }
        <()>::deserialize(deserializer)?;
        Ok(Self::default())
    }
}

#[cfg(target_arch = "wasm32")]
impl<T> Serialize for ServerOnly<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

#[cfg(target_arch = "wasm32")]
impl<'de, T: Default> Deserialize<'de> for ServerOnly<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <()>::deserialize(deserializer)?;
        Ok(Self::default())
    }
}

#[cfg(test)]
mod tests {
    use super::ServerOnly;

    #[test]
    fn a_journal_has_it_and_the_wire_has_not() {
        let kept = ServerOnly("kept".to_owned());
        let json = serde_json::to_string(&kept).unwrap();
        assert_eq!(json, "\"kept\"");
        assert_eq!(serde_json::from_str::<ServerOnly<String>>(&json).unwrap(), kept);
        let wire = crate::wire::write(&(1_u8, &kept, 2_u8));
        assert_eq!(crate::wire::read::<(u8, ServerOnly<String>, u8)>(&wire), Some((1, ServerOnly::default(), 2)));
    }
}
