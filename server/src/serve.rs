//! Starting and stopping.

use crate::cli::{Serve, Settings};
use crate::{commands, http, outside, tls};
use anyhow::{Context, bail};
use app::api::account::Cookies;
use record::Printers;
use service::Service;
use service::clock::Clock;
use service::store::{Hold, Opening, Schema, Store, StoreError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Opens the database.
///
/// # Errors
/// Where it cannot be opened as `opening` asks.
pub async fn open(settings: &Settings, opening: Opening) -> anyhow::Result<Store> {
    let what = || format!("The database {} cannot be used", shown(&settings.database));
    Store::open(&settings.database, opening).await.with_context(what)
}

/// Opens the database and starts the service for any command.
///
/// # Errors
/// Where the database cannot be opened, or demo and real would be mixed.
pub async fn start(settings: &Settings, opening: Opening) -> anyhow::Result<Service> {
    let clock = settings.clock.map_or_else(Clock::default, Clock::starting_at);
    let store = open(settings, opening).await?;
    let outside = outside::read(settings, &store).await?;
    Ok(Service::start(store, clock, settings.demo, Arc::new(Printers::with_fonts(&settings.fonts)), outside).await?)
}

/// Makes the database ready to be served: an older one is copied and brought up to date, a demo's from before the first
/// release is set aside.
async fn prepare(settings: &Settings) -> anyhow::Result<()> {
    let store = match Store::open(&settings.database, Opening::AnyVersion).await {
        Ok(store) => store,
        Err(StoreError::Missing(_)) => return Ok(()),
        other => other.with_context(|| format!("The database {} cannot be used", shown(&settings.database)))?,
    };
    match (store.schema().await?, store.file()) {
        (Schema::Older { .. }, Some(_)) => {
            let copy = commands::copied(settings, &store).await?;
            store.migrate().await?;
            let copy = copy.map(|copy| copy.display().to_string()).unwrap_or_default();
            eprintln!("The database was brought up to date. It was copied to {copy} first.");
        }
        (Schema::Older { .. }, None) => {
            bail!(
                "The database was last used by an older Caseround. Make a copy with pg_dump, then say: caseround migrate --dumped."
            )
        }
        (Schema::Unreleased, Some(file)) if settings.demo => {
            let stamp = Clock::default().now().format("%Y%m%d-%H%M%S");
            let aside = format!("{}.before-release-{stamp}", file.display());
            for tail in ["", "-wal", "-shm"] {
                let old = format!("{}{tail}", file.display());
                if Path::new(&old).exists() {
                    std::fs::rename(&old, format!("{aside}{tail}"))
                        .with_context(|| format!("{old} cannot be set aside."))?;
                }
            }
            eprintln!(
                "The demo's database is from before the first release and cannot be read any more. It is set aside as {aside}."
            );
        }
        _ => {}
    }
    Ok(())
}

/// A database address without its password.
#[must_use]
pub fn shown(address: &str) -> String {
    match (address.split_once("://"), address.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => address.to_owned(),
    }
}

/// The most a connection over HTTP/1.1 holds back before it writes, in bytes. A meeting has two connections for each
/// person, and what they once needed they keep.
const BUFFER: usize = 16 * 1024;

/// Serves until it is told to stop.
///
/// # Errors
/// Where the port is taken, the assets are missing, or the settings would send passwords in the clear.
pub async fn serve(settings: &Settings, serve: &Serve) -> anyhow::Result<()> {
    let local = serve.listen.ip().is_loopback();
    let tls = serve.certificate.as_deref().zip(serve.key.as_deref());
    let scheme = if tls.is_some() { "https" } else { "http" };
    let public = serve.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}", serve.listen));
    let public = public.trim_end_matches('/').to_owned();
    let secure = public.starts_with("https://");
    let loopback_url =
        ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|start| public.starts_with(start));
    let on_this_machine = local && loopback_url;
    if !secure && !on_this_machine {
        bail!(
            "Serving {public} on {} would send passwords and families in the clear. Give --certificate and --key, or \
             listen on 127.0.0.1 behind a proxy that speaks https and give --public-url https://….",
            serve.listen
        );
    }
    let assets = assets(serve.assets.as_deref())?;
    let _serving = Hold::to_serve(&settings.database).await?;
    prepare(settings).await?;
    let service = start(settings, Opening::Make).await?;
    let cannot = || format!("The database {} cannot be written", shown(&settings.database));
    service.store().used_by_this_program().await.with_context(cannot)?;
    service.keep_going();
    if settings.demo {
        let report = service.import_ssd(&interchange_sample(), false).await?;
        let accounts = service.give_demo_accounts().await?;
        if !report.changes_nothing() {
            eprintln!("Loaded the sample: 60 invented families. {accounts} demo accounts.");
        }
    }
    let router = http::router(service, Cookies { secure }, &assets, &public, serve.proxy);
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
    eprintln!("Serving on {public} (stop with Ctrl-C).{demo}");
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    match certificate {
        Some(certificate) => {
            let mut server = axum_server::from_tcp_rustls(listener, certificate)?.handle(handle);
            // Small frames to many readers: one buffer is cheaper than a list of pieces.
            server.http_builder().http1().writev(false).max_buf_size(BUFFER);
            server.serve(service).await?;
        }
        None => {
            let acceptor = axum_server::accept::NoDelayAcceptor::new();
            let mut server = axum_server::from_tcp(listener)?.acceptor(acceptor).handle(handle);
            server.http_builder().http1().writev(false).max_buf_size(BUFFER);
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
