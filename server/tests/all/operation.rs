//! What a technician does with the real binary, and what happens to the database then.

use crate::kill::{How, assets, http, start_at};
use crate::place::{Place, World, free_port, past_caseround, token};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

pub const CLOCK: &str = "2026-11-24T09:30:00Z";

/// Runs a command to its end.
pub fn caseround(database: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_caseround"))
        .args(args)
        .args(["--database", database, "--demo"])
        .env("CASEROUND_PASSWORD", "a quiet colleague")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

pub fn output(done: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
}

/// A database with something in it, that nobody holds open.
pub fn database(folder: &Path) -> PathBuf {
    let file = folder.join("caseround.sqlite");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("interchange/samples/ssd");
    let done = caseround(file.to_str().unwrap(), &["import", "ssd", sample.to_str().unwrap()]);
    assert!(done.status.success(), "{}", output(&done));
    file
}

/// What a database says, so that two can be compared: the tables' rows as SQL.
pub fn content(file: &Path) -> String {
    let script = "import sqlite3,sys\nd=sqlite3.connect(f'file:{sys.argv[1]}?mode=rw',uri=True)\n\
        assert d.execute('PRAGMA integrity_check').fetchone()[0]=='ok'\nprint('\\n'.join(sorted(d.iterdump())))";
    let out = Command::new("python3").args(["-c", script]).arg(file).output().unwrap();
    assert!(out.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// Fails where two databases do not say the same, with the lines that differ.
pub fn same(one: &str, other: &str, why: &str) {
    let only = |of: &str, not: &str| {
        of.lines()
            .filter(|line| !not.lines().any(|candidate| candidate == *line))
            .map(str::to_owned)
            .take(5)
            .collect::<Vec<_>>()
    };
    assert!(one == other, "{why}: {:?} against {:?}", only(one, other), only(other, one));
}

#[test]
fn a_mistyped_path_makes_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("mistyped.sqlite");
    let (name, copy) = (missing.to_str().unwrap(), folder.path().join("copy.sqlite"));
    let copy = copy.to_str().unwrap();
    for args in [
        &["backup", copy][..],
        &["verify"],
        &["doctor"],
        &["retention"],
        &["rebuild"],
        &["migrate"],
        &["seal-key", "change", copy],
        &["worker", "link", "1234", "alex@example.invalid"],
    ] {
        let done = caseround(name, args);
        assert!(!done.status.success(), "{args:?}");
        assert!(output(&done).contains("no database at"), "{args:?}: {}", output(&done));
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| name.to_str().unwrap().ends_with(".lock")), "{left:?}");
    let done = caseround(name, &["worker", "add", "Alex Okafor", "alex@example.invalid", "--team", "North"]);
    assert!(done.status.success() && missing.exists(), "{}", output(&done));
}

#[test]
fn a_restore_takes_only_a_whole_backup_and_tells_the_way_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path());
    let name = file.to_str().unwrap();
    let backup = folder.path().join("backup.sqlite");
    let done = caseround(name, &["backup", backup.to_str().unwrap()]);
    assert!(done.status.success(), "{}", output(&done));
    assert!(
        caseround(name, &["backup", backup.to_str().unwrap()]).status.code() != Some(0),
        "no backup is overwritten"
    );
    let (kept, backed_up) = (content(&file), content(&backup));
    let noise = folder.path().join("noise");
    std::fs::write(&noise, [7; 9000]).unwrap();
    let other = folder.path().join("other.sqlite");
    past_caseround(&other, "CREATE TABLE cats (name TEXT)");
    let cut = folder.path().join("cut.sqlite");
    let whole = std::fs::read(&backup).unwrap();
    std::fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    let log = folder.path().join("copied-while-serving.sqlite");
    std::fs::copy(&backup, &log).unwrap();
    std::fs::write(folder.path().join("copied-while-serving.sqlite-wal"), [1; 100]).unwrap();
    for wrong in [&noise, &other, &cut, &log, &folder.path().join("nowhere"), &folder.path().to_path_buf()] {
        let done = caseround(name, &["restore", wrong.to_str().unwrap()]);
        assert!(!done.status.success(), "{} was taken: {}", wrong.display(), output(&done));
        same(&content(&file), &kept, &format!("{}", wrong.display()));
    }
    past_caseround(&file, "INSERT INTO settings (name, value) VALUES ('after', 'the backup')");
    // Also from a place where nothing can be written.
    let read_only = folder.path().join("read-only");
    std::fs::create_dir(&read_only).unwrap();
    let from = read_only.join("backup.sqlite");
    std::fs::copy(&backup, &from).unwrap();
    std::fs::set_permissions(&from, std::fs::Permissions::from_mode(0o400)).unwrap();
    std::fs::set_permissions(&read_only, std::fs::Permissions::from_mode(0o500)).unwrap();
    let done = caseround(name, &["restore", from.to_str().unwrap()]);
    assert!(done.status.success(), "{}", output(&done));
    same(&content(&file), &backed_up, "as it was");
    let beside = std::fs::read_dir(&read_only).unwrap().count();
    assert_eq!(beside, 1, "nothing is written beside it, by whoever could either");
    let back = output(&done).split("caseround restore ").nth(1).expect("the way back").trim().to_owned();
    let done = caseround(name, &["restore", &back]);
    assert!(done.status.success(), "{}", output(&done));
    assert!(content(&file).contains("'the backup'"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_serves_a_file_and_what_would_disturb_it_waits() {
    let place = Place::sqlite();
    let world = World::planned(place.service().await).await;
    let chair = token(&world.service, world.chair).await;
    drop(world);
    // What the extract says of her was something else before.
    place.past_caseround("UPDATE workers SET name = 'Nadia Before' WHERE source_id = '7008'");
    let (assets, port) = (assets(), free_port());
    let _server = start_at(&place, assets.path(), port, How::Plainly, CLOCK, &[]);
    let backup = assets.path().join("backup.sqlite");
    assert!(
        caseround(&place.address, &["backup", backup.to_str().unwrap()]).status.success(),
        "a backup disturbs nobody"
    );
    for args in [
        &["serve", "--listen", "127.0.0.1:0", "--assets", assets.path().to_str().unwrap()][..],
        &["rebuild"],
        &["migrate"],
        &["restore", backup.to_str().unwrap()],
    ] {
        let done = caseround(&place.address, args);
        assert!(
            !done.status.success() && output(&done).contains("another process serves"),
            "{args:?}: {}",
            output(&done)
        );
    }
    // An import is taken by a running server within seconds.
    let workers = || http(port, "GET", "/workers", &chair, "").unwrap();
    assert!(workers().contains("Nadia Before"));
    place.past_caseround("DELETE FROM import_rows");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("interchange/samples/ssd");
    let done = caseround(&place.address, &["import", "ssd", sample.to_str().unwrap()]);
    assert!(done.status.success(), "{}", output(&done));
    let began = Instant::now();
    while !workers().contains("Nadia Quoin") {
        assert!(began.elapsed() < Duration::from_secs(20), "the running server does not know of the import");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// A file that can be read and not written, as on a mount that became read-only.
#[test]
fn a_database_that_cannot_be_written_is_not_served_and_doctor_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path());
    let (name, assets) = (file.to_str().unwrap(), assets());
    let serve = ["serve", "--listen", "127.0.0.1:0", "--assets", assets.path().to_str().unwrap()];
    for args in [&serve[..], &["doctor"]] {
        // SQLite opens a file to write, and where that is refused, to read.
        let done = Command::new("timeout")
            .args(["30", "strace", "-f", "-qq", "-o", "/dev/null", "-P", name, "-e", "trace=openat"])
            .args(["-e", "inject=openat:error=EROFS:when=1+2", env!("CARGO_BIN_EXE_caseround")])
            .args(args)
            .args(["--database", name])
            .output()
            .unwrap();
        assert!(!done.status.success() && done.status.code() != Some(124), "{args:?} goes on: {}", output(&done));
        assert!(output(&done).contains("readonly database"), "{args:?}: {}", output(&done));
    }
}

/// The same on a real mount, which takes the right to mount: tried where volume is asked for.
#[test]
fn a_database_on_a_read_only_mount_is_not_served_and_doctor_says_so() {
    if std::env::var_os("LONG").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path());
    let assets = assets();
    let mounted = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec timeout 30 \"$@\"";
    let serve = ["serve", "--listen", "127.0.0.1:0", "--assets", assets.path().to_str().unwrap()];
    for args in [&serve[..], &["doctor"]] {
        let done = Command::new("unshare")
            .args(["--mount", "bash", "-c", mounted])
            .arg(folder.path())
            .arg(env!("CARGO_BIN_EXE_caseround"))
            .args(args)
            .arg("--database")
            .arg(&file)
            .output()
            .unwrap();
        assert!(!done.status.success() && done.status.code() != Some(124), "{args:?} goes on: {}", output(&done));
        let said = output(&done).to_lowercase().replace("read-only", "readonly");
        assert!(said.contains("readonly"), "{args:?}: {said}");
    }
}

/// Whatever would write refuses, and makes no file there; what looks and what copies goes on. The process is told by a file in
/// place of its own list of mounts where its database lies, which takes the right to mount.
#[test]
fn nothing_is_written_into_a_database_on_a_network_file_system() {
    if std::env::var_os("LONG").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path());
    let mounts = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(mounts.path(), "40 22 0:35 / / rw,relatime - nfs4 server:/export rw\n").unwrap();
    let told = "mount --bind \"$0\" /proc/$$/mountinfo && exec \"$@\"";
    let at = |database: &Path, args: &[&str]| {
        Command::new("timeout")
            .args(["30", "unshare", "--mount", "bash", "-c", told])
            .arg(mounts.path())
            .arg(env!("CARGO_BIN_EXE_caseround"))
            .args(args)
            .args(["--demo", "--database"])
            .arg(database)
            .output()
            .unwrap()
    };
    let (assets, new) = (assets(), folder.path().join("new.sqlite"));
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/interchange/samples/ssd");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--assets", assets.path().to_str().unwrap()];
    for args in [&serve[..], &["import", "ssd", sample], &["migrate"], &["retention"]] {
        let before = std::fs::read(&file).unwrap();
        for database in [&file, &new] {
            let done = at(database, args);
            assert!(!done.status.success() && done.status.code() != Some(124), "{args:?} goes on: {}", output(&done));
        }
        assert!(output(&at(&file, args)).contains("network file system (nfs4)"), "{args:?}");
        assert!(std::fs::read(&file).unwrap() == before && !new.exists(), "{args:?} has written");
    }
    let copy = folder.path().join("copy.sqlite");
    let done = at(&file, &["backup", copy.to_str().unwrap()]);
    assert!(done.status.success() && copy.exists(), "{}", output(&done));
    assert!(output(&at(&file, &["doctor"])).contains("network file system (nfs4)"));
}

