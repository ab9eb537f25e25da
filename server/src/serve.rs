//! Starting and stopping.

use crate::cli::{Serve, Settings};
use crate::connections::{self, Connections};
use crate::database::{prepare, shown, start};
use crate::proxies::Proxies;
use crate::public::PublicAddress;
use crate::{http, tls};
use anyhow::Context;
use app::cookies::Cookies;
use service::import::Load;
use service::security::{SecurityEvent, tell};
use service::store::{DatabaseHold, OpenMode};
use std::path::{Path, PathBuf};

/// Serves until it is told to stop.
///
/// # Errors
/// Where the port is taken, the assets are missing, or the settings would send passwords in the clear.
pub async fn serve(settings: &Settings, serve: &Serve) -> anyhow::Result<()> {
    let tls = serve.certificate.as_deref().zip(serve.key.as_deref());
    let proxies = Proxies::from(serve.proxy.clone());
    let public = PublicAddress::of(serve.public_url.as_deref(), serve.listen, tls.is_some())?;
    public.safe_on(serve.listen, tls.is_some(), &proxies)?;
    let assets = assets(serve.assets.as_deref())?;
    let _serving = DatabaseHold::to_serve(&settings.database).await?;
    prepare(settings).await?;
    let service = start(settings, OpenMode::Make).await?;
    let cannot = || format!("The database {} cannot be written", shown(&settings.database));
    service.store().used_by_this_program().await.with_context(cannot)?;
    tell(SecurityEvent::Started(service.settings_hash()), "");
    service.keep_going();
    if settings.demo {
        let report = service.import_ssd(&interchange_sample(), Load::Accepted).await?;
        let accounts = service.give_demo_accounts().await?;
        if !report.changes_nothing() {
            eprintln!("Loaded the sample: 60 invented families. {accounts} demo accounts.");
        }
    }
    let cookies = Cookies { secure: public.is_https() };
    let router = http::router(service, cookies, &assets, public.as_str(), proxies.clone());
    let taken = || format!("{} is taken or not allowed. Choose another with --listen.", serve.listen);
    let listener = std::net::TcpListener::bind(serve.listen).with_context(taken)?;
    listener.set_nonblocking(true)?;
    let handle = axum_server::Handle::new();
    tokio::spawn(stopped(handle.clone()));
    let certificate = match tls {
        Some((certificate, key)) => Some(tls::certificate(certificate, key).await?),
        None => None,
    };
    let demo = if settings.demo { " Demo sign-in: choose a person on the sign-in page." } else { "" };
    eprintln!("Serving on {} (stop with Ctrl-C).{demo}", public.as_str());
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let closed = tls.is_none() && !serve.listen.ip().is_loopback();
    let connections = Connections::new(proxies, closed);
    match certificate {
        Some(certificate) => {
            let mut server = axum_server::from_tcp(listener)?.acceptor(connections.under(certificate)).handle(handle);
            connections::limit(server.http_builder());
            server.serve(service).await?;
        }
        None => {
            let mut server = axum_server::from_tcp(listener)?.acceptor(connections).handle(handle);
            connections::limit(server.http_builder());
            server.serve(service).await?;
        }
    }
    Ok(())
}

fn interchange_sample() -> std::collections::BTreeMap<String, Vec<u8>> {
    service::import::sample()
}

/// Streams never end by themselves, so a stop waits for a moment and then goes.
async fn stopped(handle: axum_server::Handle<std::net::SocketAddr>) {
    let interrupted = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => interrupted.await.unwrap_or_default(),
    }
    handle.graceful_shutdown(Some(std::time::Duration::from_secs(3)));
}

fn assets(given: Option<&Path>) -> anyhow::Result<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("assets")));
    let found = given
        .map(Path::to_owned)
        .into_iter()
        .chain(beside)
        .chain([PathBuf::from("target/site/pkg")])
        .find(|dir| dir.join("caseround.css").is_file());
    found.context(
        "The browser's files are missing (caseround.css). Give their folder with --assets; \"make run\" builds them.",
    )
}
