// An identity provider of a council: a certified one, that signs in whoever the test says sits at the browser.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const SCOPES = ["openid", "email"];

/// Starts a provider for one Caseround at `url`. `person` is who signs in next: subject, email, and what else tokens say.
export async function startProvider(url) {
  const http = createServer();
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${http.address().port}`;
  const known = new Map();
  const desk = { issuer, person: null };
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "caseround",
      client_secret: "a secret of the council and its provider",
      redirect_uris: [`${url}/sign-in/back/council`],
      post_logout_redirect_uris: [`${url}/sign-in`],
      backchannel_logout_uri: `${url}/sign-in/ended/council`,
      backchannel_logout_session_required: true,
    }],
    cookies: { keys: ["only for tests"] },
    claims: { openid: ["sub", "sid", "groups", "amr"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    // It asks no machine of its own house by itself; here everything is on one.
    fetch: (address, { dispatcher, ...options }) => fetch(address, options),
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...known.get(id) }) }),
  });
  const answer = provider.callback();
  http.on("request", async (request, response) => {
    if (!request.url.startsWith("/interaction/")) return answer(request, response);
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (desk.person === null) {
      return provider.interactionFinished(request, response, { error: "access_denied" }, { mergeWithLastSubmission: false });
    }
    const { sub, ...claims } = desk.person;
    known.set(sub, claims);
    if (prompt.name === "login") {
      return provider.interactionFinished(request, response, { login: { accountId: sub, amr: claims.amr } });
    }
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(SCOPES.join(" "));
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  });
  return Object.assign(desk, { stop: () => new Promise((resolve) => { http.closeAllConnections(); http.close(resolve); }) });
}
