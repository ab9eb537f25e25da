//! A system that takes the neutral JSON over HTTP. Each request is signed, and says its time and the delivery's id,
//! so that the other side can refuse what is forged or old and take a repetition once.

use super::web::HttpLine;
use super::{Handed, Parcel, Target, neutral};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Such a system.
pub struct Http {
    name: String,
    url: String,
    key: Vec<u8>,
    clock: fn() -> i64,
    line: HttpLine,
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
        let line = HttpLine::new(vec![("content-type", "application/json".to_owned())]);
        Self { name: name.to_owned(), url: url.to_owned(), key: key.to_owned(), clock, line }
    }

    /// HMAC-SHA-256 over time, delivery and body, in hex: "caseround.delivery/1", a line each.
    #[must_use]
    pub fn signature(key: &[u8], time: i64, delivery: &str, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
        mac.update(format!("caseround.delivery/1\n{time}\n{delivery}\n{body}").as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

impl Target for Http {
    fn name(&self) -> &str {
        &self.name
    }

    fn hand_over(&self, parcel: &Parcel) -> Handed {
        let body = neutral(parcel).to_string();
        let (time, delivery) = ((self.clock)(), parcel.delivery.to_string());
        let signature = Self::signature(&self.key, time, &delivery, &body);
        let more = [
            ("idempotency-key", delivery),
            ("x-caseround-time", time.to_string()),
            ("x-caseround-signature", signature),
        ];
        match self.line.ask("POST", &self.url, Some(&body), &more) {
            // What was sent and not answered may be there; the id makes sending it again safe.
            Err(error) => Handed::NotYet(error),
            // "Already there" is there.
            Ok(answer) if answer.good() || answer.status == 409 => Handed::Landed(answer.message()),
            Ok(answer) if answer.later() => Handed::NotYet(answer.message()),
            Ok(answer) => Handed::Refused(answer.message()),
        }
    }
}
