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
fn database(folder: &Path) -> PathBuf {
    let file = folder.join("caseround.sqlite");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("interchange/samples/ssd");
    let done = caseround(file.to_str().unwrap(), &["import", "ssd", sample.to_str().unwrap()]);
    assert!(done.status.success(), "{}", output(&done));
    file
}

/// What a database says, so that two can be compared: the tables' rows as SQL.
fn content(file: &Path) -> String {
    let script = "import sqlite3,sys\nd=sqlite3.connect(f'file:{sys.argv[1]}?mode=rw',uri=True)\n\
        assert d.execute('PRAGMA integrity_check').fetchone()[0]=='ok'\nprint('\\n'.join(sorted(d.iterdump())))";
    let out = Command::new("python3").args(["-c", script]).arg(file).output().unwrap();
    assert!(out.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// Fails where two databases do not say the same, with the lines that differ.
fn same(one: &str, other: &str, why: &str) {
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

/// Makes system calls of a process fail or kill it: `strace` as Debian has it.
fn traced(inject: &str, database: &str, args: &[&str]) -> Output {
    Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", inject])
        .arg(env!("CARGO_BIN_EXE_caseround"))
        .args(args)
        .args(["--database", database, "--demo"])
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// How often a call is made to fail: at a few moments in every test run, at many in the long one.
fn moments() -> Vec<usize> {
    if std::env::var("LONG").is_ok() { (1..=60).collect() } else { vec![1, 3, 8] }
}

#[test]
fn a_backup_that_fails_leaves_nothing_and_the_next_one_works() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path());
    let (name, whole) = (file.to_str().unwrap(), content(&file));
    let copy = folder.path().join("copy.sqlite");
    let mut failed = 0;
    for fault in ["error=EIO", "error=ENOSPC", "signal=KILL"] {
        for call in ["pwrite64", "fsync", "rename"] {
            for moment in moments() {
                let done =
                    traced(&format!("inject={call}:{fault}:when={moment}"), name, &["backup", copy.to_str().unwrap()]);
                failed += usize::from(!done.status.success());
                same(&content(&file), &whole, "as it was");
                if copy.exists() {
                    same(&content(&copy), &whole, &format!("{call} {fault} {moment}: a name stands for a whole copy"));
                    std::fs::remove_file(&copy).unwrap();
                } else {
                    assert!(!done.status.success(), "{call} {fault} {moment}");
                }
            }
        }
    }
    assert!(failed > 8, "only {failed} backups failed");
    assert!(caseround(name, &["backup", copy.to_str().unwrap()]).status.success());
    same(&content(&copy), &whole, "as it was");
}

#[test]
fn a_restore_that_is_broken_off_leaves_before_or_after() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path());
    let name = file.to_str().unwrap();
    let backup = folder.path().join("backup.sqlite");
    assert!(caseround(name, &["backup", backup.to_str().unwrap()]).status.success());
    let after = content(&backup);
    let (mut failed, mut befores) = (0, 0);
    for fault in ["error=EIO", "error=ENOSPC", "signal=KILL"] {
        for call in ["pwrite64", "fsync", "rename", "link,linkat", "unlink,unlinkat", "copy_file_range,sendfile"] {
            for moment in moments() {
                // A log beside the file, as a server leaves it that was killed.
                past_caseround(
                    &file,
                    "PRAGMA journal_mode = WAL; INSERT OR REPLACE INTO settings (name, value) VALUES ('later', 'yes')",
                );
                let before = content(&file);
                let done = traced(
                    &format!("inject={call}:{fault}:when={moment}"),
                    name,
                    &["restore", backup.to_str().unwrap()],
                );
                failed += usize::from(!done.status.success());
                let now = content(&file);
                assert!(now == before || now == after, "{call} {fault} {moment}: {}", output(&done));
                befores += usize::from(now == before);
                assert!(!done.status.success() || now == after, "{call} {fault} {moment}: it said that it was done");
                for entry in std::fs::read_dir(folder.path()).unwrap() {
                    let path = entry.unwrap().path();
                    let name = path.to_str().unwrap();
                    if name.contains("before-restore")
                        && !name.ends_with("-shm")
                        && !name.ends_with("-wal")
                        && !name.ends_with("partial")
                    {
                        same(&content(&path), &before, "what was replaced is kept whole");
                        std::fs::remove_file(path).unwrap();
                    }
                }
            }
        }
    }
    assert!(failed > 10 && befores > 8, "{failed} failed, {befores} left what was before");
    let done = caseround(name, &["restore", backup.to_str().unwrap()]);
    assert!(done.status.success(), "{}", output(&done));
    same(&content(&file), &after, "as it was");
}

