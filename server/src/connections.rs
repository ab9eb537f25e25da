//! Connections: how many there may be, and how long one may say nothing, so that silent ones leave room for people and for
//! whoever asks whether the server is well.

use crate::proxies::Proxies;
use axum_server::accept::Accept;
use axum_server::tls_rustls::RustlsAcceptor;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::collections::HashMap;
use std::future::{Ready, ready};
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The most connections from one address that is neither a proxy's nor this machine's: an office of 200 people, two each.
const FROM_ONE_ADDRESS: usize = 400;
/// Files that are kept for the database, for documents, and for whoever asks on this machine whether the server is well.
const RESERVE: usize = 256;
/// The most files this program asks the system for.
const FILES: u64 = 65_536;
/// How long a request's head may take, from when the connection could send it.
const HEAD: Duration = Duration::from_secs(20);
/// The most a connection over HTTP/1.1 holds back before it writes, in bytes. A meeting has two connections for each
/// person, and what they once needed they keep.
const BUFFER: usize = 16 * 1024;
/// The most requests at once on one connection over HTTP/2.
const REQUESTS: u32 = 64;

/// Takes connections while there is room for them.
#[derive(Debug, Clone)]
pub struct Connections {
    proxies: Proxies,
    /// Whether nobody but a proxy, or this machine, is answered.
    closed: bool,
    most: usize,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Connections {
    /// As many as the system has files for; it is asked for more first. `closed`: nobody but a proxy, or this machine, is
    /// answered.
    #[must_use]
    pub fn new(proxies: Proxies, closed: bool) -> Self {
        Self { proxies, closed, most: files().saturating_sub(RESERVE).max(64), open: Arc::default() }
    }

    /// Under https.
    #[must_use]
    pub fn under(self, tls: axum_server::tls_rustls::RustlsConfig) -> RustlsAcceptor<Self> {
        RustlsAcceptor::new(tls).acceptor(self)
    }

    /// One more connection from an address, counted until it is dropped; `None` where there is no room.
    fn open(&self, address: IpAddr) -> Option<Counted> {
        let address = address.to_canonical();
        let mut open = self.open.lock().expect("no panic holds it");
        let (near, proxy) = (address.is_loopback(), self.proxies.contain(address));
        let all: usize = open.values().sum();
        let of_address = open.get(&address).copied().unwrap_or_default();
        let full = all >= if near { self.most + RESERVE / 2 } else { self.most };
        let unknown = !near && !proxy;
        (!full && !(unknown && (self.closed || of_address >= FROM_ONE_ADDRESS))).then(|| {
            *open.entry(address).or_insert(0) += 1;
            Counted { all: Arc::clone(&self.open), address }
        })
    }
}

/// How many files this program may have open.
fn files() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let now = getrlimit(Resource::Nofile);
    let most = now.maximum.unwrap_or(FILES).min(FILES);
    let raised = Rlimit { current: Some(most), maximum: now.maximum };
    let current = match now.current {
        Some(current) if current < most && setrlimit(Resource::Nofile, raised).is_ok() => most,
        Some(current) => current,
        None => FILES,
    };
    usize::try_from(current).unwrap_or(usize::MAX)
}

/// Limits of each connection: a head that does not come ends it, and one over HTTP/2 that no longer answers.
pub fn limit(builder: &mut Builder<TokioExecutor>) {
    // Small frames to many readers: one buffer is cheaper than a list of pieces.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).writev(false).max_buf_size(BUFFER);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(HEAD))
        .keep_alive_timeout(HEAD)
        .max_concurrent_streams(REQUESTS);
}

impl<S> Accept<TcpStream, S> for Connections {
    type Stream = Connection;
    type Service = S;
    type Future = Ready<io::Result<(Connection, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let connection = stream.peer_addr().and_then(|peer| {
            let counted = self.open(peer.ip()).ok_or_else(|| io::Error::other("too many connections"))?;
            stream.set_nodelay(true)?;
            Ok(Connection { stream, _counted: counted })
        });
        ready(connection.map(|connection| (connection, service)))
    }
}

#[derive(Debug)]
struct Counted {
    all: Arc<Mutex<HashMap<IpAddr, usize>>>,
    address: IpAddr,
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.all.lock().expect("no panic holds it");
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// A connection that counts for its address until it is closed.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    _counted: Counted,
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>, context: &mut Context<'_>, bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_take_the_room_of_all_and_this_machine_is_always_heard() {
        let proxies = Proxies::from(vec![Proxies::parse("10.0.0.1").unwrap()]);
        let connections = Connections { proxies, closed: false, most: 1_000, open: Arc::default() };
        let [far, other, proxy, near] =
            ["203.0.113.5", "203.0.113.6", "10.0.0.1", "127.0.0.1"].map(|address| address.parse::<IpAddr>().unwrap());
        let mut held: Vec<Counted> = (0..FROM_ONE_ADDRESS).map(|_| connections.open(far).unwrap()).collect();
        assert!(connections.open(far).is_none());
        assert!(connections.open(other).is_some());
        held.pop();
        held.push(connections.open(far).expect("one has gone"));
        held.extend((0..600).map(|_| connections.open(proxy).expect("a proxy's are other people's")));
        assert!(connections.open(other).is_none(), "all are taken");
        assert!(connections.open(near).is_some(), "and whether the server is well can still be asked");
        drop(held);
        assert!(connections.open.lock().unwrap().is_empty());
        let closed = Connections { closed: true, ..connections };
        assert!(closed.open(proxy).is_some() && closed.open(near).is_some() && closed.open(far).is_none());
    }
}
