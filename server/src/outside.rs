//! What is kept outside the database: the seal key, the council's name and logo, the systems records go to.

use crate::cli::Settings;
use anyhow::{Context, bail};
use chrono::TimeDelta;
use domain::sign_on::Provider;
use domain::status::Role;
use identity::Registration;
use interchange::out::{Fhir, Folder, Hackney, Http, Target};
use serde::Deserialize;
use service::clock::Clock;
use service::outside::Outside;
use service::people::session::SessionLimits;
use service::seal::SealKey;
use service::store::Store;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file of `--settings`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    /// The council's name.
    council: String,
    /// An SVG, beside this file or with its whole path.
    logo: Option<PathBuf>,
    /// The council's own templates, each a file beside this one or with its whole path; the first is the default.
    templates: Vec<PathBuf>,
    /// So many hours after signing in a session ends, 1 to 24; 14 without this.
    session_hours: Option<i64>,
    /// So many hours after its last use a session ends, 1 to 24; 5 without this.
    idle_hours: Option<i64>,
    /// Whether everybody who signs in with a password is asked for a second factor.
    second_factor: bool,
    /// Where else people sign in.
    provider: Vec<ProviderSetting>,
    /// Why nothing at all is destroyed or reduced.
    legal_hold: Option<String>,
    /// Where signed records go.
    target: Vec<TargetSetting>,
}

/// An identity provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProviderSetting {
    /// Its short name in addresses.
    key: String,
    /// Its name on buttons.
    name: String,
    /// Who it is, as its tokens say.
    issuer: String,
    /// What Caseround is called there.
    client_id: String,
    /// A file with the secret that was agreed there.
    secret_file: Option<PathBuf>,
    /// The domains of e-mail addresses it may speak for.
    domains: Vec<String>,
    /// Methods, one of which must have been used there.
    #[serde(default)]
    amr: Vec<String>,
    /// Levels, one of which must have been reached there.
    #[serde(default)]
    acr: Vec<String>,
    /// The claim that lists groups; "groups" without this.
    groups_claim: Option<String>,
    /// What is asked for beside "openid" and "email".
    #[serde(default)]
    scopes: Vec<String>,
    /// The role that each group gives: "administrator" or "reviewer".
    #[serde(default)]
    groups: BTreeMap<String, Role>,
}

/// One system.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, tag = "kind", rename_all = "snake_case")]
enum TargetSetting {
    /// A folder on a disk.
    Folder { name: String, path: PathBuf },
    /// The neutral JSON over HTTP.
    Http { name: String, url: String, key_file: PathBuf },
    /// Case notes of Hackney's shape.
    Hackney { name: String, url: String, key_file: PathBuf, email: String },
    /// A FHIR R4 server.
    Fhir {
        name: String,
        url: String,
        #[serde(default)]
        token_file: Option<PathBuf>,
        child_system: String,
    },
}

impl TargetSetting {
    fn name(&self) -> &str {
        match self {
            Self::Folder { name, .. }
            | Self::Http { name, .. }
            | Self::Hackney { name, .. }
            | Self::Fhir { name, .. } => name,
        }
    }
}

