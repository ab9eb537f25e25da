//! Use cases: who asks, what the rules say, write, publish.

pub mod access;
mod access_chain;
pub mod clock;
mod draft;
pub mod error;
mod form;
mod ids;
pub mod import;
pub mod markdown;
pub mod meeting;
mod memory;
pub mod month;
mod names;
pub mod outside;
pub mod people;
mod policy;
pub mod rebuild;
pub mod record;
pub mod seal;
pub mod security;
mod spreadsheet;
pub mod template;
pub mod workbook;
mod writer;

use clock::Clock;
use domain::document::Document;
use domain::template::{CouncilRules, Template};
use outside::Outside;
use std::sync::Arc;
use store::Store;

pub use error::ServiceError;
pub use people::Directory;
pub use store;

/// Prints documents; implemented outside so that nobody else waits for the printers.
pub trait Printer: Send + Sync {
    /// Markdown.
    fn markdown(&self, document: &Document) -> String;
    /// A fragment of HTML, without a document around it.
    fn html(&self, document: &Document) -> String;
    /// JSON.
    fn json(&self, document: &Document) -> String;
    /// PDF; `logo` is an SVG. Takes some ten milliseconds: for a thread of its own.
    ///
    /// # Errors
    /// What the typesetter says.
    fn pdf(&self, document: &Document, logo: Option<&str>) -> Result<Vec<u8>, String>;
    /// Word.
    ///
    /// # Errors
    /// Where the archive cannot be written.
    fn docx(&self, document: &Document) -> Result<Vec<u8>, String>;
    /// Files by name into one archive, in their order, as they come.
    ///
    /// # Errors
    /// Where a file could not be made, or the archive cannot be written since nobody waits for it any more; it is left
    /// without its end then.
    fn archive(
        &self, files: &mut dyn Iterator<Item = Result<(String, Vec<u8>), String>>, out: &mut dyn std::io::Write,
    ) -> Result<(), String>;
}

/// Everything a page or command can ask for.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Clock,
    template: Template,
    templates: Vec<Template>,
    rules: CouncilRules,
    demo: bool,
    printer: Arc<dyn Printer>,
    rooms: memory::Memory<domain::MeetingId, meeting::room::LiveMeeting>,
    workbooks: memory::Memory<domain::FamilyId, workbook::LiveWorkbook>,
    rights: people::rights::Rights,
    directory: people::Cache,
    pace: meeting::pace::Pace,
    streams: meeting::pace::OpenStreams,
    workbook_news: workbook::WorkbookNews,
    pens: meeting::pen::Pens,
    sessions: people::session::Sessions,
    passwords: people::password::Passwords,
    waits: people::sign_in::Waits,
    /// Turns to ask each identity provider, by its key.
    asking: std::collections::BTreeMap<String, Arc<tokio::sync::Semaphore>>,
    writer: writer::Writer,
    looks: access::Looks,
    outside: outside::Outside,
    /// Notified when something is queued for the council's systems: one for each of them.
    deliveries: Vec<tokio::sync::Notify>,
    /// When it was last tried whether something can be written.
    ready_at: std::sync::Mutex<Option<std::time::Instant>>,
}

/// How long a write that succeeded says that the next one would.
const READY_FOR: std::time::Duration = std::time::Duration::from_secs(1);

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").field("demo", &self.inner.demo).finish_non_exhaustive()
    }
}

impl Service {
    /// Starts the service: its writer, and what listens to other processes.
    ///
    /// # Errors
    /// Where the database does not answer, or is a demo's and `demo` is not set, or the other way round.
    pub async fn start(
        store: Store, clock: Clock, demo: bool, printer: Arc<dyn Printer>, outside: Outside,
    ) -> Result<Self, ServiceError> {
        people::account::check_demo(&store, demo).await?;
        let files = template::with_shipped(&outside.templates);
        let rules = files[0].rules.clone();
        let templates: Vec<Template> = files.into_iter().map(|file| file.template).collect();
        let writer = writer::Writer::start(store.clone(), outside.seal_key.clone());
        let service = Self {
            inner: Arc::new(Inner {
                store,
                clock,
                template: templates[0].clone(),
                templates,
                rules,
                demo,
                printer,
                rooms: memory::Memory::default(),
                workbooks: memory::Memory::default(),
                rights: people::rights::Rights::default(),
                directory: people::Cache::default(),
                pace: meeting::pace::Pace::default(),
                streams: meeting::pace::OpenStreams::default(),
                workbook_news: workbook::WorkbookNews::default(),
                pens: meeting::pen::Pens::default(),
                sessions: people::session::Sessions::default(),
                passwords: people::password::Passwords::default(),
                waits: people::sign_in::Waits::default(),
                asking: outside.providers.iter().map(people::sign_on::turns).collect(),
                writer,
                looks: access::Looks::default(),
                deliveries: outside.targets.iter().map(|_| tokio::sync::Notify::new()).collect(),
                outside,
                ready_at: std::sync::Mutex::default(),
            }),
        };
        meeting::room::listen(&service);
        Ok(service)
    }

    /// Does what goes on by itself, for as long as the service lives: deliveries, and the reduction of drafts. For whoever
    /// serves, and not for commands.
    pub fn keep_going(&self) {
        record::delivery::keep_delivering(self);
        record::retention::keep_reducing(self);
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Whether a write would be durable now. It is tried at most once a second.
    ///
    /// # Errors
    /// Where nothing can be written.
    pub async fn ready(&self) -> Result<(), ServiceError> {
        let now = std::time::Instant::now();
        let recent = |at: &Option<std::time::Instant>| at.is_some_and(|at| now.duration_since(at) < READY_FOR);
        if recent(&self.inner.ready_at.lock().expect("no panic holds it")) {
            return Ok(());
        }
        self.inner.store.try_write(&self.inner.clock.now().to_rfc3339()).await?;
        *self.inner.ready_at.lock().expect("no panic holds it") = Some(now);
        Ok(())
    }

    /// The one clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The templates a meeting can be planned with, the default first.
    #[must_use]
    pub fn templates(&self) -> &[Template] {
        &self.inner.templates
    }

    /// The template new meetings are planned with unless somebody chooses another.
    #[must_use]
    pub fn template(&self) -> &Template {
        &self.inner.template
    }

    /// What the council does beside its meetings, as its first template says.
    #[must_use]
    pub fn rules(&self) -> &CouncilRules {
        &self.inner.rules
    }

    /// Whether this is a demo of invented families.
    #[must_use]
    pub fn demo(&self) -> bool {
        self.inner.demo
    }

    /// The printer of minutes.
    #[must_use]
    pub fn printer(&self) -> &dyn Printer {
        self.inner.printer.as_ref()
    }
}