/// A step of the schema is made in one transaction: the first one on a new file is made whole or not at all.
#[test]
fn a_schema_whose_making_is_broken_off_is_there_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let add = ["worker", "add", "Alex Okafor", "alex@example.invalid", "--team", "North"];
    let schema = |file: &Path| {
        let script = "import sqlite3,sys\nd=sqlite3.connect(sys.argv[1])\n\
            assert d.execute('PRAGMA integrity_check').fetchone()[0]=='ok'\n\
            print('\\n'.join(sorted(n for (n,) in d.execute('SELECT name FROM sqlite_master') if n != '_sqlx_migrations')))";
        let out = Command::new("python3").args(["-c", script]).arg(file).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    let plain = folder.path().join("plain.sqlite");
    assert!(caseround(plain.to_str().unwrap(), &add).status.success());
    let whole = schema(&plain);
    let (mut failed, mut without) = (0, 0);
    for fault in ["error=EIO", "error=ENOSPC", "signal=KILL"] {
        for call in ["pwrite64", "fsync,fdatasync"] {
            for moment in moments() {
                let file = folder.path().join(format!("{call}-{fault}-{moment}.sqlite"));
                let name = file.to_str().unwrap();
                let done = traced(&format!("inject={call}:{fault}:when={moment}"), name, &add);
                failed += usize::from(!done.status.success());
                if file.exists() {
                    let now = schema(&file);
                    assert!(now == whole || !now.contains("journals"), "{call} {fault} {moment}: {now}");
                    without += usize::from(now != whole);
                }
                let again = caseround(name, &add);
                let there = output(&again).contains("alex@example.invalid");
                assert!(again.status.success() || there, "{call} {fault} {moment}: {}", output(&again));
                same(&schema(&file), &whole, "the next start makes it whole");
            }
        }
    }
    assert!(failed > 8 && without > 3, "{failed} failed, {without} before the schema was there");
}

/// The copy is made first; a step that is broken off changes nothing.
#[test]
fn a_migration_that_is_broken_off_leaves_what_was_before() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path());
    let name = file.to_str().unwrap();
    past_caseround(&file, "UPDATE settings SET value = '0.0.9' WHERE name = 'program'; DELETE FROM _sqlx_migrations");
    let older = content(&file);
    let mut copies = 0;
    for fault in ["error=EIO", "error=ENOSPC", "signal=KILL"] {
        for call in ["pwrite64", "fsync,fdatasync", "rename"] {
            for moment in moments() {
                let done = traced(&format!("inject={call}:{fault}:when={moment}"), name, &["migrate"]);
                // Its tables are there already, so that the step itself cannot be made either.
                assert!(!done.status.success(), "{call} {fault} {moment}");
                same(&content(&file), &older, &format!("{call} {fault} {moment}"));
                for entry in std::fs::read_dir(folder.path()).unwrap() {
                    let path = entry.unwrap().path();
                    let name = path.to_str().unwrap();
                    if name.contains(".before-") && !name.contains("partial") {
                        same(&content(&path), &older, "a name stands for a whole copy");
                        std::fs::remove_file(path).unwrap();
                        copies += 1;
                    }
                }
            }
        }
    }
    assert!(copies > 0, "some had been copied");
}

