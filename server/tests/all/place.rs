//! Where tests run: a database of their own on either engine, a world with people in it, a server.

use app::cookies::Cookies;
use axum::Router;
use chrono::{DateTime, TimeDelta, Utc};
use domain::chapter::ChapterPlace;
use domain::document::Document;
use domain::meeting::Command;
use domain::policy::AccountKeeper;
use domain::viewer::Viewer;
use domain::{CommandId, FamilyId, MeetingId, SlotId, WorkerId};
use record::Printers;
use service::clock::Clock;
use service::import::Load;
use service::meeting::room::Outcome;
use service::meeting::{NewMeeting, PlannedFamily, Request};
use service::outside::Outside;
use service::people::confirmation::ConfirmedIdentity;
use service::people::keeping::By;
use service::seal::SealKey;
use service::store::Store;
use service::workbook::chapter::TypedText;
use service::workbook::late::LateWords;
use service::{Service, ServiceError};
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub const PUBLIC: &str = "http://127.0.0.1:3000";

pub fn now() -> DateTime<Utc> {
    "2026-11-24T09:25:00Z".parse().unwrap()
}

/// A PostgreSQL cluster in a temporary folder.
struct Cluster {
    folder: tempfile::TempDir,
    port: u16,
    _server: Child,
}

/// Started once for the whole test run's process.
fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start)
}

impl Cluster {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let data = folder.path().join("data");
        let bin = Path::new("/usr/lib/postgresql/15/bin");
        let root = Process::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n");
        if root {
            assert!(Process::new("chown").arg("postgres").arg(folder.path()).status().unwrap().success());
        }
        let run = |program: &str| {
            if root {
                let mut process = Process::new("runuser");
                process.args(["-u", "postgres", "--"]).arg(bin.join(program));
                process
            } else {
                Process::new(bin.join(program))
            }
        };
        let made = run("initdb")
            .arg("-D")
            .arg(&data)
            .args(["-A", "trust", "-U", "postgres", "--no-sync"])
            .stdout(Stdio::null())
            .status();
        assert!(made.expect("PostgreSQL's binaries are installed by \"make test\"").success());
        let program = bin.join("postgres");
        let postgres = format!(
            "{} -D {} -p {port} -h 127.0.0.1 -c max_connections=200 -c shared_buffers=32MB -k {}",
            program.display(),
            data.display(),
            folder.path().display()
        );
        let postgres = if root { format!("runuser -u postgres -- {postgres}") } else { postgres };
        // It ends with this process, however that ends: its standard input is closed then. Not by SIGINT, which
        // a shell lets what runs in its background ignore.
        let script = format!("{postgres} & pid=$!; cat; kill -TERM $pid; wait; rm -rf {}", folder.path().display());
        let server = Process::new("sh")
            .args(["-c", &script])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { folder, port, _server: server }
    }

    /// A new database's address.
    fn database(&self) -> String {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("t{}", MADE.fetch_add(1, Ordering::Relaxed));
        for attempt in 0.. {
            let made = Process::new("/usr/lib/postgresql/15/bin/createdb")
                .args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "postgres", &name])
                .stderr(Stdio::null())
                .status()
                .unwrap();
            if made.success() {
                break;
            }
            assert!(attempt < 600, "PostgreSQL did not start in {}", self.folder.path().display());
            std::thread::sleep(Duration::from_millis(100));
        }
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    fn signal(&self, signal: &str) {
        let about = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid")).unwrap();
        let master = about.lines().next().unwrap();
        // The master first: it would start others.
        assert!(Process::new("kill").args([signal, master]).status().unwrap().success());
        Process::new("pkill").args([signal, "-P", master]).status().unwrap();
    }

    /// Kills a process of the cluster, whose master then ends all the others and recovers: as after a power cut,
    /// but at once.
    fn crash(&self) {
        let about = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid")).unwrap();
        let master = about.lines().next().unwrap();
        let found = Process::new("pgrep").args(["-P", master, "-f", "postgres: postgres t"]).output().unwrap();
        let found = String::from_utf8(found.stdout).unwrap();
        let one = found.lines().next().expect("a server is connected");
        assert!(Process::new("kill").args(["-KILL", one]).status().unwrap().success());
    }
}

