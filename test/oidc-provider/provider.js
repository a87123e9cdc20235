// A provider of OpenID Connect on loopback. It prints its issuer, reads from standard input a line of JSON with the clients that
// it shall know ([{"client_id", "client_secret", "redirect_uris", …}]), prints "ready", and ends with its input.
// Whoever signs in is whom they say, with any password; people whose name begins with "admin" are in the group "platform".
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Provider } from "oidc-provider";

const lines = createInterface({ input: process.stdin });
lines.on("close", () => process.exit(0));

let handle = (request, response) => response.writeHead(503).end();
const server = createServer((request, response) => handle(request, response));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
console.log(issuer);

lines.once("line", (line) => {
  const provider = new Provider(issuer, {
    clients: JSON.parse(line),
    jwks: { keys: [key("rsa", { modulusLength: 2048 }, "RS256"), key("ec", { namedCurve: "P-256" }, "ES256")] },
    cookies: { keys: ["only for tests"] },
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
    enabledJWA: { idTokenSigningAlgValues: ["RS256", "ES256"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => claims(id) }),
  });
  provider.use(async (context, next) => {
    await next();
    // Its pages want a font from elsewhere, and nothing is fetched from elsewhere in tests.
    if (typeof context.body === "string") context.body = context.body.replaceAll(/@import url\([^)]*\);?/g, "");
  });
  provider.on("server_error", (_, error) => console.error(error));
  handle = provider.callback();
  console.log("ready");
});

function key(kind, options, alg) {
  const { privateKey } = generateKeyPairSync(kind, options);
  return { ...privateKey.export({ format: "jwk" }), kid: `test-${alg}`, alg, use: "sig" };
}

function claims(id) {
  return { sub: id, name: `${id} of the tests`, email: `${id}@example.com`, email_verified: true, groups: id.startsWith("admin") ? ["staff", "platform"] : ["staff"] };
}
