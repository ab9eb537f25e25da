//! The one clock. It can be set, so that demo and tests live in the sample's November 2026.

use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, Utc};

/// Now, perhaps shifted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    shift: TimeDelta,
}

impl Clock {
    /// A clock that starts at `start` now and runs on from there.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where time comes in")]
    pub fn starting_at(start: DateTime<Utc>) -> Self {
        Self { shift: start - Utc::now() }
    }

    /// Now, to the microsecond, so that both engines give back what was put in.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where time comes in")]
    pub fn now(&self) -> DateTime<Utc> {
        (Utc::now() + self.shift).trunc_subsecs(6)
    }

    /// Today in London.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        domain::dates::london(self.now()).date()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    #[test]
    fn the_rule_for_summer_time_is_the_time_zone_database_s() {
        let start: DateTime<Utc> = "2024-01-01T00:30:00Z".parse().unwrap();
        for hour in 0..24 * 365 * 6 {
            let moment = start + TimeDelta::hours(hour);
            let expected = moment.with_timezone(&chrono_tz::Europe::London).naive_local();
            assert_eq!(domain::dates::london(moment), expected, "{moment}");
        }
    }
}
