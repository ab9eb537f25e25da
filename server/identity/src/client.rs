//! One provider, as the council is registered there.

use crate::IdentityError;
use crate::line::ProviderLine;
use domain::sign_on::{Identity, Provider};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreResponseType, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthenticationContextClass, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError,
    ClientId, ClientSecret, CsrfToken, DiscoveryError, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IdToken, IdTokenFields, IdTokenVerifier, IssuerUrl, JsonWebTokenType, LogoutRequest, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl,
    RequestTokenError, Scope, StandardErrorResponse, StandardTokenResponse, TokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What a provider publishes of itself is asked for again after so long.
const CACHED_FOR: Duration = Duration::from_hours(1);
/// An answer signed with an unknown key has its keys asked for again, at most so often.
const KEYS_AGAIN: Duration = Duration::from_mins(1);
/// A provider that did not answer is not asked for so long.
const FAILED_FOR: Duration = Duration::from_secs(5);
/// What a logout token names as its event.
const SIGNED_OUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The type of a logout token.
const SIGNED_OUT_TYPE: &str = "application/logout+jwt";

/// How the council is registered at a provider.
#[derive(Clone)]
pub struct Registration {
    /// The client's name there.
    pub client_id: String,
    /// The client's secret; empty for a client that has none.
    pub client_secret: String,
    /// The claim of the token that lists groups.
    pub groups_claim: String,
    /// What is asked for beside `openid` and `email`.
    pub scopes: Vec<String>,
}

/// What a browser keeps while its person is at the provider. It is theirs: whoever changes it cheats themselves only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// Comes back with the answer.
    pub state: String,
    /// Stands in the token.
    pub nonce: String,
    /// Proves that whoever exchanges the code has begun.
    pub verifier: String,
}

/// Somebody signed out at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOut {
    /// Who, as the provider names them.
    pub subject: String,
    /// Which session there; absent where all of them ended.
    pub session: Option<String>,
}

/// The claims of a token beyond the standard's.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct MoreClaims {
    #[serde(flatten)]
    named: BTreeMap<String, Value>,
}

impl AdditionalClaims for MoreClaims {}

type Token = IdToken<MoreClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type TokenFields = IdTokenFields<
    MoreClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Registered = openidconnect::Client<
    MoreClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<TokenFields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What the provider publishes of itself.
struct Published {
    asked: Instant,
    metadata: ProviderMetadataWithLogout,
}

/// One provider.
pub struct Client {
    /// What the council's settings say of it.
    pub provider: Provider,
    registration: Registration,
    issuer: IssuerUrl,
    line: ProviderLine,
    published: Mutex<Option<Arc<Published>>>,
    /// Held by who asks; since when it has not answered.
    asking: Mutex<Option<Instant>>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "the provider {}", self.provider.key)
    }
}

impl Client {
    /// A provider. It is not asked for anything yet.
    ///
    /// # Errors
    /// Where its issuer is no address.
    pub fn new(provider: Provider, registration: Registration) -> Result<Self, IdentityError> {
        let issuer = IssuerUrl::new(provider.issuer.clone()).map_err(untrusted)?;
        Ok(Self {
            provider,
            registration,
            issuer,
            line: ProviderLine::new(),
            published: Mutex::default(),
            asking: Mutex::default(),
        })
    }

    /// What a browser keeps that goes to the provider.
    #[must_use]
    pub fn begin() -> Away {
        Away {
            state: CsrfToken::new_random().into_secret(),
            nonce: Nonce::new_random().secret().clone(),
            verifier: PkceCodeChallenge::new_random_sha256().1.into_secret(),
        }
    }