#[test]
fn doctor_tells_notes_from_what_is_wrong_and_stops_when_nobody_reads() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path());
    let name = file.to_str().unwrap();
    let done = caseround(name, &["doctor"]);
    assert!(done.status.success(), "a worker without a discipline is no failure: {}", output(&done));
    assert!(output(&done).contains("note ") && !output(&done).contains("WRONG"), "{}", output(&done));
    // Fonts that are missing are named, with what to install; nothing is wrong for it.
    let without = folder.path().join("no fonts");
    std::fs::create_dir(&without).unwrap();
    let done = caseround(name, &["doctor", "--fonts", without.to_str().unwrap()]);
    assert!(done.status.success(), "{}", output(&done));
    for named in ["Bengali", "Chinese", "fonts-noto-core", "fonts-noto-cjk"] {
        assert!(output(&done).contains(named), "{named}: {}", output(&done));
    }
    let script = "\"$0\" doctor --demo --database \"$1\" | head -1";
    let piped = Command::new("bash")
        .args(["-o", "pipefail", "-c", script, env!("CARGO_BIN_EXE_caseround"), name])
        .output()
        .unwrap();
    assert!(piped.status.success() && !output(&piped).contains("panicked"), "{}", output(&piped));
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let done = caseround(name, &["doctor"]);
    assert!(!done.status.success() && output(&done).contains("chmod 600"), "{}", output(&done));
}