#[test]
fn another_versions_database_is_not_touched_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path());
    let name = file.to_str().unwrap();
    let assets = assets();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--assets", assets.path().to_str().unwrap()];
    past_caseround(
        &file,
        "INSERT OR REPLACE INTO settings (name, value) VALUES ('program', '7.1.0'); INSERT INTO _sqlx_migrations \
         (version, description, success, checksum, execution_time) VALUES (999, 'later', 1, x'00', 0)",
    );
    let newer = content(&file);
    for args in [&serve[..], &["migrate"], &["verify"], &["rebuild"], &["retention"], &["import", "ssd", "/tmp"]] {
        let done = caseround(name, args);
        assert!(!done.status.success(), "{args:?}");
        assert!(output(&done).contains("newer Caseround (7.1.0)"), "{args:?}: {}", output(&done));
        same(&content(&file), &newer, &format!("{args:?}"));
    }
    let later = folder.path().join("later.sqlite");
    assert!(caseround(name, &["backup", later.to_str().unwrap()]).status.success());
    let restored = folder.path().join("restored.sqlite");
    let done = caseround(restored.to_str().unwrap(), &["restore", later.to_str().unwrap()]);
    assert!(output(&done).contains("newer Caseround (7.1.0)"), "which one to use is said: {}", output(&done));
    // An older one: nothing but "serve" and "migrate" changes its schema, after a copy; a step that fails changes nothing.
    past_caseround(&file, "UPDATE settings SET value = '0.0.9' WHERE name = 'program'; DELETE FROM _sqlx_migrations");
    let older = content(&file);
    for args in [&["verify"][..], &["rebuild"], &["retention"]] {
        let done = caseround(name, args);
        assert!(!done.status.success() && output(&done).contains("caseround migrate"), "{args:?}: {}", output(&done));
        same(&content(&file), &older, &format!("{args:?}"));
    }
    let done = caseround(name, &["migrate"]);
    assert!(!done.status.success(), "its tables are there already, which no real older one's are");
    same(&content(&file), &older, "as it was");
    let copies: Vec<PathBuf> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let copy = copies.iter().find(|path| path.to_str().unwrap().contains(".before-")).expect("it was copied first");
    same(&content(copy), &older, "as it was");
    // These always work.
    let backup = folder.path().join("backup.sqlite");
    assert!(caseround(name, &["backup", backup.to_str().unwrap()]).status.success());
    assert!(output(&caseround(name, &["doctor"])).contains("older Caseround (0.0.9)"));
    assert!(caseround(name, &["--version"]).status.success());
    let done = caseround(name, &["restore", backup.to_str().unwrap()]);
    assert!(done.status.success() && output(&done).contains("Before serving"), "{}", output(&done));
    // A demo from before the first release is set aside.
    past_caseround(
        &file,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (1, 'first', 1, x'00', 0)",
    );
    let place = Place::at(folder, "caseround.sqlite");
    let _server = start_at(&place, assets.path(), free_port(), How::Plainly, CLOCK, &[]);
    let left = std::fs::read_dir(Path::new(&place.address).parent().unwrap()).unwrap();
    assert!(left.into_iter().any(|entry| entry.unwrap().file_name().to_str().unwrap().contains("before-release")));
}

#[test]
fn doctor_tells_notes_from_what_is_wrong_and_stops_when_nobody_reads() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path());
    let name = file.to_str().unwrap();
    let done = caseround(name, &["doctor"]);
    assert!(done.status.success(), "a worker without a discipline is no failure: {}", output(&done));
    assert!(output(&done).contains("note ") && !output(&done).contains("WRONG"), "{}", output(&done));
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

#[test]
fn what_it_writes_is_for_its_user_alone() {
    let place = Place::sqlite();
    let (assets, port) = (assets(), free_port());
    let _server = start_at(&place, assets.path(), port, How::Plainly, CLOCK, &[]);
    let backup = format!("{}.backup", place.address);
    assert!(caseround(&place.address, &["backup", &backup]).status.success());
    let mut files = 0;
    for entry in std::fs::read_dir(Path::new(&place.address).parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if entry.path().is_dir() { 0o700 } else { 0o600 }, "{}", entry.path().display());
        files += 1;
    }
    assert!(files >= 5, "database, log, lock, key and backup: {files}");
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
