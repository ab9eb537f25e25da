//! The second factor: a code of an app on one's phone, or one of the recovery codes kept on paper.

use super::keeping::{By, own};
use super::session::{Caller, token_hash};
use super::sign_in::SignIn;
use crate::ids::random;
use crate::security::{How, SecurityEvent, tell};
use crate::{Service, ServiceError};
use chrono::TimeDelta;
use domain::WorkerId;
use domain::policy::AccountKeeper;
use domain::sign_in::CountedFor;
use domain::status::AccountAct;
use domain::viewer::Viewer;
use qrcode::QrCode;
use qrcode::render::svg::Color;
use sha2::{Digest, Sha256};
use store::account::Account;
use store::factor::{HalfSignIn, SecondFactor};
use totp_rs::{Builder, Secret, Totp};

/// So long a right password waits for the code.
const WAITS: TimeDelta = TimeDelta::minutes(10);
/// After so many wrong codes the password is asked for again.
const CODES_TRIED: i64 = 5;
/// So many recovery codes are made at once.
const CODES: usize = 10;
/// So many random bytes each has: enough that a fast hash of it cannot be tried out (112 bits, ASVS 6.5.2).
const CODE_BYTES: usize = 14;

/// A second factor that is being set up: what the app needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorOffer {
    /// The key for whoever types it, in groups of four.
    pub key: String,
    /// The same as a picture for the phone's camera: SVG.
    pub picture: String,
}

/// The viewer's second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactorState {
    /// None yet: this is offered.
    Offered(FactorOffer),
    /// A code is asked for at each sign-in.
    Set {
        /// How many recovery codes are left.
        codes: usize,
        /// Whether the council asks everybody for one: then it is not removed by oneself.
        required: bool,
    },
}

impl Service {
    /// Where an account has a second factor, or the council asks for one: the token with which the sign-in goes on.
    pub(super) async fn waits_for_factor(
        &self, account: &Account, keys: &[(CountedFor, String)], caller: Caller<'_>,
    ) -> Result<Option<SignIn>, ServiceError> {
        let factor = self.inner.store.second_factor(account.worker_id).await?;
        let set = factor.is_some_and(|factor| factor.confirmed_at.is_some());
        if !set && !self.inner.outside.second_factor {
            return Ok(None);
        }
        let (token, now) = (hex::encode(random::<32>()), self.inner.clock.now());
        let half = HalfSignIn {
            worker_id: account.worker_id,
            password_hash: account.password_hash.clone(),
            expires_at: now + WAITS,
        };
        let mut tx = self.inner.store.begin().await?;
        // The right password does not count as a guess, and forgets none: the code is still to come.
        for (_, key) in keys {
            tx.take_try_back(key, now).await?;
        }
        tx.begin_half(&token_hash(&token), &half, now).await?;
        tx.commit().await?;
        tell(SecurityEvent::FactorAwaited(account.worker_id), caller.address);
        Ok(Some(if set { SignIn::NeedsCode(token) } else { SignIn::NeedsSetUp(token) }))
    }