/// Fails where a file or folder in `folder` can be read by others; how many there are, without what SQLite keeps beside a
/// database for as long as it is open, and longer where a command ends in a refusal.
fn for_their_user_alone(folder: &Path) -> usize {
    let entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(Result::unwrap).collect();
    for entry in &entries {
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if entry.path().is_dir() { 0o700 } else { 0o600 }, "{}", entry.path().display());
    }
    let beside = |name: &str| name.ends_with("-wal") || name.ends_with("-shm");
    entries.iter().filter(|entry| !beside(&entry.file_name().to_string_lossy())).count()
}

#[test]
fn what_it_writes_is_for_its_user_alone() {
    let place = Place::sqlite();
    let folder = Path::new(&place.address).parent().unwrap().to_owned();
    let (assets, port) = (assets(), free_port());
    let server = start_at(&place, assets.path(), port, How::Plainly, CLOCK, &[]);
    let backup = format!("{}.backup", place.address);
    assert!(caseround(&place.address, &["backup", &backup]).status.success());
    let files = for_their_user_alone(&folder);
    assert!(files >= 4, "database, lock, key and backup: {files}");
    drop(server);
    // A backup that came from elsewhere, readable by all: what is made of it is not, and neither is what it replaces.
    std::fs::set_permissions(&backup, std::fs::Permissions::from_mode(0o644)).unwrap();
    let done = caseround(&place.address, &["restore", &backup]);
    assert!(done.status.success(), "{}", output(&done));
    std::fs::remove_file(&backup).unwrap();
    assert!(for_their_user_alone(&folder) > 2, "the database and what it replaced");
    let key = format!("{}.new-key", place.address);
    let done = caseround(&place.address, &["seal-key", "change", &key]);
    assert!(done.status.success(), "{}", output(&done));
    past_caseround(
        &place.address,
        "UPDATE settings SET value = '0.0.9' WHERE name = 'program'; DELETE FROM _sqlx_migrations",
    );
    let before = for_their_user_alone(&folder);
    assert!(!caseround(&place.address, &["migrate"]).status.success(), "its tables are there already");
    assert_eq!(for_their_user_alone(&folder), before + 1, "the copy that is made before a migration");
}

