//! Where a text box of a meeting is.

use domain::SlotId;
use domain::meeting::Area;
use std::fmt;
use std::str::FromStr;

/// One box: of which family's discussion, and which of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The discussion.
    pub slot: SlotId,
    /// Whose analysis, or which child's life or meaning.
    pub area: Area,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.slot, self.area)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (slot, area) = text.split_once('/').ok_or(())?;
        Ok(Self { slot: slot.parse().map_err(drop)?, area: area.parse().map_err(drop)? })
    }
}
