//! The server's own https, with HTTP/2.

use anyhow::Context;
use axum_server::tls_rustls::RustlsConfig;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often a renewed certificate is looked for.
const LOOK: Duration = Duration::from_secs(60);

/// Reads a certificate and its key, and reads them again when they are renewed.
///
/// # Errors
/// Where a file is missing, is no PEM, or the key is not the certificate's.
pub async fn certificate(certificate: &Path, key: &Path) -> anyhow::Result<RustlsConfig> {
    // A second server in one process finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // Before the file is read: a certificate that is replaced while it is read is then read again.
    let read_at = changed(certificate);
    let config = RustlsConfig::from_pem_file(certificate, key).await.with_context(|| {
        format!("The certificate {} with the key {} cannot be used.", certificate.display(), key.display())
    })?;
    tokio::spawn(renew(config.clone(), certificate.to_owned(), key.to_owned(), read_at));
    Ok(config)
}

async fn renew(config: RustlsConfig, certificate: PathBuf, key: PathBuf, mut previous: Option<SystemTime>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let now = changed(&certificate);
        if now == previous {
            continue;
        }
        match config.reload_from_pem_file(&certificate, &key).await {
            Ok(()) => previous = now,
            Err(error) => tracing::warn!(%error, "a renewed certificate cannot be used yet; the old one stays"),
        }
    }
}

fn changed(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|about| about.modified()).ok()
}