/// Reads all of it.
///
/// # Errors
/// Where a file cannot be read or says something that cannot be meant.
pub async fn read(settings: &Settings, store: &Store) -> anyhow::Result<Outside> {
    let mut outside = Outside::with_key(seal_key(settings, store).await?);
    let Some(path) = &settings.settings else { return Ok(outside) };
    let text = std::fs::read_to_string(path).with_context(|| format!("{} could not be read.", path.display()))?;
    let file: File = toml::from_str(&text).with_context(|| format!("{} is not as it should be.", path.display()))?;
    let mut hash = Sha256::new_with_prefix(&text);
    let beside = |other: &Path| path.parent().unwrap_or_else(|| Path::new(".")).join(other);
    if let Some(logo) = &file.logo {
        let logo = beside(logo);
        let read = std::fs::read_to_string(&logo).with_context(|| format!("{} could not be read.", logo.display()))?;
        if !read.contains("<svg") {
            bail!("{} is not an SVG. Give the council's logo as SVG.", logo.display());
        }
        outside.logo = Some(read);
    }
    outside.council = file.council;
    outside.hold = file.legal_hold;
    outside.second_factor = file.second_factor;
    outside.sessions = SessionLimits {
        longest: hours("session_hours", file.session_hours, outside.sessions.longest)?,
        idle: hours("idle_hours", file.idle_hours, outside.sessions.idle)?,
    };
    for template in &file.templates {
        let template = beside(template);
        let text =
            std::fs::read_to_string(&template).with_context(|| format!("{} could not be read.", template.display()))?;
        hash.update(&text);
        match service::template::read(&text) {
            Ok(read) => outside.templates.push(read),
            Err(_) => bail!("{0} cannot be used. Say: caseround template check {0}", template.display()),
        }
    }
    outside.settings_hash.copy_from_slice(&hash.finalize()[..8]);
    for setting in file.provider {
        let of_two =
            |domain: &&String| outside.providers.iter().any(|other| other.provider.speaks_for(&format!("@{domain}")));
        if let Some(domain) = setting.domains.iter().find(of_two) {
            bail!("{} lets two providers speak for {domain}. Leave it with one of them.", path.display());
        }
        let same_provider = |other: &Arc<identity::Client>| {
            other.provider.key == setting.key || other.provider.issuer == setting.issuer
        };
        if outside.providers.iter().any(same_provider) {
            bail!("{} names the provider \"{}\" twice. Give each its own key and issuer.", path.display(), setting.key);
        }
        outside.providers.push(Arc::new(provider(setting, &beside)?));
    }
    for target in &file.target {
        if file.target.iter().filter(|other| other.name() == target.name()).count() > 1 {
            bail!("{} names two targets \"{}\". Give each its own name.", path.display(), target.name());
        }
        outside.targets.push(opened(target, &beside)?);
    }
    Ok(outside)
}

fn hours(name: &str, given: Option<i64>, otherwise: TimeDelta) -> anyhow::Result<TimeDelta> {
    match given {
        None => Ok(otherwise),
        Some(hours @ 1..=24) => Ok(TimeDelta::hours(hours)),
        Some(hours) => bail!("{name} is {hours}. Give whole hours from 1 to 24."),
    }
}

fn provider(setting: ProviderSetting, beside: &dyn Fn(&Path) -> PathBuf) -> anyhow::Result<identity::Client> {
    let key = setting.key.clone();
    if key.is_empty() || !key.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
        bail!("The provider's key \"{key}\" is to be of lower-case letters, digits and hyphens.");
    }
    if !is_private(&setting.issuer) {
        bail!("The provider \"{key}\" would be asked in the clear at {}. Give an https address.", setting.issuer);
    }
    if setting.domains.is_empty() {
        bail!("The provider \"{key}\" speaks for nobody. Say in \"domains\" whose addresses are its own.");
    }
    if let Some(domain) = setting.domains.iter().find(|domain| domain.contains(['@', '*', ' ']) || domain.is_empty()) {
        bail!("\"{domain}\" of the provider \"{key}\" is no domain. Give it like northshire.gov.uk, each in full.");
    }
    if let Some((group, role)) = setting.groups.iter().find(|(_, role)| matches!(role, Role::Deputy | Role::Cover)) {
        bail!(
            "The group \"{group}\" of the provider \"{key}\" cannot give the role \"{}\", which is for one team: its \
             manager gives it.",
            role.word()
        );
    }
    let client_secret = setting.secret_file.as_deref().map(|file| secret(&beside(file))).transpose()?;
    let provider = Provider {
        key: setting.key,
        name: setting.name,
        issuer: setting.issuer,
        domains: setting.domains,
        amr: setting.amr,
        acr: setting.acr,
        groups: setting.groups,
    };
    let registration = Registration {
        client_id: setting.client_id,
        client_secret: client_secret.unwrap_or_default(),
        groups_claim: setting.groups_claim.unwrap_or_else(|| "groups".to_owned()),
        scopes: setting.scopes,
    };
    identity::Client::new(provider, registration).with_context(|| format!("The provider \"{key}\" cannot be used."))
}

fn secret(file: &Path) -> anyhow::Result<String> {
    let read = std::fs::read_to_string(file).with_context(|| format!("{} could not be read.", file.display()))?;
    Ok(read.trim().to_owned())
}