/// What is outside the database in tests: a key, and no systems of a council.
pub fn outside() -> Outside {
    Outside::with_key(SealKey::new([7; 32]))
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Runs statements on the database at an address, past Caseround.
pub fn past_caseround(address: impl AsRef<Path>, statements: &str) {
    let address = address.as_ref().to_str().unwrap();
    let mut process = if address.starts_with("postgres") {
        let mut psql = Process::new("/usr/lib/postgresql/15/bin/psql");
        psql.args(["-q", "-v", "ON_ERROR_STOP=1", address, "-c", statements]);
        psql
    } else {
        let script = "import sqlite3,sys\nd=sqlite3.connect(sys.argv[1])\nd.executescript(sys.argv[2])\nd.commit()";
        let mut python = Process::new("python3");
        python.args(["-c", script, address, statements]);
        python
    };
    assert!(process.status().unwrap().success(), "{statements}");
}

/// A database of its own; the folder lives as long as this does.
pub struct Place {
    pub address: String,
    _folder: tempfile::TempDir,
    own: Option<Cluster>,
}

impl Place {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = folder.path().join("test.sqlite").to_str().unwrap().to_owned();
        Self { address, _folder: folder, own: None }
    }

    /// A file that is there already.
    pub fn at(folder: tempfile::TempDir, name: &str) -> Self {
        let address = folder.path().join(name).to_str().unwrap().to_owned();
        Self { address, _folder: folder, own: None }
    }

    pub fn postgres() -> Self {
        Self { address: cluster().database(), _folder: tempfile::tempdir().unwrap(), own: None }
    }

    /// On a cluster of its own, which can be made to crash.
    pub fn own_postgres() -> Self {
        let cluster = Cluster::start();
        Self { address: cluster.database(), _folder: tempfile::tempdir().unwrap(), own: Some(cluster) }
    }

    /// Stops every process of the cluster where it is, as a line that swallows everything; or lets them go on.
    pub fn stop_postgres(&self, stop: bool) {
        self.own.as_ref().expect("this place has a cluster of its own").signal(if stop { "-STOP" } else { "-CONT" });
    }

    pub fn crash_postgres(&self) {
        self.own.as_ref().expect("this place has a cluster of its own").crash();
    }

    /// Changes the database as somebody with its file or its password could, past Caseround.
    pub fn past_caseround(&self, statement: &str) {
        past_caseround(&self.address, statement);
    }

    /// All that a SQLite database holds but for sessions, their traces and forms that came back, as statements.
    pub fn content(&self) -> Vec<String> {
        let script = "import sqlite3,sys\nprint('\\n'.join(sqlite3.connect(sys.argv[1]).iterdump()))";
        let dump = Process::new("python3").args(["-c", script, &self.address]).output().unwrap();
        assert!(dump.status.success());
        let passing = ["sessions", "drafts", "visits", "pens"].map(|table| format!("INSERT INTO \"{table}\""));
        let lines = String::from_utf8(dump.stdout).unwrap();
        lines.lines().filter(|line| !passing.iter().any(|start| line.starts_with(start))).map(str::to_owned).collect()
    }

    pub fn is_postgres(&self) -> bool {
        self.address.starts_with("postgres")
    }

    pub async fn store(&self) -> Store {
        Store::open(&self.address, service::store::OpenMode::Make).await.unwrap()
    }

    /// A service on what is in the database, days after [`now`].
    pub async fn service_after(&self, days: i64) -> Service {
        let clock = Clock::starting_at(now() + TimeDelta::days(days));
        Service::start(self.store().await, clock, true, Arc::new(Printers::default()), outside()).await.unwrap()
    }

    /// A demo service with the sample loaded.
    pub async fn service(&self) -> Service {
        let service = self.service_after(0).await;
        service.import_ssd(&service::import::sample(), Load::Checked).await.unwrap();
        service.give_demo_accounts().await.unwrap();
        service
    }
}