    /// What a sign-in that waits is to set up; `None` where its time is over or a factor is set.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn factor_to_set_up(&self, half: &str, again: bool) -> Result<Option<FactorOffer>, ServiceError> {
        match self.half(half).await? {
            Some(half) => self.offer(half.worker_id, again).await,
            None => Ok(None),
        }
    }

    /// Goes on with a sign-in that waits: with a code of the app, or a recovery code. Where the factor is being set up, the code
    /// confirms it. Gives the session's token.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it waits no more; a message where the code is not right or has to wait.
    pub async fn finish_sign_in(&self, half: &str, code: &str, caller: Caller<'_>) -> Result<String, ServiceError> {
        let now = self.inner.clock.now();
        let waiting = self.half(half).await?.ok_or(ServiceError::NotFound)?;
        let worker = waiting.worker_id;
        let account = self.inner.store.account_of(worker).await?.ok_or(ServiceError::NotFound)?;
        let keys = self.count_try(&account.email, caller.address, now).await?;
        let factor = self.inner.store.second_factor(worker).await?.ok_or(ServiceError::NotFound)?;
        let (token, hash, begun) = self.new_session(worker, caller);
        let mut tx = self.inner.store.begin().await?;
        let step = step_of(&factor, code, now.timestamp());
        let how = if step.is_some() { How::SecondFactor } else { How::RecoveryCode };
        let taken = match (step, factor.confirmed_at) {
            (Some(step), Some(_)) => tx.take_code(worker, step).await?,
            (Some(step), None) => {
                tx.note_account(self.new_uuid(), &own(worker, AccountAct::FactorSet, now, caller)).await?;
                tx.confirm_factor(worker, now, step).await?
            }
            (None, Some(_)) => tx.take_recovery_code(worker, &code_hash(worker, code)).await?,
            (None, None) => false,
        };
        if !taken {
            drop(tx);
            let mut tx = self.inner.store.begin().await?;
            tx.count_code(&token_hash(half), CODES_TRIED).await?;
            tx.commit().await?;
            tell(SecurityEvent::SignInRefused { whose: Some(worker), what: "code" }, caller.address);
            return Err(wrong_code());
        }
        let begun = tx.begin_session(&hash, &begun, &waiting.password_hash).await?;
        if !begun || !tx.end_half(&token_hash(half)).await? {
            return Err(ServiceError::NotFound);
        }
        self.forget_tries(&mut tx, &keys, now).await?;
        tx.commit().await?;
        if factor.confirmed_at.is_none() {
            log_own_act(worker, AccountAct::FactorSet, caller);
        }
        self.note_sign_in(worker, how, (&hash, caller)).await?;
        Ok(token)
    }

    /// The viewer's second factor, or what is offered to set one up; `again` as they saw it before.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn my_factor(&self, viewer: &Viewer, again: bool) -> Result<FactorState, ServiceError> {
        match self.offer(viewer.worker, again).await? {
            Some(offer) => Ok(FactorState::Offered(offer)),
            None => Ok(FactorState::Set {
                codes: self.inner.store.recovery_codes(viewer.worker).await?,
                required: self.inner.outside.second_factor,
            }),
        }
    }

    /// Sets up the viewer's second factor, with a code of the app and their password: an open browser is not enough. Their other
    /// browsers, which signed in without it, are signed out; `token` is this one's.
    ///
    /// # Errors
    /// The field's message where the code or the password is not right.
    pub async fn set_factor(
        &self, viewer: &Viewer, token: &str, (code, password): (&str, &str), caller: Caller<'_>,
    ) -> Result<(), ServiceError> {
        let (worker, now) = (viewer.worker, self.inner.clock.now());
        self.knows_password(viewer, password, caller).await?;
        let factor = self.inner.store.second_factor(worker).await?.ok_or(ServiceError::NotFound)?;
        let step = step_of(&factor, code, now.timestamp()).ok_or_else(wrong_code)?;
        let mut tx = self.inner.store.begin().await?;
        if !tx.confirm_factor(worker, now, step).await? {
            return Err(ServiceError::NotFound);
        }
        tx.end_sessions_of(worker, &token_hash(token)).await?;
        tx.note_account(self.new_uuid(), &own(worker, AccountAct::FactorSet, now, caller)).await?;
        tx.commit().await?;
        log_own_act(worker, AccountAct::FactorSet, caller);
        self.rights_changed().await
    }

    pub(super) async fn knows_password(
        &self, viewer: &Viewer, password: &str, caller: Caller<'_>,
    ) -> Result<(), ServiceError> {
        let now = self.inner.clock.now();
        let account = self.inner.store.account_of(viewer.worker).await?.filter(|_| !viewer.guest);
        let account = account.ok_or(ServiceError::NotFound)?;
        let keys = self.count_try(&account.email, caller.address, now).await?;
        if !self.inner.passwords.is_right(password.to_owned(), Some(account.password_hash)).await {
            tell(SecurityEvent::SignInRefused { whose: Some(viewer.worker), what: "password" }, caller.address);
            return Err(ServiceError::field("password", "This is not your password."));
        }
        let mut tx = self.inner.store.begin().await?;
        self.forget_tries(&mut tx, &keys, now).await?;
        Ok(tx.commit().await?)
    }

    /// New recovery codes of the viewer in place of the old ones, for whoever knows their password. They are shown once.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] without a second factor; the field's message where the password is not right.
    pub async fn new_recovery_codes(
        &self, viewer: &Viewer, password: &str, caller: Caller<'_>,
    ) -> Result<Vec<String>, ServiceError> {
        let factor = self.inner.store.second_factor(viewer.worker).await?;
        factor.filter(|factor| factor.confirmed_at.is_some()).ok_or(ServiceError::NotFound)?;
        self.knows_password(viewer, password, caller).await?;
        let codes: Vec<String> = (0..CODES).map(|_| grouped(&hex::encode(random::<CODE_BYTES>()))).collect();
        let hashes: Vec<Vec<u8>> = codes.iter().map(|code| code_hash(viewer.worker, code)).collect();
        let mut tx = self.inner.store.begin().await?;
        tx.keep_recovery_codes(viewer.worker, &hashes).await?;
        let (what, now) = (AccountAct::CodesMade, self.inner.clock.now());
        tx.note_account(self.new_uuid(), &own(viewer.worker, what, now, caller)).await?;
        tx.commit().await?;
        log_own_act(viewer.worker, what, caller);
        Ok(codes)
    }

    /// Removes the viewer's own second factor. Their password is asked for: an open browser is not enough.
    ///
    /// # Errors
    /// The field's message where the password is not right; where the council asks everybody for a second factor.
    pub async fn remove_my_factor(
        &self, viewer: &Viewer, password: &str, caller: Caller<'_>,
    ) -> Result<(), ServiceError> {
        if self.inner.outside.second_factor {
            return Err(ServiceError::field("password", "Your council asks everybody for a second factor."));
        }
        self.knows_password(viewer, password, caller).await?;
        let now = self.inner.clock.now();
        let mut tx = self.inner.store.begin().await?;
        if !tx.remove_factor(viewer.worker).await? {
            return Err(ServiceError::NotFound);
        }
        tx.note_account(self.new_uuid(), &own(viewer.worker, AccountAct::FactorRemoved, now, caller)).await?;
        tx.commit().await?;
        log_own_act(viewer.worker, AccountAct::FactorRemoved, caller);
        Ok(())
    }

    /// Removes a worker's second factor, for one who has lost phone and codes. They are signed out everywhere.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where there is none.
    pub async fn remove_factor(&self, by: By<'_>, caller: Caller<'_>) -> Result<(), ServiceError> {
        by.is_confirmed()?;
        let mut tx = self.inner.store.begin().await?;
        if !tx.remove_factor(by.worker()).await? {
            return Err(ServiceError::NotFound);
        }
        tx.end_sessions_of(by.worker(), &[]).await?;
        tx.note_account(self.new_uuid(), &self.account_note(by, AccountAct::FactorRemoved, caller)).await?;
        tx.commit().await?;
        self.rights_changed_by(by.event(AccountAct::FactorRemoved), caller.address).await
    }

    /// Whether a worker has a second factor.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn has_factor(&self, keeper: AccountKeeper<'_>) -> Result<bool, ServiceError> {
        let factor = self.inner.store.second_factor(keeper.worker()).await?;
        Ok(factor.is_some_and(|factor| factor.confirmed_at.is_some()))
    }

    /// A sign-in that waits, while its password is still the account's.
    async fn half(&self, token: &str) -> Result<Option<HalfSignIn>, ServiceError> {
        let half = self.inner.store.half_sign_in(&token_hash(token)).await?;
        let Some(half) = half.filter(|half| half.expires_at > self.inner.clock.now()) else { return Ok(None) };
        let account = self.inner.store.account_of(half.worker_id).await?;
        let open =
            account.is_some_and(|account| account.ended_at.is_none() && account.password_hash == half.password_hash);
        Ok(open.then_some(half))
    }

    /// What is offered to a worker to set up; `None` where a factor is set. `again`: the one they have scanned already, after a
    /// code that was not right; else a new one, so that whoever saw an earlier one holds nothing.
    async fn offer(&self, worker: WorkerId, again: bool) -> Result<Option<FactorOffer>, ServiceError> {
        let secret = match self.inner.store.second_factor(worker).await? {
            Some(factor) if factor.confirmed_at.is_some() => return Ok(None),
            Some(factor) if again => factor.secret,
            _ => {
                let secret = random::<20>().to_vec();
                let mut tx = self.inner.store.begin().await?;
                tx.offer_factor(worker, &secret).await?;
                tx.commit().await?;
                secret
            }
        };
        // The app lists it by this name: an address of the account stands in no picture and no log.
        let address = self.inner.store.account_of(worker).await?.map(|account| account.email).unwrap_or_default();
        let totp = totp(&secret, &address);
        let url = totp.as_ref().and_then(|totp| totp.to_url().ok()).unwrap_or_default();
        let key = totp.map(|totp| grouped(&totp.secret().to_base32())).unwrap_or_default();
        Ok(Some(FactorOffer { key, picture: picture(&url) }))
    }
}

