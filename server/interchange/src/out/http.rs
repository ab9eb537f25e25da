//! A system that takes the neutral JSON over HTTP. Each request is signed, and says its time and the delivery's id,
//! so that the other side can refuse what is forged or old and take a repetition once.

use super::{Handed, Parcel, Target, neutral};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::time::Duration;

/// The longest an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// The most of an answer that is kept.
const WORDS: usize = 300;

/// Such a system.
pub struct Http {
    name: String,
    url: String,
    key: Vec<u8>,
    clock: fn() -> i64,
    agent: ureq::Agent,
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Http").field("name", &self.name).field("url", &self.url).finish_non_exhaustive()
    }
}

impl Http {
    /// `key` signs requests; `clock` gives seconds since 1970.
    #[must_use]
    pub fn new(name: &str, url: &str, key: &[u8], clock: fn() -> i64) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            // An answer that sends elsewhere would take the record along.
            .max_redirects(0)
            .build();
        Self { name: name.to_owned(), url: url.to_owned(), key: key.to_owned(), clock, agent: config.into() }
    }

    /// HMAC-SHA-256 over time, delivery and body, in hex: "caseround.delivery/1", a line each.
    #[must_use]
    pub fn signature(key: &[u8], time: i64, delivery: &str, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
        mac.update(format!("caseround.delivery/1\n{time}\n{delivery}\n{body}").as_bytes());
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Target for Http {
    fn name(&self) -> &str {
        &self.name
    }

    fn hand_over(&self, parcel: &Parcel) -> Handed {
        let body = neutral(parcel).to_string();
        let (time, delivery) = ((self.clock)(), parcel.delivery.to_string());
        let request = self
            .agent
            .post(&self.url)
            .header("content-type", "application/json")
            .header("idempotency-key", &delivery)
            .header("x-caseround-time", time.to_string())
            .header("x-caseround-signature", Self::signature(&self.key, time, &delivery, &body));
        match request.send(&body) {
            // What was sent and not answered may be there; the id makes sending it again safe.
            Err(error) => Handed::NotYet(error.to_string()),
            Ok(mut answer) => {
                let status = answer.status().as_u16();
                let words: String =
                    answer.body_mut().read_to_string().unwrap_or_default().chars().take(WORDS).collect();
                let told = format!("{status} {words}").trim().to_owned();
                match status {
                    // "Already there" is there.
                    200..=299 | 409 => Handed::Landed(told),
                    408 | 425 | 429 | 500..=599 => Handed::NotYet(told),
                    _ => Handed::Refused(told),
                }
            }
        }
    }
}
