//! Requests to a council's systems: no redirections, half a minute's patience, an answer's first words kept.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::time::Duration;

/// The longest an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// The most of an answer's words that is shown to people.
const WORDS: usize = 300;

/// What stands as it is in one part of an address (RFC 3986).
const UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A value as one part of an address: a segment of its path, or a value of its query.
pub(super) fn segment(value: &str) -> String {
    utf8_percent_encode(value, &UNRESERVED).to_string()
}

/// What came back.
#[derive(Debug)]
pub(super) struct HttpAnswer {
    pub status: u16,
    pub body: String,
}

impl HttpAnswer {
    /// Status and first words.
    pub fn message(&self) -> String {
        let words: String = self.body.chars().take(WORDS).collect();
        format!("{} {words}", self.status).trim().to_owned()
    }

    pub const fn good(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// Whether the same may be taken later.
    pub const fn later(&self) -> bool {
        matches!(self.status, 408 | 425 | 429 | 500..=599)
    }
}

/// A line to one system.
#[derive(Debug, Clone)]
pub(super) struct HttpLine {
    agent: ureq::Agent,
    headers: Vec<(&'static str, String)>,
}

impl HttpLine {
    /// `headers` go with every request.
    pub fn new(headers: Vec<(&'static str, String)>) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            // An answer that sends elsewhere would take the record along.
            .max_redirects(0)
            .build();
        Self { agent: config.into(), headers }
    }

    /// One request; `Err` where no whole answer came back: it may have arrived all the same.
    pub fn ask(
        &self, method: &str, url: &str, body: Option<&str>, more: &[(&str, String)],
    ) -> Result<HttpAnswer, String> {
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        for (name, value) in self
            .headers
            .iter()
            .map(|(name, value)| (*name, value))
            .chain(more.iter().map(|(name, value)| (*name, value)))
        {
            request = request.header(name, value);
        }
        let asked = match body {
            Some(body) => self.agent.run(request.body(body.to_owned()).map_err(|error| error.to_string())?),
            None => self.agent.run(request.body(()).map_err(|error| error.to_string())?),
        };
        let mut answer = asked.map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        let body = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
        Ok(HttpAnswer { status, body })
    }
}