fn totp(secret: &[u8], address: &str) -> Option<Totp> {
    let secret = Secret::from(<[u8; 20]>::try_from(secret).ok()?);
    let builder = Builder::new().with_secret(secret).with_issuer(Some("Caseround"));
    builder.with_account_name(address.replace(':', " ")).build().ok()
}

/// The time step of a right code; one step before and after now are right too.
fn step_of(factor: &SecondFactor, code: &str, now: i64) -> Option<i64> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let step = totp(&factor.secret, "")?.check(&digits, u64::try_from(now).ok()?)?;
    i64::try_from(step).ok()
}

fn picture(url: &str) -> String {
    let Ok(code) = QrCode::new(url) else { return String::new() };
    let (dark, light) = (Color("#0b0c0c"), Color("#ffffff"));
    code.render::<Color<'_>>().min_dimensions(200, 200).dark_color(dark).light_color(light).build()
}

/// In groups of four, as people read them.
fn grouped(text: &str) -> String {
    text.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect::<Vec<_>>().join(" ")
}

fn code_hash(worker: WorkerId, code: &str) -> Vec<u8> {
    let code: String = code.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::digest(format!("recovery code\n{worker}\n{code}")).to_vec()
}

fn wrong_code() -> ServiceError {
    ServiceError::field(
        "code",
        "This code is not right, or was used before. Type the one the app shows now; check that the phone’s clock is right.",
    )
}

fn log_own_act(whose: WorkerId, what: AccountAct, caller: Caller<'_>) {
    tell(SecurityEvent::Account { by: Some(whose), whose, what }, caller.address);
}