    /// The address at which one signs in there and is sent back to `back`. `again` is where they are to be asked who they are,
    /// though they are signed in there already (OpenID Connect Core 1.0, section 3.1.2.1).
    ///
    /// # Errors
    /// Where the provider does not answer.
    pub fn address(&self, away: &Away, back: &str, again: bool) -> Result<String, IdentityError> {
        let client = self.registered(&*self.published(CACHED_FOR)?)?.set_redirect_uri(sent_back_to(back)?);
        let verifier = PkceCodeVerifier::new(away.verifier.clone());
        let (state, nonce) = (away.state.clone(), away.nonce.clone());
        let mut request = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("email".to_owned()))
            .add_scopes(self.registration.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        for level in &self.provider.acr {
            request = request.add_auth_context_value(AuthenticationContextClass::new(level.clone()));
        }
        if again {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO);
        }
        Ok(request.url().0.into())
    }

    /// Who signed in, from the code that the provider sent back to `back` with them.
    ///
    /// # Errors
    /// Where the provider does not answer, or its answer is not for this sign-in.
    pub fn identity(&self, code: &str, away: &Away, back: &str) -> Result<Identity, IdentityError> {
        let published = self.published(CACHED_FOR)?;
        let client = self.registered(&published)?.set_redirect_uri(sent_back_to(back)?);
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(untrusted)?
            .set_pkce_verifier(PkceCodeVerifier::new(away.verifier.clone()))
            .request(&|request| self.line.ask(request))
            .map_err(|error| match error {
                RequestTokenError::Request(error) => IdentityError::Unreachable(error.to_string()),
                // What it says beyond the code may name somebody, and goes into no log.
                RequestTokenError::ServerResponse(error) => untrusted(format!("it says {}", error.error().as_ref())),
                RequestTokenError::Parse(..) => untrusted("its answer to the code cannot be read"),
                RequestTokenError::Other(_) => untrusted("its answer to the code is none"),
            })?;
        let token = answer.id_token().ok_or_else(|| untrusted("it sends no ID token"))?;
        let nonce = Nonce::new(away.nonce.clone());
        self.with_keys(&published, |verifier| {
            let claims = token.claims(&verifier, &nonce)?;
            let more = &claims.additional_claims().named;
            Ok(Identity {
                issuer: self.provider.issuer.clone(),
                subject: claims.subject().to_string(),
                email: claims.email().map(|email| email.to_lowercase()),
                email_unchecked: claims.email_verified() == Some(false),
                amr: claims.auth_method_refs().into_iter().flatten().map(|method| method.to_string()).collect(),
                acr: claims.auth_context_ref().map(|level| level.to_string()),
                groups: more.get(&self.registration.groups_claim).and_then(words),
                session: more.get("sid").and_then(Value::as_str).map(str::to_owned),
                asked_at: claims.auth_time(),
            })
        })
    }

    /// Who signed out, from a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6).
    ///
    /// # Errors
    /// Where the token is not the provider's, or says something else.
    pub fn signed_out(&self, token: &str) -> Result<SignedOut, IdentityError> {
        let token: Token = token.parse().map_err(|_| untrusted("it is no token"))?;
        let published = self.published(CACHED_FOR)?;
        let no_nonce = |nonce: Option<&Nonce>| match nonce {
            None => Ok(()),
            Some(_) => Err("a logout token has no nonce".to_owned()),
        };
        let (subject, more) = self.with_keys(&published, |verifier| {
            // It has a type of its own, which older providers leave out; its event and the missing nonce tell it apart too.
            let types = [SIGNED_OUT_TYPE, "application/jwt"].map(|name| JsonWebTokenType::new(name.to_owned()));
            let types = types.into_iter().filter_map(|name| name.normalize().ok());
            let claims = token.claims(&verifier.set_allowed_jose_types(types), no_nonce)?;
            Ok((claims.subject().to_string(), claims.additional_claims().named.clone()))
        })?;
        if more.get("events").and_then(|events| events.get(SIGNED_OUT)).is_none() {
            return Err(untrusted("its event is not that somebody signed out"));
        }
        Ok(SignedOut { subject, session: more.get("sid").and_then(Value::as_str).map(str::to_owned) })
    }

    /// The address at which one signs out there and comes back to `back`, as far as it is known without asking; `None` where the
    /// provider has none.
    #[must_use]
    pub fn sign_out_address(&self, back: &str) -> Option<String> {
        let published = self.cached(Duration::MAX)?;
        let address = published.metadata.additional_metadata().end_session_endpoint.clone()?;
        let request = LogoutRequest::from(address)
            .set_client_id(ClientId::new(self.registration.client_id.clone()))
            .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(back.to_owned()).ok()?);
        Some(request.http_get_url().into())
    }

    fn registered(&self, published: &Published) -> Result<Registered, IdentityError> {
        let Registration { client_id, client_secret, .. } = &self.registration;
        let secret = (!client_secret.is_empty()).then(|| ClientSecret::new(client_secret.clone()));
        let metadata = published.metadata.clone();
        if metadata.token_endpoint().is_none() {
            return Err(untrusted("it names no token endpoint"));
        }
        Ok(openidconnect::Client::from_provider_metadata(metadata, ClientId::new(client_id.clone()), secret))
    }

    /// Reads a token with the keys that are known, and once more with fresh ones where none of them fits: providers change
    /// keys without a word.
    fn with_keys<T>(
        &self, published: &Published,
        read: impl Fn(IdTokenVerifier<'_, CoreJsonWebKey>) -> Result<T, ClaimsVerificationError>,
    ) -> Result<T, IdentityError> {
        match read(verifier(&self.registered(published)?)) {
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                let fresh = self.published(KEYS_AGAIN)?;
                read(verifier(&self.registered(&fresh)?)).map_err(|error| untrusted(in_words(&error)))
            }
            other => other.map_err(|error| untrusted(in_words(&error))),
        }
    }

    /// What the provider publishes, as far as it is known without asking.
    fn cached(&self, age: Duration) -> Option<Arc<Published>> {
        let published = self.published.lock().expect("no panic holds it").clone();
        published.filter(|published| published.asked.elapsed() < age)
    }

    /// What the provider publishes, asked for again where it is older than `age`. One asks at a time, and where it did not answer
    /// nobody asks for some seconds.
    fn published(&self, age: Duration) -> Result<Arc<Published>, IdentityError> {
        if let Some(cached) = self.cached(age) {
            return Ok(cached);
        }
        let mut failed = self.asking.lock().expect("no panic holds it");
        if let Some(cached) = self.cached(age) {
            return Ok(cached);
        }
        if failed.is_some_and(|at| at.elapsed() < FAILED_FOR) {
            return Err(IdentityError::Unreachable("it did not answer just now".to_owned()));
        }
        let asked = self.ask();
        *failed = asked.is_err().then(Instant::now);
        asked
    }

    fn ask(&self) -> Result<Arc<Published>, IdentityError> {
        let metadata =
            ProviderMetadataWithLogout::discover(&self.issuer, &|request| self.line.ask(request)).map_err(|error| {
                match error {
                    DiscoveryError::Request(error) => IdentityError::Unreachable(error.to_string()),
                    _ => untrusted("what it publishes of itself cannot be read"),
                }
            })?;
        if self.provider.issuer.starts_with("https://") && !is_private(&metadata) {
            return Err(untrusted("it would be asked in the clear"));
        }
        let published = Arc::new(Published { asked: Instant::now(), metadata });
        *self.published.lock().expect("no panic holds it") = Some(Arc::clone(&published));
        Ok(published)
    }
}

