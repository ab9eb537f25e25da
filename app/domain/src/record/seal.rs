//! The signed form of a record: what is hashed, kept and delivered, the same bytes for ever.

use super::{Addendum, Named, Record};
use crate::{FamilyId, PersonId, TeamId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// In whose place a record was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedAs {
    /// By the manager who chaired.
    Chair,
    /// By the accountable manager; somebody else chaired, or has left.
    Manager {
        /// Who chaired.
        chaired_by: Named,
    },
}

/// One signed version of one child's record. Schema "caseround.record/1"; it is described in docs/record.md.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// "caseround.record/1".
    pub schema: String,
    /// From 1.
    pub version: u32,
    /// The hash of the version that this one replaces.
    pub replaces: Option<String>,
    /// Place in the child's chain, from 1: one child has many records over the months.
    pub number: i64,
    /// The hash of what stands before it in the child's chain.
    pub before: Option<String>,
    /// The child.
    pub child: PersonId,
    /// Their first name on the day.
    pub child_name: String,
    /// Their age on the day, in words.
    pub child_age: String,
    /// The child's number in the council's case system; empty where it is not known.
    pub child_number: String,
    /// The family.
    pub family: FamilyId,
    /// "FS-3012".
    pub reference: String,
    /// The team.
    pub team: Option<TeamId>,
    /// The team's name.
    pub team_name: String,
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
    /// By whom.
    pub signed_by: Named,
    /// In whose place.
    pub signed_as: SignedAs,
    /// What was said, decided and agreed.
    pub record: Record,
    /// What was added since the first version.
    pub addenda: Vec<Addendum>,
}

impl Sealed {
    /// The schema's name.
    pub const SCHEMA: &'static str = "caseround.record/1";
}

/// JSON in one form only: keys in the order of their bytes, no spaces. Records hold no fractions, so that numbers
/// have one form too.
#[must_use]
pub fn canonical(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| name.as_bytes());
            let fields: Vec<String> = fields
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        simple => simple.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;
    use serde_json::json;

    #[test]
    fn one_content_has_one_form() {
        let one = json!({ "b": [1, null, { "z": "ŵ", "a": "\u{1f600}\n" }], "a": true });
        let other: serde_json::Value =
            serde_json::from_str("{ \"a\" : true, \"b\":[1,null,{\"a\":\"\\ud83d\\ude00\\n\",\"z\":\"\\u0175\"}]}")
                .unwrap();
        assert_eq!(canonical(&one), canonical(&other));
        assert_eq!(canonical(&one), "{\"a\":true,\"b\":[1,null,{\"a\":\"😀\\n\",\"z\":\"ŵ\"}]}");
    }
}