/// The printers, with something done before each PDF: a test counts them, or lets them fail.
pub struct WatchedPrinter<F> {
    pub printers: Printers,
    pub before_pdf: F,
}

impl<F: Fn() -> Result<(), String> + Send + Sync> service::Printer for WatchedPrinter<F> {
    fn markdown(&self, document: &Document) -> String {
        self.printers.markdown(document)
    }

    fn html(&self, document: &Document) -> String {
        self.printers.html(document)
    }

    fn json(&self, document: &Document) -> String {
        self.printers.json(document)
    }

    fn pdf(&self, document: &Document, logo: Option<&str>) -> Result<Vec<u8>, String> {
        (self.before_pdf)()?;
        self.printers.pdf(document, logo)
    }

    fn docx(&self, document: &Document) -> Result<Vec<u8>, String> {
        self.printers.docx(document)
    }

    fn archive(
        &self, files: &mut dyn Iterator<Item = Result<(String, Vec<u8>), String>>, out: &mut dyn std::io::Write,
    ) -> Result<(), String> {
        self.printers.archive(files, out)
    }
}

/// The address that requests of tests come from.
pub const ADDRESS: &str = "192.0.2.7";

/// A use case by somebody who may have the right that it takes: `Err` where the right is not theirs, too.
macro_rules! allowed {
    ($service:expr, $right:expr, $use_case:ident($($argument:expr),* $(,)?)) => {
        match $right {
            Ok(right) => $service.$use_case(right, $($argument),*).await,
            Err(error) => Err(error),
        }
    };
}
pub(crate) use allowed;

/// A monthly summary as its form sends it.
pub fn summary(text: &str, base: i64) -> TypedText {
    TypedText { place: ChapterPlace::summary(), text: text.to_owned(), base }
}

