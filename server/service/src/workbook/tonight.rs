//! What somebody needs who answers the phone at night, or works with a family since today: one page.

use crate::{Service, ServiceError};
use domain::page::{EarlierCard, FamilyPage};
use domain::policy::FamilyReader;
use domain::safety_plan::IfThen;
use std::collections::BTreeSet;

/// One page of a family.
#[derive(Debug, Clone, PartialEq)]
pub struct Tonight {
    /// The family with its workbook.
    pub family: FamilyPage,
    /// The last decision for each child.
    pub decided: Vec<EarlierCard>,
    /// What was agreed at the last group supervision for the case that something happens.
    pub if_then: Vec<IfThen>,
}

impl Service {
    /// The page for one reader: nothing that is kept from them.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the family is gone.
    pub async fn tonight(&self, reader: FamilyReader<'_>) -> Result<Tonight, ServiceError> {
        let family = self.family_page(reader).await?;
        let me = reader.viewer().worker;
        let stood_out = self.inner.store.stood_out(me).await?;
        let mut records = self.inner.store.latest_records(reader.family().uuid(), 1).await?;
        records.retain(|record| !stood_out.contains(&(record.meeting, record.family)));
        let mut if_then: Vec<IfThen> = Vec::new();
        for record in records.iter().filter(|_| !family.reduced) {
            for kept in &record.contingencies {
                let part = domain::record::RecordPart::Contingency { contingency: kept.contingency };
                let line = IfThen { happens: kept.happens.clone(), then: kept.then.clone() };
                // What was agreed for several children stands in the record of each.
                if record.lets_read(part, me) && !if_then.contains(&line) {
                    if_then.push(line);
                }
            }
        }
        let mut told = BTreeSet::new();
        let decided = family.earlier.iter().filter(|earlier| told.insert(earlier.of)).cloned().collect();
        Ok(Tonight { decided, if_then, family })
    }
}
