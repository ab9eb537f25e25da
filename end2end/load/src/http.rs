//! Just enough HTTP/1.1 for a load client that costs little: one connection, requests one after another,
//! and streams of server-sent events.

use anyhow::{Context, Result, bail};
use std::cell::Cell;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

thread_local! {
    /// Bytes that went over connections of this process, both ways.
    static CARRIED: Cell<u64> = const { Cell::new(0) };
}

/// Notes bytes on the wire.
pub fn carried(bytes: usize) {
    CARRIED.set(CARRIED.get() + bytes as u64);
}

/// Bytes carried so far.
pub fn carried_so_far() -> u64 {
    CARRIED.get()
}

/// Who asks: the session's cookie and the worker it belongs to.
#[derive(Debug, Clone, Default)]
pub struct Asker {
    /// "name=value".
    pub cookie: String,
    /// The worker's id; empty before it is known.
    pub worker: String,
}

/// One connection.
#[derive(Debug)]
pub struct Http {
    stream: BufReader<TcpStream>,
    host: String,
    asker: Asker,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Where to go on; empty for here.
    pub location: String,
    /// Cookies, "name=value".
    pub cookies: Vec<String>,
    /// The body.
    pub body: String,
}

impl Http {
    /// Connects to "host:port".
    ///
    /// # Errors
    /// Where nobody answers there.
    pub async fn connect(host: &str, asker: &Asker) -> Result<Self> {
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), host: host.to_owned(), asker: asker.clone() })
    }

    /// Sends a form and reads the answer. JSON is asked for unless the form `wants_html`.
    ///
    /// # Errors
    /// Where the connection breaks.
    pub async fn form(&mut self, path: &str, body: &str, wants_html: bool) -> Result<Answer> {
        let accept = if wants_html { "text/html" } else { "application/json" };
        self.send("POST", path, accept, "application/x-www-form-urlencoded", body).await?;
        self.answer().await
    }

    /// Sends JSON and reads the answer.
    ///
    /// # Errors
    /// Where the connection breaks.
    pub async fn json(&mut self, path: &str, body: &str) -> Result<Answer> {
        self.send("POST", path, "application/json", "application/json", body).await?;
        self.answer().await
    }

    /// Reads a page.
    ///
    /// # Errors
    /// Where the connection breaks.
    pub async fn page(&mut self, path: &str) -> Result<Answer> {
        self.send("GET", path, "text/html", "", "").await?;
        self.answer().await
    }

    /// Opens a stream of events; the connection is used up by it.
    ///
    /// # Errors
    /// Where the server does not open one.
    pub async fn events(mut self, path: &str) -> Result<Events> {
        self.send("GET", path, "text/event-stream", "", "").await?;
        let head = self.head().await?;
        if head.status != 200 {
            bail!("{path} answered {}", head.status);
        }
        Ok(Events { stream: self.stream, left: 0, line: Vec::new() })
    }

    async fn send(&mut self, method: &str, path: &str, accept: &str, kind: &str, body: &str) -> Result<()> {
        let (host, Asker { cookie, worker }) = (&self.host, &self.asker);
        let kind = if kind.is_empty() { String::new() } else { format!("content-type: {kind}\r\n") };
        let cookie = if cookie.is_empty() { String::new() } else { format!("cookie: {cookie}\r\n") };
        let worker = if worker.is_empty() { String::new() } else { format!("x-caseround-worker: {worker}\r\n") };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\naccept: {accept}\r\nsec-fetch-site: same-origin\r\n{kind}{cookie}{worker}\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        carried(request.len());
        self.stream.write_all(request.as_bytes()).await?;
        Ok(())
    }

    async fn answer(&mut self) -> Result<Answer> {
        let head = self.head().await?;
        let mut body = Vec::new();
        match head.length {
            Some(length) => {
                body.resize(length, 0);
                self.stream.read_exact(&mut body).await?;
            }
            None => {
                while let Some(size) = chunk_size(&mut self.stream).await? {
                    let from = body.len();
                    body.resize(from + size, 0);
                    self.stream.read_exact(&mut body[from..]).await?;
                    self.stream.read_exact(&mut [0; 2]).await?;
                }
            }
        }
        carried(body.len());
        let body = String::from_utf8(body).context("an answer that is no text")?;
        Ok(Answer { status: head.status, location: head.location, cookies: head.cookies, body })
    }

    async fn head(&mut self) -> Result<Head> {
        let mut line = String::new();
        self.stream.read_line(&mut line).await?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no answer")?;
        let mut head = Head { status, length: None, location: String::new(), cookies: Vec::new() };
        loop {
            carried(line.len());
            line.clear();
            self.stream.read_line(&mut line).await?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { return Ok(head) };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => head.length = value.parse().ok(),
                "location" => value.clone_into(&mut head.location),
                "set-cookie" => head.cookies.push(value.split(';').next().unwrap_or_default().to_owned()),
                _ => {}
            }
        }
    }
}

struct Head {
    status: u16,
    length: Option<usize>,
    location: String,
    cookies: Vec<String>,
}

/// The next chunk's size; `None` at the end.
async fn chunk_size(stream: &mut BufReader<TcpStream>) -> Result<Option<usize>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        bail!("the connection ended");
    }
    carried(line.len());
    let size = usize::from_str_radix(line.trim(), 16).with_context(|| format!("no chunk: {line:?}"))?;
    if size == 0 {
        stream.read_line(&mut line).await?;
    }
    Ok((size > 0).then_some(size))
}

/// A stream of events.
#[derive(Debug)]
pub struct Events {
    stream: BufReader<TcpStream>,
    left: usize,
    line: Vec<u8>,
}

impl Events {
    /// The next event's data.
    ///
    /// # Errors
    /// Where the stream ends.
    pub async fn next(&mut self) -> Result<String> {
        let mut data = String::new();
        loop {
            self.read_line().await?;
            let line = std::str::from_utf8(&self.line)?.trim_end();
            if let Some(more) = line.strip_prefix("data:") {
                data.push_str(more.trim_start());
            } else if line.is_empty() && !data.is_empty() {
                return Ok(data);
            }
        }
    }

    /// One line of the stream, whatever chunks it came in.
    async fn read_line(&mut self) -> Result<()> {
        self.line.clear();
        loop {
            if self.left == 0 {
                self.left = chunk_size(&mut self.stream).await?.context("the stream ended")?;
            }
            let buffer = self.stream.fill_buf().await?;
            if buffer.is_empty() {
                bail!("the connection ended");
            }
            let chunk = &buffer[..buffer.len().min(self.left)];
            let end = chunk.iter().position(|byte| *byte == b'\n').map_or(chunk.len(), |at| at + 1);
            let whole = chunk[end - 1] == b'\n';
            self.line.extend_from_slice(&chunk[..end]);
            self.stream.consume(end);
            carried(end);
            self.left -= end;
            if self.left == 0 {
                self.stream.read_exact(&mut [0; 2]).await?;
            }
            if whole {
                return Ok(());
            }
        }
    }
}
