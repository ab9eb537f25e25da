//! Every reader takes its corpus.

#[test]
fn every_reader_takes_its_corpus() {
    for (name, reader) in fuzz::ALL {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
        let mut files = 0;
        for entry in std::fs::read_dir(&folder).expect("every reader has a corpus") {
            let file = entry.expect("it is listed").path();
            reader(&std::fs::read(&file).expect("it can be read"));
            files += 1;
        }
        assert!(files > 2, "{name} has {files} files");
    }
}
