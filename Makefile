# Two commands: "make run" and "make test". The rest helps those who build Caseround.
.PHONY: run test prepare browser server lint unit journeys pictures bench bench-peers bench-record release golden kills simulate

run: prepare browser server
	@mkdir -p data
	@target/debug/caseround serve --demo --database data/demo.sqlite

prepare:
	@tools/prepare.sh

browser:
	@tools/browser.sh

server:
	@printf '== The server\n'
	@cargo build --quiet -p caseround

test:
	@tools/prepare.sh test
	@tools/test.sh

lint:
	cargo fmt --all --check
	cargo clippy --workspace --exclude hydrate --exclude app --all-targets -- -D warnings
	cargo clippy -p app --features ssr --all-targets -- -D warnings
	cargo clippy -p hydrate --target wasm32-unknown-unknown --profile wasm --target-dir target/wasm -- -D warnings

unit:
	cargo nextest run --workspace --exclude hydrate

simulate:
	SEEDS=10000 cargo nextest run -p caseround on_a_bad_network

kills:
	KILLS=100 cargo nextest run -p caseround acknowledged_words

golden:
	WRITE_GOLDEN=yes cargo nextest run -p domain -p record everything_that_can_happen workbooks_of_every a_rich_record

journeys: browser server
	npx playwright test --config end2end/playwright.config.mjs

pictures: browser server
	node end2end/pictures.mjs

bench: browser
	cargo build --release -p caseround
	node end2end/bench.mjs

bench-record:
	mkdir -p target/measured
	cargo run --release -p caseround --example measure_record target/measured
	tools/bench-record.sh

bench-peers: browser
	tools/peers.sh
	cargo build --release -p caseround -p load
	target/release/load --peers target/peers --report docs/benchmarks.md

release: prepare browser
	tools/release.sh