#[test]
fn a_database_is_sealed_under_one_key_which_can_be_changed() {
    for place in [Place::sqlite(), Place::postgres()] {
        let folder = tempfile::tempdir().unwrap();
        let key = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let (first, second, third) = (key("first"), key("second"), key("third"));
        let world = signed(&place);
        let run = |args: &[&str], key: &str| {
            let mut all = args.to_vec();
            all.extend(["--seal-key", key]);
            caseround(&place.address, &all)
        };
        // The world was sealed under the tests' key.
        std::fs::write(&first, "07".repeat(32)).unwrap();
        assert!(run(&["verify"], &first).status.success());
        std::fs::write(&second, "08".repeat(32)).unwrap();
        let done = run(&["verify"], &second);
        assert!(!done.status.success() && output(&done).contains("does not fit"), "no false alarm: {}", output(&done));
        let assets = assets();
        let serve = ["serve", "--listen", "127.0.0.1:0", "--assets", assets.path().to_str().unwrap()];
        assert!(output(&run(&serve, &second)).contains("does not fit"));
        assert!(output(&run(&serve, &key("nowhere"))).contains("is missing"), "no second key is made");
        assert!(!Path::new(&key("nowhere")).exists());
        let done = run(&["seal-key", "change", &third], &first);
        assert!(done.status.success(), "{}", output(&done));
        assert!(run(&["verify"], &third).status.success(), "{}", output(&run(&["verify"], &third)));
        assert!(!run(&["verify"], &first).status.success());
        drop(world);
    }
}

