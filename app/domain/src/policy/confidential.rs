//! A confidential look: a family opened for an hour without those on it being told, where two leads agree. Somebody who works with
//! the family may be whom it is about.

use crate::status::LookAnswer;
use crate::viewer::Viewer;
use crate::{FamilyId, WorkerId};
use chrono::{DateTime, TimeDelta, Utc};

/// So many leads agree before it opens, and look afterwards at what was seen.
pub const LEADS: usize = 2;

/// So long after it was asked for it can be opened.
pub const OPENS_WITHIN: TimeDelta = TimeDelta::days(7);

/// Somebody who is named to agree to confidential looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lead<'v> {
    viewer: &'v Viewer,
}

impl<'v> Lead<'v> {
    /// The right over what `asker` asks for about a family: of a lead who is another person, and does not work with it. `None` for
    /// everybody else: they learn of nothing.
    #[must_use]
    pub fn of(viewer: &'v Viewer, asker: WorkerId, family: FamilyId) -> Option<Self> {
        let apart = !viewer.is(asker) && !viewer.families.contains(&family) && !viewer.locked_out.contains(&family);
        (viewer.leads && apart && !viewer.projector).then_some(Self { viewer })
    }

    /// Who holds it.
    #[must_use]
    pub const fn viewer(self) -> &'v Viewer {
        self.viewer
    }
}

/// How far a confidential look is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookState {
    /// It waits for leads; so many agreed.
    Asked {
        /// How many agreed.
        agreed: usize,
    },
    /// A lead said no.
    Refused,
    /// It may be opened.
    Agreed,
    /// Its time is over, and nobody opened it.
    Lapsed,
    /// It was opened; so many leads have looked at what was seen.
    Opened {
        /// How many.
        reviewed: usize,
    },
}

impl LookState {
    /// From what leads answered, when it was asked for, and whether it was opened.
    #[must_use]
    pub fn of(answers: &[LookAnswer], asked_at: DateTime<Utc>, opened: bool, now: DateTime<Utc>) -> Self {
        let count = |what: LookAnswer| answers.iter().filter(|answer| **answer == what).count();
        match count(LookAnswer::Agreed) {
            _ if opened => Self::Opened { reviewed: count(LookAnswer::Reviewed) },
            _ if count(LookAnswer::Refused) > 0 => Self::Refused,
            _ if now >= asked_at + OPENS_WITHIN => Self::Lapsed,
            agreed if agreed >= LEADS => Self::Agreed,
            agreed => Self::Asked { agreed },
        }
    }

    /// Whether a lead who has answered so far with `mine` is asked for something.
    #[must_use]
    pub fn asks(self, mine: &[LookAnswer]) -> bool {
        match self {
            Self::Asked { .. } => mine.is_empty(),
            Self::Opened { reviewed } => reviewed < LEADS && mine == [LookAnswer::Agreed],
            Self::Refused | Self::Agreed | Self::Lapsed => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use LookAnswer::{Agreed, Refused, Reviewed};
    use chrono::NaiveDate;
    use uuid::Uuid;

    #[test]
    fn two_leads_agree_before_it_opens_and_one_no_is_enough() {
        let asked: DateTime<Utc> = "2026-11-24T09:00:00Z".parse().unwrap();
        for (answers, opened, hours, expected) in [
            (&[][..], false, 0, LookState::Asked { agreed: 0 }),
            (&[Agreed], false, 0, LookState::Asked { agreed: 1 }),
            (&[Agreed, Agreed], false, 0, LookState::Agreed),
            (&[Agreed, Agreed, Refused], false, 0, LookState::Refused),
            (&[Agreed, Agreed], false, 24 * 7, LookState::Lapsed),
            (&[Agreed, Agreed, Reviewed], true, 24 * 30, LookState::Opened { reviewed: 1 }),
        ] {
            assert_eq!(LookState::of(answers, asked, opened, asked + TimeDelta::hours(hours)), expected, "{answers:?}");
        }
        assert!(LookState::Asked { agreed: 1 }.asks(&[]) && !LookState::Asked { agreed: 1 }.asks(&[Agreed]));
        let opened = LookState::Opened { reviewed: 1 };
        assert!(opened.asks(&[Agreed]) && !opened.asks(&[Agreed, Reviewed]) && !opened.asks(&[]), "whoever agreed");
    }

    #[test]
    fn no_lead_answers_for_themselves_or_for_a_family_they_work_with() {
        let id = |n| Uuid::from_u128(n);
        let (me, asker, family) = (WorkerId::new(id(1)), WorkerId::new(id(2)), FamilyId::new(id(3)));
        let lead = Viewer { leads: true, ..Viewer::without_rights(me, NaiveDate::MIN) };
        assert!(Lead::of(&lead, asker, family).is_some());
        assert!(Lead::of(&lead, me, family).is_none());
        for other in [
            Viewer { leads: false, ..lead.clone() },
            Viewer { families: [family].into(), ..lead.clone() },
            Viewer { locked_out: [family].into(), ..lead.clone() },
            lead.clone().on_the_wall(),
        ] {
            assert!(Lead::of(&other, asker, family).is_none(), "{other:?}");
        }
    }
}
