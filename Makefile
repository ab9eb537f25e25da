# Two commands: "make run" and "make test". The rest helps those who build Caseround.
.PHONY: audit screens run test test-long fuzz deny cold prepare browser small server lint unit journeys pictures bench bench-peers bench-record bench-family bench-access release golden kills simulate

# Where cargo puts what it builds for this machine.
BUILT := target/$(shell rustc -vV | sed -n 's/^host: //p')

run: prepare server browser
	@mkdir -p data
	@$(BUILT)/debug/caseround serve --demo --database data/demo.sqlite

prepare:
	@tools/prepare.sh

browser:
	@tools/browser.sh

small:
	@tools/browser.sh release

# A first "make run" and "make test" on a machine that has nothing yet, timed: registries and target folders are new.
cold:
	@tools/cold.sh

server:
	@printf '== The server: some 700 crates on the first run, 4 to 8 minutes on two cores\n'
	@cargo build -p caseround -p bindgen

test:
	@tools/prepare.sh test
	@tools/test.sh

# What needs volume: seeds, kills, faults, fuzzing, the small browser files, journeys again. Hours.
test-long: small
	LONG=yes SEEDS=10000 KILLS=100 cargo test --quiet --workspace --exclude hydrate
	LONG=yes npx --no-install playwright test --config end2end/playwright.config.mjs --repeat-each 10
	SEEDS=1000 npx --no-install playwright test --config end2end/playwright.config.mjs seams
	SEEDS=300 npx --no-install playwright test --config end2end/playwright.config.mjs walk
	FUZZ=600 tools/fuzz.sh

fuzz:
	@tools/fuzz.sh

deny:
	@tools/deny.sh

# What is known against the libraries, and the list of them: for a machine that reaches the lists of advisories.
audit:
	@tools/audit.sh

lint:
	cargo fmt --all --check
	cargo clippy --workspace --exclude hydrate --exclude app --all-targets -- -D warnings
	cargo clippy -p app --features ssr --all-targets -- -D warnings
	cargo clippy -p hydrate --target wasm32-unknown-unknown -- -D warnings

unit:
	cargo test --workspace --exclude hydrate

simulate:
	SEEDS=10000 cargo test -p caseround on_a_bad_network

kills:
	KILLS=100 cargo test -p caseround acknowledged_words

golden:
	WRITE_GOLDEN=yes cargo test -p domain -p record -- everything_that_can_happen workbooks_of_every a_rich_record

journeys: browser server
	npx playwright test --config end2end/playwright.config.mjs

pictures: small server
	node end2end/pictures.mjs

# A picture of every state of the live page, to be looked at one by one: target/screens.
screens: browser server
	SHOTS=target/screens npx playwright test --config end2end/playwright.config.mjs calm

bench: small
	cargo build --release -p caseround
	node end2end/bench.mjs

bench-family:
	cargo run --release -p caseround --example measure_family

bench-access:
	cargo run --release -p caseround --example measure_access 1000000

bench-record:
	mkdir -p target/measured
	cargo run --release -p caseround --example measure_record target/measured
	tools/bench-record.sh

bench-peers: small
	tools/peers.sh
	cargo build --release -p caseround -p load
	cp $(BUILT)/release/caseround target/caseround
	$(BUILT)/release/load --peers target/peers --report docs/benchmarks.md

release: prepare
	tools/release.sh