fn sent_back_to(back: &str) -> Result<RedirectUrl, IdentityError> {
    RedirectUrl::new(back.to_owned()).map_err(untrusted)
}

/// Reads tokens signed with a key of the provider; what a shared secret signs is nobody's in particular.
fn verifier(client: &Registered) -> IdTokenVerifier<'_, CoreJsonWebKey> {
    use CoreJwsSigningAlgorithm as Algorithm;
    client.id_token_verifier().set_allowed_algs([
        Algorithm::RsaSsaPkcs1V15Sha256,
        Algorithm::RsaSsaPssSha256,
        Algorithm::EcdsaP256Sha256,
        Algorithm::EcdsaP384Sha384,
        Algorithm::EdDsa,
    ])
}

/// Whether all that is sent to a provider is encrypted.
fn is_private(metadata: &ProviderMetadataWithLogout) -> bool {
    let token = metadata.token_endpoint().map(|address| address.url());
    let all = [Some(metadata.authorization_endpoint().url()), token, Some(metadata.jwks_uri().url())];
    all.into_iter().flatten().all(|address| address.scheme() == "https")
}

/// Why a token is not believed. What stands in it may name somebody, and goes into no log.
fn in_words(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "its token is not of this time",
        ClaimsVerificationError::InvalidAudience(_) => "its token is for somebody else",
        ClaimsVerificationError::InvalidIssuer(_) => "its token is another provider's",
        ClaimsVerificationError::InvalidNonce(_) => "its token is not for this sign-in",
        ClaimsVerificationError::SignatureVerification(_) => "its token is not signed with a key of its own",
        _ => "its token cannot be used",
    }
}

/// A list of words, or one word.
fn words(claim: &Value) -> Option<Vec<String>> {
    match claim {
        Value::Array(many) => Some(many.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        Value::String(one) => Some(vec![one.clone()]),
        _ => None,
    }
}

fn untrusted(why: impl Display) -> IdentityError {
    IdentityError::Untrusted(why.to_string())
}
