//! What an extract tells of a field.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Nothing, where the column or cell is missing or cannot be read; else a value, which may be that there is none. What is not
/// told changes nothing that is known.
///
/// A field of this type is left out where nothing is told: `#[serde(default, skip_serializing_if = "Told::is_nothing")]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Told<T> {
    /// Nothing is told.
    #[default]
    Nothing,
    /// This is told.
    That(T),
}

impl<T> Told<T> {
    /// Whether nothing is told.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// What is told.
    #[must_use]
    pub fn told(self) -> Option<T> {
        match self {
            Self::Nothing => None,
            Self::That(value) => Some(value),
        }
    }

    /// What is told, by reference.
    #[must_use]
    pub const fn as_ref(&self) -> Told<&T> {
        match self {
            Self::Nothing => Told::Nothing,
            Self::That(value) => Told::That(value),
        }
    }

    /// What is told, changed.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Told<U> {
        match self {
            Self::Nothing => Told::Nothing,
            Self::That(value) => Told::That(change(value)),
        }
    }
}

impl<T> Told<Option<T>> {
    /// The value; `None` where nothing is told or there is none.
    #[must_use]
    pub fn value(self) -> Option<T> {
        self.told().flatten()
    }
}

impl<T> From<Option<T>> for Told<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Self::That)
    }
}

impl<T: Serialize> Serialize for Told<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_none(),
            Self::That(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Told<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::That)
    }
}