/// Makes two tests of a function: with a new database on SQLite, and with one on PostgreSQL.
macro_rules! on_both_engines {
    ($test:ident) => {
        mod $test {
            use crate::place::Place;

            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                super::$test(Place::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgresql() {
                super::$test(Place::postgres()).await;
            }
        }
    };
}
pub(crate) use on_both_engines;

/// A service with a meeting of two families under way.
pub struct World {
    pub service: Service,
    pub meeting: MeetingId,
    pub slot: SlotId,
    pub family: FamilyId,
    pub chair: WorkerId,
    pub record_taker: WorkerId,
    /// Allocated to the first family.
    pub worker: WorkerId,
    /// Of another team.
    pub stranger: WorkerId,
    /// Oversees all teams.
    pub service_manager: WorkerId,
}

pub async fn worker(service: &Service, source: &str) -> WorkerId {
    let directory = service.directory().await.unwrap();
    directory.workers.values().find(|worker| worker.source_id.as_deref() == Some(source)).unwrap().id
}

pub async fn family(service: &Service, reference: &str) -> FamilyId {
    service.store().families().await.unwrap().into_iter().find(|family| family.reference == reference).unwrap().id
}

impl World {
    /// The service manager opens the family for an hour.
    pub async fn opened_from_above(&self) {
        let service = &self.service;
        let viewer = service.viewer(self.service_manager).await.unwrap();
        let reference = service.store().family(self.family).await.unwrap().unwrap().reference;
        let (opener, mine) = (service.opener(&viewer).unwrap(), confirmed(service, self.service_manager).await);
        service.open_family(opener, mine, (&reference, "I was asked to look"), ADDRESS).await.unwrap();
    }

    pub async fn planned(service: Service) -> Self {
        Self::planned_with(service, "light").await
    }

    pub async fn planned_with(service: Service, template: &str) -> Self {
        let chair = worker(&service, "7001").await;
        let (first, second) = (family(&service, "FS-3046").await, family(&service, "FS-3004").await);
        let team = service.viewer(chair).await.unwrap().manages.iter().next().copied().unwrap();
        let record_taker = worker(&service, "7012").await;
        let new = NewMeeting {
            team,
            held_on: service.clock().today(),
            starts: chrono::NaiveTime::from_hms_opt(9, 30, 0).unwrap(),
            booked: 120,
            place: "Room 2".to_owned(),
            template: template.to_owned(),
            chair,
            record_taker: Some(record_taker),
            families: vec![PlannedFamily { family: first, minutes: 45 }, PlannedFamily { family: second, minutes: 35 }],
        };
        let viewer = service.viewer(chair).await.unwrap();
        let meeting = allowed!(service, service.team_staff(&viewer, new.team), plan_meeting(&new)).unwrap();
        let page = allowed!(service, service.meeting_reader(&viewer, meeting).await, meeting_page(None)).unwrap();
        Self {
            slot: page.room.slots[0].id,
            meeting,
            family: first,

            chair,
            record_taker,
            worker: worker(&service, "7002").await,
            stranger: worker(&service, "7014").await,
            service_manager: worker(&service, "7037").await,
            service,
        }
    }

    pub async fn started(service: Service) -> Self {
        let world = Self::planned(service).await;
        world.act(world.chair, Command::Open).await;
        world
            .try_act(
                world.chair,
                Command::Start {
                    slot: world.slot,
                    seen: None,
                    decision: domain::DecisionId::new(world.service.new_uuid()),
                },
            )
            .await;
        world
    }

    /// Carries out a command, which is taken.
    pub async fn act(&self, who: WorkerId, command: Command) {
        let outcome = self.try_act(who, command.clone()).await;
        assert!(matches!(outcome, Outcome::Applied { .. }), "{command:?}: {outcome:?}");
    }

    /// What a command comes to.
    pub async fn try_act(&self, who: WorkerId, command: Command) -> Outcome {
        let viewer = self.service.viewer(who).await.unwrap();
        let id = CommandId::new(self.service.new_uuid());
        loop {
            match self.service.act(&viewer, self.meeting, id, Request::Command(command.clone())).await {
                // As a page does: wait, and send the same again.
                Err(ServiceError::TooFast) => tokio::time::sleep(Duration::from_millis(100)).await,
                answer => return answer.unwrap(),
            }
        }
    }
}

impl World {
    /// Files words for a discussion that is over.
    pub async fn file_late(
        &self, by: &Viewer, slot: SlotId, command: CommandId, words: impl Into<LateWords>,
    ) -> Result<(), ServiceError> {
        let words = words.into();
        allowed!(self.service, self.service.late_author(by, self.meeting, slot).await, contribute_late(command, &words))
    }
}

/// The router as the server has it, with no door skipped.
pub fn router(service: &Service) -> Router {
    let assets = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    caseround::http::router(service.clone(), Cookies { secure: false }, &assets, PUBLIC, Default::default())
}

/// The same behind an address with https.
pub fn secure_router(service: &Service) -> Router {
    let assets = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let public = "https://caseround.example";
    caseround::http::router(service.clone(), Cookies { secure: true }, &assets, public, Default::default())
}

/// The token of somebody who signed in.
/// A keeper who has just shown who they are.
pub async fn by<'v>(service: &Service, keeper: AccountKeeper<'v>) -> By<'v> {
    By::Keeper(keeper, confirmed(service, keeper.viewer().worker).await)
}

/// Somebody who has just shown who they are.
pub async fn confirmed(service: &Service, who: WorkerId) -> ConfirmedIdentity {
    let viewer = service.viewer(who).await.unwrap();
    service.confirmed(&viewer, &token(service, who).await).await.unwrap()
}

pub async fn token(service: &Service, who: WorkerId) -> String {
    let addresses = service.store().addresses().await.unwrap();
    let (_, email) = addresses.into_iter().find(|(id, _)| *id == who.uuid()).unwrap();
    service.sign_in(&email, service::people::account::DEMO_PASSWORD, "test").await.unwrap().token().unwrap()
}
