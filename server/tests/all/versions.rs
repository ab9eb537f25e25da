//! Databases of other versions of the program.

use crate::kill::{How, assets, start_at};
use crate::operation::{CLOCK, caseround, content, database, output, same};
use crate::place::{Place, free_port, past_caseround};
use std::path::{Path, PathBuf};
use std::process::Command;

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

/// All rows of a PostgreSQL database as a dump writes them.
fn dump(place: &Place) -> String {
    let dumped = Command::new("/usr/lib/postgresql/15/bin/pg_dump").arg(&place.address).output().unwrap();
    assert!(dumped.status.success(), "{}", output(&dumped));
    // But for the word that each dump makes up against statements put into it.
    let dumped = String::from_utf8(dumped.stdout).unwrap();
    dumped.lines().filter(|line| !line.starts_with('\\')).map(|line| format!("{line}\n")).collect()
}

/// As on SQLite, but that nothing copies a PostgreSQL database: whoever migrates says that it was dumped.
#[test]
fn another_versions_postgresql_is_not_touched_and_named() {
    let place = Place::postgres();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("interchange/samples/ssd");
    let done = caseround(&place.address, &["import", "ssd", sample.to_str().unwrap()]);
    assert!(done.status.success(), "{}", output(&done));
    let assets = assets();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--assets", assets.path().to_str().unwrap()];
    past_caseround(
        &place.address,
        "INSERT INTO settings (name, value) VALUES ('program', '7.1.0') ON CONFLICT (name) DO UPDATE SET value = '7.1.0'; \
         INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (999, 'later', true, '\\x00', 0)",
    );
    let newer = dump(&place);
    for args in [&serve[..], &["migrate"], &["verify"], &["rebuild"], &["retention"], &["import", "ssd", "/tmp"]] {
        let done = caseround(&place.address, args);
        assert!(!done.status.success(), "{args:?}");
        assert!(output(&done).contains("newer Caseround (7.1.0)"), "{args:?}: {}", output(&done));
        same(&dump(&place), &newer, &format!("{args:?}"));
    }
    past_caseround(
        &place.address,
        "UPDATE settings SET value = '0.0.9' WHERE name = 'program'; DELETE FROM _sqlx_migrations",
    );
    let older = dump(&place);
    for (args, said) in [
        (&serve[..], "caseround migrate --dumped"),
        (&["migrate"], "pg_dump first"),
        (&["verify"], "caseround migrate"),
        (&["rebuild"], "caseround migrate"),
        (&["retention"], "caseround migrate"),
        // Its tables are there already, which no real older one's are: the step is not made, and nothing of it stays.
        (&["migrate", "--dumped"], "already exists"),
    ] {
        let done = caseround(&place.address, args);
        assert!(!done.status.success() && output(&done).contains(said), "{args:?}: {}", output(&done));
        same(&dump(&place), &older, &format!("{args:?}"));
    }
    assert!(output(&caseround(&place.address, &["doctor"])).contains("older Caseround (0.0.9)"));
    assert!(caseround(&place.address, &["--version"]).status.success());
}
