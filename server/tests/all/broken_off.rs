//! A copy, a restore, a first schema and a migration that are killed or cannot write leave before or after.

use crate::operation::{caseround, content, database, output, same};
use crate::place::past_caseround;
use std::path::Path;
use std::process::{Command, Output, Stdio};

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