fn opened(target: &TargetSetting, beside: &dyn Fn(&Path) -> PathBuf) -> anyhow::Result<Arc<dyn Target>> {
    let secret = |file: &Path| secret(&beside(file));
    Ok(match target {
        TargetSetting::Folder { name, path } => Arc::new(Folder::new(name, path)),
        TargetSetting::Http { name, url, key_file } => {
            in_private(name, url)?;
            Arc::new(Http::new(name, url, secret(key_file)?.as_bytes(), || Clock::default().now().timestamp()))
        }
        TargetSetting::Hackney { name, url, key_file, email } => {
            in_private(name, url)?;
            Arc::new(Hackney::new(name, url, &secret(key_file)?, email))
        }
        TargetSetting::Fhir { name, url, token_file, child_system } => {
            in_private(name, url)?;
            let token = token_file.as_deref().map(secret).transpose()?.unwrap_or_default();
            Arc::new(Fhir::new(name, url, &token, child_system))
        }
    })
}

/// Records travel encrypted, or stay on this machine.
fn in_private(name: &str, url: &str) -> anyhow::Result<()> {
    if !is_private(url) {
        bail!("The target \"{name}\" would send records in the clear to {url}. Give an https address.");
    }
    Ok(())
}

/// Whether what is sent to an address is encrypted, or stays on this machine.
fn is_private(url: &str) -> bool {
    let here = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let mut rests = here.iter().filter_map(|start| url.strip_prefix(start));
    url.starts_with("https://") || rests.any(|rest| rest.is_empty() || rest.starts_with([':', '/']))
}

/// The setting that names the seal key: another key than the one the chains end under is refused at the start.
pub const FINGERPRINT: &str = "seal_key";

/// The seal key; made where nothing was ever sealed in this database.
///
/// # Errors
/// Where it cannot be read or made, or another key seals this database.
pub async fn seal_key(settings: &Settings, store: &Store) -> anyhow::Result<SealKey> {
    let path = seal_key_file(settings);
    if path.exists() || store.setting(FINGERPRINT).await?.is_some() {
        return existing_seal_key(settings, store).await;
    }
    let key = make_seal_key(&path)?;
    let mut tx = store.begin().await?;
    let standing = tx.set_once(FINGERPRINT, &key.fingerprint()).await?;
    tx.commit().await?;
    if standing != key.fingerprint() {
        // Another process was first, with a key of its own.
        std::fs::remove_file(&path).with_context(|| format!("{} is to be removed.", path.display()))?;
        bail!(other_key(&path, &standing));
    }
    Ok(key)
}

/// The seal key that is there.
///
/// # Errors
/// Where it cannot be read, or another key seals this database.
pub async fn existing_seal_key(settings: &Settings, store: &Store) -> anyhow::Result<SealKey> {
    let path = seal_key_file(settings);
    let missing = || {
        format!(
            "The seal key {} is missing, and this database is sealed under one. Put its copy back, or say with --seal-key where it is.",
            path.display()
        )
    };
    let text = std::fs::read_to_string(&path).with_context(missing)?;
    let wrong = || format!("{} is no seal key: it should be 64 hexadecimal digits.", path.display());
    let key = SealKey::from_hex(&text).with_context(wrong)?;
    let mut tx = store.begin().await?;
    let standing = tx.set_once(FINGERPRINT, &key.fingerprint()).await?;
    tx.commit().await?;
    if standing == key.fingerprint() { Ok(key) } else { bail!(other_key(&path, &standing)) }
}

fn other_key(path: &Path, standing: &str) -> String {
    format!(
        "The key {} does not fit: this database is sealed under the key {standing}. Give that one with --seal-key; \
         \"caseround seal-key change\" changes keys.",
        path.display()
    )
}

/// Makes a new key in a file that does not exist yet.
///
/// # Errors
/// Where the file exists or cannot be written.
pub fn make_seal_key(path: &Path) -> anyhow::Result<SealKey> {
    let key = SealKey::random();
    let made = || format!("The seal key {} could not be made. Give another place with --seal-key.", path.display());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(made)?;
    writeln!(file, "{}", key.to_hex()).and_then(|()| file.sync_all()).with_context(made)?;
    Ok(key)
}

fn seal_key_file(settings: &Settings) -> PathBuf {
    settings.seal_key.clone().unwrap_or_else(|| beside_database(&settings.database))
}

fn beside_database(database: &str) -> PathBuf {
    if database.contains("://") {
        return PathBuf::from("caseround.seal-key");
    }
    PathBuf::from(format!("{}.seal-key", database.strip_prefix("sqlite:").unwrap_or(database)))
}