/// A world whose records are signed.
fn signed(place: &Place) -> World {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let world = runtime.block_on(async {
        let world = crate::record::finished(place.service().await).await;
        crate::record::complete(&world).await;
        crate::record::sign(&world, world.chair).await.unwrap();
        world
    });
    runtime.shutdown_background();
    world
}

/// A mistyped name of a database on a PostgreSQL server, and an empty one that somebody has just made.
#[test]
fn a_mistyped_or_empty_postgresql_is_said_and_left_as_it_is() {
    let empty = Place::postgres();
    let mistyped = format!("{}-mistyped", empty.address);
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy");
    for args in [
        &["verify"][..],
        &["doctor"],
        &["retention"],
        &["rebuild"],
        &["migrate"],
        &["seal-key", "change", copy.to_str().unwrap()],
        &["worker", "link", "1234", "alex@example.invalid"],
    ] {
        let done = caseround(&mistyped, args);
        assert!(!done.status.success() && output(&done).contains("does not exist"), "{args:?}: {}", output(&done));
        let done = caseround(&empty.address, args);
        assert!(!done.status.success() && output(&done).contains("database is empty"), "{args:?}: {}", output(&done));
    }
    assert!(!copy.exists(), "no key is made for nothing");
    empty.past_caseround("DO $$ BEGIN ASSERT (SELECT count(*) FROM pg_tables WHERE schemaname = 'public') = 0; END $$");
    let done = caseround(&empty.address, &["worker", "add", "Alex Okafor", "alex@example.invalid", "--team", "North"]);
    assert!(done.status.success(), "{}", output(&done));
    empty.past_caseround("DO $$ BEGIN ASSERT (SELECT count(*) FROM workers) = 1; END $$");
}

/// PostgreSQL lets a lock go a little after the process that held it has ended. The next command waits for that.
#[test]
fn a_command_waits_for_one_that_has_just_ended_on_postgresql() {
    const HELD: &str = "SELECT pg_advisory_lock(227376863), pg_sleep(1)";
    let place = Place::postgres();
    drop(signed(&place));
    let ended = caseround(&place.address, &["migrate"]);
    assert!(ended.status.success(), "{}", output(&ended));
    std::thread::scope(|scope| {
        scope.spawn(|| place.past_caseround(HELD));
        std::thread::sleep(std::time::Duration::from_millis(500));
        let done = caseround(&place.address, &["migrate"]);
        assert!(done.status.success(), "{}", output(&done));
    });
}

/// Several processes may serve one PostgreSQL; what needs to be alone on it waits, and an import reaches them all.
#[tokio::test(flavor = "multi_thread")]
async fn two_processes_serve_one_postgresql_and_what_would_disturb_them_waits() {
    let place = Place::postgres();
    let world = World::planned(place.service().await).await;
    let chair = token(&world.service, world.chair).await;
    drop(world);
    place.past_caseround("UPDATE workers SET name = 'Nadia Before' WHERE source_id = '7008'");
    let (assets, ports) = (assets(), [free_port(), free_port()]);
    let servers = ports.map(|port| start_at(&place, assets.path(), port, How::Plainly, CLOCK, &[]));
    for args in [&["rebuild"][..], &["migrate"]] {
        let done = caseround(&place.address, args);
        assert!(
            !done.status.success() && output(&done).contains("another process serves"),
            "{args:?}: {}",
            output(&done)
        );
    }
    place.past_caseround("DELETE FROM import_rows");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("interchange/samples/ssd");
    let done = caseround(&place.address, &["import", "ssd", sample.to_str().unwrap()]);
    assert!(done.status.success(), "{}", output(&done));
    let began = Instant::now();
    while ports.iter().any(|port| !http(*port, "GET", "/workers", &chair, "").unwrap().contains("Nadia Quoin")) {
        assert!(began.elapsed() < Duration::from_secs(20), "a running server does not know of the import");
        std::thread::sleep(Duration::from_millis(200));
    }
    drop(servers);
    let done = caseround(&place.address, &["rebuild"]);
    assert!(done.status.success(), "{}", output(&done));
}
