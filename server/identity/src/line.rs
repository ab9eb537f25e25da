//! The line to a provider: no redirections, five seconds' patience, answers of at most a megabyte.

use openidconnect::{HttpRequest, HttpResponse};
use std::time::Duration;

/// The longest an answer is waited for: somebody looks at a page meanwhile.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer, in bytes. Keys and tokens take some thousands.
const LONGEST: u64 = 1 << 20;

#[derive(Debug, Clone)]
pub(crate) struct ProviderLine(ureq::Agent);

impl ProviderLine {
    pub fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            // An answer that sends elsewhere would take the council's secret along.
            .max_redirects(0)
            .build();
        Self(config.into())
    }

    pub fn ask(&self, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
        let answer = self.0.run(request)?;
        let (parts, mut body) = answer.into_parts();
        let body = body.with_config().limit(LONGEST).read_to_vec()?;
        Ok(HttpResponse::from_parts(parts, body))
    }
}
